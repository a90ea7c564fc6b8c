"""Pickup profiles: the places a shipper's parcels are collected from, each with its Profile ID."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.kit import phone
from icargos.kit.actor import Actor
from icargos.kit.errors import FieldProblem, Invalid, NotFound, Refused
from icargos.places import actions, queries
from icargos.places.queries import Profile
from icargos.ui.page import AskedBy, page
from icargos.ui.toasts import toast

_FIELDS = ("name", "phone", "address", "city", "return_address")


@page("portal", "profiles/", name="profiles", needs=Can.BOOK)
def profiles(request: AskedBy, actor: Actor) -> HttpResponse:
    """Every profile with its ID, its city's cut-off and whose default it is."""
    today = timezone.localdate()
    found = queries.all_profiles(actor)
    cut_offs = {city: queries.pickup_cut_off(actor, city, on=today) for city in {one.city_id for one in found}}
    context = {
        "profiles": [
            {"one": one, "phone": phone.display(one.phone), "cut_off": f"{cut_offs[one.city_id]:%H:%M}"}
            for one in found
        ],
        "manages": actor.may(Can.MANAGE_PROFILES),
        "chosen": any(one.mine for one in found),
    }
    return render(request, "portal/profiles.html", context)


@page("portal", "profile-choice/", name="profile_choice", needs=Can.BOOK, methods=("POST",))
def profile_choice(request: AskedBy, actor: Actor) -> HttpResponse:
    """The actor's own bookings start from this profile; an empty ID goes back to the shipper's default."""
    code = request.POST.get("code", "")[:12]
    actions.choose_profile(actor, code)
    told = _("Your bookings start from %(code)s now") if code else _("Your bookings start from the default profile")
    toast(request, told % {"code": code})
    return redirect("portal:profiles")


@page("portal", "profile-new/", name="profile_new", needs=Can.MANAGE_PROFILES, methods=("GET", "POST"))
def profile_new(request: AskedBy, actor: Actor) -> HttpResponse:
    """A new profile; it gets the next free ID unless one is given."""
    if request.method != "POST":
        return _form(request, actor, {})
    values = _typed(request)
    code = request.POST.get("code", "").strip()[:40]
    is_default = bool(request.POST.get("is_default"))
    try:
        actions.add_profile(
            actor,
            name=values["name"],
            phone=values["phone"],
            address=values["address"],
            city=values["city"],
            return_address=values["return_address"],
            code=code,
            is_default=is_default,
            now=timezone.now(),
        )
    except Refused as refusal:
        if not refusal.problems:
            raise
        shown = {**values, "code": code, "is_default": is_default}
        return _form(request, actor, shown, problems=refusal.problems, status=refusal.http_status)
    toast(request, _("%(name)s is a pickup profile now") % {"name": values["name"].strip()})
    return redirect("portal:profiles")


@page(
    "portal", "profiles/<str:code>/", name="profile", needs=Can.MANAGE_PROFILES, methods=("GET", "POST"),
    owner="profile",
)  # fmt: skip
def profile(request: AskedBy, actor: Actor, code: str) -> HttpResponse:
    """One profile, to be changed; its ID stays."""
    found = _one(actor, code)
    if request.method != "POST":
        values = {name: getattr(found, name) for name in _FIELDS} | {"phone": phone.display(found.phone)}
        return _form(request, actor, values, code=found.code)
    values = _typed(request)
    try:
        changed = actions.change_profile(actor, found.code, **values, now=timezone.now())
    except Invalid as refusal:
        return _form(request, actor, values, code=found.code, problems=refusal.problems, status=422)
    toast(request, _("Changes kept") if changed else _("Nothing changed"))
    return redirect("portal:profiles")


@page(
    "portal", "profiles/<str:code>/use/", name="profile_use", needs=Can.MANAGE_PROFILES, methods=("POST",),
    owner="profile",
)  # fmt: skip
def profile_use(request: AskedBy, actor: Actor, code: str) -> HttpResponse:
    """Make a profile the default (``to=default``), take it out of use (``retired``) or into use again (``active``)."""
    found = _one(actor, code)
    now = timezone.now()
    match request.POST.get("to", ""):
        case "default":
            actions.make_default(actor, found.code, now=now)
            toast(request, _("%(code)s is the default profile now") % {"code": found.code})
        case "retired":
            actions.retire_profile(actor, found.code, now=now)
            toast(request, _("%(code)s is out of use") % {"code": found.code})
        case "active":
            actions.restore_profile(actor, found.code, now=now)
            toast(request, _("%(code)s is in use again") % {"code": found.code})
        case _other:
            raise Invalid(_("Choose what shall become of this profile."))
    return redirect("portal:profiles")


def _one(actor: Actor, code: str) -> Profile:
    found = next((one for one in queries.all_profiles(actor) if one.code == code), None)
    if found is None:
        raise NotFound(_("There is no such pickup profile. Choose one from the list."))
    return found


def _typed(request: AskedBy) -> dict[str, str]:
    return {name: request.POST.get(name, "").replace("\x00", "")[:300] for name in _FIELDS}


def _form(
    request: AskedBy,
    actor: Actor,
    values: dict[str, Any],
    *,
    code: str = "",
    problems: Sequence[FieldProblem] = (),
    status: int = 200,
) -> HttpResponse:
    context = {
        "v": values,
        "code": code,
        "problems": [{"field": p.field, "message": p.message, "suggestion": p.suggestion} for p in problems],
        "errors": {p.field: p.message for p in reversed(problems)},
        "cities": queries.cities(actor),
    }
    return render(request, "portal/profile.html", context, status=status)
