"""Delivery run sheets: opened for a rider, loaded by scan, dispatched, scanned back, closed."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from itertools import count

import msgspec
from django.db import connection, transaction
from django.db.models import Max
from django.utils import dateformat, timezone
from django.utils.translation import gettext as _

from icargos.accounts import queries as accounts
from icargos.accounts.rules import Can, StaffRole
from icargos.consignments import actions as consignments
from icargos.consignments.actions import Held
from icargos.consignments.rules import Status
from icargos.dispatch import queries
from icargos.dispatch.actions.scanning import Scan, Scanned, Seen, answers, look, scanned
from icargos.dispatch.events import RunClosed, RunDispatched, RunLoaded, RunOpened, RunPrinted
from icargos.dispatch.models import Advice, Conflict, Run, Stop
from icargos.dispatch.rules import scan as rules
from icargos.dispatch.rules.advice import AdviceState
from icargos.dispatch.rules.outcome import LIVE, RunState, StopState
from icargos.ground import bulk, facts
from icargos.ground.event_ids import check_event_id
from icargos.kit import cn as cn_format
from icargos.kit import errors
from icargos.kit.actor import Actor
from icargos.kit.verdict import Verdict

MOST_STOPS = 200


class RunRefused(errors.Conflict):
    """What was asked of a run sheet does not fit its state."""

    code = "run_refused"


class Opened(msgspec.Struct, frozen=True):
    """A run sheet's id and number."""

    id: int
    number: str


class Closed(msgspec.Struct, frozen=True):
    """A run sheet was closed: how many stops ended how; ``awaited`` are the parcels that neither came back nor have
    an outcome yet.
    """

    delivered: int
    handed_back: int
    awaited: tuple[str, ...]


_NEXT_NUMBERS = """
INSERT INTO dispatch_daycount (day, n) SELECT * FROM unnest(%s::date[], %s::integer[])
ON CONFLICT (day) DO UPDATE SET n = dispatch_daycount.n + excluded.n RETURNING day, n
"""
_STOP = {
    "shipper_id": "bigint",
    "run_id": "bigint",
    "consignment_id": "bigint",
    "cn": "text",
    "seq": "integer",
    "state": "text",
    "outcome": "text",
}


@transaction.atomic
def open_run(actor: Actor, rider_id: int, *, source_event_id: str, now: datetime) -> Opened:
    """Begin a run sheet for a rider of the actor's station; the same event id again returns the same sheet.

    Raises Forbidden without SCAN, NotPosted, NotFound for somebody who is not an active rider of this station.
    """
    actor.require(Can.SCAN)
    check_event_id(source_event_id)
    here = queries.station(actor)
    riders = {one.id: one for one in accounts.colleagues(actor, StaffRole.RIDER)}
    if rider_id not in riders or queries.posted(actor).get(rider_id) != here.id:
        raise errors.NotFound(_("There is no such rider at your station. Choose one from the list."))
    made = Run.objects.filter(source_event_id=source_event_id).first()
    if made is not None:
        return Opened(made.id, made.number)
    (number,) = allot_numbers([timezone.localdate(now)])
    run = Run.objects.create(
        number=number,
        station_id=here.id,
        rider_id=rider_id,
        rider_name=riders[rider_id].name,
        state=RunState.OPEN.value,
        opened_at=now,
        opened_by=actor.user_id,
        source_event_id=source_event_id,
    )
    fact = RunOpened(shipper_id=None, subject_id=run.id, number=run.number, rider_id=rider_id)
    facts.record(actor, [fact], now=now)
    return Opened(run.id, run.number)


def allot_numbers(days: Sequence[date]) -> list[str]:
    """A new run sheet's number for each of these local days, in their order."""
    counts = Counter(days)
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_NUMBERS, [list(counts), list(counts.values())])
        free = {day: count(last - counts[day] + 1) for day, last in cursor.fetchall()}
    return [rules.run_number(day, next(free[day])) for day in days]


