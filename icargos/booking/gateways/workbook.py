"""A look into an xlsx before a parser gets it: a workbook is a zip that can unpack to anything."""

import html
import re
import zipfile
from pathlib import Path
from typing import NamedTuple

from icargos.booking.gateways.refusal import Unfit
from icargos.booking.rules.problems import Code
from icargos.booking.rules.sheet import OUR_COLUMNS
from icargos.kit.texts import gettext_noop

MAX_ROWS = 50_000
MAX_COLUMNS = 100
MOST_COLUMNS = MAX_COLUMNS + len(OUR_COLUMNS)
MAX_CELL = 32_767
TITLE_ROWS = 100  # the orders may start some rows down, below titles and blank rows

_MAX_ENTRIES = 2_000
_MAX_UNPACKED = 250 * 1024 * 1024
_MAX_RATIO = 150
_RATIO_COUNTS_FROM = 10 * 1024 * 1024
_CHUNK = 1024 * 1024
_HEAD = 4096
_MAX_ONE_ROW = 8 * 1024 * 1024

# XML may also part attributes by tabs and lines, and quote them singly.
_PLAIN_XML = bytes.maketrans(b"\t\n\r'", b'   "')
# Every pattern below is bounded or stops at the next "<", so that no text makes it look at anything twice.
_DIMENSION = re.compile(rb'<(?:\w{1,20}:)?dimension ref="(?:[A-Z]{1,3}\d{1,7}:)?([A-Z]{1,3})(\d{1,7})"')
# 100 columns and our own two end at CX; a row number of six digits lies beyond the last row we read.
_FAR_CELL = re.compile(
    rb'<(?:\w{1,20}:)?c\b[^<>]*?\br="(?:[A-Z]{3,}\d+|C[YZ]\d+|[D-Z][A-Z]\d+|[A-Z]\d{6,}|[A-Z]{2}\d{6,})"[^<>]*>'
)
# Starts with plain letters, which the regex engine finds many times faster; only its hits are looked at again.
_FAR_HINT = re.compile(rb' r="(?:[A-Z]{3,}\d|C[YZ]\d|[D-Z][A-Z]\d|[A-Z]{1,2}\d{6,})')
_ROW = re.compile(rb'<(?:\w{1,20}:)?row\b[^<>]{0,300}?\br="(\d{1,20})"[^<>]{0,300}>')
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_CELL_END = re.compile(rb"</(?:\w{1,20}:)?c>")
_CELL_START = re.compile(rb"<(?:\w{1,20}:)?c ([^<>]*[^/<>])>")
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_FORMULA = re.compile(rb"<(?:\w{1,20}:)?f\b[^<>]*>([^<]*)")
_VALUE = re.compile(rb"<(?:\w{1,20}:)?(?:v|t)\b[^<>]*>([^<]+)<")
_VALUE_TAG = re.compile(rb"<(?:\w{1,20}:)?(?:v|is)\b")
_SHEET = re.compile(r"<(?:\w{1,20}:)?sheet\s([^<>]*)>")
_RELATION = re.compile(r"<(?:\w{1,20}:)?Relationship\s([^<>]*)>")
_ATTRIBUTE = re.compile(r"(?<![\w:])([\w:]{1,60})\s{0,20}=\s{0,20}(?:\"([^\"]*)\"|'([^']*)')")


class Look(NamedTuple):
    """What a sheet's XML shows that the parser does not tell.

    ``marks`` are texts by 0-based (row, column) for cells whose value is an Excel error or a formula without a
    saved result; ``hidden`` the hidden rows' numbers; ``formulas`` how many formulas have a saved result.
    """

    marks: dict[tuple[int, int], str]
    hidden: list[int]
    formulas: int


def too_many_rows() -> Unfit:
    """The refusal of a sheet that is too long."""
    told = gettext_noop("The sheet has more than %(rows)s rows. Split it into smaller files and upload each.")
    return Unfit(Code.FILE_TOO_BIG, told, rows=f"{MAX_ROWS:,}")


def too_many_columns() -> Unfit:
    """The refusal of a sheet that is too wide."""
    told = gettext_noop("The sheet has more than %(columns)s columns. Remove those that are not about the orders.")
    return Unfit(Code.FILE_TOO_BIG, told, columns=str(MAX_COLUMNS))


def cell_too_long() -> Unfit:
    """The refusal of a cell no sheet program would have written."""
    told = gettext_noop("One cell of the sheet is longer than %(length)s characters. Remove it and upload again.")
    return Unfit(Code.FILE_TOO_BIG, told, length=f"{MAX_CELL:,}")


def damaged() -> Unfit:
    """The refusal of a file that breaks off or contradicts itself."""
    told = gettext_noop(
        "The file is damaged and cannot be read. Open it in Excel, save it again as .xlsx and upload that."
    )
    return Unfit(Code.FILE_UNREADABLE, told)


