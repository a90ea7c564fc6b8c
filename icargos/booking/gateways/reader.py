"""The process that opens a stranger's file; ``gateways.sheet`` starts it with the file's path and name.

It gives itself little memory and time first, then reads, and writes one msgpack answer to its output.
Whatever a file does to the parser, it does it here; the portal only sees a process that ended badly.
"""

import datetime
import gc
import resource
import struct
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import python_calamine

from icargos.booking.gateways import delimited, workbook
from icargos.booking.gateways.refusal import Unfit
from icargos.booking.rules.columns import recognised
from icargos.booking.rules.examples import find_examples
from icargos.booking.rules.problems import Code
from icargos.booking.rules.sheet import META_SHEET, OUR_SHEETS, Note, Sheet, is_ours, meta_in
from icargos.kit.texts import gettext_noop

MEMORY_BYTES = 512 * 1024 * 1024
CPU_SECONDS = 20
_HEADER_WITHIN = 10
_NAMED_ENOUGH = 2
_SHEETS_TRIED = 5
_KEPT_LENGTH = 1_000  # longer than any column takes, so that the check still refuses it
_SHOWN = 10  # row numbers named in one note
_META_BYTES = 64 * 1024
_META_ROWS = 40
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_WORKBOOK = b"\x09\x08\x10\x00\x00\x06\x05\x00"
_FILEPASS = 0x2F
_NOTHING_SEEN = workbook.Look({}, [], 0)


class Answer(msgspec.Struct, kw_only=True):
    """What goes back to the portal: a sheet, or why there is none."""

    sheet: Sheet | None = None
    code: str = ""
    template: str = ""
    params: dict[str, str] = {}


class Table(NamedTuple):
    """The cells of one sheet as text; ``first`` is the 1-based number of its first row."""

    name: str
    first: int
    rows: list[list[str]]
    told: list[Note]


def read_file(path: Path, filename: str) -> Sheet:
    """Read the orders of a file, going by what it holds, not by its name. Raises Unfit."""
    with path.open("rb") as stream:
        start = stream.read(8)
    if start.startswith(b"PK"):
        return _read_workbook(path, "xlsx")
    if start == _OLE:
        if _is_locked(path.read_bytes()):
            raise workbook.encrypted()
        return _read_workbook(path, "xls")
    if start.startswith(b"%PDF"):
        told = gettext_noop("This is a PDF, not a sheet. Save your sheet as .xlsx or .csv and upload that.")
        raise Unfit(Code.FILE_UNREADABLE, told)
    rows, notes = delimited.read_text(path.read_bytes())
    table = Table(Path(filename).stem, 1, rows, notes)
    header = _find_header(table)
    if header is None:
        raise _no_header(table)
    return _below_header(table, header, "csv")


def _read_workbook(path: Path, kind: str) -> Sheet:
    """The first visible sheet that has a header row; the others are only named."""
    archive = workbook.open_workbook(path) if kind == "xlsx" else None
    entries = workbook.sheet_entries(archive) if archive is not None else {}
    try:
        with path.open("rb") as stream:  # by path, calamine would believe the file's ending
            book = python_calamine.CalamineWorkbook.from_filelike(stream)
        visible = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.visible == python_calamine.SheetVisibleEnum.Visible
            and sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
        refusal = _empty()
        for name in visible[:_SHEETS_TRIED]:
            seen = workbook.look(archive, entries.get(name, "")) if archive is not None else _NOTHING_SEEN
            table = _table(book.get_sheet_by_name(name), seen)
            header = _find_header(table)
            if header is not None:
                others = [other for other in book.sheet_names if other != name]
                return _below_header(table, header, kind, others, _meta(book, archive, entries))
            if table.rows:
                refusal = _no_header(table)
    except python_calamine.CalamineError as broken:
        raise workbook.damaged() from broken
    raise refusal


