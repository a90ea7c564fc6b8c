"""Imports and the rows of their sheets."""

from datetime import datetime
from typing import Any

import msgspec
from django.db import connection

from icargos.accounts.rules import Can
from icargos.booking.models import Import, ImportRow
from icargos.booking.rules.problems import Code, Problem
from icargos.kit.actor import Actor
from icargos.kit.errors import NotFound


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """One import as its page shows it. Money in paisa; ``columns`` maps column keys to places in ``headers``."""

    id: int
    file_name: str
    state: str
    refusal: str
    by_name: str
    at: datetime
    sheet_name: str
    rows: int
    ready: int
    warned: int
    wrong: int
    booked: int
    cod_paisa: int
    charges_paisa: int
    booked_at: datetime | None
    notes: list[str]
    defaults: dict[str, str]
    mapping: dict[str, Any]

    @property
    def busy(self) -> bool:
        """Whether the worker still has something to do with it."""
        return self.state in {"uploaded", "checking", "booking"}

    @property
    def bookable(self) -> int:
        """How many rows can be booked."""
        return self.ready + self.warned

    @property
    def headers(self) -> list[str]:
        """The sheet's own headers, in its order."""
        return list(self.mapping.get("headers", []))

    @property
    def columns(self) -> dict[str, int]:
        """Which of our columns stands where: column key to 0-based place in ``headers``."""
        return dict(self.mapping.get("columns", {}))

    @property
    def unsure(self) -> dict[str, str]:
        """Headers that only look like a column, to that column's key; they were left out."""
        return dict(self.mapping.get("unsure", {}))

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with the sheet as a whole, e.g. a column it lacks."""
        return msgspec.convert(self.mapping.get("problems", []), list[Problem])


class SheetRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a sheet: its cells by column key, and what is wrong with them."""

    row: int
    state: str
    cells: dict[str, str]
    problems: list[Problem]
    consignment_id: int | None


def imports(actor: Actor, *, most: int = 50) -> list[Sheet]:
    """The shipper's latest imports, newest first. Needs IMPORT."""
    actor.require(Can.IMPORT)
    return [_sheet(found) for found in Import.objects.filter(shipper_id=actor.tenant).order_by("-id")[:most]]


def one_import(actor: Actor, import_id: int) -> Sheet:
    """One import; raises NotFound, the same for unknown and foreign."""
    actor.require(Can.IMPORT)
    found = Import.objects.filter(shipper_id=actor.tenant, id=import_id).first()
    if found is None:
        raise NotFound("There is no such import here.")
    return _sheet(found)


def rows(
    actor: Actor, sheet: Sheet, *, state: str = "", code: str = "", after: int = 0, size: int = 50
) -> list[SheetRow]:
    """Rows of an import in the sheet's order, after row ``after``; narrowed to a state or a problem's code."""
    actor.require(Can.IMPORT)
    found = ImportRow.objects.filter(shipper_id=actor.tenant, import_id=sheet.id, row__gt=after).order_by("row")
    if state:
        found = found.filter(state=state)
    if code:
        found = found.filter(problems__contains=[{"code": code}])
    columns = sheet.columns
    return [
        SheetRow(
            row=one.row,
            state=one.state,
            cells={key: one.cells[place] for key, place in columns.items()},
            problems=msgspec.convert(one.problems, list[Problem]),
            consignment_id=one.consignment_id,
        )
        for one in found[:size]
    ]


_TALLY = """
SELECT p ->> 'code', count(*) FROM booking_importrow r, jsonb_array_elements(r.problems) AS p
WHERE r.shipper_id = %s AND r.import_id = %s AND r.problems <> '[]' GROUP BY 1 ORDER BY 2 DESC, 1
"""


def problem_tally(actor: Actor, sheet: Sheet) -> dict[Code, int]:
    """How many problems of each code the rows have, the most frequent first."""
    actor.require(Can.IMPORT)
    with connection.cursor() as cursor:
        cursor.execute(_TALLY, [actor.tenant, sheet.id])
        return {Code(code): n for code, n in cursor.fetchall()}


def _sheet(found: Import) -> Sheet:
    return Sheet(**{name: getattr(found, name) for name in Sheet.__struct_fields__})
