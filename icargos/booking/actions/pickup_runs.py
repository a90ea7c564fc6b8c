"""Pickup run sheets: the desk puts requests on a rider's sheet and lets him go."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from icargos.accounts import queries as accounts
from icargos.accounts.rules import Can, StaffRole
from icargos.booking.actions.numbering import draw
from icargos.booking.events import PickupAssigned, PickupRunLeft, PickupStarted
from icargos.booking.models import PickupRequest, PickupRun
from icargos.booking.rules.pickups import ParcelState, PickupState, RunState
from icargos.consignments import actions as consignments
from icargos.consignments.actions import Held, Move
from icargos.consignments.rules import Status
from icargos.ground import bulk, facts
from icargos.kit.actor import Actor
from icargos.kit.errors import Conflict, NotFound
from icargos.places import queries as places
from icargos.places.queries import Office

SOURCE = "desk"
MOST_VISITS = 60


class PickupRunRefused(Conflict):
    """What was asked of a pickup run sheet does not fit its state."""

    code = "pickup_run_refused"


# Requests whose place lies in the station's area, locked; the others are no requests of this desk's.
_HERE = """
SELECT r.id FROM booking_pickuprequest r JOIN places_pickupprofile p ON p.id = r.profile_id
JOIN places_city t ON t.id = p.city_id
WHERE r.id = ANY(%s) AND t.station_id = %s ORDER BY r.id FOR UPDATE OF r
"""
_READY = """
SELECT DISTINCT ON (c.id) c.cn, r.id FROM booking_pickuprequest r
JOIN consignments_consignment c ON c.shipper_id = r.shipper_id AND c.profile_id = r.profile_id
WHERE r.id = ANY(%s) AND c.status = 'ready_for_pickup' ORDER BY c.id, r.seq
"""
_PARCEL = {"shipper_id": "bigint", "request_id": "bigint", "consignment_id": "bigint", "cn": "text", "state": "text"}


@transaction.atomic
def assign_pickups(actor: Actor, pickup_ids: Sequence[int], rider_id: int, *, day: date, now: datetime) -> int:
    """Put requests on the rider's open pickup run sheet of the day, begun if there is none; returns the sheet's id.

    One that is on another sheet which has not left moves over. All or none; the same again changes nothing. Raises
    Forbidden without SCAN, NotPosted, NotFound for somebody who is no active rider of the actor's station or for a
    request of another one, PickupRunRefused for a day that is over, for a request that has started or is over, and
    for more than 60 visits.
    """
    actor.require(Can.SCAN)
    here = places.station(actor)
    riders = {one.id: one.name for one in accounts.colleagues(actor, StaffRole.RIDER)}
    if rider_id not in riders or places.posted(actor).get(rider_id) != here.id:
        raise NotFound(_("There is no such rider at your station. Choose one from the list."))
    if day < timezone.localdate(now):
        raise PickupRunRefused(_("This day is over. Choose a later one."))
    run = _open_run(actor, here, rider_id, riders[rider_id], day, now=now)
    requests = _locked(pickup_ids, here)
    for one in requests:
        if one.state not in (PickupState.ASKED, PickupState.ASSIGNED):
            told = _("%(number)s has started or is over. Reload the page.")
            raise PickupRunRefused(told % {"number": one.number})
    new = [one for one in requests if one.run_id != run.id]
    last = PickupRequest.objects.filter(run=run).aggregate(last=Max("seq"))["last"] or 0
    if last + len(new) > MOST_VISITS:
        raise PickupRunRefused(_("A pickup run sheet holds at most %(most)d visits.") % {"most": MOST_VISITS})
    for place, one in enumerate(sorted(new, key=lambda one: (one.slot, one.id)), start=last + 1):
        one.run, one.seq, one.state = run, place, PickupState.ASSIGNED.value
        one.rider_id, one.rider_first_name = rider_id, riders[rider_id].partition(" ")[0][:40]
    PickupRequest.objects.bulk_update(new, ["run", "seq", "state", "rider_id", "rider_first_name"])
    facts.record(actor, [_assigned(one, run.id) for one in new], now=now)
    return run.id


@transaction.atomic
def take_off_pickup(actor: Actor, pickup_id: int, *, now: datetime) -> int | None:
    """Take a request off a sheet that has not left; returns the sheet's id, None when it was on none.

    Raises Forbidden without SCAN, NotPosted, NotFound for a request of another station, PickupRunRefused once the
    rider has left.
    """
    actor.require(Can.SCAN)
    (found,) = _locked([pickup_id], places.station(actor))
    if found.state == PickupState.ASKED:
        return None
    if found.state != PickupState.ASSIGNED:
        raise PickupRunRefused(_("%(number)s has started or is over. Reload the page.") % {"number": found.number})
    run_id = found.run_id
    PickupRequest.objects.filter(id=found.id).update(
        run=None, seq=0, state=PickupState.ASKED.value, rider_id=None, rider_first_name=""
    )
    facts.record(actor, [_assigned(found, 0)], now=now)
    return run_id


@transaction.atomic
def let_pickups_go(actor: Actor, run_id: int, *, now: datetime) -> None:
    """The rider leaves: what is ready at the places of his sheet becomes Pickup in Progress, all or none.

    Called off requests drop out. A second time changes nothing. Raises Forbidden without SCAN, NotFound for a sheet
    of another station, PickupRunRefused for one without a visit or for a later day.
    """
    actor.require(Can.SCAN)
    here = places.station(actor)
    run = locked_run(run_id, here)
    if run.state != RunState.OPEN:
        return
    if run.day > timezone.localdate(now):
        raise PickupRunRefused(_("%(number)s is for a later day.") % {"number": run.number})
    requests = list(
        PickupRequest.objects.select_for_update().filter(run=run, state=PickupState.ASSIGNED).order_by("id")
    )
    if not requests:
        raise PickupRunRefused(_("%(number)s has no visit. Put a pickup on it first.") % {"number": run.number})
    ids = [one.id for one in requests]
    with connection.cursor() as cursor:
        cursor.execute(_READY, [ids])
        wanted: dict[str, int] = dict(cursor.fetchall())
    held = consignments.lock(actor, list(wanted))
    # One that was cancelled, or is not ready any more, since it was looked at.
    parcels = [parcel for parcel in held.values() if parcel.status is Status.READY_FOR_PICKUP]
    _set_out(actor, parcels, wanted, here, now=now)
    PickupRequest.objects.filter(id__in=ids).update(state=PickupState.ON_THE_WAY.value, started_at=now)
    PickupRun.objects.filter(id=run.id).update(state=RunState.OUT.value, left_at=now)
    counts = dict.fromkeys(ids, 0)
    for parcel in parcels:
        counts[wanted[parcel.cn]] += 1
    told: list[facts.Event] = [
        PickupStarted(shipper_id=one.shipper_id, subject_id=one.id, number=one.number, parcels=counts[one.id])
        for one in requests
    ]
    left = PickupRunLeft(
        shipper_id=None, subject_id=run.id, number=run.number, rider_id=run.rider_id, visits=len(requests)
    )
    facts.record(actor, [*told, left], now=now)


def _set_out(actor: Actor, parcels: Sequence[Held], wanted: dict[str, int], here: Office, *, now: datetime) -> None:
    """Expect these parcels at their visits."""
    moves = [
        Move(
            cn=parcel.cn,
            to=Status.PICKUP_IN_PROGRESS,
            source=SOURCE,
            source_event_id=f"pickup:{wanted[parcel.cn]}:{parcel.id}",
            occurred_at=now,
            station_id=here.id,
            city_id=parcel.origin_id,
        )
        for parcel in parcels
    ]
    consignments.move(actor, moves, now=now)
    expect = ParcelState.EXPECTED.value
    rows = [(parcel.shipper_id, wanted[parcel.cn], parcel.id, parcel.cn, expect) for parcel in parcels]
    bulk.insert("booking_pickupparcel", _PARCEL, rows, same={"at": ("timestamptz", now)})


def locked_run(run_id: int, here: Office) -> PickupRun:
    """The pickup run sheet of the station, locked; raises NotFound, alike for unknown and another station's."""
    run = PickupRun.objects.select_for_update().filter(id=run_id, station_id=here.id).first()
    if run is None:
        raise NotFound(_("There is no such pickup run sheet at your station."))
    return run


