"""The shipper's advice on a failed attempt, and the desk's answer to it."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.consignments import actions as consignments
from icargos.consignments import queries as parcels
from icargos.consignments.actions import Amendment, Held, Move
from icargos.consignments.rules import LABEL, Custody, Status
from icargos.dispatch import queries
from icargos.dispatch.events import AdviceAnswered, AdviceSubmitted
from icargos.dispatch.models import Advice, Attempt
from icargos.dispatch.rules import advice as rules
from icargos.dispatch.rules.advice import Action, AdviceOrder, AdviceState
from icargos.ground import facts
from icargos.ground.event_ids import check_event_id
from icargos.kit import errors, phone
from icargos.kit.actor import Actor
from icargos.kit.errors import FieldProblem, Invalid
from icargos.places import queries as places

DECISIONS = ("accept", "reject", "override")


class AdviceRefused(Invalid):
    """An advice that breaks a rule; ``problems`` names every field."""

    code = "advice_refused"


class AfterCutOff(errors.Conflict):
    """The run that the standing advice is for was closed to changes."""

    code = "after_cut_off"


@transaction.atomic
def advise(actor: Actor, order: AdviceOrder, *, now: datetime, source: str = "portal") -> int:
    """Answer the last failed attempt of a parcel; returns the advice's id. It counts at once, the desk may object.

    New phone, address, landmark and a lower COD are taken over with it, a higher COD when the desk accepts. A second
    advice replaces the first one, which is kept, until the cut-off of the first one's run. The same event id again
    changes nothing. Raises Forbidden without ADVISE, NotFound for a parcel that is not the actor's, AdviceRefused
    naming every field, AfterCutOff, Conflict for a parcel that waits for no advice.
    """
    actor.require(Can.ADVISE)
    check_event_id(order.source_event_id)
    parcel = parcels.one(actor, order.cn)
    held = consignments.lock(actor, [parcel.cn])[parcel.cn]
    sent = Advice.objects.filter(shipper_id=actor.tenant, source_event_id=order.source_event_id).first()
    if sent is not None:
        if (sent.consignment_id, sent.action) != (held.id, order.action):
            raise errors.Conflict(_("This was already sent with other contents. Reload the page and try again."))
        return sent.id
    attempt = Attempt.objects.filter(shipper_id=actor.tenant, consignment_id=held.id).order_by("-n").first()
    if attempt is None:
        raise errors.Conflict(
            _("No attempt to deliver %(cn)s has failed: there is nothing to advise.") % {"cn": held.cn}
        )
    current = Advice.objects.filter(shipper_id=actor.tenant, attempt_id=attempt.id).order_by("-id").first()
    if current is None or current.state == AdviceState.EXPIRED:
        raise _too_late(held)
    if current.state == AdviceState.OVERRIDDEN:
        told = _("The courier decided otherwise: %(answer)s") % {"answer": current.answer}
        raise errors.Conflict(told)
    if rules.is_fixed(current.action, current.on_date, now):
        assert current.on_date is not None
        told = _("The cut-off for the run of %(day)s was 22:00 on the evening before. Answer again after that run.")
        raise AfterCutOff(told % {"day": date_format(current.on_date, "j M Y")})
    new_phone = _checked(order, attempt.reason, now)
    path = rules.route(held.status, rules.TARGET[Action(order.action)])
    if path is None:
        raise _too_late(held)
    advice_id = _written(actor, order, current, new_phone, now=now)
    lower = order.cod_paisa if order.cod_paisa is not None and order.cod_paisa <= held.cod_paisa else None
    amendment = Amendment(
        consignee_phone=new_phone,
        address=order.new_address.strip(),
        landmark=order.landmark.strip(),
        cod_paisa=lower,
    )
    consignments.amend(actor, held.cn, amendment, why=f"advice:{advice_id}", now=now)
    _move(actor, held, path, source, f"advice:{advice_id}", now=now)
    fact = AdviceSubmitted(
        shipper_id=held.shipper_id,
        subject_id=held.id,
        cn=held.cn,
        advice_id=advice_id,
        action=order.action,
        on_date=order.on_date.isoformat() if order.on_date else "",
    )
    facts.record(actor, [fact], now=now)
    return advice_id


@transaction.atomic
def answer(
    actor: Actor,
    advice_id: int,
    decision: str,
    comment: str = "",
    *,
    now: datetime,
    action: str = "",
    on_date: date | None = None,
    window: str = "",
) -> None:
    """The desk's word on an advice: ``accept``, ``reject`` with a reason, or ``override`` with a comment.

    The shipper sees the comment. A rejected advice puts the parcel back on the advice desk with a new question; an
    override decides ``action`` (and day) itself, also where the shipper has said nothing yet. The same answer again
    changes nothing. Raises Forbidden without ANSWER_ADVICE, NotFound for a parcel of another station, Invalid naming
    the field, Conflict for an advice that is answered or past.
    """
    actor.require(Can.ANSWER_ADVICE)
    comment = comment.strip()
    _check_answer(decision, comment, action)
    cn = Advice.objects.filter(id=advice_id).values_list("cn", flat=True).first()
    held = consignments.lock(actor, [cn]).get(cn) if cn else None
    if held is None or not _is_here(actor, held):
        raise errors.NotFound(_("There is no such advice at your station."))
    row = Advice.objects.get(id=advice_id)
    settled = {"accept": AdviceState.ACCEPTED, "reject": AdviceState.REJECTED, "override": AdviceState.OVERRIDDEN}
    becomes = settled[decision]
    if (row.state, row.answer, row.answered_by) == (becomes, comment, actor.name):
        return
    may = {AdviceState.SUBMITTED, AdviceState.ACCEPTED} | ({AdviceState.OPEN} if decision == "override" else set())
    if row.state not in may or (decision == "accept" and row.state == AdviceState.ACCEPTED):
        raise errors.Conflict(_("This advice is answered or past. Reload the list."))
    chosen = Action(action) if decision == "override" else Action(row.action)
    Advice.objects.filter(id=row.id).update(
        state=becomes,
        answer=comment,
        answered_by=actor.name,
        answered_at=now,
        decided=chosen.value if decision == "override" else "",
        decided_date=on_date if decision == "override" else None,
        decided_window=window if decision == "override" else "",
    )
    if decision == "accept" and row.cod_paisa is not None:
        consignments.amend(actor, held.cn, Amendment(cod_paisa=row.cod_paisa), why=f"advice:{row.id}", now=now)
    if decision != "accept":
        target = rules.TARGET[chosen] if decision == "override" else Status.SHIPPER_ADVICE_PENDING
        path = rules.route(held.status, target)
        if path is None:
            raise _too_late(held)
        _move(actor, held, path, "scan", f"answer:{row.id}:{becomes.value}", now=now)
    if decision == "reject":
        Advice.objects.create(
            shipper_id=row.shipper_id,
            consignment_id=row.consignment_id,
            cn=row.cn,
            attempt_id=row.attempt_id,
            state=AdviceState.OPEN.value,
            opened_at=now,
        )
    fact = AdviceAnswered(
        shipper_id=row.shipper_id,
        subject_id=row.consignment_id,
        cn=row.cn,
        advice_id=row.id,
        decision=becomes.value,
        action=chosen.value,
    )
    facts.record(actor, [fact], now=now)


def _checked(order: AdviceOrder, reason: str, now: datetime) -> str:
    """The new phone in E.164, or empty; raises AdviceRefused naming every field that breaks a rule."""
    found = [
        FieldProblem(one.field, one.code, _(one.message), one.suggestion) for one in rules.problems(order, reason, now)
    ]
    number = ""
    if order.new_phone.strip():
        try:
            read = phone.read(order.new_phone)
            number = read.e164
            if read.kind is not phone.Kind.MOBILE:
                told = _("The consignee's phone must be a mobile number.")
                found.append(FieldProblem("new_phone", "PHONE_INVALID", told))
        except phone.PhoneInvalid as refusal:
            found.append(FieldProblem("new_phone", "PHONE_INVALID", _(refusal.message)))
    if found:
        raise AdviceRefused(found[0].message, problems=found)
    return number


def _written(actor: Actor, order: AdviceOrder, current: Advice, new_phone: str, *, now: datetime) -> int:
    """The open question answered, or a new row beside the earlier answer that it replaces; returns the row's id."""
    said = {
        "state": AdviceState.SUBMITTED.value,
        "action": order.action,
        "on_date": order.on_date,
        "window": order.window,
        "note": order.note.strip(),
        "new_phone": new_phone,
        "new_address": order.new_address.strip(),
        "landmark": order.landmark.strip(),
        "cod_paisa": order.cod_paisa,
        "source_event_id": order.source_event_id,
        "by_id": actor.user_id,
        "by_name": actor.name,
        "at": now,
    }
    if current.state == AdviceState.OPEN:
        Advice.objects.filter(id=current.id).update(**said)
        return current.id
    Advice.objects.filter(id=current.id).update(state=AdviceState.REPLACED)
    row = Advice.objects.create(
        shipper_id=current.shipper_id,
        consignment_id=current.consignment_id,
        cn=current.cn,
        attempt_id=current.attempt_id,
        opened_at=current.opened_at,
        **said,
    )
    return row.id


