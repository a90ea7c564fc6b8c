"""Workbooks that came from us: the hidden sheet, the columns of the file back, the examples of the sample."""

from pathlib import Path

import pytest
import xlsxwriter

from icargos.booking.gateways.sheet import SheetRefused, read
from icargos.booking.rules.columns import BY_KEY
from icargos.booking.rules.examples import EXAMPLES
from icargos.booking.rules.sheet import META_MARK, META_SHEET, Sheet, is_ours, row_links
from icargos.booking.rules.text import clean
from tests.booking.files import HEADERS, ORDER


def _ours(path: Path, meta: list[list[str]], *, hide: bool = True) -> Path:
    book = xlsxwriter.Workbook(str(path))
    orders = book.add_worksheet("Orders")
    orders.write_row(0, 0, HEADERS)
    orders.write_row(1, 0, ORDER)
    hidden = book.add_worksheet(META_SHEET)
    for row, values in enumerate(meta):
        hidden.write_row(row, 0, values)
    if hide:
        hidden.very_hidden()
    book.close()
    return path


def test_the_hidden_sheet_of_our_own_workbook_is_read(tmp_path: Path) -> None:
    sheet = read(_ours(tmp_path / "a.xlsx", [[META_MARK], ["import", "17"], ["shipper", "KHI-00421"]]), "a.xlsx")
    assert sheet.meta == {"import": "17", "shipper": "KHI-00421"}
    assert (sheet.other_sheets, sheet.notes) == ([], [])


@pytest.mark.parametrize("meta", [[["import", "17"]], [["Icargos sheet"], ["import", "17"]], [[META_MARK]]])
def test_a_hidden_sheet_without_our_mark_says_nothing(meta: list[list[str]], tmp_path: Path) -> None:
    assert read(_ours(tmp_path / "a.xlsx", meta), "a.xlsx").meta == {}


def test_a_sheet_in_plain_sight_is_not_our_hidden_one(tmp_path: Path) -> None:
    assert read(_ours(tmp_path / "a.xlsx", [[META_MARK], ["import", "17"]], hide=False), "a.xlsx").meta == {}


def test_what_a_hidden_sheet_says_is_bounded(tmp_path: Path) -> None:
    meta = [[META_MARK], ["a" * 40, "x"], ["Key", "x"], ["key!", "x"], ["long", "x" * 900], ["empty", ""]]
    meta += [[f"k{chr(97 + n)}", "x"] for n in range(26)]
    found = read(_ours(tmp_path / "a.xlsx", meta), "a.xlsx").meta
    assert found["long"] == "x" * 200
    assert len(found) <= 20
    assert not {"a" * 40, "Key", "key!", "empty"} & found.keys()


def test_a_hidden_sheet_too_large_to_be_ours_is_not_read(tmp_path: Path) -> None:
    meta = [[META_MARK], ["import", "17"], *([f"{n:09}" * 9, "x"] for n in range(3_000))]
    assert read(_ours(tmp_path / "a.xlsx", meta), "a.xlsx").meta == {}


def _linked(*numbers: str) -> Sheet:
    return Sheet(
        name="Orders",
        kind="xlsx",
        header_row=1,
        headers=["Phone", " __ROW "],
        numbers=list(range(2, 2 + len(numbers))),
        rows=[["x", number] for number in numbers],
    )


def test_rows_of_a_file_back_are_linked_to_the_rows_they_came_from() -> None:
    assert row_links(_linked("7", "12", " 40 ")) == {2: 7, 3: 12, 4: 40}


@pytest.mark.parametrize("number", ["", "0", "-3", "1.5", "1e3", "seven", "٧", "99999999", "=7", "07"])
def test_a_row_whose_number_is_no_whole_number_counts_as_new(number: str) -> None:
    assert row_links(_linked("7", number)) == {2: 7}


def test_of_copied_rows_the_first_keeps_the_number() -> None:
    assert row_links(_linked("7", "7", "8")) == {2: 7, 4: 8}


def test_a_sheet_without_our_column_has_no_links() -> None:
    sheet = _linked("7")
    assert (
        row_links(Sheet(**{**{f: getattr(sheet, f) for f in sheet.__struct_fields__}, "headers": ["Phone", "Row"]}))
        == {}
    )
    assert [is_ours(header) for header in ("__row", "__ERRORS ", "row", "_row", "errors")] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_our_columns_do_not_count_towards_the_hundred(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    headers = [*HEADERS, *(f"Extra {n}" for n in range(90))]
    order = [*(f'"{cell}"' for cell in ORDER), *["x"] * 90]
    path.write_text("\n".join([",".join([*headers, "__row", "__errors"]), ",".join([*order, "7", "bad"])]), "utf-8")
    assert row_links(read(path, "wide.csv")) == {2: 7}
    path.write_text("\n".join([",".join([*headers, "__row", "One more"]), ",".join([*order, "7", "x"])]), "utf-8")
    with pytest.raises(SheetRefused) as refused:
        read(path, "wide.csv")
    assert refused.value.code == "FILE_TOO_BIG"


# --- the examples of the sample sheet ---

KEYS = ["order_ref", "consignee_name", "consignee_phone", "address", "pieces", "cod_amount"]


def _with_examples(path: Path, *changes: dict[str, str]) -> Path:
    lines = [[BY_KEY[key].title for key in KEYS]]
    lines += [[{**EXAMPLES[0], **change}.get(key, "") for key in KEYS] for change in changes]
    path.write_text("\n".join(",".join(f'"{cell}"' for cell in line) for line in lines), "utf-8")
    return path


def test_an_example_is_left_out_with_a_note_wherever_it_stands(tmp_path: Path) -> None:
    mine = {"order_ref": "ZT-1", "consignee_name": "Sana", "consignee_phone": "0301-7654321", "address": "House 9"}
    sheet = read(_with_examples(tmp_path / "a.csv", mine, {}, {"order_ref": "ZT-2", "cod_amount": "1"}), "a.csv")
    assert sheet.numbers == [2]
    assert sheet.notes == ["The example rows of the sample sheet were left out: 3, 4."]


@pytest.mark.parametrize("key", ["consignee_name", "consignee_phone", "address"])
def test_an_example_somebody_wrote_over_is_an_order_with_a_note(key: str, tmp_path: Path) -> None:
    sheet = read(_with_examples(tmp_path / "a.csv", {key: "House 9, Street 2, Lahore"}), "a.csv")
    assert sheet.numbers == [2]
    assert sheet.notes == ["Rows that began as an example of the sample sheet count as orders: 2."]


def test_an_order_that_shares_nothing_with_an_example_is_not_remarked_on(tmp_path: Path) -> None:
    mine = {"order_ref": "EXAMPLE-9", "address": "House 9, Street 2, Lahore"}
    assert read(_with_examples(tmp_path / "a.csv", mine), "a.csv").notes == []


def test_a_sheet_of_examples_only_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SheetRefused) as refused:
        read(_with_examples(tmp_path / "a.csv", {}, {}), "a.csv")
    assert "only the example rows" in refused.value.message


def test_the_examples_are_written_as_they_are_read() -> None:
    assert all(clean(text) == text for example in EXAMPLES for text in example.values())
    assert {key for example in EXAMPLES for key in example} <= BY_KEY.keys()
