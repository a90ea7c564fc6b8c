"""Workbooks whose XML is a bomb, breaks off, or is no XML."""

from collections.abc import Callable

from tests.booking.corpus.parts import (
    BOOK,
    LINKS,
    NO_HEADER,
    READ,
    SHEET,
    STYLES,
    TEXTS,
    TOO_BIG,
    UNREADABLE,
    Hostile,
    book,
    good_parts,
    good_rows,
    hostile,
    texts_xml,
    with_rows,
)

_GOOD_SHEET = good_parts()[SHEET].decode()
_GOOD_TEXTS = good_parts()[TEXTS].decode()
_PARTS = {"sheet": SHEET, "texts": TEXTS, "workbook": BOOK, "relations": LINKS, "styles": STYLES}
_TEN = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
DOCTYPES = {
    "laughs": f'<!DOCTYPE a [<!ENTITY l0 "ha">{_TEN}]>',
    "a file of ours": '<!DOCTYPE a [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>',
    "an address": '<!DOCTYPE a [<!ENTITY l9 SYSTEM "http://127.0.0.1:1/x">]>',
    "a parameter": '<!DOCTYPE a [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
}


def _declared(part: str, doctype: str) -> Callable[[], bytes]:
    """The part with a document type before its root, and the entity used within it."""

    def make() -> bytes:
        text = good_parts()[part].decode()
        start = text.index("?>") + 2
        text = text[:start] + DOCTYPES[doctype] + text[start:]
        return book({part: text.replace("Karachi", "&l9;").replace("</sheetData>", "&l9;</sheetData>")})

    return make


def _cut(part: str, share: float) -> Callable[[], bytes]:
    def make() -> bytes:
        data = good_parts()[part]
        return book({part: data[: int(len(data) * share)]})

    return make


def _recoded(part: str, encoding: str, declared: str) -> Callable[[], bytes]:
    def make() -> bytes:
        text = good_parts()[part].decode().replace('encoding="UTF-8"', f'encoding="{declared}"')
        return book({part: text.encode(encoding)})

    return make


def _nested(depth: int) -> str:
    return "<a>" * depth + "</a>" * depth


FILES: dict[str, Hostile] = {
    **{
        f"xml: {doctype} in the {title}": hostile(_declared(part, doctype), READ, UNREADABLE, NO_HEADER)
        for title, part in _PARTS.items()
        if part != STYLES
        for doctype in DOCTYPES
    },
    **{
        f"xml: {title} ends after {share:.0%}": hostile(_cut(part, share), UNREADABLE)
        for title, part in _PARTS.items()
        if part in (SHEET, TEXTS, BOOK)
        for share in (0.0, 0.1, 0.3, 0.5, 0.7, 0.9)
    },
    **{
        f"xml: {title} in {encoding} said to be {declared}": hostile(
            _recoded(part, encoding, declared), READ, UNREADABLE, NO_HEADER
        )
        for title, part in _PARTS.items()
        if part in (SHEET, TEXTS)
        for encoding, declared in (("utf-16", "UTF-16"), ("utf-16", "UTF-8"), ("utf-8", "UTF-7"), ("cp037", "cp037"))
    },
    "xml: 100,000 elements deep in the sheet": hostile(lambda: with_rows(_nested(100_000)), UNREADABLE),
    "xml: 100,000 elements deep in a text": hostile(
        lambda: book({TEXTS: texts_xml([_nested(100_000)])}), READ, UNREADABLE, NO_HEADER
    ),
    "xml: 100,000 attributes": hostile(
        lambda: with_rows(good_rows(), before="<x " + " ".join(f"a{n}='1'" for n in range(100_000)) + "/>"),
        READ,
        UNREADABLE,
    ),
    "xml: one attribute of 5 MB": hostile(
        lambda: with_rows(good_rows() + f'<row r="3" x="{"x" * 5_000_000}"/>'), READ, UNREADABLE, TOO_BIG
    ),
    "xml: a comment of 9 MB": hostile(lambda: with_rows(f"<!--{'x' * 9_000_000}-->" + good_rows()), READ, TOO_BIG),
    "xml: never closed": hostile(lambda: book({SHEET: "<worksheet><sheetData>" + good_rows()}), UNREADABLE),
    "xml: closed twice": hostile(lambda: book({SHEET: _GOOD_SHEET + "</worksheet>"}), READ, UNREADABLE),
    "xml: wrongly closed": hostile(lambda: book({SHEET: _GOOD_SHEET.replace("</row>", "</raw>")}), READ, UNREADABLE),
    "xml: attribute without quotes": hostile(lambda: book({SHEET: _GOOD_SHEET.replace('r="B2"', "r=B2")}), UNREADABLE),
    "xml: attribute twice": hostile(
        lambda: book({SHEET: _GOOD_SHEET.replace('r="B2"', 'r="B2" r="C2"')}), READ, UNREADABLE
    ),
    "xml: bytes that are no UTF-8": hostile(
        lambda: book({TEXTS: _GOOD_TEXTS.encode().replace(b"Sana", b"Sa\xff\xfe")}), UNREADABLE
    ),
    "xml: NUL bytes": hostile(lambda: book({SHEET: _GOOD_SHEET.replace("<row", "\0<row")}), READ, UNREADABLE),
    "xml: a web page for a sheet": hostile(lambda: book({SHEET: "<html><body>404</body></html>"}), UNREADABLE),
    "xml: a text for a sheet": hostile(lambda: book({SHEET: "not found"}), UNREADABLE),
    "xml: a sheet of nothing": hostile(lambda: book({SHEET: ""}), UNREADABLE),
    "xml: other names for the namespaces": hostile(
        lambda: book({SHEET: _GOOD_SHEET.replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?")}),
        READ,
        UNREADABLE,
    ),
    "xml: slow words": hostile(lambda: with_rows(good_rows(), before="<x a='" + "row " * 250_000 + "'/>"), READ),
    "xml: slow cells": hostile(lambda: with_rows(good_rows() + '<c r="A1" t="e">' * 60_000), UNREADABLE, TOO_BIG),
    "xml: slow formulas": hostile(lambda: with_rows(good_rows() + "<f " * 300_000), UNREADABLE, TOO_BIG),
    "xml: slow relations": hostile(lambda: book({LINKS: "<Relationship " + "a" * 900_000 + ">"}), UNREADABLE),
    "xml: slow sheets": hostile(lambda: book({BOOK: "<sheet " * 150_000}), UNREADABLE),
}
