"""Pickups as shippers ask for them: once or every week, joined where one is open, called off while nobody left."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

import msgspec
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from icargos.accounts.rules import ROLES, Can, Role
from icargos.booking.actions.numbering import draw
from icargos.booking.actions.ready import mark_ready
from icargos.booking.events import PickupAsked, PickupCancelled, PickupScheduled, PickupScheduleStopped
from icargos.booking.models import PickupRequest, PickupSchedule
from icargos.booking.queries import booked_cns, pickup_choice, waiting
from icargos.booking.rules import pickups as rules
from icargos.booking.rules.pickups import LIVE, NOT_STARTED, PARCELS, WEIGHT_G, Ask, PickupState
from icargos.ground import facts
from icargos.ground.relay import RELAY
from icargos.ground.tenancy import acting
from icargos.kit.actor import Actor, Kind
from icargos.kit.errors import Conflict, FieldProblem, Invalid, NotFound
from icargos.places import queries as places

_ONE_AT_A_TIME = 4927  # the first key of the lock under which pickups of one profile are asked for


class PickupRefused(Invalid):
    """A pickup that cannot be asked for; ``problems`` names every field."""

    code = "pickup_refused"


class TooLate(Conflict):
    """The rider is on the way already, or the pickup is over."""

    code = "pickup_started"


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What an ask came to: a request of a day, or a weekly schedule; ``merged`` when it joined an open one.

    ``marked`` parcels became Ready for Pickup with it.
    """

    request_id: int = 0
    number: str = ""
    schedule_id: int = 0
    merged: bool = False
    marked: int = 0


@transaction.atomic
def ask_pickup(actor: Actor, ask: Ask, *, ready_cns: Sequence[str] = (), now: datetime) -> Asked:
    """Ask for a pickup, or a weekly one; the parcels ``ready_cns`` are marked ready with it, or nothing is done.

    At a place, day and slot there is one open request: asking again joins it, and the greater expectation counts.
    The same goes for weekly ones, whose weekdays add up. A double click changes nothing. Raises Forbidden without
    HAND_OVER, NotFound for a foreign profile or number, PickupRefused naming every field: a day that is over, past
    its city's cut-off, a Sunday or a holiday, a slot that has begun.
    """
    actor.require(Can.HAND_OVER)
    profile = places.profile(actor, ask.profile_id)
    calendar = places.calendar(actor)
    cut_off = places.pickup_cut_off(actor, profile.city_id, on=timezone.localdate(now))
    wrong = rules.wrong_in(ask, calendar=calendar, now=now, cut_off=cut_off, city=profile.city)
    if wrong:
        problems = [FieldProblem(one.field, "RANGE", _(one.template) % one.params) for one in wrong]
        raise PickupRefused(problems[0].message, problems=problems)
    _one_at_a_time(profile.id)
    if ask.weekdays:
        schedule, merged = _scheduled(actor, ask, begins=rules.first_day(calendar, now, cut_off), now=now)
        asked = Asked(schedule_id=schedule.id, merged=merged)
    else:
        assert ask.day is not None
        request, merged = _request(actor, ask, ask.day, now=now)
        asked = Asked(request_id=request.id, number=request.number, merged=merged)
    # Parcels are locked last, as by everybody who locks requests too.
    marked = mark_ready(actor, ready_cns, now=now).marked if ready_cns else 0
    return msgspec.structs.replace(asked, marked=marked)


@transaction.atomic
def ask_pickups_of_import(
    actor: Actor, import_id: int, *, day: date | None = None, slot: str = "", note: str = "", now: datetime
) -> list[Asked]:
    """Mark the parcels of an import ready and ask for their pickup, one request for each pickup profile of theirs.

    Without a day and a slot each place takes its earliest. What is expected are all parcels that are ready at the
    place then. Raises as ``ask_pickup``; NotFound for another shipper's import, PickupRefused when none of its parcels
    is left to pick up.
    """
    actor.require(Can.HAND_OVER)
    booked = booked_cns(actor, import_id=import_id)
    chosen = waiting(actor, import_id=import_id)
    if not chosen:
        raise PickupRefused(_("None of these parcels waits for a pickup."))
    everything, asked = waiting(actor), []
    for profile_id, mine in sorted(chosen.items()):
        choice = pickup_choice(actor, places.profile(actor, profile_id), now=now)
        held = everything[profile_id]
        ask = Ask(
            profile_id=profile_id,
            day=day or choice.days[0],
            slot=slot or choice.slots[0],
            expected_parcels=min(held.ready + mine.booked, PARCELS.stop - 1),
            expected_weight_g=min(held.ready_g + mine.booked_g, WEIGHT_G.stop - 1),
            note=note,
        )
        asked.append(ask_pickup(actor, ask, now=now))
    mark_ready(actor, booked, now=now)
    return asked


