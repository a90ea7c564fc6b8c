"""Workbooks whose sheets name places that do not exist, hold nonsense, or contradict themselves."""

from collections.abc import Callable

from tests.booking.corpus.parts import (
    BOOK,
    HEADERS,
    NO_HEADER,
    ORDER,
    READ,
    SHEET,
    STYLES,
    TEXTS,
    TOO_BIG,
    UNREADABLE,
    Hostile,
    book,
    book_xml,
    cells,
    good_parts,
    good_rows,
    hostile,
    sheet_xml,
    texts_xml,
    with_cell,
    with_rows,
)

_GOOD_SHEET = good_parts()[SHEET].decode()


def _cell(place: str, **around: str) -> Callable[[], bytes]:
    return lambda: with_cell(f'<c r="{place}" t="inlineStr"><is><t>x</t></is></c>', **around)


def _shared(index: str) -> Callable[[], bytes]:
    return lambda: book({SHEET: _GOOD_SHEET.replace("<v>3</v>", f"<v>{index}</v>", 1)})


def _second(cell: str) -> Callable[[], bytes]:
    return lambda: with_cell(cell)


def _row(attributes: str) -> Callable[[], bytes]:
    more = cells(3, ORDER).replace('<row r="3"', f"<row {attributes}")
    return lambda: with_rows(good_rows() + more)


def _after(xml: str) -> Callable[[], bytes]:
    return lambda: with_rows(good_rows(), after=xml)


def _dated(serial: str) -> Callable[[], bytes]:
    return lambda: with_rows(f'{cells(1, HEADERS)}<row r="2"><c r="A2" s="1"><v>{serial}</v></c></row>')


def _in_1904() -> bytes:
    dated = sheet_xml(f'{cells(1, HEADERS)}<row r="2"><c r="A2" s="1"><v>45000</v></c></row>')
    return book({SHEET: dated, BOOK: book_xml(before='<workbookPr date1904="1"/>')})


_NEAR = '<dimension ref="A1:J2"/>'
FAR = {
    "XFD1048576": (TOO_BIG,),
    "A1048576": (TOO_BIG,),
    "XFD2": (TOO_BIG,),
    "CY2": (TOO_BIG,),
    "ZZ2": (TOO_BIG,),
    "A99999999": (TOO_BIG,),
    "ZZZZ9999999": (TOO_BIG, UNREADABLE),
    "A4294967297": (TOO_BIG, UNREADABLE),
    "A18446744073709551617": (TOO_BIG, UNREADABLE),
}
PLACES = (
    "",
    "A",
    "7",
    "A0",
    "A-1",
    "-A1",
    "a2",
    "1A",
    "A1B2",
    "ÄÖ2",
    "A2:B3",
    "$A$2",
    "R2C1",
    "Ａ２",
    "A" * 5000 + "1",
)
DIMENSIONS = ("", "A1", "XFD1048576:A1", "A0:A0", "-5:9", "A1:A1:A1", "Z99:A1", "A1:" + "Z" * 500 + "9", "💥")
ROWS = ('r="0"', 'r="-1"', 'r="2"', 'r="x"', 'r=""', 'r="2147483648"', 'r="4294967296"', 'r="99999999999999999999"', "")
INDEXES = ("9999999", "-1", "4294967296", "99999999999999999999", "NaN", "1.5", "", "0x3", "１")
CELLS = {
    "number not a number": '<c r="K2"><v>NaN</v></c>',
    "number infinite": '<c r="K2"><v>1e999</v></c>',
    "number of 10,000 digits": f'<c r="K2"><v>{"9" * 10_000}</v></c>',
    "number that is a word": '<c r="K2"><v>many</v></c>',
    "truth of 7": '<c r="K2" t="b"><v>7</v></c>',
    "truth that is a word": '<c r="K2" t="b"><v>perhaps</v></c>',
    "error nobody knows": '<c r="K2" t="e"><v>#DOOM!</v></c>',
    "error without a word": '<c r="K2" t="e"><v></v></c>',
    "type nobody knows": '<c r="K2" t="wat"><v>1</v></c>',
    "date type that is no date": '<c r="K2" t="d"><v>yesterday</v></c>',
    "style past the end": '<c r="K2" s="4000000000"><v>1</v></c>',
    "style below 0": '<c r="K2" s="-1"><v>1</v></c>',
    "two values": '<c r="K2"><v>1</v><v>2</v></c>',
    "value within value": '<c r="K2"><v><v>1</v></v></c>',
    "cell within cell": '<c r="K2"><c r="L2"><v>1</v></c></c>',
    "text without its element": '<c r="K2" t="inlineStr"><is/></c>',
    "text of control characters": '<c r="K2" t="inlineStr"><is><t>&#1;&#0;&#xFFFF;</t></is></c>',
    "text of entities nobody knows": '<c r="K2" t="inlineStr"><is><t>&doom;</t></is></c>',
    "formula 100,000 deep": f'<c r="K2"><f>{"(" * 100_000}</f></c>',
    "formula shared with nobody": '<c r="K2"><f t="shared" si="77"/></c>',
    "formula over all cells": '<c r="K2"><f t="array" ref="A1:XFD1048576">1</f></c>',
    "formula that calls": '<c r="K2"><f>WEBSERVICE("http://127.0.0.1:1/"&amp;A1)</f><v>1</v></c>',
    "formula for another programme": '<c r="K2" t="str"><f>cmd|\' /C calc\'!A0</f><v>x</v></c>',
}
AFTER = {
    "merges of all cells": '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>',
    "merges by the 10,000": "<mergeCells>"
    + "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(1, 10_001))
    + "</mergeCells>",
    "a merge of nothing": '<mergeCells><mergeCell ref=""/></mergeCells>',
    "a merge backwards": '<mergeCells><mergeCell ref="J9:A1"/></mergeCells>',
    "a merge without place": "<mergeCells><mergeCell/></mergeCells>",
    "links by the 10,000": "<hyperlinks>"
    + "".join(f'<hyperlink ref="A{n}" location="x"/>' for n in range(10_000))
    + "</hyperlinks>",
    "a picture and a macro": '<drawing r:id="rId9"/><legacyDrawing r:id="rId9"/><controls/>',
    "elements nobody knows": "<doom><a/></doom>" * 1000,
}