@transaction.atomic
def add_to_run(actor: Actor, run_id: int, scans: Sequence[Scan], *, now: datetime) -> list[Scanned]:
    """Put parcels on an open run sheet by scan; one answer for each scan, in their order.

    A refused scan changes nothing and stops no other. A parcel is on one sheet at a time, and on none while a conflict
    about it is open. Where the shipper asked for another day the answer says so. Raises Forbidden without SCAN,
    NotFound for a run of another station, RunRefused for one that has left.
    """
    actor.require(Can.SCAN)
    run = locked_run(actor, run_id)
    if run.state != RunState.OPEN:
        raise RunRefused(_("%(number)s has left. Open a new run sheet.") % {"number": run.number})
    seen = _barred(look(actor, scans, rules.loading, here=queries.station(actor)), run)
    parcels = [one.parcel for one in seen if one.parcel is not None and one.decision.to is not None]
    last = Stop.objects.filter(run=run).aggregate(last=Max("seq"))["last"] or 0
    if last + len(parcels) > MOST_STOPS:
        raise RunRefused(_("A run sheet holds at most %(most)d parcels.") % {"most": MOST_STOPS})
    bulk.insert(
        "dispatch_stop",
        _STOP,
        [
            (parcel.shipper_id, run.id, parcel.id, parcel.cn, last + place, StopState.PENDING.value, "")
            for place, parcel in enumerate(parcels, start=1)
        ],
    )
    if parcels:
        fact = RunLoaded(shipper_id=None, subject_id=run.id, number=run.number, added=len(parcels))
        facts.record(actor, [fact], now=now)
    return answers(actor, _with_wishes(seen, parcels, now), Verdict.MOVED, moves=False)


def _barred(seen: Sequence[Seen], run: Run) -> list[Seen]:
    """The same scans, refused where the parcel is on a sheet already or the desk has yet to settle a conflict."""
    wanted = [one.parcel.id for one in seen if one.parcel is not None and one.decision.to is not None]
    live = Stop.objects.filter(consignment_id__in=wanted, state__in=LIVE).select_related("run")
    stops = {stop.consignment_id: stop for stop in live}
    raised = _raised_cod([one.parcel for one in seen if one.parcel is not None])
    disputed = set(
        Conflict.objects.filter(consignment_id__in=wanted, state="open").values_list("consignment_id", flat=True)
    )
    out = []
    for one in seen:
        parcel = one.parcel
        stop = stops.get(parcel.id) if parcel else None
        if parcel is None or one.decision.to is None:
            pass
        elif stop is not None and stop.run_id == run.id:
            one = msgspec.structs.replace(one, decision=rules.AGAIN)
        elif stop is not None:
            told = _("%(cn)s is already on %(number)s of %(rider)s. Take it off there first.")
            message = told % {"cn": parcel.cn, "number": stop.run.number, "rider": stop.run.rider_name}
            one = msgspec.structs.replace(one, decision=rules.Decision(), message=message)
        elif parcel.cn in raised:
            message = _("%(cn)s: the shipper asks for a higher COD. Answer the advice first.") % {"cn": parcel.cn}
            one = msgspec.structs.replace(one, decision=rules.Decision(), message=message)
        elif parcel.id in disputed:
            message = _("%(cn)s: a rider reported it differently. Settle that first.") % {"cn": parcel.cn}
            one = msgspec.structs.replace(one, decision=rules.Decision(), message=message)
        out.append(one)
    return out


def _raised_cod(parcels: Sequence[Held]) -> set[str]:
    """The numbers of those whose shipper asks for a higher COD that the desk has not answered yet."""
    asked = Advice.objects.filter(
        consignment_id__in=[parcel.id for parcel in parcels], state=AdviceState.SUBMITTED, cod_paisa__isnull=False
    )
    wanted = {row.consignment_id: row.cod_paisa or 0 for row in asked}
    return {parcel.cn for parcel in parcels if wanted.get(parcel.id, 0) > parcel.cod_paisa}


def _with_wishes(seen: list[Seen], parcels: Sequence[Held], now: datetime) -> list[Seen]:
    """The same scans, each with the shipper's wish for another day beside it."""
    today = timezone.localdate(now)
    states = [AdviceState.SUBMITTED, AdviceState.ACCEPTED]
    wishes = Advice.objects.filter(consignment_id__in=[p.id for p in parcels], state__in=states, on_date__gt=today)
    wanted = {wish.consignment_id: wish for wish in wishes}
    out = []
    for one in seen:
        wish = wanted.get(one.parcel.id) if one.parcel and one.decision.to else None
        if wish is not None and wish.on_date is not None:
            when = f"{dateformat.format(wish.on_date, 'D j M')} {wish.window}".strip()
            told = _("The shipper asked for %(when)s.") % {"when": when}
            one = msgspec.structs.replace(one, message=told)
        out.append(one)
    return out


@transaction.atomic
def take_off(actor: Actor, run_id: int, cns: Sequence[str], *, now: datetime) -> int:
    """Take parcels off an open run sheet; returns how many were on it. A number that is not on it changes nothing."""
    actor.require(Can.SCAN)
    run = locked_run(actor, run_id)
    if run.state != RunState.OPEN:
        raise RunRefused(_("%(number)s has left. Scan the parcels back instead.") % {"number": run.number})
    gone, _rows = Stop.objects.filter(run=run, cn__in=[cn_format.normalise(cn) for cn in cns]).delete()
    if gone:
        fact = RunLoaded(shipper_id=None, subject_id=run.id, number=run.number, removed=gone)
        facts.record(actor, [fact], now=now)
    return gone


