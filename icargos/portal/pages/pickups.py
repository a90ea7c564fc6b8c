"""Pickups: those to come, those that were, the weekly ones, and the form that asks for one."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from icargos.accounts.rules import Can
from icargos.booking import actions, queries
from icargos.booking.actions import Asked
from icargos.booking.queries import Pickup, Schedule, Waiting
from icargos.booking.rules.pickups import FAILURES, MOST_NOTE, SLOTS, WEEKDAYS, Ask
from icargos.consignments import queries as consignments
from icargos.kit.actor import Actor
from icargos.kit.errors import FieldProblem, Invalid
from icargos.places import queries as places
from icargos.places.queries import Profile
from icargos.portal.pages.ready import MOST, back, ticked
from icargos.ui import posted
from icargos.ui.page import AskedBy, page
from icargos.ui.toasts import toast, warn
from icargos.ui.wording import short_day

LOOKS = {
    "asked": ("new", "clock"),
    "assigned": ("move", "user"),
    "on_the_way": ("last", "bike"),
    "collected": ("done", "package-check"),
    "failed": ("warn", "package-x"),
    "cancelled": ("off", "ban"),
}
_LONGEST_CNS = MOST * 40
_FIELDS = ("once", "day", "slot", "parcels", "weight", "note", "ready")


@page("portal", "pickups/", name="pickups", needs=Can.SEE_ORDERS)
def pickups(request: AskedBy, actor: Actor) -> HttpResponse:
    """The list with the form beside it. ``?profile=`` and ``?import=`` fill the form in, ``?tab=past`` looks back."""
    return _listed(request, actor)


@page("portal", "pickups/count/", name="pickup_count", needs=Can.SEE_ORDERS)
def pickup_count(request: AskedBy, actor: Actor) -> HttpResponse:
    """A fragment: how many pickups are to come."""
    return render(request, "portal/pickup_count.html", {"n": queries.count_pickups(actor)})


@page(
    "portal", "pickups/<int:pickup>/cancel/", name="pickup_cancel", needs=Can.HAND_OVER, methods=("POST",),
    owner="pickup",
)  # fmt: skip
def pickup_cancel(request: AskedBy, actor: Actor, pickup: int) -> HttpResponse:
    """Call a pickup off; a second click changes nothing."""
    actions.cancel_pickup(actor, pickup, now=timezone.now())
    toast(request, _("Pickup %(number)s called off") % {"number": queries.pickup(actor, pickup).number})
    return redirect("portal:pickups")


@page(
    "portal", "pickups/weekly/<int:schedule>/stop/", name="pickup_stop", needs=Can.HAND_OVER, methods=("POST",),
    owner="schedule",
)  # fmt: skip
def pickup_stop(request: AskedBy, actor: Actor, schedule: int) -> HttpResponse:
    """End a weekly pickup."""
    actions.stop_schedule(actor, schedule, now=timezone.now())
    toast(request, _("The weekly pickup was stopped; what it has asked for already stays"))
    return redirect("portal:pickups")


@page("portal", "hand-over/pickup/", name="pickup_of", needs=Can.HAND_OVER, methods=("POST",))
def pickup_of(request: AskedBy, actor: Actor) -> HttpResponse:
    """The form filled in for parcels ticked in a list (``cn``, or ``cns`` in one field). It changes none of them yet.

    Raises NotFound when a number is not the actor's.
    """
    cns = posted.words(request.POST, "cns", most=_LONGEST_CNS).split() or ticked(request, actor)
    consignments.numbered(actor, cns)
    if not queries.waiting(actor, cns=cns):
        warn(request, _("None of these parcels waits for a pickup."))
        return back(request)
    return _listed(request, actor, cns=cns)


@page("portal", "pickups/ask/", name="pickup_ask", needs=Can.HAND_OVER, methods=("POST",))
def pickup_ask(request: AskedBy, actor: Actor) -> HttpResponse:
    """Ask for the pickup that the form says; what is wrong comes back with what was typed."""
    now = timezone.now()
    profile_id, import_id = posted.number(request.POST, "profile"), posted.number(request.POST, "import")
    cns = posted.words(request.POST, "cns", most=_LONGEST_CNS).split() or None
    typed = {name: posted.words(request.POST, name) for name in _FIELDS}
    weekdays = [day for day in request.POST.getlist("weekday") if day.isascii() and day.isdecimal() and len(day) < 3]
    weekly = request.POST.get("often") == "weekly"
    ask = Ask(
        profile_id=profile_id or 0,
        day=posted.day(request.POST, "day"),
        slot=typed["slot"],
        expected_parcels=posted.number(request.POST, "parcels") or 0,
        expected_weight_g=posted.grams(request.POST, "weight") or 0,
        note=typed["note"],
        weekdays=tuple(int(day) for day in weekdays) if weekly else (),
    )
    try:
        if weekly and not weekdays:
            raise _no_weekday()
        marks = queries.booked_cns(actor, profile_id=profile_id, import_id=import_id, cns=cns) if typed["ready"] else []
        done = actions.ask_pickup(actor, ask, ready_cns=marks, now=now)
    except Invalid as refusal:
        again = {**typed, "often": "weekly" if weekly else "once", "weekdays": weekdays}
        return _listed(request, actor, cns=cns, filled={"typed": again, "problems": refusal.problems}, status=422)
    toast(request, _told(actor, done))
    chosen = consignments.many(actor, consignments.numbered(actor, cns)) if cns else []
    elsewhere = [parcel.cn for parcel in chosen if parcel.profile_id != profile_id]
    others = queries.waiting(actor, cns=elsewhere)
    if others:
        return _listed(request, actor, cns=elsewhere, profile_id=min(others))
    return redirect("portal:pickups")


def _no_weekday() -> Invalid:
    told = _("Choose the weekdays.")
    return Invalid(told, problems=[FieldProblem("weekdays", "REQUIRED", told)])


def _told(actor: Actor, done: Asked) -> str:
    if done.schedule_id:
        return _("The weekly pickup now has these days too") if done.merged else _("A weekly pickup was set up")
    found = queries.pickup(actor, done.request_id)
    told = _("Joined to pickup %(number)s, %(day)s") if done.merged else _("Pickup %(number)s asked for, %(day)s")
    return told % {"number": found.number, "day": when(found.day, found.slot, timezone.now())}


def _listed(
    request: AskedBy,
    actor: Actor,
    *,
    cns: Sequence[str] | None = None,
    profile_id: int | None = None,
    filled: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page; its form is for those ``cns`` when they are given, and first for the place ``profile_id``."""
    now = timezone.now()
    past = request.GET.get("tab") == "past"
    cancels = actor.may(Can.HAND_OVER)
    shown = queries.pickups(actor, live=not past)
    context = {
        "tabs": [
            {"label": _("To come"), "url": reverse("portal:pickups"), "current": not past},
            {"label": _("Past"), "url": f"{reverse('portal:pickups')}?tab=past", "current": past},
        ],
        "past": past,
        "list_url": f"{reverse('portal:pickups')}?tab=past" if past else reverse("portal:pickups"),
        "rows": [_row(one, cancels, now) for one in shown],
        "weekly": [] if past else [_weekly(one, cancels) for one in queries.schedules(actor)],
        "form": _form(request, actor, filled or {}, now, cns=cns, profile_id=profile_id) if cancels else None,
    }
    return render(request, "portal/pickups.html", context, status=status)


