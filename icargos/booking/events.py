"""Facts about sheets."""

from typing import ClassVar

from icargos.ground.facts import Event


class ImportUploaded(Event, frozen=True, kw_only=True):
    """A sheet waits to be checked; ``subject_id`` is the import."""

    kind: ClassVar[str] = "import.uploaded"


class ImportChecked(Event, frozen=True, kw_only=True):
    """A sheet was checked, or refused as a whole."""

    kind: ClassVar[str] = "import.checked"

    ready: int
    wrong: int


class ImportAccepted(Event, frozen=True, kw_only=True):
    """Somebody asked to book the ready rows of a sheet."""

    kind: ClassVar[str] = "import.accepted"


class ImportBooked(Event, frozen=True, kw_only=True):
    """The ready rows of a sheet are booked."""

    kind: ClassVar[str] = "import.booked"

    booked: int
