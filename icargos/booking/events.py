"""Facts about sheets, prints, documents, load sheets and pickups. Their kinds are also the webhooks' names."""

from typing import ClassVar

from icargos.ground.facts import Event


class DocumentAttached(Event, frozen=True, kw_only=True):
    """A document was attached to a parcel; ``sha256`` is of the file as sent, ``subject_id`` the consignment."""

    kind: ClassVar[str] = "document.attached"

    document_id: int
    what: str
    sha256: str


class DocumentRemoved(Event, frozen=True, kw_only=True):
    """A document was taken off a parcel and deleted; ``subject_id`` is the consignment."""

    kind: ClassVar[str] = "document.removed"

    document_id: int
    what: str


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


class LoadSheetChanged(Event, frozen=True, kw_only=True):
    """Parcels were put on an open load sheet, or taken off it; ``subject_id`` is the sheet."""

    kind: ClassVar[str] = "load_sheet.changed"

    number: str
    added: int = 0
    removed: int = 0


class LoadSheetClosed(Event, frozen=True, kw_only=True):
    """A load sheet is final: what its shipper hands over. Weight in grams, COD in paisa."""

    kind: ClassVar[str] = "load_sheet.closed"

    number: str
    parcels: int
    pieces: int
    weight_g: int
    cod_paisa: int


class LoadSheetEnded(Event, frozen=True, kw_only=True):
    """A load sheet will not be handed over: discarded while it was open, or withdrawn after it was closed."""

    kind: ClassVar[str] = "load_sheet.ended"

    number: str
    state: str


class PickupAsked(Event, frozen=True, kw_only=True):
    """A pickup was asked for, or joined to one that was (``merged``); ``subject_id`` is the request."""

    kind: ClassVar[str] = "pickup.asked"

    number: str
    profile_id: int
    day: str
    slot: str
    expected_parcels: int
    merged: bool = False


class PickupCancelled(Event, frozen=True, kw_only=True):
    """The shipper does not want the pickup any more."""

    kind: ClassVar[str] = "pickup.cancelled"

    number: str


class PickupScheduled(Event, frozen=True, kw_only=True):
    """A weekly pickup was set up or changed; ``subject_id`` is the schedule. Weekdays from 0, Monday."""

    kind: ClassVar[str] = "pickup.scheduled"

    profile_id: int
    slot: str
    weekdays: tuple[int, ...]


class PickupScheduleStopped(Event, frozen=True, kw_only=True):
    """A weekly pickup ended."""

    kind: ClassVar[str] = "pickup.schedule_stopped"


class PickupAssigned(Event, frozen=True, kw_only=True):
    """A pickup was put on a rider's run sheet, or taken off it again (``run_id`` 0)."""

    kind: ClassVar[str] = "pickup.assigned"

    number: str
    run_id: int


class PickupRunLeft(Event, frozen=True, kw_only=True):
    """A rider left for pickups; ``subject_id`` is the run sheet."""

    kind: ClassVar[str] = "pickup_run.left"

    number: str
    rider_id: int
    visits: int


class PickupStarted(Event, frozen=True, kw_only=True):
    """The rider is on the way; ``parcels`` are ready for him."""

    kind: ClassVar[str] = "pickup.started"

    number: str
    parcels: int


class ParcelsCollected(Event, frozen=True, kw_only=True):
    """A rider scanned parcels at the shipper's door; ``subject_id`` is the request."""

    kind: ClassVar[str] = "pickup.scanned"

    number: str
    parcels: int


class PickupCollected(Event, frozen=True, kw_only=True):
    """A pickup is done: parcels taken, and those that were ready and stayed."""

    kind: ClassVar[str] = "pickup.collected"

    number: str
    parcels: int
    left: int


class PickupFailed(Event, frozen=True, kw_only=True):
    """A pickup failed; ``again_id`` is the request the courier made for its own next visit, or 0."""

    kind: ClassVar[str] = "pickup.failed"

    number: str
    reason: str
    again_id: int = 0
