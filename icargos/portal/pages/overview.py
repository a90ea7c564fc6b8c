"""The dashboard: eight families of status, what became of each month, where parcels go."""

from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import dateformat, timezone
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.consignments import queries
from icargos.consignments.queries import Filters
from icargos.consignments.rules import CARD, FAMILY_LABEL, HUE, STATUSES_OF, Family, Status
from icargos.kit.actor import Actor
from icargos.portal.pages.money import money
from icargos.ui.charts import Month, Slice
from icargos.ui.page import AskedBy, page

PERIODS = {"1": 1, "7": 7, "30": 30, "90": 90}


@page("portal", "overview/", name="overview", needs=Can.SEE_OVERVIEW)
def overview(request: AskedBy, actor: Actor) -> HttpResponse:
    """Counts of the period's bookings; each figure opens the list with the same number."""
    today = timezone.localdate()
    chosen = request.GET.get("days", "30")
    days = PERIODS.get(chosen, 30)
    since = today - timedelta(days=days - 1)
    counts = queries.tally(actor, since=since)
    months = queries.by_month(actor, since=_months_ago(today, 11))
    if not counts and not months:
        context = {
            "first_day": True,
            "greeting": _("Welcome, %(name)s") % {"name": actor.name.split(" ")[0]},
            "import_url": reverse("portal:imports") if actor.may(Can.IMPORT) else "",
            "book_url": reverse("portal:book") if actor.may(Can.BOOK) else "",
        }
        return render(request, "portal/overview.html", context)
    families = queries.tally_by_family(counts)
    total = sum(families.values())
    newest = queries.page(actor, Filters(booked_from=since), size=8)
    context = {
        "first_day": False,
        "period": _periods(str(days)),
        "caption": _captions()[days],
        "total": total,
        "families": [_family(family, number, counts, since) for family, number in families.items()],
        "delivered": counts.get(Status.DELIVERED, 0),
        "returned": counts.get(Status.RETURNED_TO_SHIPPER, 0),
        "months": [_month(first, found, today) for first, found in _twelve(months, today)],
        "shares": [
            Slice(_(FAMILY_LABEL[family]), number, HUE[STATUSES_OF[family][0]].value, _list(since, family=family.value))
            for family, number in families.items()
            if number
        ],
        "cities": [
            {"name": name, "count": number, "delivered": done, "url": _list(since, city=name)}
            for name, number, done in queries.top_cities(actor, since=since)
        ],
        "recent": [
            {
                "cn": row.cn,
                "url": reverse("portal:consignment", args=[row.cn]),
                "status": row.status,
                "who": row.consignee_name if actor.may(Can.SEE_CONSIGNEE) else "",
                "city": row.destination,
                "cod_paisa": row.cod_paisa,
                "booked_at": row.booked_at,
            }
            for row in newest.rows
        ],
        "orders_url": _list(since),
        "money": money(actor),
    }
    return render(request, "portal/overview.html", context)


def _captions() -> dict[int, str]:
    return {1: _("today"), 7: _("in 7 days"), 30: _("in 30 days"), 90: _("in 90 days")}


def _periods(days: str) -> list[dict[str, object]]:
    words = {"1": _("Today"), "7": _("7 days"), "30": _("30 days"), "90": _("Quarter")}
    return [{"url": f"?days={code}", "label": label, "current": code == days} for code, label in words.items()]


def _list(since: date, **more: str) -> str:
    return f"{reverse('portal:orders')}?{urlencode({'from': since.isoformat(), **more})}"


def _family(family: Family, number: int, counts: dict[Status, int], since: date) -> dict[str, object]:
    cards: dict[str, int] = {}
    for status in STATUSES_OF[family]:
        cards[CARD[status]] = cards.get(CARD[status], 0) + counts.get(status, 0)
    return {
        "code": family.value,
        "count": number,
        "url": _list(since, family=family.value),
        "cards": [{"label": _(card), "count": n, "url": _list(since, card=card)} for card, n in cards.items()],
    }


def _months_ago(today: date, months: int) -> date:
    place = today.year * 12 + today.month - 1 - months
    return date(place // 12, place % 12 + 1, 1)


def _twelve(found: list[tuple[date, dict[Status, int]]], today: date) -> list[tuple[date, dict[Status, int]]]:
    """Twelve months up to this one, empty ones included."""
    by_first = dict(found)
    firsts = [_months_ago(today, back) for back in range(11, -1, -1)]
    return [(first, by_first.get(first, {})) for first in firsts]


def _month(first: date, counts: dict[Status, int], today: date) -> Month:
    last = _months_ago(first, -1) - timedelta(days=1)
    query = urlencode({"from": first.isoformat(), "to": last.isoformat()})
    return Month(
        label=dateformat.format(first, "M"),
        delivered=counts.get(Status.DELIVERED, 0),
        returned=counts.get(Status.RETURNED_TO_SHIPPER, 0),
        url=f"{reverse('portal:orders')}?{query}",
        unfinished=(first.year, first.month) == (today.year, today.month),
    )
