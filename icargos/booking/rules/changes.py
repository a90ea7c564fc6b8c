"""What of a booking may still be changed, and which changes have a price."""

from icargos.booking.rules.order import Order
from icargos.consignments.rules import SHIPPER_MAY, Can, Status

# What the pickup was asked for, and what its load sheet says: another sender, city, number or size is another pickup.
FIXED_WHEN_READY = frozenset(
    {
        "service",
        "profile_id",
        "destination_city_id",
        "pieces",
        "weight_g",
        "piece_weights",
        "length_cm",
        "width_cm",
        "height_cm",
        "pickup_on",
    }
)
# The fields of an Order that its price is made of. A parcel whose change touches none of them keeps its receipt.
PRICED_BY = frozenset(
    {
        "service",
        "profile_id",
        "destination_city_id",
        "weight_g",
        "length_cm",
        "width_cm",
        "height_cm",
        "cod_paisa",
        "declared_value_paisa",
        "fragile",
    }
)


def same_price(was: Order, becomes: Order) -> bool:
    """Whether nothing changes that the price is made of, so that the receipt stays."""
    return all(getattr(was, name) == getattr(becomes, name) for name in PRICED_BY)


def fixed_fields(status: Status) -> frozenset[str] | None:
    """The fields of an Order that can no longer be changed in this status; None when nothing can."""
    may = SHIPPER_MAY[status]
    if Can.EDIT in may:
        return frozenset()
    return FIXED_WHEN_READY if Can.EDIT_LIMITED in may else None
