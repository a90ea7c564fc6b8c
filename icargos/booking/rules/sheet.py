"""The sheet: a table of text as it was read from a file, before any rule has looked at it."""

import re
from collections.abc import Callable, Sequence

import msgspec

ROW_COLUMN = "__row"
ERRORS_COLUMN = "__errors"
# What our own file back adds to the sender's columns: never an order's value, and not worth a word as unknown.
OUR_COLUMNS = frozenset({ROW_COLUMN, ERRORS_COLUMN})

META_SHEET = "__meta"
LISTS_SHEET = "Lists"
HELP_SHEET = "Help · مدد"
OUR_SHEETS = frozenset({META_SHEET, LISTS_SHEET, HELP_SHEET})
META_MARK = "icargos sheet"

_META_MOST = 20
_META_KEY = re.compile(r"[a-z][a-z_]{0,29}")
_META_LONGEST = 200
_WHOLE = re.compile(r"[1-9][0-9]{0,6}")


class Note(msgspec.Struct, frozen=True):
    """One sentence on what was found in a file and how it was read."""

    template: str
    params: dict[str, str] = {}

    def say(self, translate: Callable[[str], str]) -> str:
        """The sentence in the reader's language; ``translate`` is gettext."""
        return translate(self.template) % self.params


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """One table of orders.

    ``rows`` holds the non-empty rows below the header, each exactly as wide as ``headers``, every cell text
    (dates as ISO text, whole floats without ``.0``); ``numbers`` holds their row numbers as the sheet itself
    counts them, from 1. ``overlong`` are the numbers of rows with more cells than there are headers, so that
    their values may stand in the wrong columns. ``told`` says what was found and how it was read.
    ``meta`` is what the hidden sheet of a workbook of ours says (``import``, ``template``, ``version``, ``shipper``).
    Anybody can write such a sheet: each value is a hint, to be checked against the database by whoever uses it.
    """

    name: str
    kind: str
    header_row: int
    headers: list[str]
    numbers: list[int]
    rows: list[list[str]]
    overlong: list[int] = []
    other_sheets: list[str] = []
    told: list[Note] = []
    meta: dict[str, str] = {}

    @property
    def notes(self) -> list[str]:
        """What was found and how it was read, in English."""
        return [note.say(str) for note in self.told]


def is_ours(header: str) -> bool:
    """Whether a header is one that our file back adds, so that no column of an order is to be looked for in it."""
    return header.strip().casefold() in OUR_COLUMNS


def row_links(sheet: Sheet) -> dict[int, int]:
    """This sheet's row numbers to the row numbers of the sheet it came from, where ``__row`` holds a whole number.

    When rows were copied and several name one original row, the first keeps it and the others count as new rows.
    The numbers are what a stranger's file says: whether the original sheet has such a row, the caller checks.
    """
    place = next((i for i, header in enumerate(sheet.headers) if header.strip().casefold() == ROW_COLUMN), None)
    if place is None:
        return {}
    links: dict[int, int] = {}
    taken: set[int] = set()
    for number, row in zip(sheet.numbers, sheet.rows, strict=True):
        text = row[place].strip()
        if _WHOLE.fullmatch(text) and int(text) not in taken:
            links[number] = int(text)
            taken.add(links[number])
    return links


def meta_in(rows: Sequence[Sequence[str]]) -> dict[str, str]:
    """The keys and values of a hidden sheet that starts with our mark; anything unlike them is left out."""
    if not rows or not rows[0] or rows[0][0] != META_MARK:
        return {}
    return {
        row[0]: row[1][:_META_LONGEST]
        for row in rows[1 : 1 + _META_MOST]
        if len(row) > 1 and _META_KEY.fullmatch(row[0]) and row[1]
    }
