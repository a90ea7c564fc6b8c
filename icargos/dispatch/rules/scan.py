"""What a scan at a station means: a pure decision from the parcel's status and where it is going.

Stations are named by their codes. A decision either moves the parcel, finds that the scan says nothing new, or refuses
with a sentence that tells the person at the belt what to do with the parcel in their hand.
"""

from datetime import date

import msgspec

from icargos.consignments.rules import Custody, Status
from icargos.kit.texts import gettext_noop as _

S = Status
_BEFORE = frozenset({S.NEW_BOOKED, S.READY_FOR_PICKUP, S.PICKUP_IN_PROGRESS, S.PICKED_UP})
_SHELVED = frozenset({S.SHIPPER_ADVICE_PENDING, S.REATTEMPT_REQUESTED, S.ON_HOLD, S.HOLD_SELF_COLLECTION})

ELSEWHERE_FIRST = _("%(cn)s starts at %(origin)s, not here at %(here)s. Put it aside for %(origin)s.")
ELSEWHERE = _("%(cn)s goes to %(destination)s, not to %(here)s. Send it on.")
ELSEWHERE_BACK = _("%(cn)s goes back to %(origin)s, not to %(here)s. Send it on.")
ELSEWHERE_HELD = _("%(cn)s is %(status)s at another station. Put it aside and call them.")
ON_A_RUN = _("%(cn)s is with a rider. Scan it back on the rider's run sheet.")
CALLED_OFF = _("%(cn)s was cancelled by the shipper. Do not bag it: put it on the shelf for the next pickup.")
AT_ITS_END = _("%(cn)s is %(status)s. Nothing is left to do with it: put it aside and call the desk.")
SAME_CITY = _("%(cn)s stays in this city. Put it on a delivery run sheet.")
NOT_YET_HERE = _("%(cn)s is %(status)s. Scan its arrival first.")
WAITS_FOR_ADVICE = _("%(cn)s waits for the shipper's advice. Answer or override it first.")
IS_HELD = _("%(cn)s is held as the shipper asked. Override the advice first.")
NOT_TO_SEND = _("%(cn)s is %(status)s. It cannot be sent from here.")


class Decision(msgspec.Struct, frozen=True):
    """What to do: move the parcel ``to``, or nothing new (``again``), or refuse with a ``refusal`` template."""

    to: Status | None = None
    again: bool = False
    refusal: str = ""


AGAIN = Decision(again=True)


def _no(refusal: str) -> Decision:
    return Decision(refusal=refusal)


def arrival(status: Status, custody: Custody, *, here: str, origin: str, destination: str) -> Decision:
    """What the arrival scan at station ``here`` does to a parcel from ``origin`` to ``destination``.

    The first scan is the origin station's, and the destination's later one is an arrival there. A parcel that goes
    elsewhere is refused and stays as it was. What was lost is found by a scan.
    """
    if status in _BEFORE:
        return Decision(S.RECEIVED_AT_OFFICE) if here == origin else _no(ELSEWHERE_FIRST)
    if status in (S.RECEIVED_AT_OFFICE, S.IN_TRANSIT, S.MISROUTED, S.LOST):
        if status is S.RECEIVED_AT_OFFICE and here == origin:
            return AGAIN
        if here == destination:
            return Decision(S.RECEIVED_AT_DESTINATION)
        if here == origin and status is not S.IN_TRANSIT:
            return Decision(S.RECEIVED_AT_OFFICE)
        return _no(ELSEWHERE)
    if status is S.RECEIVED_AT_DESTINATION or status in _SHELVED:
        at_origin = status is S.ON_HOLD and here == origin
        return AGAIN if here == destination or at_origin else _no(ELSEWHERE_HELD)
    if status is S.OUT_FOR_DELIVERY or (status is S.DELIVERY_UNSUCCESSFUL and custody is Custody.RIDER):
        return _no(ON_A_RUN)
    if status is S.DELIVERY_UNSUCCESSFUL:
        return AGAIN if here == destination else _no(ELSEWHERE_HELD)
    if status in (S.RETURN_CONFIRMED, S.RETURN_IN_TRANSIT):
        if here == origin:
            return Decision(S.RETURN_RECEIVED_AT_ORIGIN)
        return AGAIN if status is S.RETURN_CONFIRMED and here == destination else _no(ELSEWHERE_BACK)
    if status is S.RETURN_RECEIVED_AT_ORIGIN:
        return AGAIN if here == origin else _no(ELSEWHERE_BACK)
    return _no(CALLED_OFF if status in (S.CANCELLED, S.EXPIRED) else AT_ITS_END)


def departure(status: Status, *, here: str, origin: str, destination: str) -> Decision:
    """What sending a parcel on from station ``here`` does: towards its destination, or back to its origin."""
    if status is S.RECEIVED_AT_OFFICE:
        if here != origin:
            return _no(ELSEWHERE_HELD)
        return _no(SAME_CITY) if origin == destination else Decision(S.IN_TRANSIT)
    if status is S.IN_TRANSIT:
        if here == destination:
            return _no(NOT_YET_HERE)
        return AGAIN if here == origin else Decision(S.IN_TRANSIT)
    if status is S.MISROUTED or (status is S.ON_HOLD and here == origin != destination):
        return Decision(S.IN_TRANSIT)
    if status is S.RETURN_CONFIRMED and here == destination != origin:
        return Decision(S.RETURN_IN_TRANSIT)
    if status is S.RETURN_IN_TRANSIT and here != origin:
        return AGAIN if here == destination else Decision(S.RETURN_IN_TRANSIT)
    if status in _BEFORE:
        return _no(NOT_YET_HERE)
    return _no(CALLED_OFF if status in (S.CANCELLED, S.EXPIRED) else NOT_TO_SEND)


def loading(status: Status, custody: Custody, *, here: str, origin: str, destination: str) -> Decision:
    """Whether a parcel may go on a delivery run sheet of station ``here``; ``to`` says what it becomes with the run.

    A failed parcel goes again only after it was scanned back at the station, one that waits for advice or is held as
    the shipper asked only after somebody decided otherwise.
    """
    if status in (S.CANCELLED, S.EXPIRED):
        return _no(CALLED_OFF)
    if custody is Custody.RIDER and status is not S.PICKED_UP:
        return _no(ON_A_RUN)
    if status in (S.IN_TRANSIT, S.MISROUTED) or status in _BEFORE:
        return _no(NOT_YET_HERE if here == destination else ELSEWHERE)
    if status is S.RECEIVED_AT_OFFICE and origin == destination == here:
        return Decision(S.OUT_FOR_DELIVERY)
    if here != destination:
        return _no(ELSEWHERE)
    if status in (S.RECEIVED_AT_DESTINATION, S.REATTEMPT_REQUESTED, S.DELIVERY_UNSUCCESSFUL):
        return Decision(S.OUT_FOR_DELIVERY)
    if status is S.SHIPPER_ADVICE_PENDING:
        return _no(WAITS_FOR_ADVICE)
    if status in (S.ON_HOLD, S.HOLD_SELF_COLLECTION):
        return _no(IS_HELD)
    return _no(NOT_YET_HERE if status is S.RECEIVED_AT_OFFICE else AT_ITS_END)


def weight_differs(booked_g: int, scale_g: int) -> bool:
    """Whether the station's scale says more than the booking allows: over max(50 g, 5 %) above it."""
    return scale_g - booked_g > max(50, booked_g * 5 // 100)


def run_number(day: date, n: int) -> str:
    """The number of the day's n-th delivery run sheet, e.g. DRS-261123-0007."""
    return f"DRS-{day:%y%m%d}-{n:04d}"
