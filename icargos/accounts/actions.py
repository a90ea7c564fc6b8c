"""Writes of accounts."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from icargos.accounts.events import KeyCreated, KeyRevoked
from icargos.accounts.models import ApiKey, Membership, SavedView, Shipper, ShownColumns, User
from icargos.accounts.rules import (
    KEY_NAME_LENGTH,
    MOST_KEYS,
    MOST_VIEWS,
    VIEW_NAME_LENGTH,
    VIEW_QUERY_LENGTH,
    Can,
    Role,
    Scope,
    StaffRole,
    key_hash,
    key_token,
)
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


def keep_view(actor: Actor, of: str, name: str, query: str) -> int:
    """Keep a list narrowed as ``query`` says under a name of the actor's own; returns its id.

    Raises Forbidden for a programme, Invalid for a name that is empty, too long or in use, or for too many views.
    """
    name = _view_name(name)
    mine = SavedView.objects.filter(shipper_id=actor.tenant, user_id=_person(actor), of=of)
    if mine.count() >= MOST_VIEWS:
        raise Invalid(_("You have %(most)d views of your own. Delete one first.") % {"most": MOST_VIEWS})
    try:
        with transaction.atomic():
            return SavedView.objects.create(
                shipper_id=actor.tenant, user_id=_person(actor), of=of, name=name, query=_view_query(query)
            ).id
    except IntegrityError:
        raise _name_taken(name) from None


def change_view(actor: Actor, view_id: int, *, name: str | None = None, query: str | None = None) -> None:
    """Give a view of the actor's own another name, or let it show something else.

    Raises NotFound for a view that is not the actor's, Invalid for a name that is empty, too long or in use.
    """
    changes = {"name": _view_name(name)} if name is not None else {}
    changes |= {"query": _view_query(query)} if query is not None else {}
    mine = SavedView.objects.filter(shipper_id=actor.tenant, user_id=_person(actor), id=view_id)
    try:
        with transaction.atomic():
            if not mine.update(**changes):
                raise NotFound(_("There is no such view of yours. Reload the list."))
    except IntegrityError:
        raise _name_taken(changes["name"]) from None


def drop_view(actor: Actor, view_id: int) -> None:
    """Forget a view of the actor's own; the same twice is no error. Raises Forbidden for a programme."""
    SavedView.objects.filter(shipper_id=actor.tenant, user_id=_person(actor), id=view_id).delete()


def keep_columns(actor: Actor, of: str, names: Sequence[str] | None) -> None:
    """Remember the columns that the actor wants of a list; None forgets them. Raises Forbidden for a programme."""
    if names is None:
        ShownColumns.objects.filter(shipper_id=actor.tenant, user_id=_person(actor), of=of).delete()
    else:
        ShownColumns.objects.update_or_create(
            shipper_id=actor.tenant, user_id=_person(actor), of=of, defaults={"names": list(names)}
        )


def _person(actor: Actor) -> int:
    if actor.user_id is None:
        raise Forbidden(_("Only a person keeps views and columns."))
    return actor.user_id


def _view_name(name: str) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= VIEW_NAME_LENGTH:
        told = _("A name has 1 to %(most)d letters.") % {"most": VIEW_NAME_LENGTH}
        raise Invalid(told, problems=[FieldProblem("name", "RANGE", told)])
    return name


def _view_query(query: str) -> str:
    if len(query) > VIEW_QUERY_LENGTH:
        raise Invalid(_("This list is narrowed in too many ways to be kept. Choose fewer."))
    return query


def _name_taken(name: str) -> Invalid:
    told = _("You have a view called “%(name)s” already.") % {"name": name}
    return Invalid(told, problems=[FieldProblem("name", "TAKEN", told)])
