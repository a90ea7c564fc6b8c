"""Delivery run sheets: opened for a rider, loaded by scan, dispatched, scanned back, closed with their cash."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from icargos.accounts import queries as accounts
from icargos.accounts.rules import Can, StaffRole
from icargos.desk import belt
from icargos.dispatch import actions, queries
from icargos.dispatch.actions import Verdict
from icargos.dispatch.queries import RunSheet, StopRow
from icargos.finance import actions as finance
from icargos.finance import queries as money
from icargos.kit.actor import Actor
from icargos.kit.errors import FieldProblem, Invalid
from icargos.ui import papers, posted
from icargos.ui.page import AskedBy, page
from icargos.ui.scans import answer
from icargos.ui.toasts import toast
from icargos.ui.wording import amount


@page("desk", "desk/runs/", name="runs", needs=Can.SCAN, methods=("GET", "POST"))
def runs(request: AskedBy, actor: Actor) -> HttpResponse:
    """The station's run sheets; a rider chosen here opens a new one."""
    if request.method == "POST":
        rider = posted.words(request.POST, "rider", most=18)
        if not rider.isdecimal():
            raise _wrong("rider", _("Choose a rider."))
        opened = actions.open_run(actor, int(rider), source_event_id=request.POST.get("event", ""), now=timezone.now())
        return redirect("desk:run", run=opened.id)
    board = queries.board(actor)
    stations = queries.posted(actor)
    riders = [one for one in accounts.colleagues(actor, StaffRole.RIDER) if stations.get(one.id) == board.station.id]
    out = {card.rider_id for card in board.runs if card.state != "closed"}
    context = {
        "station_name": board.station.name,
        "board": board,
        "riders": [{"id": one.id, "name": one.name, "out": one.id in out} for one in riders],
        "standing": [(code, count) for code, count in board.here.items() if count],
    }
    return render(request, "desk/runs.html", context)


@page("desk", "desk/runs/<int:run>/", name="run", needs=Can.SCAN, methods=("GET", "POST"), owner="run")
def run(request: AskedBy, actor: Actor, run: int) -> HttpResponse:
    """One run sheet. What is scanned goes onto it while it is open, and back into the station once it has left."""
    if request.method != "POST":
        return render(request, "desk/run.html", _context(actor, queries.run(actor, run)))
    scans = belt.read_scans(request.POST)
    now = timezone.now()
    if queries.run(actor, run).run.state == "open":
        said = {
            Verdict.MOVED: _("On the sheet"),
            Verdict.AGAIN: _("On the sheet already"),
            Verdict.REFUSED: _("Stop. Not on this run."),
        }
        answers = actions.add_to_run(actor, run, scans, now=now)
        sheet = queries.run(actor, run)
        rows = belt.shown(answers, belt.placing({stop.cn: stop.seq for stop in sheet.stops}), said, scans)
    else:
        said = {
            Verdict.MOVED: _("Back at the station"),
            Verdict.AGAIN: _("Scanned back before"),
            Verdict.REFUSED: _("Stop. Put it aside."),
        }
        rows = belt.shown(actions.hand_back(actor, run, scans, now=now), belt.shelving, said, scans)
        sheet = queries.run(actor, run)
    return answer(request, rows, _context(actor, sheet), parts="desk/scanned.html", whole="desk/run.html")


@page("desk", "desk/runs/<int:run>/sheet.pdf", name="run_pdf", needs=Can.SCAN, owner="run")
def run_pdf(request: AskedBy, actor: Actor, run: int) -> HttpResponse:
    """The sheet as a paper."""
    return papers.delivery_run(request, actor, run)


@page("desk", "desk/runs/<int:run>/off/", name="take_off", needs=Can.SCAN, methods=("POST",), owner="run")
def take_off(request: AskedBy, actor: Actor, run: int) -> HttpResponse:
    """Take parcels off an open sheet."""
    gone = actions.take_off(actor, run, request.POST.getlist("cn"), now=timezone.now())
    told = ngettext("%(n)d parcel taken off the sheet", "%(n)d parcels taken off the sheet", gone)
    toast(request, told % {"n": gone})
    return redirect("desk:run", run=run)


@page("desk", "desk/runs/<int:run>/dispatch/", name="dispatch", needs=Can.SCAN, methods=("POST",), owner="run")
def dispatch(request: AskedBy, actor: Actor, run: int) -> HttpResponse:
    """The rider leaves with the sheet."""
    actions.dispatch_run(actor, run, now=timezone.now())
    toast(request, _("%(number)s has left") % {"number": queries.run(actor, run).run.number})
    return redirect("desk:run", run=run)


@page("desk", "desk/runs/<int:run>/close/", name="close", needs=Can.SCAN, methods=("POST",), owner="run")
def close(request: AskedBy, actor: Actor, run: int) -> HttpResponse:
    """Take the cash over and close the run, both or neither; with ``short`` although parcels are missing.

    A difference is closed only by who may approve it.
    """
    now = timezone.now()
    sheet = queries.run(actor, run)
    approves = actor.may(Can.APPROVE) and request.POST.get("approved") == "yes"
    try:
        counted = finance.close_cash(
            actor,
            run_id=run,
            rider_id=sheet.run.rider_id,
            station_id=queries.station(actor).id,
            cash_paisa=posted.paisa(request.POST, "cash") or 0,
            digital_paisa=posted.paisa(request.POST, "digital") or 0,
            approved_by=actor.user_id if approves else None,
            now=now,
        )
    except (finance.CloseRefused, Invalid) as refusal:
        context = {**_context(actor, sheet), "cash_problem": refusal.message, "typed": request.POST}
        return render(request, "desk/run.html", context, status=refusal.http_status)
    closed = actions.close_run(actor, run, short=request.POST.get("short") == "yes", now=now)
    told = _("Run closed: %(delivered)d delivered, %(back)d back, %(awaited)d missing, Rs %(cash)s taken over")
    figures = {"delivered": closed.delivered, "back": closed.handed_back, "awaited": len(closed.awaited)}
    toast(request, told % {**figures, "cash": amount(counted.cash_paisa + counted.digital_paisa)})
    return redirect("desk:run", run=run)


def _context(actor: Actor, sheet: RunSheet) -> dict[str, Any]:
    card = sheet.run
    return {
        "sheet": sheet,
        "run": card,
        "station_name": sheet.station,
        "is_open": card.state == "open",
        "is_out": card.state == "dispatched",
        "stops": _in_order(sheet.stops),
        "done": card.stops - card.live,
        "expected_paisa": money.expected_of(actor, card.rider_id) if card.state == "dispatched" else 0,
        "approves": actor.may(Can.APPROVE),
        "to_scan": card.failed + card.not_attempted,
    }


def _in_order(stops: Sequence[StopRow]) -> list[StopRow]:
    """Those that are still out first, each group in the sheet's order."""
    settled = {"delivered", "handed_back"}
    return sorted(stops, key=lambda stop: (stop.state in settled, stop.seq))


def _wrong(field: str, told: str) -> Invalid:
    return Invalid(told, problems=[FieldProblem(field, "REQUIRED", told)])
