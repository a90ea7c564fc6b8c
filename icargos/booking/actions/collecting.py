"""At the shipper's door: the rider scans what he takes, ends the visit, or says why there was nothing to take."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.booking.actions.numbering import draw
from icargos.booking.events import ParcelsCollected, PickupAsked, PickupCollected, PickupFailed
from icargos.booking.models import PickupParcel, PickupRequest, PickupRun
from icargos.booking.queries import pickup_sheet_cns
from icargos.booking.rules import pickups as rules
from icargos.booking.rules.pickups import FAILURES, LIVE, ParcelState, PickupState, RunState
from icargos.consignments import actions as consignments
from icargos.consignments.actions import Handover, Held, Move
from icargos.consignments.rules import LABEL, Status
from icargos.ground import bulk, facts
from icargos.ground.event_ids import check_event_id
from icargos.kit import cn as cn_format
from icargos.kit.actor import Actor
from icargos.kit.clock import clamp
from icargos.kit.errors import Conflict, FieldProblem, Invalid, NotFound
from icargos.kit.verdict import Verdict
from icargos.places import queries as places

SOURCE = "rider"


class VisitRefused(Conflict):
    """What was reported of a visit does not fit its state."""

    code = "visit_refused"


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """How a visit ended, as a phone tells it. ``reason`` is a code of FAILURES, empty when parcels were taken.

    ``source_event_id`` is made by the phone; the same one again changes nothing. Position in degrees and metres.
    """

    request_id: int
    source_event_id: str
    device_at: datetime
    sent_at: datetime | None = None
    reason: str = ""
    note: str = ""
    lat: float | None = None
    lng: float | None = None
    accuracy_m: float | None = None


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to one number at the door; ``count`` is how many this visit has taken with it."""

    cn: str
    verdict: Verdict
    message: str = ""
    status: str = ""
    count: int = 0


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """How a visit ended; ``again_id`` is the request of the courier's next visit, 0 for none."""

    collected: int
    left: int
    again_id: int = 0
    replayed: bool = False


_PARCEL = {"shipper_id": "bigint", "request_id": "bigint", "consignment_id": "bigint", "cn": "text", "state": "text"}
_TAKE = """
ON CONFLICT (shipper_id, request_id, consignment_id) DO UPDATE SET state = excluded.state, at = excluded.at
"""
# What was signed for with other parcels of its sheet and stayed behind is free for another sheet.
_LEAVE = """
UPDATE booking_loadsheetitem i SET left_at = %s
FROM consignments_consignment c WHERE c.id = i.consignment_id AND i.left_at IS NULL AND i.shipper_id = %s
    AND c.status IN ('new_booked', 'ready_for_pickup')
    AND i.sheet_id IN (
        SELECT t.sheet_id FROM booking_loadsheetitem t
        JOIN booking_loadsheet s ON s.id = t.sheet_id AND s.state = 'closed'
        JOIN booking_pickupparcel p ON p.consignment_id = t.consignment_id AND p.shipper_id = t.shipper_id
        WHERE t.shipper_id = %s AND t.left_at IS NULL AND p.request_id = %s AND p.state = 'collected')
"""


