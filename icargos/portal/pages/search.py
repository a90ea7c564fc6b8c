"""The search behind Ctrl-K: parcels first, then pages."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from icargos.accounts.rules import Can
from icargos.consignments import queries
from icargos.consignments.queries import Filters
from icargos.kit.actor import Actor
from icargos.ui.navigation import menu, narrowed
from icargos.ui.page import AskedBy, page


@page("portal", "search/", name="search", needs=Can.SEE_ORDERS)
def search(request: AskedBy, actor: Actor) -> HttpResponse:
    """A fragment with the parcels and the pages that match ``q``."""
    words = request.GET.get("q", "").strip()[:100].replace("\x00", "")
    rows = queries.page(actor, Filters(words=words), size=8).rows if len(words) >= 2 else []
    sees = actor.may(Can.SEE_CONSIGNEE)
    found = [
        {
            "cn": row.cn,
            "url": reverse("portal:consignment", args=[row.cn]),
            "who": f"{row.consignee_name}, {row.destination}" if sees else row.destination,
            "status": row.status,
        }
        for row in rows
    ]
    context = {"q": words, "consignments": found, "actions": narrowed(menu(actor, request.path), words), "places": []}
    return render(request, "ui/parts/palette_results.html", context)
