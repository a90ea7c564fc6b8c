"""Parcels that come back from a run, each by its own scan."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.consignments import actions as consignments
from icargos.consignments.actions import Handover, Held, Move
from icargos.consignments.rules import CUSTODY, REASONS, Custody, Status
from icargos.dispatch import queries
from icargos.dispatch.actions.runs import RunRefused, locked_run
from icargos.dispatch.actions.scanning import SOURCE, Scan, Scanned, scanned
from icargos.dispatch.events import RunHandedBack
from icargos.dispatch.models import Stop
from icargos.dispatch.rules.advice import asks
from icargos.dispatch.rules.outcome import LIVE, RunState, StopState
from icargos.ground import facts
from icargos.ground.event_ids import check_event_id
from icargos.kit import cn as cn_format
from icargos.kit.actor import Actor
from icargos.kit.verdict import Verdict
from icargos.places.queries import Office


@transaction.atomic
def hand_back(actor: Actor, run_id: int, scans: Sequence[Scan], *, now: datetime) -> list[Scanned]:
    """Scan parcels of a run back into the station; one answer for each scan, in their order.

    A failed parcel whose reason asks the shipper becomes Shipper Advice; one that goes again by itself, and one that
    was answered already, keeps its status and only changes hands. A parcel without an outcome was not attempted and
    is Received at Destination again. Works on a closed run too. Refused scans and replays change nothing.
    """
    actor.require(Can.SCAN)
    for scan in scans:
        check_event_id(scan.source_event_id)
    here = queries.station(actor)
    run = locked_run(actor, run_id)
    if run.state == RunState.OPEN:
        raise RunRefused(_("%(number)s has not left yet. Take parcels off it instead.") % {"number": run.number})
    numbers = [cn_format.normalise(scan.cn) for scan in scans]
    stops = {stop.cn: stop for stop in Stop.objects.select_for_update().filter(run=run, cn__in=numbers).order_by("id")}
    held = consignments.lock(actor, list(stops))
    moves: list[Move] = []
    handovers: list[Handover] = []
    back: list[Stop] = []
    out: list[Scanned] = []
    for scan, number in zip(scans, numbers, strict=True):
        stop, parcel = stops.get(number), held.get(number)
        if stop is None or parcel is None:
            told = _("%(cn)s is not on %(number)s. Scan its arrival instead.") % {
                "cn": number[:20],
                "number": run.number,
            }
            out.append(Scanned(cn=number[:20], verdict=Verdict.REFUSED, message=told))
        elif stop.state == StopState.DELIVERED:
            told = _("%(cn)s was reported delivered. Keep it and call the desk.") % {"cn": number}
            out.append(_answer(parcel, Verdict.REFUSED, parcel.status, told))
        elif stop.state not in LIVE:
            out.append(_answer(parcel, Verdict.AGAIN, parcel.status))
        else:
            step = step_back(stop, parcel, here, scan.source_event_id, at=now)
            if isinstance(step, Move):
                moves.append(step)
            else:
                handovers.append(step)
            end_back(stop, at=now)
            back.append(stop)
            out.append(_answer(parcel, Verdict.MOVED, step.to if isinstance(step, Move) else parcel.status))
    Stop.objects.bulk_update(back, ["state", "outcome", "handed_back_at"])
    consignments.move(actor, moves, now=now)
    consignments.hand_over(actor, handovers, now=now)
    if back:
        fact = RunHandedBack(shipper_id=None, subject_id=run.id, number=run.number, parcels=len(back))
        facts.record(actor, [fact], now=now)
    return out


def step_back(stop: Stop, parcel: Held, here: Office, event_id: str, *, at: datetime) -> Move | Handover:
    """What the hand-back scan does to the parcel: where only the custody changes, a hand-over."""
    becomes = _becomes(StopState(stop.state), parcel)
    if becomes is not None:
        reason = "VB" if becomes is Status.RECEIVED_AT_DESTINATION else parcel.reason
        return scanned(parcel.cn, becomes, here, event_id, at=at, reason=reason)
    implied = CUSTODY[parcel.status]
    return Handover(
        cn=parcel.cn,
        custody=Custody.DESTINATION if implied is Custody.RIDER else implied,
        source=SOURCE,
        source_event_id=event_id,
        occurred_at=at,
        note="Handed back at the station",
        station_id=here.id,
        city_id=here.city_id,
    )


def end_back(stop: Stop, *, at: datetime) -> None:
    """The stop is over; what it had come to is kept, and nothing reported means not attempted."""
    stop.outcome = StopState.NOT_ATTEMPTED.value if stop.state == StopState.PENDING else stop.state
    stop.state, stop.handed_back_at = StopState.HANDED_BACK.value, at


def _becomes(state: StopState, parcel: Held) -> Status | None:
    """The status after the scan, or None where only the custody changes."""
    if state is StopState.PENDING and parcel.status is Status.OUT_FOR_DELIVERY:
        return Status.RECEIVED_AT_DESTINATION
    failed = state is StopState.FAILED and parcel.status is Status.DELIVERY_UNSUCCESSFUL
    return Status.SHIPPER_ADVICE_PENDING if failed and asks(REASONS[parcel.reason]) else None


def _answer(parcel: Held, verdict: Verdict, status: Status, message: str = "") -> Scanned:
    return Scanned(cn=parcel.cn, verdict=verdict, message=message, status=status.value, sort_code=parcel.sort_code)
