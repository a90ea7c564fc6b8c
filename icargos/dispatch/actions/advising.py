"""The shipper's advice on a failed attempt, and the desk's answer to it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.consignments import actions as consignments
from icargos.consignments import queries as parcels
from icargos.consignments.actions import Amendment, Held, Move
from icargos.consignments.rules import LABEL, Custody, Status
from icargos.dispatch import queries
from icargos.dispatch.actions.records import question
from icargos.dispatch.events import AdviceAnswered, AdviceSubmitted
from icargos.dispatch.models import Advice, Attempt
from icargos.dispatch.rules import advice as rules
from icargos.dispatch.rules.advice import Action, AdviceOrder, AdviceState
from icargos.ground import facts
from icargos.ground.event_ids import check_event_id
from icargos.kit import errors, phone
from icargos.kit.actor import Actor, Stamp
from icargos.kit.errors import FieldProblem, Invalid
from icargos.places import queries as places

SETTLED = {"accept": AdviceState.ACCEPTED, "reject": AdviceState.REJECTED, "override": AdviceState.OVERRIDDEN}


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
    new_phone = checked(order, attempt.reason, now)
    path = rules.route(held.status, rules.TARGET[Action(order.action)])
    if path is None:
        raise _too_late(held)
    advice_id = _written(actor, order, current, new_phone, now=now)
    consignments.amend(actor, held.cn, amendment(order, held, new_phone), why=f"advice:{advice_id}", now=now)
    consignments.move(actor, steps_along(held, path, source, f"advice:{advice_id}", at=now), now=now)
    facts.record(actor, [submitted_fact(held, advice_id, order)], now=now)
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
    check_answer(decision, comment, action)
    cn = Advice.objects.filter(id=advice_id).values_list("cn", flat=True).first()
    held = consignments.lock(actor, [cn]).get(cn) if cn else None
    if held is None or not _is_here(actor, held):
        raise errors.NotFound(_("There is no such advice at your station."))
    row = Advice.objects.get(id=advice_id)
    becomes = SETTLED[decision]
    if (row.state, row.answer, row.answered_by) == (becomes, comment, actor.name):
        return
    may = {AdviceState.SUBMITTED, AdviceState.ACCEPTED} | ({AdviceState.OPEN} if decision == "override" else set())
    if row.state not in may or (decision == "accept" and row.state == AdviceState.ACCEPTED):
        raise errors.Conflict(_("This advice is answered or past. Reload the list."))
    chosen = Action(action) if decision == "override" else Action(row.action)
    ruled = (chosen, on_date, window) if decision == "override" else None
    Advice.objects.filter(id=row.id).update(**answered(becomes, comment, ruled, Stamp(actor, now)))
    if decision == "accept" and row.cod_paisa is not None:
        consignments.amend(actor, held.cn, Amendment(cod_paisa=row.cod_paisa), why=f"advice:{row.id}", now=now)
    if decision != "accept":
        target = rules.TARGET[chosen] if decision == "override" else Status.SHIPPER_ADVICE_PENDING
        path = rules.route(held.status, target)
        if path is None:
            raise _too_late(held)
        steps = steps_along(held, path, "scan", f"answer:{row.id}:{becomes.value}", at=now)
        consignments.move(actor, steps, now=now)
    if decision == "reject":
        Advice.objects.bulk_create([question(held, row.attempt_id, now)])
    facts.record(actor, [answered_fact(row, becomes, chosen)], now=now)


def amendment(order: AdviceOrder, held: Held, new_phone: str) -> Amendment:
    """What is taken over with the advice at once; a higher COD waits for the desk."""
    lower = order.cod_paisa if order.cod_paisa is not None and order.cod_paisa <= held.cod_paisa else None
    return Amendment(
        consignee_phone=new_phone,
        address=order.new_address.strip(),
        landmark=order.landmark.strip(),
        cod_paisa=lower,
    )


def submitted_fact(held: Held, advice_id: int, order: AdviceOrder) -> AdviceSubmitted:
    """What the trail says of an advice."""
    return AdviceSubmitted(
        shipper_id=held.shipper_id,
        subject_id=held.id,
        cn=held.cn,
        advice_id=advice_id,
        action=order.action,
        on_date=order.on_date.isoformat() if order.on_date else "",
    )


def answered(
    becomes: AdviceState, comment: str, ruled: tuple[Action, date | None, str] | None, by: Stamp
) -> dict[str, object]:
    """What the desk's answer writes to the advice; ``ruled`` is what it decided itself: action, day and window."""
    action, on_date, window = ruled or ("", None, "")
    return {
        "state": becomes.value,
        "answer": comment,
        "answered_by": by.actor.name,
        "answered_at": by.at,
        "decided": str(action),
        "decided_date": on_date,
        "decided_window": window,
    }


def answered_fact(row: Advice, becomes: AdviceState, chosen: Action) -> AdviceAnswered:
    """What the trail says of the desk's answer."""
    return AdviceAnswered(
        shipper_id=row.shipper_id,
        subject_id=row.consignment_id,
        cn=row.cn,
        advice_id=row.id,
        decision=becomes.value,
        action=chosen.value,
    )


def checked(order: AdviceOrder, reason: str, now: datetime) -> str:
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
    told = said(order, new_phone, Stamp(actor, now))
    if current.state == AdviceState.OPEN:
        Advice.objects.filter(id=current.id).update(**told)
        return current.id
    Advice.objects.filter(id=current.id).update(state=AdviceState.REPLACED)
    row = Advice.objects.create(
        shipper_id=current.shipper_id,
        consignment_id=current.consignment_id,
        cn=current.cn,
        attempt_id=current.attempt_id,
        opened_at=current.opened_at,
        **told,
    )
    return row.id


def said(order: AdviceOrder, new_phone: str, by: Stamp) -> dict[str, Any]:
    """What an advice writes to the question it answers."""
    return {
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
        "by_id": by.actor.user_id,
        "by_name": by.actor.name,
        "at": by.at,
    }


def steps_along(held: Held, path: Sequence[Status], source: str, event_id: str, *, at: datetime) -> list[Move]:
    """Along the path; a parcel that a rider still carries stays in his hands until it is scanned back."""
    return [
        Move(
            cn=held.cn,
            to=to,
            source=source,
            source_event_id=f"{event_id}:{place}",
            occurred_at=at,
            reason=held.reason,
            custody=Custody.RIDER if held.custody is Custody.RIDER else None,
        )
        for place, to in enumerate(path)
    ]


def check_answer(decision: str, comment: str, action: str) -> None:
    """Raise AdviceRefused for a decision that is none, or lacks the comment or the action it needs."""
    found = []
    if decision not in SETTLED:
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
