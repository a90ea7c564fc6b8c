"""The only writer of charges."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from icargos.ground import bulk
from icargos.kit.actor import Actor


class Priced(msgspec.Struct, frozen=True):
    """A parcel with its receipt: JSON as ``tariff`` wrote it, totals in paisa."""

    consignment_id: int
    card: str
    charges_paisa: int
    payable_paisa: int
    receipt: str


_CHARGE = {
    "consignment_id": "bigint",
    "card": "text",
    "charges_paisa": "bigint",
    "payable_paisa": "bigint",
    "receipt": "jsonb",
}


def charge(actor: Actor, priced: Sequence[Priced], *, now: datetime) -> None:
    """Keep what each parcel was booked at, with every line of its receipt. In the caller's transaction."""
    bulk.insert(
        "finance_charge",
        _CHARGE,
        [msgspec.structs.astuple(one) for one in priced],
        same={"shipper_id": ("bigint", actor.tenant), "state": ("text", "booked"), "at": ("timestamptz", now)},
    )
