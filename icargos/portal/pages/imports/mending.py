"""Mending a sheet in its page: one cell, all that are alike, a pasted column, the policy for duplicates, and undo."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from icargos.accounts.rules import Can
from icargos.booking import actions, queries
from icargos.booking.actions import Cell
from icargos.booking.queries import SheetRow
from icargos.booking.rules.columns import BY_KEY
from icargos.booking.rules.reference import Duplicates
from icargos.kit.actor import Actor
from icargos.kit.errors import Conflict, NotFound
from icargos.portal.pages.imports.rows import result
from icargos.portal.pages.imports.sheet import shown
from icargos.ui.page import AskedBy, page
from icargos.ui.toasts import toast, warn

_MOST_TEXT = 1000
_MOST_PASTED = 200_000


@page(
    "portal", "imports/<int:import_id>/fix/", name="import_fix", needs=Can.IMPORT, methods=("POST",), owner="import"
)  # fmt: skip
def import_fix(request: AskedBy, actor: Actor, import_id: int) -> HttpResponse:
    """Mend one row: the cells typed (``c:KEY``), with ``take`` a column's suggestion, with ``alike`` all of its sort.

    ``remember`` makes a city's old text this shipper's word for it; ``aligned`` says that the row has not slipped.
    """
    found = queries.one_import(actor, import_id)
    number = request.POST.get("row", "")
    rows = queries.rows(actor, found, numbers=[int(number)]) if number.isdecimal() and len(number) < 10 else []
    if not rows:
        raise NotFound(_("There is no such row here."))
    (row,) = rows
    try:
        _mend(request, actor, import_id, row)
    except Conflict as refusal:
        warn(request, refusal.message)
    return _again(request, actor, import_id)


def _mend(request: AskedBy, actor: Actor, import_id: int, row: SheetRow) -> None:
    now = timezone.now()
    remember = "remember" in request.POST
    typed = {
        key: request.POST[f"c:{key}"][:_MOST_TEXT]
        for key in BY_KEY
        if f"c:{key}" in request.POST and request.POST[f"c:{key}"] != row.cells.get(key, "")
    }
    key = request.POST.get("take") or request.POST.get("alike") or ""
    if key in BY_KEY and key not in typed:
        suggestion = next((p.suggestion for p in row.problems if p.column == key and p.suggestion), "")
        typed |= {key: suggestion} if suggestion else {}
    if request.POST.get("alike") and key in typed:
        actions.fix_alike(actor, import_id, Cell(row.row, key, typed.pop(key)), remember=remember, now=now)
    cells = [Cell(row.row, key, text) for key, text in typed.items()]
    if "aligned" in request.POST:
        cells.append(Cell(row.row, actions.NOT_SLIPPED, "1"))
    if cells:
        actions.fix(actor, import_id, cells, remember=remember, now=now)


@page(
    "portal", "imports/<int:import_id>/paste/", name="import_paste", needs=Can.IMPORT, methods=("POST",),
    owner="import",
)  # fmt: skip
def import_paste(request: AskedBy, actor: Actor, import_id: int) -> HttpResponse:
    """Spread a pasted column down over the wrong cells of one column, from row ``row`` on; one line a cell."""
    number, key = request.POST.get("row", ""), request.POST.get("key", "")
    lines = request.POST.get("text", "")[:_MOST_PASTED].replace("\r\n", "\n").rstrip("\n").split("\n")
    if not number.isdecimal() or len(number) > 9 or key not in BY_KEY:
        raise NotFound(_("There is no such cell here."))
    found = queries.one_import(actor, import_id)
    rows = queries.wrong_in(actor, found, key, since=int(number), most=len(lines))
    cells = [Cell(row, key, line[:_MOST_TEXT].strip("\t ")) for row, line in zip(rows, lines, strict=False)]
    try:
        if cells:
            actions.fix(actor, import_id, cells, now=timezone.now())
    except Conflict as refusal:
        warn(request, refusal.message)
    left = len(lines) - len(cells)
    if left:
        told = ngettext(
            "%(n)d pasted line was left over: no more cells of this column are wrong.",
            "%(n)d pasted lines were left over: no more cells of this column are wrong.",
            left,
        )
        warn(request, told % {"n": left})
    return _again(request, actor, import_id)


@page(
    "portal", "imports/<int:import_id>/fixes/<int:fix_id>/undo/", name="import_fix_undo", needs=Can.IMPORT,
    methods=("POST",), owner="import",
)  # fmt: skip
def import_fix_undo(request: AskedBy, actor: Actor, import_id: int, fix_id: int) -> HttpResponse:
    """Take one change back."""
    try:
        done = actions.undo_fix(actor, import_id, fix_id, now=timezone.now())
        if done.cells:
            told = ngettext("%(n)d cell is as it was.", "%(n)d cells are as they were.", done.cells)
            toast(request, told % {"n": done.cells})
    except Conflict as refusal:
        warn(request, refusal.message)
    return _again(request, actor, import_id)


@page(
    "portal", "imports/<int:import_id>/duplicates/", name="import_duplicates", needs=Can.IMPORT, methods=("POST",),
    owner="import",
)  # fmt: skip
def import_duplicates(request: AskedBy, actor: Actor, import_id: int) -> HttpResponse:
    """Say what to do with order refs that were booked before or stand twice."""
    policy = request.POST.get("policy", "")
    if policy not in set(Duplicates):
        raise NotFound(_("There is no such choice."))
    try:
        actions.set_duplicates(actor, import_id, Duplicates(policy), now=timezone.now())
    except Conflict as refusal:
        warn(request, refusal.message)
    return _again(request, actor, import_id)


def _again(request: AskedBy, actor: Actor, import_id: int) -> HttpResponse:
    """The page as it stands now: for script its inside, else a way back to where the person was."""
    if not request.headers.get("HX-Request"):
        response = redirect("portal:import", import_id=import_id)
        response["Location"] += f"?{request.GET.urlencode()}" if request.GET else ""
        return response
    found = queries.one_import(actor, import_id)
    context = result(request.GET, actor, found)
    return shown(request, found, "portal/import_mend.html", {**context, "mended": True})
