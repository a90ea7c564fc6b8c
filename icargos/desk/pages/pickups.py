"""Pickups at the desk: what shippers asked for by day, who rides for it, and what came of it."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from icargos.accounts import queries as accounts
from icargos.accounts.rules import Can, StaffRole
from icargos.booking import actions, queries
from icargos.booking.actions import Report
from icargos.booking.queries import Visit
from icargos.booking.rules.pickups import FAILURES
from icargos.kit.actor import Actor
from icargos.kit.errors import Invalid
from icargos.places import queries as places
from icargos.ui import papers, posted
from icargos.ui.page import AskedBy, page
from icargos.ui.toasts import toast
from icargos.ui.wording import short_day

_LOOKS = {
    "asked": ("warn", "clock"),
    "assigned": ("new", "user"),
    "on_the_way": ("last", "bike"),
    "collected": ("done", "package-check"),
    "failed": ("warn", "package-x"),
    "cancelled": ("off", "ban"),
}
_SIZE = 100


@page("desk", "desk/pickups/", name="pickups", needs=Can.SCAN, methods=("GET", "POST"))
def pickups(request: AskedBy, actor: Actor) -> HttpResponse:
    """The station's pickups of a day, ``?day=``; those that are ticked go on a rider's sheet."""
    if request.method == "POST":
        return _assigned(request, actor)
    today = timezone.localdate()
    day = posted.day(request.GET, "day") or today
    board = queries.pickup_board(actor, day)
    stations = places.posted(actor)
    riders = [one for one in accounts.colleagues(actor, StaffRole.RIDER) if stations.get(one.id) == board.station.id]
    context = {
        "station_name": board.station.name,
        "board": board,
        "day_word": _day_word(day, today),
        "before_url": _url(day - timedelta(days=1)),
        "after_url": _url(day + timedelta(days=1)),
        "today_url": reverse("desk:pickups") if day != today else "",
        "rows": [_row(one) for one in board.visits],
        # Whatever nobody went to is today's work.
        "overdue": [_row(one) for one in board.overdue] if day == today else [],
        "riders": riders,
        "assigns": day >= today,
    }
    return render(request, "desk/pickups.html", context)


@page("desk", "desk/pickups/count/", name="pickup_count", needs=Can.SCAN)
def pickup_count(request: AskedBy, actor: Actor) -> HttpResponse:
    """A fragment: how many pickups of today or before no rider goes to."""
    n = queries.count_unassigned(actor, today=timezone.localdate())
    return render(request, "ui/parts/menu_count.html", {"n": n})


@page("desk", "desk/pickup-runs/<int:pickup_run>/", name="pickup_run", needs=Can.SCAN, owner="pickup_run")
def pickup_run(request: AskedBy, actor: Actor, pickup_run: int) -> HttpResponse:
    """One rider's sheet: the shippers in their order, and what he took."""
    card, visits = queries.pickup_run(actor, pickup_run)
    context = {
        "station_name": places.station(actor).name,
        "run": card,
        "rows": [_row(one) for one in visits],
        "may_go": card.state == "open" and bool(visits) and card.day <= timezone.localdate(),
        "reasons": [(one.code, _(one.label)) for one in FAILURES.values()],
    }
    return render(request, "desk/pickup_run.html", context)


@page("desk", "desk/pickup-runs/<int:pickup_run>/sheet.pdf", name="pickup_run_pdf", needs=Can.SCAN, owner="pickup_run")
def pickup_run_pdf(request: AskedBy, actor: Actor, pickup_run: int) -> HttpResponse:
    """The rider's sheet as a paper."""
    return papers.pickup_run(request, actor, pickup_run)


@page(
    "desk", "desk/pickup-runs/<int:pickup_run>/go/", name="pickup_go", needs=Can.SCAN, methods=("POST",),
    owner="pickup_run",
)  # fmt: skip
def pickup_go(request: AskedBy, actor: Actor, pickup_run: int) -> HttpResponse:
    """The rider leaves."""
    actions.let_pickups_go(actor, pickup_run, now=timezone.now())
    card, _visits = queries.pickup_run(actor, pickup_run)
    toast(request, _("%(number)s has left") % {"number": card.number})
    return redirect("desk:pickup_run", pickup_run=pickup_run)