def _row(one: Pickup, cancels: bool, now: datetime) -> dict[str, Any]:
    hue, icon = LOOKS[one.state]
    late = one.may_be_cancelled and one.day < timezone.localdate(now)
    return {
        "it": one,
        "hue": "warn" if late else hue,
        "icon": "clock-alert" if late else icon,
        "when": when(one.day, one.slot, now),
        "word": _word(one, late),
        "detail": _detail(one),
        "cancel_url": reverse("portal:pickup_cancel", args=[one.id]) if cancels and one.may_be_cancelled else "",
        "again_url": _again_url(one) if cancels and one.state == "failed" and not one.again_day else "",
    }


def _word(one: Pickup, late: bool) -> str:
    if late:
        return _("Late, no rider came yet")
    rider = {"rider": one.rider}
    words = {
        "asked": _("Waiting for a rider"),
        "assigned": _("%(rider)s comes") % rider,
        "on_the_way": _("%(rider)s is on the way") % rider,
        "collected": _("Picked up by %(rider)s") % rider,
        "failed": _(FAILURES[one.reason].label) if one.reason else _("Failed"),
        "cancelled": _("Called off"),
    }
    return words[one.state]


def _detail(one: Pickup) -> str:
    if one.state == "collected":
        told = ngettext("%(n)d parcel taken", "%(n)d parcels taken", one.collected) % {"n": one.collected}
        left = ngettext("%(n)d left behind", "%(n)d left behind", one.left) % {"n": one.left}
        return f"{told}, {left}" if one.left else told
    if one.again_day:
        return _("We come again on %(day)s") % {"day": short_day(one.again_day)}
    return ""


