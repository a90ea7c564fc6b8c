"""A list as a file to take out, sent as the database reads it.

The body is written after the request's own transaction has ended, and a transaction is what holds the fence: so each
file opens one of its own, for its actor, and keeps it until the last byte.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.db import connection
from django.http import StreamingHttpResponse
from django.utils.translation import get_language_bidi

from icargos.ground.tenancy import acting
from icargos.kit import xlsx
from icargos.kit.actor import Actor
from icargos.kit.csv_file import inert_sql
from icargos.kit.xlsx import Cell

Format = Literal["csv", "xlsx"]
_TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
# Excel takes a file for UTF-8 only when it begins like this.
_MARK = b"\xef\xbb\xbf"
_CSV = {
    Cell.TEXT: inert_sql("{0}"),
    Cell.MOMENT: "to_char({0}, 'YYYY-MM-DD HH24:MI')",
}
_XLSX = {Cell.MOMENT: "round((extract(epoch FROM {0}) / 86400 + 25569)::numeric, 6)"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file holds: a statement, a heading and a kind for each of its columns. Its moments are without a zone."""

    headings: Sequence[str]
    kinds: Sequence[Cell]
    sql: str
    params: Sequence[Any]


def response(actor: Actor, sheet: Sheet, fmt: Format, name: str) -> StreamingHttpResponse:
    """The file ``name``.csv or ``name``.xlsx, to be kept by the browser."""
    body = _csv(actor, sheet) if fmt == "csv" else _xlsx(actor, sheet, name, rightwards=not get_language_bidi())
    answer = StreamingHttpResponse(body, content_type=_TYPES[fmt])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{fmt}"'
    return answer


def _csv(actor: Actor, sheet: Sheet) -> Iterator[bytes]:
    yield _MARK + ",".join(f'"{heading}"' for heading in sheet.headings).encode() + b"\n"
    statement = f"COPY ({_shown(sheet, _CSV)}) TO STDOUT (FORMAT csv)"
    with acting(actor), connection.cursor() as cursor, cursor.copy(statement, sheet.params) as copy:
        for piece in copy:
            yield bytes(piece)


def _xlsx(actor: Actor, sheet: Sheet, title: str, *, rightwards: bool) -> Iterator[bytes]:
    columns = list(zip(sheet.headings, sheet.kinds, strict=True))
    statement = f"COPY ({_shown(sheet, _XLSX)}) TO STDOUT"
    with acting(actor), connection.cursor() as cursor, cursor.copy(statement, sheet.params) as copy:
        yield from xlsx.stream(title, columns, copy.rows(), rightwards=rightwards)


def _shown(sheet: Sheet, ways: dict[Cell, str]) -> str:
    """The sheet's statement with each column written in the file's way."""
    names = [f"c{place}" for place in range(len(sheet.kinds))]
    shown = (ways.get(kind, "{0}").format(name) for name, kind in zip(names, sheet.kinds, strict=True))
    return f"SELECT {', '.join(shown)} FROM ({sheet.sql}) AS sheet ({', '.join(names)})"  # noqa: S608
