"""The sender's own sheet given back: nothing lost, nothing that starts a formula, every bad cell marked."""

import csv
import io
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from icargos.booking.gateways.sheet import read
from icargos.booking.gateways.sheet_back import (
    MOST_COMMENTS,
    BackRow,
    Mark,
    ResultRow,
    write_back,
    write_back_csv,
    write_result,
)
from icargos.booking.rules.sheet import row_links
from icargos.booking.rules.text import clean
from tests.booking.corpus.texts import CELLS
from tests.booking.files import HEADERS, ORDER
from tests.conftest import ROOT

PHONE, COD = HEADERS.index("Consignee Phone"), HEADERS.index("COD Amount")
WRONG = Mark(PHONE, "This is not a phone number. Did you mean 0300-1234567?")
WEAK = Mark(5, "The address is short.", warning=True)
TRICKY = [
    "007",
    "0300-1234567",
    "03001234567",
    "3001234567",
    "12345678901234567890",
    "1234567890123456",
    "1.50",
    "1.5",
    "-5",
    "+92 300 1234567",
    "1e5",
    "1E+05",
    "0",
    "00",
    "0.30",
    ".5",
    "5.",
    "2026-03-02",
    "2026-03-02 10:30:00",
    "02/03/2026",
    "TRUE",
    "true",
    "#N/A",
    "NaN",
    "inf",
    "1,500",
    "٣٠٠",
    " leading",
    "trailing ",
    "one\ntwo",
    "one\r\ntwo",
    "a\tb",
    "صائمہ بی بی، مکان 7",
    "مکان نمبر ۱۲\u200cالف",
    "a & b <c> \"d\" 'e'",
    "]]>",
    "&amp;",
    "_x000D_",
    "_x0041_b",
    "__row",
    "\x01\x02\x1f",
    "👩‍👩‍👧‍👦",
    "=1+1",
    "+1",
    "@SUM(A1)",
    "-1+cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "http://example.com",
    "mailto:a@example.com",
    "{=A1}",
    "'0300",
    '="0300"',
    "x" * 999,
]


def _row(number: int = 7, *marks: Mark, **cells: str) -> BackRow:
    return BackRow(
        number, [cells.get(header.replace(" ", "_"), cell) for header, cell in zip(HEADERS, ORDER, strict=True)], marks
    )


def _back(*rows: BackRow, note: str = "") -> bytes:
    meta = {"import": "17"}
    return write_back(headers=HEADERS, rows=rows, title="My orders", meta=meta, text_columns={PHONE}, note=note)


def _opened(data: bytes) -> Worksheet:
    return openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]


def _colour(sheet: Worksheet, place: str) -> str:
    cell = sheet[place]
    return str(cell.fill.fgColor.rgb) if cell.fill.fill_type else ""


def test_the_file_back_has_the_senders_columns_in_order_and_two_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "back.xlsx"
    path.write_bytes(_back(_row(7, WRONG), _row(9)))
    sheet = read(path, "back.xlsx")
    assert sheet.headers == [*HEADERS, "__row", "__errors"]
    assert sheet.rows[0] == [*ORDER, "7", f"Consignee Phone: {WRONG.text}"]
    assert sheet.rows[1] == [*ORDER, "9", ""]
    assert row_links(sheet) == {2: 7, 3: 9}
    assert sheet.meta == {"import": "17"}
    assert (sheet.name, sheet.notes) == ("My orders", [])


@pytest.mark.parametrize("text", TRICKY)
def test_a_cell_comes_back_with_the_text_it_had(text: str, tmp_path: Path) -> None:
    path = tmp_path / "back.xlsx"
    marked = _row(8, Mark(9, "bad"), Product_Description=text)
    path.write_bytes(_back(_row(7, Product_Description=text, Consignee_Phone=text), marked))
    sheet = read(path, "back.xlsx")
    assert [row[9] for row in sheet.rows] == [text, text]
    assert sheet.rows[0][PHONE] == text


# Half of a surrogate pair is no character: no file can hold one.
_TEXT = st.text(st.characters(exclude_characters="\ufffe\uffff", exclude_categories=["Cs"]), max_size=60)