def _meta(
    book: python_calamine.CalamineWorkbook, archive: zipfile.ZipFile | None, entries: dict[str, str]
) -> dict[str, str]:
    """What the hidden sheet of a workbook of ours says; nothing when there is none or it is too large to be ours."""
    hidden = any(
        sheet.name == META_SHEET and sheet.visible != python_calamine.SheetVisibleEnum.Visible
        for sheet in book.sheets_metadata
    )
    if not hidden:
        return {}
    if archive is not None:
        entry = entries.get(META_SHEET, "")
        if entry not in archive.NameToInfo or archive.getinfo(entry).file_size > _META_BYTES:
            return {}
        workbook.look(archive, entry)
    sheet = book.get_sheet_by_name(META_SHEET)
    return meta_in([list(map(str, row)) for row in sheet.to_python(nrows=_META_ROWS)])


def _is_locked(data: bytes) -> bool:
    """Whether an OLE2 file is a new workbook under encryption, or an old one with a FILEPASS record near its start."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return True
    for start in range(512, len(data) - 8, 512):
        if data.startswith(_OLD_WORKBOOK, start):
            place = start
            for _ in range(10):
                kind, length = struct.unpack_from("<HH", data, place) if place + 4 <= len(data) else (0, 0)
                if kind == _FILEPASS:
                    return True
                place += 4 + length
    return False


def _table(sheet: python_calamine.CalamineSheet, seen: workbook.Look) -> Table:
    start, end = sheet.start, sheet.end
    if start is None or end is None:
        return Table(sheet.name, 1, [], [])
    if end[1] - start[1] >= workbook.MOST_COLUMNS:
        raise workbook.too_many_columns()
    if end[0] - start[0] >= workbook.MAX_ROWS + workbook.TITLE_ROWS:
        raise workbook.too_many_rows()
    numbers = _Numbers()
    rows = [
        [cell if type(cell) is str else numbers[cell] if type(cell) is float else _text(cell) for cell in row]
        for row in sheet.to_python()
    ]
    for (row, column), text in seen.marks.items():
        if start[0] <= row <= end[0] and start[1] <= column <= end[1]:
            rows[row - start[0]][column - start[1]] = text
    return Table(sheet.name, start[0] + 1, rows, _told(sheet, seen))


class _Numbers(dict[float, str]):
    """Numbers as Excel shows them at full width; most sheets hold few different ones."""

    def __missing__(self, number: float) -> str:
        text = str(int(number)) if number.is_integer() and abs(number) < 1e15 else format(number, ".15g")
        self[number] = text
        return text


def _text(cell: object) -> str:
    """A date as ISO text, a truth value as TRUE or FALSE."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(" ")
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    return str(cell)


def _told(sheet: python_calamine.CalamineSheet, seen: workbook.Look) -> list[Note]:
    told: list[Note] = []
    if seen.hidden:
        rows = _some(seen.hidden)
        told.append(Note(gettext_noop("Hidden rows were read like the others: %(rows)s."), {"rows": rows}))
    if seen.formulas:
        template = gettext_noop("Cells with formulas: %(count)s. The results saved in the file were read.")
        told.append(Note(template, {"count": str(seen.formulas)}))
    merged = sheet.merged_cell_ranges or []
    if merged:
        rows = _some([f"{top + 1}-{bottom + 1}" for (top, _), (bottom, _) in merged])
        template = gettext_noop("Merged cells count for their first row and column only (rows %(rows)s).")
        told.append(Note(template, {"rows": rows}))
    return told


def _some(numbers: Sequence[object]) -> str:
    return ", ".join(map(str, numbers[:_SHOWN])) + (" …" if len(numbers) > _SHOWN else "")


def _find_header(table: Table) -> int | None:
    """The place of the row that names most columns, among the first rows that are not empty; else None."""
    best, most, seen = None, _NAMED_ENOUGH - 1, 0
    for place, row in enumerate(table.rows[: workbook.TITLE_ROWS]):
        if _is_empty(row):
            continue
        named = recognised(row)
        if named > most:
            best, most = place, named
        seen += 1
        if seen == _HEADER_WITHIN:
            break
    return best


