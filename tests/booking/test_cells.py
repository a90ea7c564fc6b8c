"""Single cells: the traps of real sheets, each by name."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icargos.booking.rules.answers import checkers
from icargos.booking.rules.cells import Cell
from icargos.booking.rules.columns import BY_KEY, COLUMNS
from icargos.booking.rules.text import clean
from tests.booking.ground import GWADAR, KARACHI, LAHORE, REF

assert GWADAR not in REF.served


def cell(key: str, raw: str) -> Cell:
    return checkers(REF)[key][raw]


def codes(key: str, raw: str) -> list[str]:
    return [finding.code.value for finding in cell(key, raw).findings]


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("  Ali \u00a0 Khan\u00a0", "Ali Khan"),
        ("House 1,\r\nStreet 2", "House 1, Street 2"),
        ("\u200fAli\u200e\ufeff", "Ali"),
        ("A\x00li\x07", "Ali"),
        ("علي", "علی"),
        ("كراچي", "کراچی"),
        ("\ufb90\ufead\ufe8d\ufb7c\ufef2", "کراچی"),
        ('="03001234567"', "03001234567"),
        ("'0300", "0300"),
        ("'Round the corner'", "'Round the corner'"),
        ("Ali\ud800", "Ali"),
    ],
)
def test_text_is_cleaned(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


@pytest.mark.parametrize(
    ("raw", "rupees"),
    [
        ("1500", 1500),
        ("1500.0", 1500),
        ("1500.00", 1500),
        ("1,500", 1500),
        ("1,50,000", 150_000),
        ("Rs 1,500/-", 1500),
        ("Rs.1500", 1500),
        ("Rs. 1,500 /=", 1500),
        ("PKR 1500", 1500),
        ("1500 PKR", 1500),
        ("1500 only", 1500),
        ("۱۵۰۰", 1500),
        ("١٥٠٠", 1500),
        ("۱،۵۰۰ روپے", 1500),
        ("0", 0),
        ("0.0", 0),
        ("200000", 200_000),
    ],
)
def test_amounts_as_people_write_them(raw: str, rupees: int) -> None:
    assert cell("cod_amount", raw) == Cell(rupees * 100)


@pytest.mark.parametrize(
    ("raw", "code", "suggestion"),
    [
        ("", "REQUIRED", ""),
        (" \u00a0 ", "REQUIRED", ""),
        ("prepaid", "TYPE", "0"),
        ("abc", "TYPE", ""),
        ("1500,50", "TYPE", ""),
        ("1.500.000", "TYPE", ""),
        ("2026-03-02", "TYPE", ""),
        ("#REF!", "TYPE", ""),
        ("=A1*2", "TYPE", ""),
        ("1500.50", "RANGE", "1501"),
        ("-5", "RANGE", ""),
        ("200001", "COD_OVER_LIMIT", ""),
        ("999999999999", "COD_OVER_LIMIT", ""),
        ("9" * 40, "TYPE", ""),
    ],
)
def test_cod_that_is_refused(raw: str, code: str, suggestion: str) -> None:
    found = cell("cod_amount", raw)
    assert found.value is None
    assert [(finding.code.value, finding.suggestion) for finding in found.findings] == [(code, suggestion)]


@pytest.mark.parametrize(
    ("raw", "grams"),
    [
        ("1", 1000),
        ("1.2", 1200),
        ("1.2 kg", 1200),
        ("1.2KG", 1200),
        ("0,5", 500),
        (".5", 500),
        ("1.", 1000),
        ("500 g", 500),
        ("500gm", 500),
        ("1.2345", 1235),
        ("۱٫۲", 1200),
        ("100", 100_000),
        ("0.01", 10),
    ],
)
def test_weights_in_grams(raw: str, grams: int) -> None:
    assert cell("weight_kg", raw) == Cell(grams)


@pytest.mark.parametrize(
    ("raw", "code", "suggestion"),
    [
        ("500", "RANGE", "0.5"),
        ("100.5", "RANGE", "0.1005"),
        ("0", "RANGE", ""),
        ("-1", "RANGE", ""),
        ("heavy", "TYPE", ""),
        ("2026-01-02", "TYPE", ""),
    ],
)
def test_weights_that_are_refused(raw: str, code: str, suggestion: str) -> None:
    assert [(f.code.value, f.suggestion) for f in cell("weight_kg", raw).findings] == [(code, suggestion)]


def test_a_gram_column_counts_in_grams_unless_the_cell_says_kg() -> None:
    weights = checkers(REF, weight_in_grams=True)["weight_kg"]
    assert weights["500"].value == 500
    assert weights["1.5 kg"].value == 1500


@pytest.mark.parametrize(("raw", "pieces"), [("1", 1), ("2.0", 2), ("3 pcs", 3), ("۲", 2), ("99", 99)])
def test_pieces(raw: str, pieces: int) -> None:
    assert cell("pieces", raw).value == pieces


@pytest.mark.parametrize(
    ("raw", "code"), [("0", "RANGE"), ("100", "RANGE"), ("1.5", "TYPE"), ("one", "TYPE"), ("", "REQUIRED")]
)
def test_pieces_that_are_refused(raw: str, code: str) -> None:
    assert codes("pieces", raw) == [code]


@pytest.mark.parametrize(
    ("raw", "yes"),
    [
        ("Y", True),
        ("yes", True),
        ("TRUE", True),
        ("1", True),
        ("ہاں", True),
        ("N", False),
        ("no", False),
        ("0", False),
        ("", False),
    ],
)
def test_yes_and_no(raw: str, yes: bool) -> None:
    assert cell("fragile", raw).value is yes


def test_other_words_for_yes_are_asked_about() -> None:
    assert codes("allow_open", "maybe") == ["TYPE"]


@pytest.mark.parametrize(("raw", "proof"), [("", "none"), ("OTP", "code"), ("Picture", "photo"), ("sign", "signature")])
def test_proofs(raw: str, proof: str) -> None:
    assert cell("proof", raw).value == proof


def test_an_unknown_proof_is_refused_with_the_nearest_word() -> None:
    assert [f.suggestion for f in cell("proof", "signatur").findings] == ["signature"]


@pytest.mark.parametrize(
    ("raw", "service"),
    [
        ("Overnight", "overnight"),
        ("O/N", "overnight"),
        ("overnight ", "overnight"),
        ("same day", "same_day"),
        ("OVERLAND", "overland"),
    ],
)
def test_services(raw: str, service: str) -> None:
    assert cell("service", raw).value == service


def test_services_that_are_not_there() -> None:
    assert [(f.code.value, f.suggestion) for f in cell("service", "Over nite").findings] == [
        ("SERVICE_NOT_AVAILABLE", "Overnight")
    ]
    assert [(f.code.value, f.suggestion) for f in cell("service", "Detain").findings] == [
        ("SERVICE_NOT_AVAILABLE", "Overnight")
    ]
    assert [(f.code.value, f.suggestion) for f in cell("service", "").findings] == [("REQUIRED", "Overnight")]


def test_cities() -> None:
    assert cell("destination_city", "KARACHI ").value == KARACHI
    assert cell("destination_city", "كراچي").value == KARACHI
    assert cell("destination_city", "Lahore\u00a0").value == LAHORE
    assert [(f.code.value, f.suggestion) for f in cell("destination_city", "Karachee").findings] == [
        ("CITY_UNKNOWN", "Karachi")
    ]
    assert codes("destination_city", "Atlantis") == ["CITY_UNKNOWN"]
    assert codes("destination_city", "Gwadar") == ["CITY_NOT_SERVED"]


def test_profiles() -> None:
    assert cell("profile", "").value == 7
    assert cell("profile", "  ").value == 7
    assert cell("profile", "LHR").value == 8
    assert codes("profile", "Moon depot") == ["PROFILE_UNKNOWN"]


def test_a_landline_is_an_alternative_and_no_consignees_phone() -> None:
    assert codes("consignee_phone", "042-35761234") == ["PHONE_INVALID"]
    assert cell("alt_phone", "042-35761234") == Cell("+924235761234")
    assert cell("alt_phone", "") == Cell("")


def test_a_repaired_phone_is_a_warning_with_the_number() -> None:
    found = cell("consignee_phone", "3001234567")
    assert found.value == "+923001234567"
    assert [(f.code.value, f.suggestion) for f in found.findings] == [("PHONE_REPAIRED", "0300-1234567")]


def test_digits_lost_to_excel_are_refused_in_phones_and_order_refs() -> None:
    assert codes("consignee_phone", "3.001E+09") == ["PHONE_INVALID"]
    assert codes("order_ref", "1.23457E+12") == ["TYPE"]


@pytest.mark.parametrize(
    ("key", "raw", "code"),
    [
        ("consignee_name", "A", "RANGE"),
        ("consignee_name", "x" * 51, "RANGE"),
        ("consignee_name", "12345", "TYPE"),
        ("address", "Lahore", "RANGE"),
        ("address", "x" * 251, "RANGE"),
        ("address", "House 5 Saddar", "ADDRESS_WEAK"),
        ("address", "Main bazar near the clock tower", "ADDRESS_WEAK"),
        ("product", "x" * 101, "RANGE"),
        ("remarks", "x" * 251, "RANGE"),
        ("order_ref", "x" * 51, "RANGE"),
        ("consignee_email", "sana at home", "TYPE"),
        ("length_cm", "301", "RANGE"),
        ("length_cm", "long", "TYPE"),
        ("declared_value", "10000001", "RANGE"),
        ("product", "#N/A", "TYPE"),
    ],
)
def test_limits(key: str, raw: str, code: str) -> None:
    assert codes(key, raw) == [code]


def test_urdu_digits_count_as_digits_of_an_address() -> None:
    assert codes("address", "مکان ۱۲، گلی ۵، ماڈل ٹاؤن") == []


def test_sides_are_rounded_up_to_whole_centimetres() -> None:
    assert cell("length_cm", "12.1 cm").value == 13
    assert cell("length_cm", "").value == 0


@pytest.mark.parametrize(
    "text",
    ["2026-11-24", "2026-11-24 00:00:00", "24/11/2026", "24.11.2026", "24 Nov 2026", "24-november-2026", "۲۴/۱۱/۲۰۲۶"],
)
def test_a_day_is_read_as_people_write_it(text: str) -> None:
    assert cell("pickup_date", text).value == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "code"),
    [("24/13/2026", "TYPE"), ("11", "TYPE"), ("tomorrow", "TYPE"), ("31/11/2026", "TYPE"), ("24 xyz 2026", "TYPE"),
     ("22/11/2026", "RANGE"), ("19/11/2026", "RANGE"), ("24/11/2027", "RANGE")],
)  # fmt: skip
def test_a_day_that_is_none_or_on_which_nothing_is_collected_is_refused(text: str, code: str) -> None:
    assert codes("pickup_date", text) == [code]
    assert cell("pickup_date", "").findings == ()


def test_a_day_off_names_the_next_day() -> None:
    (finding,) = cell("pickup_date", "22/11/2026").findings
    assert finding.suggestion == "2026-11-23"


@pytest.mark.parametrize(
    ("text", "window"),
    [("09-12", "09-12"), ("9 to 12", "09-12"), ("9am-12pm", "09-12"), ("12–3", "12-15"), ("15:00-18:00", "15-18"),
     ("3-6 pm", "15-18"), ("6-9", "18-21"), ("۱۸-۲۱", "18-21"), ("", "")],
)  # fmt: skip
def test_a_window_is_read_as_people_write_it(text: str, window: str) -> None:
    assert cell("delivery_window", text).value == window


@pytest.mark.parametrize("text", ["10-12", "morning", "9", "09-12-15", "24-27"])
def test_another_window_is_refused(text: str) -> None:
    assert codes("delivery_window", text) == ["TYPE"]


def test_a_return_address_is_long_enough_to_be_found() -> None:
    assert codes("return_address", "Shop 4") == ["RANGE"]
    assert cell("return_address", "Shop 4, Liberty Market, Lahore").value == "Shop 4, Liberty Market, Lahore"
    assert cell("return_address", "").value == ""


@given(st.sampled_from([column.key for column in COLUMNS]), st.text())
def test_no_text_makes_a_checker_fail(key: str, raw: str) -> None:
    found = cell(key, raw)
    for finding in found.findings:
        assert finding.template % finding.params
    if found.value is None and not (key == "pickup_date" and not found.findings):
        assert found.findings
    if BY_KEY[key].required and not raw.strip():
        assert codes(key, raw) == ["REQUIRED"]


@given(
    st.sampled_from(["cod_amount", "weight_kg", "pieces", "declared_value", "length_cm"]),
    st.text("0123456789.,-/ Rskgem=E+۱٫،", max_size=40),
)
def test_no_number_like_text_makes_a_checker_fail(key: str, raw: str) -> None:
    found = cell(key, raw)
    assert found.findings or isinstance(found.value, int)
