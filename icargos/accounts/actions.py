"""Writes of accounts."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from icargos.accounts.events import KeyCreated, KeyRevoked
from icargos.accounts.models import ApiKey, Membership, Shipper, User
from icargos.accounts.rules import KEY_NAME_LENGTH, MOST_KEYS, Can, Role, Scope, StaffRole, key_hash, key_token
from icargos.ground import facts
from icargos.kit.actor import Actor
from icargos.kit.errors import FieldProblem, Forbidden, Invalid, NotFound

_PREFIX_LETTERS = "abcdefghijklmnopqrstuvwxyz23456789"
_SECRET_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"  # noqa: S105 - letters
USED_EVERY = timedelta(minutes=1)


class NewKey(msgspec.Struct, frozen=True):
    """A key just made: the only time that ``token``, the key itself, is known."""

    id: int
    name: str
    token: str


def open_shipper(actor: Actor, *, account_no: str, name: str, default_service: str = "overnight") -> int:
    """A new tenant; returns its id. Needs APPROVE."""
    actor.require(Can.APPROVE)
    return Shipper.objects.create(account_no=account_no, name=name, default_service=default_service).id


def add_person(
    actor: Actor,
    *,
    email: str,
    name: str,
    password: str | None,
    staff_role: StaffRole | None = None,
    demo: bool = False,
) -> int:
    """A person who can sign in; returns the id. Needs APPROVE."""
    actor.require(Can.APPROVE)
    role = staff_role.value if staff_role else ""
    return User.objects.create_user(email, password, name=name, staff_role=role, demo=demo).id


def seat(actor: Actor, *, shipper_id: int, user_id: int, role: Role) -> None:
    """Give a person a role within a shipper, or change it. Needs MANAGE_PEOPLE (own shipper) or APPROVE."""
    if actor.shipper_id != shipper_id:
        actor.require(Can.APPROVE)
    else:
        actor.require(Can.MANAGE_PEOPLE)
    Membership.objects.update_or_create(shipper_id=shipper_id, user_id=user_id, defaults={"role": role.value})


def create_key(actor: Actor, *, name: str, scopes: Iterable[str], now: datetime) -> NewKey:
    """Make an API key of the shipper. Needs MANAGE_KEYS.

    Raises Invalid for a name that is too short, too long or in use, for no or unknown scopes, and for too many keys.
    """
    actor.require(Can.MANAGE_KEYS)
    if actor.user_id is None:
        raise Forbidden(_("A key is made by a person."))
    name = " ".join(name.split())
    wanted = sorted(set(scopes))
    held = ApiKey.objects.filter(shipper_id=actor.tenant, revoked_at=None)
    taken = FieldProblem("name", "NAME_TAKEN", _("You have a key with this name. Choose another one."))
    problems = []
    low, high = KEY_NAME_LENGTH
    if not low <= len(name) <= high or not name.isprintable():
        told = _("Give the key a name of %(low)d to %(high)d characters, so that you know it again.")
        problems.append(FieldProblem("name", "RANGE", told % {"low": low, "high": high}))
    elif held.filter(name__iexact=name).exists():
        problems.append(taken)
    if not wanted or not set(wanted) <= {scope.value for scope in Scope}:
        problems.append(FieldProblem("scopes", "REQUIRED", _("Tick what the key may do.")))
    if held.count() >= MOST_KEYS:
        told = _("You have %(most)d keys in use. Revoke one that you no longer need.") % {"most": MOST_KEYS}
        problems.append(FieldProblem("name", "RANGE", told))
    if problems:
        raise Invalid(problems[0].message, problems=problems)
    prefix = "".join(secrets.choice(_PREFIX_LETTERS) for _place in range(12))
    token = key_token(prefix, "".join(secrets.choice(_SECRET_LETTERS) for _place in range(43)))
    try:
        with transaction.atomic():
            key = ApiKey.objects.create(
                shipper_id=actor.tenant,
                name=name,
                prefix=prefix,
                hash=key_hash(token),
                scopes=wanted,
                created_by_id=actor.user_id,
                created_at=now,
            )
    except IntegrityError:
        raise Invalid(taken.message, problems=[taken]) from None
    made = KeyCreated(shipper_id=actor.tenant, subject_id=key.id, scopes=tuple(wanted))
    facts.record(actor, [made], now=now)
    return NewKey(key.id, name, token)


def revoke_key(actor: Actor, key_id: int, *, now: datetime) -> str:
    """End an API key at once and for ever; returns its name. A second time changes nothing. Needs MANAGE_KEYS.

    Raises NotFound for a key that is not this shipper's.
    """
    actor.require(Can.MANAGE_KEYS)
    key = ApiKey.objects.filter(shipper_id=actor.tenant, id=key_id)
    name = key.values_list("name", flat=True).first()
    if name is None:
        raise NotFound(_("There is no such key here. Reload the page."))
    if key.filter(revoked_at=None).update(revoked_at=now):
        facts.record(actor, [KeyRevoked(shipper_id=actor.tenant, subject_id=key_id)], now=now)
    return name


def note_key_use(actor: Actor, *, now: datetime) -> None:
    """Remember when the actor's key was used last, to the minute."""
    stale = Q(last_used_at=None) | Q(last_used_at__lte=now - USED_EVERY)
    ApiKey.objects.filter(stale, shipper_id=actor.tenant, id=actor.key_id or 0).update(last_used_at=now)
