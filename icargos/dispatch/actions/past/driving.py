"""One run of the past, from its opening to its cash close."""

from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.consignments.rules import REASONS, Custody, Status
from icargos.dispatch.actions import records
from icargos.dispatch.actions.checking import check_delivery, check_failure, check_not_attempted
from icargos.dispatch.actions.handing_back import end_back, step_back
from icargos.dispatch.actions.outcomes import steps_of
from icargos.dispatch.actions.past.standing import Driven, PastRefused, Standing
from icargos.dispatch.actions.reporting import Told
from icargos.dispatch.actions.runs import MOST_STOPS
from icargos.dispatch.actions.scanning import scanned
from icargos.dispatch.gateways import pictures
from icargos.dispatch.models import Run, Stop
from icargos.dispatch.rules import scan
from icargos.dispatch.rules.advice import AdviceState
from icargos.dispatch.rules.outcome import Delivery, Failure, Fate, NotAttempted, Outcome, RunState, StopState
from icargos.dispatch.rules.past import PastRun, Visit
from icargos.kit.actor import Stamp
from icargos.kit.clock import clamp


def drive(standing: Standing, deed: PastRun) -> None:
    """Open, load, leave, report, scan back, close: what is refused on the way names the parcel."""
    deed.by.require(Can.SCAN)
    deed.rider.require(Can.DELIVER)
    here = standing.post(deed.by)
    in_order = deed.at <= deed.left_at <= deed.back_at <= deed.closed_at
    if standing.post(deed.rider) != here or not in_order or not 0 < len(deed.visits) <= MOST_STOPS:
        told = _("The run of %(rider)s on %(day)s is not told right.")
        raise PastRefused(told % {"rider": deed.rider.name, "day": f"{deed.at:%d %b %Y}"})
    run = Run(
        station_id=here.id,
        rider_id=deed.rider.user_id or 0,
        rider_name=deed.rider.name,
        state=RunState.CLOSED.value,
        opened_at=deed.at,
        opened_by=deed.by.user_id,
        dispatched_at=deed.left_at,
        closed_at=deed.closed_at,
        closed_by=deed.by.user_id,
    )
    driven = Driven(run, deed)
    standing.driven.append(driven)
    for seq, visit in enumerate(deed.visits, start=1):
        _leave(standing, driven, visit, seq)
    for visit, stop in zip(deed.visits, driven.stops, strict=True):
        if visit.outcome is not None:
            _report(
                standing, driven, stop, visit.outcome, Stamp(deed.rider, visit.received_at or visit.outcome.device_at)
            )
    back = Stamp(deed.by, deed.back_at)
    for stop in driven.stops:
        if stop.state != StopState.DELIVERED:
            parcel = standing.parcel(stop.cn)
            standing.step(step_back(stop, parcel, here, standing.new_id(), at=back.at), back)
            end_back(stop, at=back.at)
            driven.back += 1


def _leave(standing: Standing, driven: Driven, visit: Visit, seq: int) -> None:
    """The parcel is put on the sheet and goes out with it."""
    here, parcel = standing.post(driven.deed.by), standing.parcel(visit.cn)
    codes = standing.codes(parcel, here)
    standing.must(scan.loading(parcel.status, parcel.custody, **codes), parcel, codes)
    stop = Stop(
        shipper_id=parcel.shipper_id,
        consignment_id=parcel.id,
        cn=parcel.cn,
        seq=seq,
        state=StopState.PENDING.value,
    )
    driven.stops.append(stop)
    driven.cod_paisa += parcel.cod_paisa
    left = Stamp(driven.deed.by, driven.deed.left_at)
    row = standing.questions.get(parcel.id)
    if row is not None and row.state == AdviceState.SUBMITTED:
        accepted = {"answered_by": left.actor.name, "answered_at": left.at}
        standing.change(row, {"state": AdviceState.ACCEPTED.value, **accepted})
        del standing.questions[parcel.id]
    standing.end_question(parcel)
    standing.step(scanned(parcel.cn, Status.OUT_FOR_DELIVERY, here, standing.new_id(), at=left.at), left)


def _report(standing: Standing, driven: Driven, stop: Stop, outcome: Outcome, by: Stamp) -> None:
    """What the rider's phone said of a stop."""
    deed, parcel = driven.deed, standing.parcel(stop.cn)
    if not deed.left_at <= by.at <= deed.back_at:
        told = _("%(cn)s was reported when its run was not out.") % {"cn": stop.cn}
        raise PastRefused(told, details={"cn": stop.cn})
    occurred_at, skew_s = clamp(
        outcome.device_at, dispatched_at=deed.left_at, received_at=by.at, sent_at=outcome.sent_at
    )
    told_ = Told(driven.run, stop, parcel, occurred_at, skew_s)
    match outcome:
        case Delivery():
            kind = "delivered"
            _deliver(standing, driven, outcome, told_, by)
        case Failure():
            kind = "failed"
            _fail(standing, driven, outcome, told_, by)
        case NotAttempted():
            kind = "not_attempted"
            check_not_attempted(outcome)
            becomes = Status.RECEIVED_AT_DESTINATION
            for step in steps_of(
                by.actor, outcome, told_, becomes, Fate.APPLY, reason=outcome.reason, custody=Custody.RIDER
            ):
                standing.step(step, by)
            _end(stop, StopState.NOT_ATTEMPTED, told_)
        case _:
            raise TypeError(f"not a report: {type(outcome).__name__}")
    driven.reports.append((outcome, told_, kind, by))


def _deliver(standing: Standing, driven: Driven, delivery: Delivery, told: Told, by: Stamp) -> None:
    parcel = told.parcel
    check_delivery(delivery, parcel.proof, parcel.signed_papers, parcel.cod_paisa)
    signature = standing.keep(delivery.signature, pictures.keep_signature) if delivery.signature else ""
    photos = [standing.keep(photo, pictures.keep_photo) for photo in delivery.photos]
    signed = {code: standing.keep(paper, pictures.keep_photo) for code, paper in delivery.papers.items()}
    for step in steps_of(by.actor, delivery, told, Status.DELIVERED, Fate.APPLY):
        standing.step(step, by)
    _end(told.stop, StopState.DELIVERED, told)
    draft = records.proof_draft(by.actor, delivery, told, signature, photos, signed, now=by.at)
    driven.proofs.append((draft, told, by))


def _fail(standing: Standing, driven: Driven, failure: Failure, told: Told, by: Stamp) -> None:
    check_failure(failure, by.at)
    photos = [standing.keep(photo, pictures.keep_photo) for photo in failure.photos]
    reason = REASONS[failure.reason]
    for step in steps_of(
        by.actor,
        failure,
        told,
        Status.DELIVERY_UNSUCCESSFUL,
        Fate.APPLY,
        reason=reason.code,
        counts=reason.counts,
    ):
        standing.step(step, by)
    _end(told.stop, StopState.FAILED, told)
    draft = records.attempt_draft(by.actor, failure, told, photos, now=by.at)
    standing.visits[told.parcel.id] += 1
    attempt = records.attempt_row(driven.run, told.stop, told.parcel, draft, standing.visits[told.parcel.id])
    driven.attempts.append((attempt, told.stop, by))
    standing.ask(attempt, told.parcel, by.at)


def _end(stop: Stop, state: StopState, told: Told) -> None:
    stop.state, stop.outcome_at = state.value, told.occurred_at
