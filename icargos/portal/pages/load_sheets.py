"""Load sheets: the list, one sheet filled by scan or by filter, closed, withdrawn."""

import secrets
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
from icargos.booking.actions import Listed
from icargos.booking.queries import Fill, LoadSheet, Waiting
from icargos.booking.rules.sheets import MOST_PARCELS
from icargos.consignments.rules import Status
from icargos.kit.actor import Actor
from icargos.kit.texts import gettext_noop
from icargos.kit.verdict import Verdict
from icargos.places import queries as places
from icargos.tariff.rules import SERVICE_LABEL, Service
from icargos.ui import papers, posted, scans
from icargos.ui.page import AskedBy, page
from icargos.ui.toasts import toast

SIZE = 100
_HUES = {"open": "new", "closed": "move", "withdrawn": "off"}
_STOPS = {
    Status.CANCELLED: gettext_noop("Cancelled"),
    Status.EXPIRED: gettext_noop("Expired"),
    Status.NEW_BOOKED: gettext_noop("Not here"),
    Status.READY_FOR_PICKUP: gettext_noop("Not here"),
    Status.PICKUP_IN_PROGRESS: gettext_noop("Rider comes"),
}


@page("portal", "load-sheets/", name="load_sheets", needs=Can.SEE_ORDERS)
def load_sheets(request: AskedBy, actor: Actor) -> HttpResponse:
    """The sheets, newest first; ``?import=`` offers to list what an import booked."""
    hands_over = actor.may(Can.HAND_OVER)
    import_id = posted.number(request.GET, "import") if hands_over else None
    of_import = None
    if import_id is not None:
        sheet = queries.one_import(actor, import_id)
        held = queries.waiting(actor, import_id=sheet.id).values()
        of_import = {"it": sheet, "parcels": sum(one.ready + one.booked for one in held)}
    waiting = queries.waiting(actor)
    context = {
        "rows": [{"it": one, "hue": hue(one), "word": word(one)} for one in queries.load_sheets(actor, most=30)],
        "hands_over": hands_over,
        "of_import": of_import,
        "held_at": [(one, waiting.get(one.id, Waiting())) for one in places.profiles(actor)] if hands_over else [],
        "once": secrets.token_urlsafe(16),
    }
    return render(request, "portal/load_sheets.html", context)


@page("portal", "load-sheets/new/", name="load_sheet_new", needs=Can.HAND_OVER, methods=("POST",))
def load_sheet_new(request: AskedBy, actor: Actor) -> HttpResponse:
    """Begin a sheet for a place; the same form twice begins one."""
    profile = posted.number(request.POST, "profile") or 0
    key = posted.words(request.POST, "once", most=100) or secrets.token_urlsafe(16)
    return redirect("portal:load_sheet", sheet=actions.open_sheet(actor, profile, key=key, now=timezone.now()))


@page("portal", "load-sheets/<str:sheet>/", name="load_sheet", needs=Can.SEE_ORDERS, owner="load_sheet")
def load_sheet(request: AskedBy, actor: Actor, sheet: str) -> HttpResponse:
    """One sheet; ``?before=`` a place shows the lines under it."""
    return render(request, "portal/load_sheet.html", _context(request, actor, sheet))


@page(
    "portal", "load-sheets/<str:sheet>/scan/", name="load_sheet_scan", needs=Can.HAND_OVER, methods=("POST",),
    owner="load_sheet",
)  # fmt: skip
def load_sheet_scan(request: AskedBy, actor: Actor, sheet: str) -> HttpResponse:
    """What is scanned goes onto the sheet."""
    listed = actions.add_to_sheet(actor, sheet, scans.read_numbers(request.POST), now=timezone.now())
    rows = [_shown(one) for one in listed]
    context = _context(request, actor, sheet)
    return scans.answer(request, rows, context, parts="portal/load_sheet_scanned.html", whole="portal/load_sheet.html")


@page("portal", "load-sheets/<str:sheet>/sheet.pdf", name="load_sheet_pdf", needs=Can.SEE_ORDERS, owner="load_sheet")
def load_sheet_pdf(request: AskedBy, actor: Actor, sheet: str) -> HttpResponse:
    """The closed sheet as a paper that both sign."""
    return papers.load_sheet(request, actor, sheet)


@page(
    "portal", "load-sheets/<str:sheet>/fill/", name="load_sheet_fill", needs=Can.HAND_OVER, methods=("POST",),
    owner="load_sheet",
)  # fmt: skip
def load_sheet_fill(request: AskedBy, actor: Actor, sheet: str) -> HttpResponse:
    """Put all that fit the filter on the sheet."""
    service, city = request.POST.get("service", ""), posted.words(request.POST, "city", most=60)
    fill = Fill(
        booked=request.POST.get("which") == "all",
        booked_from=posted.day(request.POST, "from"),
        booked_to=posted.day(request.POST, "to"),
        destination_id=places.city_index(actor).find(city).city_id or 0 if city else None,
        service=service if service in set(Service) else "",
    )
    n = actions.fill_sheet(actor, sheet, fill, now=timezone.now())
    told = ngettext("%(n)d parcel put on the sheet", "%(n)d parcels put on the sheet", n)
    toast(request, told % {"n": n} if n else _("No parcel fits, or all that do are listed already"))
    return redirect("portal:load_sheet", sheet=sheet)


