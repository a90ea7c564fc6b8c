"""Manifests: what may travel on one, what must be known before it leaves, what a scan at its check-in means."""

from datetime import date, datetime, timedelta
from enum import StrEnum

import msgspec

from icargos.consignments.rules import Status
from icargos.dispatch.rules.scan import Decision, departure
from icargos.kit.errors import FieldProblem
from icargos.kit.texts import gettext_noop as _

S = Status
MOST_PARCELS = 2000
MOST_BAGS = 500
LONGEST_WAY = timedelta(days=14)
_LONGEST = {"vehicle": 20, "driver": 80, "route": 120, "seal": 40}

GOES_ELSEWHERE = _("%(cn)s goes to %(destination)s. Put it on a manifest for %(destination)s.")
GOES_BACK = _("%(cn)s goes back to %(origin)s. Put it on a manifest for %(origin)s.")
STAYS_HERE = _("%(cn)s stays at this station. Put it on a delivery run sheet.")
ON_ANOTHER = _("%(cn)s is already on %(number)s. Take it off there first.")
ON_THE_WAY = _("%(cn)s travels on %(number)s, which has left and is not checked in yet.")
NOT_LISTED = _("It is not on the manifest, but it belongs here: keep it.")
AT_WRONG_STATION = _("It goes to %(ends)s. Send it on from here.")


class ManifestState(StrEnum):
    """Open while it is loaded, departed while it travels and is checked in, arrived when the check-in is finished.

    One that was opened by mistake is discarded instead, and nobody sees it any more.
    """

    OPEN = "open"
    DEPARTED = "departed"
    ARRIVED = "arrived"
    DISCARDED = "discarded"


class ItemState(StrEnum):
    """Listed until the check-in; then received, or short of. Excess and misrouted ones were found and not listed."""

    LISTED = "listed"
    RECEIVED = "received"
    SHORT = "short"
    EXCESS = "excess"
    MISROUTED = "misrouted"


class Details(msgspec.Struct, frozen=True, kw_only=True):
    """Whose wheels, what closes the bags, and when it should be there; ``driver`` and ``route`` are free text."""

    vehicle: str = ""
    driver: str = ""
    route: str = ""
    seal: str = ""
    bags: int = 0
    expected_at: datetime | None = None


class Found(msgspec.Struct, frozen=True):
    """What a scan at the check-in says: the parcel's new status or None, and how it stands on the manifest.

    Without a state the scan says nothing: ``again``, or what the arrival scan refuses.
    """

    to: Status | None = None
    state: ItemState | None = None
    again: bool = False


def manifest_number(month: date, n: int) -> str:
    """The number of the month's n-th manifest, e.g. MF-2611-00042."""
    return f"MF-{month:%y%m}-{n:05d}"


def read_number(text: str) -> str:
    """The number of a manifest as it was typed or scanned; what is no number stays one that nobody has."""
    return text.replace("\0", "").strip().upper()[:16]


def plate(text: str) -> str:
    """A number plate as it is kept: capitals, single spaces."""
    return " ".join(text.upper().split())


def goes_back(status: Status) -> bool:
    """Whether the parcel travels to where it came from."""
    return status in (S.RETURN_CONFIRMED, S.RETURN_IN_TRANSIT)


def boarding(status: Status, *, here: str, there: str, origin: str, destination: str) -> Decision:
    """What happens to a parcel when a manifest from ``here`` to ``there`` leaves with it.

    What may be sent from here goes on it, also what was sent already and is still lying here, if ``there`` is where
    its way ends: the destination's station, or the origin's for a return.
    """
    decision = departure(status, here=here, origin=origin, destination=destination)
    if decision.refusal:
        return decision
    ends = origin if goes_back(status) else destination
    if ends == here:
        return Decision(refusal=STAYS_HERE)
    if ends != there:
        return Decision(refusal=GOES_BACK if goes_back(status) else GOES_ELSEWHERE)
    return Decision(S.RETURN_IN_TRANSIT if goes_back(status) else S.IN_TRANSIT)


def found(status: Status, arrived: Decision, *, listed: bool) -> Found:
    """What a scan at the manifest's destination means; ``arrived`` is what the arrival scan would do.

    A listed parcel is there, whatever became of it on the way. Any other one that arrives here by right is in excess,
    one that goes elsewhere is misrouted.
    """
    if listed:
        return Found(arrived.to, ItemState.RECEIVED)
    if arrived.to is not None:
        return Found(arrived.to, ItemState.EXCESS)
    if arrived.again:
        return Found(again=True)
    if status in (S.RECEIVED_AT_OFFICE, S.IN_TRANSIT):
        return Found(S.MISROUTED, ItemState.MISROUTED)
    # A returning parcel keeps its status at a wrong station, and one that was misrouted before stays so.
    return Found(None, ItemState.MISROUTED) if status in (S.MISROUTED, S.RETURN_IN_TRANSIT) else Found()


def faults(details: Details, *, now: datetime, leaving: bool = False) -> list[FieldProblem]:
    """What is wrong with the details; ``leaving`` asks also for what must be known before the vehicle leaves."""
    wrong = [
        FieldProblem(name, "RANGE", _("This is too long."))
        for name, most in _LONGEST.items()
        if len(getattr(details, name)) > most
    ]
    if not 0 <= details.bags <= MOST_BAGS:
        wrong.append(FieldProblem("bags", "RANGE", _("There are 1 to 500 bags.")))
    if details.expected_at is not None and not now < details.expected_at <= now + LONGEST_WAY:
        wrong.append(FieldProblem("expected_at", "RANGE", _("It arrives after it leaves, within 14 days.")))
    if leaving and not details.vehicle:
        wrong.append(FieldProblem("vehicle", "REQUIRED", _("Write the vehicle's number plate.")))
    if leaving and details.bags == 0:
        wrong.append(FieldProblem("bags", "REQUIRED", _("Count the bags.")))
    if leaving and details.expected_at is None:
        wrong.append(FieldProblem("expected_at", "REQUIRED", _("Say when it should arrive.")))
    return wrong
