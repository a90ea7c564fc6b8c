"""Shipper advice: what failed, why, with what proof; and the shipper's answer to it."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from icargos.accounts.rules import Can
from icargos.consignments import queries as consignments
from icargos.consignments.rules import REASONS, WINDOWS
from icargos.dispatch import actions, queries
from icargos.dispatch.queries import AdviceRow
from icargos.dispatch.rules.advice import (
    MOST_NOTE,
    AdviceOrder,
    AdviceState,
    allowed_dates,
    is_fixed,
    next_cut_off,
)
from icargos.dispatch.rules.silence import answer_by, if_silent
from icargos.kit.actor import Actor
from icargos.kit.errors import FieldProblem, Invalid, NotFound
from icargos.ui import posted, visits
from icargos.ui.page import AskedBy, page
from icargos.ui.toasts import toast

_TABS: Mapping[str, tuple[AdviceState, ...]] = {
    "open": (AdviceState.OPEN,),
    "sent": (AdviceState.SUBMITTED, AdviceState.ACCEPTED),
    "closed": (AdviceState.REJECTED, AdviceState.OVERRIDDEN, AdviceState.REPLACED, AdviceState.EXPIRED),
}
_CHANGEABLE = {AdviceState.OPEN, AdviceState.SUBMITTED, AdviceState.ACCEPTED}
_FIELDS = ("action", "on_date", "window", "note", "new_phone", "new_address", "landmark", "cod")
_SOON = timedelta(hours=6)
_LATER_TODAY = timedelta(hours=24)


@page("portal", "advice/", name="advice", needs=Can.SEE_ORDERS)
def advice(request: AskedBy, actor: Actor) -> HttpResponse:
    """The queue, what expires first on top; on a wide screen its first line is open beside it."""
    tab = request.GET.get("tab", "open")
    return _desk(request, actor, tab if tab in _TABS else "open", None)


@page("portal", "advice/count/", name="advice_count", needs=Can.SEE_ORDERS)
def advice_count(request: AskedBy, actor: Actor) -> HttpResponse:
    """A fragment: how many failed attempts wait for an answer."""
    return render(request, "ui/parts/menu_count.html", {"n": queries.advice_waiting(actor)[AdviceState.OPEN]})


@page("portal", "advice/<int:advice>/", name="advice_one", needs=Can.SEE_ORDERS, owner="advice")
def advice_one(request: AskedBy, actor: Actor, advice: int) -> HttpResponse:
    """One question with what the rider says, and the form for the answer."""
    row = _found(actor, advice)
    return _desk(request, actor, _tab_of(row), row)


@page("portal", "advice/<int:advice>/answer/", name="advise", needs=Can.ADVISE, methods=("POST",), owner="advice")
def advise(request: AskedBy, actor: Actor, advice: int) -> HttpResponse:
    """Send the answer; the same form twice sends it once. What is wrong comes back with what was typed."""
    row = _found(actor, advice)
    typed = {name: posted.words(request.POST, name) for name in _FIELDS}
    event = request.POST.get("event", "")
    try:
        actions.advise(actor, _order(row.cn, typed, event), now=timezone.now())
    except Invalid as refusal:
        filled = {"typed": typed, "event": event, "problems": refusal.problems}
        return _desk(request, actor, _tab_of(row), row, filled, status=422)
    toast(request, _("%(cn)s: your answer was sent") % {"cn": row.cn})
    if request.POST.get("then") == "next":
        waiting = _sorted(queries.advice_queue(actor, _TABS["open"]))
        if waiting:
            return redirect("portal:advice_one", advice=waiting[0].id)
        return redirect("portal:advice")
    return redirect("portal:advice_one", advice=_now_current(actor, row).id)


@page("portal", "orders/<str:cn>/pictures/<str:name>/", name="picture", needs=Can.SEE_CONSIGNEE, owner="consignment")
def picture(request: AskedBy, actor: Actor, cn: str, name: str) -> HttpResponse:
    """One picture of a proof or an attempt."""
    return visits.picture_response(queries.picture(actor, consignments.one(actor, cn).id, name))


def _desk(
    request: AskedBy,
    actor: Actor,
    tab: str,
    row: AdviceRow | None,
    filled: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    counts = queries.advice_tally(actor)
    rows = _sorted(queries.advice_queue(actor, _TABS[tab]))
    chosen = row or (rows[0] if rows else None)
    labels = {"open": _("Needs your answer"), "sent": _("Sent, on its way"), "closed": _("Closed")}
    cut_off = next_cut_off(now)
    context = {
        "tab": tab,
        "tabs": [
            {
                "label": labels[name],
                "url": f"{reverse('portal:advice')}?tab={name}",
                "count": sum(counts[state] for state in states),
                "current": name == tab,
            }
            for name, states in _TABS.items()
        ],
        "cut_off": cut_off,
        "cut_off_in": _span(cut_off - now),
        "rows": [_line(actor, one, now, chosen) for one in rows],
        "opened": row is not None,
        "detail": _detail(actor, chosen, now, filled) if chosen else None,
    }
    return render(request, "portal/advice.html", context, status=status)


def _found(actor: Actor, advice_id: int) -> AdviceRow:
    row = queries.advice(actor, advice_id)
    if row is None:
        raise NotFound(_("There is no such advice here."))
    return row


def _tab_of(row: AdviceRow) -> str:
    return next(name for name, states in _TABS.items() if AdviceState(row.state) in states)


def _now_current(actor: Actor, row: AdviceRow) -> AdviceRow:
    """The answer that stands now: a second one before the cut-off is a row of its own."""
    sent = queries.advice_queue(actor, _TABS["sent"])
    return next((one for one in sent if one.attempt_id == row.attempt_id), row)


def _sorted(rows: Sequence[AdviceRow]) -> list[AdviceRow]:
    """What expires first comes first; what is past, latest first."""
    if rows and all(row.state == AdviceState.OPEN for row in rows):
        return sorted(rows, key=lambda row: (answer_by(REASONS[row.reason], row.opened_at), row.id))
    return list(rows)


def _line(actor: Actor, row: AdviceRow, now: datetime, chosen: AdviceRow | None) -> dict[str, Any]:
    sees = actor.may(Can.SEE_CONSIGNEE)
    return {
        "url": reverse("portal:advice_one", args=[row.id]),
        "current": chosen is not None and chosen.id == row.id,
        "who": row.consignee_name if sees else row.order_ref or row.cn,
        "city": row.city,
        "reason": _(REASONS[row.reason].label),
        "n": row.n,
        "counted": row.counted,
        "paisa": row.booked_cod_paisa,
        "clock": _clock(row, now) if row.state == AdviceState.OPEN else None,
        "action": visits.action_word(row.decided or row.action),
        "state": row.state,
        "answer": row.answer if sees else "",
    }


def _clock(row: AdviceRow, now: datetime) -> dict[str, Any]:
    until = answer_by(REASONS[row.reason], row.opened_at)
    left = until - now
    hue = "bad" if left < _SOON else "warn" if left < _LATER_TODAY else "new"
    return {"text": _span(left) if left > timedelta() else _("past"), "hue": hue, "until": until}


def _span(left: timedelta) -> str:
    minutes = max(0, int(left.total_seconds() // 60))
    hours, rest = divmod(minutes, 60)
    if hours >= 12:
        return ngettext("%(n)d h", "%(n)d h", hours) % {"n": hours}
    if hours:
        return _("%(h)d h %(m)02d m") % {"h": hours, "m": rest}
    return _("%(m)d m") % {"m": rest}


def _detail(actor: Actor, row: AdviceRow, now: datetime, filled: Mapping[str, Any] | None) -> dict[str, Any]:
    sees = actor.may(Can.SEE_CONSIGNEE)
    tries = queries.attempts(actor, row.consignment_id)
    tried = next(one for one in tries if one.id == row.attempt_id)
    last = tries[-1].id == tried.id
    reason = REASONS[row.reason]
    changeable = (
        actor.may(Can.ADVISE)
        and last
        and AdviceState(row.state) in _CHANGEABLE
        and not is_fixed(row.action, row.on_date, now)
    )
    detail = {
        "it": row,
        "title": f"{row.consignee_name}, {row.city}" if sees else row.city,
        "sees": sees,
        "clock": _clock(row, now) if row.state == AdviceState.OPEN else None,
        "silent": _(if_silent(reason)),
        "attempts": [visits.attempt(tried, row.cn, "portal:picture", notes=sees)],
        "parcel_url": reverse("portal:consignment", args=[row.cn]),
    }
    return {**detail, **_form(row, now, filled)} if changeable else detail


def _form(row: AdviceRow, now: datetime, filled: Mapping[str, Any] | None) -> dict[str, Any]:
    days = allowed_dates(now)
    asked = row.on_date if row.on_date in days else None
    typed = {
        "action": row.action or "reattempt",
        "on_date": (asked or days[0]).isoformat(),
        "window": row.window,
        "note": row.note,
        "new_phone": row.new_phone or "",
        "new_address": row.new_address or "",
        "landmark": row.landmark or "",
        "cod": str(row.cod_paisa // 100) if row.cod_paisa is not None else "",
    }
    problems: Sequence[FieldProblem] = ()
    event = str(uuid.uuid4())
    if filled is not None:
        typed, problems, event = dict(filled["typed"]), filled["problems"], filled["event"]
    needs = set(REASONS[row.reason].needs)
    return {
        "form": True,
        "typed": typed,
        "problems": problems,
        "errors": {problem.field: problem.message for problem in reversed(problems)},
        "event": event,
        "needs_phone": "phone" in needs,
        "needs_address": bool(needs & {"address", "address_same_city"}),
        "actions": [
            ("reattempt", _("Re-attempt"), "repeat"),
            ("return", _("Return"), "undo"),
            ("hold", _("Hold"), "pause"),
            ("self_collection", _("Self-collect"), "store"),
        ],
        "days": [{"value": day.isoformat(), "day": day} for day in days],
        "windows": WINDOWS,
        "most_note": MOST_NOTE,
        "advise_url": reverse("portal:advise", args=[row.id]),
        "changing": row.state != AdviceState.OPEN,
    }


def _order(cn: str, typed: Mapping[str, str], event: str) -> AdviceOrder:
    again = typed["action"] == "reattempt"
    return AdviceOrder(
        cn=cn,
        action=typed["action"],
        source_event_id=event,
        on_date=posted.day(typed, "on_date") if again else None,
        window=typed["window"] if again else "",
        note=typed["note"],
        new_phone=typed["new_phone"],
        new_address=typed["new_address"],
        landmark=typed["landmark"],
        cod_paisa=posted.paisa(typed, "cod"),
    )
