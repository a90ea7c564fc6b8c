"""The building blocks of the hostile files: a workbook part by part, and the zip around it byte by byte."""

import functools
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from tests.booking.files import HEADERS, MAIN, ORDER, RELATIONS, cells, good_rows

READ = "READ"
UNREADABLE, ENCRYPTED, TOO_BIG, NO_HEADER = "FILE_UNREADABLE", "FILE_ENCRYPTED", "FILE_TOO_BIG", "HEADER_MISSING"
SHEET = "xl/worksheets/sheet1.xml"
TEXTS = "xl/sharedStrings.xml"
BOOK = "xl/workbook.xml"
LINKS = "xl/_rels/workbook.xml.rels"
STYLES = "xl/styles.xml"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


class Hostile(NamedTuple):
    """A file that means harm or is broken: how it is made, and the outcomes that are right (codes, or READ)."""

    make: Callable[[], bytes]
    wants: frozenset[str]


def hostile(make: Callable[[], bytes], *wants: str) -> Hostile:
    """A file with its right outcomes; UNREADABLE when none is named."""
    return Hostile(make, frozenset(wants or {UNREADABLE}))


def sheet_xml(rows: str, *, before: str = "", after: str = "", declared: str = _DECLARED, root: str = "") -> str:
    """A worksheet part around these rows."""
    return f'{declared}{root}<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def texts_xml(texts: Iterable[str], *, declared: str = _DECLARED, counts: str = "") -> str:
    """A shared strings part."""
    inside = "".join(f"<si><t>{text}</t></si>" for text in texts)
    return f'{declared}<sst xmlns="{MAIN}"{counts}>{inside}</sst>'


def book_xml(sheets: str = '<sheet name="Orders" sheetId="1" r:id="rId1"/>', *, before: str = "") -> str:
    """A workbook part around these sheet elements."""
    return f'{_DECLARED}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">{before}<sheets>{sheets}</sheets></workbook>'


def link(number: int, kind: str, target: str, more: str = "") -> str:
    """One relationship of the workbook."""
    return f'<Relationship Id="rId{number}" Type="{RELATIONS}/{kind}" Target="{target}"{more}/>'


def links_xml(links: str) -> str:
    """The workbook's relationships."""
    return f'{_DECLARED}<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def good_parts() -> dict[str, bytes]:
    """The parts of a small good workbook whose texts are shared, as Excel writes it."""
    texts = list(dict.fromkeys([*HEADERS, *ORDER]))
    rows = "".join(
        f'<row r="{number}">'
        + "".join(f'<c r="{chr(65 + i)}{number}" t="s"><v>{texts.index(text)}</v></c>' for i, text in enumerate(values))
        + "</row>"
        for number, values in ((1, HEADERS), (2, ORDER), (3, ORDER))
    )
    package = f'xmlns="{_PACKAGE}/content-types"'
    root = f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/>'
    styles = '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
    parts = {
        "[Content_Types].xml": f'{_DECLARED}<Types {package}><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>',
        "_rels/.rels": links_xml(root),
        BOOK: book_xml(),
        LINKS: links_xml(
            link(1, "worksheet", "worksheets/sheet1.xml")
            + link(2, "sharedStrings", "sharedStrings.xml")
            + link(3, "styles", "styles.xml")
        ),
        STYLES: f'{_DECLARED}<styleSheet xmlns="{MAIN}">{styles}</styleSheet>',
        TEXTS: texts_xml(texts),
        SHEET: sheet_xml(rows, before='<dimension ref="A1:J3"/>'),
    }
    return {name: text.encode() for name, text in parts.items()}


def packed(parts: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The parts as a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 22, 9, 0, 0)), data, method, 1)
    return out.getvalue()


