"""Bulk import: send a sheet, see what is wrong in it, book the rest."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icargos.accounts.rules import Can
from icargos.booking import actions, queries
from icargos.booking.queries import Sheet, SheetRow
from icargos.booking.rules.columns import BY_KEY, COLUMNS
from icargos.booking.rules.problems import Code, Problem, Severity, severity
from icargos.kit import phone
from icargos.kit.actor import Actor
from icargos.kit.errors import Invalid
from icargos.ui.page import AskedBy, page
from icargos.ui.toasts import toast

SIZE = 50
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# The columns of the table of rows; a problem in any other is told in words.
_SHOWN = ("order_ref", "consignee_name", "consignee_phone", "destination_city", "weight_kg", "cod_amount")
_WORDS = {
    Code.REQUIRED: gettext_lazy("Cell empty"),
    Code.TYPE: gettext_lazy("Not readable"),
    Code.RANGE: gettext_lazy("Out of range"),
    Code.PHONE_INVALID: gettext_lazy("Phone not valid"),
    Code.CITY_UNKNOWN: gettext_lazy("City not known"),
    Code.CITY_NOT_SERVED: gettext_lazy("City not served"),
    Code.SERVICE_NOT_AVAILABLE: gettext_lazy("Service not available"),
    Code.COD_FORBIDDEN: gettext_lazy("No COD on this service"),
    Code.COD_OVER_LIMIT: gettext_lazy("COD over the limit"),
    Code.DUP_IN_FILE: gettext_lazy("Order ref used twice"),
    Code.DUP_EXISTING: gettext_lazy("Order ref booked before"),
    Code.WEIGHT_OVER_SERVICE: gettext_lazy("Weight over service limit"),
    Code.PROFILE_UNKNOWN: gettext_lazy("Pickup profile unknown"),
    Code.HEADER_MISSING: gettext_lazy("Column missing"),
    Code.FILE_ENCRYPTED: gettext_lazy("File has a password"),
    Code.FILE_TOO_BIG: gettext_lazy("File too large"),
    Code.FILE_UNREADABLE: gettext_lazy("Not readable"),
    Code.ADDRESS_WEAK: gettext_lazy("Address looks weak"),
    Code.PHONE_REPAIRED: gettext_lazy("Phone repaired"),
    Code.RISK_HIGH: gettext_lazy("Risk of return"),
}
_STATES = {"wrong", "warned", "ready", "booked"}


@page("portal", "imports/", name="imports", needs=Can.IMPORT, methods=("GET", "POST"))
def imports(request: AskedBy, actor: Actor) -> HttpResponse:
    """The list of imports, and the place to send a sheet to."""
    if request.method == "POST":
        return _uploaded(request, actor)
    return _listed(request, actor)


def _listed(request: AskedBy, actor: Actor, refusal: str = "") -> HttpResponse:
    context = {"imports": queries.imports(actor), "refusal": refusal, "most_mb": actions.MAX_BYTES // 1024 // 1024}
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


@page("portal", "imports/sample.xlsx", name="import_sample", needs=Can.IMPORT)
def import_sample(request: AskedBy, actor: Actor) -> HttpResponse:
    """The sheet to fill in, with this shipper's services, profiles and cities."""
    response = HttpResponse(queries.sample(actor, now=timezone.now()), content_type=_XLSX)
    response["Content-Disposition"] = 'attachment; filename="orders-sample.xlsx"'
    return response


@page("portal", "imports/<int:import_id>/", name="import", needs=Can.IMPORT, owner="import")
def one_import(request: AskedBy, actor: Actor, import_id: int) -> HttpResponse:
    """One import: progress while the worker has it, then the result of the check, then what was booked.

    ``?show=`` wrong, warned, ready or booked rows, ``?code=`` one kind of problem, ``?after=`` a row number.
    """
    sheet = queries.one_import(actor, import_id)
    partial = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    template = "portal/import_page.html" if partial else "portal/import.html"
    context = {"sheet": sheet, "steps": _steps(sheet), "url": reverse("portal:import", args=[sheet.id])}
    if sheet.state in {"checked", "booked"}:
        context.update(_result(request, actor, sheet))
    return render(request, template, context)


@page(
    "portal", "imports/<int:import_id>/accept/", name="import_accept", needs=Can.IMPORT, methods=("POST",),
    owner="import",
)  # fmt: skip
def import_accept(request: AskedBy, actor: Actor, import_id: int) -> HttpResponse:
    """Book the ready rows; a second click changes nothing."""
    actions.accept(actor, import_id, now=timezone.now())
    return redirect("portal:import", import_id=import_id)


@page(
    "portal", "imports/<int:import_id>/recheck/", name="import_recheck", needs=Can.IMPORT, methods=("POST",),
    owner="import",
)  # fmt: skip
def import_recheck(request: AskedBy, actor: Actor, import_id: int) -> HttpResponse:
    """Check again, with one value for each column that the sheet lacks."""
    given = {key: request.POST[key][:300] for key in BY_KEY if request.POST.get(key)}
    actions.recheck(actor, import_id, defaults=given, now=timezone.now())
    return redirect("portal:import", import_id=import_id)


def _steps(sheet: Sheet) -> list[dict[str, Any]]:
    now = {"uploaded": 1, "checking": 1, "refused": 1, "checked": 2, "booking": 3, "booked": 4}[sheet.state]
    if sheet.state == "checked" and sheet.problems:
        now = 1
    labels = [_("Upload"), _("Match columns"), _("Check and fix"), _("Book")]
    return [
        {"label": label, "number": place + 1, "state": "done" if place < now else "now" if place == now else "todo"}
        for place, label in enumerate(labels)
    ]


