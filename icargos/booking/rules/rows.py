"""Whole rows: every bad cell of every row, and the order of each row that has none."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

import msgspec

from icargos.booking.rules.answers import Answers, checkers
from icargos.booking.rules.cells import Cell, Finding
from icargos.booking.rules.columns import COLUMNS, Column
from icargos.booking.rules.headers import Match
from icargos.booking.rules.order import Order
from icargos.booking.rules.problems import Code, Problem, Severity
from icargos.booking.rules.reference import Duplicates, Reference
from icargos.booking.rules.sheet import Sheet
from icargos.booking.rules.text import clean
from icargos.consignments.rules import pieces
from icargos.kit.texts import gettext_noop

_FIELDS = [column.field for column in COLUMNS]
_POSITION = {column.key: position for position, column in enumerate(COLUMNS)}
_PICKUP_AT = _POSITION["pickup_date"]
_SIDES = ("length_cm", "width_cm", "height_cm")


class CheckedRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One row's outcome: ``number`` as the sheet counts; ``order`` when no problem is an error.

    ``updates`` is the number of the earlier parcel that the order changes instead of being booked, or "".
    """

    number: int
    order: Order | None
    problems: tuple[Problem, ...] = ()
    updates: str = ""


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """A sheet's outcome. ``problems`` concern the sheet as a whole: with any, no row can be booked."""

    rows: list[CheckedRow]
    problems: list[Problem] = []

    @property
    def ready(self) -> list[CheckedRow]:
        """The rows that can be booked, in the sheet's order."""
        return [row for row in self.rows if row.order is not None]

    @property
    def failing(self) -> list[CheckedRow]:
        """The rows with at least one error."""
        return [row for row in self.rows if any(p.severity is Severity.ERROR for p in row.problems)]

    @property
    def all_problems(self) -> list[Problem]:
        """The sheet's own problems, then those of its rows from top to bottom."""
        return [*self.problems, *(problem for row in self.rows for problem in row.problems)]

    def tally(self) -> Counter[Code]:
        """How often each problem occurs."""
        return Counter(problem.code for problem in self.all_problems)


class RowChecker:
    """Checks one sheet in slices of rows, from top to bottom: each different text once, order refs across slices.

    ``defaults`` gives, by column key, one text for the whole import to a column the sheet lacks; Service falls
    back to the reference's default. ``problems`` concern the sheet as a whole: a required column with neither is
    HEADER_MISSING, and with any error here no row is bookable.
    """

    def __init__(
        self, match: Match, ref: Reference, defaults: Mapping[str, str] | None = None, *, header_row: int = 1
    ) -> None:
        self.problems: list[Problem] = []
        self._columns = match.columns
        self._ref = ref
        self._memory = checkers(ref, weight_in_grams=match.weight_in_grams)
        self._given = {"service": ref.default_service, **(defaults or {})}
        self._first = dict(ref.first_rows)
        for column in COLUMNS:
            if column.key not in self._columns:
                self.problems += self._lacking(column, header_row)
        self._blocked = {problem.column for problem in self.problems}
        self._halted = any(problem.severity is Severity.ERROR for problem in self.problems)

    def _lacking(self, column: Column, header_row: int) -> list[Problem]:
        raw = self._given.get(column.key, "")
        if column.required and not clean(raw):
            told = gettext_noop("The sheet has no column “%(title)s”. Add it, or choose one value for all rows.")
            finding = Finding(Code.HEADER_MISSING, told, {"title": column.title})
            return [_problem(header_row, column.key, "", finding)]
        return [_problem(header_row, column.key, raw, one) for one in self._memory[column.key][raw].findings]

    def check(
        self, numbers: Sequence[int], rows: Sequence[Sequence[str]], *, overlong: Set[int] = frozenset()
    ) -> list[CheckedRow]:
        """Check these rows, each as wide as the headers; the values of the ``overlong`` ones may have slipped."""
        raws: list[Sequence[str]] = []
        for column in COLUMNS:
            index = self._columns.get(column.key)
            raws.append(
                [self._given.get(column.key, "")] * len(rows) if index is None else [row[index] for row in rows]
            )
        checked = _check(numbers, raws, self._memory, self._ref, self._blocked, self._first)
        if overlong:
            checked = refuse_slipped(checked, overlong)
        if self._halted:
            checked = [msgspec.structs.replace(row, order=None) for row in checked]
        return checked


