"""The worker checks a sheet: reads it, matches its columns, checks and prices its rows, slice by slice."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec
from django.utils import timezone

from icargos.booking.actions.imports.held import (
    ROW,
    acting_for,
    fates,
    held,
    tally,
    to_json,
    without_nul,
    write_fates,
    write_totals,
)
from icargos.booking.actions.imports.joining import first_sheet, join
from icargos.booking.events import ImportChecked
from icargos.booking.gateways.sheet import SheetRefused, read
from icargos.booking.models import HeaderMemory, Import, ImportRow
from icargos.booking.queries import Terms, priced, reference, terms
from icargos.booking.rules.headers import Match, match_headers
from icargos.booking.rules.mapping import choose, headers_key, understood
from icargos.booking.rules.problems import Severity
from icargos.booking.rules.reference import Duplicates
from icargos.booking.rules.rows import CheckedRow, RowChecker, order_refs
from icargos.booking.rules.sheet import Note, Sheet
from icargos.booking.rules.text import clean
from icargos.booking.rules.totals import OPEN, State, Totals
from icargos.ground import blobs, bulk, facts
from icargos.ground.relay import FactRow
from icargos.ground.tenancy import acting
from icargos.kit.actor import Actor
from icargos.kit.errors import Refused

SLICE = 5000
_SAMPLE = 3


class _Superseded(Exception):
    """Another check of the same sheet has begun: this one stops."""


class Rows(msgspec.Struct):
    """The rows to check: of a file just read, or kept earlier with what was typed over them since."""

    sheet: Sheet
    edits: Sequence[dict[str, str]] | None = None


def check_imports(told: Sequence[FactRow]) -> None:
    """Check each sheet that waits. A reaction: does nothing for one that is not waiting any more."""
    for fact in told:
        actor, found = acting_for(fact.subject_id)
        with acting(actor):
            mine = claim(actor, found.id, now=timezone.now())
        if mine is None:
            continue
        # A refusal, of the file or for want of a rate card, is the import's outcome and not the job's failure.
        try:
            check(actor, mine, _rows(actor, mine), now=timezone.now())
        except _Superseded:
            continue
        except Refused as refusal:
            _refuse(actor, mine, refusal)


def claim(actor: Actor, import_id: int, *, now: datetime) -> Import | None:
    """Begin a check of a sheet, and end one that is still running; None when the sheet waits for none."""
    found = held(actor, import_id)
    if found.state not in {"uploaded", "checking"}:
        return None
    found.claim += 1
    found.checking_at = now
    Import.objects.filter(id=found.id).update(state="checking", claim=found.claim, checking_at=now, checked=0)
    return found


def _mine(actor: Actor, mine: Import) -> Import:
    """The import, locked, while this check is still the latest; raises _Superseded."""
    found = held(actor, mine.id)
    if found.claim != mine.claim or found.state != "checking":
        raise _Superseded
    return found


def _refuse(actor: Actor, mine: Import, refusal: Refused) -> None:
    template, params = refusal.message, {}
    if isinstance(refusal, SheetRefused):
        template, params = refusal.template, refusal.params
    now = timezone.now()
    with acting(actor):
        found = held(actor, mine.id)
        if found.claim != mine.claim:
            return
        Import.objects.filter(id=found.id).update(
            state="refused", refusal=template[:500], refusal_params=params, checked_at=now
        )
        facts.record(actor, [ImportChecked(shipper_id=actor.tenant, subject_id=found.id, ready=0, wrong=0)], now=now)


def _rows(actor: Actor, mine: Import) -> Rows:
    if not mine.kept:
        return Rows(read(Path(blobs.local_path(mine.file_key)), mine.file_name))
    with acting(actor):
        return _kept_rows(actor, mine)


def check(actor: Actor, mine: Import, rows: Rows, *, now: datetime) -> None:
    """Check a claimed sheet: match its columns, or ask for them; check, price and keep its rows, slice by slice."""
    sheet = rows.sheet
    with acting(actor):
        found = _mine(actor, mine)
        first = first_sheet(actor, mine, sheet)
        if first is not None:
            join(actor, mine, first, sheet, now=now)
            return
        # Rows that are booked or undone are not read again, and are the sheet's all the same.
        settled = found.booked + found.undone
        Import.objects.filter(id=mine.id).update(rows=settled + len(sheet.rows), checked=settled)
    with acting(actor):
        found = _mine(actor, mine)
        on = terms(actor, now=now)
        match, remembered = _match(actor, found, sheet.headers)
        if rows.edits is not None:
            match = _with_edits(sheet, match, rows.edits, {"service": on.account.default_service, **found.defaults})
        refs = order_refs(sheet.rows, match)
        ref = reference(actor, refs=set(refs), now=now, on=on, duplicates=Duplicates(found.duplicates))
        checker = RowChecker(match, ref, found.defaults, header_row=sheet.header_row)
        mapping = _mapping(found, sheet, match, checker, remembered=remembered)
        wrong = any(problem.severity is Severity.ERROR for problem in checker.problems)
        also: dict[str, object] = {
            "mapping": without_nul(mapping),
            "sheet_name": clean(sheet.name)[:80],
            "notes": without_nul(msgspec.to_builtins(sheet.told)),
            "remembered": remembered,
            "defaults": found.defaults,
        }
        if wrong or (match.unsure and not (found.confirmed or remembered)):
            Import.objects.filter(id=found.id).update(state="mapping", **also)
            return
    totals = Totals(states={State.BOOKED: found.booked, State.UNDONE: found.undone})
    for start in range(0, len(sheet.rows), SLICE):
        _check_slice(actor, mine, rows, checker, refs, slice(start, start + SLICE), totals, now=now, on=on)
    with acting(actor):
        found = _mine(actor, mine)
        state = "booked" if found.booked else "checked"
        write_totals(found, totals, state=state, kept=True, checked=found.rows, checked_at=timezone.now(), **also)
        ready = totals[State.READY] + totals[State.WARNED]
        told = ImportChecked(shipper_id=actor.tenant, subject_id=found.id, ready=ready, wrong=totals[State.WRONG])
        facts.record(actor, [told], now=now)


def _match(actor: Actor, found: Import, headers: Sequence[str]) -> tuple[Match, bool]:
    """How the headers are understood, and whether that is remembered from an earlier sheet.

    Fills in the choices and the values for missing columns that were remembered.
    """
    match = match_headers(headers)
    if found.confirmed:
        return choose(match, _places(found.choices)), False
    memory = HeaderMemory.objects.filter(shipper_id=actor.tenant, headers_key=headers_key(headers)).first()
    if memory is None:
        return match, False
    found.choices, found.defaults = memory.choices, {**memory.defaults, **found.defaults}
    return choose(match, _places(memory.choices)), True


def _places(choices: dict[str, str]) -> dict[int, str]:
    return {int(place): choice for place, choice in choices.items()}


def _mapping(found: Import, sheet: Sheet, match: Match, checker: RowChecker, *, remembered: bool) -> dict[str, object]:
    width = len(found.mapping.get("headers", ())) or len(sheet.headers)
    headers = sheet.headers[:width]
    chosen = _places(found.choices) if found.confirmed or remembered else {}
    return {
        "headers": headers,
        "columns": {key: place for key, place in match.columns.items() if place < width},
        "understood": msgspec.to_builtins(understood(headers, match, chosen, remembered=remembered)),
        "in_grams": match.weight_in_grams,
        "header_row": sheet.header_row,
        "sample": [[number, *row[:width]] for number, row in zip(sheet.numbers, sheet.rows, strict=True)][:_SAMPLE],
        "problems": [msgspec.to_builtins(problem) for problem in checker.problems],
    }


def _check_slice(
    actor: Actor,
    mine: Import,
    rows: Rows,
    checker: RowChecker,
    refs: Sequence[str],
    part: slice,
    totals: Totals,
    *,
    now: datetime,
    on: Terms,
) -> None:
    sheet = rows.sheet
    checked: list[CheckedRow] = checker.check(sheet.numbers[part], sheet.rows[part], overlong=set(sheet.overlong))
    able = {row.number: row.order for row in checked if row.order is not None}
    prices = dict(zip(able, priced(actor, list(able.values()), now=now, on=on), strict=True))
    done = fates(checked, refs[part], prices)
    tally(totals, done)
    with acting(actor):
        found = _mine(actor, mine)
        if rows.edits is None:
            if part.start == 0:
                ImportRow.objects.filter(shipper_id=actor.tenant, import_id=found.id).delete()
            _insert(actor, found.id, sheet, part, [one.columns() for one in done])
        else:
            write_fates(actor, found.id, done)
        Import.objects.filter(id=found.id).update(checked=found.booked + found.undone + min(part.stop, len(sheet.rows)))


def _insert(actor: Actor, import_id: int, sheet: Sheet, part: slice, done: Sequence[tuple[object, ...]]) -> None:
    slipped = set(sheet.overlong)
    rows = [
        (number, to_json(cells), number in slipped, "{}", *fate[1:])
        for number, cells, fate in zip(sheet.numbers[part], sheet.rows[part], done, strict=True)
    ]
    whose = {"shipper_id": ("bigint", actor.tenant), "import_id": ("bigint", import_id)}
    bulk.insert("booking_importrow", ROW, rows, same=whose)


def _kept_rows(actor: Actor, found: Import) -> Rows:
    """The open rows of a sheet that was checked before."""
    kept = ImportRow.objects.filter(shipper_id=actor.tenant, import_id=found.id, state__in=OPEN).order_by("row")
    numbers, rows, edits, slipped = [], [], [], []
    for number, cells, typed, odd in kept.values_list("row", "cells", "edits", "slipped"):
        numbers.append(number)
        rows.append(cells)
        edits.append(typed)
        if odd:
            slipped.append(number)
    sheet = Sheet(
        name=found.sheet_name,
        kind="",
        header_row=found.mapping.get("header_row", 1),
        headers=list(found.mapping.get("headers", [])),
        numbers=numbers,
        rows=rows,
        overlong=slipped,
        told=msgspec.convert(found.notes, list[Note]),
    )
    return Rows(sheet, edits)


def _with_edits(sheet: Sheet, match: Match, edits: Sequence[dict[str, str]], defaults: dict[str, str]) -> Match:
    """Lay what was typed over the cells; a column that the sheet lacks gets a place where a row needs one."""
    columns = dict(match.columns)
    for key in sorted({key for typed in edits for key in typed} - columns.keys()):
        columns[key] = len(sheet.headers)
        sheet.headers.append("")
        for row in sheet.rows:
            row.append(defaults.get(key, ""))
    for row, typed in zip(sheet.rows, edits, strict=True):
        for key, text in typed.items():
            row[columns[key]] = text
    return msgspec.structs.replace(match, columns=columns)
