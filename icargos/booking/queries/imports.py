"""Imports and the rows of their sheets."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

import msgspec
from django.db import connection
from django.db.models import F, Func, IntegerField
from django.utils import timezone
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.booking.models import Import, ImportFix, ImportRow
from icargos.booking.queries.promised import on_closed_sheets
from icargos.booking.rules.mapping import Understood
from icargos.booking.rules.problems import Problem
from icargos.booking.rules.rows import values_of
from icargos.booking.rules.sheet import Note
from icargos.booking.rules.totals import State, Totals
from icargos.consignments import queries as consignments
from icargos.consignments.rules import Status
from icargos.kit.actor import Actor
from icargos.kit.errors import NotFound
from icargos.places import queries as places

_UNTOUCHED = {Status.NEW_BOOKED, Status.READY_FOR_PICKUP}
_ENDED = {Status.CANCELLED, Status.EXPIRED}
_WORKING = {"uploaded", "checking", "booking", "undoing"}


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """One import as its page shows it. Money in paisa; ``columns`` maps column keys to places in ``headers``."""

    id: int
    file_name: str
    file_key: str
    sha256: str
    size: int
    state: str
    refusal: str
    refusal_params: dict[str, str]
    by_name: str
    at: datetime
    sheet_name: str
    rows: int
    checked: int
    ready: int
    warned: int
    wrong: int
    fixed: int
    booked: int
    undone: int
    cod_paisa: int
    charges_paisa: int
    duplicates: str
    all_or_nothing: bool
    remembered: bool
    continues_id: int | None
    checking_at: datetime | None
    checked_at: datetime | None
    accepted_at: datetime | None
    accepted_by_name: str
    booked_at: datetime | None
    undone_at: datetime | None
    notes: list[dict[str, Any]]
    defaults: dict[str, str]
    mapping: dict[str, Any]
    totals: dict[str, Any]

    @property
    def busy(self) -> bool:
        """Whether the worker still has something to do with it."""
        return self.state in _WORKING

    @property
    def bookable(self) -> int:
        """How many rows can be booked."""
        return self.ready + self.warned

    @property
    def open_rows(self) -> int:
        """How many rows are neither booked nor undone."""
        return self.ready + self.warned + self.wrong

    @property
    def headers(self) -> list[str]:
        """The sheet's own headers, in its order."""
        return list(self.mapping.get("headers", []))

    @property
    def columns(self) -> dict[str, int]:
        """Which of our columns stands where: column key to 0-based place in ``headers``."""
        return dict(self.mapping.get("columns", {}))

    @property
    def understood(self) -> list[Understood]:
        """How each header was understood."""
        return msgspec.convert(self.mapping.get("understood", []), list[Understood])

    @property
    def sample(self) -> list[tuple[int, list[str]]]:
        """The first rows, each with its number and its cells."""
        return [(row[0], row[1:]) for row in self.mapping.get("sample", [])]

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with the sheet as a whole, e.g. a column it lacks."""
        return msgspec.convert(self.mapping.get("problems", []), list[Problem])

    @property
    def sums(self) -> Totals:
        """How many rows are in each state, what they come to, and what is wrong with them."""
        return msgspec.convert(self.totals, Totals)

    @property
    def told(self) -> list[str]:
        """What was found in the file and how it was read, in the reader's language."""
        return [note.say(_) for note in msgspec.convert(self.notes, list[Note])]

    @property
    def why(self) -> str:
        """Why the file was refused, in the reader's language; "" when it was not."""
        told = _(self.refusal) if self.refusal else ""
        return told % self.refusal_params if self.refusal_params else told

    @property
    def pace(self) -> int:
        """Rows a second since the step that the worker is at began; 0 while there is none."""
        began, done = (self.accepted_at, self.booked) if self.state == "booking" else (self.checking_at, self.checked)
        took = (timezone.now() - began).total_seconds() if began is not None else 0.0
        return int(done / took) if self.busy and took > 0 else 0

    @property
    def seconds(self) -> float | None:
        """How long the worker took to check and book it, as far as it is done; None while it is not."""
        if self.checking_at is None or self.checked_at is None:
            return None
        took = self.checked_at - self.checking_at
        if self.accepted_at is not None and self.booked_at is not None:
            took += self.booked_at - self.accepted_at
        return max(0.0, took.total_seconds())


class SheetRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a sheet: its texts by column key as they count now, and what is wrong with them.

    ``original`` are the cells as the file had them, in the order of the headers; ``edited`` the keys that people
    typed over; ``updates`` the number of the earlier parcel it changes, ``cn`` of the parcel it became.
    """

    row: int
    state: State
    cells: dict[str, str]
    original: list[str]
    edited: frozenset[str]
    slipped: bool
    problems: list[Problem]
    updates: str
    charges_paisa: int
    consignment_id: int | None
    cn: str = ""


class ImportFilter(msgspec.Struct, frozen=True, kw_only=True):
    """What the log of imports is narrowed by; empty means all. Days are local, both included."""

    words: str = ""
    state: str = ""
    since: date | None = None
    until: date | None = None


class Undoable(msgspec.Struct, frozen=True):
    """Which parcels of an import can be cancelled, id and number, and which stay: number and status."""

    can_go: list[tuple[int, str]]
    stays: list[tuple[str, Status]]


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One change that somebody made to cells of a sheet, and how many cells it changed."""

    id: int
    at: datetime
    by_name: str
    cells: int
    undone: bool


