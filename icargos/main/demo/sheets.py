"""Sheets of orders that the demo's shippers sent in, some with cells as people type them."""

import csv
import io
import random

from icargos.booking.rules.order import Order
from icargos.places.rules import CityIndex

_HEAD = ("Order Reference Number", "Service", "City", "Consignee Name", "Consignee Contact", "Delivery Address",
         "Pieces", "Weight (kg)", "COD Amt", "Product")  # fmt: skip
# What people type: the cell's place and its text.
_SPOILT = ((2, "Lahroe"), (2, "Dubai"), (4, "0300-12345"), (4, ""), (7, ""), (8, "call me"))
_SERVICE = {"overnight": "Overnight", "second_day": "Second Day", "overland": "Overland"}


def sheet(dice: random.Random, orders: list[Order], index: CityIndex, *, wrong: int = 0) -> bytes:
    """A CSV of these orders, as another courier's portal would have it, with ``wrong`` rows that cannot be booked."""
    made = io.StringIO()
    out = csv.writer(made)
    out.writerow(_HEAD)
    spoilt = set(dice.sample(range(len(orders)), min(wrong, len(orders))))
    for place, one in enumerate(orders):
        city = index.get(one.destination_city_id)
        assert city is not None
        cells = [
            one.order_ref,
            _SERVICE[one.service],
            city.name,
            one.consignee_name,
            f"0{one.consignee_phone[3:6]}-{one.consignee_phone[6:]}",
            one.address,
            str(one.pieces),
            f"{one.weight_g / 1000:g}",
            f"{one.cod_paisa // 100}",
            one.product,
        ]
        if place in spoilt:
            column, text = dice.choice(_SPOILT)
            cells[column] = text
        out.writerow(cells)
    return made.getvalue().encode()
