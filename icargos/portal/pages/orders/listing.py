"""The orders list itself: views as tabs, filters and search in the address, keyset paging, live without jumping."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import dateformat, timezone
from django.utils.translation import gettext as _

from icargos.accounts import queries as accounts
from icargos.accounts.queries import Kept
from icargos.accounts.rules import MOST_VIEWS, Can
from icargos.consignments import queries
from icargos.consignments.queries import MOST_COUNTED, Filters, Page
from icargos.dispatch.rules.advice import MOST_NOTE, Action, allowed_dates
from icargos.kit.actor import Actor
from icargos.places import queries as places
from icargos.portal import formats
from icargos.portal.pages.orders.asked import Asked, asked
from icargos.portal.pages.orders.chosen import MOST, parts
from icargos.portal.pages.orders.columns import LIST, columns, lines, shown_columns
from icargos.portal.pages.orders.panels import panels
from icargos.portal.pages.orders.words import VIEWS
from icargos.ui import visits
from icargos.ui.lists.address import pager
from icargos.ui.lists.columns import choices
from icargos.ui.page import AskedBy, page

SIZE = 50


@page("portal", "orders/", name="orders", needs=Can.SEE_ORDERS)
def orders(request: AskedBy, actor: Actor) -> HttpResponse:
    """One page of the list. The address holds the whole state; what it cannot read is left out."""
    state = asked(actor, request.GET)
    kept = accounts.kept(actor, LIST)
    address = state.address
    before, after = address.number("before"), address.number("after")
    found = queries.page(
        actor,
        state.filters,
        size=SIZE,
        before=before,
        after=after,
        oldest_first=state.oldest_first,
        counted=True,
    )
    shown = shown_columns(actor, kept.columns, tagged=bool(state.tags))
    first = not before and not after
    views = _views(state, kept)
    context = {
        "state": state,
        "q": address.one("q"),
        "keep": address.parts(q=""),
        "panels": panels(actor, state),
        "chips": state.chips,
        "sort_url": address.url(sort="" if state.oldest_first else "oldest"),
        "columns": shown,
        "choices": choices(columns(actor), shown),
        "rows": lines(actor, found.rows, shown),
        "page": _pager(state, found),
        "query": address.query(),
        "any_orders": bool(views["tabs"][0]["count"]),
        "sentence": "" if found.rows else state.sentence(),
        "clear_url": address.url(q="", saved="", **{chip.name: "" for chip in state.chips}, **_NO_PERIOD),
        "import_url": reverse("portal:imports") if actor.may(Can.IMPORT) else "",
        "renew_url": _renew_url(state, found, newest=first and not state.oldest_first),
        **views,
        **_bulk(request, actor),
    }
    return render(request, "portal/orders.html", context)


@page("portal", "orders-newer/", name="orders_newer", needs=Can.SEE_ORDERS)
def newer(request: AskedBy, actor: Actor) -> HttpResponse:
    """What has changed since the list was made: how many matching parcels are new, how many stand in each view, and
    the rows it shows, as they are now. None comes and none goes: the list itself never jumps.
    """
    state = asked(actor, request.GET)
    kept = accounts.kept(actor, LIST)
    since, shown_ids = request.GET.get("since", ""), _ids(request.GET)
    fresh = 0
    if since.isdecimal() and len(since) < 18:
        fresh = len(queries.page(actor, state.filters, size=200, after=int(since)).rows)
    shown = shown_columns(actor, kept.columns, tagged=bool(state.tags))
    rows = queries.rows(actor, shown_ids, oldest_first=state.oldest_first)
    context = {
        "n": fresh,
        "url": state.address.url(),
        "rows": lines(actor, rows, shown),
        **_views(state, kept, own=True),
    }
    return render(request, "portal/orders_newer.html", context)


@page("portal", "orders-match/", name="orders_match", needs=Can.SEE_ORDERS)
def match(request: AskedBy, actor: Actor) -> HttpResponse:
    """A fragment: all that match are chosen, on every page, those that are there now and no later ones."""
    state = asked(actor, request.GET)
    ids = queries.ids(actor, state.filters, most=MOST + 1)
    context = {
        "n": min(len(ids), MOST),
        "more": len(ids) > MOST,
        "upto": ids[0] if ids else 0,
        "query": state.address.query(),
        "parts": parts(min(len(ids), MOST)),
        "labels_url": reverse("portal:labels"),
    }
    return render(request, "portal/orders_match.html", context)


@page("portal", "orders-cities/", name="orders_cities", needs=Can.SEE_ORDERS)
def cities(request: AskedBy, actor: Actor) -> HttpResponse:
    """A fragment: the cities that the filter offers while a name is typed."""
    names = sorted((city.name, city.urdu) for city in places.cities(actor) if city.served)
    return render(request, "portal/orders_cities.html", {"cities": names})


_NO_PERIOD = {"days": "", "from": "", "to": ""}


def _pager(state: Asked, found: Page) -> dict[str, object]:
    keys = {"before": found.older, "after": found.newer}
    if state.oldest_first:
        keys = {"after": found.newer, "before": found.older}
    return pager(state.address, keys, size=SIZE, shown=len(found.rows), total=found.total, most=found.counted_to)


def _renew_url(state: Asked, found: Page, *, newest: bool) -> str:
    shown = ".".join(str(row.id) for row in found.rows)
    more = f"shown={shown}"
    if newest:
        more += f"&since={found.rows[0].id if found.rows else 0}"
    query = state.address.query()
    return f"{reverse('portal:orders_newer')}?{f'{query}&' if query else ''}{more}"


def _ids(given: QueryDict) -> list[int]:
    found = [part for part in given.get("shown", "").split(".")[:SIZE] if part.isascii() and part.isdigit()]
    return [int(part) for part in found if len(part) < 18]


def _views(state: Asked, kept: Kept, *, own: bool = False) -> dict[str, Any]:
    """The tabs. The list's own are counted with the page, a person's own (``own``) when the page is there."""
    actor, address = state.actor, state.address
    saved = address.number("saved")
    current = next((view for view in kept.views if view.id == saved), None)
    builtin = [Filters(), *(Filters(view=view) for view in VIEWS)]
    mine = [asked(actor, QueryDict(view.query)).filters for view in kept.views] if own else []
    numbers: Sequence[int | None] = queries.counts(actor, [*builtin, *mine])
    labels = [_("All"), *(str(label) for label in VIEWS.values())]
    tabs: list[dict[str, Any]] = []
    for label, view, number in zip(labels, [None, *VIEWS], numbers, strict=False):
        url = address.url(saved="", view=view.value if view else "")
        here = current is None and state.view is view
        tabs.append({"label": label, "url": url, "count": number, "current": here})
    for place, one in enumerate(kept.views):
        number = numbers[len(builtin) + place] if own else None
        url = _saved_url(address.path, one.id, one.query)
        tabs.append({"label": one.name, "url": url, "count": number, "current": one is current, "own": True})
    changed = current is not None and address.query(saved="") != current.query
    return {
        "tabs": tabs,
        "most": MOST_COUNTED,
        "saved": current,
        "saved_changed": changed,
        "saved_query": address.query(saved=""),
        "may_save": len(kept.views) < MOST_VIEWS,
        "own_views": bool(kept.views),
    }


def _saved_url(path: str, view_id: int, query: str) -> str:
    return f"{path}?saved={view_id}{f'&{query}' if query else ''}"


def _bulk(request: AskedBy, actor: Actor) -> dict[str, Any]:
    """The addresses of what may be done with the chosen rows; empty where the role may not."""
    may = {
        "labels_url": (Can.PRINT_LABELS, "portal:labels"),
        "cancel_url": (Can.CANCEL, "portal:orders_cancel"),
        "tag_url": (Can.TAG, "portal:orders_tag"),
        "advise_url": (Can.ADVISE, "portal:orders_advise"),
        "take_url": (Can.SEE_ORDERS, "portal:orders_take"),
        "proofs_url": (Can.SEE_CONSIGNEE, "portal:proofs_ask"),
    }
    found = {name: reverse(view) if actor.may(needs) else "" for name, (needs, view) in may.items()}
    more: dict[str, Any] = {"export_url": reverse("portal:orders_export"), "hands_over": actor.may(Can.HAND_OVER)}
    if found["labels_url"]:
        more["formats"] = formats.choices(formats.format_code(request, actor))
    return {**found, **more, "once": uuid4().hex, **_advice(actor)}


def _advice(actor: Actor) -> dict[str, Any]:
    """What the answer to failed attempts may be."""
    if not actor.may(Can.ADVISE):
        return {}
    days = allowed_dates(timezone.now())
    return {
        "advice_actions": [{"value": one.value, "label": visits.action_word(one.value)} for one in Action],
        "advice_days": [{"value": day.isoformat(), "label": dateformat.format(day, "D j M")} for day in days],
        "most_note": MOST_NOTE,
    }
