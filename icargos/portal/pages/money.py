"""COD & payouts: what was collected and is not yet paid, parcel by parcel. No consignee's phone or address."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.finance import queries
from icargos.finance.queries import Owed, Pending
from icargos.finance.rules import AGE_LABEL, Age
from icargos.kit.actor import Actor
from icargos.portal.pages.statement import account
from icargos.ui.page import AskedBy, page

SIZE = 50
_HUE = {Age.WEEK: "move", Age.FORTNIGHT: "last", Age.MONTH: "warn", Age.OLDER: "bad"}


@page("portal", "payments/", name="payments", needs=Can.SEE_CHARGES)
def payments(request: AskedBy, actor: Actor) -> HttpResponse:
    """What is owed, by age, and the parcels it comes from, newest booking first."""
    asked = request.GET.get("before", "")
    before = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 18 else None
    found = queries.unpaid(actor, before=before, size=SIZE + 1)
    rows = found[:SIZE]
    context = {
        "money": money(actor),
        "rows": [_row(one) for one in rows],
        "next_url": f"?before={rows[-1].id}" if len(found) > SIZE else "",
        "first_url": reverse("portal:payments") if before else "",
        "account": account(request, actor),
    }
    return render(request, "portal/payments.html", context)


def money(actor: Actor) -> dict[str, Any] | None:
    """The card of the overview and the head of this page; None for a role that may not see charges."""
    if not actor.may(Can.SEE_CHARGES):
        return None
    pending = queries.pending_cod(actor, today=timezone.localdate())
    return {
        "pending_paisa": pending.total_paisa,
        "parcels": pending.parcels,
        "in_process_paisa": queries.cod_in_process(actor),
        "ages": _ages(pending),
        "url": reverse("portal:payments"),
    }


def _ages(pending: Pending) -> list[dict[str, Any]]:
    at = 0.0
    out = []
    for group in Age:
        paisa = pending.ages[group]
        share = 100 * paisa / pending.total_paisa if pending.total_paisa else 0
        out.append({"label": _(AGE_LABEL[group]), "paisa": paisa, "hue": _HUE[group], "at": at, "width": share})
        at += share
    return out


def _row(one: Owed) -> dict[str, Any]:
    words = {
        "collected": _("With the rider"),
        "deposited": _("Deposited at the station"),
        "payable": _("Ready to be paid"),
        "on_statement": _("On a statement"),
    }
    hues = {"collected": "warn", "deposited": "move", "payable": "done", "on_statement": "done"}
    return {
        "cn": one.cn,
        "url": reverse("portal:consignment", args=[one.cn]),
        "order_ref": one.order_ref,
        "destination": one.destination,
        "cod_paisa": one.cod_paisa,
        "word": words[one.cod_state],
        "hue": hues[one.cod_state],
        "delivered_at": one.delivered_at,
    }
