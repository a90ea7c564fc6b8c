"""Tables as CSV for Excel, so that no cell can start a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

_STARTS_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def write_csv(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with its mark, every cell quoted, a text that would start a formula after ``'``.

    White space before such a text is left out, since Excel looks through it.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(map(_inert, headers))
    writer.writerows(map(_inert, row) for row in rows)
    return out.getvalue().encode("utf-8-sig", "replace")


def _inert(text: str) -> str:
    stripped = text.lstrip()
    return f"'{stripped}" if stripped.startswith(_STARTS_FORMULA) else text
