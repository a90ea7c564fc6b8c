"""Parcels for tests that need some: drafts that go in through ``consignments.actions``, orders through ``booking``."""

from datetime import datetime
from typing import Any

from django.db import connection

from icargos.consignments import actions
from icargos.consignments.actions import Draft, Entered
from icargos.ground.tenancy import acting
from tests.cast import NOW, Cast


def city(name: str) -> int:
    """The id of a city that is in the data file."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM places_city WHERE name = %s", [name])
        (found,) = cursor.fetchone()
    return int(found)


def draft(cast: Cast, whose: str = "A", **changes: Any) -> Draft:
    """A parcel of shipper A (or B) from its own profile to Multan, ready to be entered."""
    profile = cast.profile_a if whose == "A" else cast.profile_b
    plain: dict[str, Any] = {
        "service": "overnight",
        "profile_id": profile,
        "origin_id": city("Karachi" if whose == "A" else "Lahore"),
        "destination_id": city("Multan"),
        "sort_code": "MUX-01",
        "order_ref": "",
        "consignee_name": "Sana Malik",
        "consignee_phone": "+923331234567",
        "alt_phone": "",
        "consignee_email": "",
        "address": "House 12, Street 4, Gulgasht Colony",
        "landmark": "",
        "pieces": 1,
        "weight_g": 500,
        "charged_weight_g": 500,
        "length_cm": 0,
        "width_cm": 0,
        "height_cm": 0,
        "cod_paisa": 150_000,
        "declared_value_paisa": 0,
        "product": "Cotton suit",
        "remarks": "",
        "allow_open": False,
        "fragile": False,
        "proof": "none",
    }
    return Draft(**{**plain, **changes})


def enter(cast: Cast, count: int = 1, *, whose: str = "A", now: datetime = NOW, **changes: Any) -> list[Entered]:
    """Enter ``count`` equal parcels of shipper A (as Bilal) or B (as Zara)."""
    actor = cast.actor("bilal" if whose == "A" else "zara")
    with acting(actor):
        drafts = [draft(cast, whose, **changes)] * count
        return actions.enter(actor, drafts, source="form", import_id=None, now=now)
