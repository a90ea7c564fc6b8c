"""The orders list: views as tabs, filters and search in the address, keyset paging."""

from datetime import date
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import dateformat
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.consignments import queries
from icargos.consignments.queries import Filters, Row
from icargos.consignments.rules import CARD, FAMILY_LABEL, STATUSES_OF, Family, Status
from icargos.kit.actor import Actor
from icargos.places import queries as places
from icargos.portal import formats
from icargos.tariff.rules import SERVICE_LABEL, Service
from icargos.ui.page import AskedBy, page

SIZE = 50
KEPT = ("family", "card", "city", "service", "cod", "from", "to", "import", "q")


@page("portal", "orders/", name="orders", needs=Can.SEE_ORDERS)
def orders(request: AskedBy, actor: Actor) -> HttpResponse:
    """One page of the list. The address holds the whole state; what it cannot read is left out."""
    asked = request.GET
    filters = narrowed(actor, asked)
    before, after = _number(asked, "before"), _number(asked, "after")
    found = queries.page(actor, filters, size=SIZE, before=before, after=after)
    first = max(1, _number(asked, "n") or 1)
    everything = queries.tally(actor)
    total = _total(actor, filters, len(found.rows), alone=not (found.older or found.newer))
    sees = actor.may(Can.SEE_CONSIGNEE)
    context = {
        "tabs": _tabs(asked, everything),
        "q": asked.get("q", ""),
        "filters": _selects(actor, asked),
        "keep": [(name, asked[name]) for name in ("family", "card", "from", "to", "import") if asked.get(name)],
        "chips": _chips(asked),
        "rows": [_shown(row, sees) for row in found.rows],
        "sees_consignee": sees,
        "page": {
            "first": first,
            "last": first + len(found.rows) - 1,
            "total": total,
            "previous_url": _url(asked, after=found.newer, n=max(1, first - SIZE)) if found.newer else "",
            "next_url": _url(asked, before=found.older, n=first + SIZE) if found.older else "",
        },
        "any_orders": bool(everything),
        "clear_url": reverse("portal:orders"),
        "import_url": reverse("portal:imports") if actor.may(Can.IMPORT) else "",
        "labels_url": reverse("portal:labels") if actor.may(Can.PRINT_LABELS) else "",
        "formats": formats.choices(formats.format_code(request, actor)) if actor.may(Can.PRINT_LABELS) else [],
        "hands_over": actor.may(Can.HAND_OVER),
        "newer_url": _newer_url(asked, found.rows) if not before and not after else "",
    }
    return render(request, "portal/orders.html", context)


@page("portal", "orders-newer/", name="orders_newer", needs=Can.SEE_ORDERS)
def newer(request: AskedBy, actor: Actor) -> HttpResponse:
    """How many matching parcels were booked since the list was made: the list itself never jumps."""
    asked = request.GET
    found = queries.page(actor, narrowed(actor, asked), size=200, after=_number(asked, "since") or 0)
    return render(request, "portal/newer.html", {"n": len(found.rows), "url": _url(asked)})


def narrowed(actor: Actor, asked: QueryDict) -> Filters:
    """The filters that an address asks for; anything it cannot mean is ignored."""
    statuses: tuple[Status, ...] = ()
    family, card, city_name = asked.get("family", ""), asked.get("card", ""), asked.get("city", "")
    if family in set(Family):
        statuses = STATUSES_OF[Family(family)]
    elif card:
        statuses = tuple(s for s in Status if CARD[s] == card)
    city = places.city_index(actor).find(city_name).city_id if city_name else None
    return Filters(
        statuses=statuses,
        destination_id=city,
        service=asked.get("service", "") if asked.get("service") in set(Service) else "",
        cod=asked.get("cod", "") if asked.get("cod") in {"cod", "prepaid"} else "",
        import_id=_number(asked, "import"),
        booked_from=_day(asked, "from"),
        booked_to=_day(asked, "to"),
        words=asked.get("q", "")[:100].replace("\x00", ""),
    )


