"""Phones: every way a sheet writes one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icargos.kit import phone

ALI = "+923001234567"


@pytest.mark.parametrize(
    "raw",
    [
        "03001234567",
        "0300-1234567",
        "0300 1234567",
        "0300 123 4567",
        "(0300) 1234567",
        "+923001234567",
        "+92 300 1234567",
        "923001234567",
        "92-300-1234567",
        "00923001234567",
        "0092 300 1234567",
        "+92 (0)300 1234567",
        "\u00a00300-1234567\u00a0",
        "0300\u00a01234567",
        "\u200e+923001234567\u200f",
        "۰۳۰۰۱۲۳۴۵۶۷",
        "٠٣٠٠-١٢٣٤٥٦٧",
        "0300–1234567",
        "0300.1234567",
        923001234567,
        923001234567.0,
        '="03001234567"',
        "'03001234567",
    ],
)
def test_every_usual_form_is_the_same_mobile(raw: object) -> None:
    found = phone.read(raw)
    assert found.e164 == ALI
    assert found.kind is phone.Kind.MOBILE
    assert not found.repaired
    assert found.display == "0300-1234567"


@pytest.mark.parametrize("raw", ["3001234567", 3001234567.0, 3001234567, "300-1234567", "3.001234567E+09"])
def test_a_lost_zero_is_put_back_and_said(raw: object) -> None:
    found = phone.read(raw)
    assert found.e164 == ALI
    assert found.repair in (phone.Repair.LOST_ZERO, phone.Repair.UNFOLDED)


@pytest.mark.parametrize("raw", ["3.001E+09", "3.00E+09", "3E+09", "9.23001E+11", "3.001e+99999"])
def test_digits_that_excel_dropped_are_refused_by_name(raw: str) -> None:
    with pytest.raises(phone.PhoneInvalid, match="digits are lost"):
        phone.read(raw)


@pytest.mark.parametrize(
    "raw",
    [
        "0300-1234567 / 0321-7654321",
        "03001234567,03217654321",
        "03001234567 03217654321",
        "03001234567\n03217654321",
        "0300-1234567 or 0321-7654321",
        "+923001234567;+923217654321",
        "03001234567 یا 03217654321",
    ],
)
def test_two_phones_in_a_cell_become_phone_and_alternative(raw: str) -> None:
    found = phone.read(raw)
    assert (found.e164, found.alternative) == (ALI, "+923217654321")
    assert found.repair is phone.Repair.SECOND_NUMBER


def test_of_a_landline_and_a_mobile_the_mobile_leads() -> None:
    found = phone.read("021-34567890 / 0300-1234567")
    assert (found.e164, found.alternative) == (ALI, "+922134567890")


def test_a_landline_is_told_apart_and_shown_nationally() -> None:
    found = phone.read("021-34567890")
    assert found.kind is phone.Kind.LANDLINE
    assert found.e164 == "+922134567890"
    assert found.display == "021-34567890"


def test_a_number_abroad_keeps_its_country() -> None:
    found = phone.read("+971 50 123 4567")
    assert found.e164 == "+971501234567"
    assert found.display.startswith("+971")


def test_words_beside_the_number_are_left_out_with_a_note() -> None:
    found = phone.read("Ali Cell: 0300-1234567")
    assert found.e164 == ALI
    assert found.repair is phone.Repair.OTHER_TEXT


@pytest.mark.parametrize(
    "raw",
    [
        "",
        None,
        " ",
        "abc",
        "0300123456",
        "03001234567890123",
        "0000000000",
        "03801234567",
        "12345",
        "N/A",
        "0300123456O",
    ],
)
def test_what_cannot_be_dialled_is_refused(raw: object) -> None:
    with pytest.raises(phone.PhoneInvalid):
        phone.read(raw)


@given(st.one_of(st.text(), st.floats(), st.integers(), st.none(), st.text("0123456789+-/ .eE۰۳۱۹", max_size=30)))
def test_reading_anything_gives_a_phone_or_the_named_refusal(raw: object) -> None:
    try:
        found = phone.read(raw)
    except phone.PhoneInvalid:
        return
    assert found.e164.startswith("+")
    assert found.e164[1:].isdigit()
    assert found.display
    assert phone.read(found.e164).e164 == found.e164


@given(st.sampled_from(["0300", "0321", "0333", "0345", "0355", "0364"]), st.integers(0, 9_999_999))
def test_display_reads_back_as_the_same_number(code: str, rest: int) -> None:
    found = phone.read(f"{code}{rest:07d}")
    assert phone.read(found.display).e164 == found.e164