@given(texts=st.lists(_TEXT, min_size=1, max_size=40))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_texts_come_back_equal(texts: list[str], tmp_path: Path) -> None:
    path = tmp_path / "back.xlsx"
    path.write_bytes(_back(*(_row(n, Remarks=text, Product_Description=text) for n, text in enumerate(texts, start=2))))
    assert [row[9] for row in read(path, "back.xlsx").rows] == texts


@pytest.mark.parametrize("letter", ["\ud800", "\ufffe", "\uffff"])
def test_what_is_no_letter_is_written_as_a_mark_of_doubt(letter: str, tmp_path: Path) -> None:
    path = tmp_path / "back.xlsx"
    path.write_bytes(_back(_row(7, Mark(0, f"bad {letter}"), Product_Description=f"a{letter}b")))
    assert read(path, "back.xlsx").rows[0][9] == "a\ufffdb"


def test_amounts_are_numbers_and_phones_are_text() -> None:
    sheet = _opened(_back(_row(7, Consignee_Phone="3001234567", COD_Amount="2750")))
    assert sheet.cell(2, COD + 1).value == 2750
    assert sheet.cell(2, PHONE + 1).value == "3001234567"
    assert sheet.cell(2, PHONE + 1).number_format == "@"
    assert sheet.freeze_panes == "A2"


def test_a_bad_cell_is_coloured_and_says_why_and_an_error_outdoes_a_warning() -> None:
    both = Mark(COD, "a warning", warning=True), Mark(COD, "an error")
    sheet = _opened(_back(_row(7, WRONG, WEAK, *both, Mark(None, "the whole row"), COD_Amount="")))
    assert _colour(sheet, "E2") == _colour(sheet, "I2") == "FFF9CFCB"
    assert _colour(sheet, "F2") == "FFFBE9B7"
    assert _colour(sheet, "D2") == ""
    assert [sheet[place].comment.text for place in ("E2", "F2", "I2")] == [WRONG.text, WEAK.text, "a warning\nan error"]
    errors = str(sheet["L2"].value)
    assert errors.startswith(f"Consignee Phone: {WRONG.text} | Consignee Address: {WEAK.text} | COD Amount: a warning")
    assert errors.endswith("| the whole row")


def test_the_note_stands_on_the_column_of_errors() -> None:
    assert _opened(_back(_row(), note="Mend the coloured cells."))["L1"].comment.text == "Mend the coloured cells."


def test_only_the_first_cells_get_a_comment_and_every_row_its_errors() -> None:
    count = MOST_COMMENTS + 50
    sheet = _opened(_back(*(_row(n, WRONG) for n in range(2, 2 + count))))
    with_comment = [row for row in range(2, 2 + count) if sheet.cell(row, PHONE + 1).comment]
    assert with_comment == list(range(2, 2 + MOST_COMMENTS))
    assert sheet.cell(1 + count, 12).value == f"Consignee Phone: {WRONG.text}"
    assert _colour(sheet, f"E{1 + count}") == "FFF9CFCB"


def test_columns_of_ours_in_a_sheet_that_was_sent_again_are_replaced(tmp_path: Path) -> None:
    headers = ["__row", *HEADERS, "__Errors"]
    row = BackRow(40, ["7", *ORDER, "old words"], [Mark(PHONE + 1, "bad"), Mark(0, "a word on our own column")])
    data = write_back(headers=headers, rows=[row], title="x", meta={"import": "17"}, text_columns={PHONE + 1})
    path = tmp_path / "back.xlsx"
    path.write_bytes(data)
    sheet = read(path, "back.xlsx")
    assert sheet.headers == [*HEADERS, "__row", "__errors"]
    assert sheet.rows == [[*ORDER, "40", "Consignee Phone: bad | __row: a word on our own column"]]
    assert _colour(_opened(data), "E2") == "FFF9CFCB"


def test_rows_are_taken_once_and_need_not_be_a_list(tmp_path: Path) -> None:
    path = tmp_path / "back.xlsx"
    path.write_bytes(write_back(headers=HEADERS, rows=(_row(n) for n in range(2, 1300)), title="x", meta={}))
    assert row_links(read(path, "back.xlsx")) == {n: n for n in range(2, 1300)}


