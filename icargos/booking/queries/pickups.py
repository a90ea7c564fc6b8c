"""Pickups as their shipper sees them: what may be asked for, what was, and what waits to be handed over."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, TypeVar

import msgspec
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.booking.rules import pickups as rules
from icargos.booking.rules.pickups import LIVE
from icargos.kit.actor import Actor
from icargos.kit.errors import NotFound
from icargos.places import queries as places
from icargos.places.queries import Profile
from icargos.places.rules import Calendar


class Waiting(msgspec.Struct, frozen=True):
    """Parcels of one pickup profile that its shipper holds. Weights in grams; ``booked`` are not marked ready yet."""

    ready: int = 0
    ready_g: int = 0
    booked: int = 0
    booked_g: int = 0


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """For when a pickup at a profile may be asked: the days, the first one's slots, and the city's cut-off."""

    profile: Profile
    days: list[date]
    slots: tuple[str, ...]
    cut_off: time
    calendar: Calendar


class Pickup(msgspec.Struct, frozen=True, kw_only=True):
    """One request. Weight in grams; ``rider`` is a first name; ``again_day`` when the courier comes again."""

    id: int
    number: str
    profile_id: int
    profile_code: str
    profile: str
    address: str
    city: str
    day: date
    slot: str
    expected_parcels: int
    expected_weight_g: int
    note: str
    state: str
    asked_at: datetime
    asked_by: str
    weekly: bool
    rider: str
    started_at: datetime | None
    ended_at: datetime | None
    reason: str
    collected: int
    left: int
    again_day: date | None

    @property
    def may_be_cancelled(self) -> bool:
        """Whether the rider has not started."""
        return self.state in rules.NOT_STARTED

    @property
    def is_live(self) -> bool:
        """Whether it is still to come."""
        return self.state in LIVE


class Schedule(msgspec.Struct, frozen=True, kw_only=True):
    """A weekly pickup; weekdays from 0, Monday. Weight in grams."""

    id: int
    profile_id: int
    profile: str
    city: str
    weekdays: list[int]
    slot: str
    expected_parcels: int
    expected_weight_g: int
    note: str
    by_name: str


_PICKUP = """
SELECT r.id, r.number, r.profile_id, p.code, p.name, p.address, t.name, r.day, r.slot, r.expected_parcels,
    r.expected_weight_g, r.note, r.state, r.asked_at, r.asked_by, r.schedule_id IS NOT NULL, r.rider_first_name,
    r.started_at, r.ended_at, r.reason, r.collected, r.left, a.day
FROM booking_pickuprequest r JOIN places_pickupprofile p ON p.id = r.profile_id JOIN places_city t ON t.id = p.city_id
LEFT JOIN booking_pickuprequest a ON a.again_of = r.id AND a.shipper_id = r.shipper_id
WHERE r.shipper_id = %s AND {where} ORDER BY {order} LIMIT %s
"""
_SCHEDULES = """
SELECT s.id, s.profile_id, p.name, t.name, s.weekdays, s.slot, s.expected_parcels, s.expected_weight_g, s.note,
    s.by_name
FROM booking_pickupschedule s JOIN places_pickupprofile p ON p.id = s.profile_id
JOIN places_city t ON t.id = p.city_id
WHERE s.shipper_id = %s AND s.stopped_at IS NULL ORDER BY s.id
"""
_WAITING = """
SELECT c.profile_id, count(*) FILTER (WHERE c.status = 'ready_for_pickup'),
    (coalesce(sum(c.weight_g) FILTER (WHERE c.status = 'ready_for_pickup'), 0))::bigint,
    count(*) FILTER (WHERE c.status = 'new_booked'),
    (coalesce(sum(c.weight_g) FILTER (WHERE c.status = 'new_booked'), 0))::bigint
FROM consignments_consignment c
WHERE c.shipper_id = %s AND c.status IN ('ready_for_pickup', 'new_booked')
    AND (%s::bigint IS NULL OR c.import_id = %s) AND (%s::text[] IS NULL OR c.cn = ANY(%s)) GROUP BY 1
