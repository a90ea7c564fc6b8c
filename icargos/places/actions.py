"""Writes of places: pickup profiles, the shipper's own city words, who works where."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.ground import facts
from icargos.kit import phone as phones
from icargos.kit.actor import Actor
from icargos.kit.errors import Conflict, FieldProblem, Invalid, NotFound
from icargos.places import queries
from icargos.places.events import AliasLearnt, ProfileAdded
from icargos.places.models import CityAlias, PickupProfile, Post
from icargos.places.rules import key_of

FIRST_CODE = 4101
_NAME = range(2, 51)
_ADDRESS = range(10, 251)
LONGEST_ALIAS = 60


@transaction.atomic
def add_profile(
    actor: Actor,
    *,
    name: str,
    phone: str,
    address: str,
    city: str,
    now: datetime,
    code: str = "",
    return_address: str = "",
    is_default: bool = False,
    shipper_id: int | None = None,
) -> int:
    """A new pickup profile; returns its id. The shipper's first one becomes its default.

    ``city`` is a city's name as people write it; ``phone`` any form ``kit.phone`` reads. Without a code the
    next free number is taken. Staff name the shipper. Raises Invalid, naming every field, Conflict for a code
    the shipper already uses, Forbidden without MANAGE_PROFILES.
    """
    actor.require(Can.MANAGE_PROFILES)
    shipper = actor.tenant if actor.shipper_id is not None or shipper_id is None else shipper_id
    problems = []
    name, address, return_address = name.strip(), address.strip(), return_address.strip()
    if len(name) not in _NAME:
        problems.append(FieldProblem("name", "RANGE", _("A name has 2 to 50 characters.")))
    if len(address) not in _ADDRESS:
        problems.append(FieldProblem("address", "RANGE", _("An address has 10 to 250 characters.")))
    if return_address and len(return_address) not in _ADDRESS:
        problems.append(FieldProblem("return_address", "RANGE", _("An address has 10 to 250 characters.")))
    try:
        number = phones.read(phone).e164
    except phones.PhoneInvalid as refusal:
        number = ""
        problems.append(FieldProblem("phone", "PHONE_INVALID", _(refusal.message)))
    found = queries.city_index(actor).find(city)
    if found.city_id is None:
        told = _("We do not know the city “%(city)s”.") % {"city": city[:40]}
        problems.append(FieldProblem("city", "CITY_UNKNOWN", told, found.suggestion or ""))
    if problems:
        raise Invalid(_("This pickup profile is not complete."), problems=problems)
    assert found.city_id is not None

    mine = PickupProfile.objects.filter(shipper_id=shipper)
    # Two people adding at once would take the same number: the tenant's rows are locked first.
    codes = set(mine.select_for_update().values_list("code", flat=True))
    if code in codes:
        taken = FieldProblem("code", "DUPLICATE", _("You already have a pickup profile with this ID."))
        raise Conflict(taken.message, problems=[taken])
    if not code:
        code = str(max((int(c) + 1 for c in codes if c.isdecimal()), default=FIRST_CODE))
    if is_default:
        mine.filter(is_default=True).update(is_default=False)
    row = PickupProfile.objects.create(
        shipper_id=shipper,
        code=code,
        name=name,
        phone=number,
        address=address,
        city_id=found.city_id,
        return_address=return_address,
        is_default=is_default or not codes,
    )
    fact = ProfileAdded(shipper_id=shipper, subject_id=row.id, code=code, city_id=found.city_id)
    facts.record(actor, [fact], now=now)
    return row.id


@transaction.atomic
def learn_alias(actor: Actor, alias: str, city_id: int, *, now: datetime) -> None:
    """From now on this shipper's ``alias`` means the city; a later lesson replaces an earlier one.

    Needs IMPORT. Raises Invalid for a word without letters or over 60 characters, NotFound for an unknown city.
    """
    actor.require(Can.IMPORT)
    key = key_of(alias)
    if not key or len(key) > LONGEST_ALIAS:
        problem = FieldProblem("alias", "RANGE", _("A city's name has 1 to 60 letters."))
        raise Invalid(problem.message, problems=[problem])
    if queries.city_index(actor).get(city_id) is None:
        raise NotFound(_("There is no such city."))
    CityAlias.objects.update_or_create(shipper_id=actor.tenant, alias=key, defaults={"city_id": city_id})
    facts.record(actor, [AliasLearnt(shipper_id=actor.tenant, subject_id=city_id)], now=now)


def post(actor: Actor, user_id: int, station_id: int) -> None:
    """From now on this person works at the station. Needs APPROVE; raises NotFound for an unknown station."""
    actor.require(Can.APPROVE)
    if station_id not in {office.id for office in queries.stations(actor)}:
        raise NotFound(_("There is no such station."))
    Post.objects.update_or_create(user_id=user_id, defaults={"station_id": station_id})
