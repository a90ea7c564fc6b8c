"""Facts about sheets and prints."""

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


class ImportFixed(Event, frozen=True, kw_only=True):
    """Somebody changed cells of a sheet in the page, or took such a change back."""

    kind: ClassVar[str] = "import.fixed"

    cells: int
    undone: bool


class ImportUndoAsked(Event, frozen=True, kw_only=True):
    """Somebody asked to cancel the parcels of an import."""

    kind: ClassVar[str] = "import.undo_asked"


class ImportUndone(Event, frozen=True, kw_only=True):
    """The parcels of an import are cancelled; those that had been scanned stayed."""

    kind: ClassVar[str] = "import.undone"

    undone: int
    stayed: int


class PrintAsked(Event, frozen=True, kw_only=True):
    """So many labels were asked for that the worker makes them; ``subject_id`` is the print."""

    kind: ClassVar[str] = "print.asked"


class LabelsSet(Event, frozen=True, kw_only=True):
    """Somebody changed how the shipper's labels look; ``subject_id`` is the settings' row."""

    kind: ClassVar[str] = "labels.set"

    fields: tuple[str, ...]
