"""Orders and what is written down of them: the parcel's own record and its charge."""

from collections.abc import Sequence

import msgspec

from icargos.booking.queries import Priced
from icargos.booking.rules.order import Order
from icargos.consignments.actions import Draft
from icargos.finance import actions as finance


def draft_of(one: Priced) -> Draft:
    """What is written down of a priced order, which has a receipt."""
    assert one.receipt is not None
    return drafted(one.order, origin_id=one.origin_id, sort_code=one.sort_code, charged_weight_g=one.receipt.charged_g)


def drafted(order: Order, *, origin_id: int, sort_code: str, charged_weight_g: int) -> Draft:
    """What is written down of an order on this way, charged at this weight in grams."""
    values = msgspec.structs.asdict(order)
    destination = values.pop("destination_city_id")
    return Draft(
        **values,
        destination_id=destination,
        origin_id=origin_id,
        sort_code=sort_code,
        charged_weight_g=charged_weight_g,
    )


def order_of(draft: Draft) -> Order:
    """The order that a parcel stands for as it is booked now."""
    values = msgspec.structs.asdict(draft)
    for derived in ("origin_id", "sort_code", "charged_weight_g"):
        del values[derived]
    values["destination_city_id"] = values.pop("destination_id")
    return Order(**values)


def charges_of(ids: Sequence[int], ready: Sequence[Priced]) -> list[finance.Priced]:
    """What the parcels with these ids are charged, by the receipts of their priced orders."""
    bodies: dict[int, str] = {}  # alike parcels share one receipt
    charges = []
    for parcel_id, one in zip(ids, ready, strict=True):
        receipt = one.receipt
        assert receipt is not None
        body = bodies.get(id(receipt)) or bodies.setdefault(id(receipt), receipt.to_json().decode())
        charges.append(finance.Priced(parcel_id, one.card, receipt.charges_paisa, receipt.payable_paisa, body))
    return charges