@pytest.mark.parametrize("title", ["", "__meta", "History", "'a'", "[a]:*?/\\", "x" * 80, "a\ud800\x01", "صفحہ", "  "])
def test_any_title_makes_a_workbook(title: str, tmp_path: Path) -> None:
    path = tmp_path / "back.xlsx"
    path.write_bytes(write_back(headers=HEADERS, rows=[_row()], title=title, meta={"import": "1"}))
    assert read(path, "back.xlsx").meta == {"import": "1"}
    openpyxl.load_workbook(path)


@pytest.mark.parametrize("text", [*TRICKY, *(cell.decode("utf-8", "replace").strip('"') for cell in CELLS.values())])
def test_no_cell_of_a_workbook_starts_a_formula(text: str) -> None:
    data = write_back(headers=[text[:99], *HEADERS], rows=[BackRow(7, [text, *ORDER], [WRONG])], title="x", meta={})
    xml = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in xml
    assert b"<f " not in xml
    for row in _opened(data).iter_rows():
        # openpyxl takes any text that starts so for a formula; Excel goes by the type that is written.
        assert all(cell.data_type != "f" or cell.number_format == "@" for cell in row)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", " =", "\n=", "\u00a0=", "＝", "＋", "－", "＠"])
def test_no_cell_of_a_csv_starts_a_formula(start: str) -> None:
    text = f"{start}1+cmd|' /C calc'!A0"
    data = write_back_csv(headers=[text, *HEADERS], rows=[BackRow(7, [text, *ORDER], [Mark(0, text)])])
    assert data.startswith(b"\xef\xbb\xbf")
    for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")):
        assert all(not cell.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠")) for cell in row)
    # Where semicolons part cells the file is one cell a row, for every cell stands in quotes.
    assert all(line.startswith('"') and line.endswith('"') for line in data.decode("utf-8-sig").split("\r\n")[:1])


@pytest.mark.parametrize("text", [text for text in TRICKY if text.isprintable() or "\n" in text])
def test_a_csv_back_says_the_same_to_the_checks(text: str, tmp_path: Path) -> None:
    path = tmp_path / "back.csv"
    path.write_bytes(write_back_csv(headers=HEADERS, rows=[_row(7, WRONG, Product_Description=text)]))
    sheet = read(path, "back.csv")
    assert clean(sheet.rows[0][9]) == clean(text)
    assert sheet.rows[0][PHONE] == ORDER[PHONE]
    assert row_links(sheet) == {2: 7}


def test_the_result_is_the_senders_sheet_with_what_became_of_each_row(tmp_path: Path) -> None:
    rows = [
        ResultRow(ORDER, ["IC473124829", Decimal("336.00"), "New Booked"]),
        ResultRow(ORDER, ["", "", "=Not booked"]),
    ]
    data = write_result(headers=HEADERS, rows=rows, added=["CN", "Charges", "Status"], title="x", text_columns={PHONE})
    path = tmp_path / "result.xlsx"
    path.write_bytes(data)
    sheet = read(path, "result.xlsx")
    assert sheet.headers == [*HEADERS, "CN", "Charges", "Status"]
    assert sheet.rows == [[*ORDER, "IC473124829", "336", "New Booked"], [*ORDER, "", "", "=Not booked"]]
    amount = _opened(data)["L2"]
    assert (amount.value, amount.number_format) == (336, "#,##0.00")


def test_a_row_of_another_width_is_an_error_of_the_caller() -> None:
    with pytest.raises((ValueError, IndexError)):
        _back(BackRow(7, ORDER[:-1]))


PEAK = """
import resource
from tests.booking.test_sheet_back import HEADERS, WRONG, _row, write_back

def peak(rows):
    given = (_row(n, WRONG) for n in range(2, 2 + rows))
    write_back(headers=HEADERS, rows=given, title="x", meta={})
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

few = peak(2_500)
print(peak(50_000) - few)
"""


def test_fifty_thousand_rows_take_little_more_memory_than_a_few() -> None:
    done = subprocess.run([sys.executable, "-c", PEAK], cwd=ROOT, capture_output=True, check=True, text=True)
    assert int(done.stdout) < 60
