"""Headers find their columns, ours and other couriers'."""

import pytest

from icargos.booking.rules.columns import COLUMNS, named, recognised
from icargos.booking.rules.headers import match_headers

OTHERS = {
    "Consignee Contact": "consignee_phone",
    "Mobile": "consignee_phone",
    "Customer Phone": "consignee_phone",
    "Receiver Phone": "consignee_phone",
    "City": "destination_city",
    "Consignee City Name": "destination_city",
    "Deliver To": "destination_city",
    "COD Amt": "cod_amount",
    "Collect Amount": "cod_amount",
    "Invoice Payment": "cod_amount",
    "Order Amount": "cod_amount",
    "Order Reference Number": "order_ref",
    "Items": "pieces",
    "Estimated Weight": "weight_kg",
    "Special Instructions": "remarks",
    "Delivery Address": "address",
    "Notes": "remarks",
    "موبائل نمبر": "consignee_phone",
    "شہر": "destination_city",
}


def test_our_22_columns_map_by_title_with_or_without_the_star() -> None:
    assert len(COLUMNS) == 22
    match = match_headers([column.title + "*" for column in COLUMNS])
    assert match.columns == {column.key: place for place, column in enumerate(COLUMNS)}
    assert not match.unsure
    assert not match.missing


@pytest.mark.parametrize(("header", "key"), OTHERS.items())
def test_other_couriers_words_are_known(header: str, key: str) -> None:
    found = named(header)
    assert found is not None
    assert found[0] == key


@pytest.mark.parametrize(
    "header", ["COD_AMT", "codAmt", "cod amt*", " Cod  Amt ", "COD-Amt", "COD Amt (PKR)", "ＣＯＤ Amt"]
)
def test_case_spacing_stars_and_units_do_not_matter(header: str) -> None:
    assert match_headers([header]).columns == {"cod_amount": 0}


def test_every_word_names_one_column_only() -> None:
    for column in COLUMNS:
        for word in column.words:
            found = named(word)
            assert found is not None
            assert found[0] == column.key, word


def test_a_misspelt_header_is_unsure_and_not_used_until_accepted() -> None:
    match = match_headers(["Consigne Adress", "COD Amount"])
    assert match.columns == {"cod_amount": 1}
    assert [(guess.column, guess.index) for guess in match.unsure] == [("address", 0)]
    assert "address" in match.missing
    assert "address" not in match.accept_unsure().missing


def test_the_senders_own_columns_are_never_taken_for_the_consignees() -> None:
    match = match_headers(["Shipper Phone", "Shipper Name", "Sender Address", "Origin City", "Return City"])
    assert not match.columns
    assert not match.unsure
    assert len(match.ignored) == 5


def test_of_two_headers_for_one_column_the_surer_word_wins_and_the_other_is_named() -> None:
    match = match_headers(["Name", "Consignee Name", "City", "City"])
    assert match.columns == {"consignee_name": 1, "destination_city": 2}
    assert [(guess.header, guess.index) for guess in match.duplicates] == [("Name", 0), ("City", 3)]


def test_a_second_phone_column_is_offered_as_the_alternative() -> None:
    match = match_headers(["Phone", "Mobile"])
    assert match.columns == {"consignee_phone": 1}
    assert [(guess.column, guess.index) for guess in match.unsure] == [("alt_phone", 0)]


def test_a_weight_in_grams_is_told_by_its_header_and_pounds_are_only_asked_about() -> None:
    assert match_headers(["Weight (g)"]).weight_in_grams
    assert match_headers(["Weight (grams)"]).weight_in_grams
    assert not match_headers(["Weight (kg)"]).weight_in_grams
    assert not match_headers(["Weight (lbs)"]).columns


def test_a_choice_replaces_what_was_matched_and_none_removes_it() -> None:
    match = match_headers(["Phone", "Total", "Net"]).choose({"cod_amount": 2, "consignee_phone": None})
    assert match.columns == {"cod_amount": 2}


def test_the_header_row_is_the_one_that_names_most_columns() -> None:
    assert recognised(["Name", "Phone", "City", "Phone"]) == 3
    assert recognised(["Zarqa Textiles", "", "November"]) == 0
