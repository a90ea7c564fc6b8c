"""Who did what with a parcel while it was the shipper's: booked it, changed it, printed its label."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from django.db import connection

from icargos.accounts.rules import Can
from icargos.consignments.queries import Parcel
from icargos.kit.actor import Actor


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    """One field that changed, by its name in an Order; the values as texts, None where the actor may not see them."""

    field: str
    was: str | None
    becomes: str | None


class Deed(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the trail. ``kind`` is the fact's, ``data`` what it says.

    ``who`` is the shipper's person or API key by name, "" for the courier's people and for who has left; ``own`` says
    that it was the shipper's side.
    """

    kind: str
    at: datetime
    who: str
    own: bool
    data: Mapping[str, Any]
    edits: tuple[Edit, ...] = ()


_KINDS = [
    "consignment.booked",
    "consignment.amended",
    "charge.replaced",
    "label.printed",
    "note.added",
    "note.removed",
    "document.attached",
    "document.removed",
]
_FACTS = """
SELECT f.kind, f.at, coalesce(CASE f.actor_kind WHEN 'key' THEN k.name WHEN 'shipper' THEN u.name END, ''),
    f.actor_kind IN ('key', 'shipper'), f.data
FROM ground_fact f
LEFT JOIN accounts_user u ON u.id = f.actor_id
LEFT JOIN accounts_apikey k ON k.id = f.actor_id AND k.shipper_id = f.shipper_id
WHERE f.shipper_id = %s AND f.kind = ANY(%s) AND f.subject_id = %s ORDER BY f.id DESC
"""
_EDITS = """
SELECT at, field, was, becomes FROM consignments_revision WHERE shipper_id = %s AND consignment_id = %s ORDER BY id
"""
# What a revision may hold of the consignee, in itself or written into it.
_PRIVATE = {"consignee_name", "consignee_phone", "alt_phone", "consignee_email", "address", "landmark", "remarks"}


def story(actor: Actor, parcel: Parcel) -> list[Deed]:
    """What the shipper's people and the courier did to the booking, newest first. Needs SEE_ORDERS.

    A charge that was replaced by a change is told with the change. The old and new values of a consignee's fields are
    None without SEE_CONSIGNEE.
    """
    actor.require(Can.SEE_ORDERS)
    sees = actor.may(Can.SEE_CONSIGNEE)
    edits: dict[datetime, list[Edit]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_EDITS, [actor.tenant, parcel.id])
        for at, field, was, becomes in cursor.fetchall():
            shown = sees or field not in _PRIVATE
            edit = Edit(field=field, was=was if shown else None, becomes=becomes if shown else None)
            edits.setdefault(at, []).append(edit)
        cursor.execute(_FACTS, [actor.tenant, _KINDS, parcel.id])
        rows = cursor.fetchall()
    prices = {at: _read(data) for kind, at, _who, _own, data in rows if kind == "charge.replaced"}
    return [
        Deed(
            kind=kind,
            at=at,
            who=who,
            own=own,
            data=_read(data) | (prices.get(at, {}) if kind == "consignment.amended" else {}),
            edits=tuple(edits.get(at, ())) if kind == "consignment.amended" else (),
        )
        for kind, at, who, own, data in rows
        if kind != "charge.replaced"
    ]


def _read(data: object) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(data) if isinstance(data, str) else data  # type: ignore[assignment]
    return found
