"""The log of imports, and the place to send a sheet to."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.booking import actions, queries
from icargos.booking.queries import ImportFilter
from icargos.kit.actor import Actor
from icargos.kit.errors import Invalid
from icargos.portal.pages.imports.words import STATES
from icargos.ui import posted
from icargos.ui.page import AskedBy, page
from icargos.ui.toasts import toast

SIZE = 50


@page("portal", "imports/", name="imports", needs=Can.IMPORT, methods=("GET", "POST"))
def imports(request: AskedBy, actor: Actor) -> HttpResponse:
    """The log of imports with a place to drop a sheet. ``?q= state= from= to=`` narrow it, ``?before=`` pages it."""
    if request.method == "POST":
        return _uploaded(request, actor)
    return _listed(request, actor)


@page("portal", "imports/log.csv", name="import_log", needs=Can.IMPORT)
def import_log(request: AskedBy, actor: Actor) -> HttpResponse:
    """The same log as a sheet, at most 5,000 imports. No cell of it starts a formula."""
    response = HttpResponse(queries.import_log(actor, _asked(request)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="imports.csv"'
    return response


def _asked(request: AskedBy) -> ImportFilter:
    state = posted.words(request.GET, "state", most=10)
    return ImportFilter(
        words=posted.words(request.GET, "q", most=80),
        state=state if state in STATES else "",
        since=posted.day(request.GET, "from"),
        until=posted.day(request.GET, "to"),
    )


def _listed(request: AskedBy, actor: Actor, refusal: str = "") -> HttpResponse:
    asked = _asked(request)
    before = request.GET.get("before", "")
    found = queries.imports(
        actor, asked, before=int(before) if before.isdecimal() and len(before) < 18 else None, most=SIZE + 1
    )
    kept = {name: request.GET[name] for name in ("q", "state", "from", "to") if request.GET.get(name)}
    context = {
        "imports": found[:SIZE],
        "asked": asked,
        "states": STATES.items(),
        "narrowed": bool(kept),
        "log_query": urlencode(kept),
        "older_url": f"?{urlencode({**kept, 'before': found[SIZE - 1].id})}" if len(found) > SIZE else "",
        "refusal": refusal,
        "most_mb": actions.MAX_BYTES // 1024 // 1024,
    }
    return render(request, "portal/imports.html", context, status=422 if refusal else 200)


def _uploaded(request: AskedBy, actor: Actor) -> HttpResponse:
    sent = request.FILES.get("sheet")
    if sent is None:
        too_long = int(request.META.get("CONTENT_LENGTH") or 0) > actions.MAX_BYTES
        told = _("This file is larger than 25 MB. Split it and send the parts.")
        return _listed(request, actor, told if too_long else _("Choose the sheet with your orders first."))
    if (sent.size or 0) > actions.MAX_BYTES:
        return _listed(request, actor, _("This file is larger than 25 MB. Split it and send the parts."))
    try:
        import_id, known = actions.upload(actor, file_name=sent.name or "", data=sent.read(), now=timezone.now())
    except Invalid as refusal:
        return _listed(request, actor, _(refusal.message))
    if known:
        toast(request, _("You have sent this very file before. Here it is; nothing was booked twice."))
    return redirect("portal:import", import_id=import_id)
