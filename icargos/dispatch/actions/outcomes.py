"""What happened at a stop: delivered, failed, not attempted. Each is sent by a phone and may come late, or twice."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from icargos.consignments import actions as consignments
from icargos.consignments.actions import Handover, Move
from icargos.consignments.rules import REASONS, Custody, Status
from icargos.dispatch.actions import conflicts, records
from icargos.dispatch.actions.checking import check_delivery, check_failure, check_not_attempted, check_pictures
from icargos.dispatch.actions.reporting import (
    SOURCE,
    Reported,
    Told,
    fingerprint,
    keep_report,
    locked,
    peek,
    replayed,
)
from icargos.dispatch.gateways import pictures
from icargos.dispatch.models import Stop
from icargos.dispatch.rules import outcome as rules
from icargos.dispatch.rules.outcome import Delivery, Failure, Fate, NotAttempted, Outcome, StopState
from icargos.kit import errors
from icargos.kit.actor import Actor


@transaction.atomic
def deliver(actor: Actor, delivery: Delivery, *, now: datetime) -> Reported:
    """A rider handed a parcel over: prove it, move it, and post its COD, in one transaction.

    Applies late too, also when the run is closed; where the parcel was seen elsewhere meanwhile it opens a conflict
    that holds its COD. The same event id again changes nothing. Raises Forbidden without DELIVER, NotFound for a stop
    that is not the rider's, OutcomeRefused naming every proof that is missing or an amount that is not the COD,
    PictureRefused, Conflict for a stop that was delivered already.
    """
    seen = peek(actor, delivery)
    print_ = fingerprint(delivery)
    if known := replayed(actor, delivery, print_, seen.cn):
        return known
    check_delivery(delivery, seen.proof, seen.signed_papers, seen.cod_paisa)
    check_pictures(delivery.photos, delivery.signature, delivery.papers)
    signature = pictures.keep_signature(delivery.signature) if delivery.signature else ""
    photos = [pictures.keep_photo(photo) for photo in delivery.photos]
    signed = {code: pictures.keep_photo(paper, f"paper_{code}") for code, paper in delivery.papers.items()}
    told = locked(actor, delivery, now=now)
    if known := replayed(actor, delivery, print_, seen.cn):
        return known
    # The COD may have been corrected between the first look and the lock.
    check_delivery(delivery, told.parcel.proof, told.parcel.signed_papers, told.parcel.cod_paisa)
    fate = rules.fate_of_delivery(StopState(told.stop.state), told.parcel.status, told.parcel.custody)
    if fate is Fate.REPEATED:
        raise errors.Conflict(_("%(cn)s was reported delivered already.") % {"cn": seen.cn})
    keep_report(actor, delivery, told, "delivered", print_, fate, now=now)
    draft = records.proof_draft(actor, delivery, told, signature, photos, signed, now=now)
    if fate is Fate.CONFLICT:
        conflicts.open_conflict(actor, told, "delivered", told.parcel.cod_paisa, draft, now=now)
        return Reported(cn=seen.cn, fate=fate.value, status=told.parcel.status.value)
    consignments.move(actor, steps_of(actor, delivery, told, Status.DELIVERED, fate), now=now)
    _end_stop(told, StopState.DELIVERED)
    records.prove(actor, told.run, told.stop, told.parcel, draft, now=now)
    return Reported(cn=seen.cn, fate=fate.value, status=Status.DELIVERED.value)


@transaction.atomic
def fail(actor: Actor, failure: Failure, *, now: datetime) -> Reported:
    """A visit failed: keep the attempt with its proof and ask the shipper for advice.

    Late, out of order and twice as ``deliver``: an older failure of a stop that was delivered since is history and
    moves nothing; one of a parcel that was scanned back without an outcome puts it on the advice desk. Raises
    Forbidden without DELIVER, NotFound for a stop that is not the rider's, OutcomeRefused naming every proof that the
    reason asks for, PictureRefused.
    """
    seen = peek(actor, failure)
    print_ = fingerprint(failure)
    if known := replayed(actor, failure, print_, seen.cn):
        return known
    check_failure(failure, now)
    check_pictures(failure.photos)
    photos = [pictures.keep_photo(photo) for photo in failure.photos]
    told = locked(actor, failure, now=now)
    if known := replayed(actor, failure, print_, seen.cn):
        return known
    stop = told.stop
    newest = Stop.objects.filter(consignment_id=told.parcel.id).order_by("-id").values_list("id", flat=True).first()
    fate = rules.fate_of_failure(
        StopState(stop.state),
        told.parcel.status,
        told.parcel.custody,
        outcome=StopState(stop.outcome) if stop.outcome else None,
        newer=stop.outcome_at is None or told.occurred_at > stop.outcome_at,
        moved_on=newest != stop.id,
    )
    keep_report(actor, failure, told, "failed", print_, fate, now=now)
    reason = REASONS[failure.reason]
    draft = records.attempt_draft(actor, failure, told, photos, now=now)
    becomes = told.parcel.status
    if fate is Fate.CONFLICT:
        conflicts.open_conflict(actor, told, "failed", 0, draft, now=now)
    elif fate is Fate.KEEP:
        _keep_in_history(actor, failure, told, Status.DELIVERY_UNSUCCESSFUL, now=now)
    else:
        at_station = fate is Fate.AT_STATION
        becomes = Status.SHIPPER_ADVICE_PENDING if at_station else Status.DELIVERY_UNSUCCESSFUL
        steps = steps_of(actor, failure, told, becomes, fate, reason=reason.code, counts=reason.counts)
        consignments.move(actor, steps, now=now)
        if at_station:
            Stop.objects.filter(id=stop.id).update(outcome=StopState.FAILED, outcome_at=told.occurred_at)
        else:
            _end_stop(told, StopState.FAILED)
        records.add_attempt(actor, told.run, told.stop, told.parcel, draft, now=now)
    return Reported(cn=seen.cn, fate=fate.value, status=becomes.value)


@transaction.atomic
def not_attempted(actor: Actor, report: NotAttempted, *, now: datetime) -> Reported:
    """The rider could not come: no attempt is counted and the parcel is Received at Destination again.

    It stays in the rider's hands until it is scanned back. Raises Forbidden without DELIVER, NotFound for a stop that
    is not the rider's, OutcomeRefused for a reason that is not the rider's own (VB) or the weather (WX).
    """
    seen = peek(actor, report)
    print_ = fingerprint(report)
    if known := replayed(actor, report, print_, seen.cn):
        return known
    check_not_attempted(report)
    told = locked(actor, report, now=now)
    if known := replayed(actor, report, print_, seen.cn):
        return known
    fate = rules.fate_of_not_attempted(StopState(told.stop.state), told.parcel.status)
    keep_report(actor, report, told, "not_attempted", print_, fate, now=now)
    if fate is Fate.KEEP:
        _keep_in_history(actor, report, told, Status.RECEIVED_AT_DESTINATION, now=now)
        return Reported(cn=seen.cn, fate=fate.value, status=told.parcel.status.value)
    becomes = Status.RECEIVED_AT_DESTINATION
    steps = steps_of(actor, report, told, becomes, fate, reason=report.reason, custody=Custody.RIDER)
    consignments.move(actor, steps, now=now)
    _end_stop(told, StopState.NOT_ATTEMPTED)
    return Reported(cn=seen.cn, fate=fate.value, status=becomes.value)


def steps_of(
    actor: Actor,
    outcome: Outcome,
    told: Told,
    to: Status,
    fate: Fate,
    *,
    reason: str = "",
    counts: bool = False,
    custody: Custody | None = None,
) -> list[Move]:
    """The moves of a report: to its outcome, and before it out again where it was a second visit."""

    def step(becomes: Status, event_id: str) -> Move:
        last = becomes is to
        return Move(
            cn=told.parcel.cn,
            to=becomes,
            source=SOURCE,
            source_event_id=event_id,
            occurred_at=told.occurred_at,
            reason=reason if last else "",
            note=outcome.note if last else "",
            station_id=told.run.station_id,
            lat=outcome.lat,
            lng=outcome.lng,
            accuracy_m=outcome.accuracy_m,
            device=outcome.device,
            custody=custody if last else None,
            counts=counts and last,
        )

    # A phone's id is its own, not the house's: two phones may make the same one, so the rider's id stands before it.
    event_id = f"{actor.user_id}:{outcome.source_event_id}"
    steps = [step(to, event_id)]
    if fate is Fate.AGAIN:
        steps.insert(0, step(Status.OUT_FOR_DELIVERY, f"{event_id}:out"))
    return steps


def _end_stop(told: Told, state: StopState) -> None:
    outcome = "" if state is StopState.DELIVERED else state.value
    Stop.objects.filter(id=told.stop.id).update(state=state, outcome=outcome, outcome_at=told.occurred_at)


def _keep_in_history(actor: Actor, outcome: Outcome, told: Told, said: Status, *, now: datetime) -> None:
    """The report came too late to move the parcel: its scan joins the history with what it said."""
    late = Handover(
        cn=told.parcel.cn,
        custody=told.parcel.custody,
        code=said,
        source=SOURCE,
        source_event_id=f"{actor.user_id}:{outcome.source_event_id}",
        occurred_at=told.occurred_at,
        note="Came late and moved nothing",
        station_id=told.run.station_id,
    )
    consignments.hand_over(actor, [late], now=now)
