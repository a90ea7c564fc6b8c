"""Files of other programmes, and workbooks that hold more than sheets."""

import gzip
import io
import json
import tarfile
import zlib
from collections.abc import Callable

from tests.booking.corpus.parts import (
    BOOK,
    HEADERS,
    LINKS,
    NO_HEADER,
    ORDER,
    READ,
    SHEET,
    STYLES,
    UNREADABLE,
    Hostile,
    book,
    book_xml,
    cells,
    good_parts,
    good_rows,
    hostile,
    link,
    links_xml,
    packed,
    sheet_xml,
)
from tests.booking.files import csv_bytes

_TABLE = (
    "<table><tr><th>"
    + "</th><th>".join(HEADERS)
    + "</th></tr><tr><td>"
    + "</td><td>".join(ORDER)
    + "</td></tr></table>"
)
_EMPTY = sheet_xml("").encode()
_META = "xl/worksheets/meta.xml"


def _bytes(data: bytes) -> Callable[[], bytes]:
    return lambda: data


def _zip_of(*names: str) -> Callable[[], bytes]:
    return lambda: packed(dict.fromkeys(names, b"<x/>"))


def _sheets(elements: str, links: str, **parts: bytes | str) -> Callable[[], bytes]:
    changes: dict[str, bytes | str | None] = {BOOK: book_xml(elements), LINKS: links_xml(links)}
    return lambda: book({**changes, **{f"xl/worksheets/{name}.xml": data for name, data in parts.items()}})


def _sheet(name: str, number: int, state: str = "") -> str:
    shown = f' state="{state}"' if state else ""
    return f'<sheet name="{name}" sheetId="{number}"{shown} r:id="rId{number}"/>'


def _target(target: str, kind: str = "worksheet", more: str = "") -> Callable[[], bytes]:
    return lambda: book({LINKS: links_xml(link(1, kind, target, more))})


def _tar() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("orders.csv"), io.BytesIO())
    return out.getvalue()


def _ours(rows: list[list[str]], state: str = "veryHidden") -> Callable[[], bytes]:
    """A workbook that says in a hidden sheet that it is ours."""
    told = "".join(cells(number, row) for number, row in enumerate(rows, start=1))
    both = _sheet("Orders", 1) + _sheet("__meta", 2, state)
    links = link(1, "worksheet", "worksheets/sheet1.xml") + link(2, "worksheet", "worksheets/meta.xml")
    return lambda: book(
        {BOOK: book_xml(both), LINKS: links_xml(links), SHEET: sheet_xml(good_rows()), _META: sheet_xml(told)}
    )


