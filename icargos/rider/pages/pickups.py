"""A visit to a shipper: scan what is handed over, count a load sheet, end the visit or say why there was nothing."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from icargos.accounts.rules import Can
from icargos.booking import actions, queries
from icargos.booking.actions import Ended, Taken
from icargos.booking.rules.pickups import FAILURES
from icargos.kit.actor import Actor
from icargos.kit.errors import Conflict, Invalid
from icargos.kit.verdict import Verdict
from icargos.rider import reports
from icargos.ui import posted, scans
from icargos.ui.page import AskedBy, page
from icargos.ui.toasts import toast


@page("rider", "rider/pickups/<int:pickup>/", name="pickup", needs=Can.DELIVER, methods=("GET", "POST"), owner="pickup")
def pickup(request: AskedBy, actor: Actor, pickup: int) -> HttpResponse:
    """The place as the heading, then the scanner. What is scanned is picked up."""
    if request.method != "POST":
        return render(request, "rider/pickup.html", _context(actor, pickup))
    at = reports.moment(posted.words(request.POST, "device_at"))
    taken = actions.collect(actor, pickup, scans.read_numbers(request.POST), device_at=at, now=timezone.now())
    return _answered(request, actor, pickup, taken)


@page(
    "rider", "rider/pickups/<int:pickup>/sheet/", name="pickup_sheet", needs=Can.DELIVER, methods=("POST",),
    owner="pickup",
)  # fmt: skip
def pickup_sheet(request: AskedBy, actor: Actor, pickup: int) -> HttpResponse:
    """A counted load sheet is taken as a whole."""
    number = posted.words(request.POST, "sheet", most=20)
    taken = actions.collect_sheet(actor, pickup, number, now=timezone.now())
    n = sum(one.verdict is Verdict.MOVED for one in taken)
    told = ngettext("%(n)d parcel of %(sheet)s taken", "%(n)d parcels of %(sheet)s taken", n)
    toast(request, told % {"n": n, "sheet": number})
    return redirect("rider:pickup", pickup=pickup)


@page(
    "rider", "rider/pickups/<int:pickup>/done/", name="pickup_done", needs=Can.DELIVER, methods=("GET", "POST"),
    owner="pickup",
)  # fmt: skip
def pickup_done(request: AskedBy, actor: Actor, pickup: int) -> HttpResponse:
    """End the visit with what was taken."""
    if request.method != "POST":
        return render(request, "rider/pickup_done.html", _context(actor, pickup))

    def end(now: datetime) -> Ended:
        return actions.end_pickup(actor, reports.pickup_end(request, pickup, failed=False), now=now)

    return _ended(request, actor, pickup, end, "rider/pickup_done.html")


@page(
    "rider", "rider/pickups/<int:pickup>/failed/", name="pickup_failed", needs=Can.DELIVER, methods=("GET", "POST"),
    owner="pickup",
)  # fmt: skip
def pickup_failed(request: AskedBy, actor: Actor, pickup: int) -> HttpResponse:
    """Why there was nothing to take."""
    if request.method != "POST":
        return render(request, "rider/pickup_failed.html", _context(actor, pickup))

    def end(now: datetime) -> Ended:
        return actions.end_pickup(actor, reports.pickup_end(request, pickup, failed=True), now=now)

    return _ended(request, actor, pickup, end, "rider/pickup_failed.html")


def _ended(request: AskedBy, actor: Actor, pickup: int, end: Callable[[datetime], Ended], whole: str) -> HttpResponse:
    """Send the end; what is missing is named in place."""
    in_place = bool(request.headers.get("HX-Request"))
    try:
        done = end(timezone.now())
    except (Invalid, Conflict) as refusal:
        problems = {"problems": refusal.problems or [{"field": "", "message": refusal.message}]}
        if in_place:
            return render(request, "rider/problems.html", problems, status=refusal.http_status)
        return render(request, whole, {**_context(actor, pickup), **problems}, status=refusal.http_status)
    told = ngettext("Picked up: %(n)d parcel", "Picked up: %(n)d parcels", done.collected) % {"n": done.collected}
    toast(request, told if done.collected else _("Pickup reported as failed"))
    if in_place:
        answer = HttpResponse(status=200)
        answer["HX-Redirect"] = reverse("rider:run")
        return answer
    return redirect("rider:run")


def _answered(request: AskedBy, actor: Actor, pickup: int, taken: list[Taken]) -> HttpResponse:
    said = {
        Verdict.MOVED: _("Taken"),
        Verdict.AGAIN: _("Taken before, counted once"),
        Verdict.REFUSED: _("Stop. Leave it."),
    }
    rows = []
    for one in taken:
        stopped = one.verdict is Verdict.REFUSED
        tone = "stop" if stopped else "again" if one.verdict is Verdict.AGAIN else "good"
        big = _("Not yours") if stopped else str(one.count)
        shown = scans.shown(one.cn, tone, say=said[one.verdict], big=big, is_word=stopped, text=one.message)
        rows.append(shown)
    context = _context(actor, pickup)
    return scans.answer(request, rows, context, parts="rider/pickup_scanned.html", whole="rider/pickup.html")


def _context(actor: Actor, pickup_id: int) -> dict[str, Any]:
    visit = queries.rider_visit(actor, pickup_id)
    where = ", ".join(part for part in (visit.address, visit.city) if part)
    return {
        "visit": visit,
        "sheets": queries.visit_sheets(actor, visit),
        "map_url": "https://www.google.com/maps/search/?" + urlencode({"api": 1, "query": where}),
        "whatsapp_url": f"https://wa.me/{visit.phone.lstrip('+')}",
        "scans": visit.state in ("on_the_way", "collected"),
        "state_word": _state_word(visit),
        "reasons": [(one.code, _(one.label)) for one in FAILURES.values()],
        "problems": [],
    }


def _state_word(visit: queries.Visit) -> str:
    words = {"collected": _("Picked up"), "cancelled": _("Called off"), "failed": _("Failed")}
    if visit.reason:
        return f"{words['failed']}: {_(FAILURES[visit.reason].label)}"
    return words.get(visit.state, "")
