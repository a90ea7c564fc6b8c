"""The sheet that a shipper fills in: it holds its own choices, and comes back as the shipper left it."""

import io
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import psycopg
import pytest
from django.utils import timezone
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from icargos.booking import actions, queries
from icargos.booking.gateways import sample_sheet
from icargos.booking.gateways.sample_help import HELP
from icargos.booking.gateways.sheet import SheetRefused, read
from icargos.booking.rules.columns import COLUMNS
from icargos.booking.rules.headers import match_headers
from icargos.booking.rules.rows import check_rows
from icargos.ground.tenancy import acting
from icargos.kit.errors import Forbidden
from tests.booking.ground import REF
from tests.cast import Cast
from tests.worker import work_off

CITIES = ["Karachi", "Lahore", "Multan"]
ORDER: dict[str, str | float] = {
    "Order Ref": "007",
    "Service *": "Overnight",
    "Destination City *": "Karachi",
    "Consignee Name *": "صائمہ بی بی",
    "Consignee Phone *": "03001234567",
    "Consignee Address *": "House 9, Street 2, Block C",
    "Pieces *": 1,
    "Weight (kg) *": 0.8,
    "COD Amount *": 2750,
    "Product Description *": "Suit",
}


def _written() -> bytes:
    services = ["Overnight", "Same Day", "Overland"]
    return sample_sheet.write(services=services, profiles=["MAIN", "LHR"], cities=CITIES, shipper="KHI-00421")


