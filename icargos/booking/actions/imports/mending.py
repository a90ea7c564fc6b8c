"""A person mends cells of a sheet in the page; only the rows that the change can touch are checked again."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import msgspec
from django.db import connection
from django.db.models import Min
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.booking.actions.imports.held import Fate, fates, held, tally, to_json, totals_of, write_fates, write_totals
from icargos.booking.events import ImportFixed
from icargos.booking.models import Import, ImportFix, ImportRow
from icargos.booking.queries import priced, reference, terms
from icargos.booking.rules.columns import BY_KEY
from icargos.booking.rules.order import Order
from icargos.booking.rules.problems import Code, Problem
from icargos.booking.rules.reference import Duplicates
from icargos.booking.rules.rows import check_many, refuse_slipped, values_of
from icargos.booking.rules.text import clean
from icargos.booking.rules.totals import OPEN, State
from icargos.ground import bulk, facts
from icargos.kit.actor import Actor
from icargos.kit.errors import Conflict, Invalid, NotFound
from icargos.places import actions as places

NOT_SLIPPED = ""  # the key of "the values of this row stand in the right columns"
MOST_CELLS = 50_000
_MOST_TEXT = 1000


class Cell(msgspec.Struct, frozen=True):
    """A cell to change: the sheet's row number, a column's key (or NOT_SLIPPED), the text to stand there."""

    row: int
    key: str
    text: str


class Fixed(msgspec.Struct, frozen=True):
    """What a change came to: its id (to undo it), how many cells it changed, and the rows that were checked again."""

    id: int
    cells: int
    rows: Sequence[int]


class _Kept(msgspec.Struct):
    """An open row as the table has it."""

    row: int
    cells: list[str]
    edits: dict[str, str]
    slipped: bool
    ref: str
    fate: Fate


def fix(actor: Actor, import_id: int, cells: Sequence[Cell], *, remember: bool = False, now: datetime) -> Fixed:
    """Put these texts into the cells and check their rows again, and those that share an order ref with them.

    ``remember`` makes the old text of a city cell this shipper's own word for the new city. Raises NotFound for a row
    the sheet does not have, Conflict for one that is booked or while the sheet is busy, Invalid for an unknown column.
    """
    actor.require(Can.IMPORT)
    found = _mendable(actor, import_id)
    return _fix(actor, found, cells, remember=remember, now=now)


def fix_alike(actor: Actor, import_id: int, cell: Cell, *, remember: bool = False, now: datetime) -> Fixed:
    """Put the text into this cell and every cell of its column that holds the same and is wrong for the same reason.

    Raises as ``fix`` does.
    """
    actor.require(Can.IMPORT)
    found = _mendable(actor, import_id)
    kept = _load(actor, found, rows=[cell.row])
    if not kept:
        raise NotFound(_("There is no such row here, or it is booked already."))
    mine = next((one for one in kept[0].fate.problems if one.column == cell.key), None)
    numbers = [cell.row]
    if mine is not None:
        numbers += _alike(actor, found.id, cell.key, mine)
    cells = [Cell(row, cell.key, cell.text) for row in dict.fromkeys(numbers)]
    return _fix(actor, found, cells, remember=remember, now=now)


def _alike(actor: Actor, import_id: int, key: str, problem: Problem) -> list[int]:
    """The open rows whose cell in this column holds the same text and is wrong for the same reason."""
    same = [{"column": key, "value": problem.value, "code": problem.code.value}]
    rows = ImportRow.objects.filter(
        shipper_id=actor.tenant, import_id=import_id, state__in=OPEN, problems__contains=same
    )
    return list(rows.order_by("row").values_list("row", flat=True)[:MOST_CELLS])


def undo_fix(actor: Actor, import_id: int, fix_id: int, *, now: datetime) -> Fixed:
    """Take one change back: its cells show again what they showed before, and words remembered with it are forgotten.

    A second undo changes nothing.

    Raises NotFound for an unknown change, Conflict when a row of it is booked meanwhile.
    """
    actor.require(Can.IMPORT)
    found = _mendable(actor, import_id)
    done = ImportFix.objects.filter(shipper_id=actor.tenant, import_id=found.id, id=fix_id).first()
    if done is None:
        raise NotFound(_("There is no such change here."))
    if done.undone:
        return Fixed(done.id, 0, [])
    ImportFix.objects.filter(id=done.id).update(undone=True)
    for word, city, before in done.words:
        if places.forget_alias(actor, word, city_id=city, now=now) and before is not None:
            places.learn_alias(actor, word, before, now=now)
    cells = [Cell(row, key, was) for row, key, was, _becomes in done.cells]
    return _fix(actor, found, cells, undoing=True, now=now)


def set_duplicates(actor: Actor, import_id: int, policy: Duplicates, *, now: datetime) -> None:
    """Say what to do with order refs that were booked before, and check the rows again that have one.

    Raises Conflict while the sheet is busy.
    """
    actor.require(Can.IMPORT)
    found = _mendable(actor, import_id)
    if found.duplicates == policy.value:
        return
    Import.objects.filter(id=found.id).update(duplicates=policy.value)
    found.duplicates = policy.value
    kept = [one for code in (Code.DUP_EXISTING, Code.DUP_IN_FILE) for one in _load(actor, found, code=code)]
    _check_rows(actor, found, list({one.row: one for one in kept}.values()), now=now)


def _mendable(actor: Actor, import_id: int) -> Import:
    found = held(actor, import_id)
    if found.state not in {"checked", "booked"}:
        raise Conflict(_("This sheet is being worked on. Wait a moment and try again."))
    return found


def _fix(
    actor: Actor,
    found: Import,
    cells: Sequence[Cell],
    *,
    remember: bool = False,
    undoing: bool = False,
    now: datetime,
) -> Fixed:
    if len(cells) > MOST_CELLS or any(len(cell.text) > _MOST_TEXT for cell in cells):
        raise Invalid(_("This is more than a cell can hold."))
    if any(cell.key != NOT_SLIPPED and cell.key not in BY_KEY for cell in cells):
        raise Invalid(_("There is no such column."))
    wanted: dict[int, dict[str, str]] = {}
    for cell in cells:
        wanted.setdefault(cell.row, {})[cell.key] = cell.text.replace("\0", "")
    kept = _load(actor, found, rows=list(wanted))
    if len(kept) != len(wanted):
        missing = min(wanted.keys() - {one.row for one in kept})
        told = _("Row %(row)d cannot be changed: it is booked already, or not in this sheet.")
        raise Conflict(told % {"row": missing})
    refs: set[str] = set()
    changes: list[tuple[int, str, str, str]] = []
    lessons: dict[str, str] = {}
    columns, defaults = _ground(found)
    for one in kept:
        values = values_of(one.cells, one.edits, columns, defaults)
        for key, text in wanted[one.row].items():
            if key == NOT_SLIPPED:
                changes.append((one.row, key, "" if one.slipped else "1", text))
                one.slipped = not text
                continue
            changes.append((one.row, key, values.get(key, ""), text))
            if remember and key == "destination_city":
                lessons[values.get(key, "")] = text
            one.edits = {**one.edits, key: text}
        ref = clean(values_of(one.cells, one.edits, columns, defaults).get("order_ref", ""))[:100]
        if ref != one.ref:
            refs |= {one.ref, ref}
    words = _learn(actor, lessons, now=now) if lessons else []
    _write_edits(actor, found.id, kept)
    mine = {one.row for one in kept}
    others = [one for one in _load(actor, found, refs=refs - {""}) if one.row not in mine] if refs - {""} else []
    fix_id = 0
    if not undoing:
        fix_id = ImportFix.objects.create(
            shipper_id=actor.tenant,
            import_id=found.id,
            at=now,
            by_id=actor.user_id or 0,
            by_name=actor.name,
            cells=changes,
            words=words,
        ).id
    found.fixed = max(0, found.fixed + (-len(changes) if undoing else len(changes)))
    _check_rows(actor, found, sorted([*kept, *others], key=lambda one: one.row), now=now)
    facts.record(
        actor, [ImportFixed(shipper_id=actor.tenant, subject_id=found.id, cells=len(changes), undone=undoing)], now=now
    )
    return Fixed(fix_id, len(changes), sorted(mine | {one.row for one in others}))


def _check_rows(actor: Actor, found: Import, kept: Sequence[_Kept], *, now: datetime) -> None:
    """Check these rows as they stand now and keep what they come to, in the caller's transaction."""
    columns, defaults = _ground(found)
    on = terms(actor, now=now)
    defaults = {"service": on.account.default_service, **defaults}
    values = [values_of(one.cells, one.edits, columns, defaults) for one in kept]
    refs = [clean(row.get("order_ref", "")) for row in values]
    ref = reference(
        actor,
        refs=set(refs),
        now=now,
        on=on,
        duplicates=Duplicates(found.duplicates),
        first_rows=_first_rows(actor, found.id, set(refs), [one.row for one in kept]),
    )
    numbers = [one.row for one in kept]
    checked = check_many(values, ref, numbers=numbers, weight_in_grams=bool(found.mapping.get("in_grams")))
    checked = refuse_slipped(checked, {one.row for one in kept if one.slipped})
    able = {row.number: row.order for row in checked if row.order is not None}
    prices = dict(zip(able, priced(actor, list(able.values()), now=now, on=on), strict=True))
    done = fates(checked, refs, prices)
    totals = totals_of(found)
    tally(totals, [one.fate for one in kept], times=-1)
    tally(totals, done)
    write_fates(actor, found.id, done)
    write_totals(found, totals, fixed=found.fixed)


