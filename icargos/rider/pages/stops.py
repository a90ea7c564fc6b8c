"""One stop: the address as the heading, then what happened there."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.consignments.rules import REASONS, papers
from icargos.consignments.rules.papers import PAPERS
from icargos.dispatch import actions, queries
from icargos.dispatch.actions import Reported
from icargos.dispatch.queries import StopRow
from icargos.dispatch.rules.outcome import NOT_ATTEMPTED_FOR, RunState, StopState
from icargos.kit.actor import Actor
from icargos.kit.errors import Invalid
from icargos.rider import reports
from icargos.ui import visits
from icargos.ui.page import AskedBy, page
from icargos.ui.toasts import toast, warn

# Reported again from the same hands: the parcel is still with the rider.
_TO_REPORT = {StopState.PENDING, StopState.FAILED, StopState.NOT_ATTEMPTED}


@page("rider", "rider/stops/<int:stop>/", name="stop", needs=Can.DELIVER, owner="stop")
def stop(request: AskedBy, actor: Actor, stop: int) -> HttpResponse:
    """The stop's page: reach the consignee, take the COD, prove the delivery."""
    return render(request, "rider/stop.html", _context(actor, stop))


@page(
    "rider", "rider/stops/<int:stop>/delivered/", name="delivered", needs=Can.DELIVER, methods=("POST",), owner="stop"
)
def delivered(request: AskedBy, actor: Actor, stop: int) -> HttpResponse:
    """Handed over."""
    return _reported(
        request,
        actor,
        stop,
        lambda: actions.deliver(actor, reports.delivery(request, stop), now=timezone.now()),
        "rider/stop.html",
        _("%(cn)s delivered"),
    )


@page(
    "rider", "rider/stops/<int:stop>/failed/", name="failed", needs=Can.DELIVER, methods=("GET", "POST"), owner="stop"
)
def failed(request: AskedBy, actor: Actor, stop: int) -> HttpResponse:
    """Why it failed, and the proof that the reason asks for."""
    if request.method != "POST":
        return render(request, "rider/failed.html", _context(actor, stop))
    return _reported(
        request,
        actor,
        stop,
        lambda: actions.fail(actor, reports.failure(request, stop), now=timezone.now()),
        "rider/failed.html",
        _("%(cn)s reported as failed"),
    )


@page(
    "rider",
    "rider/stops/<int:stop>/not-attempted/",
    name="not_attempted",
    needs=Can.DELIVER,
    methods=("GET", "POST"),
    owner="stop",
)
def not_attempted(request: AskedBy, actor: Actor, stop: int) -> HttpResponse:
    """The rider could not come; no attempt is counted."""
    if request.method != "POST":
        return render(request, "rider/not_attempted.html", _context(actor, stop))
    return _reported(
        request,
        actor,
        stop,
        lambda: actions.not_attempted(actor, reports.not_attempted(request, stop), now=timezone.now()),
        "rider/not_attempted.html",
        _("%(cn)s goes back to the station, no attempt counted"),
    )


def _reported(
    request: AskedBy, actor: Actor, stop: int, report: Callable[[], Reported], whole: str, done: str
) -> HttpResponse:
    """Send the report; what is missing is named in place, so that no photo and no signature is lost over it."""
    in_place = bool(request.headers.get("HX-Request"))
    try:
        told = report()
    except Invalid as refusal:
        problems = {"problems": refusal.problems or [{"field": "", "message": refusal.message}]}
        if in_place:
            return render(request, "rider/problems.html", problems, status=422)
        return render(request, whole, {**_context(actor, stop), **problems}, status=422)
    if told.fate == "conflict":
        warn(
            request, _("%(cn)s: the scans say otherwise. The desk will decide; keep the cash apart.") % {"cn": told.cn}
        )
    elif told.fate == "keep":
        toast(request, _("%(cn)s: kept in the history, it moved nothing any more") % {"cn": told.cn})
    else:
        toast(request, done % {"cn": told.cn})
    if in_place:
        answer = HttpResponse(status=200)
        answer["HX-Redirect"] = reverse("rider:run")
        return answer
    return redirect("rider:run")


def _context(actor: Actor, stop_id: int) -> dict[str, Any]:
    stop = queries.stop(actor, stop_id)
    state = StopState(stop.state)
    mine = [one for one in queries.stops(actor) if one.run_id == stop.run_id]
    where = ", ".join(part for part in (stop.address, stop.city) if part)
    return {
        "stop": stop,
        "place": stop.seq,
        "places": max((one.seq for one in mine), default=stop.seq),
        "phones": [number for number in (stop.consignee_phone, stop.alt_phone) if number],
        "whatsapp_url": f"https://wa.me/{stop.consignee_phone.lstrip('+')}",
        "map_url": "https://www.google.com/maps/search/?" + urlencode({"api": 1, "query": where}),
        "wish": _wish(stop),
        "reports": state in _TO_REPORT and (stop.custody == "rider" or stop.run_state == RunState.CLOSED),
        "state_word": _state_word(stop),
        "papers": [(code, _(PAPERS[code])) for code in papers.asked(stop.signed_papers)],
        "relations": visits.relations(),
        "reasons": [_reason(code) for code in REASONS if code != "VB"],
        "excuses": [(code, _(REASONS[code].label)) for code in NOT_ATTEMPTED_FOR],
        "problems": [],
    }


def _wish(stop: StopRow) -> dict[str, Any] | None:
    wish = stop.wish
    if wish is None:
        return None
    return {
        "it": wish,
        "action": visits.action_word(wish.action),
        "is_desk": wish.state == "overridden",
    }


def _state_word(stop: StopRow) -> str:
    words = {
        StopState.PENDING: "",
        StopState.DELIVERED: _("Delivered"),
        StopState.FAILED: _("Failed"),
        StopState.NOT_ATTEMPTED: _("Not attempted"),
        StopState.HANDED_BACK: _("Scanned back at the station"),
    }
    word = words[StopState(stop.state)]
    if stop.state == StopState.FAILED and stop.reason in REASONS:
        return f"{word}: {_(REASONS[stop.reason].label)}"
    return word


def _reason(code: str) -> dict[str, Any]:
    """A reason with what its proof may be: ``calls`` that are enough (0 = none are), and whether any is asked."""
    reason = REASONS[code]
    calls = 2 if "two_calls" in reason.proof else 1 if "call" in reason.proof else 0
    hints = {0: _("photo"), 1: _("call, or photo"), 2: _("2 calls, or photo")}
    return {
        "code": code,
        "label": _(reason.label),
        "calls": calls,
        "asks": bool(reason.proof),
        "hint": hints[calls] if reason.proof else "",
        "dated": code == "FDR",
    }