def open_workbook(path: Path) -> zipfile.ZipFile:
    """Open the zip after checking entry count, unpacked size, ratio and kind. Raises Unfit."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as broken:
        raise damaged() from broken
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise encrypted()
    bomb = len(entries) > _MAX_ENTRIES or sum(entry.file_size for entry in entries) > _MAX_UNPACKED
    for entry in entries:
        packed = max(entry.compress_size, 1)
        bomb = bomb or (entry.file_size > _RATIO_COUNTS_FROM and entry.file_size > packed * _MAX_RATIO)
    if bomb:
        told = gettext_noop("The file unpacks to far more than a sheet of orders needs, so it was not opened.")
        raise Unfit(Code.FILE_TOO_BIG, told)
    if len(set(names)) != len(names):
        raise damaged()
    if "xl/workbook.xml" not in names:
        raise Unfit(
            Code.FILE_UNREADABLE,
            gettext_noop("This is not an Excel sheet that we can read. Save it as .xlsx or .csv and upload that."),
        )
    return archive


def encrypted() -> Unfit:
    """The refusal of a file behind a password."""
    told = gettext_noop("The file is protected by a password. Remove it in Excel, save the file and upload it again.")
    return Unfit(Code.FILE_ENCRYPTED, told)


def sheet_entries(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet titles and the zip entries that hold them, in the workbook's order."""
    relations: dict[str, str] = {}
    for found in _RELATION.findall(_small_text(archive, "xl/_rels/workbook.xml.rels")):
        attributes = _attributes(found)
        target = attributes.get("Target", "")
        relations[attributes.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    entries: dict[str, str] = {}
    for found in _SHEET.findall(_small_text(archive, "xl/workbook.xml")):
        attributes = _attributes(found)
        link = next((value for key, value in attributes.items() if key.endswith(":id")), "")
        entries[attributes.get("name", "")] = relations.get(link, "")
    return entries


def look(archive: zipfile.ZipFile, entry: str) -> Look:
    """Read a sheet's XML once, in pieces: refuse cells far outside, note hidden rows, formulas and errors.

    A parser makes room for the whole rectangle up to the farthest cell, so one cell at XFD1048576 would ask for
    17 thousand million cells. Cells are looked at one by one only where the sheet does not itself say that it ends
    within the limits; one that lies about this ends at the memory limit. Raises Unfit.
    """
    marks: dict[tuple[int, int], str] = {}
    hidden: list[int] = []
    formulas = 0
    near: bool | None = None
    try:
        with archive.open(entry) as stream:
            rest = b""
            while piece := stream.read(_CHUNK):
                if near is None:
                    near = _says_near(piece[:_HEAD])
                buffer = rest + piece
                cut = max(buffer.rfind(b"<row"), buffer.rfind(b"</row>") + 6)
                if cut == 5:
                    cut = buffer.rfind(b":row>") + 5 if b":row>" in buffer else 0
                if cut == 0 and len(buffer) > _MAX_ONE_ROW:
                    raise cell_too_long()
                formulas += _look_at(buffer[:cut], near, marks, hidden)
                rest = buffer[cut:]
            formulas += _look_at(rest, bool(near), marks, hidden)
    except KeyError as missing:
        raise damaged() from missing
    return Look(marks, hidden, formulas)


def _says_near(head: bytes) -> bool:
    dimension = _DIMENSION.search(head)
    if dimension is None:
        return False
    return int(dimension[2]) <= MAX_ROWS + TITLE_ROWS and _column(dimension[1]) < MOST_COLUMNS


def _look_at(raw: bytes, near: bool, marks: dict[tuple[int, int], str], hidden: list[int]) -> int:
    piece = raw
    if b"'" in raw or b"\n" in raw or b"\t" in raw or b"\r" in raw:
        piece = raw.translate(_PLAIN_XML)
    if not near:
        _refuse_far(piece)
    if b"hidden" in piece:
        hidden += [int(row[1]) for row in _ROW.finditer(piece) if _HIDDEN.search(row[0])]
    # Single letters are found many times faster than words, and most sheets hold neither.
    if (b"f" in piece or b"#" in piece) and (b"<f" in piece or b":f" in piece or b't="e"' in piece):
        return _look_at_formulas(piece, marks)
    return 0


def _refuse_far(piece: bytes) -> None:
    for cell in _FAR_CELL.finditer(piece) if _FAR_HINT.search(piece) else ():
        end = piece.find(b"</", cell.end())
        if not cell[0].endswith(b"/>") and _VALUE_TAG.search(piece, cell.end(), max(end, cell.end())):
            place = _PLACE.search(cell[0])
            raise too_many_columns() if place is not None and int(place[2]) <= MAX_ROWS else too_many_rows()
    for row in _ROW.finditer(piece):
        if int(row[1]) > MAX_ROWS + TITLE_ROWS and not row[0].endswith(b"/>"):
            end = piece.find(b"row>", row.end())
            if _VALUE_TAG.search(piece, row.end(), end if end > 0 else len(piece)):
                raise too_many_rows()


def _look_at_formulas(piece: bytes, marks: dict[tuple[int, int], str]) -> int:
    """Mark the cells whose value is an error or missing; returns how many formulas have a saved result."""
    formulas = 0
    for part in _CELL_END.split(piece):
        failed = b't="e"' in part
        formula = _FORMULA.search(part)
        if formula is None and not failed:
            continue
        starts = list(_CELL_START.finditer(part))
        if not starts:
            continue
        start = starts[-1]
        failed = b't="e"' in start[1]
        value = _VALUE.search(part, start.end())
        if failed and value is not None:
            _mark(marks, start[1], value[1])
        elif formula is not None and value is None and b't="str"' not in start[1]:
            _mark(marks, start[1], b"=" + formula[1])
        elif formula is not None:
            formulas += 1
    return formulas


def _mark(marks: dict[tuple[int, int], str], attributes: bytes, text: bytes) -> None:
    place = _PLACE.search(attributes)
    if place is not None:
        marks[int(place[2]) - 1, _column(place[1])] = html.unescape(text[:60].decode("utf-8", "replace"))


def _column(letters: bytes) -> int:
    """The 0-based place of a column by its letters."""
    column = 0
    for letter in letters:
        column = column * 26 + letter - 64
    return column - 1


def _small_text(archive: zipfile.ZipFile, name: str) -> str:
    try:
        with archive.open(name) as stream:
            return stream.read(_CHUNK).decode("utf-8", "replace")
    except KeyError as missing:
        raise damaged() from missing


def _attributes(text: str) -> dict[str, str]:
    return {key: html.unescape(double or single) for key, double, single in _ATTRIBUTE.findall(text)}
