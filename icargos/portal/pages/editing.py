"""Changing what is booked: the booking form once more, with what it costs now and what it would cost."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from icargos.accounts.rules import Can
from icargos.booking import actions, queries
from icargos.booking.rules.changes import fixed_fields
from icargos.booking.rules.columns import COLUMNS
from icargos.booking.rules.order import version
from icargos.consignments import queries as consignments
from icargos.consignments.queries import Parcel
from icargos.consignments.rules import LABEL, Status
from icargos.finance import queries as finance
from icargos.kit.actor import Actor
from icargos.kit.errors import Conflict, FieldProblem
from icargos.portal.pages import booking_form
from icargos.portal.pages.booking_form import Booked
from icargos.tariff.rules import Receipt
from icargos.ui.page import AskedBy, page
from icargos.ui.toasts import toast


@page("portal", "orders/<str:cn>/edit/", name="edit", needs=Can.BOOK, methods=("GET", "POST"), owner="consignment")
def edit(request: AskedBy, actor: Actor, cn: str) -> HttpResponse:
    """The form of a parcel that its shipper still has, and what becomes of it."""
    parcel = consignments.one(actor, cn)
    _refuse_fixed(parcel)
    values = queries.typed(actor, parcel)
    if request.method != "POST":
        return _form(request, actor, parcel, values)
    values = _posted(request, parcel, values)
    seen, taken = request.POST.get("seen", ""), request.POST.get("take", "")
    if taken:
        column, _colon, value = taken.partition(":")
        return _form(request, actor, parcel, {**values, column: value}, seen=seen)
    try:
        changed = actions.change_typed(actor, parcel.cn, values, seen=seen, source="form", now=timezone.now())
    except actions.ChangeRefused as refusal:
        return _form(request, actor, parcel, values, seen=seen, problems=refusal.problems, status=422)
    except actions.ChangedMeanwhile as refusal:
        # What somebody else wrote is shown, never written over; what was typed here stands under it.
        parcel = consignments.one(actor, cn)
        there = queries.typed(actor, parcel)
        told = [FieldProblem("", refusal.code, refusal.message)]
        for key, value in values.items():
            if value.strip() and value.strip() != there.get(key, ""):
                told.append(FieldProblem(key, refusal.code, _("You typed “%(value)s” here.") % {"value": value}))
        return _form(request, actor, parcel, there, problems=told, status=409)
    if changed.fields:
        told_n = ngettext("%(n)d field of %(cn)s changed", "%(n)d fields of %(cn)s changed", len(changed.fields))
        toast(request, told_n % {"n": len(changed.fields), "cn": parcel.cn})
    else:
        toast(request, _("Nothing of %(cn)s changed") % {"cn": parcel.cn})
    return redirect("portal:consignment", cn=parcel.cn)


@page(
    "portal", "orders/<str:cn>/edit/quote/", name="edit_quote", needs=Can.BOOK, methods=("POST",), owner="consignment"
)
def edit_quote(request: AskedBy, actor: Actor, cn: str) -> HttpResponse:
    """A fragment: what the parcel would come to."""
    parcel = consignments.one(actor, cn)
    _refuse_fixed(parcel)
    values = _posted(request, parcel, queries.typed(actor, parcel))
    now = timezone.now()
    on = queries.with_profiles(actor, queries.terms(actor, now=now), {parcel.profile_id})
    context = booking_form.quoted(actor, values, now=now, own=parcel.cn, on=on, booked=_booked(actor, parcel))
    return render(request, "portal/book_quote.html", {**context, "swap": True})


def _refuse_fixed(parcel: Parcel) -> None:
    if fixed_fields(Status(parcel.status)) is None:
        told = _("%(cn)s is %(status)s: what was booked can no longer be changed.")
        raise Conflict(told % {"cn": parcel.cn, "status": _(LABEL[Status(parcel.status)])})


def _fixed(parcel: Parcel) -> frozenset[str]:
    """The keys of the columns that can no longer be changed."""
    fixed = fixed_fields(Status(parcel.status)) or frozenset()
    return frozenset(column.key for column in COLUMNS if column.field in fixed)


def _posted(request: AskedBy, parcel: Parcel, values: Mapping[str, str]) -> dict[str, str]:
    """What was typed; a field that can no longer be changed is not sent and stays as it is."""
    fixed = _fixed(parcel)
    typed = booking_form.typed(request.POST)
    return {key: values.get(key, "") if key in fixed else value for key, value in typed.items()}


def _booked(actor: Actor, parcel: Parcel) -> Booked:
    charged = finance.charged(actor, parcel.id) if actor.may(Can.SEE_CHARGES) else None
    receipt = msgspec.convert(charged.receipt, Receipt) if charged else None
    return Booked(queries.order_of(parcel), receipt)


def _form(
    request: AskedBy,
    actor: Actor,
    parcel: Parcel,
    values: Mapping[str, str],
    *,
    seen: str = "",
    problems: Sequence[FieldProblem] = (),
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    context: dict[str, Any] = {
        **booking_form.fields(
            actor,
            values,
            now=now,
            problems=problems,
            fixed=_fixed(parcel),
            own=parcel.cn,
            on=queries.with_profiles(actor, queries.terms(actor, now=now), {parcel.profile_id}),
            booked=_booked(actor, parcel),
        ),
        "cn": parcel.cn,
        "printed": parcel.labels_printed,
        "seen": seen or version(queries.order_of(parcel)),
        "keep": None,
    }
    return render(request, "portal/edit.html", context, status=status)
