"""The sheet: a table of text as it was read from a file, before any rule has looked at it."""

import msgspec


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """One table of orders.

    ``rows`` holds the non-empty rows below the header, each exactly as wide as ``headers``, every cell text
    (dates as ISO text, whole floats without ``.0``); ``numbers`` holds their row numbers as the sheet itself
    counts them, from 1. ``overlong`` are the numbers of rows with more cells than there are headers, so that
    their values may stand in the wrong columns. ``notes`` are sentences on what was found and how it was read.
    """

    name: str
    kind: str
    header_row: int
    headers: list[str]
    numbers: list[int]
    rows: list[list[str]]
    overlong: list[int] = []
    other_sheets: list[str] = []
    notes: list[str] = []
