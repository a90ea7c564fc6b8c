"""The sender's own sheet given back: with its bad cells marked, or with what became of its rows."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

import msgspec

from icargos.booking.gateways.table_writer import MOST_COMMENTS, Line, Style, write_xlsx
from icargos.booking.rules.sheet import ERRORS_COLUMN, ROW_COLUMN, is_ours
from icargos.kit.delimited import write_csv

__all__ = ["MOST_COMMENTS", "BackRow", "Mark", "ResultRow", "write_back", "write_back_csv", "write_result"]

_BETWEEN = " | "


class Mark(msgspec.Struct, frozen=True, gc=False):
    """One thing said of a row: ``place`` is the 0-based place in ``headers`` of the cell, None for the row as a whole.

    ``text`` is message and suggestion in the reader's language.
    """

    place: int | None
    text: str
    warning: bool = False


class BackRow(msgspec.Struct, frozen=True):
    """One row as it was read, ``number`` being its row in the sheet that was first sent."""

    number: int
    cells: Sequence[str]
    marks: Sequence[Mark] = ()


class ResultRow(msgspec.Struct, frozen=True):
    """One row as it was read, and what became of it: one value for each added header. Money as Decimal of rupees."""

    cells: Sequence[str]
    added: Sequence[str | int | Decimal]


def write_back(
    *,
    headers: Sequence[str],
    rows: Iterable[BackRow],
    title: str,
    meta: Mapping[str, str],
    text_columns: Collection[int] = (),
    note: str = "",
) -> bytes:
    """The sender's sheet as xlsx: same headers in the same order, ``rows`` as the caller chose them, then two columns
    of ours, ``__row`` and ``__errors``.

    Bad cells are coloured, errors before warnings, each with its messages as a comment. Only the first MOST_COMMENTS
    cells get a comment, because Excel opens tens of thousands very slowly; ``__errors`` has the messages of every
    row. ``rows`` are taken once and not kept, so a cursor will do. Every cell has the text it had: read again by
    ``gateways.sheet`` it is equal. ``text_columns`` are 0-based places in ``headers`` whose cells are never numbers
    (phones, order refs, profiles). ``title`` names the sheet, ``meta`` goes to the hidden sheet (``{"import": "17"}``),
    ``note`` is shown as a comment on ``__errors``. A cell may hold up to 32,767 characters. Columns of ours that the
    sheet already has are replaced.
    """
    kept = [place for place, header in enumerate(headers) if not is_ours(header)]
    lines = (_line(row, headers, kept) for row in rows)
    return write_xlsx(
        title=title,
        headers=[*(headers[place] for place in kept), ROW_COLUMN, ERRORS_COLUMN],
        lines=lines,
        meta=meta,
        text_columns={new for new, place in enumerate(kept) if place in text_columns},
        header_comments={len(kept) + 1: note} if note else None,
    )


def write_back_csv(*, headers: Sequence[str], rows: Iterable[BackRow]) -> bytes:
    """The same as csv, UTF-8 with its mark. It has no colours, and no hidden sheet that names the import."""
    kept = [place for place, header in enumerate(headers) if not is_ours(header)]

    def texts() -> Iterator[list[str]]:
        for row in rows:
            yield [*(row.cells[place] for place in kept), str(row.number), _errors(row, headers)]

    return write_csv([*(headers[place] for place in kept), ROW_COLUMN, ERRORS_COLUMN], texts())


def write_result(
    *,
    headers: Sequence[str],
    rows: Iterable[ResultRow],
    added: Sequence[str],
    title: str,
    text_columns: Collection[int] = (),
) -> bytes:
    """The sender's sheet as xlsx with further columns to the right, whose headers are ``added``: CN, charges, state.

    Decimals are written as amounts that can be summed. ``rows`` are taken once and not kept.
    """
    kept = [place for place, header in enumerate(headers) if not is_ours(header)]

    def lines() -> Iterator[Line]:
        for row in rows:
            styles = {
                len(kept) + place: Style.MONEY if isinstance(value, Decimal) else Style.OURS
                for place, value in enumerate(row.added)
            }
            yield Line([*(row.cells[place] for place in kept), *row.added], styles)

    return write_xlsx(
        title=title,
        headers=[*(headers[place] for place in kept), *added],
        lines=lines(),
        text_columns={new for new, place in enumerate(kept) if place in text_columns},
    )


def _line(row: BackRow, headers: Sequence[str], kept: Sequence[int]) -> Line:
    cells = [*(row.cells[place] for place in kept), str(row.number), _errors(row, headers)]
    if not row.marks:
        return Line(cells)
    styles: dict[int, Style] = {len(kept) + 1: Style.OURS}
    comments: dict[int, str] = {}
    for mark in row.marks:
        if mark.place is None or mark.place not in kept:
            continue
        place = kept.index(mark.place)
        if not mark.warning or place not in styles:
            styles[place] = Style.WARNING if mark.warning else Style.ERROR
        comments[place] = f"{comments[place]}\n{mark.text}" if place in comments else mark.text
    return Line(cells, styles, comments)


def _errors(row: BackRow, headers: Sequence[str]) -> str:
    """All messages of a row in one text, each after the header of its cell."""
    return _BETWEEN.join(
        mark.text if mark.place is None else f"{headers[mark.place]}: {mark.text}" for mark in row.marks
    )
