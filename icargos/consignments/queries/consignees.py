"""Whom a shipper has sent parcels to before: for suggestions while a phone is typed, and how it went."""

from datetime import datetime
from typing import Any

import msgspec
from django.db import connection

from icargos.accounts.rules import Can
from icargos.consignments.rules import FAMILY, Family, Status
from icargos.kit.actor import Actor

MOST_REMEMBERED = 100  # parcels of one consignee that are looked at, newest first
_PHONES = 20  # phones that are looked at for one beginning


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """How the newest parcels to one phone went, ``MOST_REMEMBERED`` at most; ``last_`` is of the newest. Paisa."""

    parcels: int
    delivered: int
    returned: int
    last_cn: str
    last_at: datetime
    last_status: str
    last_cod_paisa: int


class Earlier(msgspec.Struct, frozen=True, kw_only=True):
    """A consignee as the newest parcel to this phone names it. Phones in E.164."""

    name: str
    phone: str
    alt_phone: str
    email: str
    address: str
    landmark: str
    city_id: int
    record: Record


# The phones one after another by index, then what their newest parcels say: the cost does not grow with their number.
_EARLIER = """
WITH RECURSIVE phones (phone, n) AS (
    (SELECT consignee_phone, 1 FROM consignments_consignment
        WHERE shipper_id = %(shipper)s AND consignee_phone >= %(low)s AND consignee_phone <= %(high)s
        ORDER BY consignee_phone LIMIT 1)
    UNION ALL
    SELECT (SELECT consignee_phone FROM consignments_consignment
            WHERE shipper_id = %(shipper)s AND consignee_phone > phones.phone AND consignee_phone <= %(high)s
            ORDER BY consignee_phone LIMIT 1), n + 1
        FROM phones WHERE phones.phone IS NOT NULL AND n < %(phones)s)
SELECT last.consignee_name, phones.phone, last.alt_phone, last.consignee_email, last.address, last.landmark,
    last.destination_id, record.parcels, record.delivered, record.returned, last.cn, last.booked_at, last.status,
    last.cod_paisa
FROM phones
CROSS JOIN LATERAL (SELECT * FROM consignments_consignment
    WHERE shipper_id = %(shipper)s AND consignee_phone = phones.phone ORDER BY id DESC LIMIT 1) AS last
CROSS JOIN LATERAL (SELECT count(*) AS parcels, count(*) FILTER (WHERE status = 'delivered') AS delivered,
        count(*) FILTER (WHERE status = ANY(%(returned)s)) AS returned
    FROM (SELECT status FROM consignments_consignment
        WHERE shipper_id = %(shipper)s AND consignee_phone = phones.phone ORDER BY id DESC LIMIT %(most)s) AS newest
    ) AS record
WHERE phones.phone IS NOT NULL ORDER BY last.id DESC
"""
_RETURNED = [status.value for status in Status if FAMILY[status] is Family.RETURNS]


def earlier(actor: Actor, begun: str, *, most: int = 6) -> list[Earlier]:
    """Consignees of the shipper's parcels whose phone begins so (E.164), the last used first. Needs SEE_CONSIGNEE.

    Looks at the first twenty phones, so a short beginning shows some of many.
    """
    return _read(actor, begun, begun + "Z")[:most]


def record_of(actor: Actor, phone: str) -> Record | None:
    """How the shipper's parcels to this phone (E.164) went, or None when there were none. Needs SEE_CONSIGNEE."""
    found = _read(actor, phone, phone)
    return found[0].record if found else None


def _read(actor: Actor, low: str, high: str) -> list[Earlier]:
    actor.require(Can.SEE_CONSIGNEE)
    asked: dict[str, Any] = {
        "shipper": actor.tenant,
        "low": low,
        "high": high,
        "phones": _PHONES,
        "most": MOST_REMEMBERED,
    }
    with connection.cursor() as cursor:
        cursor.execute(_EARLIER, {**asked, "returned": _RETURNED})
        rows = cursor.fetchall()
    own = [name for name in Earlier.__struct_fields__ if name != "record"]
    return [
        Earlier(
            **dict(zip(own, row, strict=False)),
            record=Record(**dict(zip(Record.__struct_fields__, row[len(own) :], strict=True))),
        )
        for row in rows
    ]


_RECENT = """
SELECT product FROM (
    SELECT product, id FROM consignments_consignment WHERE shipper_id = %s ORDER BY id DESC LIMIT 200) AS newest
GROUP BY product ORDER BY count(*) DESC, max(id) DESC LIMIT %s
"""


def recent_products(actor: Actor, *, most: int = 12) -> list[str]:
    """What the shipper's newest 200 parcels held, the most frequent first. Needs SEE_ORDERS."""
    actor.require(Can.SEE_ORDERS)
    with connection.cursor() as cursor:
        cursor.execute(_RECENT, [actor.tenant, most])
        return [product for (product,) in cursor.fetchall()]


def last_booked(actor: Actor) -> str:
    """The number of the parcel that the actor booked last, "" when none of the newest 200 is its own."""
    actor.require(Can.SEE_ORDERS)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT cn FROM (SELECT cn, id, booked_by FROM consignments_consignment WHERE shipper_id = %s"
            " ORDER BY id DESC LIMIT 200) AS newest WHERE booked_by = %s ORDER BY id DESC LIMIT 1",
            [actor.tenant, actor.user_id],
        )
        found = cursor.fetchone()
    return found[0] if found else ""
