"""The address book: consignees kept on purpose, by hand or from a sheet."""

from collections.abc import Mapping, Sequence

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from icargos.accounts.rules import Can
from icargos.booking import actions, queries
from icargos.booking.actions import AddressesRead
from icargos.booking.rules.addresses import ADDRESS_COLUMNS
from icargos.booking.rules.columns import BY_KEY
from icargos.kit import phone
from icargos.kit.actor import Actor
from icargos.kit.errors import Conflict, FieldProblem, Invalid, Refused
from icargos.places import actions as places
from icargos.places import queries as book
from icargos.places.queries import Address
from icargos.ui.page import AskedBy, page
from icargos.ui.toasts import toast

SIZE = 50
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page("portal", "addresses/", name="addresses", needs=Can.SEE_CONSIGNEE)
def addresses(request: AskedBy, actor: Actor) -> HttpResponse:
    """The book by name; ``?q=`` part of a name or the beginning of a phone, ``?after=`` and ``?id=`` where to go on."""
    return _listed(request, actor)


@page("portal", "addresses/new/", name="address_new", needs=Can.BOOK, methods=("GET", "POST"))
def address_new(request: AskedBy, actor: Actor) -> HttpResponse:
    """An entry by hand."""
    if request.method != "POST":
        return _form(request, actor, {})
    values = _typed(request.POST)
    try:
        actions.keep_address(actor, values, now=timezone.now())
    except Invalid as refusal:
        return _form(request, actor, values, problems=refusal.problems, status=422)
    toast(request, _("%(name)s is in the address book") % {"name": values["consignee_name"].strip()})
    return redirect("portal:addresses")


@page("portal", "addresses/<int:address_id>/", name="address", needs=Can.BOOK, methods=("GET", "POST"), owner="address")
def address(request: AskedBy, actor: Actor, address_id: int) -> HttpResponse:
    """One entry, to be changed."""
    found = book.address(actor, address_id)
    if request.method != "POST":
        return _form(request, actor, queries.typed_address(found), address_id=found.id)
    values = _typed(request.POST)
    try:
        actions.keep_address(actor, values, now=timezone.now(), address_id=found.id)
    except Invalid as refusal:
        return _form(request, actor, values, address_id=found.id, problems=refusal.problems, status=422)
    except Conflict as refusal:
        taken = FieldProblem("consignee_phone", "DUPLICATE", refusal.message)
        return _form(request, actor, values, address_id=found.id, problems=[taken], status=409)
    toast(request, _("Changes kept"))
    return redirect("portal:addresses")


@page("portal", "addresses/merge/", name="addresses_merge", needs=Can.BOOK, methods=("POST",))
def addresses_merge(request: AskedBy, actor: Actor) -> HttpResponse:
    """Make one entry of those ticked: the first one stays and takes over what it lacks."""
    ids = _ticked(request.POST)
    if len(ids) < 2:
        raise Conflict(_("Tick at least two entries to merge."))
    places.merge_addresses(actor, ids[0], ids[1:], now=timezone.now())
    toast(request, _("%(n)d entries are one now") % {"n": len(ids)})
    return redirect("portal:address", address_id=ids[0])


@page("portal", "addresses/remove/", name="addresses_remove", needs=Can.BOOK, methods=("POST",))
def addresses_remove(request: AskedBy, actor: Actor) -> HttpResponse:
    """Ask once more, then delete the ticked entries for good."""
    ids = _ticked(request.POST)
    if not ids:
        raise Invalid(_("Tick the entries you want to delete."))
    if not request.POST.get("sure"):
        found = [book.address(actor, one) for one in ids[:SIZE]]
        return render(request, "portal/addresses_remove.html", {"found": found, "ids": ids})
    n = places.remove_addresses(actor, ids, now=timezone.now())
    toast(request, ngettext("%(n)d entry deleted", "%(n)d entries deleted", n) % {"n": n})
    return redirect("portal:addresses")


@page("portal", "addresses/import/", name="addresses_import", needs=Can.IMPORT, methods=("POST",))
def addresses_import(request: AskedBy, actor: Actor) -> HttpResponse:
    """Read a sheet into the book; what is wrong with it is shown above the list."""
    sent = request.FILES.get("sheet")
    if sent is None or (sent.size or 0) > actions.MOST_ADDRESS_BYTES:
        told = _("This file is larger than 2 MB. Split it and send the parts.")
        return _listed(request, actor, refusal=told if sent else _("Choose the sheet with your consignees first."))
    try:
        done = actions.read_addresses(actor, file_name=sent.name or "", data=sent.read(), now=timezone.now())
    except Refused as refusal:
        return _listed(request, actor, refusal=_(refusal.message))
    return _listed(request, actor, done=done)


@page("portal", "addresses/addresses.xlsx", name="addresses_sheet", needs=Can.SEE_CONSIGNEE)
def addresses_sheet(request: AskedBy, actor: Actor) -> HttpResponse:
    """The whole book as a sheet, which can be read in again."""
    response = HttpResponse(queries.addresses_sheet(actor), content_type=_XLSX)
    response["Content-Disposition"] = 'attachment; filename="address-book.xlsx"'
    return response


def _listed(request: AskedBy, actor: Actor, *, refusal: str = "", done: AddressesRead | None = None) -> HttpResponse:
    asked = request.GET
    words = asked.get("q", "")[:100]
    last = asked.get("id", "")
    after = (asked.get("after", ""), int(last)) if last.isascii() and last.isdecimal() and len(last) < 18 else None
    found = book.addresses(actor, words, after=after, size=SIZE + 1)
    shown, more = found[:SIZE], len(found) > SIZE
    books = actor.may(Can.BOOK)
    context = {
        "q": words,
        "rows": [
            {
                "one": one,
                "phone": phone.display(one.phone),
                "book_url": reverse("portal:book", query={"to": one.id}) if books else "",
            }
            for one in shown
        ],
        "total": book.count_addresses(actor),
        "next_url": _next_url(words, shown[-1]) if more else "",
        "books": books,
        "imports": actor.may(Can.IMPORT),
        "refusal": refusal,
        "done": done,
        "problems": [
            {"row": p.row, "title": _(BY_KEY[p.column].title), "value": p.value, "message": p.say(_)}
            for p in (done.problems if done else ())
        ],
        "columns": ", ".join(_(BY_KEY[key].title) for key in ADDRESS_COLUMNS),
    }
    return render(request, "portal/addresses.html", context, status=422 if refusal else 200)


def _next_url(words: str, last: Address) -> str:
    return reverse("portal:addresses", query={"q": words, "after": last.name, "id": last.id})


def _form(
    request: AskedBy,
    actor: Actor,
    values: Mapping[str, str],
    *,
    address_id: int | None = None,
    problems: Sequence[FieldProblem] = (),
    status: int = 200,
) -> HttpResponse:
    context = {
        "v": values,
        "address_id": address_id,
        "problems": [{"field": p.field, "message": p.message, "suggestion": p.suggestion} for p in problems],
        "errors": {p.field: p.message for p in reversed(problems)},
        "cities": [city for city in book.cities(actor) if city.served],
    }
    return render(request, "portal/address.html", context, status=status)


def _typed(posted: QueryDict) -> dict[str, str]:
    return {key: posted.get(key, "")[:300] for key in ADDRESS_COLUMNS}


def _ticked(posted: QueryDict) -> list[int]:
    return [int(one) for one in posted.getlist("id") if one.isascii() and one.isdecimal() and len(one) < 18]
