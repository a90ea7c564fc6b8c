"""One import: its progress, its columns, the result of its check, what was booked, and taking it back."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.booking import actions, queries
from icargos.booking.queries import Sheet
from icargos.booking.rules.columns import BY_KEY, COLUMNS
from icargos.booking.rules.mapping import IN_GRAMS, How
from icargos.kit.actor import Actor
from icargos.kit.errors import FieldProblem, Invalid
from icargos.portal import formats
from icargos.portal.pages.imports.rows import result
from icargos.portal.pages.imports.words import HOW, choices, control, letter
from icargos.ui.page import AskedBy, page
from icargos.ui.toasts import toast, warn

_STEP = {"uploaded": 1, "checking": 1, "refused": 1, "mapping": 1, "checked": 2, "booking": 3}
_NAMED = 20  # parcels that stay are named up to here


@page("portal", "imports/<int:import_id>/", name="import", needs=Can.IMPORT, owner="import")
def one_import(request: AskedBy, actor: Actor, import_id: int) -> HttpResponse:
    """One import: progress while the worker has it, then what its state asks for.

    ``?show=`` wrong, warned, ready, fixed, booked or undone rows, ``?code=`` one kind of problem, ``?after=`` a row
    number.
    """
    found = queries.one_import(actor, import_id)
    if found.state == "merged" and found.continues_id is not None:
        toast(request, _("This file goes on with an import you began before. Here it is."))
        if request.headers.get("HX-Request"):
            # Asked for by the page that waits: its address would still name this file.
            return HttpResponse(headers={"HX-Redirect": reverse("portal:import", args=[found.continues_id])})
        return redirect("portal:import", import_id=found.continues_id)
    if found.state == "mapping":
        return shown(request, found, "portal/import_columns.html", columns(actor, found))
    context = result(request.GET, actor, found) if found.state in {"checked", "booked", "undone"} else {}
    if found.booked and actor.may(Can.PRINT_LABELS):
        context["formats"] = formats.choices(formats.format_code(request, actor))
    context["hands_over"] = actor.may(Can.HAND_OVER)
    if found.state == "undone":
        context["stays"] = queries.undoable(actor, found.id).stays[:_NAMED]
    return shown(request, found, "portal/import_page.html", context)


def shown(request: AskedBy, found: Sheet, inside: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """The page of an import, or for a fragment's request only its inside."""
    partial = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    whole = {"sheet": found, "steps": steps(found), "url": reverse("portal:import", args=[found.id]), "inside": inside}
    return render(request, inside if partial else "portal/import.html", {**whole, **context}, status=status)


@page(
    "portal", "imports/<int:import_id>/columns/", name="import_columns", needs=Can.IMPORT, methods=("GET", "POST"),
    owner="import",
)  # fmt: skip
def import_columns(request: AskedBy, actor: Actor, import_id: int) -> HttpResponse:
    """Which header is which column, and one value for each column that the sheet lacks."""
    found = queries.one_import(actor, import_id)
    if request.method != "POST":
        return shown(request, found, "portal/import_columns.html", columns(actor, found))
    chosen = {place: request.POST.get(f"h{place}", "")[:40] for place in range(len(found.headers))}
    given = {key: request.POST[f"d:{key}"][:300] for key in BY_KEY if request.POST.get(f"d:{key}")}
    try:
        actions.choose_columns(
            actor, import_id, chosen, defaults=given, remember="remember" in request.POST, now=timezone.now()
        )
    except Invalid as refusal:
        context = columns(actor, found, chosen=chosen, given=given, problems=refusal.problems)
        return shown(request, found, "portal/import_columns.html", context, status=422)
    return redirect("portal:import", import_id=import_id)


@page(
    "portal", "imports/<int:import_id>/accept/", name="import_accept", needs=Can.IMPORT, methods=("POST",),
    owner="import",
)  # fmt: skip
def import_accept(request: AskedBy, actor: Actor, import_id: int) -> HttpResponse:
    """Book the ready rows, or with ``all`` every row or none; a second click changes nothing."""
    actions.accept(actor, import_id, all_or_nothing="all" in request.POST, now=timezone.now())
    return redirect("portal:import", import_id=import_id)


