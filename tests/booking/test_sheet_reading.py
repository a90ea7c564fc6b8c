"""Reading files: formats, encodings, and what Excel does to values."""

import datetime
from pathlib import Path

import pytest
import xlsxwriter

from icargos.booking.gateways.sheet import SheetRefused, read
from tests.booking.files import HEADERS, ORDER, cells, csv_bytes, good_rows, old_excel, workbook


def test_an_xlsx_is_read(tmp_path: Path) -> None:
    sheet = read(workbook(tmp_path / "a.xlsx", good_rows()), "orders.xlsx")
    assert (sheet.name, sheet.kind, sheet.header_row) == ("Orders", "xlsx", 1)
    assert sheet.headers == HEADERS
    assert sheet.rows == [ORDER]
    assert sheet.numbers == [2]
    assert sheet.notes == []


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_text_files_of_any_delimiter_and_encoding(tmp_path: Path, delimiter: str, encoding: str) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(csv_bytes(delimiter, encoding))
    sheet = read(path, "my orders.csv")
    assert sheet.headers == HEADERS
    assert sheet.rows == [ORDER]
    assert sheet.name == "my orders"


def test_windows_1252_is_read_with_a_note(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(csv_bytes().replace(b"Sana", b"Ren\xe9e"))
    sheet = read(path, "orders.csv")
    assert sheet.rows[0][3] == "Renée"
    assert "Windows-1252" in sheet.notes[0]


def test_a_sep_hint_is_followed_and_counted_as_a_row(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(b"sep=;\r\n" + csv_bytes(";"))
    sheet = read(path, "orders.csv")
    assert (sheet.header_row, sheet.numbers) == (2, [3])


def test_the_content_decides_and_not_the_name(tmp_path: Path) -> None:
    path = tmp_path / "orders.xls"
    path.write_bytes(csv_bytes("\t"))
    assert read(path, "orders.xls").kind == "csv"
    assert read(workbook(tmp_path / "orders.csv", good_rows()), "orders.csv").kind == "xlsx"


def test_csv_rows_are_counted_as_excel_counts_them(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    address = '"House 1\nStreet 2"'
    line = ",".join([*ORDER[:5], address, *ORDER[6:]])
    path.write_text("\n" + ",".join(HEADERS) + "\n\n" + line + "\n" + line + "\n,,,\n", encoding="utf-8")
    sheet = read(path, "orders.csv")
    assert (sheet.header_row, sheet.numbers) == (2, [4, 5])
    assert sheet.rows[0][5] == "House 1\nStreet 2"


def test_a_row_with_an_unquoted_comma_is_marked(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(csv_bytes() + ",".join(ORDER).encode() + b"\r\n")
    sheet = read(path, "orders.csv")
    assert sheet.numbers == [2, 3]
    assert sheet.overlong == [3]


def test_titles_above_the_header_and_empty_rows_keep_the_sheets_own_numbers(tmp_path: Path) -> None:
    rows = cells(2, ["Zarqa Textiles"]) + cells(5, HEADERS) + cells(6, ORDER) + cells(9, ORDER) + cells(12, [" ", ""])
    sheet = read(workbook(tmp_path / "a.xlsx", rows), "a.xlsx")
    assert sheet.header_row == 5
    assert sheet.numbers == [6, 9]


def test_a_header_repeated_further_down_is_left_out_with_a_note(tmp_path: Path) -> None:
    rows = good_rows() + cells(3, HEADERS) + cells(4, ORDER)
    sheet = read(workbook(tmp_path / "a.xlsx", rows), "a.xlsx")
    assert sheet.numbers == [2, 4]
    assert sheet.notes == ["Rows that only repeat the header were left out: 1."]


def _written(path: Path, values: list[object], **formats: str) -> Path:
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADERS)
    for place, value in enumerate(values):
        if isinstance(value, datetime.datetime):
            sheet.write_datetime(1, place, value, book.add_format({"num_format": formats.get("date", "yyyy-mm-dd")}))
        else:
            sheet.write(1, place, value)
    book.close()
    return path


def test_excels_numbers_dates_and_truths_become_plain_text(tmp_path: Path) -> None:
    values: list[object] = [
        10025,
        True,
        False,
        "007",
        3001234567.0,
        datetime.datetime(2026, 3, 2),  # noqa: DTZ001 - Excel knows no zones
        1,
        0.1 + 0.2,
        1234567890123456,
        2.5,
    ]
    row = read(_written(tmp_path / "a.xlsx", values), "a.xlsx").rows[0]
    assert row == [
        "10025",
        "TRUE",
        "FALSE",
        "007",
        "3001234567",
        "2026-03-02",
        "1",
        "0.3",
        "1.23456789012346e+15",
        "2.5",
    ]


def test_a_formulas_saved_result_is_read_and_one_without_is_shown_as_formula(tmp_path: Path) -> None:
    rows = cells(1, HEADERS) + (
        '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="str"><f>"Over"&amp;"night"</f><v>Overnight</v></c>'
        '<c r="C2"><f>D2&amp;"x"</f></c><c r="D2"><f>A1</f><v></v></c><c r="E2" t="str"><f>""</f><v></v></c>'
        '<c r="F2" t="e"><f>NA()</f><v>#N/A</v></c></row>'
    )
    sheet = read(workbook(tmp_path / "a.xlsx", rows), "a.xlsx")
    assert sheet.rows[0][:6] == ["2", "Overnight", '=D2&"x"', "=A1", "", "#N/A"]
    assert sheet.notes == ["Cells with formulas: 3. The results saved in the file were read."]


def test_hidden_rows_are_read_and_named(tmp_path: Path) -> None:
    rows = good_rows() + cells(3, ORDER).replace('<row r="3"', '<row r="3" hidden="1"')
    sheet = read(workbook(tmp_path / "a.xlsx", rows), "a.xlsx")
    assert sheet.numbers == [2, 3]
    assert sheet.notes == ["Hidden rows were read like the others: 3."]


def test_a_merged_cell_counts_for_its_first_row_and_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADERS)
    for row in (1, 2):
        sheet.write_row(row, 0, ORDER[:8])
    sheet.merge_range(1, 8, 2, 8, "2750")
    book.close()
    found = read(path, "a.xlsx")
    assert [row[8] for row in found.rows] == ["2750", ""]
    assert "Merged" in found.notes[0]


def test_only_the_first_visible_sheet_with_orders_is_read_and_the_others_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("Help").write_row(0, 0, ["How to fill in this sheet"])
    hidden = book.add_worksheet("Lists")
    hidden.write_row(0, 0, HEADERS)
    hidden.write_row(1, 0, ["hidden", *ORDER[1:]])
    hidden.hide()
    orders = book.add_worksheet("Orders")
    orders.write_row(0, 0, HEADERS)
    orders.write_row(1, 0, ORDER)
    book.close()
    sheet = read(path, "a.xlsx")
    assert sheet.name == "Orders"
    assert sheet.rows == [ORDER]
    assert sheet.other_sheets == ["Help", "Lists"]


def test_a_style_far_outside_does_no_harm(tmp_path: Path) -> None:
    rows = good_rows() + '<row r="1048576"><c r="XFD1048576" s="0"/></row>'
    assert read(workbook(tmp_path / "a.xlsx", rows), "a.xlsx").rows == [ORDER]


def test_an_old_xls_is_read(tmp_path: Path) -> None:
    path = tmp_path / "old.xls"
    path.write_bytes(old_excel([HEADERS, [*ORDER[:4], 3001234567.0, *ORDER[5:]]]))
    sheet = read(path, "old.xls")
    assert sheet.kind == "xls"
    assert sheet.headers == HEADERS
    assert sheet.rows == [[*ORDER[:4], "3001234567", *ORDER[5:]]]


def test_a_refusal_can_be_said_in_another_language(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"")
    with pytest.raises(SheetRefused) as refused:
        read(path, "a.xlsx")
    assert refused.value.say(str.upper) == "THE FILE IS EMPTY."


def test_a_note_can_be_said_in_another_language(tmp_path: Path) -> None:
    rows = good_rows() + cells(3, ORDER).replace('<row r="3"', '<row r="3" hidden="1"')
    (note,) = read(workbook(tmp_path / "a.xlsx", rows), "a.xlsx").told
    assert note.say(lambda text: text.replace("Hidden rows", "چھپی قطاریں")).startswith("چھپی قطاریں")
    assert note.say(str) == "Hidden rows were read like the others: 3."


@pytest.mark.parametrize("lines", [b"\r\n" * 4, b"\n" * 30, b",,,\r\n" * 5])
def test_a_csv_may_begin_with_empty_lines(lines: bytes, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(lines + csv_bytes())
    sheet = read(path, "orders.csv")
    assert sheet.numbers == [lines.count(b"\n") + 2]
    assert sheet.rows == [ORDER]


def test_many_empty_rows_are_counted_and_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    line = ",".join(f'"{cell}"' for cell in ORDER).encode()
    path.write_bytes(csv_bytes() + b"\n" * 40_000 + line + b"\n" * 900_000)
    assert read(path, "orders.csv").numbers == [2, 40_003]
    path.write_bytes(csv_bytes() + b"\n" * 51_000 + line)
    with pytest.raises(SheetRefused) as refused:
        read(path, "orders.csv")
    assert refused.value.code == "FILE_TOO_BIG"
