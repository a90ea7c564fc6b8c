"""The sender's own sheet as a file again: the rows to mend with their bad cells marked, or what became of every row."""

from collections.abc import Collection, Iterator
from decimal import Decimal

import msgspec
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.booking.gateways.sheet_back import BackRow, Mark, ResultRow, write_back, write_result
from icargos.booking.models import ImportRow
from icargos.booking.queries.imports import Sheet
from icargos.booking.rules.columns import BY_KEY
from icargos.booking.rules.problems import Problem, Severity
from icargos.booking.rules.totals import OPEN, State
from icargos.consignments import queries as consignments
from icargos.kit.actor import Actor

_AS_TEXT = ("order_ref", "profile", "consignee_phone", "alt_phone")
_AT_ONCE = 2000


def errors_sheet(actor: Actor, sheet: Sheet, *, all_rows: bool = False) -> bytes:
    """The sender's workbook with the wrong rows, or all that are not booked, bad cells coloured and commented.

    Sent again it goes on with the same import: the hidden sheet names it, ``__row`` names each row. Needs IMPORT.
    """
    actor.require(Can.IMPORT)
    return write_back(
        headers=sheet.headers,
        rows=_marked(actor, sheet, OPEN if all_rows else {State.WRONG}),
        title=sheet.sheet_name or "Orders",
        meta={"import": str(sheet.id)},
        text_columns=_text_columns(sheet),
        note=_("Mend the coloured cells and send this file again: only what is missing is booked."),
    )


def result_sheet(actor: Actor, sheet: Sheet) -> bytes:
    """The sender's workbook with every row, its CN, its charges and what became of it. Needs IMPORT."""
    actor.require(Can.IMPORT)
    return write_result(
        headers=sheet.headers,
        rows=_results(actor, sheet),
        added=[_("CN"), _("Charges Rs"), _("Outcome"), _("Problems")],
        title=sheet.sheet_name or "Orders",
        text_columns=_text_columns(sheet),
    )


def _text_columns(sheet: Sheet) -> set[int]:
    return {place for key, place in sheet.columns.items() if key in _AS_TEXT}


def _kept(actor: Actor, sheet: Sheet, states: Collection[State]) -> Iterator[ImportRow]:
    rows = ImportRow.objects.filter(shipper_id=actor.tenant, import_id=sheet.id, state__in=[*states])
    return rows.order_by("row").iterator(chunk_size=_AT_ONCE)


def _texts(row: ImportRow, columns: dict[str, int]) -> list[str]:
    """The row's cells with what was typed over them."""
    cells: list[str] = list(row.cells)
    for key, text in row.edits.items():
        if key in columns:
            cells[columns[key]] = text
    return cells


def _marked(actor: Actor, sheet: Sheet, states: Collection[State]) -> Iterator[BackRow]:
    columns = sheet.columns
    for row in _kept(actor, sheet, states):
        problems = msgspec.convert(row.problems, list[Problem])
        yield BackRow(row.row, _texts(row, columns), [_mark(problem, columns) for problem in problems])


def _mark(problem: Problem, columns: dict[str, int]) -> Mark:
    text = problem.say(_)
    if problem.suggestion and problem.suggestion not in text:
        text += " " + _("Perhaps: %(suggestion)s") % {"suggestion": problem.suggestion}
    place = columns.get(problem.column)
    if place is None and problem.column in BY_KEY:
        text = f"{_(BY_KEY[problem.column].title)}: {text}"
    return Mark(place, text, warning=problem.severity is Severity.WARNING)


def _results(actor: Actor, sheet: Sheet) -> Iterator[ResultRow]:
    words = {
        State.READY: _("Ready"),
        State.WARNED: _("Ready"),
        State.WRONG: _("Not booked"),
        State.BOOKED: _("Booked"),
        State.UNDONE: _("Undone"),
    }
    columns = sheet.columns
    cns = {row_id: cn for row_id, cn, _status in consignments.of_import(actor, sheet.id)}
    for row in _kept(actor, sheet, list(State)):
        state = State(row.state)
        problems = msgspec.convert(row.problems, list[Problem]) if state in OPEN else []
        cn = cns.get(row.consignment_id or 0, row.updates)
        outcome = _("Changed") if row.updates and state is State.BOOKED else words[state]
        added = (cn, Decimal(row.charges_paisa) / 100, outcome, " | ".join(problem.say(_) for problem in problems))
        yield ResultRow(_texts(row, columns), added)
