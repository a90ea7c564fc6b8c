"""Arrival and departure at a station: a scanner that types, a screen that answers in colour."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.desk import belt
from icargos.dispatch import actions, queries
from icargos.dispatch.actions import Scan, Scanned, Verdict
from icargos.kit.actor import Actor
from icargos.places import queries as places
from icargos.ui.page import AskedBy, page
from icargos.ui.scans import answer


@page("desk", "desk/arrival/", name="arrival", needs=Can.SCAN, methods=("GET", "POST"))
def arrival(request: AskedBy, actor: Actor) -> HttpResponse:
    """Scan parcels in, one after the other or up to 1,000 pasted."""
    said = {
        Verdict.MOVED: _("Accepted"),
        Verdict.AGAIN: _("Scanned before, counted once"),
        Verdict.REFUSED: _("Stop. Do not bag."),
    }
    shape = {"title": _("Arrival scan"), "here": "desk:arrival", "weighs": True}
    return _belt(request, actor, lambda scans: actions.receive(actor, scans, now=timezone.now()), said, shape)


@page("desk", "desk/sending/", name="sending", needs=Can.SCAN, methods=("GET", "POST"))
def sending(request: AskedBy, actor: Actor) -> HttpResponse:
    """Scan parcels out to the line haul."""
    said = {
        Verdict.MOVED: _("In transit"),
        Verdict.AGAIN: _("Scanned before, counted once"),
        Verdict.REFUSED: _("Stop. Do not load."),
    }
    shape = {"title": _("Send in transit"), "here": "desk:sending", "weighs": False}
    return _belt(request, actor, lambda scans: actions.send(actor, scans, now=timezone.now()), said, shape)


@page("desk", "desk/again/", name="again", needs=Can.SCAN, methods=("POST",))
def again(request: AskedBy, actor: Actor) -> HttpResponse:
    """Begin a new count."""
    belt.forget(request.session)
    back = request.POST.get("back", "")
    return redirect(back if back in ("desk:arrival", "desk:sending") else "desk:arrival")


def _belt(
    request: AskedBy,
    actor: Actor,
    scan: Callable[[Sequence[Scan]], list[Scanned]],
    said: Mapping[Verdict, str],
    shape: Mapping[str, Any],
) -> HttpResponse:
    here = queries.station(actor)
    context = {**shape, "station_name": here.name}
    if request.method != "POST":
        return render(request, "desk/belt.html", {**context, "tally": belt.tally(request.session)})
    scans = belt.read_scans(request.POST)
    names = {office.code: office.name for office in places.stations(actor)}
    rows = belt.shown(scan(scans), belt.sorting(names), said, scans)
    belt.count(request.session, rows)
    context["tally"] = belt.tally(request.session)
    return answer(request, rows, context, parts="desk/scanned.html", whole="desk/belt.html")
