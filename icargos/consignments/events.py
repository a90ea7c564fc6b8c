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


class ConsignmentHandedOver(Event, frozen=True, kw_only=True):
    """Somebody else holds the parcel, whose status stays; ``subject_id`` is the consignment."""

    kind: ClassVar[str] = "consignment.handed_over"

    cn: str
    custody: str


class ConsignmentAmended(Event, frozen=True, kw_only=True):
    """What was booked changed; the values are in the revisions, ``cod_paisa`` is the new COD if that changed."""

    kind: ClassVar[str] = "consignment.amended"

    cn: str
    fields: tuple[str, ...]
    cod_paisa: int | None = None


class NoteAdded(Event, frozen=True, kw_only=True):
    """A shipper's person kept a note at a parcel; ``subject_id`` is the consignment."""

    kind: ClassVar[str] = "note.added"

    note_id: int


class NoteRemoved(Event, frozen=True, kw_only=True):
    """A note was deleted by who wrote it; ``subject_id`` is the consignment."""

    kind: ClassVar[str] = "note.removed"

    note_id: int


class LabelsPrinted(Event, frozen=True, kw_only=True):
    """A label was printed, the ``times``-th time, in the format ``form``; ``subject_id`` is the consignment."""

    kind: ClassVar[str] = "label.printed"

    cn: str
    times: int
    form: str


class CodChanged(Event, frozen=True, kw_only=True):
    """A parcel's cash on delivery was collected, deposited, paid, taken back; ``subject_id`` is the consignment."""

    kind: ClassVar[str] = "cod.changed"

    cn: str
    was: str
    becomes: str
    cod_paisa: int


class ParcelsTagged(Event, frozen=True, kw_only=True):
    """``parcels`` consignments were given a tag of the shipper's, or lost it; ``subject_id`` is the tag."""

    kind: ClassVar[str] = "parcels.tagged"

    parcels: int
    removed: bool = False


class ParcelsExported(Event, frozen=True, kw_only=True):
    """Somebody took a list of parcels out as a file, ``parcels`` of them; ``subject_id`` is the person."""

    kind: ClassVar[str] = "parcels.exported"

    format: str
    parcels: int
    consignees: bool