_MARK = ["icargos sheet"]
_ONE = link(1, "worksheet", "worksheets/sheet1.xml")
_TWO = _ONE + link(2, "worksheet", "worksheets/sheet2.xml")
STRANGERS = {
    "PNG": b"\x89PNG\r\n\x1a\n" + bytes(500),
    "JPEG": b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(500),
    "GIF": b"GIF89a" + bytes(500),
    "PDF": b"%PDF-1.7\n1 0 obj",
    "PDF after a space": b" %PDF-1.7\n1 0 obj",
    "RTF": b"{\\rtf1\\ansi Orders}",
    "web page": f"<html><body>{_TABLE}</body></html>".encode(),
    "web page with a mark": b"\xef\xbb\xbf" + f"<html>{_TABLE}</html>".encode(),
    "web page in UTF-16": f"<html>{_TABLE}</html>".encode("utf-16"),
    "web page after line ends": b"\n\n\n" + f"<TABLE>{_TABLE}</TABLE>".encode(),
    "Excel's web archive": b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="x"\n\n--x\n'
    + _TABLE.encode(),
    "Excel's XML of 2003": b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>',
    "symbolic link format": b'ID;PWXL;N;E\nC;Y1;X1;K"Order Ref"\nE\n',
    "data interchange format": b'TABLE\n0,1\n"EXCEL"\nVECTORS\n0,10\n""\n',
    "Lotus": b"\0\0\2\0\4\4" + bytes(500),
    "JSON": json.dumps([dict(zip(HEADERS, ORDER, strict=True))]).encode(),
    "XML": b'<?xml version="1.0"?><orders><order/></orders>',
    "mail": b"From: a@example.com\nTo: b@example.com\n\nPlease collect.\n",
    "programme of Windows": b"MZ\x90\0\3\0\0\0" + bytes(500),
    "programme of Linux": b"\x7fELF\2\1\1" + bytes(500),
    "script": b"#!/bin/sh\nrm -rf /\n",
    "database": b"SQLite format 3\0" + bytes(500),
    "gzip of a csv": gzip.compress(csv_bytes(), mtime=0),
    "zlib of a csv": zlib.compress(csv_bytes()),
    "7z": b"7z\xbc\xaf\x27\x1c" + bytes(500),
    "RAR": b"Rar!\x1a\7\1\0" + bytes(500),
    "bzip2": b"BZh91AY&SY" + bytes(500),
    "xz": b"\xfd7zXZ\0" + bytes(500),
    "tar": _tar(),
    "font": b"\0\1\0\0\0\x0c\0\x80" + bytes(500),
    "zeros": bytes(5_000),
    "0xFF": b"\xff" * 5_000,
}
ZIPS = {
    "Word": ("[Content_Types].xml", "word/document.xml"),
    "PowerPoint": ("[Content_Types].xml", "ppt/presentation.xml"),
    "binary workbook": ("[Content_Types].xml", "xl/workbook.bin", "xl/worksheets/sheet1.bin"),
    "OpenDocument sheet": ("mimetype", "content.xml", "META-INF/manifest.xml"),
    "book": ("mimetype", "META-INF/container.xml"),
    "Java": ("META-INF/MANIFEST.MF", "A.class"),
    "Android": ("AndroidManifest.xml", "classes.dex"),
    "Numbers": ("Index/Document.iwa", "Metadata/Properties.plist"),
    "nothing": (),
    "csv": ("orders.csv",),
}
TARGETS = {
    "a part that is missing": "worksheets/sheet9.xml",
    "a path that climbs out": "../../../../../../etc/passwd",
    "a path from the root": "/etc/passwd",
    "a file address": "file:///etc/passwd",
    "an address": "http://127.0.0.1:1/sheet1.xml",
    "itself": "workbook.xml",
    "the styles": "styles.xml",
    "nothing": "",
}