@page(
    "portal", "imports/<int:import_id>/recheck/", name="import_recheck", needs=Can.IMPORT, methods=("POST",),
    owner="import",
)  # fmt: skip
def import_recheck(request: AskedBy, actor: Actor, import_id: int) -> HttpResponse:
    """Check the open rows again, as after a change of rate card or profiles."""
    actions.recheck(actor, import_id, now=timezone.now())
    return redirect("portal:import", import_id=import_id)


@page(
    "portal", "imports/<int:import_id>/undo/", name="import_undo", needs=Can.CANCEL, methods=("GET", "POST"),
    owner="import",
)  # fmt: skip
def import_undo(request: AskedBy, actor: Actor, import_id: int) -> HttpResponse:
    """Ask before an import is taken back, naming what would stay; then cancel its parcels."""
    found = queries.one_import(actor, import_id)
    if request.method == "POST":
        actions.undo(actor, import_id, partial="partial" in request.POST, now=timezone.now())
        return redirect("portal:import", import_id=import_id)
    able = queries.undoable(actor, import_id)
    if not able.can_go:
        warn(request, _("Every parcel of this import is on its way already, or cancelled: nothing can be undone."))
        return redirect("portal:import", import_id=import_id)
    context = {"can_go": len(able.can_go), "stays": able.stays[:_NAMED], "more": max(0, len(able.stays) - _NAMED)}
    return shown(request, found, "portal/import_undo.html", {**context, "staying": len(able.stays)})


def columns(
    actor: Actor,
    found: Sheet,
    *,
    chosen: dict[int, str] | None = None,
    given: dict[str, str] | None = None,
    problems: tuple[FieldProblem, ...] | list[FieldProblem] = (),
) -> dict[str, Any]:
    """What the columns' page shows: each header with three samples and its choice, and what booking needs."""
    listed = choices(actor)
    samples = found.sample
    lines = []
    for one in found.understood:
        choice = one.choice if chosen is None else chosen.get(one.place, "")
        lines.append(
            {
                "name": f"h{one.place}",
                "letter": letter(one.place),
                "header": one.header,
                "samples": [cells[one.place] if one.place < len(cells) else "" for _number, cells in samples],
                "choice": choice,
                "how": one.how,
                "told": HOW[one.how] if chosen is None or choice == one.choice else HOW[How.CHOSEN],
                "ask": chosen is None and one.how is How.LOOKS_LIKE,
            }
        )
    values = found.defaults if given is None else given
    told = {problem.field: problem.message for problem in problems}
    if not problems:
        told = {problem.column: problem.say(_) for problem in found.problems}
    by_choice = {"weight_kg" if line["choice"] == IN_GRAMS else line["choice"]: line for line in lines}
    needs = []
    for column in COLUMNS:
        line = by_choice.get(column.key)
        if not column.required and column.key not in told:
            continue
        needs.append(
            {
                "title": _(column.title),
                "letter": line["letter"] if line else "",
                "told": told.get(column.key, ""),
                "control": control(column.key, values.get(column.key, ""), listed),
            }
        )
    return {
        "lines": lines,
        "steps": steps(found, 1),
        "sample_rows": [number for number, _cells in samples],
        "options": [("", _("Do not import")), *((column.key, _(column.title)) for column in COLUMNS)],
        "in_grams": (IN_GRAMS, _("Weight in grams")),
        "needs": needs,
        "matched": sum(1 for line in lines if line["choice"] and not line["ask"]),
        "open": sum(1 for line in lines if line["ask"]),
        "refused": bool(problems),
        "listed": listed,
        "answered": sum(1 for need in needs if need["letter"]),
    }


def steps(found: Sheet, now: int | None = None) -> list[dict[str, Any]]:
    """The steps of an import with how far it is; ``now`` when the page is that of another step, counted from 0."""
    labels = [_("Upload"), _("Match columns"), _("Check and fix"), _("Book")]
    if now is None:
        now = _STEP.get(found.state, 2 if found.open_rows else 4)
    return [
        {"label": label, "number": place + 1, "state": "done" if place < now else "now" if place == now else "todo"}
        for place, label in enumerate(labels)
    ]
