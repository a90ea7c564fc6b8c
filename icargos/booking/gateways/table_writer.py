"""Writing large tables as xlsx in little memory, so that no cell can start a formula.

XlsxWriter makes the workbook without its rows: styles, widths, comments, the hidden sheet. The rows themselves are
written as plain XML and put into it at the end, about ten times as fast as cell by cell.
"""

import io
import re
import tempfile
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from enum import Enum, auto
from typing import IO

import msgspec
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from icargos.booking.gateways.workbook import MAX_CELL
from icargos.booking.rules.sheet import META_MARK, META_SHEET

Value = str | int | Decimal

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
MOST_COMMENTS = 2_000
_SAMPLED = 200  # rows that the widths of the columns are taken from
_NARROW, _WIDE = 9, 46
_AT_ONCE = 500
_REMEMBERED = 50_000
# Read back, such a text is the same again: no sign, no leading or trailing zero, short enough not to be a phone.
_NUMBER = re.compile(r"(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{0,3}[1-9])?", re.ASCII)
_NOT_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_SURROGATES = re.compile("[\ud800-\udfff]")
_UNSPEAKABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]")
_ROWS = re.compile(rb"<sheetData>.*</sheetData>", re.DOTALL)
_STYLED = re.compile(rb'<c r="A(\d+)" s="(\d+)"')
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f]")


class Style(Enum):
    """How a cell looks. All but MONEY keep what is typed into them as text, so that zeros stay and "=" is harmless."""

    TEXT = auto()
    HEAD = auto()
    OURS = auto()
    MONEY = auto()
    ERROR = auto()
    WARNING = auto()


_LOOKS: Mapping[Style, dict[str, object]] = {
    Style.TEXT: {"num_format": "@"},
    Style.HEAD: {"num_format": "@", "bold": True, "bottom": 1, "bg_color": "#EFEEEB", "valign": "top"},
    Style.OURS: {"num_format": "@", "font_color": "#6B6862"},
    Style.MONEY: {"num_format": "#,##0.00"},
    Style.ERROR: {"num_format": "@", "bg_color": "#F9CFCB"},
    Style.WARNING: {"num_format": "@", "bg_color": "#FBE9B7"},
}


class Line(msgspec.Struct, frozen=True):
    """One row: its cells from the left, and by 0-based place the styles and comments of those that stand out."""

    cells: Sequence[Value]
    styles: Mapping[int, Style] = {}
    comments: Mapping[int, str] = {}


def write_xlsx(
    *,
    title: str,
    headers: Sequence[str],
    lines: Iterable[Line],
    meta: Mapping[str, str] | None = None,
    text_columns: Collection[int] = (),
    header_comments: Mapping[int, str] | None = None,
) -> bytes:
    """A workbook of one sheet with a frozen header. ``lines`` are taken once and not kept.

    A text that is a plain number of at most nine digits is written as a number, save in ``text_columns`` (0-based
    places of phones, order refs and the like); everything else is text. The first MOST_COMMENTS comments are kept.
    """
    comments = [(0, place, text) for place, text in (header_comments or {}).items()]
    sheet = _Rows(len(headers), text_columns)
    with tempfile.TemporaryFile() as body:
        _write_lines(body, sheet, headers, lines, comments)
        shell = _shell(title, sheet, comments, meta or {})
        body.seek(0)
        return _put_in(shell, body)


def add_meta(book: xlsxwriter.Workbook, meta: Mapping[str, str]) -> None:
    """Add the hidden sheet by which our reader knows a workbook of ours."""
    sheet = book.add_worksheet(META_SHEET)
    sheet.write_string(0, 0, META_MARK)
    for row, (key, value) in enumerate(meta.items(), start=1):
        sheet.write_string(row, 0, key)
        sheet.write_string(row, 1, _spoken(value))
    sheet.very_hidden()


class _Fragments(dict[str, str]):
    """What follows a cell's place in its XML, each different text made once."""

    def __init__(self, *, as_text: bool) -> None:
        super().__init__()
        self._as_text = as_text

    def __missing__(self, text: str) -> str:
        if len(self) > _REMEMBERED:
            self.clear()
        if not self._as_text and _NUMBER.fullmatch(text):
            made = f'"><v>{text}</v></c>'
        else:
            made = f'" s="{Style.TEXT.value}" t="inlineStr"><is>{_element(text)}</is></c>'
        self[text] = made
        return made


def _element(text: str) -> str:
    """The text as a ``t`` element. What XML cannot hold is written the way Excel does, ``_x000D_``."""
    text = _NOT_IN_XML.sub(_escaped, text[:MAX_CELL])
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    space = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    return f"<t{space}>{text}</t>"


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"_x{code:04X}_" if code < 0xFFFE else "\ufffd"


