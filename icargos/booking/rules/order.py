"""The order: what a shipper asks us to carry, before it has a number or a price."""

import hashlib
from datetime import date

import msgspec


class Order(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One bookable order. Money in paisa, weight in grams, lengths in cm, phones in E.164.

    ``profile_id`` and ``destination_city_id`` are ids of the pickup profile and the city;
    ``cod_paisa`` 0 means prepaid; ``order_ref`` is the shipper's own number, or "". Wishes: ``return_address`` "" means
    the profile's, ``pickup_on`` a local day, ``delivery_window`` one of ``consignments.rules.WINDOWS``.
    ``piece_weights`` is kept as ``consignments.rules.pieces`` says, with the sum ``weight_g``; ``signed_papers`` as
    ``consignments.rules.papers`` says.
    """

    service: str
    profile_id: int
    destination_city_id: int
    consignee_name: str
    consignee_phone: str
    alt_phone: str = ""
    consignee_email: str = ""
    address: str
    landmark: str = ""
    pieces: int
    weight_g: int
    length_cm: int = 0
    width_cm: int = 0
    height_cm: int = 0
    cod_paisa: int
    product: str
    declared_value_paisa: int = 0
    allow_open: bool = False
    fragile: bool = False
    proof: str = "none"
    remarks: str = ""
    order_ref: str = ""
    return_address: str = ""
    pickup_on: date | None = None
    delivery_window: str = ""
    piece_weights: str = ""
    signed_papers: str = ""


def version(order: Order) -> str:
    """A short text that is another one as soon as anything of the order is: who changes it says which one was seen."""
    return hashlib.sha256(msgspec.json.encode(order)).hexdigest()[:16]
