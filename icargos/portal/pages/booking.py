"""The booking form: one parcel, by keyboard or thumb, with what it costs before it is booked."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.booking import actions, queries
from icargos.booking.rules.columns import BY_KEY, COLUMNS
from icargos.booking.rules.problems import Problem
from icargos.booking.rules.text import clean
from icargos.kit.actor import Actor
from icargos.kit.errors import FieldProblem
from icargos.portal.pages.consignment import shown_receipt
from icargos.portal.pages.labels import printed
from icargos.ui.page import AskedBy, page
from icargos.ui.toasts import toast

_LONGEST = 300
# What the next form takes over after "Book and next".
_CARRIED = ("profile", "service")
_DEFAULTS = {"pieces": "1", "proof": "none"}


@page("portal", "book/", name="book", needs=Can.BOOK, methods=("GET", "POST"))
def book(request: AskedBy, actor: Actor) -> HttpResponse:
    """The form, and what becomes of it. The same form sent twice books once."""
    if request.method != "POST":
        carried = {key: request.GET[key] for key in _CARRIED if key in request.GET}
        return _form(request, actor, {**_DEFAULTS, **carried})
    values = _typed(request.POST)
    taken = request.POST.get("take", "")
    if taken:
        column, _colon, value = taken.partition(":")
        return _form(request, actor, {**values, column: value}, key=request.POST.get("once", ""))
    key = clean(request.POST.get("once", ""))[:100] or secrets.token_urlsafe(16)
    try:
        booked, replayed = actions.book_form(actor, values, key=key, now=timezone.now())
    except actions.BookingRefused as refusal:
        return _form(request, actor, values, key=key, problems=refusal.problems, status=422)
    told = _("%(cn)s was booked already; nothing was booked twice") if replayed else _("Booked %(cn)s")
    toast(request, told % {"cn": booked.cn})
    then = request.POST.get("then", "")
    if then == "print":
        return printed(request, actor, [booked.id], request.POST)
    if then == "next":
        query = {name: values[name] for name in _CARRIED if values[name]}
        return redirect(reverse("portal:book", query=query))
    return redirect("portal:consignment", cn=booked.cn)


@page("portal", "book/quote/", name="quote", needs=Can.BOOK, methods=("POST",))
def quote(request: AskedBy, actor: Actor) -> HttpResponse:
    """A fragment: what the form comes to as far as it is filled in."""
    return render(request, "portal/book_quote.html", {**_quoted(actor, _typed(request.POST)), "swap": True})


def _typed(posted: Mapping[str, str]) -> dict[str, str]:
    """Every column of the form as text; an unticked box is an empty one."""
    return {column.key: posted.get(column.key, "")[:_LONGEST] for column in COLUMNS}


def _form(
    request: AskedBy,
    actor: Actor,
    values: Mapping[str, str],
    *,
    key: str = "",
    problems: Sequence[FieldProblem] = (),
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    on = queries.terms(actor, now=now)
    values = dict(values)
    values["service"] = values.get("service") or on.account.default_service
    if on.default_profile:
        values["profile"] = values.get("profile") or on.default_profile.code
    first: dict[str, FieldProblem] = {}
    for problem in problems:
        first.setdefault(problem.field, problem)
    more = ("alt_phone", "consignee_email", "declared_value", "remarks")
    context = {
        "v": values,
        "errors": {field: problem.message for field, problem in first.items()},
        "problems": [
            {"field": p.field, "title": _title(p.field), "message": p.message, "suggestion": p.suggestion}
            for p in problems
        ],
        "once": key or secrets.token_urlsafe(16),
        "profiles": on.profiles,
        "services": [(code, _(label)) for code, label in on.services.items()],
        "cities": [city for city in on.index.all() if city.served],
        "proofs": [("none", _("None")), ("signature", _("Signature")), ("photo", _("Photo")), ("code", _("Code"))],
        "more_open": any(values.get(name) or name in first for name in more),
        "import_url": reverse("portal:imports") if actor.may(Can.IMPORT) else "",
        **_quoted(actor, values),
    }
    return render(request, "portal/book.html", context, status=status)


def _quoted(actor: Actor, values: Mapping[str, str]) -> dict[str, Any]:
    found = queries.preview(actor, values, now=timezone.now())
    receipt = found.receipt
    by_size = receipt is not None and receipt.volumetric_g > receipt.actual_g
    return {
        "preview": found,
        "receipt": shown_receipt(receipt) if receipt else None,
        "priced": receipt,
        "by_size": by_size,
        "told": [_told(problem) for problem in found.problems],
    }


def _told(problem: Problem) -> dict[str, str]:
    message = problem.say(_)
    return {
        "title": _title(problem.column),
        "message": message,
        "suggestion": "" if problem.suggestion in message else problem.suggestion,
        "severity": problem.severity.value,
    }


def _title(key: str) -> str:
    column = BY_KEY.get(key)
    return _(column.title) if column else key
