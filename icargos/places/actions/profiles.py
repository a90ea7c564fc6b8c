"""Pickup profiles: the places a shipper's parcels are collected from."""

from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.ground import facts
from icargos.kit import phone as phones
from icargos.kit.actor import Actor
from icargos.kit.errors import Conflict, FieldProblem, Invalid, NotFound
from icargos.places import queries
from icargos.places.events import ProfileAdded, ProfileChanged, ProfileRestored, ProfileRetired
from icargos.places.models import PickupProfile, ProfileChoice

FIRST_CODE = 4101
_NAME = range(2, 51)
_ADDRESS = range(10, 251)
_CODE = range(1, 13)


class _Checked(NamedTuple):
    """A profile's fields as they are kept."""

    name: str
    phone: str
    address: str
    city_id: int
    return_address: str


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
    checked = _check(actor, name, phone, address, city, return_address, code=code)
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
        shipper_id=shipper, code=code, is_default=is_default or not codes, **checked._asdict()
    )
    fact = ProfileAdded(shipper_id=shipper, subject_id=row.id, code=code, city_id=checked.city_id)
    facts.record(actor, [fact], now=now)
    return row.id


@transaction.atomic
def change_profile(
    actor: Actor, code: str, *, name: str, phone: str, address: str, city: str, return_address: str, now: datetime
) -> tuple[str, ...]:
    """Change a profile, but never its ID; returns the names of the fields that changed.

    What is booked already keeps the city it starts from; labels show the new name, phone and address from now on.
    Raises NotFound for a profile that is not the actor's, Invalid naming every field, Forbidden without
    MANAGE_PROFILES.
    """
    actor.require(Can.MANAGE_PROFILES)
    row = _held(actor, code)
    wanted = _check(actor, name, phone, address, city, return_address)._asdict()
    changes = {field: value for field, value in wanted.items() if getattr(row, field) != value}
    if changes:
        PickupProfile.objects.filter(id=row.id).update(**changes)
        fact = ProfileChanged(shipper_id=actor.tenant, subject_id=row.id, code=code, fields=tuple(changes))
        facts.record(actor, [fact], now=now)
    return tuple(changes)


@transaction.atomic
def make_default(actor: Actor, code: str, *, now: datetime) -> None:
    """From now on bookings of everybody who chose no profile of their own start here. Needs MANAGE_PROFILES.

    Raises NotFound for a profile that is not the actor's, Conflict for one that is out of use.
    """
    actor.require(Can.MANAGE_PROFILES)
    row = _in_use(_held(actor, code))
    if row.is_default:
        return
    PickupProfile.objects.filter(shipper_id=actor.tenant, is_default=True).update(is_default=False)
    PickupProfile.objects.filter(id=row.id).update(is_default=True)
    fact = ProfileChanged(shipper_id=actor.tenant, subject_id=row.id, code=code, fields=("is_default",))
    facts.record(actor, [fact], now=now)


@transaction.atomic
def choose_profile(actor: Actor, code: str) -> None:
    """The actor's own bookings start here, unless they name another profile; "" goes back to the shipper's default.

    Needs BOOK. Raises NotFound for a profile that is not the actor's, Conflict for one that is out of use.
    """
    actor.require(Can.BOOK)
    mine = ProfileChoice.objects.filter(shipper_id=actor.tenant, user_id=actor.user_id or 0)
    if not code:
        mine.delete()
        return
    row = _in_use(_held(actor, code))
    ProfileChoice.objects.update_or_create(
        shipper_id=actor.tenant, user_id=actor.user_id or 0, defaults={"profile_id": row.id}
    )


@transaction.atomic
def retire_profile(actor: Actor, code: str, *, now: datetime) -> None:
    """Take a profile out of use: nothing new is booked from it, what is booked goes on. Needs MANAGE_PROFILES.

    Whoever had chosen it gets the shipper's default again. Raises NotFound for a profile that is not the actor's,
    Conflict for the default one.
    """
    actor.require(Can.MANAGE_PROFILES)
    row = _held(actor, code)
    if row.is_default:
        raise Conflict(_("This is your default profile. Make another one the default first."))
    if row.active:
        PickupProfile.objects.filter(id=row.id).update(active=False)
        ProfileChoice.objects.filter(shipper_id=actor.tenant, profile_id=row.id).delete()
        facts.record(actor, [ProfileRetired(shipper_id=actor.tenant, subject_id=row.id, code=code)], now=now)


@transaction.atomic
def restore_profile(actor: Actor, code: str, *, now: datetime) -> None:
    """Take a profile into use again. Needs MANAGE_PROFILES; raises NotFound for one that is not the actor's."""
    actor.require(Can.MANAGE_PROFILES)
    row = _held(actor, code)
    if not row.active:
        PickupProfile.objects.filter(id=row.id).update(active=True)
        facts.record(actor, [ProfileRestored(shipper_id=actor.tenant, subject_id=row.id, code=code)], now=now)


def _held(actor: Actor, code: str) -> PickupProfile:
    """The shipper's profile with this ID, after all of its profiles were locked: only one of them is the default."""
    mine = list(PickupProfile.objects.select_for_update().filter(shipper_id=actor.tenant).order_by("id"))
    for row in mine:
        if row.code == code:
            return row
    raise NotFound(_("There is no such pickup profile. Choose one from the list."))


def _in_use(row: PickupProfile) -> PickupProfile:
    if not row.active:
        raise Conflict(_("This profile is out of use. Take it into use again first."))
    return row


def _check(
    actor: Actor, name: str, phone: str, address: str, city: str, return_address: str, *, code: str = ""
) -> _Checked:
    """The fields as they are kept; raises Invalid naming every one that is wrong."""
    problems = []
    name, address, return_address = name.strip(), address.strip(), return_address.strip()
    if len(name) not in _NAME:
        problems.append(FieldProblem("name", "RANGE", _("A name has 2 to 50 characters.")))
    if len(address) not in _ADDRESS:
        problems.append(FieldProblem("address", "RANGE", _("An address has 10 to 250 characters.")))
    if return_address and len(return_address) not in _ADDRESS:
        problems.append(FieldProblem("return_address", "RANGE", _("An address has 10 to 250 characters.")))
    if code and (len(code) not in _CODE or not code.isascii() or not code.replace("-", "").isalnum()):
        told = _("A Profile ID has up to 12 letters and digits.")
        problems.append(FieldProblem("code", "RANGE", told))
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
    return _Checked(name, number, address, found.city_id, return_address)