@transaction.atomic
def collect(
    actor: Actor, request_id: int, cns: Sequence[str], *, device_at: datetime | None = None, now: datetime
) -> list[Taken]:
    """The rider takes parcels of the shipper he visits; one answer for each number, in their order.

    Ready or not, listed or not: whatever the shipper hands over in this city becomes Picked Up. A refused number
    changes nothing and stops no other; scanned twice, or sent again, it counts once. A scan that comes after the
    station's own stays in the history and moves nothing; one that comes after the visit was ended still counts.
    Raises Forbidden without DELIVER, NotFound for a visit that is not the rider's, VisitRefused for one that was
    cancelled or reported as failed.
    """
    actor.require(Can.DELIVER)
    request = _mine(actor, request_id)
    if request.state not in (PickupState.ON_THE_WAY, PickupState.COLLECTED):
        raise VisitRefused(_("This pickup was reported as failed or called off. Call the desk."))
    assert request.started_at is not None
    at, _skew = clamp(device_at or now, dispatched_at=request.started_at, received_at=now)
    numbers = [cn_format.normalise(cn) for cn in cns]
    held = consignments.lock(actor, numbers)
    city = _city_of(request)
    had = set(
        PickupParcel.objects.filter(
            shipper_id=request.shipper_id, request_id=request.id, state=ParcelState.COLLECTED
        ).values_list("cn", flat=True)
    )
    expected = _expected(request)
    took: list[Held] = []
    late: list[Held] = []
    out = []
    for cn in numbers:
        parcel = held.get(cn)
        told, verdict = _look(request, parcel, cn, city), Verdict.REFUSED
        if parcel is not None and cn in had:
            told, verdict = "", Verdict.AGAIN
        elif parcel is not None and not told and parcel.status is not Status.PICKED_UP:
            verdict = Verdict.MOVED
            took.append(parcel)
            had.add(cn)
        elif parcel is not None and parcel.id in expected and parcel.status is Status.RECEIVED_AT_OFFICE:
            told, verdict = "", Verdict.AGAIN
            late.append(parcel)
            had.add(cn)
        elif not told:
            told = _(rules.AT_THE_STATION) % {"cn": cn, "status": _(LABEL[Status.PICKED_UP])}
        status = Status.PICKED_UP.value if verdict is Verdict.MOVED else parcel.status.value if parcel else ""
        out.append(Taken(cn=cn[:20], verdict=verdict, message=told, status=status, count=len(had)))
    _take(actor, request, took, late, at=at, now=now)
    return out


@transaction.atomic
def collect_sheet(
    actor: Actor, request_id: int, number: str, *, device_at: datetime | None = None, now: datetime
) -> list[Taken]:
    """The rider counted and signed a load sheet: all of it that still waits is taken at once. Raises as ``collect``.

    Raises NotFound for a sheet that is not this shipper's, or not closed.
    """
    actor.require(Can.DELIVER)
    request = _mine(actor, request_id)
    cns = pickup_sheet_cns(actor, request.shipper_id, number)
    return collect(actor, request_id, cns, device_at=device_at, now=now)


@transaction.atomic
def end_pickup(actor: Actor, report: Report, *, now: datetime) -> Ended:
    """The visit is over: with parcels, or with the reason why there were none.

    What was expected and not taken is Ready for Pickup again. Where the courier is the reason (vehicle, weather) it
    comes again on the next working day without being asked. The rider of the visit reports, or the desk of his station
    for him. The same event id again gives the first answer. Raises Forbidden, NotFound for a visit of somebody else,
    Invalid for an unknown reason, VisitRefused when nothing was taken and no reason is given, when something was taken
    and one is, and for a visit that has ended otherwise.
    """
    check_event_id(report.source_event_id)
    _check(report)
    request = _reported_by(actor, report.request_id)
    if request.source_event_id == report.source_event_id:
        again = PickupRequest.objects.filter(shipper_id=request.shipper_id, again_of=request.id).first()
        return Ended(collected=request.collected, left=request.left, again_id=again.id if again else 0, replayed=True)
    if request.state != PickupState.ON_THE_WAY:
        raise VisitRefused(_("This pickup has been reported already, or has not started."))
    mine = PickupParcel.objects.filter(shipper_id=request.shipper_id, request_id=request.id)
    collected = mine.filter(state=ParcelState.COLLECTED).count()
    if not collected and not report.reason:
        raise VisitRefused(_("No parcel was scanned. Scan what you take, or say why there is none."))
    if collected and report.reason:
        raise VisitRefused(_("Parcels were taken here. End the visit as picked up."))
    left = _leave(actor, request, report, now=now)
    assert request.started_at is not None
    at, skew_s = clamp(report.device_at, dispatched_at=request.started_at, received_at=now, sent_at=report.sent_at)
    PickupRequest.objects.filter(id=request.id).update(
        state=(PickupState.FAILED if report.reason else PickupState.COLLECTED).value,
        ended_at=at,
        received_at=now,
        skew_s=skew_s,
        lat=report.lat,
        lng=report.lng,
        accuracy_m=report.accuracy_m,
        source_event_id=report.source_event_id,
        reason=report.reason,
        end_note=report.note.strip(),
        collected=collected,
        left=left,
    )
    again_id = 0
    told: facts.Event = PickupCollected(
        shipper_id=request.shipper_id, subject_id=request.id, number=request.number, parcels=collected, left=left
    )
    if report.reason:
        if FAILURES[report.reason].ours:
            again_id = _come_again(actor, request, now=now)
        told = PickupFailed(
            shipper_id=request.shipper_id,
            subject_id=request.id,
            number=request.number,
            reason=report.reason,
            again_id=again_id,
        )
    facts.record(actor, [told], now=now)
    run = request.run
    assert run is not None
    if not PickupRequest.objects.filter(run=run, state=PickupState.ON_THE_WAY).exists():
        PickupRun.objects.filter(id=run.id).update(state=RunState.DONE.value)
    return Ended(collected=collected, left=left, again_id=again_id)