def check_rows(sheet: Sheet, match: Match, ref: Reference, defaults: Mapping[str, str] | None = None) -> Checked:
    """Check every cell of every row of a sheet, as RowChecker does."""
    checker = RowChecker(match, ref, defaults, header_row=sheet.header_row)
    rows = checker.check(sheet.numbers, sheet.rows, overlong=set(sheet.overlong))
    return Checked(rows=rows, problems=checker.problems)


def check_one(values: Mapping[str, str], ref: Reference) -> tuple[Order | None, list[Problem]]:
    """Check one booking of a form: column keys to text as typed. Problems carry row 0."""
    row = check_many([values], ref)[0]
    return row.order, list(row.problems)


def check_many(
    rows: Sequence[Mapping[str, str]],
    ref: Reference,
    *,
    numbers: Sequence[int] | None = None,
    weight_in_grams: bool = False,
) -> list[CheckedRow]:
    """The same for a list of bookings, numbered from 0 or as given; the later of two with one order ref is refused."""
    raws = [[values.get(column.key, "") for values in rows] for column in COLUMNS]
    memory = checkers(ref, weight_in_grams=weight_in_grams)
    return _check(numbers or range(len(rows)), raws, memory, ref, set(), dict(ref.first_rows))


def values_of(
    cells: Sequence[str], edits: Mapping[str, str], columns: Mapping[str, int], defaults: Mapping[str, str]
) -> dict[str, str]:
    """The texts of one row by column key: what was typed over a cell, else the cell, else the value for all rows."""
    return {**defaults, **{key: cells[place] for key, place in columns.items()}, **edits}


def order_refs(rows: Sequence[Sequence[str]], match: Match) -> list[str]:
    """The order ref of each row, cleaned: ask the database which of them are booked already."""
    index = match.columns.get("order_ref")
    return [""] * len(rows) if index is None else [clean(row[index]) for row in rows]


def refuse_slipped(rows: list[CheckedRow], numbers: Set[int]) -> list[CheckedRow]:
    """The same rows, but those with these numbers refused: they had more cells than the header has columns."""
    told = gettext_noop("This row has more cells than the header: a comma inside a cell needs quotes around the cell.")
    return [
        row
        if row.number not in numbers
        else CheckedRow(
            number=row.number,
            order=None,
            problems=(_problem(row.number, "", "", Finding(Code.TYPE, told)), *row.problems),
        )
        for row in rows
    ]


def _check(
    numbers: Sequence[int],
    raws: Sequence[Sequence[str]],
    memory: Mapping[str, Answers],
    ref: Reference,
    blocked: set[str],
    first: dict[str, int],
) -> list[CheckedRow]:
    """Column by column first, for most columns hold few different texts; then row by row what needs two cells."""
    raws = _weighed_by_pieces(raws, memory)
    found: dict[int, list[Problem]] = {}
    columns: list[list[Cell]] = []
    for column, texts in zip(COLUMNS, raws, strict=True):
        answers = memory[column.key]
        cells = list(map(answers.__getitem__, texts))
        columns.append(cells)
        if column.key not in blocked and any(answer.findings for answer in answers.values()):
            for place, cell in enumerate(cells):
                for finding in cell.findings:
                    problem = _problem(numbers[place], column.key, texts[place], finding)
                    found.setdefault(place, []).append(problem)
    values = [[cell[0] for cell in cells] for cells in columns]
    _add_second_phones(columns, values)
    for place, problem in _between_cells(numbers, raws, values, ref, first):
        found.setdefault(place, []).append(problem)
    rows: list[CheckedRow] = []
    for place, row in enumerate(zip(*values, strict=True)):
        problems = found.get(place)
        if problems is None:
            order: dict[str, Any] = dict(zip(_FIELDS, row, strict=True))
            rows.append(CheckedRow(number=numbers[place], order=Order(**order)))
            continue
        problems.sort(key=lambda problem: _POSITION.get(problem.column, -1))
        # Nothing is missing but a day nobody wished for.
        missing = any(value is None and at != _PICKUP_AT for at, value in enumerate(row))
        bookable = all(problem.severity is Severity.WARNING for problem in problems) and not missing
        order = dict(zip(_FIELDS, row, strict=True))
        earlier = order["order_ref"] if bookable and ref.duplicates is Duplicates.UPDATE else ""
        rows.append(
            CheckedRow(
                number=numbers[place],
                order=Order(**order) if bookable else None,
                problems=tuple(problems),
                updates=ref.existing_refs.get(earlier or "", ""),
            )
        )
    return rows