def _open_run(actor: Actor, here: Office, rider_id: int, rider_name: str, day: date, *, now: datetime) -> PickupRun:
    """The rider's open sheet of the day, locked; a new one where there is none, whoever else begins one now."""
    mine = PickupRun.objects.select_for_update().filter(
        station_id=here.id, rider_id=rider_id, day=day, state=RunState.OPEN.value
    )
    found = mine.first()
    if found is not None:
        return found
    made = PickupRun(
        number=draw("PRS", day, daily=True, digits=4),
        station_id=here.id,
        day=day,
        rider_id=rider_id,
        rider_name=rider_name,
        state=RunState.OPEN.value,
        opened_at=now,
        opened_by=actor.user_id,
    )
    PickupRun.objects.bulk_create([made], ignore_conflicts=True)
    return mine.get()


def _locked(pickup_ids: Sequence[int], here: Office) -> list[PickupRequest]:
    wanted = sorted(set(pickup_ids))
    with connection.cursor() as cursor:
        cursor.execute(_HERE, [wanted, here.id])
        found = [row for (row,) in cursor.fetchall()]
    if len(found) != len(wanted) or not wanted:
        raise NotFound(_("There is no such pickup at your station. Reload the page."))
    return list(PickupRequest.objects.filter(id__in=found).order_by("id"))


def _assigned(request: PickupRequest, run_id: int) -> PickupAssigned:
    return PickupAssigned(shipper_id=request.shipper_id, subject_id=request.id, number=request.number, run_id=run_id)
