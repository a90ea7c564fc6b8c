"""Whole rows: every bad cell told, duplicates, and what two cells say together."""

import msgspec

from icargos.booking.rules.columns import COLUMNS
from icargos.booking.rules.headers import match_headers
from icargos.booking.rules.order import Order
from icargos.booking.rules.problems import Code, Problem, Severity
from icargos.booking.rules.rows import check_one, check_rows, order_refs
from tests.booking.ground import GOOD, KARACHI, REF, checked, sheet_of, told


def test_a_good_row_becomes_an_order() -> None:
    outcome = checked(GOOD)
    assert outcome.rows[0].order == Order(
        service="overnight",
        profile_id=7,
        destination_city_id=KARACHI,
        consignee_name="Sana Malik",
        consignee_phone="+923001234567",
        address="House 12, Street 5, Block C, Gulshan",
        pieces=1,
        weight_g=800,
        cod_paisa=275_000,
        product="Lawn suit",
        order_ref="ZT-1",
    )
    assert outcome.all_problems == []
    assert len(outcome.ready) == 1


def test_every_bad_cell_of_a_row_is_told_with_row_column_value_and_message() -> None:
    row = checked(
        {**GOOD, "destination_city": "Karachee", "consignee_phone": "n/a", "cod_amount": "", "pieces": "0"}
    ).rows[0]
    assert row.order is None
    assert [(p.row, p.column, p.value, p.code) for p in row.problems] == [
        (2, "destination_city", "Karachee", Code.CITY_UNKNOWN),
        (2, "consignee_phone", "n/a", Code.PHONE_INVALID),
        (2, "pieces", "0", Code.RANGE),
        (2, "cod_amount", "", Code.REQUIRED),
    ]
    assert all(p.severity is Severity.ERROR and p.message for p in row.problems)
    assert row.problems[0].message == "We do not know the city “Karachee”. Did you mean Karachi?"


def test_a_warning_does_not_keep_a_row_from_being_booked() -> None:
    row = checked({**GOOD, "consignee_phone": "3001234567", "address": "Near clock tower"}).rows[0]
    assert row.order is not None
    assert [p.severity for p in row.problems] == [Severity.WARNING, Severity.WARNING]


def test_empty_cod_is_required_and_zero_is_prepaid() -> None:
    assert told({**GOOD, "cod_amount": ""}) == [("cod_amount", "REQUIRED", "")]
    order = checked({**GOOD, "cod_amount": "0"}).rows[0].order
    assert order is not None
    assert order.cod_paisa == 0


def test_the_second_phone_of_a_cell_fills_an_empty_alternative_only() -> None:
    two = {**GOOD, "consignee_phone": "0300-1234567 / 0321-7654321"}
    first, second = (row.order for row in checked(two, {**two, "order_ref": "ZT-2", "alt_phone": "0333-1112223"}).rows)
    assert first is not None
    assert first.alt_phone == "+923217654321"
    assert second is not None
    assert second.alt_phone == "+923331112223"


def test_a_repeated_order_ref_points_to_the_first_row() -> None:
    outcome = checked(GOOD, {**GOOD, "order_ref": "ZT-2"}, {**GOOD, "order_ref": " ZT-1\u00a0"})
    assert [row.order is not None for row in outcome.rows] == [True, True, False]
    problem = outcome.rows[2].problems[0]
    assert problem.code is Code.DUP_IN_FILE
    assert problem.message == "Row 2 has the same order ref."


def test_rows_without_an_order_ref_are_no_duplicates() -> None:
    assert len(checked({**GOOD, "order_ref": ""}, {**GOOD, "order_ref": ""}).ready) == 2


def test_an_order_ref_booked_before_is_refused() -> None:
    assert told({**GOOD, "order_ref": "OLD-1"}) == [("order_ref", "DUP_EXISTING", "")]


def test_weight_over_the_services_limit() -> None:
    assert told({**GOOD, "weight_kg": "31"}) == [("weight_kg", "WEIGHT_OVER_SERVICE", "")]
    assert told({**GOOD, "weight_kg": "31", "service": "Overland"}) == []


def test_a_service_that_does_not_go_to_the_city() -> None:
    assert told({**GOOD, "service": "Same Day", "destination_city": "Lahore"}) == [
        ("service", "SERVICE_NOT_AVAILABLE", "")
    ]
    assert told({**GOOD, "service": "Same Day"}) == []


