"""Reads of places: cities, stations and the calendar for everybody, profiles and own city words for their shipper;
and which station one of the courier's people works at.
"""

from collections.abc import Mapping
from datetime import date, time

import msgspec
from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.kit import phone
from icargos.kit.actor import Actor
from icargos.kit.errors import Conflict, NotFound
from icargos.places.models import City, CityAlias, Consignee, Holiday, PickupCutOff, Post, Station
from icargos.places.rules import Aliased, Calendar, CityIndex, CityRow


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """A saved sender. ``code`` is the Profile ID; phone in E.164; ``return_address`` empty = the same address."""

    id: int
    code: str
    name: str
    phone: str
    address: str
    return_address: str
    city_id: int
    city: str
    is_default: bool
    active: bool = True
    mine: bool = False  # what the actor's own bookings start from


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the address book. Phones in E.164."""

    id: int
    name: str
    phone: str
    alt_phone: str
    email: str
    address: str
    landmark: str
    city_id: int
    city: str


class Office(msgspec.Struct, frozen=True, kw_only=True):
    """One of the courier's stations."""

    id: int
    code: str
    name: str
    city_id: int


class NotPosted(Conflict):
    """A person of the courier who works at no station yet."""

    code = "not_posted"


_CITY = ("id", "name", "code", "province", "zone", "metro", "urdu", "aliases", "lat", "lon", "served", "osa")
# The content itself is the version: it changes with any edit, by whatever hand, and costs a fraction of a reload.
_VERSION = """
SELECT (SELECT sum(hashtextextended(c::text, 0)) FROM places_city c),
    (SELECT sum(hashtextextended(s::text, 0)) FROM places_station s)
"""
# In the order of Profile's fields; asked on every booking, so it is written out.
_PROFILES = """
SELECT p.id, p.code, p.name, p.phone, p.address, p.return_address, p.city_id, c.name, p.is_default, p.active,
    o.id IS NOT NULL AS mine
FROM places_pickupprofile p JOIN places_city c ON c.id = p.city_id
LEFT JOIN places_profilechoice o ON o.shipper_id = p.shipper_id AND o.user_id = %s AND o.profile_id = p.id
WHERE p.shipper_id = %s
"""
_ADDRESS = [name if name != "city" else "city__name" for name in Address.__struct_fields__]
_shared: dict[tuple[object, ...], CityIndex] = {}


def cities(actor: Actor) -> tuple[CityRow, ...]:
    """Every city, the largest first as in the data file."""
    return _index().all()


def city_index(actor: Actor) -> CityIndex:
    """The cities with the actor's own words for them. Cheap: the cities are read again only after an edit."""
    if actor.shipper_id is None:
        return _index()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT alias, city_id FROM places_cityalias WHERE shipper_id = %s ORDER BY id", [actor.shipper_id]
        )
        own = cursor.fetchall()
    return _index().with_own([Aliased(alias, city_id) for alias, city_id in own])


def stations(actor: Actor) -> list[Office]:
    """The courier's stations by code."""
    rows = Station.objects.order_by("code").values("id", "code", "name", "city_id")
    return [Office(**row) for row in rows]


def post_of(actor: Actor) -> Office | None:
    """The station the actor works at, or None."""
    found = Post.objects.filter(user_id=actor.user_id or 0).values_list("station_id", flat=True).first()
    return next((office for office in stations(actor) if office.id == found), None)


def station(actor: Actor) -> Office:
    """The station the actor works at; raises NotPosted."""
    found = post_of(actor)
    if found is None:
        raise NotPosted(_("You are not posted to a station. Ask an administrator to post you."))
    return found


def own_words(actor: Actor) -> list[tuple[str, str]]:
    """The shipper's own words for cities, each with the city's name, in the words' order."""
    rows = CityAlias.objects.filter(shipper_id=actor.tenant).order_by("alias")
    return list(rows.values_list("alias", "city__name"))


def posted(actor: Actor) -> Mapping[int, int]:
    """The station id of everybody who is posted, by user id."""
    return dict(Post.objects.values_list("user_id", "station_id"))


def calendar(actor: Actor) -> Calendar:
    """The days on which the courier works."""
    return Calendar(dict(Holiday.objects.values_list("day", "name")))


