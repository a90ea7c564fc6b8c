"""Reads of accounts: who a signed-in person may act as, and the shipper itself."""

from collections.abc import Iterable, Sequence

import msgspec
from django.db import connection

from icargos.accounts.models import Shipper, User
from icargos.accounts.rules import ROLES, STAFF_ROLES, Role, StaffRole
from icargos.kit.actor import Actor, Kind
from icargos.kit.errors import Forbidden


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


def shipper_names(actor: Actor, ids: Iterable[int]) -> dict[int, str]:
    """Names of shippers by id, as many of these as the actor may see."""
    return dict(Shipper.objects.filter(id__in=set(ids)).values_list("id", "name"))


def demo_people_exist() -> bool:
    """Whether sign-ins with known demo passwords exist in this database."""
    return User.objects.filter(demo=True, is_active=True).exists()