@transaction.atomic
def dispatch_run(actor: Actor, run_id: int, *, now: datetime) -> None:
    """The rider leaves: every parcel of the sheet becomes Out for Delivery, all or none. A second time changes nothing.

    Advice that the desk had not answered is accepted by this, and open advice ends. Raises Forbidden without SCAN,
    NotFound for a run of another station, RunRefused for an empty or closed one, MoveRefused naming a parcel that
    may not go out any more.
    """
    actor.require(Can.SCAN)
    run = locked_run(actor, run_id)
    if run.state == RunState.DISPATCHED:
        return
    stops = list(Stop.objects.select_for_update().filter(run=run).order_by("seq"))
    if run.state == RunState.CLOSED or not stops:
        told = _("%(number)s is closed.") if stops else _("%(number)s is empty. Scan parcels onto it first.")
        raise RunRefused(told % {"number": run.number})
    here = queries.station(actor)
    held = consignments.lock(actor, [stop.cn for stop in stops])
    for cn in sorted(_raised_cod(list(held.values()))):
        told = _("%(cn)s: the shipper asks for a higher COD. Answer the advice first.")
        raise RunRefused(told % {"cn": cn}, details={"cn": cn})
    ids = [stop.consignment_id for stop in stops]
    advised = Advice.objects.filter(consignment_id__in=ids)
    advised.filter(state=AdviceState.SUBMITTED).update(
        state=AdviceState.ACCEPTED, answered_by=actor.name, answered_at=now
    )
    advised.filter(state=AdviceState.OPEN).update(state=AdviceState.EXPIRED)
    moves = [scanned(stop.cn, Status.OUT_FOR_DELIVERY, here, f"stop:{stop.id}:out", at=now) for stop in stops]
    consignments.move(actor, moves, now=now)
    run.state, run.dispatched_at = RunState.DISPATCHED.value, now
    Run.objects.filter(id=run.id).update(state=run.state, dispatched_at=now)
    fact = RunDispatched(
        shipper_id=None,
        subject_id=run.id,
        number=run.number,
        rider_id=run.rider_id,
        stops=len(stops),
        cod_paisa=sum(parcel.cod_paisa for parcel in held.values()),
    )
    facts.record(actor, [fact], now=now)


@transaction.atomic
def close_run(actor: Actor, run_id: int, *, short: bool = False, now: datetime) -> Closed:
    """End a run. Parcels that were neither delivered nor scanned back stop it, unless it is closed ``short``.

    Those stay with the rider as they are; his late report of one still applies. Closing again changes nothing. Raises
    Forbidden without SCAN, NotFound for a run of another station, RunRefused naming what is missing.
    """
    actor.require(Can.SCAN)
    run = locked_run(actor, run_id)
    stops = list(Stop.objects.filter(run=run).order_by("seq"))
    awaited = tuple(stop.cn for stop in stops if stop.state in LIVE)
    closed = Closed(
        delivered=sum(stop.state == StopState.DELIVERED for stop in stops),
        handed_back=sum(stop.state == StopState.HANDED_BACK for stop in stops),
        awaited=awaited,
    )
    if run.state == RunState.CLOSED:
        return closed
    if run.state == RunState.OPEN:
        raise RunRefused(_("%(number)s has not left yet.") % {"number": run.number})
    if awaited and not short:
        told = _("%(n)d parcels were neither delivered nor scanned back: %(cns)s. Scan them back, or close short.")
        raise RunRefused(told % {"n": len(awaited), "cns": ", ".join(awaited[:5])}, details={"awaited": awaited})
    Run.objects.filter(id=run.id).update(state=RunState.CLOSED.value, closed_at=now, closed_by=actor.user_id)
    fact = RunClosed(
        shipper_id=None,
        subject_id=run.id,
        number=run.number,
        rider_id=run.rider_id,
        delivered=closed.delivered,
        handed_back=closed.handed_back,
        awaited=len(awaited),
    )
    facts.record(actor, [fact], now=now)
    return closed


def locked_run(actor: Actor, run_id: int) -> Run:
    """The run sheet of the actor's station, locked; raises NotFound, the same for unknown and another station's."""
    here = queries.station(actor)
    run = Run.objects.select_for_update().filter(id=run_id, station_id=here.id).first()
    if run is None:
        raise errors.NotFound(_("There is no such run sheet at your station."))
    return run


def note_print(actor: Actor, card: queries.RunCard, *, now: datetime) -> None:
    """Record who took a run sheet out on paper. In the caller's transaction."""
    told = RunPrinted(shipper_id=None, subject_id=card.id, number=card.number, parcels=card.stops)
    facts.record(actor, [told], now=now)
