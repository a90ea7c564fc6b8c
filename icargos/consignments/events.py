"""Facts about parcels. Their kinds are also the webhooks' names."""

from typing import ClassVar

from icargos.ground.facts import Event


class ConsignmentBooked(Event, frozen=True, kw_only=True):
    """A parcel was booked; ``subject_id`` is the consignment."""

    kind: ClassVar[str] = "consignment.booked"

    cn: str
    service: str
    cod_paisa: int
    import_id: int | None = None


class ConsignmentMoved(Event, frozen=True, kw_only=True):
    """A parcel's status changed; ``subject_id`` is the consignment."""

    kind: ClassVar[str] = "consignment.moved"

    cn: str
    was: str
    becomes: str
    reason: str = ""
    corrected: bool = False


class LabelsPrinted(Event, frozen=True, kw_only=True):
    """A label was printed, the ``times``-th time; ``subject_id`` is the consignment."""

    kind: ClassVar[str] = "label.printed"

    cn: str
    times: int
