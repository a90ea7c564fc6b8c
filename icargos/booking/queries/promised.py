"""Which load sheet a parcel is promised on."""

from collections.abc import Iterable

import msgspec
from django.db import connection

from icargos.kit.actor import Actor, Kind


class SheetRef(msgspec.Struct, frozen=True):
    """The sheet a parcel is promised on."""

    id: int
    number: str
    state: str


_OF = """
SELECT i.consignment_id, s.id, s.number, s.state FROM booking_loadsheetitem i
JOIN booking_loadsheet s ON s.id = i.sheet_id
WHERE i.consignment_id = ANY(%s) AND i.shipper_id = coalesce(%s::bigint, i.shipper_id) AND i.left_at IS NULL
"""


def sheets_of(actor: Actor, consignment_ids: Iterable[int]) -> dict[int, SheetRef]:
    """The sheet that each of these parcels is promised on, by the parcel's id; without those that are on none."""
    tenant = actor.tenant if actor.kind is Kind.SHIPPER else None
    with connection.cursor() as cursor:
        cursor.execute(_OF, [list(consignment_ids), tenant])
        return {parcel: SheetRef(*sheet) for parcel, *sheet in cursor.fetchall()}


def on_closed_sheets(actor: Actor, consignment_ids: Iterable[int]) -> set[int]:
    """Which of these parcels stand on a closed load sheet that was not withdrawn."""
    return {parcel for parcel, sheet in sheets_of(actor, consignment_ids).items() if sheet.state == "closed"}