def pickup_cut_off(actor: Actor, city_id: int, *, on: date) -> time:
    """Until when, by local time, the city takes pickups for the same day, as it stands on the local day ``on``.

    A city's own row goes before the one for every city, and of several the latest begun. Without any it is the end of
    the day.
    """
    rows = PickupCutOff.objects.filter(Q(city_id=city_id) | Q(city_id=None), valid_from__lte=on)
    rows = rows.filter(Q(valid_to=None) | Q(valid_to__gte=on))
    found = rows.order_by("city_id", "-valid_from").values_list("at", flat=True).first()
    return found if found is not None else time.max


def profiles(actor: Actor) -> list[Profile]:
    """The shipper's pickup profiles in use; the one the actor's bookings start from comes first: its own choice, or
    the shipper's default. Raises Forbidden without a shipper.
    """
    return _profiles(actor, "AND p.active ORDER BY mine DESC, p.is_default DESC, p.code")


def all_profiles(actor: Actor) -> list[Profile]:
    """The same with those out of use, which come last."""
    return _profiles(actor, "ORDER BY p.active DESC, p.is_default DESC, p.code")


def default_profile(actor: Actor) -> Profile | None:
    """The profile a booking of the actor's takes when none is named, or None when the shipper has none."""
    return next(iter(profiles(actor)), None)


def profile(actor: Actor, profile_id: int) -> Profile:
    """One of the shipper's profiles, active or not; raises NotFound, the same for unknown and foreign."""
    found = _profiles(actor, "AND p.id = %s", profile_id)
    if not found:
        raise NotFound(_("There is no such pickup profile. Choose one from the list."))
    return found[0]


def addresses(actor: Actor, words: str = "", *, after: tuple[str, int] | None = None, size: int = 50) -> list[Address]:
    """The shipper's address book by name, ``size`` entries after the one with this name and id.

    ``words`` are the beginning of a phone, or part of a name. Needs SEE_CONSIGNEE.
    """
    actor.require(Can.SEE_CONSIGNEE)
    rows = Consignee.objects.filter(shipper_id=actor.tenant)
    words = words.replace("\x00", "").strip()
    begun = phone.begins(words)
    if begun:
        rows = rows.filter(phone__gte=begun, phone__lte=f"{begun}Z")
    elif words:
        rows = rows.filter(name__icontains=words)
    if after is not None:
        name, row_id = after
        rows = rows.filter(Q(name__gt=name) | Q(name=name, id__gt=row_id))
    found = rows.order_by("name", "id").values_list(*_ADDRESS)[:size]
    return [Address(**dict(zip(Address.__struct_fields__, row, strict=True))) for row in found]


def address(actor: Actor, address_id: int) -> Address:
    """One entry of the address book; raises NotFound, the same for unknown and foreign. Needs SEE_CONSIGNEE."""
    actor.require(Can.SEE_CONSIGNEE)
    row = Consignee.objects.filter(shipper_id=actor.tenant, id=address_id).values_list(*_ADDRESS).first()
    if row is None:
        raise NotFound(_("There is no such entry in your address book."))
    return Address(**dict(zip(Address.__struct_fields__, row, strict=True)))


def count_addresses(actor: Actor) -> int:
    """How many entries the address book has. Needs SEE_CONSIGNEE."""
    actor.require(Can.SEE_CONSIGNEE)
    return Consignee.objects.filter(shipper_id=actor.tenant).count()


def _profiles(actor: Actor, which: str, *values: int) -> list[Profile]:
    with connection.cursor() as cursor:
        cursor.execute(_PROFILES + which, [actor.user_id, actor.tenant, *values])
        return [Profile(**dict(zip(Profile.__struct_fields__, row, strict=True))) for row in cursor.fetchall()]


def _index() -> CityIndex:
    with connection.cursor() as cursor:
        cursor.execute(_VERSION)
        version = tuple(cursor.fetchone())
    index = _shared.get(version)
    if index is None:
        rows = City.objects.order_by("id").values_list(*_CITY, "station__code", "route")
        index = CityIndex(
            CityRow(**dict(zip(_CITY, row, strict=False)) | {"station": row[-2] or "", "route": row[-1]})
            for row in ((*r[:7], tuple(r[7]), *r[8:]) for r in rows)
        )
        _shared.clear()
        _shared[version] = index
    return index
