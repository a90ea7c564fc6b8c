"""A CSV file for Excel in which no cell starts a formula, whoever typed it."""

import csv
import io
from collections.abc import Collection, Iterable, Sequence

_STARTS_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_SPACES = "".join(letter for letter in map(chr, range(0x3001)) if letter.isspace())


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


def inert_sql(column: str) -> str:
    """The same rule as an SQL expression, for files that the database writes itself; ``column`` is a name of ours."""
    spaces = "".join(f"\\{ord(letter):04X}" for letter in _SPACES)
    text = f"ltrim({column}, U&'{spaces}')"
    signs = ", ".join(f"'{sign}'" for sign in _STARTS_FORMULA)
    return f"CASE WHEN left({text}, 1) IN ({signs}) THEN '''' || {text} ELSE {column} END"
