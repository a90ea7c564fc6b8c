"""What a rider says happened at a stop, and what becomes of it when it comes late."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

import msgspec

from icargos.consignments.rules import Custody, Status, may_move
from icargos.dispatch.rules.proof import Call, File


class StopState(StrEnum):
    """Where a stop of a run sheet stands."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"
    NOT_ATTEMPTED = "not_attempted"
    HANDED_BACK = "handed_back"


# A parcel is on one sheet at a time: until it is delivered or scanned back at the station.
LIVE = frozenset({StopState.PENDING, StopState.FAILED, StopState.NOT_ATTEMPTED})


class RunState(StrEnum):
    """Where a run sheet stands."""

    OPEN = "open"
    DISPATCHED = "dispatched"
    CLOSED = "closed"


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What a phone reports of one stop. ``device_at`` is its clock at the door, ``sent_at`` its clock at sending.

    ``source_event_id`` is made by the phone, 8 to 48 letters, digits or dashes; the same one again changes nothing.
    """

    stop_id: int
    source_event_id: str
    device_at: datetime
    sent_at: datetime | None = None
    lat: float | None = None
    lng: float | None = None
    accuracy_m: float | None = None
    device: str = ""
    offline: bool = False
    note: str = ""


class Delivery(Outcome, frozen=True, kw_only=True):
    """A parcel handed over. ``collected_paisa`` must be the COD; ``method`` is cash or raast.

    ``papers`` are photos of signed papers, by their codes of ``consignments.rules.papers``.
    """

    receiver: str
    relation: str
    collected_paisa: int
    method: str = "cash"
    signature: File | None = None
    photos: tuple[File, ...] = ()
    papers: Mapping[str, File] = {}
    no_code_reason: str = ""


class Failure(Outcome, frozen=True, kw_only=True):
    """A visit that failed, with its reason's proof. ``later_date`` is the day the consignee asked for (FDR)."""

    reason: str
    photos: tuple[File, ...] = ()
    calls: tuple[Call, ...] = ()
    scanned: bool = False
    later_date: date | None = None


class NotAttempted(Outcome, frozen=True, kw_only=True):
    """A stop the rider could not come to: VB (vehicle, time) or WX (weather, strike). It is no attempt."""

    reason: str = "VB"


NOT_ATTEMPTED_FOR = ("VB", "WX")


class Fate(StrEnum):
    """What becomes of a report."""

    APPLY = "apply"  # the stop was waiting for it
    AGAIN = "again"  # a second visit on the same run: out again, then the outcome
    AT_STATION = "at_station"  # a late failure of a parcel that was scanned back without one
    KEEP = "keep"  # kept in the history, moves nothing
    CONFLICT = "conflict"  # the desk must look; its COD is held
    REPEATED = "repeated"  # the stop has this very outcome already


def _second_visit(stop: StopState, status: Status, custody: Custody) -> bool:
    """The rider still holds a parcel that failed, and went again."""
    held = stop in (StopState.FAILED, StopState.NOT_ATTEMPTED) and custody is Custody.RIDER
    return held and may_move(status, Status.OUT_FOR_DELIVERY)


def fate_of_delivery(stop: StopState, status: Status, custody: Custody) -> Fate:
    """A rider's "delivered" for a stop on his own run always applies, whether the run is closed or not.

    Where the parcel has meanwhile been seen elsewhere, both cannot be true: a conflict for the desk, never silence.
    """
    if stop is StopState.PENDING and status is Status.OUT_FOR_DELIVERY:
        return Fate.APPLY
    if _second_visit(stop, status, custody):
        return Fate.AGAIN
    return Fate.REPEATED if stop is StopState.DELIVERED else Fate.CONFLICT


def fate_of_failure(
    stop: StopState, status: Status, custody: Custody, *, outcome: StopState | None, newer: bool, moved_on: bool
) -> Fate:
    """A rider's "failed". ``outcome`` is what the stop had before a hand-back scan, ``newer`` whether this visit was
    later than the outcome the stop already has, ``moved_on`` whether the parcel has been on another run since.
    """
    if stop is StopState.PENDING and status is Status.OUT_FOR_DELIVERY:
        return Fate.APPLY
    if _second_visit(stop, status, custody):
        return Fate.AGAIN if newer else Fate.KEEP
    if stop is StopState.HANDED_BACK and outcome is StopState.FAILED:
        return Fate.KEEP
    if stop is StopState.HANDED_BACK and not moved_on and status is Status.RECEIVED_AT_DESTINATION:
        return Fate.AT_STATION
    if stop in (StopState.DELIVERED, StopState.FAILED) and not newer:
        return Fate.KEEP
    return Fate.CONFLICT


def fate_of_not_attempted(stop: StopState, status: Status) -> Fate:
    """A rider's "could not come" claims nothing: it applies to a stop that waits, else it is history."""
    waits = stop is StopState.PENDING and status is Status.OUT_FOR_DELIVERY
    return Fate.APPLY if waits else Fate.KEEP