@transaction.atomic
def cancel_pickup(actor: Actor, pickup_id: int, *, now: datetime) -> None:
    """Call a pickup off; its parcels stay ready. A second time changes nothing.

    Raises Forbidden without HAND_OVER, NotFound for another shipper's, TooLate once the rider has left for it.
    """
    actor.require(Can.HAND_OVER)
    found = PickupRequest.objects.select_for_update().filter(shipper_id=actor.tenant, id=pickup_id).first()
    if found is None:
        raise NotFound(_("There is no such pickup here."))
    if found.state == PickupState.CANCELLED:
        return
    if found.state not in NOT_STARTED:
        told = _("The rider is on the way. Tell him at the door.")
        raise TooLate(told if found.state == PickupState.ON_THE_WAY else _("This pickup is over."))
    PickupRequest.objects.filter(id=found.id, shipper_id=found.shipper_id).update(
        state=PickupState.CANCELLED.value, cancelled_at=now, cancelled_by=actor.name
    )
    fact = PickupCancelled(shipper_id=found.shipper_id, subject_id=found.id, number=found.number)
    facts.record(actor, [fact], now=now)


@transaction.atomic
def stop_schedule(actor: Actor, schedule_id: int, *, now: datetime) -> None:
    """End a weekly pickup; what it has asked for already stays. A second time changes nothing.

    Raises Forbidden without HAND_OVER, NotFound for another shipper's.
    """
    actor.require(Can.HAND_OVER)
    found = PickupSchedule.objects.select_for_update().filter(shipper_id=actor.tenant, id=schedule_id).first()
    if found is None:
        raise NotFound(_("There is no such weekly pickup here."))
    if found.stopped_at is None:
        PickupSchedule.objects.filter(id=found.id, shipper_id=found.shipper_id).update(
            stopped_at=now, stopped_by=actor.name
        )
        fact = PickupScheduleStopped(shipper_id=found.shipper_id, subject_id=found.id)
        facts.record(actor, [fact], now=now)


def make_scheduled_pickups(*, now: datetime) -> int:
    """Ask for what the weekly pickups of all shippers want of today and tomorrow; returns how many there were.

    Each schedule asks once for a day, whatever became of that request since. Run by the schedule, as whoever set the
    pickup up.
    """
    until = timezone.localdate(now) + timedelta(days=1)
    with acting(RELAY):
        running = PickupSchedule.objects.filter(stopped_at=None, made_until__lt=until).order_by("id")
        due = list(running.values_list("id", "profile_id", "shipper_id", "by_id", "by_name"))
    can, made = frozenset(c.value for c in ROLES[Role.OPERATIONS]), 0
    for schedule_id, profile_id, shipper_id, by_id, by_name in due:
        actor = Actor(
            Kind.SHIPPER, user_id=by_id, shipper_id=shipper_id, role=Role.OPERATIONS.value, name=by_name, can=can
        )
        with acting(actor):
            _one_at_a_time(profile_id)
            schedule = PickupSchedule.objects.select_for_update().get(id=schedule_id)
            if schedule.stopped_at is None:
                made += _make(actor, schedule, schedule.weekdays, after=schedule.made_until, until=until, now=now)
    return made


