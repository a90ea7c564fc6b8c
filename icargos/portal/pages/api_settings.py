"""What a programme needs: a call that runs, keys, Profile IDs."""

import secrets
from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from icargos.accounts import actions, queries
from icargos.accounts.actions import NewKey
from icargos.accounts.rules import KEY_NAME_LENGTH, KEY_SIGN, Can, Scope
from icargos.kit.actor import Actor
from icargos.kit.errors import FieldProblem, Invalid
from icargos.places import queries as places
from icargos.shapes import samples
from icargos.ui.page import AskedBy, page
from icargos.ui.toasts import toast

_SCOPES = {
    Scope.BOOK: (gettext_noop("Book"), gettext_noop("Book parcels in your name.")),
    Scope.TRACK: (gettext_noop("Track"), gettext_noop("Read where your parcels are, without consignees.")),
    Scope.RATES: (gettext_noop("Rates"), gettext_noop("Ask what a parcel would cost.")),
}


@page("portal", "settings/api/", name="api_settings", needs=Can.MANAGE_KEYS, methods=("GET", "POST"))
def api_settings(request: AskedBy, actor: Actor) -> HttpResponse:
    """The settings; a POST makes a key and shows it, this once."""
    if request.method != "POST":
        return _page(request, actor)
    name, scopes = request.POST.get("name", ""), request.POST.getlist("scope")
    try:
        made = actions.create_key(actor, name=name, scopes=scopes, now=timezone.now())
    except Invalid as refusal:
        return _page(request, actor, name=name, scopes=scopes, problems=refusal.problems, status=422)
    return _page(request, actor, made=made)


@page(
    "portal",
    "settings/api/<int:key_id>/revoke/",
    name="revoke_key",
    needs=Can.MANAGE_KEYS,
    methods=("POST",),
    owner="key",
)
def revoke_key(request: AskedBy, actor: Actor, key_id: int) -> HttpResponse:
    """End a key: from the next call on it opens nothing."""
    name = actions.revoke_key(actor, key_id, now=timezone.now())
    toast(request, _("“%(name)s” is revoked") % {"name": name})
    return redirect("portal:api_settings")


def _page(
    request: AskedBy,
    actor: Actor,
    *,
    made: NewKey | None = None,
    name: str = "",
    scopes: Sequence[str] = (Scope.BOOK, Scope.TRACK, Scope.RATES),
    problems: Sequence[FieldProblem] = (),
    status: int = 200,
) -> HttpResponse:
    profiles = places.profiles(actor)
    code = profiles[0].code if profiles else ""
    reference = f"TEST-{secrets.token_hex(3).upper()}"
    address = request.build_absolute_uri(reverse("api:bookings"))
    shown = made.token if made else samples.SAMPLE_KEY
    context = {
        "sample": samples.curl(address, shown, samples.booking(code, reference), once=reference),
        "made": made,
        "keys": [
            {
                "id": key.id,
                "name": key.name,
                "start": f"{KEY_SIGN}_{key.prefix[:4]}…",
                "may": ", ".join(_(_SCOPES[Scope(scope)][0]) for scope in key.scopes),
                "by": key.created_by,
                "made_at": key.created_at,
                "used_at": key.last_used_at,
                "revoked_at": key.revoked_at,
            }
            for key in queries.keys(actor)
        ],
        "profiles": profiles,
        "scopes": [(s.value, _(word), _(line), s.value in scopes) for s, (word, line) in _SCOPES.items()],
        "name": name,
        "longest": KEY_NAME_LENGTH[1],
        "errors": {problem.field: problem.message for problem in reversed(problems)},
    }
    answer = render(request, "portal/api_settings.html", context, status=status)
    answer["Referrer-Policy"] = "no-referrer"
    return answer
