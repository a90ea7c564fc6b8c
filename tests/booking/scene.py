"""Bookings of Zarqa (Bilal) or Noor (Zara) that went through the house's own action, with their charges."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from icargos.booking import actions
from icargos.booking.actions import Booked, Change, Changed
from icargos.booking.rules.order import Order
from icargos.consignments import actions as consignments
from icargos.consignments.actions import Move
from icargos.consignments.models import Consignment
from icargos.consignments.rules import Status
from icargos.finance import queries as finance
from icargos.ground.tenancy import acting
from icargos.kit.actor import Actor, Kind
from tests.cast import NOW, Cast
from tests.parcels import city

TABLES = (
    "consignments_consignment", "consignments_event", "consignments_revision", "consignments_tally", "finance_charge",
    "finance_earliercharge", "ground_fact", "places_pickupprofile",
)  # fmt: skip
COURIER = Actor(Kind.STAFF, user_id=None, name="Desk", can=frozenset({"scan", "approve"}))


def order(cast: Cast, whose: str = "A", **changes: Any) -> Order:
    """1.3 kg from Zarqa's Karachi (Noor's Lahore) to Multan with Rs 4,500 to collect."""
    plain: dict[str, Any] = {
        "service": "overnight",
        "profile_id": cast.profile_a if whose == "A" else cast.profile_b,
        "destination_city_id": city("Multan"),
        "consignee_name": "Sana Malik",
        "consignee_phone": "+923331234567",
        "address": "House 12, Street 4, Gulgasht Colony",
        "pieces": 1,
        "weight_g": 1300,
        "cod_paisa": 450_000,
        "product": "Cotton suit",
    }
    return Order(**{**plain, **changes})


def book(
    cast: Cast, orders: Sequence[Order] | None = None, *, whose: str = "A", now: datetime = NOW, **changes: Any
) -> list[Booked]:
    """Book these orders, or one with these changes."""
    actor = cast.actor("bilal" if whose == "A" else "zara")
    with acting(actor):
        return actions.book(actor, orders or [order(cast, whose, **changes)], source="form", now=now)


def change(cast: Cast, changes: Sequence[Change], *, who: str = "bilal", now: datetime = NOW) -> list[Changed]:
    """Change bookings as one of the cast."""
    actor = cast.actor(who)
    with acting(actor):
        return actions.change(actor, changes, source="form", now=now)


def move(cast: Cast, cn: str, *path: Status) -> None:
    """Take a parcel along the status machine."""
    moves = [
        Move(cn=cn, to=to, source="scan", source_event_id=f"{cn}:{to.value}:{n}", occurred_at=NOW)
        for n, to in enumerate(path)
    ]
    with acting(COURIER):
        consignments.move(COURIER, moves, now=NOW)


def print_label(cast: Cast, parcel: Booked) -> None:
    bilal = cast.actor("bilal")
    with acting(bilal):
        consignments.count_print(bilal, [parcel.id], form="4x6", now=NOW)


def row(cast: Cast, cn: str) -> Consignment:
    """The parcel's row, as the courier sees it."""
    with acting(COURIER):
        return Consignment.objects.get(cn=cn)


def charged(cast: Cast, cn: str) -> finance.Charged:
    """What Zarqa is charged for the parcel."""
    bilal = cast.actor("bilal")
    with acting(bilal):
        found = finance.charged(bilal, row(cast, cn).id)
    assert found is not None
    return found


def everything(cast: Cast) -> dict[str, str]:
    """The whole content of every table a change may touch, to show that nothing changed."""
    found = {}
    with acting(COURIER), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT coalesce(string_agg(t::text, '|' ORDER BY t::text), '') FROM {table} t")
            (found[table],) = cursor.fetchone()
    return found


def books() -> list[str]:
    """What does not add up."""
    with acting(COURIER):
        return finance.check_books(COURIER)
