"""A booked parcel as the form would have it: column keys to text as a person types it."""

from collections.abc import Mapping
from typing import Any

import msgspec

from icargos.accounts.rules import Can
from icargos.booking.rules.order import Order
from icargos.consignments.queries import Parcel
from icargos.consignments.rules import pieces
from icargos.kit import phone
from icargos.kit.actor import Actor
from icargos.places import queries as places


def order_of(parcel: Parcel) -> Order:
    """The order that a parcel stands for as it is booked now. The parcel must show its consignee."""
    names = [name for name in Order.__struct_fields__ if name != "destination_city_id"]
    values: dict[str, Any] = {name: getattr(parcel, name) for name in names}
    return Order(**values, destination_city_id=parcel.destination_id)


def _rupees(paisa: int) -> str:
    whole, rest = divmod(paisa, 100)
    return f"{whole}.{rest:02d}" if rest else str(whole)


def typed(actor: Actor, parcel: Parcel) -> Mapping[str, str]:
    """What to type into the form for the same parcel once more. Needs BOOK and SEE_CONSIGNEE."""
    actor.require(Can.BOOK)
    actor.require(Can.SEE_CONSIGNEE)
    order = order_of(parcel)
    texts = {name: str(value) for name, value in msgspec.structs.asdict(order).items() if isinstance(value, str | int)}
    return texts | {
        "profile": places.profile(actor, order.profile_id).code,
        "destination_city": parcel.destination,
        "consignee_phone": phone.display(order.consignee_phone),
        "alt_phone": phone.display(order.alt_phone) if order.alt_phone else "",
        "weight_kg": f"{order.weight_g / 1000:g}",
        "length_cm": str(order.length_cm or ""),
        "width_cm": str(order.width_cm or ""),
        "height_cm": str(order.height_cm or ""),
        "cod_amount": str(order.cod_paisa // 100),
        "declared_value": _rupees(order.declared_value_paisa) if order.declared_value_paisa else "",
        "allow_open": "Y" if order.allow_open else "",
        "fragile": "Y" if order.fragile else "",
        "piece_weights": pieces.in_kilograms(order.piece_weights),
        "pickup_date": order.pickup_on.isoformat() if order.pickup_on else "",
    }