@page(
    "portal", "load-sheets/<str:sheet>/off/", name="load_sheet_off", needs=Can.HAND_OVER, methods=("POST",),
    owner="load_sheet",
)  # fmt: skip
def load_sheet_off(request: AskedBy, actor: Actor, sheet: str) -> HttpResponse:
    """Take parcels off an open sheet."""
    cns = [cn.replace("\x00", "") for cn in request.POST.getlist("cn")]
    gone = actions.take_off_sheet(actor, sheet, cns, now=timezone.now())
    told = ngettext("%(n)d parcel taken off the sheet", "%(n)d parcels taken off the sheet", gone)
    toast(request, told % {"n": gone})
    return redirect("portal:load_sheet", sheet=sheet)


@page(
    "portal", "load-sheets/<str:sheet>/close/", name="load_sheet_close", needs=Can.HAND_OVER, methods=("POST",),
    owner="load_sheet",
)  # fmt: skip
def load_sheet_close(request: AskedBy, actor: Actor, sheet: str) -> HttpResponse:
    """Make the sheet final; a second click changes nothing."""
    done = actions.close_sheet(actor, sheet, now=timezone.now())
    toast(request, _("%(sheet)s is closed. Print it and have it signed.") % {"sheet": done.number})
    return redirect("portal:load_sheet", sheet=sheet)


@page(
    "portal", "load-sheets/<str:sheet>/end/", name="load_sheet_end", needs=Can.HAND_OVER, methods=("POST",),
    owner="load_sheet",
)  # fmt: skip
def load_sheet_end(request: AskedBy, actor: Actor, sheet: str) -> HttpResponse:
    """Discard an open sheet, withdraw a closed one; its parcels are free for another."""
    found = queries.load_sheet(actor, sheet)
    end = actions.discard_sheet if found.is_open else actions.withdraw_sheet
    end(actor, sheet, now=timezone.now())
    told = _("%(sheet)s was discarded") if found.is_open else _("%(sheet)s was withdrawn")
    toast(request, told % {"sheet": found.number})
    return redirect("portal:load_sheets")


def hue(sheet: LoadSheet) -> str:
    """The colour of a sheet's state."""
    if sheet.state == "closed" and not sheet.waiting:
        return "done"
    return "last" if sheet.state == "closed" and sheet.handed else _HUES.get(sheet.state, "off")


def word(sheet: LoadSheet) -> str:
    """A sheet's state in words."""
    if sheet.state == "open":
        return _("Open")
    if sheet.state == "withdrawn":
        return _("Withdrawn")
    if not sheet.handed:
        return _("Closed, waits for the rider") if sheet.waiting else _("Closed, nothing handed over")
    return _("Partly handed over") if sheet.waiting else _("Handed over")


def _shown(one: Listed) -> scans.Shown:
    said = {
        Verdict.MOVED: _("On the sheet"),
        Verdict.AGAIN: _("On the sheet already"),
        Verdict.REFUSED: _("Stop. Not on this sheet."),
    }
    stopped = one.verdict is Verdict.REFUSED
    stop = _(_STOPS.get(Status(one.status), gettext_noop("Gone"))) if one.status else _("Unknown")
    tone = "stop" if stopped else "again" if one.verdict is Verdict.AGAIN else "good"
    big = stop if stopped else str(one.place)
    return scans.shown(
        one.cn, tone, say=said[one.verdict], big=big, is_word=stopped, text=one.message or one.city, status=one.status
    )


def _context(request: AskedBy, actor: Actor, number: str) -> dict[str, Any]:
    sheet = queries.load_sheet(actor, number)
    before = posted.number(request.GET, "before")
    lines = queries.sheet_parcels(actor, sheet, before=before, size=SIZE + 1)
    more, lines = len(lines) > SIZE, lines[:SIZE]
    hands_over = actor.may(Can.HAND_OVER)
    waiting = queries.waiting(actor).get(sheet.profile_id, Waiting()) if sheet.is_open else Waiting()
    there = queries.next_pickup(actor, sheet.profile_id)
    here = reverse("portal:load_sheet", args=[sheet.number])
    return {
        "sheet": sheet,
        "here_url": f"{here}?{urlencode({'before': before})}" if before else here,
        "hue": hue(sheet),
        "word": word(sheet),
        "lines": lines,
        "sees_consignee": actor.may(Can.SEE_CONSIGNEE),
        "next_url": f"?{urlencode({'before': lines[-1].seq})}" if more else "",
        "first_url": here if before else "",
        "hands_over": hands_over,
        "fills": sheet.is_open and hands_over,
        "waiting": waiting,
        "most": MOST_PARCELS,
        "services": [(one.value, _(SERVICE_LABEL[one])) for one in Service],
        "cities": sorted(city.name for city in places.cities(actor) if city.served) if sheet.is_open else [],
        "pickup": there,
        "pickup_url": f"{reverse('portal:pickups')}?{urlencode({'profile': sheet.profile_id})}#ask",
    }