def _weighed_by_pieces(raws: Sequence[Sequence[str]], memory: Mapping[str, Answers]) -> Sequence[Sequence[str]]:
    """The same texts, but where only the single pieces were weighed the parcel weighs what they do together."""
    each, whole = raws[_POSITION["piece_weights"]], raws[_POSITION["weight_kg"]]
    if not any(each):
        return raws
    sums = [pieces.weights(str(memory["piece_weights"][text].value or "")) for text in each]
    filled = [
        text if clean(text) or not grams else f"{sum(grams) / 1000:g} kg"
        for text, grams in zip(whole, sums, strict=True)
    ]
    return [filled if column is whole else column for column in raws]


def _add_second_phones(columns: list[list[Cell]], values: list[list[object]]) -> None:
    """A second number in the phone cell fills an empty Alt Phone."""
    alternatives = values[_POSITION["alt_phone"]]
    for place, cell in enumerate(columns[_POSITION["consignee_phone"]]):
        if cell.second and alternatives[place] == "":
            alternatives[place] = cell.second


def _between_cells(
    numbers: Sequence[int],
    raws: Sequence[Sequence[str]],
    values: list[list[object]],
    ref: Reference,
    first: dict[str, int],
) -> Iterable[tuple[int, Problem]]:
    """What only two cells, or two rows, can show."""
    yield from _repeated(numbers, raws, values, ref, first)
    yield from _beyond_service(numbers, raws, values, ref)
    yield from _unlike_pieces(numbers, raws, values)
    sides = [values[_POSITION[key]] for key in _SIDES]
    for place, measures in enumerate(zip(*sides, strict=True)):
        if any(measures) and None not in measures:
            for key, side in zip(_SIDES, measures, strict=True):
                if not side:
                    told = gettext_noop("Give length, width and height, or none of the three.")
                    yield (
                        place,
                        _problem(numbers[place], key, raws[_POSITION[key]][place], Finding(Code.REQUIRED, told)),
                    )


def _repeated(
    numbers: Sequence[int],
    raws: Sequence[Sequence[str]],
    values: list[list[object]],
    ref: Reference,
    first: dict[str, int],
) -> Iterable[tuple[int, Problem]]:
    texts = raws[_POSITION["order_ref"]]
    anyway = ref.duplicates is Duplicates.BOOK
    for place, order_ref in enumerate(values[_POSITION["order_ref"]]):
        if not order_ref or not isinstance(order_ref, str):
            continue
        number = numbers[place]
        cn = ref.existing_refs.get(order_ref)
        if cn is not None:
            told, waived = _booked_before(order_ref, ref)
            finding = Finding(Code.DUP_EXISTING, told, {"cn": cn})
            yield place, _problem(number, "order_ref", texts[place], finding, waived=waived)
        earlier = first.setdefault(order_ref, number)
        if earlier < number:
            told = gettext_noop("Row %(row)s has the same order ref.")
            finding = Finding(Code.DUP_IN_FILE, told, {"row": str(earlier)})
            yield place, _problem(number, "order_ref", texts[place], finding, waived=anyway)