def _again_url(one: Pickup) -> str:
    return f"{reverse('portal:pickups')}?{urlencode({'profile': one.profile_id})}#ask"


def _weekly(one: Schedule, stops: bool) -> dict[str, Any]:
    return {
        "it": one,
        "days": [_(WEEKDAYS[day]) for day in one.weekdays],
        "stop_url": reverse("portal:pickup_stop", args=[one.id]) if stops else "",
    }


def _form(
    request: AskedBy,
    actor: Actor,
    filled: Mapping[str, Any],
    now: datetime,
    *,
    cns: Sequence[str] | None = None,
    profile_id: int | None = None,
) -> dict[str, Any] | None:
    """The form for one place; of an import or of chosen parcels, the place where most of them are."""
    asked = request.POST if request.method == "POST" else request.GET
    profiles = places.profiles(actor)
    import_id = posted.number(asked, "import")
    picked: Mapping[int, Waiting] = {}
    if cns:
        picked = queries.waiting(actor, cns=cns)
    elif import_id:
        picked = queries.waiting(actor, import_id=queries.one_import(actor, import_id).id)
    if picked:
        profiles = [one for one in profiles if one.id in picked]
    chosen = _chosen(profiles, profile_id or posted.number(asked, "profile"), picked)
    if chosen is None:
        return None
    choice = queries.pickup_choice(actor, chosen, now=now)
    held = queries.waiting(actor).get(chosen.id, Waiting())
    mine = picked.get(chosen.id, Waiting())
    booked, booked_g = (mine.booked, mine.booked_g) if picked else (held.booked, held.booked_g)
    marks = bool(booked) and (bool(picked) or not held.ready)
    parcels, grams = held.ready + booked * marks, held.ready_g + booked_g * marks
    here = mine.booked + mine.ready
    there_too = sum(one.booked + one.ready for one in picked.values()) - here
    plain = {
        "often": "once",
        "weekdays": [],
        "day": choice.days[0].isoformat(),
        "slot": choice.slots[0],
        "parcels": str(parcels or ""),
        "weight": f"{grams / 1000:g}" if grams else "",
        "note": "",
        "ready": "yes" if marks else "",
    }
    problems = filled.get("problems", [])
    today = timezone.localdate(now)
    there = queries.next_pickup(actor, chosen.id)
    return {
        "profiles": profiles,
        "profile": chosen,
        "import_id": import_id if picked and not cns else "",
        "cns": " ".join(cns or ()),
        "here": here,
        "elsewhere": there_too if cns else 0,
        "left_out": len(set(cns)) - here - there_too if cns else 0,
        "held": held,
        "booked": booked,
        "typed": {**plain, **filled.get("typed", {})},
        "problems": problems,
        "errors": {problem.field: problem.message for problem in problems},
        "days": [{"value": day.isoformat(), "day": day, "today": day == today} for day in choice.days],
        "slots": [(slot, choice.days[0] == today and slot not in choice.slots) for slot in SLOTS],
        "weekdays": [(str(at), _(name)) for at, name in enumerate(WEEKDAYS)],
        "cut_off": choice.cut_off,
        "for_today": choice.days[0] == today,
        "there": {"it": there, "when": when(there.day, there.slot, now)} if there else None,
        "most_note": MOST_NOTE,
    }


def _chosen(profiles: list[Profile], wanted: int | None, picked: Mapping[int, Waiting]) -> Profile | None:
    """The place that was asked for, else the one with most of what was picked, else the default one."""
    by_id = {one.id: one for one in profiles}
    if wanted in by_id:
        return by_id[wanted or 0]
    fullest = max(picked, key=lambda at: picked[at].ready + picked[at].booked, default=0)
    return by_id.get(fullest) or (profiles[0] if profiles else None)


def when(day: date, slot: str, now: datetime) -> str:
    """A day and its slot for people: ``Today, 15-18``."""
    today = timezone.localdate(now)
    word = _("Today") if day == today else _("Tomorrow") if (day - today).days == 1 else short_day(day)
    return f"{word}, {slot}"
