"""An Excel file written as it is sent: one sheet, row by row, in memory that does not grow with it."""

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from io import RawIOBase
from itertools import islice
from xml.sax.saxutils import escape

MOST_ROWS = 1_048_575  # what a sheet holds below its heading
_CHUNK = 64 * 1024
_BATCH = 200
# XML takes none of these, and no sheet needs them.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Cell(StrEnum):
    """What a column holds. A text stays one, whatever it looks like; a moment is Excel's count of days since 1900."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    MOMENT = "moment"


_STYLE = {Cell.NUMBER: "", Cell.MONEY: ' s="1"', Cell.MOMENT: ' s="2"'}
_WIDTH = {Cell.TEXT: 20, Cell.NUMBER: 10, Cell.MONEY: 12, Cell.MOMENT: 17}
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
    ),
    "xl/styles.xml": (
        f'<styleSheet {_MAIN}><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>'
        '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ),
}


class _Pipe(RawIOBase):
    """Takes what the archive writes and gives it on; it cannot go back, and the archive does not ask it to."""

    def __init__(self) -> None:
        super().__init__()
        self._held: list[bytes] = []
        self.size = 0

    def writable(self) -> bool:
        """It is only written to."""
        return True

    def write(self, data: object) -> int:
        """Hold the bytes until they are taken."""
        piece = bytes(data)  # type: ignore[call-overload]
        self._held.append(piece)
        self.size += len(piece)
        return len(piece)

    def take(self) -> bytes:
        """All that is held, which is then let go."""
        taken, self._held, self.size = b"".join(self._held), [], 0
        return taken


def stream(
    title: str, columns: Sequence[tuple[str, Cell]], rows: Iterable[Sequence[str | None]], *, rightwards: bool = True
) -> Iterator[bytes]:
    """The file's bytes, piece by piece. ``columns``: heading and kind of each; ``rows``: texts in the columns' order.

    A number, an amount or a moment comes as its text too (``1250.00``); None and "" are empty cells. ``rightwards`` is
    False for a sheet that is read from the right. Raises ValueError for more than MOST_ROWS rows.
    """
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        for name, body in _PARTS.items():
            archive.writestr(name, _HEAD + body)
        archive.writestr("xl/workbook.xml", _HEAD + _workbook(title))
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write((_HEAD + _opening(columns, rightwards=rightwards)).encode())
            kinds = [kind for _title, kind in columns]
            written, left = 0, iter(rows)
            while batch := list(islice(left, _BATCH)):
                written += len(batch)
                if written > MOST_ROWS:
                    raise ValueError(f"a sheet holds {MOST_ROWS} rows")
                sheet.write(_UNFIT.sub("", "".join(_row(kinds, row) for row in batch)).encode())
                if pipe.size > _CHUNK:
                    yield pipe.take()
            sheet.write(b"</sheetData></worksheet>")
    yield pipe.take()


def _workbook(title: str) -> str:
    name = escape(re.sub(r"[\[\]:*?/\\]", " ", title)[:31], {'"': "&quot;"})
    sheet = f'<sheet name="{name}" sheetId="1" r:id="r1"/>'
    return f'<workbook {_MAIN} xmlns:r="{_OFFICE}"><sheets>{sheet}</sheets></workbook>'


def _opening(columns: Sequence[tuple[str, Cell]], *, rightwards: bool) -> str:
    side = "" if rightwards else ' rightToLeft="1"'
    widths = "".join(
        f'<col min="{place}" max="{place}" width="{_WIDTH[kind]}" customWidth="1"/>'
        for place, (_title, kind) in enumerate(columns, start=1)
    )
    heads = "".join(f'<c t="inlineStr" s="3"><is><t>{escape(title)}</t></is></c>' for title, _kind in columns)
    return (
        f'<worksheet {_MAIN}><sheetViews><sheetView workbookViewId="0"{side}>'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{widths}</cols><sheetData><row>{heads}</row>"
    )


def _row(kinds: Sequence[Cell], row: Sequence[str | None]) -> str:
    cells = []
    for kind, value in zip(kinds, row, strict=True):
        if not value:
            cells.append("<c/>")
        elif kind is Cell.TEXT:
            text = escape(value) if "&" in value or "<" in value or ">" in value else value
            cells.append(f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>')
        else:
            cells.append(f"<c{_STYLE[kind]}><v>{value}</v></c>")
    return f"<row>{''.join(cells)}</row>"