"""


def waiting(actor: Actor, *, import_id: int | None = None, cns: Sequence[str] | None = None) -> dict[int, Waiting]:
    """What the shipper holds by pickup profile: of one import, of these numbers or in all. Needs SEE_ORDERS."""
    actor.require(Can.SEE_ORDERS)
    chosen = None if cns is None else list(cns)
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [actor.tenant, import_id, import_id, chosen, chosen])
        return {profile: Waiting(*figures) for profile, *figures in cursor.fetchall()}


def pickup_choice(actor: Actor, profile: Profile, *, now: datetime) -> Choice:
    """For when a pickup at the profile may be asked."""
    cut_off = places.pickup_cut_off(actor, profile.city_id, on=timezone.localdate(now))
    calendar = places.calendar(actor)
    days = rules.days_offered(calendar, now, cut_off)
    return Choice(profile=profile, days=days, slots=rules.slots_on(days[0], now), cut_off=cut_off, calendar=calendar)


def pickups(actor: Actor, *, live: bool, most: int = 50) -> list[Pickup]:
    """The shipper's pickups: those to come, the next one first, or those that are over, the last one first.

    Without SEE_CONSIGNEE the notes are left out: people write phones into them. Needs SEE_ORDERS.
    """
    actor.require(Can.SEE_ORDERS)
    states = [state.value for state in LIVE]
    where, order = ("r.state = ANY(%s)", "r.day, r.slot, r.id") if live else ("r.state <> ALL(%s)", "r.id DESC")
    return _pickups(actor, where, order, [states], most)


def pickup(actor: Actor, pickup_id: int) -> Pickup:
    """One of the shipper's pickups; raises NotFound, alike for unknown and foreign."""
    actor.require(Can.SEE_ORDERS)
    found = _pickups(actor, "r.id = %s", "r.id", [pickup_id], 1)
    if not found:
        raise NotFound(_("There is no such pickup here."))
    return found[0]


def count_pickups(actor: Actor) -> int:
    """How many pickups of the shipper are still to come."""
    actor.require(Can.SEE_ORDERS)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM booking_pickuprequest WHERE shipper_id = %s AND state = ANY(%s)",
            [actor.tenant, [state.value for state in LIVE]],
        )
        (n,) = cursor.fetchone()
    return int(n)


def schedules(actor: Actor) -> list[Schedule]:
    """The shipper's weekly pickups that were not stopped. Needs SEE_ORDERS."""
    actor.require(Can.SEE_ORDERS)
    with connection.cursor() as cursor:
        cursor.execute(_SCHEDULES, [actor.tenant])
        names = Schedule.__struct_fields__
        return [_without_note(actor, Schedule(**dict(zip(names, row, strict=True)))) for row in cursor.fetchall()]


def next_pickup(actor: Actor, profile_id: int) -> Pickup | None:
    """The next pickup to come at this profile of the shipper's, if there is one. Needs SEE_ORDERS."""
    actor.require(Can.SEE_ORDERS)
    states = [state.value for state in LIVE]
    found = _pickups(actor, "r.state = ANY(%s) AND r.profile_id = %s", "r.day, r.slot", [states, profile_id], 1)
    return found[0] if found else None


def _pickups(actor: Actor, where: str, order: str, values: Sequence[Any], most: int) -> list[Pickup]:
    with connection.cursor() as cursor:
        cursor.execute(_PICKUP.format(where=where, order=order), [actor.tenant, *values, most])
        names = Pickup.__struct_fields__
        return [_without_note(actor, Pickup(**dict(zip(names, row, strict=True)))) for row in cursor.fetchall()]


_Noted = TypeVar("_Noted", Pickup, Schedule)


def _without_note(actor: Actor, one: _Noted) -> _Noted:
    return one if actor.may(Can.SEE_CONSIGNEE) else msgspec.structs.replace(one, note="")