@page("desk", "desk/pickups/<int:pickup>/off/", name="pickup_off", needs=Can.SCAN, methods=("POST",), owner="pickup")
def pickup_off(request: AskedBy, actor: Actor, pickup: int) -> HttpResponse:
    """Take a pickup off its sheet."""
    run = actions.take_off_pickup(actor, pickup, now=timezone.now())
    toast(request, _("Taken off the sheet; it waits for a rider"))
    return redirect("desk:pickup_run", pickup_run=run) if run else redirect("desk:pickups")


@page("desk", "desk/pickups/<int:pickup>/end/", name="pickup_end", needs=Can.SCAN, methods=("POST",), owner="pickup")
def pickup_end(request: AskedBy, actor: Actor, pickup: int) -> HttpResponse:
    """End a visit for a rider whose phone does not answer: with what he scanned, or a reason."""
    report = Report(
        request_id=pickup,
        source_event_id=posted.words(request.POST, "event", most=48),
        device_at=timezone.now(),
        reason=posted.words(request.POST, "reason", most=8),
        note=posted.words(request.POST, "note"),
    )
    done = actions.end_pickup(actor, report, now=timezone.now())
    told = ngettext("Visit ended: %(n)d parcel taken", "Visit ended: %(n)d parcels taken", done.collected)
    toast(request, told % {"n": done.collected})
    run = posted.number(request.POST, "run")
    return redirect("desk:pickup_run", pickup_run=run) if run else redirect("desk:pickups")


@page("desk", "desk/load-sheets/<str:sheet>/", name="load_sheet", needs=Can.SEE_ALL_PARCELS, owner="load_sheet")
def load_sheet(request: AskedBy, actor: Actor, sheet: str) -> HttpResponse:
    """A shipper's load sheet, to be read: what its code opens for the courier's people."""
    found = queries.load_sheet(actor, sheet)
    before = posted.number(request.GET, "before")
    lines = queries.sheet_parcels(actor, found, before=before, size=_SIZE + 1)
    here = places.post_of(actor)
    context = {
        "station_name": here.name if here else "",
        "sheet": found,
        "lines": lines[:_SIZE],
        "next_url": f"?{urlencode({'before': lines[_SIZE - 1].seq})}" if len(lines) > _SIZE else "",
    }
    return render(request, "desk/load_sheet.html", context)


def _assigned(request: AskedBy, actor: Actor) -> HttpResponse:
    day = posted.day(request.POST, "day") or timezone.localdate()
    rider = posted.number(request.POST, "rider")
    ticked = [one for one in request.POST.getlist("pickup") if one.isascii() and one.isdecimal() and len(one) < 18]
    if rider is None or not ticked:
        raise Invalid(_("Tick the pickups and choose a rider."))
    run = actions.assign_pickups(actor, [int(one) for one in ticked], rider, day=day, now=timezone.now())
    return redirect("desk:pickup_run", pickup_run=run)


def _row(one: Visit) -> dict[str, Any]:
    hue, icon = _LOOKS[one.state]
    words = {
        "asked": _("No rider yet"),
        "assigned": _("On the sheet"),
        "on_the_way": _("On the way"),
        "collected": _("Picked up"),
        "failed": _(FAILURES[one.reason].label) if one.reason else _("Failed"),
        "cancelled": _("Called off"),
    }
    return {
        "it": one,
        "hue": hue,
        "icon": icon,
        "word": words[one.state],
        "ticks": one.state in ("asked", "assigned"),
        "run_url": reverse("desk:pickup_run", args=[one.run_id]) if one.run_id else "",
    }


def _day_word(day: date, today: date) -> str:
    if day == today:
        return _("Today, %(day)s") % {"day": short_day(day)}
    return short_day(day)


def _url(day: date) -> str:
    return f"{reverse('desk:pickups')}?{urlencode({'day': day.isoformat()})}"
