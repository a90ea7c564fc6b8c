"""A CSV file for Excel in which no cell starts a formula, whoever typed it."""

import csv
import io
from collections.abc import Collection, Iterable, Sequence

_STARTS_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def write_csv(headers: Sequence[str], rows: Iterable[Sequence[str]], *, figures: Collection[int] = ()) -> bytes:
    """UTF-8 with its mark, every cell quoted, a text that would start a formula after ``'``.

    White space before such a text is left out, since Excel looks through it. Columns in ``figures`` (0-based places)
    hold numbers of our own: they stay as they are, so that a sheet adds up what is below zero too.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(map(_inert, headers))
    if not figures:
        writer.writerows(map(_inert, row) for row in rows)
    else:
        writer.writerows([cell if place in figures else _inert(cell) for place, cell in enumerate(row)] for row in rows)
    return out.getvalue().encode("utf-8-sig", "replace")


def _inert(text: str) -> str:
    stripped = text.lstrip()
    return f"'{stripped}" if stripped.startswith(_STARTS_FORMULA) else text