def _result(request: AskedBy, actor: Actor, sheet: Sheet) -> dict[str, Any]:
    asked = request.GET
    code = asked.get("code", "") if asked.get("code") in set(Code) else ""
    state = asked.get("show", "") if asked.get("show") in _STATES else ""
    if not state and not code:
        state = "wrong" if sheet.wrong else "warned" if sheet.warned and sheet.state == "checked" else ""
    after = int(asked["after"]) if asked.get("after", "").isdecimal() and len(asked["after"]) < 10 else 0
    rows = queries.rows(actor, sheet, state=state, code=code, after=after, size=SIZE + 1)
    more = len(rows) > SIZE
    rows = rows[:SIZE]
    tally = queries.problem_tally(actor, sheet)
    kept = {name: value for name, value in (("show", state), ("code", code)) if value}
    choices = _choices(actor) if sheet.problems else {}
    return {
        "show": state,
        "code": code,
        "rows": [_row(one) for one in rows],
        "next_url": f"?{urlencode({**kept, 'after': rows[-1].row})}" if more else "",
        "first_url": f"?{urlencode(kept)}" if after else "",
        "errors": _kinds(tally, Severity.ERROR, code),
        "warnings": _kinds(tally, Severity.WARNING, code),
        "cells": sum(n for kind, n in tally.items() if severity(kind) is Severity.ERROR),
        "matched": _matched(sheet),
        "left_out": [h for place, h in enumerate(sheet.headers) if place not in set(sheet.columns.values()) and h],
        "asked": [_asked(sheet, problem, choices) for problem in sheet.problems],
        "given": [(_(BY_KEY[key].title), value) for key, value in sheet.defaults.items() if key in BY_KEY],
        "orders_url": f"{reverse('portal:orders')}?{urlencode({'import': sheet.id})}",
        "label_urls": _label_urls(sheet),
    }


def _kinds(tally: dict[Code, int], wanted: Severity, chosen: str) -> list[dict[str, Any]]:
    return [
        {"code": kind.value, "label": _WORDS[kind], "n": n, "current": kind == chosen}
        for kind, n in tally.items()
        if severity(kind) is wanted
    ]


def _row(row: SheetRow) -> dict[str, Any]:
    wrong = {problem.column: problem.severity.value for problem in row.problems}
    cells = [
        {
            "key": key,
            "title": _(BY_KEY[key].title),
            "text": _cell(key, row.cells.get(key, ""), wrong=key in wrong),
            "mark": {"error": "bad", "warning": "warn"}.get(wrong.get(key, ""), ""),
        }
        for key in _SHOWN
    ]
    return {"row": row.row, "state": row.state, "cells": cells, "told": [_told(p) for p in row.problems]}


def _cell(key: str, text: str, *, wrong: bool) -> str:
    """A right cell as it will be kept, a wrong one as the sheet has it."""
    if key == "consignee_phone" and not wrong and text:
        try:
            return phone.read(text).display
        except phone.PhoneInvalid:
            return text
    return text


def _told(problem: Problem) -> dict[str, str]:
    column = BY_KEY.get(problem.column)
    elsewhere = column is not None and problem.column not in _SHOWN
    message = problem.say(_)
    return {
        "title": _(column.title) if column is not None and elsewhere else "",
        "value": problem.value if elsewhere else "",
        "message": message,
        "suggestion": "" if problem.suggestion in message else problem.suggestion,
        "severity": problem.severity.value,
    }


def _matched(sheet: Sheet) -> list[dict[str, Any]]:
    places = sheet.columns
    found = []
    for column in COLUMNS:
        place = places.get(column.key)
        if place is None and not column.required:
            continue
        found.append(
            {
                "title": _(column.title),
                "header": sheet.headers[place] if place is not None else "",
                "letter": _letter(place) if place is not None else "",
                "given": sheet.defaults.get(column.key, ""),
            }
        )
    return found


def _letter(place: int) -> str:
    """The name Excel gives to a column, from its 0-based place: A, Z, AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _choices(actor: Actor) -> dict[str, list[str]]:
    on = queries.terms(actor, now=timezone.now())
    return {
        "service": [_(label) for label in on.services.values()],
        "destination_city": [city.name for city in on.index.all() if city.served],
    }


def _asked(sheet: Sheet, problem: Problem, choices: dict[str, list[str]]) -> dict[str, Any]:
    column = BY_KEY.get(problem.column)
    return {
        "key": problem.column if column else "",
        "title": _(column.title) if column else "",
        "message": problem.say(_),
        "value": sheet.defaults.get(problem.column, ""),
        "choices": choices.get(problem.column, []),
    }


def _label_urls(sheet: Sheet) -> list[dict[str, Any]]:
    """One PDF, or one for each thousand parcels."""
    url = reverse("portal:labels")
    parts = -(-sheet.booked // queries.MOST_LABELS)
    if parts <= 1:
        return [{"url": f"{url}?{urlencode({'import': sheet.id})}", "label": _("Print labels")}] if parts else []
    return [
        {
            "url": f"{url}?{urlencode({'import': sheet.id, 'part': part})}",
            "label": _("Labels %(first)s–%(last)s")
            % {
                "first": f"{(part - 1) * queries.MOST_LABELS + 1:,}",
                "last": f"{min(part * queries.MOST_LABELS, sheet.booked):,}",
            },
        }
        for part in range(1, parts + 1)
    ]
