"""Manifests: loaded by scan for another station, sent off; and at the other end checked in by scan."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from icargos.accounts.rules import Can
from icargos.desk import belt
from icargos.dispatch import actions, queries
from icargos.dispatch.actions import Checked, Scan, Verdict
from icargos.dispatch.queries import ManifestCard, ManifestLine, ManifestSheet
from icargos.dispatch.rules.manifest import MOST_BAGS, Details
from icargos.kit.actor import Actor
from icargos.kit.errors import Invalid
from icargos.places import queries as places
from icargos.ui import papers, posted
from icargos.ui.page import AskedBy, page
from icargos.ui.scans import Shown, answer, wrong
from icargos.ui.toasts import toast


@page("desk", "desk/manifests/", name="manifests", needs=Can.SCAN, methods=("GET", "POST"))
def manifests(request: AskedBy, actor: Actor) -> HttpResponse:
    """The station's manifests, out and in; a station chosen here opens a new one."""
    if request.method == "POST":
        chosen = posted.number(request.POST, "destination")
        if chosen is None:
            raise wrong("destination", _("Choose a station."))
        number = actions.open_manifest(actor, chosen, source_event_id=request.POST.get("event", ""), now=timezone.now())
        return redirect("desk:manifest", manifest=number)
    board = queries.manifest_board(actor)
    now = timezone.now()
    context = {
        "station_name": board.station.name,
        "outgoing": [_row(card, now) for card in board.outgoing],
        "incoming": [_row(card, now) for card in board.incoming],
        "stations": [office for office in places.stations(actor) if office.id != board.station.id],
    }
    return render(request, "desk/manifests.html", context)


@page("desk", "desk/manifests/count/", name="manifest_count", needs=Can.SCAN)
def manifest_count(request: AskedBy, actor: Actor) -> HttpResponse:
    """A fragment: how many manifests are on their way here or wait to be checked in."""
    n = queries.manifests_to_check(actor) if queries.post_of(actor) else 0
    return render(request, "ui/parts/menu_count.html", {"n": n})


@page(
    "desk", "desk/manifests/<str:manifest>/", name="manifest", needs=Can.SCAN, methods=("GET", "POST"),
    owner="manifest",
)  # fmt: skip
def manifest(request: AskedBy, actor: Actor, manifest: str) -> HttpResponse:
    """One manifest. What is scanned goes onto it where it begins, and is checked in where it ends."""
    sheet = queries.manifest(actor, manifest)
    if request.method != "POST":
        return render(request, "desk/manifest.html", _context(sheet))
    scans = belt.read_scans(request.POST)
    rows = _loaded(actor, sheet, scans) if sheet.is_ours else _checked(actor, sheet, scans)
    context = _context(queries.manifest(actor, manifest))
    return answer(request, rows, context, parts="desk/scanned.html", whole="desk/manifest.html")


@page(
    "desk", "desk/manifests/<str:manifest>/off/", name="manifest_off", needs=Can.SCAN, methods=("POST",),
    owner="manifest",
)  # fmt: skip
def manifest_off(request: AskedBy, actor: Actor, manifest: str) -> HttpResponse:
    """Take parcels off an open manifest."""
    gone = actions.take_off_manifest(actor, manifest, request.POST.getlist("cn"), now=timezone.now())
    told = ngettext("%(n)d parcel taken off the manifest", "%(n)d parcels taken off the manifest", gone)
    toast(request, told % {"n": gone})
    return redirect("desk:manifest", manifest=manifest)


@page(
    "desk", "desk/manifests/<str:manifest>/details/", name="manifest_details", needs=Can.SCAN, methods=("POST",),
    owner="manifest",
)  # fmt: skip
def manifest_details(request: AskedBy, actor: Actor, manifest: str) -> HttpResponse:
    """Write down vehicle, seal, bags and the expected arrival; with ``go`` the vehicle leaves."""
    sheet = queries.manifest(actor, manifest)
    leaves = request.POST.get("go") == "yes"
    act = actions.send_manifest if leaves else actions.describe_manifest
    try:
        act(actor, manifest, _details(request), now=timezone.now())
    except Invalid as refusal:
        problems = {problem.field: problem.message for problem in refusal.problems}
        context = {**_context(sheet), "typed": request.POST, "problems": problems}
        return render(request, "desk/manifest.html", context, status=refusal.http_status)
    toast(request, (_("%(number)s has left") if leaves else _("%(number)s saved")) % {"number": sheet.card.number})
    return redirect("desk:manifest", manifest=sheet.card.number)


@page(
    "desk", "desk/manifests/<str:manifest>/discard/", name="manifest_discard", needs=Can.SCAN, methods=("POST",),
    owner="manifest",
)  # fmt: skip
def manifest_discard(request: AskedBy, actor: Actor, manifest: str) -> HttpResponse:
    """Throw an open manifest away."""
    actions.discard_manifest(actor, manifest, now=timezone.now())
    toast(request, _("The manifest was discarded"))
    return redirect("desk:manifests")