def _opened(data: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def _put(orders: Worksheet, row: int, values: Mapping[str, str | float]) -> None:
    for place, cell in enumerate(orders[1], start=1):
        value = values.get(str(cell.value))
        if value is not None:
            orders.cell(row, place, value)


def test_a_filled_in_sample_is_read_with_its_zeros_and_without_the_examples(tmp_path: Path) -> None:
    book = _opened(_written())
    _put(book["Orders"], 5, ORDER)
    book.save(tmp_path / "a.xlsx")
    sheet = read(tmp_path / "a.xlsx", "a.xlsx")
    assert sheet.numbers == [5]
    assert [cell for cell in sheet.rows[0] if cell] == [str(value) for value in ORDER.values()]
    assert sheet.meta == {"template": "orders", "version": sample_sheet.VERSION, "shipper": "KHI-00421"}
    assert sheet.other_sheets == []
    assert sheet.notes == ["The example rows of the sample sheet were left out: 2, 3, 4."]


def test_the_sample_as_it_was_made_is_refused_for_it_holds_no_order(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(_written())
    with pytest.raises(SheetRefused) as refused:
        read(tmp_path / "a.xlsx", "a.xlsx")
    assert "only the example rows" in refused.value.message


def test_an_order_written_over_an_example_is_not_lost(tmp_path: Path) -> None:
    book = _opened(_written())
    _put(book["Orders"], 3, ORDER)
    book.save(tmp_path / "a.xlsx")
    sheet = read(tmp_path / "a.xlsx", "a.xlsx")
    assert sheet.numbers == [3]
    assert "صائمہ بی بی" in sheet.rows[0]


def test_its_own_headers_are_the_columns_in_order_and_the_required_ones_are_marked() -> None:
    orders = _opened(_written())["Orders"]
    headers = [str(cell.value) for cell in orders[1]]
    assert list(match_headers(headers).columns) == [column.key for column in COLUMNS]
    for cell, column in zip(orders[1], COLUMNS, strict=True):
        assert str(cell.value).endswith("*") == column.required
        assert (cell.fill.fgColor.rgb == "FFFBE9B7") == column.required
    assert orders.freeze_panes == "A2"


def test_examples_are_grey_and_required_cells_tinted_only_where_that_still_holds() -> None:
    orders = _opened(_written())["Orders"]
    rules = [rule.formula[0] for places in orders.conditional_formatting for rule in places.rules]
    assert rules.count('LEFT($A2,8)="EXAMPLE-"') == 1
    started = f"COUNTA($A2:${get_column_letter(len(COLUMNS))}2)>0"
    tinted = [rule for rule in rules if rule.startswith(f"AND({started},ISBLANK(")]
    assert len(tinted) == sum(column.required for column in COLUMNS)


def test_phones_and_order_refs_are_columns_of_text() -> None:
    orders = _opened(_written())["Orders"]
    as_text: set[str] = set()
    for columns in orders.column_dimensions.values():  # neighbours of one width are told as one
        if columns.number_format == "@":
            as_text |= {str(orders.cell(1, place).value) for place in range(columns.min or 1, (columns.max or 0) + 1)}
    assert as_text == {"Order Ref", "Pickup Profile", "Consignee Phone *", "Alt Phone"}


def test_columns_with_choices_have_a_list_that_is_hidden() -> None:
    book = _opened(_written())
    orders, lists = book["Orders"], book["Lists"]
    found: dict[str, list[object]] = {}
    for rule in orders.data_validations.dataValidation:
        if rule.type == "list":
            assert rule.errorStyle == "warning"
            at = next(iter(rule.sqref.ranges)).coord.split(":")[0]
            cells = lists[str(rule.formula1).removeprefix("Lists!").replace("$", "")]
            rows = cells if isinstance(cells, tuple) else ((cells,),)
            found[str(orders.cell(1, orders[at].column).value).rstrip(" *")] = [row[0].value for row in rows]
    assert found == {
        "Service": ["Overnight", "Same Day", "Overland"],
        "Pickup Profile": ["MAIN", "LHR"],
        "Destination City": CITIES,
        "Allow Open (Y/N)": ["Y", "N"],
        "Fragile (Y/N)": ["Y", "N"],
        "Proof": ["none", "signature", "photo", "code"],
        "Delivery Window": ["09-12", "12-15", "15-18", "18-21"],
    }
    assert [sheet.sheet_state for sheet in book.worksheets] == ["visible", "visible", "hidden", "veryHidden"]


def test_help_tells_of_every_column_in_english_and_in_urdu() -> None:
    told = _opened(_written()).worksheets[1]
    lines = {str(row[0]): row for row in told.iter_rows(min_row=6, values_only=True)}
    for column in COLUMNS:
        _, _, what, limits, example, urdu, urdu_limits = lines[column.title][:7]
        assert (what, example) == (HELP[column.key].what, HELP[column.key].example)
        assert limits
        assert urdu_limits
        assert any("\u0600" <= letter <= "\u06ff" for letter in str(urdu))


def test_the_examples_of_help_pass_the_checks_of_their_columns(tmp_path: Path) -> None:
    book = _opened(_written())
    headers = [str(cell.value) for cell in book["Orders"][1]]
    _put(book["Orders"], 9, {h: HELP[c.key].example for h, c in zip(headers, COLUMNS, strict=True)})
    book.save(tmp_path / "a.xlsx")
    sheet = read(tmp_path / "a.xlsx", "a.xlsx")
    checked = check_rows(sheet, match_headers(sheet.headers), REF)
    assert checked.all_problems == []


def test_no_cell_holds_a_formula() -> None:
    for sheet in _opened(_written()).worksheets:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)


def test_a_shipper_without_services_or_profiles_gets_a_sheet_all_the_same() -> None:
    book = _opened(sample_sheet.write(services=[], profiles=[], cities=[], shipper="X"))
    assert book["Orders"]["A2"].value == "EXAMPLE-1"


def test_the_sample_is_made_for_the_one_who_asks_and_books_when_it_comes_back(cast: Cast, owner_url: str) -> None:
    actor = cast.actor("bilal")
    now = timezone.now()
    with acting(actor):
        data = queries.sample(actor, now=now)
        on = queries.terms(actor, now=now)
    book = _opened(data)
    hidden = {row[0]: row[1] for row in book.worksheets[3].iter_rows(min_row=2, max_col=2, values_only=True)}
    assert hidden["shipper"] == on.account.account_no
    assert {cell.value for cell in book["Lists"]["A"] if cell.value} == set(on.services.values())
    _put(book["Orders"], 7, ORDER)
    out = io.BytesIO()
    book.save(out)
    with acting(actor):
        import_id, _known = actions.upload(actor, file_name="orders.xlsx", data=out.getvalue(), now=now)
    work_off()
    with psycopg.connect(owner_url) as owner:
        rows = owner.execute("SELECT row, state FROM booking_importrow WHERE import_id = %s", [import_id]).fetchall()
    assert rows == [(7, "ready")]


def test_who_may_not_import_gets_no_sample(cast: Cast) -> None:
    actor = cast.actor("vahid")
    with acting(actor), pytest.raises(Forbidden):
        queries.sample(actor, now=timezone.now())
