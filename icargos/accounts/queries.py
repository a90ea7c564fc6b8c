"""Reads of accounts: who a signed-in person or a programme may act as, and the shipper itself."""

import hmac
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from django.db import connection
from django.utils.translation import gettext as _

from icargos.accounts.models import Membership, Shipper, User
from icargos.accounts.rules import ROLES, SCOPES, STAFF_ROLES, Can, Role, Scope, StaffRole, key_hash, key_prefix
from icargos.kit.actor import Actor, Kind
from icargos.kit.errors import Forbidden, Refused


class Seat(msgspec.Struct, frozen=True):
    """One shipper a person belongs to, and as what."""

    shipper_id: int
    shipper_name: str
    account_no: str
    role: str


class Colleague(msgspec.Struct, frozen=True):
    """One of the courier's people."""

    id: int
    name: str
    staff_role: str


class Account(msgspec.Struct, frozen=True):
    """What other packages need to know of a shipper."""

    id: int
    account_no: str
    name: str
    default_service: str
    cod_allowed: bool


class Key(msgspec.Struct, frozen=True):
    """An API key as its shipper sees it; the key itself is kept nowhere."""

    id: int
    name: str
    prefix: str
    scopes: list[str]
    created_by: str
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


class View(msgspec.Struct, frozen=True):
    """A list narrowed in some way, under a name of the actor's own."""

    id: int
    name: str
    query: str


class Kept(msgspec.Struct, frozen=True):
    """What a person keeps of a list: own views in the order made, and columns; None where none were chosen."""

    views: list[View]
    columns: list[str] | None


_KEPT = """
SELECT coalesce((SELECT json_agg(json_build_array(v.id, v.name, v.query) ORDER BY v.id) FROM accounts_savedview v
        WHERE v.shipper_id = %s AND v.user_id = %s AND v.of = %s), '[]'),
    (SELECT c.names FROM accounts_showncolumns c WHERE c.shipper_id = %s AND c.user_id = %s AND c.of = %s)
"""
# In the order of Key's fields. Who made a key may have left since, and then is no longer seen.
_KEYS = """
SELECT k.id, k.name, k.prefix, k.scopes, coalesce(u.name, ''), k.created_at, k.last_used_at, k.revoked_at
FROM accounts_apikey k LEFT JOIN accounts_user u ON u.id = k.created_by_id
WHERE k.shipper_id = %s ORDER BY k.revoked_at IS NOT NULL, k.id DESC
"""


class KeyUnknown(Refused):
    """No API key, or one that nobody has."""

    code = "key_unknown"
    http_status = 401


class KeyEnded(Refused):
    """An API key that was good once."""

    code = "key_revoked"
    http_status = 401


class AccountClosed(Refused):
    """A good API key of an account that is closed."""

    code = "account_closed"
    http_status = 401


def seats(user_id: int) -> Sequence[Seat]:
    """Every shipper this person may act for, by name. The only read that needs no actor: it makes one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_memberships(%s)", [user_id])
        return [Seat(*row) for row in cursor.fetchall()]


def staff_actor(user_id: int, name: str, staff_role: str, request_id: str) -> Actor:
    """The actor of one of the courier's people."""
    can = frozenset(c.value for c in STAFF_ROLES[StaffRole(staff_role)])
    return Actor(Kind.STAFF, user_id=user_id, role=staff_role, name=name, can=can, request_id=request_id)


def seated_actor(user_id: int, name: str, seat: Seat, request_id: str) -> Actor:
    """The actor of a shipper's person in the given seat."""
    can = frozenset(c.value for c in ROLES[Role(seat.role)])
    return Actor(
        Kind.SHIPPER,
        user_id=user_id,
        shipper_id=seat.shipper_id,
        role=seat.role,
        name=name,
        can=can,
        request_id=request_id,
    )