def _scheduled(actor: Actor, ask: Ask, *, begins: date, now: datetime) -> tuple[PickupSchedule, bool]:
    """The weekly pickup that was asked for, new or joined to a running one, with its first requests."""
    mine = PickupSchedule.objects.select_for_update().filter(
        shipper_id=actor.tenant, profile_id=ask.profile_id, slot=ask.slot, stopped_at=None
    )
    schedule, merged = mine.first(), True
    weekdays = sorted(set(ask.weekdays))
    before = begins - timedelta(days=1)
    if schedule is None:
        merged = False
        schedule = PickupSchedule.objects.create(
            shipper_id=actor.tenant,
            profile_id=ask.profile_id,
            weekdays=weekdays,
            slot=ask.slot,
            expected_parcels=ask.expected_parcels,
            expected_weight_g=ask.expected_weight_g,
            note=ask.note,
            begun_at=now,
            by_id=actor.user_id,
            by_name=actor.name,
            made_until=before,
        )
    new = set(weekdays) if not merged else set(weekdays) - set(schedule.weekdays)
    joined = {
        "weekdays": sorted({*schedule.weekdays, *weekdays}),
        "expected_parcels": max(schedule.expected_parcels, ask.expected_parcels),
        "expected_weight_g": max(schedule.expected_weight_g, ask.expected_weight_g),
        "note": _both(schedule.note, ask.note),
    }
    if not merged or any(getattr(schedule, name) != value for name, value in joined.items()):
        PickupSchedule.objects.filter(id=schedule.id, shipper_id=schedule.shipper_id).update(**joined)
        schedule.refresh_from_db()
        fact = PickupScheduled(
            shipper_id=schedule.shipper_id,
            subject_id=schedule.id,
            profile_id=schedule.profile_id,
            slot=schedule.slot,
            weekdays=tuple(schedule.weekdays),
        )
        facts.record(actor, [fact], now=now)
    made_until, tomorrow = schedule.made_until, timezone.localdate(now) + timedelta(days=1)
    # Days that were settled without the new weekdays, then all that are not settled yet.
    _make(actor, schedule, new, after=before, until=made_until, now=now)
    _make(actor, schedule, schedule.weekdays, after=made_until, until=tomorrow, now=now)
    return schedule, merged


def _make(
    actor: Actor, schedule: PickupSchedule, weekdays: Iterable[int], *, after: date, until: date, now: datetime
) -> int:
    """Ask for the days after ``after`` up to and with ``until``, and note how far the schedule is."""
    after = max(after, timezone.localdate(now) - timedelta(days=1))
    # A slot of today that has begun is past: a worker that was away does not ask for it any more.
    days = [
        day
        for day in rules.due(weekdays, after, until, places.calendar(actor))
        if schedule.slot in rules.slots_on(day, now)
    ]
    for day in days:
        ask = Ask(
            profile_id=schedule.profile_id,
            day=day,
            slot=schedule.slot,
            expected_parcels=schedule.expected_parcels,
            expected_weight_g=schedule.expected_weight_g,
            note=schedule.note,
        )
        _request(actor, ask, day, schedule_id=schedule.id, now=now)
    PickupSchedule.objects.filter(id=schedule.id, shipper_id=schedule.shipper_id).update(
        made_until=max(schedule.made_until, until)
    )
    return len(days)


def _request(
    actor: Actor, ask: Ask, day: date, *, schedule_id: int | None = None, now: datetime
) -> tuple[PickupRequest, bool]:
    """The open request of the place, day and slot, new or joined. In a transaction that asks for the profile alone."""
    live = [state.value for state in LIVE]
    mine = PickupRequest.objects.select_for_update().filter(
        shipper_id=actor.tenant, profile_id=ask.profile_id, day=day, slot=ask.slot, state__in=live
    )
    found = mine.first()
    if found is None:
        found = PickupRequest.objects.create(
            shipper_id=actor.tenant,
            number=draw("PU", timezone.localdate(now)),
            profile_id=ask.profile_id,
            day=day,
            slot=ask.slot,
            expected_parcels=ask.expected_parcels,
            expected_weight_g=ask.expected_weight_g,
            note=ask.note,
            state=PickupState.ASKED.value,
            asked_at=now,
            asked_by=actor.name,
            schedule_id=schedule_id,
        )
        facts.record(actor, [_asked(found, merged=False)], now=now)
        return found, False
    joined = {
        "expected_parcels": max(found.expected_parcels, ask.expected_parcels),
        "expected_weight_g": max(found.expected_weight_g, ask.expected_weight_g),
        "note": _both(found.note, ask.note),
    }
    if any(getattr(found, name) != value for name, value in joined.items()):
        PickupRequest.objects.filter(id=found.id, shipper_id=found.shipper_id).update(**joined)
        found.refresh_from_db()
        facts.record(actor, [_asked(found, merged=True)], now=now)
    return found, True


def _asked(request: PickupRequest, *, merged: bool) -> PickupAsked:
    return PickupAsked(
        shipper_id=request.shipper_id,
        subject_id=request.id,
        number=request.number,
        profile_id=request.profile_id,
        day=request.day.isoformat(),
        slot=request.slot,
        expected_parcels=request.expected_parcels,
        merged=merged,
    )


def _both(old: str, new: str) -> str:
    """Two notes as one; what was said before is not said twice."""
    return old if new in old else f"{old} · {new}"[: rules.MOST_NOTE] if old else new


def _one_at_a_time(profile_id: int) -> None:
    """Two who ask for one place at the same moment must see each other's request."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_ONE_AT_A_TIME, profile_id % 2**31])
