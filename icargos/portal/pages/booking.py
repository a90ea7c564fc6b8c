"""The booking form: one parcel, by keyboard or thumb, with what it costs before it is booked."""

import secrets
from collections.abc import Mapping, Sequence

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.booking import actions, queries
from icargos.booking.queries import Suggestion
from icargos.booking.rules.text import clean
from icargos.consignments import queries as consignments
from icargos.consignments.rules import Status
from icargos.kit import phone
from icargos.kit.actor import Actor
from icargos.kit.errors import FieldProblem
from icargos.places import queries as places
from icargos.portal.pages import booking_form, documents
from icargos.portal.pages.labels import printed
from icargos.ui.page import AskedBy, page
from icargos.ui.toasts import toast

# What the next form takes over after "Book and next".
_CARRIED = ("profile", "service")
_DEFAULTS = {"pieces": "1", "proof": "none"}
# The order ref of a parcel that never left may be used again; any other was used.
_REF_IS_FREE = {Status.CANCELLED, Status.EXPIRED}


@page("portal", "book/", name="book", needs=Can.BOOK, methods=("GET", "POST"))
def book(request: AskedBy, actor: Actor) -> HttpResponse:
    """The form, and what becomes of it. The same form sent twice books once.

    ``?like=`` a number fills it in as that parcel was booked, ``?to=`` an entry of the address book its consignee.
    """
    if request.method != "POST":
        return _opened(request, actor)
    values = booking_form.typed(request.POST)
    taken = request.POST.get("take", "")
    if taken:
        column, _colon, value = taken.partition(":")
        return _form(request, actor, {**values, column: value}, key=request.POST.get("once", ""))
    key = clean(request.POST.get("once", ""))[:100] or secrets.token_urlsafe(16)
    try:
        booked, replayed = actions.book_form(
            actor,
            values,
            key=key,
            now=timezone.now(),
            keep=bool(request.POST.get("keep")),
            documents=documents.sent(request),
        )
    except (actions.BookingRefused, actions.DocumentRefused) as refusal:
        return _form(request, actor, values, key=key, problems=refusal.problems, status=422)
    told = _("%(cn)s was booked already; nothing was booked twice") if replayed else _("Booked %(cn)s")
    toast(request, told % {"cn": booked.cn})
    then = request.POST.get("then", "")
    if then == "print":
        answer = printed(request, actor, [booked.id], request.POST)
    elif then == "next":
        answer = redirect(reverse("portal:book", query={name: values[name] for name in _CARRIED if values[name]}))
    else:
        answer = redirect("portal:consignment", cn=booked.cn)
    # The browser drops the half-filled form that it kept under this key. It names nobody.
    answer.set_cookie("booked", key, max_age=3600, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    return answer


@page("portal", "book/quote/", name="quote", needs=Can.BOOK, methods=("POST",))
def quote(request: AskedBy, actor: Actor) -> HttpResponse:
    """A fragment: what the form comes to as far as it is filled in."""
    context = booking_form.quoted(actor, booking_form.peeked(request.POST), now=timezone.now())
    return render(request, "portal/book_quote.html", {**context, "swap": True})


@page("portal", "book/consignees/", name="consignees", needs=Can.BOOK, methods=("POST",))
def consignees(request: AskedBy, actor: Actor) -> HttpResponse:
    """A fragment: who may be meant by the beginning of a phone. Sent, not asked: a phone belongs in no address."""
    typed = request.POST.get("consignee_phone", "")[:40]
    begun = phone.begins(typed) or ""
    # As people write it a number of ours has a 0 in place of +92.
    digits = len(begun) - 2 if begun.startswith("+92") else len(begun) - 1
    found = [_suggested(one, digits) for one in queries.suggestions(actor, typed)]
    return render(request, "portal/consignees.html", {"found": found})


def _suggested(one: Suggestion, digits: int) -> dict[str, object]:
    """A suggestion as it is shown; the first ``digits`` of its phone are what was typed."""
    number = phone.display(one.phone)
    at = [place for place, character in enumerate(number) if character.isdecimal()][:digits][-1] + 1
    alt = phone.display(one.alt_phone) if one.alt_phone else ""
    return {"one": one, "phone": number, "alt_phone": alt, "begun": number[:at], "rest": number[at:]}


def _opened(request: AskedBy, actor: Actor) -> HttpResponse:
    values = {**_DEFAULTS, **{key: request.GET[key] for key in _CARRIED if key in request.GET}}
    like, to = request.GET.get("like", ""), request.GET.get("to", "")
    if like:
        parcel = consignments.one(actor, like)
        values |= queries.typed(actor, parcel)
        values["pickup_date"] = ""
        if Status(parcel.status) not in _REF_IS_FREE:
            values["order_ref"] = ""
        if values["profile"] not in {profile.code for profile in places.profiles(actor)}:
            values["profile"] = ""
    elif to.isascii() and to.isdecimal() and len(to) < 18:
        values |= queries.typed_address(places.address(actor, int(to)))
    return _form(request, actor, values, filled=bool(like or to), like=like)


def _form(
    request: AskedBy,
    actor: Actor,
    values: Mapping[str, str],
    *,
    key: str = "",
    problems: Sequence[FieldProblem] = (),
    filled: bool = True,
    like: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        **booking_form.fields(actor, values, now=timezone.now(), key=key, problems=problems),
        "documents": documents.kinds(),
        "files_lost": bool(request.FILES),
        "draft": f"{actor.shipper_id}-{actor.user_id}",
        "filled": filled,
        "keep": bool(request.POST.get("keep")),
        "like": like,
        "import_url": reverse("portal:imports") if actor.may(Can.IMPORT) else "",
        "last": consignments.last_booked(actor) if not filled else "",
    }
    return render(request, "portal/book.html", context, status=status)