FILES: dict[str, Hostile] = {
    **{f"cell at {place[:30]!r}, far": hostile(_cell(place), *wants) for place, wants in FAR.items()},
    **{
        f"cell at {place[:30]!r}, said to be near": hostile(
            _cell(place, before=_NEAR), TOO_BIG, UNREADABLE, *([READ] if len(place) > 10 else [])
        )
        for place in FAR
    },
    **{f"cell at {place[:30]!r}": hostile(_cell(place), READ, UNREADABLE, TOO_BIG) for place in PLACES},
    **{
        f"dimension {ref[:30]!r}": hostile(_cell("K2", before=f'<dimension ref="{ref}"/>'), READ, UNREADABLE)
        for ref in DIMENSIONS
    },
    **{f"row {number!r}": hostile(_row(number), READ, UNREADABLE, TOO_BIG) for number in ROWS},
    **{f"shared text {index!r}": hostile(_shared(index), READ, UNREADABLE) for index in INDEXES},
    **{f"cell: {title}": hostile(_second(cell), READ, UNREADABLE) for title, cell in CELLS.items()},
    **{f"sheet with {title}": hostile(_after(after), READ, UNREADABLE) for title, after in AFTER.items()},
    "texts missing": hostile(lambda: book({TEXTS: None}), UNREADABLE),
    "texts empty": hostile(lambda: book({TEXTS: texts_xml([])}), UNREADABLE),
    "texts that count 4 thousand million": hostile(
        lambda: book({TEXTS: texts_xml([*HEADERS, *ORDER], counts=' count="4294967295" uniqueCount="4294967295"')})
    ),
    "a text of a million letters": hostile(lambda: book({TEXTS: texts_xml([*HEADERS, "x" * 1_000_000] * 2)}), TOO_BIG),
    "200,000 texts nobody uses": hostile(lambda: book({TEXTS: texts_xml([*HEADERS, *ORDER, *["x"] * 200_000])}), READ),
    "styles missing": hostile(lambda: book({STYLES: None}), READ),
    "styles that are none": hostile(lambda: book({STYLES: "<doom"}), READ, UNREADABLE),
    "the year 1904": hostile(_in_1904, READ),
    **{
        f"a date of {serial}": hostile(_dated(serial), READ, UNREADABLE)
        for serial in ("-1", "60", "2958466", "1e300", "NaN", "-1e9", "0.9999999999")
    },
    "60,001 empty rows": hostile(
        lambda: with_rows(good_rows() + "".join(f'<row r="{n}"/>' for n in range(3, 60_004))), READ
    ),
    "200,000 styled rows": hostile(
        lambda: with_rows(good_rows() + "".join(f'<row r="{n}" s="1" ht="15"/>' for n in range(3, 200_000))), READ
    ),
    "60,001 rows of spaces": hostile(
        lambda: with_rows(
            good_rows() + "".join(f'<row r="{n}"><c r="A{n}" t="str"><v> </v></c></row>' for n in range(3, 60_004))
        ),
        TOO_BIG,
    ),
    "60,001 rows without numbers": hostile(
        lambda: with_rows(good_rows() + "<row><c><v>1</v></c></row>" * 60_001), TOO_BIG, UNREADABLE
    ),
    "103 headers": hostile(
        lambda: with_rows(
            "<row r='1'>" + "".join(f'<c t="inlineStr"><is><t>{h}</t></is></c>' for h in HEADERS * 11) + "</row>"
        ),
        TOO_BIG,
        UNREADABLE,
    ),
    "the same header a hundred times": hostile(
        lambda: with_rows(
            "".join(f'<row r="{n}">' + '<c t="inlineStr"><is><t>Phone</t></is></c>' * 100 + "</row>" for n in (1, 2))
        ),
        UNREADABLE,
        NO_HEADER,
    ),
    "headers of brackets": hostile(lambda: with_rows(cells(1, ["(" * 30_000] * 26) + cells(2, ORDER)), NO_HEADER),
    "one row of 300,000 columns": hostile(
        lambda: book({SHEET: sheet_xml('<row r="1">' + "<c><v>1</v></c>" * 300_000 + "</row>")}), TOO_BIG, UNREADABLE
    ),
}
