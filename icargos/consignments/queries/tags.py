"""Reads of a shipper's own tags."""

from collections.abc import Sequence

import msgspec
from django.db import connection

from icargos.accounts.rules import Can
from icargos.kit.actor import Actor


class TagRow(msgspec.Struct, frozen=True):
    """One tag of the shipper's."""

    id: int
    name: str


_OF = """
SELECT g.consignment_id, array_agg(t.name ORDER BY lower(t.name))
FROM consignments_tagging g JOIN consignments_tag t ON t.shipper_id = g.shipper_id AND t.id = g.tag_id
WHERE g.shipper_id = %s AND g.consignment_id = ANY(%s) GROUP BY 1
"""


def tags(actor: Actor) -> list[TagRow]:
    """The shipper's tags by name. Needs SEE_ORDERS."""
    actor.require(Can.SEE_ORDERS)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, name FROM consignments_tag WHERE shipper_id = %s ORDER BY lower(name)", [actor.tenant]
        )
        return [TagRow(*row) for row in cursor.fetchall()]


def tags_of(actor: Actor, ids: Sequence[int]) -> dict[int, list[str]]:
    """The names of the tags that these parcels carry, by parcel; one that carries none is not in the answer."""
    actor.require(Can.SEE_ORDERS)
    with connection.cursor() as cursor:
        cursor.execute(_OF, [actor.tenant, list(ids)])
        return dict(cursor.fetchall())