def _booked_before(order_ref: str, ref: Reference) -> tuple[str, bool]:
    """What to say of an order ref that was booked before, and whether the row may be booked all the same."""
    if ref.duplicates is Duplicates.BOOK:
        return gettext_noop("You have booked this order ref before, as %(cn)s. It will be booked once more."), True
    if ref.duplicates is Duplicates.UPDATE and order_ref in ref.changeable:
        return gettext_noop("You have booked this order ref before, as %(cn)s. That parcel will be changed."), True
    if ref.duplicates is Duplicates.UPDATE:
        told = gettext_noop("You have booked this order ref before, as %(cn)s, and its label is printed already.")
        return told, False
    return gettext_noop("You have booked this order ref before, as %(cn)s."), False


def _beyond_service(
    numbers: Sequence[int], raws: Sequence[Sequence[str]], values: list[list[object]], ref: Reference
) -> Iterable[tuple[int, Problem]]:
    service_at, city_at, weight_at = (_POSITION[key] for key in ("service", "destination_city", "weight_kg"))
    for code, offer in ref.services.items():
        if offer.max_weight_g is None and offer.cities is None:
            continue
        for place, service in enumerate(values[service_at]):
            if service != code:
                continue
            weight, city = values[weight_at][place], values[city_at][place]
            if offer.max_weight_g is not None and isinstance(weight, int) and weight > offer.max_weight_g:
                told = gettext_noop("%(service)s carries up to %(limit)s kg a parcel.")
                params = {"service": offer.label, "limit": f"{offer.max_weight_g / 1000:g}"}
                finding = Finding(Code.WEIGHT_OVER_SERVICE, told, params)
                yield place, _problem(numbers[place], "weight_kg", raws[weight_at][place], finding)
            if offer.cities is not None and isinstance(city, int) and city not in offer.cities:
                told = gettext_noop("%(service)s does not go to %(city)s.")
                params = {"service": offer.label, "city": clean(raws[city_at][place])[:40]}
                finding = Finding(Code.SERVICE_NOT_AVAILABLE, told, params)
                yield place, _problem(numbers[place], "service", raws[service_at][place], finding)


def _unlike_pieces(
    numbers: Sequence[int], raws: Sequence[Sequence[str]], values: list[list[object]]
) -> Iterable[tuple[int, Problem]]:
    """Weights that are not as many as the pieces, or not what the parcel weighs. Of a single piece none is kept."""
    each_at, count_at, weight_at = (_POSITION[key] for key in ("piece_weights", "pieces", "weight_kg"))
    for place, kept in enumerate(values[each_at]):
        count, whole = values[count_at][place], values[weight_at][place]
        if not kept or not isinstance(kept, str) or not isinstance(count, int):
            continue
        grams = pieces.weights(kept)
        if len(grams) != count:
            told = gettext_noop("Weights given: %(given)s, pieces: %(pieces)s. Give one for each piece, or none.")
            finding = Finding(Code.RANGE, told, {"given": str(len(grams)), "pieces": str(count)})
            yield place, _problem(numbers[place], "piece_weights", raws[each_at][place], finding)
        elif isinstance(whole, int) and sum(grams) != whole:
            told = gettext_noop("The pieces weigh %(sum)s kg together, not %(weight)s kg.")
            total = f"{sum(grams) / 1000:g}"
            finding = Finding(Code.RANGE, told, {"sum": total, "weight": f"{whole / 1000:g}"}, total)
            yield place, _problem(numbers[place], "weight_kg", raws[weight_at][place], finding)
        elif count == 1:
            values[each_at][place] = ""


def _problem(number: int, key: str, raw: str, finding: Finding, *, waived: bool = False) -> Problem:
    return Problem(
        row=number,
        column=key,
        value=raw[:300],
        code=finding.code,
        template=finding.template,
        params=finding.params,
        suggestion=finding.suggestion,
        waived=waived,
    )