def _move(actor: Actor, held: Held, path: Sequence[Status], source: str, event_id: str, *, now: datetime) -> None:
    """Along the path; a parcel that a rider still carries stays in his hands until it is scanned back."""
    moves = [
        Move(
            cn=held.cn,
            to=to,
            source=source,
            source_event_id=f"{event_id}:{place}",
            occurred_at=now,
            reason=held.reason,
            custody=Custody.RIDER if held.custody is Custody.RIDER else None,
        )
        for place, to in enumerate(path)
    ]
    consignments.move(actor, moves, now=now)


def _check_answer(decision: str, comment: str, action: str) -> None:
    found = []
    if decision not in DECISIONS:
        found.append(FieldProblem("decision", "REQUIRED", _("Accept, reject or override.")))
    if decision in ("reject", "override") and not 3 <= len(comment) <= 500:
        found.append(FieldProblem("comment", "REQUIRED", _("Tell the shipper why, in 3 to 500 characters.")))
    if len(comment) > 500:
        found.append(FieldProblem("comment", "RANGE", _("A comment has at most 500 characters.")))
    if decision == "override" and action not in set(Action):
        found.append(FieldProblem("action", "REQUIRED", _("Choose what shall happen with the parcel.")))
    if found:
        raise AdviceRefused(found[0].message, problems=found)


def _is_here(actor: Actor, held: Held) -> bool:
    """Whether the parcel's destination is the actor's station; who approves for the courier answers everywhere."""
    if actor.may(Can.APPROVE):
        return True
    return queries.station(actor).code == queries.station_code(places.city_index(actor), held.destination_id)


def _too_late(held: Held) -> errors.Conflict:
    told = _("%(cn)s is %(status)s: it is too late for advice.")
    return errors.Conflict(told % {"cn": held.cn, "status": _(LABEL[held.status])})
