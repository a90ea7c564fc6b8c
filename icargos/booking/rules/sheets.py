"""Load sheets: which parcels may go on one, and how sheets are numbered."""

from datetime import date
from enum import StrEnum

from icargos.consignments.rules import SHIPPER_MAY, Can, Status
from icargos.kit.texts import gettext_noop as _

MOST_PARCELS = 5000
S = Status
# The parcel is still with its shipper, and will be handed over.
WITH_SHIPPER = frozenset({S.NEW_BOOKED, S.READY_FOR_PICKUP, S.PICKUP_IN_PROGRESS})
CALLED_OFF = frozenset({S.CANCELLED, S.EXPIRED})

UNKNOWN = _("There is no consignment %(cn)s here. Check the number.")
CANCELLED = _("%(cn)s is cancelled. Do not hand it over.")
ON_ITS_WAY = _("%(cn)s is waiting for the rider who is on the way. It needs no other sheet.")
GONE = _("%(cn)s is %(status)s: it was handed over already.")
ON_ANOTHER = _("%(cn)s is already on %(sheet)s. Take it off there first.")
ON_A_CLOSED = _("%(cn)s is already on %(sheet)s, which is closed.")
ELSEWHERE = _("%(cn)s is picked up at %(place)s, not here. Open a sheet for that place.")
FULL = _("%(cn)s: the sheet is full. Close it and open another one.")


class SheetState(StrEnum):
    """Where a load sheet stands. Open ones change, closed ones never again; a closed one can be withdrawn."""

    OPEN = "open"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    DISCARDED = "discarded"


def refusal(status: Status) -> str:
    """Why a parcel of this status may not go on a load sheet, as a template; empty when it may."""
    if Can.LOAD_SHEET in SHIPPER_MAY[status]:
        return ""
    if status in CALLED_OFF:
        return CANCELLED
    return ON_ITS_WAY if status is S.PICKUP_IN_PROGRESS else GONE


def series(kind: str, day: date, *, daily: bool = False) -> str:
    """The series that a paper's number counts in: ``LS-2611`` of a month, ``PRS-261123`` of a day."""
    return f"{kind}-{day:%y%m%d}" if daily else f"{kind}-{day:%y%m}"


def number(series: str, n: int, *, digits: int = 5) -> str:
    """The n-th paper of a series, e.g. LS-2611-00042."""
    return f"{series}-{n:0{digits}d}"


def read_number(text: str) -> str:
    """The number of a paper as it was typed or scanned; what is no number stays one that nobody has."""
    return text.replace("\0", "").strip().upper()[:20]
