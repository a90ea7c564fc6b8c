"""The words for cities that a shipper's sheets taught, and the place to take one back."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.kit.actor import Actor
from icargos.places import actions, queries
from icargos.ui.page import AskedBy, page
from icargos.ui.toasts import toast


@page("portal", "imports/cities/", name="import_cities", needs=Can.IMPORT, methods=("GET", "POST"))
def import_cities(request: AskedBy, actor: Actor) -> HttpResponse:
    """The shipper's own words for cities. A POST with ``word`` forgets one: from then on it is asked about again."""
    if request.method == "POST":
        if actions.forget_alias(actor, request.POST.get("word", "")[:200], now=timezone.now()):
            toast(request, _("Forgotten. The next sheet with this word asks again."))
        return redirect("portal:import_cities")
    return render(request, "portal/import_cities.html", {"words": queries.own_words(actor)})
