"""Writes of accounts."""

from icargos.accounts.models import Membership, Shipper, User
from icargos.accounts.rules import Can, Role, StaffRole
from icargos.kit.actor import Actor


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