FILES: dict[str, Hostile] = {
    **{f"other: {title}": hostile(_bytes(data), UNREADABLE, NO_HEADER) for title, data in STRANGERS.items()},
    **{f"other zip: {title}": hostile(_zip_of(*names), UNREADABLE) for title, names in ZIPS.items()},
    **{f"sheet is {title}": hostile(_target(target), UNREADABLE) for title, target in TARGETS.items()},
    "sheet is outside, by its own word": hostile(
        _target("http://127.0.0.1:1/x", more=' TargetMode="External"'), UNREADABLE
    ),
    "sheet is a chart": hostile(_target("worksheets/sheet1.xml", "chartsheet"), UNREADABLE),
    "sheet is a dialogue": hostile(_target("worksheets/sheet1.xml", "dialogsheet"), UNREADABLE, READ),
    "sheet is a macro sheet": hostile(_target("worksheets/sheet1.xml", "xlMacrosheet"), UNREADABLE, READ),
    "no sheet at all": hostile(lambda: book({BOOK: book_xml("")}), UNREADABLE),
    "a sheet without a link": hostile(lambda: book({BOOK: book_xml('<sheet name="Orders" sheetId="1"/>')}), UNREADABLE),
    "a sheet without a name": hostile(
        lambda: book({BOOK: book_xml('<sheet sheetId="1" r:id="rId1"/>')}), UNREADABLE, READ
    ),
    "two sheets of one name": hostile(
        _sheets(_sheet("Orders", 1) + _sheet("Orders", 2), _TWO, sheet2=_EMPTY), READ, UNREADABLE
    ),
    "two sheets of one part": hostile(
        _sheets(_sheet("One", 1) + _sheet("Two", 2), _ONE + link(2, "worksheet", "worksheets/sheet1.xml")),
        READ,
        UNREADABLE,
    ),
    "a thousand sheets": hostile(
        _sheets(
            "".join(_sheet(f"S{n}", 1) for n in range(1000)),
            link(1, "worksheet", "worksheets/sheet2.xml"),
            sheet2=_EMPTY,
        ),
        UNREADABLE,
    ),
    "every sheet hidden": hostile(_sheets(_sheet("Orders", 1, "hidden"), _ONE), UNREADABLE),
    "every sheet very hidden": hostile(_sheets(_sheet("Orders", 1, "veryHidden"), _ONE), UNREADABLE),
    "a state nobody knows": hostile(_sheets(_sheet("Orders", 1, "shy"), _ONE), READ, UNREADABLE),
    "a name of 10,000 letters": hostile(_sheets(_sheet("x" * 10_000, 1), _ONE, sheet1=sheet_xml(good_rows())), READ),
    "a name of markup": hostile(
        _sheets(_sheet("&lt;b&gt;{{ x }}%(s)s&#10;", 1), _ONE, sheet1=sheet_xml(good_rows())), READ
    ),
    "macros": hostile(
        lambda: book({SHEET: sheet_xml(good_rows()), "xl/vbaProject.bin": b"\xcc\x61" + bytes(9000)}), READ
    ),
    "links to another workbook": hostile(
        lambda: book(
            {
                SHEET: sheet_xml(good_rows()),
                "xl/externalLinks/externalLink1.xml": "<externalLink/>",
                "xl/externalLinks/_rels/externalLink1.xml.rels": links_xml(
                    link(1, "externalLinkPath", "file:///etc/passwd", ' TargetMode="External"')
                ),
            }
        ),
        READ,
    ),
    "a query to a database": hostile(
        lambda: book({SHEET: sheet_xml(good_rows()), "xl/connections.xml": '<connections odc="x"/>'}), READ
    ),
    "no list of content": hostile(lambda: book({"[Content_Types].xml": None}), READ, UNREADABLE),
    "no relations": hostile(lambda: book({LINKS: None}), UNREADABLE),
    "relations of nothing": hostile(lambda: book({LINKS: links_xml("")}), UNREADABLE),
    "no workbook": hostile(lambda: book({BOOK: None}), UNREADABLE),
    "a workbook of nothing": hostile(lambda: book({BOOK: ""}), UNREADABLE),
    "styles by the 100,000": hostile(
        lambda: book({STYLES: "<styleSheet><cellXfs>" + "<xf numFmtId='14'/>" * 100_000 + "</cellXfs></styleSheet>"}),
        READ,
        UNREADABLE,
    ),
    "parts under other names": hostile(
        lambda: packed({name.upper(): data for name, data in good_parts().items()}), UNREADABLE
    ),
    "ours, it says, with nothing": hostile(_ours([_MARK]), READ),
    "ours, it says, in plain sight": hostile(_ours([_MARK, ["import", "1"]], "visible"), READ),
    "ours, it says, with odd keys": hostile(
        _ours([_MARK, ["__class__", "x"], ["IMPORT", "1"], ["import", "'; DROP TABLE x"], ["a" * 99, "b"]]), READ
    ),
    "ours, it says, at length": hostile(_ours([_MARK, *(["import", "9" * 5000] for _ in range(500))]), READ),
    "ours, it says, over a million cells": hostile(_ours([_MARK, *(["k", "v"] for _ in range(60_000))]), READ),
}