def test_a_city_that_is_not_served() -> None:
    assert told({**GOOD, "destination_city": "Gwadar"}) == [("destination_city", "CITY_NOT_SERVED", "")]


def test_a_shipper_without_cod_may_only_send_prepaid() -> None:
    ref = msgspec.structs.replace(REF, cod_allowed=False)
    assert told(GOOD, ref) == [("cod_amount", "COD_FORBIDDEN", "0")]
    assert told({**GOOD, "cod_amount": "0"}, ref) == []


def test_without_a_default_profile_the_column_is_needed() -> None:
    ref = msgspec.structs.replace(REF, default_profile_id=None)
    assert told(GOOD, ref) == [("profile", "REQUIRED", "")]
    assert told({**GOOD, "profile": "Main Warehouse"}, ref) == []


def test_of_three_sides_all_or_none() -> None:
    assert told({**GOOD, "length_cm": "40", "width_cm": "30"}) == [("height_cm", "REQUIRED", "")]
    assert told({**GOOD, "length_cm": "40", "width_cm": "30", "height_cm": "12"}) == []


def _without(*keys: str) -> tuple[list[str], list[str]]:
    kept = [column for column in COLUMNS if column.key not in keys]
    return [column.title for column in kept], [GOOD.get(column.key, "") for column in kept]


def test_a_missing_required_column_is_told_once_and_nothing_is_bookable() -> None:
    headers, cells = _without("pieces", "service")
    sheet = msgspec.structs.replace(sheet_of(GOOD), headers=headers, rows=[cells])
    outcome = check_rows(sheet, match_headers(headers), REF)
    assert [(p.row, p.column, p.code) for p in outcome.problems] == [(1, "pieces", Code.HEADER_MISSING)]
    assert outcome.rows[0].problems == ()
    assert outcome.ready == []


def test_one_value_for_the_whole_import_stands_in_for_a_missing_column() -> None:
    headers, cells = _without("pieces", "service")
    sheet = msgspec.structs.replace(sheet_of(GOOD), headers=headers, rows=[cells])
    outcome = check_rows(sheet, match_headers(headers), REF, {"pieces": "2", "service": "Overland"})
    order = outcome.rows[0].order
    assert order is not None
    assert (order.pieces, order.service) == (2, "overland")


def test_a_bad_value_for_the_whole_import_is_told_once() -> None:
    headers, cells = _without("pieces")
    sheet = msgspec.structs.replace(sheet_of(GOOD), headers=headers, numbers=[2, 3], rows=[cells, cells])
    outcome = check_rows(sheet, match_headers(headers), REF, {"pieces": "many"})
    assert [(p.column, p.code) for p in outcome.problems] == [("pieces", Code.TYPE)]
    assert outcome.ready == []


def test_a_row_with_more_cells_than_headers_is_refused_for_its_values_may_have_slipped() -> None:
    sheet = msgspec.structs.replace(sheet_of(GOOD), overlong=[2])
    row = check_rows(sheet, match_headers(sheet.headers), REF).rows[0]
    assert row.order is None
    assert [(p.column, p.code) for p in row.problems] == [("", Code.TYPE)]


def test_the_form_runs_through_the_same_checks() -> None:
    order, problems = check_one(GOOD, REF)
    assert order == checked(GOOD).rows[0].order
    assert problems == []
    order, problems = check_one({**GOOD, "consignee_phone": "12", "order_ref": "OLD-1"}, REF)
    assert order is None
    assert [(p.row, p.column, p.code.value) for p in problems] == [
        (0, "order_ref", "DUP_EXISTING"),
        (0, "consignee_phone", "PHONE_INVALID"),
    ]


def test_an_empty_form_names_every_required_field() -> None:
    order, problems = check_one({}, REF)
    assert order is None
    assert {p.column for p in problems} == {column.key for column in COLUMNS if column.required}


def test_the_order_refs_of_a_sheet_are_cleaned() -> None:
    sheet = sheet_of(GOOD, {**GOOD, "order_ref": " A\u00a0"}, {**GOOD, "order_ref": ""})
    assert order_refs(sheet.rows, match_headers(sheet.headers)) == ["ZT-1", "A", ""]


def test_problems_survive_being_written_down() -> None:
    problems = checked({**GOOD, "destination_city": "Karachee", "pieces": "x"}).all_problems
    assert msgspec.json.decode(msgspec.json.encode(problems), type=list[Problem]) == problems
