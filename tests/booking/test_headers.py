"""Headers find their columns, ours and other couriers'."""

import pytest

from icargos.booking.rules.columns import COLUMNS, named, recognised
from icargos.booking.rules.headers import match_headers
from icargos.booking.rules.mapping import IN_GRAMS, LEFT_OUT, How, choose, chosen_twice, headers_key, understood

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


def test_our_27_columns_map_by_title_with_or_without_the_star() -> None:
    assert len(COLUMNS) == 27
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
    assert "address" not in choose(match, {0: "address"}).missing


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


def test_a_choice_replaces_what_was_matched_and_an_empty_one_removes_it() -> None:
    match = choose(match_headers(["Phone", "Total", "Net"]), {2: "cod_amount", 0: LEFT_OUT})
    assert match.columns == {"cod_amount": 2}


def test_a_choice_of_grams_is_the_weight_column_in_grams() -> None:
    match = choose(match_headers(["Weight (lbs)"]), {0: IN_GRAMS})
    assert match.columns == {"weight_kg": 0}
    assert match.weight_in_grams
    assert not choose(match, {0: "weight_kg"}).weight_in_grams


def test_a_column_chosen_twice_is_named_whether_in_grams_or_not() -> None:
    assert chosen_twice({0: "weight_kg", 1: IN_GRAMS, 2: "product", 3: LEFT_OUT, 4: LEFT_OUT}) == ["weight_kg"]


def test_each_header_says_how_it_was_understood() -> None:
    headers = ["Consignee Name", "Consigne Adress", "Name", "Packed By", "Weight (g)", "", "Notes"]
    match = choose(match_headers(headers), {6: "landmark"})
    assert [(one.choice, one.how) for one in understood(headers, match, {6: "landmark"}, remembered=True)] == [
        ("consignee_name", How.BY_NAME),
        ("address", How.LOOKS_LIKE),
        ("", How.TWICE),
        ("", How.LEFT_OUT),
        (IN_GRAMS, How.IN_GRAMS),
        ("landmark", How.REMEMBERED),
    ]


def test_headers_are_the_same_sheet_whatever_their_case_and_spacing() -> None:
    assert headers_key(["Consignee Name", "COD"]) == headers_key(["consignee  name *", "Cod"])
    assert headers_key(["A", "B"]) != headers_key(["B", "A"])
    assert headers_key(["A", "B"]) != headers_key(["AB", ""])


def test_the_header_row_is_the_one_that_names_most_columns() -> None:
    assert recognised(["Name", "Phone", "City", "Phone"]) == 3
    assert recognised(["Zarqa Textiles", "", "November"]) == 0