def key_actor(token: str, request_id: str) -> tuple[Actor, datetime | None]:
    """The actor of a programme that shows this API key, and when the key was used last.

    Like ``seats`` it needs no actor: it makes one. Raises KeyUnknown for a key that nobody has, KeyEnded for one that
    was revoked, AccountClosed.
    """
    prefix = key_prefix(token)
    row = None
    if prefix:
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM accounts_api_key(%s)", [prefix])
            row = cursor.fetchone()
    if row is None or not hmac.compare_digest(bytes(row[3]), key_hash(token)):
        raise KeyUnknown(_("There is no such API key. Copy the whole key, or make a new one under API in the portal."))
    key_id, shipper_id, name, _kept, scopes, used, revoked, active = row
    if revoked:
        raise KeyEnded(_("This API key was revoked. Make a new one under API in the portal."))
    if not active:
        raise AccountClosed(_("This account is closed. Ask your courier to open it again."))
    can = frozenset(c.value for scope in scopes for c in SCOPES[Scope(scope)])
    actor = Actor(
        Kind.SHIPPER,
        shipper_id=shipper_id,
        role="key",
        name=f"API: {name}",
        can=can,
        request_id=request_id,
        key_id=key_id,
    )
    return actor, used


def keys(actor: Actor) -> list[Key]:
    """The shipper's API keys, the newest first, revoked ones last. Needs MANAGE_KEYS."""
    actor.require(Can.MANAGE_KEYS)
    with connection.cursor() as cursor:
        cursor.execute(_KEYS, [actor.tenant])
        return [Key(*row) for row in cursor.fetchall()]


def kept(actor: Actor, of: str) -> Kept:
    """What the actor keeps of the list called ``of``: nothing for a programme."""
    if actor.user_id is None:
        return Kept([], None)
    with connection.cursor() as cursor:
        cursor.execute(_KEPT, [actor.tenant, actor.user_id, of] * 2)
        views, columns = cursor.fetchone()
    found = msgspec.json.decode(views) if isinstance(views, str) else views
    return Kept([View(*view) for view in found], columns)


def account(actor: Actor) -> Account:
    """The actor's own shipper."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, account_no, name, default_service, cod_allowed FROM accounts_shipper WHERE id = %s",
            [actor.tenant],
        )
        return Account(*cursor.fetchone())


def colleagues(actor: Actor, role: StaffRole | None = None) -> list[Colleague]:
    """The courier's active people by name, all or those of one role. Raises Forbidden for anybody but staff."""
    if actor.kind is not Kind.STAFF:
        raise Forbidden("Only the courier's people see this.")
    people = User.objects.filter(is_active=True).exclude(staff_role="")
    if role is not None:
        people = people.filter(staff_role=role.value)
    return [Colleague(*row) for row in people.order_by("name", "id").values_list("id", "name", "staff_role")]


def members(actor: Actor, shipper_id: int) -> list[tuple[int, str, Seat]]:
    """Who may act for a shipper: id, name and seat of each active person, in the order they came. Staff only."""
    if actor.kind is not Kind.STAFF:
        raise Forbidden("Only the courier's people see this.")
    rows = Membership.objects.filter(shipper_id=shipper_id, user__is_active=True).order_by("id")
    found = rows.values_list("user_id", "user__name", "shipper__name", "shipper__account_no", "role")
    return [(user, name, Seat(shipper_id, shipper, number, role)) for user, name, shipper, number, role in found]


def shippers(actor: Actor) -> list[Account]:
    """Every active shipper by name. Raises Forbidden for anybody but staff."""
    if actor.kind is not Kind.STAFF:
        raise Forbidden("Only the courier's people see this.")
    rows = Shipper.objects.filter(active=True).order_by("name", "id")
    return [Account(*row) for row in rows.values_list("id", "account_no", "name", "default_service", "cod_allowed")]


def shipper_names(actor: Actor, ids: Iterable[int]) -> dict[int, str]:
    """Names of shippers by id, as many of these as the actor may see."""
    return dict(Shipper.objects.filter(id__in=set(ids)).values_list("id", "name"))


def demo_people_exist() -> bool:
    """Whether sign-ins with known demo passwords exist in this database."""
    return User.objects.filter(demo=True, is_active=True).exists()
