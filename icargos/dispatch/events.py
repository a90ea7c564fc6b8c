"""Facts of dispatch. Their kinds are also the webhooks' names."""

from typing import ClassVar

from icargos.ground.facts import Event


class ProofsAsked(Event, frozen=True, kw_only=True):
    """Somebody asked for the proofs of ``parcels`` parcels in one file; ``subject_id`` is the zip."""

    kind: ClassVar[str] = "proofs.asked"

    parcels: int


class ParcelReceived(Event, frozen=True, kw_only=True):
    """A station scanned a parcel in; ``subject_id`` is the consignment, the weight its scale's, in grams."""

    kind: ClassVar[str] = "parcel.received"

    cn: str
    station: str
    weight_g: int | None = None


class RunOpened(Event, frozen=True, kw_only=True):
    """A run sheet was begun; ``subject_id`` is the run."""

    kind: ClassVar[str] = "run.opened"

    number: str
    rider_id: int


class RunLoaded(Event, frozen=True, kw_only=True):
    """Parcels were put on an open run sheet, or taken off it."""

    kind: ClassVar[str] = "run.loaded"

    number: str
    added: int = 0
    removed: int = 0


class RunPrinted(Event, frozen=True, kw_only=True):
    """A run sheet was printed, with the phone and the address of each of its parcels; ``subject_id`` is the run."""

    kind: ClassVar[str] = "run.printed"

    number: str
    parcels: int


class RunDispatched(Event, frozen=True, kw_only=True):
    """A rider left with a run sheet; COD to collect in paisa."""

    kind: ClassVar[str] = "run.dispatched"

    number: str
    rider_id: int
    stops: int
    cod_paisa: int


class RunHandedBack(Event, frozen=True, kw_only=True):
    """Parcels of a run came back to the station."""

    kind: ClassVar[str] = "run.handed_back"

    number: str
    parcels: int


class RunClosed(Event, frozen=True, kw_only=True):
    """A run was closed; ``awaited`` stops have no outcome yet and their parcels were not scanned back."""

    kind: ClassVar[str] = "run.closed"

    number: str
    rider_id: int
    delivered: int
    handed_back: int
    awaited: int


class ProofTaken(Event, frozen=True, kw_only=True):
    """A delivery was proven; ``subject_id`` is the consignment, ``sha256`` anchors the proof in the trail."""

    kind: ClassVar[str] = "proof.taken"

    cn: str
    cod_paisa: int
    method: str
    sha256: str


class AttemptFailed(Event, frozen=True, kw_only=True):
    """A visit failed; ``subject_id`` is the consignment."""

    kind: ClassVar[str] = "attempt.failed"

    cn: str
    attempt_id: int
    n: int
    reason: str
    counted: bool


class AdviceSubmitted(Event, frozen=True, kw_only=True):
    """A shipper answered a failed attempt; ``subject_id`` is the consignment."""

    kind: ClassVar[str] = "advice.submitted"

    cn: str
    advice_id: int
    action: str
    on_date: str = ""


class AdviceAnswered(Event, frozen=True, kw_only=True):
    """The desk accepted, rejected or overrode an advice; ``action`` is what happens now."""

    kind: ClassVar[str] = "advice.answered"

    cn: str
    advice_id: int
    decision: str
    action: str


class ConflictOpened(Event, frozen=True, kw_only=True):
    """A rider's report contradicts the scans; its COD, in paisa, is held."""

    kind: ClassVar[str] = "conflict.opened"

    cn: str
    conflict_id: int
    cod_paisa: int


class ConflictSettled(Event, frozen=True, kw_only=True):
    """The desk decided a conflict: applied or dismissed."""

    kind: ClassVar[str] = "conflict.settled"

    cn: str
    conflict_id: int
    decision: str


class ManifestOpened(Event, frozen=True, kw_only=True):
    """A manifest was begun; ``subject_id`` is the manifest, the stations are named by their codes."""

    kind: ClassVar[str] = "manifest.opened"

    number: str
    origin: str
    destination: str


class ManifestLoaded(Event, frozen=True, kw_only=True):
    """Parcels were put on an open manifest, or taken off it."""

    kind: ClassVar[str] = "manifest.loaded"

    number: str
    added: int = 0
    removed: int = 0


class ManifestDescribed(Event, frozen=True, kw_only=True):
    """Vehicle, seal, bags or the expected arrival of an open manifest were written down."""

    kind: ClassVar[str] = "manifest.described"

    number: str
    bags: int


class ManifestDiscarded(Event, frozen=True, kw_only=True):
    """An open manifest was thrown away; its parcels, if there were any, are free."""

    kind: ClassVar[str] = "manifest.discarded"

    number: str


class ManifestDeparted(Event, frozen=True, kw_only=True):
    """A vehicle left with a manifest; weight in grams."""

    kind: ClassVar[str] = "manifest.departed"

    number: str
    parcels: int
    pieces: int
    weight_g: int


class ManifestChecked(Event, frozen=True, kw_only=True):
    """Parcels of a manifest were found at its check-in, listed or not."""

    kind: ClassVar[str] = "manifest.checked"

    number: str
    found: int


class ManifestArrived(Event, frozen=True, kw_only=True):
    """The check-in of a manifest was finished. With a shipper it counts that shipper's parcels alone."""

    kind: ClassVar[str] = "manifest.arrived"

    number: str
    received: int
    short: int
    excess: int
    misrouted: int
