"""Excel files that are written as they are sent, read back by three readers."""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from icargos.kit import xlsx
from icargos.kit.xlsx import Cell, stream

COLUMNS = [("Name", Cell.TEXT), ("Pieces", Cell.NUMBER), ("COD", Cell.MONEY), ("Booked", Cell.MOMENT)]


def made(rows: Any, columns: Any = COLUMNS, **more: Any) -> bytes:
    """The whole file."""
    return b"".join(stream("Orders", columns, rows, **more))


def sheet_of(data: bytes) -> Any:
    """The sheet as openpyxl reads it."""
    return openpyxl.load_workbook(BytesIO(data)).active


def test_every_kind_of_cell_is_read_back() -> None:
    data = made([["Hina & <Sana>", "3", "1250.50", "45981.5"], [None, "", "-1", None]])
    sheet = sheet_of(data)
    first, second = list(sheet.iter_rows(min_row=2, values_only=True))
    assert first[:3] == ("Hina & <Sana>", 3, 1250.5)
    assert first[3].isoformat() == "2025-11-20T12:00:00"
    assert second == (None, None, -1, None)
    assert CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()[1][0] == "Hina & <Sana>"
    assert sheet.freeze_panes == "A2"
    assert sheet["C2"].number_format == "#,##0.00"


@given(st.lists(st.lists(st.text(max_size=40), min_size=2, max_size=2), max_size=5))
def test_any_text_is_read_back_but_for_what_xml_cannot_hold(rows: list[list[str]]) -> None:
    columns = [("A", Cell.TEXT), ("B", Cell.TEXT)]
    sheet = sheet_of(made(rows, columns))
    found = [["" if value is None else value for value in row] for row in sheet.iter_rows(min_row=2, values_only=True)]
    unfit = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
    wanted = [[unfit.sub("", value).replace("\r\n", "\n").replace("\r", "\n") for value in row] for row in rows]
    assert found == wanted


def test_bytes_come_before_the_last_row_was_asked_for() -> None:
    asked = 0

    def rows() -> Iterator[list[str]]:
        nonlocal asked
        for n in range(50_000):
            asked = n
            yield [f"Row {n} {hash(n * 7919):x}{hash(n * 104729):x}", str(n), "1.00", "45981"]

    pieces = stream("Orders", COLUMNS, rows())
    first = next(pieces)
    assert len(first) >= 64 * 1024
    assert asked < 25_000
    data = first + b"".join(pieces)
    assert len(first) < 512 * 1024
    assert CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()[-1][1] == 49_999


def test_a_sheet_that_is_read_from_the_right_says_so() -> None:
    assert sheet_of(made([], rightwards=False)).sheet_view.rightToLeft
    assert not sheet_of(made([])).sheet_view.rightToLeft


def test_the_archive_is_sound() -> None:
    with zipfile.ZipFile(BytesIO(made([["x", "1", "1", "1"]] * 1000))) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[0] == "[Content_Types].xml"


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MOST_ROWS", 300)
    assert made([["x", "1", "1", "1"]] * 300)
    with pytest.raises(ValueError, match="300 rows"):
        list(islice(stream("Orders", COLUMNS, [["x", "1", "1", "1"]] * 301), 10**6))