def _ground(found: Import) -> tuple[Mapping[str, int], dict[str, str]]:
    return found.mapping.get("columns", {}), dict(found.defaults)


def _learn(actor: Actor, lessons: Mapping[str, str], *, now: datetime) -> list[tuple[str, int, int | None]]:
    """Make each old text the shipper's own word for the city that stands there now.

    Returns each word, its city's id, and the id of the city it meant before.
    """
    index = terms(actor, now=now).index
    learnt = []
    for old, new in lessons.items():
        city, word = index.find(new).city_id, clean(old)
        if city is not None and any(map(str.isalnum, word)) and len(word) <= places.LONGEST_ALIAS:
            learnt.append((word, city, places.learn_alias(actor, word, city, now=now)))
    return learnt


def _load(
    actor: Actor, found: Import, *, rows: Collection[int] = (), refs: Collection[str] = (), code: str = ""
) -> list[_Kept]:
    """The open rows with these numbers, with one of these order refs, or with a problem of this code."""
    wanted = ImportRow.objects.filter(shipper_id=actor.tenant, import_id=found.id, state__in=OPEN)
    if rows:
        wanted = wanted.filter(row__in=list(rows))
    elif refs:
        wanted = wanted.filter(ref__in=list(refs))
    else:
        wanted = wanted.filter(problems__contains=[{"code": code}])
    names = ("row", "cells", "edits", "slipped", "ref", "order", "problems", "state", "charges_paisa", "updates")
    kept = []
    for number, cells, edits, slipped, ref, order, problems, state, charges, updates in wanted.order_by(
        "row"
    ).values_list(*names):
        fate = Fate(
            number,
            ref,
            msgspec.convert(order, Order) if order is not None else None,
            msgspec.convert(problems, list[Problem]),
            State(state),
            charges,
            updates,
        )
        kept.append(_Kept(number, cells, edits, slipped, ref, fate))
    return kept


def _first_rows(actor: Actor, import_id: int, refs: Collection[str], besides: Collection[int]) -> dict[str, int]:
    """Where each order ref stands first, among the rows that are not checked now."""
    rows = ImportRow.objects.filter(
        shipper_id=actor.tenant, import_id=import_id, state__in=[*OPEN], ref__in=[ref for ref in refs if ref]
    )
    return dict(rows.exclude(row__in=list(besides)).values_list("ref").annotate(first=Min("row")))


def _write_edits(actor: Actor, import_id: int, kept: Sequence[_Kept]) -> None:
    columns = {"row": "integer", "edits": "jsonb", "slipped": "boolean"}
    rows = [(one.row, to_json(one.edits), one.slipped) for one in kept]
    with bulk.given(columns, rows) as (source, arrays), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE booking_importrow r SET edits = given.edits, slipped = given.slipped FROM {source}"  # noqa: S608
            " WHERE r.shipper_id = %s AND r.import_id = %s AND r.row = given.row",
            [*arrays, actor.tenant, import_id],
        )