def _total(actor: Actor, filters: Filters, shown: int, *, alone: bool) -> int:
    """How many match: exact from the counters where they know, else counted up to 1,000, else 0."""
    if alone:
        return shown
    plain = Filters(statuses=filters.statuses, booked_from=filters.booked_from, booked_to=filters.booked_to)
    if filters == plain and actor.may(Can.SEE_OVERVIEW):
        counts = queries.tally(actor, since=filters.booked_from, until=filters.booked_to)
        return sum(n for status, n in counts.items() if not filters.statuses or status in filters.statuses)
    counted = queries.count(actor, filters)
    return counted if counted <= 1000 else 0


def _number(asked: QueryDict, name: str) -> int | None:
    text = asked.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


def _day(asked: QueryDict, name: str) -> date | None:
    try:
        return date.fromisoformat(asked.get(name, ""))
    except ValueError:
        return None


def _url(asked: QueryDict, **more: object) -> str:
    """The list with this page's filters; a filter set to "" is left out."""
    state = {name: asked[name] for name in KEPT if asked.get(name)}
    state.update({name: str(value) for name, value in more.items()})
    query = urlencode({name: value for name, value in state.items() if value})
    return reverse("portal:orders") + (f"?{query}" if query else "")


def _newer_url(asked: QueryDict, rows: list[Row]) -> str:
    state = {name: asked[name] for name in KEPT if asked.get(name)}
    return f"{reverse('portal:orders_newer')}?{urlencode({**state, 'since': rows[0].id if rows else 0})}"


def _tabs(asked: QueryDict, counts: dict[Status, int]) -> list[dict[str, object]]:
    families = queries.tally_by_family(counts)
    chosen = asked.get("family", "")
    every = {"label": _("All"), "count": sum(counts.values()), "url": _url(asked, family="", card="")}
    tabs: list[dict[str, object]] = [{**every, "current": not chosen and not asked.get("card")}]
    for family, number in families.items():
        url = _url(asked, family=family.value, card="")
        tabs.append({"label": _(FAMILY_LABEL[family]), "count": number, "url": url, "current": chosen == family.value})
    return tabs


def _selects(actor: Actor, asked: QueryDict) -> list[dict[str, object]]:
    cities = sorted(city.name for city in places.cities(actor) if city.served)
    choices: list[tuple[str, str, list[tuple[str, str]]]] = [
        ("service", _("Service"), [(s.value, _(SERVICE_LABEL[s])) for s in Service]),
        ("city", _("City"), [(name, name) for name in cities]),
        ("cod", _("COD"), [("cod", _("COD")), ("prepaid", _("Prepaid"))]),
    ]
    out: list[dict[str, object]] = []
    for name, label, options in choices:
        chosen = asked.get(name, "")
        shown = [{"value": "", "label": _("Any"), "selected": not chosen}]
        shown += [{"value": v, "label": text, "selected": v == chosen} for v, text in options]
        out.append(
            {"name": name, "label": label, "options": shown, "on": bool(chosen), "clear_url": _url(asked, **{name: ""})}
        )
    return out


def _chips(asked: QueryDict) -> list[dict[str, str]]:
    chips = []
    card, sheet = asked.get("card", ""), asked.get("import", "")
    if card:
        chips.append({"label": _("Status"), "value": _(card), "clear_url": _url(asked, card="")})
    first, last = _day(asked, "from"), _day(asked, "to")
    if first or last:
        begin = dateformat.format(first, "j M Y") if first else "…"
        end = dateformat.format(last, "j M Y") if last else _("today")
        chips.append(
            {"label": _("Booked"), "value": f"{begin} – {end}", "clear_url": _url(asked, **{"from": "", "to": ""})}
        )
    if sheet:
        chips.append({"label": _("Import"), "value": sheet, "clear_url": _url(asked, **{"import": ""})})
    return chips


def _shown(row: Row, sees: bool) -> dict[str, object]:
    return {
        "cn": row.cn,
        "url": reverse("portal:consignment", args=[row.cn]),
        "order_ref": row.order_ref,
        "who": row.consignee_name if sees else "",
        "phone": row.consignee_phone or "",
        "origin": row.origin,
        "destination": row.destination,
        "status": row.status,
        "cod_paisa": row.cod_paisa,
        "weight_g": row.weight_g,
        "updated_at": row.status_at,
    }
