"""Text files: csv, tsv and what Excel calls Unicode text."""

import csv
import io
from collections.abc import Iterator

from icargos.booking.gateways.refusal import Unfit
from icargos.booking.gateways.workbook import (
    MAX_CELL,
    MAX_ROWS,
    MOST_COLUMNS,
    TITLE_ROWS,
    cell_too_long,
    too_many_columns,
    too_many_rows,
)
from icargos.booking.rules.columns import recognised
from icargos.booking.rules.problems import Code
from icargos.booking.rules.sheet import Note
from icargos.kit.texts import gettext_noop

_DELIMITERS = ",;\t|"
_CONTROL = bytes(set(range(32)) - {9, 10, 11, 12, 13, 26, 27})
_SAMPLE = 65_536


def read_text(data: bytes) -> tuple[list[list[str]], list[Note]]:
    """The rows of a delimited text, with notes on how it was read. Raises Unfit."""
    text, told = _decode(data)
    if text.lstrip()[:1] == "<":
        raise Unfit(
            Code.FILE_UNREADABLE,
            gettext_noop("This is a web page, although it may be named .xls. Open it in Excel and save it as .xlsx."),
        )
    hint, _, following = text.partition("\n")
    hint = hint.strip().strip('"').lower()
    if hint.startswith("sep=") and len(hint) == 5:
        delimiter = hint[4]
        # The hint stays as an empty row, so that row numbers agree with what Excel shows.
        text = "\n" + following
    else:
        delimiter = _delimiter(text[:_SAMPLE])
    rows: list[list[str]] = []
    empty = 0  # rows of a file that is millions of line ends are counted, not kept
    for row in _rows(text, delimiter):
        if not any(row):
            empty += 1
            continue
        if len(row) > MOST_COLUMNS and any(row[MOST_COLUMNS:]):
            raise too_many_columns()
        if len(rows) + empty >= MAX_ROWS + TITLE_ROWS:
            raise too_many_rows()
        rows += [[]] * empty
        rows.append(row)
        empty = 0
    return rows, told


def _decode(data: bytes) -> tuple[str, list[Note]]:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _decoded(data, encoding), []
    sample = data[:4096]
    if sample.count(0) * 3 > len(sample):
        return _decoded(data, "utf-16-le" if sample[1:2] == b"\0" else "utf-16-be"), []
    if len(data) != len(data.translate(None, _CONTROL)):
        raise _not_text()
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError:
        note = gettext_noop("The file is not in UTF-8; it was read as Windows-1252. Check names with special letters.")
        return data.decode("cp1252", "replace"), [Note(note)]


def _decoded(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as broken:
        raise _not_text() from broken
    if "\0" in text:
        raise _not_text()
    return text


def _not_text() -> Unfit:
    told = gettext_noop("This is not an Excel or CSV file. Save your sheet as .xlsx or .csv and upload that.")
    return Unfit(Code.FILE_UNREADABLE, told)


def _delimiter(sample: str) -> str:
    """The delimiter under which a row names the most columns; of equals the one that cuts most."""

    def score(delimiter: str) -> tuple[int, int]:
        rows: list[list[str]] = []
        try:
            for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
                rows.append(row[:MOST_COLUMNS])
                if len(rows) == 15:
                    break
        except csv.Error:
            return (0, 0)
        return (max((recognised(row) for row in rows), default=0), max((len(row) for row in rows), default=0))

    return max(_DELIMITERS, key=score)


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(MAX_CELL)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as broken:
        if "field larger" in str(broken):
            raise cell_too_long() from broken
        told = gettext_noop("The file cannot be read as a table: %(reason)s.")
        raise Unfit(Code.FILE_UNREADABLE, told, reason=str(broken)) from broken
