"""What the public may read of a parcel, by its number or by one of its tokens: the only reads without an actor.

Each is one statement in no transaction: a function of the database finds the row and returns its tier and no more.
Addresses, products and order refs are in none of them. Programmes of the shipper ask by ``own``, with their actor.
"""

from datetime import datetime
from typing import TypeVar

import msgspec
from django.db import connection
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.kit import cn as cn_format
from icargos.kit.actor import Actor
from icargos.kit.errors import NotFound

LONGEST = 40  # characters of what was typed that are looked at


class Place(msgspec.Struct, frozen=True, array_like=True):
    """A city at one end of the way; ``zone`` and ``metro`` as the tariff's zones understand them."""

    name: str
    urdu: str
    zone: str
    metro: str
    lat: float
    lon: float


class Milestone(msgspec.Struct, frozen=True):
    """A status the parcel reached, and when."""

    status: str
    at: datetime


class Tracked(msgspec.Struct, frozen=True, kw_only=True):
    """Tier 1: what anyone who has the number may see. Milestones stand in the order they happened."""

    cn: str
    status: str
    status_at: datetime
    service: str
    booked_at: datetime
    origin: Place
    destination: Place
    milestones: tuple[Milestone, ...]


class Labelled(Tracked, frozen=True, kw_only=True):
    """What the QR of the label shows: tier 1 and the exact amount to pay, in paisa."""

    cod_paisa: int
    cod_state: str


class Addressed(Labelled, frozen=True, kw_only=True):
    """Tier 2, for the holder of the link: the amount, and whom the parcel is for as far as they know it themselves."""

    first_name: str
    masked_phone: str


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened to a parcel and that its consignee may know; ``reason`` is a code or empty."""

    code: str
    at: datetime
    city: str
    reason: str


class Own(msgspec.Struct, frozen=True, kw_only=True):
    """One of the shipper's parcels with all that happened to it, oldest first, and without its consignee."""

    cn: str
    order_ref: str
    status: str
    status_at: datetime
    service: str
    origin: str
    destination: str
    pieces: int
    weight_g: int
    booked_at: datetime
    attempts: int
    cod_paisa: int
    cod_state: str
    steps: list[Step]


# In the order of Own's fields.
_OWN = """
SELECT c.cn, c.order_ref, c.status, c.status_at, c.service, o.name, d.name, c.pieces, c.weight_g, c.booked_at,
    c.attempts, c.cod_paisa, c.cod_state, (
        SELECT coalesce(json_agg(json_build_object('code', e.code, 'at', e.occurred_at, 'city', coalesce(t.name, ''),
            'reason', e.reason) ORDER BY e.id), '[]')::text
        FROM consignments_event e LEFT JOIN places_city t ON t.id = e.city_id
        WHERE e.consignment_id = c.id AND e.shipper_id = c.shipper_id AND e.public)
FROM consignments_consignment c
JOIN places_city o ON o.id = c.origin_id JOIN places_city d ON d.id = c.destination_id
WHERE c.shipper_id = %s AND c.cn = %s
"""
_STEPS = msgspec.json.Decoder(list[Step])
_Tier = TypeVar("_Tier", bound=Tracked)
_NUMBER = msgspec.json.Decoder(Tracked)
_LABEL = msgspec.json.Decoder(Labelled)
_LINK = msgspec.json.Decoder(Addressed)


def by_number(typed: str) -> Tracked | None:
    """The parcel with this number, as typed; None for an unknown and for a malformed one, by the same statement."""
    return _read("SELECT consignments_track(%s)", cn_format.normalise(typed[:LONGEST]), _NUMBER)


def by_label(token: str) -> Labelled | None:
    """The parcel whose label carries this token, or None."""
    return _read("SELECT consignments_track_label(%s)", token[:LONGEST], _LABEL)


def by_link(token: str) -> Addressed | None:
    """The parcel whose consignee holds this link, or None."""
    return _read("SELECT consignments_track_link(%s)", token[:LONGEST], _LINK)


def own(actor: Actor, typed: str) -> Own:
    """The actor's parcel with this number, in one statement; raises NotFound, the same for unknown and foreign."""
    actor.require(Can.SEE_ORDERS)
    with connection.cursor() as cursor:
        cursor.execute(_OWN, [actor.tenant, cn_format.normalise(typed[:LONGEST]).replace("\0", " ")])
        row = cursor.fetchone()
    if row is None:
        raise NotFound(_("There is no such consignment here. Check the number."))
    return Own(**dict(zip(Own.__struct_fields__, (*row[:-1], _STEPS.decode(row[-1])), strict=True)))


def _read(statement: str, wanted: str, tier: msgspec.json.Decoder[_Tier]) -> _Tier | None:
    with connection.cursor() as cursor:
        # PostgreSQL's text holds no NUL: a number with one is as unknown as any other.
        cursor.execute(statement, [wanted.replace("\0", " ")])
        found = cursor.fetchone()[0]
    return tier.decode(found) if found is not None else None
