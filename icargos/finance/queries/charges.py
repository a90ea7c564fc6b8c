"""Reads of charges."""

from typing import Any

import msgspec

from icargos.accounts.rules import Can
from icargos.finance.models import Charge
from icargos.kit.actor import Actor


class Charged(msgspec.Struct, frozen=True):
    """What a parcel was charged, in paisa, and the receipt it was priced by (``tariff`` reads it)."""

    state: str
    card: str
    charges_paisa: int
    payable_paisa: int
    receipt: dict[str, Any]


def charged(actor: Actor, consignment_id: int) -> Charged | None:
    """The parcel's charge, or None where there is none that the actor may see. Needs SEE_CHARGES."""
    actor.require(Can.SEE_CHARGES)
    rows = Charge.objects.filter(consignment_id=consignment_id)
    if not actor.may(Can.SEE_ALL_PARCELS):
        rows = rows.filter(shipper_id=actor.tenant)
    found = rows.values_list("state", "card", "charges_paisa", "payable_paisa", "receipt").first()
    return Charged(*found) if found else None
