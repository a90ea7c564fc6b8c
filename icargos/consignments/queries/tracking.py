"""What the public may read of a parcel, by its number or by one of its tokens: the only reads without an actor.

Each is one statement in no transaction: a function of the database finds the row and returns its tier and no more.
Addresses, products and order refs are in none of them.
"""

from datetime import datetime
from typing import TypeVar

import msgspec
from django.db import connection

from icargos.kit import cn as cn_format

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


def _read(statement: str, wanted: str, tier: msgspec.json.Decoder[_Tier]) -> _Tier | None:
    with connection.cursor() as cursor:
        # PostgreSQL's text holds no NUL: a number with one is as unknown as any other.
        cursor.execute(statement, [wanted.replace("\0", " ")])
        found = cursor.fetchone()[0]
    return tier.decode(found) if found is not None else None