def _below_header(
    table: Table, header: int, kind: str, others: Sequence[str] = (), meta: dict[str, str] | None = None
) -> Sheet:
    headers = [cell.strip()[:100] for cell in table.rows[header]]
    while not headers[-1]:
        headers.pop()
    width = len(headers)
    if width - sum(map(is_ours, headers)) > workbook.MAX_COLUMNS:
        raise workbook.too_many_columns()
    numbers: list[int] = []
    rows: list[list[str]] = []
    overlong: list[int] = []
    repeated = 0
    for number, row in enumerate(table.rows[header + 1 :], start=table.first + header + 1):
        if _is_empty(row):
            continue
        if len(row) != width:
            if kind == "csv" and any(map(str.strip, row[width:])):
                overlong.append(number)
            row = row[:width] + [""] * (width - len(row))
        # The length of all cells together costs a fraction of looking at each.
        if len("".join(row)) > _KEPT_LENGTH:
            if max(map(len, row)) > workbook.MAX_CELL:
                raise workbook.cell_too_long()
            row = [cell[:_KEPT_LENGTH] for cell in row]
        if row[0].strip() == headers[0] and [cell.strip() for cell in row] == headers:
            repeated += 1
            continue
        numbers.append(number)
        rows.append(row)
    told = list(table.told)
    if repeated:
        template = gettext_noop("Rows that only repeat the header were left out: %(count)s.")
        told.append(Note(template, {"count": str(repeated)}))
    only_examples = _leave_out_examples(headers, numbers, rows, told)
    if not rows:
        raise _no_orders(table, only_examples)
    if len(rows) > workbook.MAX_ROWS:
        raise workbook.too_many_rows()
    others = [other for other in others if not (meta and other in OUR_SHEETS)]
    if others:
        template = gettext_noop("Only the sheet “%(sheet)s” was read. Further sheets in the file: %(count)s.")
        told.append(Note(template, {"sheet": table.name[:60], "count": str(len(others))}))
    return Sheet(
        name=table.name,
        kind=kind,
        header_row=table.first + header,
        headers=headers,
        numbers=numbers,
        rows=rows,
        overlong=overlong,
        other_sheets=others,
        told=told,
        meta=meta or {},
    )


def _leave_out_examples(headers: list[str], numbers: list[int], rows: list[list[str]], told: list[Note]) -> bool:
    """Take the sample sheet's own examples out of ``numbers`` and ``rows``; returns whether there were any."""
    untouched, changed = find_examples(headers, rows)
    if changed:
        template = gettext_noop("Rows that began as an example of the sample sheet count as orders: %(rows)s.")
        told.append(Note(template, {"rows": _some([numbers[place] for place in changed])}))
    if untouched:
        template = gettext_noop("The example rows of the sample sheet were left out: %(rows)s.")
        told.append(Note(template, {"rows": _some([numbers[place] for place in untouched])}))
    for place in reversed(untouched):
        del numbers[place], rows[place]
    return bool(untouched)


def _is_empty(row: list[str]) -> bool:
    return not any(map(str.strip, row))


def _no_orders(table: Table, only_examples: bool) -> Unfit:
    if only_examples:
        told = gettext_noop("The sheet holds only the example rows. Write your orders below them and upload it again.")
        return Unfit(Code.FILE_UNREADABLE, told)
    told = gettext_noop("The sheet “%(sheet)s” has headers but no orders below them.")
    return Unfit(Code.FILE_UNREADABLE, told, sheet=table.name[:60])


def _empty() -> Unfit:
    return Unfit(Code.FILE_UNREADABLE, gettext_noop("The file is empty."))


def _no_header(table: Table) -> Unfit:
    if all(map(_is_empty, table.rows)):
        return _empty()
    told = gettext_noop(
        "No header row was found. The first row must name the columns: Service, Destination City, Consignee Name, "
        "Consignee Phone, Consignee Address, Pieces, Weight, COD Amount, Product Description."
    )
    return Unfit(Code.HEADER_MISSING, told)


def _limit() -> None:
    """Give this process little to work with: memory, processor time, no core dump, no file to write."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 32),
    ):
        resource.setrlimit(what, (most, most))


def main() -> None:
    """Read the file named on the command line under limits and write the Answer."""
    _limit()
    gc.disable()  # the process ends before a collection would pay
    try:
        answer = Answer(sheet=read_file(Path(sys.argv[1]), sys.argv[2]))
    except Unfit as refused:
        answer = Answer(code=refused.code, template=refused.template, params=refused.params)
    sys.stdout.buffer.write(msgspec.msgpack.encode(answer))
    sys.stdout.buffer.flush()
