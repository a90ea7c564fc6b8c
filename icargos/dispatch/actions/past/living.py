"""Each kind of deed, decided by the rules of its own action."""

from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.consignments.actions import Move
from icargos.dispatch.actions.advising import (
    SETTLED,
    answered,
    answered_fact,
    check_answer,
    checked,
    said,
    steps_along,
    submitted_fact,
)
from icargos.dispatch.actions.past.driving import drive
from icargos.dispatch.actions.past.standing import PastRefused, Standing
from icargos.dispatch.actions.scanning import SOURCE, received_fact, scanned, weighing
from icargos.dispatch.rules import advice as rules
from icargos.dispatch.rules import scan
from icargos.dispatch.rules.advice import Action, AdviceState
from icargos.dispatch.rules.past import Advised, Answered, Arrival, Deed, Departure, PastRun, Step
from icargos.ground.event_ids import check_event_id
from icargos.kit.actor import Stamp


def live(standing: Standing, deed: Deed) -> None:
    """Live through one deed; raises what its own action would have raised."""
    match deed:
        case Arrival():
            _arrive(standing, deed)
        case Departure():
            _depart(standing, deed)
        case PastRun():
            drive(standing, deed)
        case Advised():
            _advise(standing, deed)
        case Answered():
            _answer(standing, deed)
        case Step():
            _step(standing, deed)
        case _:
            raise TypeError(f"not a deed of the past: {type(deed).__name__}")


def _arrive(standing: Standing, deed: Arrival) -> None:
    deed.by.require(Can.SCAN)
    by, here, parcel = Stamp(deed.by, deed.at), standing.post(deed.by), standing.parcel(deed.cn)
    codes = standing.codes(parcel, here)
    decision = scan.arrival(parcel.status, parcel.custody, **codes)
    standing.must(decision, parcel, codes)
    assert decision.to is not None
    event_id = standing.new_id()
    standing.step(scanned(parcel.cn, decision.to, here, event_id, at=deed.at), by)
    standing.facts.append((lambda: received_fact(parcel, here, deed.grams), by))
    if deed.grams is not None:
        standing.weighings.append(weighing(parcel, here, deed.grams, event_id, by))


def _depart(standing: Standing, deed: Departure) -> None:
    deed.by.require(Can.SCAN)
    here, parcel = standing.post(deed.by), standing.parcel(deed.cn)
    codes = standing.codes(parcel, here)
    decision = scan.departure(parcel.status, **codes)
    standing.must(decision, parcel, codes)
    assert decision.to is not None
    standing.step(scanned(parcel.cn, decision.to, here, standing.new_id(), at=deed.at), Stamp(deed.by, deed.at))


def _step(standing: Standing, deed: Step) -> None:
    deed.by.require(Can.SCAN)
    here = standing.post(deed.by)
    step = Move(
        cn=deed.cn,
        to=deed.to,
        source=SOURCE,
        source_event_id=standing.new_id(),
        occurred_at=deed.at,
        reason=deed.reason,
        note=deed.note,
        station_id=here.id,
        city_id=here.city_id,
    )
    standing.parcel(deed.cn)
    standing.step(step, Stamp(deed.by, deed.at))


def _advise(standing: Standing, deed: Advised) -> None:
    deed.by.require(Can.ADVISE)
    order, by, parcel = deed.order, Stamp(deed.by, deed.at), standing.parcel(deed.order.cn)
    check_event_id(order.source_event_id)
    row = standing.questions.get(parcel.id)
    if row is None or row.state != AdviceState.OPEN or parcel.shipper_id != deed.by.tenant:
        raise _nothing_asked(parcel.cn)
    new_phone = checked(order, standing.reasons[parcel.id], deed.at)
    path = rules.route(parcel.status, rules.TARGET[Action(order.action)])
    if path is None:
        raise _nothing_asked(parcel.cn)
    standing.change(row, said(order, new_phone, by))
    standing.advised.append((row, order, parcel, new_phone, by))
    standing.facts.append((lambda: submitted_fact(parcel, row.id, order), by))
    for step in steps_along(parcel, path, "portal", standing.new_id(), at=deed.at):
        standing.step(step, by)


def _answer(standing: Standing, deed: Answered) -> None:
    deed.by.require(Can.ANSWER_ADVICE)
    check_answer(deed.decision, deed.comment, deed.action)
    by, parcel = Stamp(deed.by, deed.at), standing.parcel(deed.cn)
    row = standing.questions.get(parcel.id)
    codes = standing.codes(parcel, standing.post(deed.by))
    override = deed.decision == "override"
    if row is None or codes["here"] != codes["destination"] or not (override or row.state == AdviceState.SUBMITTED):
        raise _nothing_asked(parcel.cn)
    chosen = Action(deed.action if override else row.action)
    path = rules.route(parcel.status, rules.TARGET[chosen]) if override else ()
    if path is None or deed.decision not in ("accept", "override"):
        raise _nothing_asked(parcel.cn)
    becomes = SETTLED[deed.decision]
    ruled = (chosen, deed.on_date, "") if override else None
    del standing.questions[parcel.id]
    standing.change(row, answered(becomes, deed.comment, ruled, by))
    standing.facts.append((lambda: answered_fact(row, becomes, chosen), by))
    for step in steps_along(parcel, path, SOURCE, standing.new_id(), at=deed.at):
        standing.step(step, by)


def _nothing_asked(cn: str) -> PastRefused:
    told = _("No attempt to deliver %(cn)s has failed: there is nothing to advise.") % {"cn": cn}
    return PastRefused(told, details={"cn": cn})