def book(changes: Mapping[str, bytes | str | None] | None = None, **more: bytes | str) -> bytes:
    """The good workbook with parts changed, added, or taken out by None; "__" in a name stands for "/"."""
    parts: dict[str, bytes | str] = dict(good_parts())
    for name, data in {**(changes or {}), **{key.replace("__", "/"): value for key, value in more.items()}}.items():
        if data is None:
            del parts[name]
        else:
            parts[name] = data
    return packed(parts)


def with_rows(rows: str, **around: str) -> bytes:
    """The good workbook with another sheet, of these rows."""
    return book({SHEET: sheet_xml(rows, **around)})


def with_cell(cell: str, row: str = 'r="2"', **around: str) -> bytes:
    """A header, and one row of the good order with one more cell, in the column of remarks or elsewhere."""
    good = cells(2, ORDER).removeprefix('<row r="2">').removesuffix("</row>")
    return with_rows(f"{cells(1, [*HEADERS, 'Remarks'])}<row {row}>{good}{cell}</row>", **around)


class Entry(NamedTuple):
    """One entry of a zip written by hand, with what its two headers claim."""

    name: bytes
    data: bytes
    method: int = 8
    flags: int = 0
    size: int | None = None
    packed_size: int | None = None
    crc: int | None = None
    attributes: int = 0
    extra: bytes = b""
    offset: int | None = None


def zipped(entries: Iterable[Entry], *, comment: bytes = b"", total: int | None = None, start: int = 0) -> bytes:
    """A zip of these entries, true or lying; ``total`` and ``start`` are what the end record claims."""
    bodies: list[bytes] = []
    directory: list[bytes] = []
    place = 0
    for entry in entries:
        data = _deflated(entry.data) if entry.method == 8 else entry.data
        size = len(entry.data) if entry.size is None else entry.size
        packed_size = len(data) if entry.packed_size is None else entry.packed_size
        crc = zlib.crc32(entry.data) if entry.crc is None else entry.crc
        told = struct.pack("<HHHHHIII", 20, entry.flags, entry.method, 0, 0x5B76, crc, packed_size, size)
        told += struct.pack("<HH", len(entry.name), len(entry.extra))
        offset = place if entry.offset is None else entry.offset
        bodies.append(b"PK\x03\x04" + told + entry.name + entry.extra + data)
        place += len(bodies[-1])
        end = struct.pack("<HHHII", 0, 0, 0, entry.attributes, offset) + entry.name + entry.extra
        directory.append(b"PK\x01\x02" + struct.pack("<H", 20 | 3 << 8) + told + end)
    count = len(bodies) if total is None else total
    listed = b"".join(directory)
    last = struct.pack("<HHHHIIH", 0, 0, count & 0xFFFF, count & 0xFFFF, len(listed), place + start, len(comment))
    return b"".join(bodies) + listed + b"PK\x05\x06" + last + comment


@functools.lru_cache(maxsize=8)
def _deflated(data: bytes) -> bytes:
    deflate = zlib.compressobj(1 if len(data) > 1_000_000 else 9, zlib.DEFLATED, -15)
    return deflate.compress(data) + deflate.flush()


def good_entries(**changes: object) -> list[Entry]:
    """The good workbook's parts as entries; ``changes`` are claims about the sheet's."""
    return [
        Entry(name.encode(), data)._replace(**(changes if name == SHEET else {}))  # type: ignore[arg-type]
        for name, data in good_parts().items()
    ]


__all__ = [
    "BOOK",
    "ENCRYPTED",
    "HEADERS",
    "LINKS",
    "NO_HEADER",
    "ORDER",
    "READ",
    "SHEET",
    "STYLES",
    "TEXTS",
    "TOO_BIG",
    "UNREADABLE",
    "Entry",
    "Hostile",
    "book",
    "book_xml",
    "cells",
    "good_entries",
    "good_parts",
    "good_rows",
    "hostile",
    "link",
    "links_xml",
    "packed",
    "sheet_xml",
    "texts_xml",
    "with_cell",
    "with_rows",
    "zipped",
]