def _look(request: PickupRequest, parcel: Held | None, cn: str, city_id: int) -> str:
    """Why this parcel is not taken; empty when it may be."""
    if parcel is None or parcel.shipper_id != request.shipper_id:
        return _(rules.STRANGER) % {"cn": cn[:20]}
    told = rules.at_the_door(parcel.status)
    if not told and parcel.origin_id != city_id:
        told = rules.FROM_ELSEWHERE
    return _(told) % {"cn": cn, "status": _(LABEL[parcel.status])} if told else ""


def _take(
    actor: Actor, request: PickupRequest, took: Sequence[Held], late: Sequence[Held], *, at: datetime, now: datetime
) -> None:
    event = {parcel.cn: f"pickup:{request.id}:{parcel.id}" for parcel in (*took, *late)}
    station_id = request.run.station_id if request.run else None
    moves = [
        Move(
            cn=parcel.cn,
            to=Status.PICKED_UP,
            source=SOURCE,
            source_event_id=event[parcel.cn],
            occurred_at=at,
            station_id=station_id,
            city_id=parcel.origin_id,
        )
        for parcel in took
    ]
    consignments.move(actor, moves, now=now)
    handovers = [
        Handover(
            cn=parcel.cn,
            custody=parcel.custody,
            code=Status.PICKED_UP,
            source=SOURCE,
            source_event_id=event[parcel.cn],
            occurred_at=at,
            note="Came late and moved nothing",
            station_id=station_id,
        )
        for parcel in late
    ]
    consignments.hand_over(actor, handovers, now=now)
    rows = [(p.shipper_id, request.id, p.id, p.cn, ParcelState.COLLECTED.value) for p in (*took, *late)]
    bulk.insert("booking_pickupparcel", _PARCEL, rows, same={"at": ("timestamptz", at)}, conflict=_TAKE)
    if not rows:
        return
    if request.state == PickupState.COLLECTED:
        found = PickupParcel.objects.filter(shipper_id=request.shipper_id, request_id=request.id)
        states = list(found.values_list("state", flat=True))
        PickupRequest.objects.filter(id=request.id).update(
            collected=states.count(ParcelState.COLLECTED), left=states.count(ParcelState.LEFT)
        )
    fact = ParcelsCollected(
        shipper_id=request.shipper_id, subject_id=request.id, number=request.number, parcels=len(rows)
    )
    facts.record(actor, [fact], now=now)


