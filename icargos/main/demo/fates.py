"""What becomes of the demo's parcels: drawn once for each, in the shares a courier knows. Pure."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from icargos.main.demo.people import BARQ, NOOR, ZARQA


class End(StrEnum):
    """How a parcel's life ends."""

    DELIVERED = "delivered"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    LOST = "lost"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Fate:
    """The end, and at which visit it is decided (0 where no rider has a say)."""

    end: End
    visit: int = 0


_D, _R = End.DELIVERED, End.RETURNED
_FATES = (Fate(_D, 1), Fate(_D, 2), Fate(_D, 3), Fate(_R, 1), Fate(_R, 2), Fate(_R, 3), Fate(End.CANCELLED),
          Fate(End.EXPIRED), Fate(End.LOST), Fate(End.DAMAGED))  # fmt: skip
# Of a thousand parcels.
_SHARES: Mapping[str, tuple[int, ...]] = {
    ZARQA: (660, 78, 20, 122, 52, 24, 30, 8, 4, 2),
    BARQ: (716, 72, 18, 92, 38, 18, 30, 6, 5, 5),
    NOOR: (890, 62, 8, 10, 8, 4, 10, 2, 3, 3),
}
# Why a visit failed that will not be the last, and why one failed after which the parcel goes back.
_ONCE_MORE = {"CNA": 25, "CNR": 24, "CNY": 12, "CA": 6, "WCN": 4, "ICA": 6, "UL": 3, "FDR": 8, "ATO": 4, "PI": 2}
_LAST = {"RFD": 44, "CDO": 17, "CNR": 14, "NSC": 8, "SHF": 5, "PI": 4, "ATO": 4, "CNA": 4}


def draw(dice: random.Random, shipper: str) -> Fate:
    """What will become of a parcel of this shipper."""
    return dice.choices(_FATES, weights=_SHARES[shipper])[0]


def reason(dice: random.Random, *, last: bool) -> str:
    """Why the visit failed, as a reason's code."""
    table = _LAST if last else _ONCE_MORE
    return dice.choices(list(table), weights=list(table.values()))[0]