@page(
    "desk", "desk/manifests/<str:manifest>/arrived/", name="manifest_arrived", needs=Can.SCAN, methods=("POST",),
    owner="manifest",
)  # fmt: skip
def manifest_arrived(request: AskedBy, actor: Actor, manifest: str) -> HttpResponse:
    """End the check-in; with ``short`` although parcels are missing."""
    done = actions.finish_manifest(actor, manifest, short=request.POST.get("short") == "yes", now=timezone.now())
    told = _("Checked in: %(received)d received, %(short)d short, %(excess)d in excess, %(misrouted)d misrouted")
    figures = {"received": done.received, "short": done.short, "excess": done.excess, "misrouted": done.misrouted}
    toast(request, told % figures)
    return redirect("desk:manifest", manifest=manifest)


@page("desk", "desk/manifests/<str:manifest>/manifest.pdf", name="manifest_pdf", needs=Can.SCAN, owner="manifest")
def manifest_pdf(request: AskedBy, actor: Actor, manifest: str) -> HttpResponse:
    """The manifest as a paper."""
    return papers.manifest(request, actor, manifest)


def _loaded(actor: Actor, sheet: ManifestSheet, scans: Sequence[Scan]) -> list[Shown]:
    said = {
        Verdict.MOVED: _("On the manifest"),
        Verdict.AGAIN: _("On the manifest already"),
        Verdict.REFUSED: _("Stop. Not on this manifest."),
    }
    number = sheet.card.number
    answers = actions.add_to_manifest(actor, number, scans, now=timezone.now())
    places_on_it = {line.cn: line.seq for line in queries.manifest(actor, number).lines}
    return belt.shown(answers, belt.placing(places_on_it), said, scans)


def _checked(actor: Actor, sheet: ManifestSheet, scans: Sequence[Scan]) -> list[Shown]:
    said = {
        Verdict.MOVED: _("Received"),
        Verdict.AGAIN: _("Scanned before, counted once"),
        Verdict.REFUSED: _("Stop. Put it aside."),
    }
    checked = actions.check_in(actor, sheet.card.number, scans, now=timezone.now())
    stations = {office.code: office.name for office in places.stations(actor)}
    rows = belt.shown([one.scanned for one in checked], belt.sorting(stations), said, scans)
    return [_flagged(row, one) if row["tone"] == "good" else row for row, one in zip(rows, checked, strict=True)]


def _flagged(row: Shown, one: Checked) -> Shown:
    """What is not on the manifest stops the hand, though its scan counted."""
    if one.state == "excess":
        row["say"], row["tone"], row["text"] = _("Received, not on the manifest"), "again", one.scanned.message
    elif one.state == "misrouted":
        row["say"], row["tone"], row["text"] = _("Stop. It does not belong here."), "stop", one.scanned.message
        row["big"], row["is_word"] = _("Misrouted"), True
    return row


def _details(request: AskedBy) -> Details:
    bags = posted.number(request.POST, "bags")
    return Details(
        vehicle=posted.words(request.POST, "vehicle", most=20),
        driver=posted.words(request.POST, "driver", most=80),
        route=posted.words(request.POST, "route", most=120),
        seal=posted.words(request.POST, "seal", most=40),
        # Whatever is no small number is told as too many, not taken for none.
        bags=0
        if not request.POST.get("bags", "").strip()
        else MOST_BAGS + 1
        if bags is None
        else min(bags, MOST_BAGS + 1),
        expected_at=posted.moment(request.POST, "expected_at"),
    )


def _row(card: ManifestCard, now: datetime) -> dict[str, Any]:
    return {"it": card, "late": card.state == "departed" and card.expected_at is not None and card.expected_at < now}


def _context(sheet: ManifestSheet) -> dict[str, Any]:
    card = sheet.card
    return {
        "station_name": sheet.here.name,
        "manifest": card,
        "lines": _in_order(sheet.lines),
        "loads": sheet.is_ours and card.state == "open",
        "checks": not sheet.is_ours and card.state == "departed",
        "late": _row(card, timezone.now())["late"],
        "found": card.received + card.excess + card.misrouted,
        "typed": {
            "vehicle": card.vehicle,
            "driver": card.driver,
            "route": card.route,
            "seal": card.seal,
            "bags": card.bags or "",
            "expected_at": timezone.localtime(card.expected_at).strftime("%Y-%m-%dT%H:%M") if card.expected_at else "",
        },
        "problems": {},
    }


def _in_order(lines: Sequence[ManifestLine]) -> list[ManifestLine]:
    """What needs a hand first: missing and misrouted ones, then those in excess, then the others; newest scans last."""
    first = {"short": 0, "listed": 0, "misrouted": 1, "excess": 2}
    return sorted(lines, key=lambda line: (first.get(line.state, 3), line.seq))