def imports(
    actor: Actor, asked: ImportFilter | None = None, *, before: int | None = None, most: int = 50
) -> list[Sheet]:
    """The shipper's imports, newest first, at most ``most`` older than the import ``before``. Needs IMPORT."""
    actor.require(Can.IMPORT)
    asked = asked or ImportFilter()
    found = Import.objects.filter(shipper_id=actor.tenant).order_by("-id")
    if asked.words:
        found = found.filter(file_name__icontains=asked.words) | found.filter(by_name__icontains=asked.words)
    if asked.state:
        found = found.filter(state=asked.state)
    zone = timezone.get_current_timezone()
    if asked.since:
        found = found.filter(at__gte=datetime(asked.since.year, asked.since.month, asked.since.day, tzinfo=zone))
    if asked.until:
        found = found.filter(at__date__lte=asked.until)
    if before is not None:
        found = found.filter(id__lt=before)
    return [_sheet(one) for one in found[:most]]


def one_import(actor: Actor, import_id: int) -> Sheet:
    """One import; raises NotFound, the same for unknown and foreign."""
    actor.require(Can.IMPORT)
    found = Import.objects.filter(shipper_id=actor.tenant, id=import_id).first()
    if found is None:
        raise NotFound("There is no such import here.")
    return _sheet(found)


def rows(
    actor: Actor,
    sheet: Sheet,
    *,
    states: Collection[str] = (),
    code: str = "",
    numbers: Collection[int] = (),
    after: int = 0,
    size: int = 50,
) -> list[SheetRow]:
    """Rows of an import in the sheet's order, after row ``after``.

    Narrowed to some states, to a problem's code, or to these row numbers.
    """
    actor.require(Can.IMPORT)
    found = ImportRow.objects.filter(shipper_id=actor.tenant, import_id=sheet.id, row__gt=after).order_by("row")
    if states:
        found = found.filter(state__in=list(states))
    if code:
        found = found.filter(problems__contains=[{"code": code}])
    if numbers:
        found = found.filter(row__in=list(numbers))
    columns, defaults = sheet.columns, sheet.defaults
    kept = list(found[:size])
    ids = [one.consignment_id for one in kept if one.consignment_id is not None]
    cns = {parcel.id: parcel.cn for parcel in consignments.many(actor, ids)} if ids else {}
    return [
        SheetRow(
            row=one.row,
            state=State(one.state),
            cells=values_of(one.cells, one.edits, columns, defaults),
            original=one.cells,
            edited=frozenset(one.edits),
            slipped=one.slipped,
            problems=msgspec.convert(one.problems, list[Problem]),
            updates=one.updates,
            charges_paisa=one.charges_paisa,
            consignment_id=one.consignment_id,
            cn=cns.get(one.consignment_id or 0, ""),
        )
        for one in kept
    ]


def changes(actor: Actor, sheet: Sheet, *, most: int = 100) -> list[Change]:
    """What people changed in the sheet, newest first."""
    actor.require(Can.IMPORT)
    # Counted by the database: one change may hold fifty thousand cells, and every saved cell shows this list again.
    n = Func(F("cells"), function="jsonb_array_length", output_field=IntegerField())
    found = ImportFix.objects.filter(shipper_id=actor.tenant, import_id=sheet.id).annotate(n=n).order_by("-id")
    return [
        Change(id=row_id, at=at, by_name=by_name, cells=cells, undone=undone)
        for row_id, at, by_name, cells, undone in found.values_list("id", "at", "by_name", "n", "undone")[:most]
    ]


def wrong_in(actor: Actor, sheet: Sheet, key: str, *, since: int, most: int) -> list[int]:
    """The wrong rows from row ``since`` on whose cell in this column has a problem, at most ``most``."""
    actor.require(Can.IMPORT)
    found = ImportRow.objects.filter(
        shipper_id=actor.tenant,
        import_id=sheet.id,
        state=State.WRONG,
        row__gte=since,
        problems__contains=[{"column": key}],
    )
    return list(found.order_by("row").values_list("row", flat=True)[:most])


_ALIKE = """
SELECT p ->> 'column', p ->> 'value', p ->> 'code', count(*)
FROM booking_importrow r, jsonb_array_elements(r.problems) AS p
WHERE r.shipper_id = %s AND r.import_id = %s AND r.state = ANY(%s) AND p ->> 'value' = ANY(%s)
GROUP BY 1, 2, 3
"""


def alike(actor: Actor, sheet: Sheet, rows: Collection[SheetRow]) -> dict[tuple[str, str, str], int]:
    """How many rows share each problem of these rows that has a suggestion: by column, value and code."""
    values = {one.value for row in rows for one in row.problems if one.suggestion}
    if not values:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_ALIKE, [actor.tenant, sheet.id, [State.WRONG.value, State.WARNED.value], list(values)])
        return {(column, value, code): n for column, value, code, n in cursor.fetchall()}


def city_names(actor: Actor, ids: Collection[int]) -> dict[int, str]:
    """The names of these cities."""
    index = places.city_index(actor)
    return {city_id: city.name for city_id in ids if (city := index.get(city_id)) is not None}


def undoable(actor: Actor, import_id: int, *, most: int | None = None) -> Undoable:
    """Which parcels of an import nobody has touched yet, at most ``most`` of them, and which would stay.

    What stands on a closed load sheet was touched: the sheet is withdrawn first.
    """
    actor.require(Can.IMPORT)
    parcels = consignments.of_import(actor, import_id)
    untouched = {row_id for row_id, _cn, status in parcels if status in _UNTOUCHED}
    untouched -= on_closed_sheets(actor, untouched)
    can_go = [(row_id, cn) for row_id, cn, _status in parcels if row_id in untouched]
    stays = [(cn, status) for row_id, cn, status in parcels if row_id not in untouched and status not in _ENDED]
    return Undoable(can_go[:most], stays)


def _sheet(found: Import) -> Sheet:
    return Sheet(**{name: getattr(found, name) for name in Sheet.__struct_fields__})