class _Rows:
    """Turns lines into XML, and remembers how wide their texts are."""

    def __init__(self, columns: int, text_columns: Collection[int]) -> None:
        self.letters = [xl_col_to_name(place) for place in range(columns)]
        self.widths = [_NARROW] * columns
        self.count = 0
        plain, text = _Fragments(as_text=False), _Fragments(as_text=True)
        self._fragments = [text if place in text_columns else plain for place in range(columns)]

    def row(self, line: Line) -> str:
        """The next row's XML."""
        self.count += 1
        number = self.count
        if number <= _SAMPLED:
            self.widths = [max(width, len(str(cell))) for width, cell in zip(self.widths, line.cells, strict=True)]
        if line.styles:
            return self._styled(number, line)
        inside = [
            f'<c r="{letter}{number}{fragments[cell]}'  # type: ignore[index]
            for letter, fragments, cell in zip(self.letters, self._fragments, line.cells, strict=True)
            if cell
        ]
        return f'<row r="{number}">{"".join(inside)}</row>'

    def _styled(self, number: int, line: Line) -> str:
        inside = []
        for place, cell in enumerate(line.cells):
            style = line.styles.get(place)
            start = f'<c r="{self.letters[place]}{number}'
            if style is None:
                inside.append(f"{start}{self._fragments[place][str(cell)]}" if cell else "")
            elif isinstance(cell, str):
                text = f' t="inlineStr"><is>{_element(cell)}</is></c>' if cell else "/>"
                inside.append(f'{start}" s="{style.value}"{text}')
            else:
                inside.append(f'{start}" s="{style.value}"><v>{cell}</v></c>')
        return f'<row r="{number}">{"".join(inside)}</row>'


def _write_lines(
    body: IO[bytes],
    sheet: _Rows,
    headers: Sequence[str],
    lines: Iterable[Line],
    comments: list[tuple[int, int, str]],
) -> None:
    head = Line(headers, dict.fromkeys(range(len(headers)), Style.HEAD))

    def rows() -> Iterator[str]:
        yield sheet.row(head)
        for line in lines:
            yield sheet.row(line)
            if line.comments and len(comments) < MOST_COMMENTS:
                comments.extend((sheet.count - 1, place, text) for place, text in line.comments.items())

    waiting: list[str] = []
    for row in rows():
        waiting.append(row)
        if len(waiting) == _AT_ONCE:
            body.write(_encoded("".join(waiting)))
            waiting.clear()
    body.write(_encoded("".join(waiting)))


def _encoded(xml: str) -> bytes:
    try:
        return xml.encode()
    except UnicodeEncodeError:
        return _SURROGATES.sub("\ufffd", xml).encode()


def _shell(title: str, sheet: _Rows, comments: Sequence[tuple[int, int, str]], meta: Mapping[str, str]) -> bytes:
    """The workbook without its rows: in their stead one cell of each style, in the order of Style."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, OPTIONS)
    data = book.add_worksheet(_title(title))
    for style in Style:
        look = book.add_format(dict(_LOOKS[style]))
        data.write_blank(style.value, 0, None, look)
        if style is Style.TEXT:
            data.write_blank(max(sheet.count - 1, 0), len(sheet.letters) - 1, None, look)
    for place, width in enumerate(sheet.widths):
        data.set_column(place, place, min(width + 2, _WIDE))
    data.freeze_panes(1, 0)
    for row, place, text in comments[:MOST_COMMENTS]:
        data.write_comment(row, place, _spoken(text[:1000]), {"x_scale": 2})
    if meta:
        add_meta(book, meta)
    book.close()
    return out.getvalue()


def _put_in(shell: bytes, body: IO[bytes]) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(shell)) as given,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made,
    ):
        for entry in given.infolist():
            data = given.read(entry)
            if entry.filename != "xl/worksheets/sheet1.xml":
                made.writestr(entry, data, zipfile.ZIP_DEFLATED)
                continue
            around = _ROWS.search(data)
            assert around is not None
            assert all(int(row) == int(style) + 1 for row, style in _STYLED.findall(around[0]))
            with made.open(entry.filename, "w") as stream:
                stream.write(data[: around.start()] + b"<sheetData>")
                while piece := body.read(1 << 20):
                    stream.write(piece)
                stream.write(b"</sheetData>" + data[around.end() :])
    return out.getvalue()


def _spoken(text: str) -> str:
    return _UNSPEAKABLE.sub("", text)


def _title(text: str) -> str:
    name = _NOT_IN_TITLES.sub(" ", _spoken(text)).strip(" '")[:31].strip(" '")
    return name if name and name.casefold() not in {META_SHEET, "history"} else "Orders"