def _leave(actor: Actor, request: PickupRequest, report: Report, *, now: datetime) -> int:
    """Whatever was expected and not taken waits for the next pickup; returns how many that are."""
    expected = PickupParcel.objects.filter(
        shipper_id=request.shipper_id, request_id=request.id, state=ParcelState.EXPECTED
    )
    held = consignments.lock(actor, list(expected.values_list("cn", flat=True)))
    stays = [parcel for parcel in held.values() if parcel.status is Status.PICKUP_IN_PROGRESS]
    moves = [
        Move(
            cn=parcel.cn,
            to=Status.READY_FOR_PICKUP,
            source=SOURCE,
            source_event_id=f"left:{request.id}:{parcel.id}",
            occurred_at=now,
            reason=report.reason,
            station_id=request.run.station_id if request.run else None,
            city_id=parcel.origin_id,
        )
        for parcel in stays
    ]
    consignments.move(actor, moves, now=now)
    expected.update(state=ParcelState.LEFT.value, at=now)
    with connection.cursor() as cursor:
        cursor.execute(_LEAVE, [now, request.shipper_id, request.shipper_id, request.id])
    return len(stays)


def _come_again(actor: Actor, request: PickupRequest, *, now: datetime) -> int:
    """The courier's own next visit: the same slot of the next working day, or the request that is open there."""
    day = places.calendar(actor).next_working(max(request.day, timezone.localdate(now)))
    there = PickupRequest.objects.filter(
        shipper_id=request.shipper_id,
        profile_id=request.profile_id,
        day=day,
        slot=request.slot,
        state__in=[state.value for state in LIVE],
    )
    again = PickupRequest(
        shipper_id=request.shipper_id,
        number=draw("PU", timezone.localdate(now)),
        profile_id=request.profile_id,
        day=day,
        slot=request.slot,
        expected_parcels=request.expected_parcels,
        expected_weight_g=request.expected_weight_g,
        note=request.note,
        state=PickupState.ASKED.value,
        asked_at=now,
        asked_by=request.asked_by,
        again_of=request.id,
    )
    PickupRequest.objects.bulk_create([again], ignore_conflicts=True)
    found = there.get()
    if found.again_of == request.id:
        fact = PickupAsked(
            shipper_id=found.shipper_id,
            subject_id=found.id,
            number=found.number,
            profile_id=found.profile_id,
            day=day.isoformat(),
            slot=found.slot,
            expected_parcels=found.expected_parcels,
        )
        facts.record(actor, [fact], now=now)
    return found.id


def _check(report: Report) -> None:
    problems = []
    if report.reason and report.reason not in FAILURES:
        problems.append(FieldProblem("reason", "RANGE", _("Choose why there was nothing to pick up.")))
    if len(report.note) > 500:
        problems.append(FieldProblem("note", "RANGE", _("A note has at most 500 characters.")))
    if (report.lat is None) != (report.lng is None):
        problems.append(FieldProblem("position", "RANGE", _("The phone's position cannot be read. Send it without.")))
    if problems:
        raise Invalid(problems[0].message, problems=problems)


def _mine(actor: Actor, request_id: int) -> PickupRequest:
    """The rider's own visit, locked; raises NotFound, alike for unknown, not started and another rider's."""
    mine = PickupRequest.objects.select_for_update(of=("self",)).select_related("run")
    found = mine.filter(id=request_id, rider_id=actor.user_id, started_at__isnull=False).first()
    if found is None:
        raise NotFound(_("This pickup is not on your run sheet."))
    return found


def _reported_by(actor: Actor, request_id: int) -> PickupRequest:
    """The visit that this actor may end, locked: the rider's own, or the desk's of the run's station."""
    if not actor.may(Can.SCAN):
        actor.require(Can.DELIVER)
        return _mine(actor, request_id)
    here = places.station(actor)
    visits = PickupRequest.objects.select_for_update(of=("self",)).select_related("run")
    found = visits.filter(id=request_id, run__station_id=here.id).first()
    if found is None:
        raise NotFound(_("There is no such pickup at your station. Reload the page."))
    return found


def _city_of(request: PickupRequest) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT city_id FROM places_pickupprofile WHERE id = %s", [request.profile_id])
        (city_id,) = cursor.fetchone()
    return int(city_id)


def _expected(request: PickupRequest) -> Mapping[int, str]:
    found = PickupParcel.objects.filter(shipper_id=request.shipper_id, request_id=request.id)
    return dict(found.exclude(state=ParcelState.COLLECTED).values_list("consignment_id", "state"))
