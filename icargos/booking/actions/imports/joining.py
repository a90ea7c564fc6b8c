"""A file that we gave back comes in again: its mended cells go to the import it is of, and nothing is booked twice."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection
from django.db.models import Max

from icargos.booking.actions.imports.held import ROW, held, to_json
from icargos.booking.actions.imports.uploading import check_again
from icargos.booking.models import Import, ImportFix, ImportRow
from icargos.booking.rules.rows import values_of
from icargos.booking.rules.sheet import Sheet, is_ours, row_links
from icargos.booking.rules.totals import OPEN, State
from icargos.ground import bulk
from icargos.kit.actor import Actor


def first_sheet(actor: Actor, mine: Import, sheet: Sheet) -> Import | None:
    """The import that a sheet goes on with, locked; None when it names none of this shipper's with the same headers."""
    named = sheet.meta.get("import", "")
    if not named.isdecimal() or len(named) > 18 or int(named) == mine.id:
        return None
    if not Import.objects.filter(shipper_id=actor.tenant, id=int(named)).exists():
        return None
    found = held(actor, int(named))
    same = _theirs(sheet.headers) == _theirs(found.mapping.get("headers", []))
    return found if found.kept and found.state in {"checked", "booked"} and same else None


def join(actor: Actor, mine: Import, first: Import, sheet: Sheet, *, now: datetime) -> None:
    """Put the cells that differ into the first import's open rows, add the rows it did not have, and check it again.

    Rows that are booked stay as they are. The sheet that brought them is kept, as merged.
    """
    places = [place for place, header in enumerate(sheet.headers) if not is_ours(header)]
    texts = {number: [row[place] for place in places] for number, row in zip(sheet.numbers, sheet.rows, strict=True)}
    links = row_links(sheet)
    known = ImportRow.objects.filter(shipper_id=actor.tenant, import_id=first.id)
    standing = {row: state for row, state in known.values_list("row", "state") if row in set(links.values())}
    mended = {links[number]: cells for number, cells in texts.items() if links.get(number) in standing}
    added = [cells for number, cells in texts.items() if links.get(number) not in standing]
    changes = _mend(actor, first, {row: cells for row, cells in mended.items() if standing[row] in OPEN})
    _add(actor, first, added)
    if changes:
        ImportFix.objects.create(
            shipper_id=actor.tenant,
            import_id=first.id,
            at=now,
            by_id=mine.by_id,
            by_name=mine.by_name,
            cells=changes,
        )
    Import.objects.filter(id=mine.id).update(
        state="merged", continues_id=first.id, rows=len(sheet.rows), checked=len(sheet.rows), checked_at=now
    )
    Import.objects.filter(id=first.id).update(fixed=first.fixed + len(changes))
    check_again(actor, first, now=now)


def _theirs(headers: Sequence[str]) -> list[str]:
    return [header.strip() for header in headers if not is_ours(header)]


def _mend(actor: Actor, first: Import, mended: Mapping[int, Sequence[str]]) -> list[tuple[int, str, str, str]]:
    columns: dict[str, int] = first.mapping.get("columns", {})
    own = [place for place, header in enumerate(first.mapping["headers"]) if not is_ours(header)]
    at = {key: own.index(place) for key, place in columns.items() if place in own}
    changes: list[tuple[int, str, str, str]] = []
    edited: list[tuple[int, str | None]] = []
    rows = ImportRow.objects.filter(shipper_id=actor.tenant, import_id=first.id, row__in=list(mended))
    for row, cells, edits in rows.values_list("row", "cells", "edits"):
        stands = values_of(cells, edits, columns, {})
        differing = {key: mended[row][place] for key, place in at.items() if mended[row][place] != stands[key]}
        changes += [(row, key, stands[key], text) for key, text in differing.items()]
        if differing:
            edited.append((row, to_json({**edits, **differing})))
    if edited:
        with (
            bulk.given({"row": "integer", "edits": "jsonb"}, edited) as (source, arrays),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                f"UPDATE booking_importrow r SET edits = given.edits FROM {source}"  # noqa: S608
                " WHERE r.shipper_id = %s AND r.import_id = %s AND r.row = given.row",
                [*arrays, actor.tenant, first.id],
            )
    return changes


def _add(actor: Actor, first: Import, added: Sequence[Sequence[str]]) -> None:
    """Rows that the first sheet did not have stand behind its last one until they are checked."""
    if not added:
        return
    rows = ImportRow.objects.filter(shipper_id=actor.tenant, import_id=first.id)
    last = rows.aggregate(last=Max("row"))["last"] or first.mapping.get("header_row", 1)
    headers = first.mapping["headers"]
    own = [place for place, header in enumerate(headers) if not is_ours(header)]
    fresh = []
    for number, texts in enumerate(added, start=last + 1):
        cells = [""] * len(headers)
        for place, text in zip(own, texts, strict=True):
            cells[place] = text
        fresh.append((number, to_json(cells), False, "{}", "", None, "[]", State.WRONG.value, 0, ""))
    whose = {"shipper_id": ("bigint", actor.tenant), "import_id": ("bigint", first.id)}
    bulk.insert("booking_importrow", ROW, fresh, same=whose)
