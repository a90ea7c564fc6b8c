"""Money: paisa in, text out, and back."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icargos.kit.errors import Invalid
from icargos.kit.money import decimal, exact, grouped, half_up, parse_rupees, rupees, share

PAISA = st.integers(min_value=-(10**12), max_value=10**12)


@pytest.mark.parametrize(
    ("amount", "whole"),
    [
        (Fraction(5, 2), 3),
        (Fraction(-5, 2), -3),
        (Fraction(249, 100), 2),
        (Decimal("2.5"), 3),
        (Decimal("-2.5"), -3),
        (7, 7),
    ],
)
def test_a_half_is_rounded_away_from_zero(amount: Fraction | Decimal | int, whole: int) -> None:
    assert half_up(amount) == whole


@given(PAISA, st.integers(min_value=0, max_value=20_000))
def test_a_share_is_the_exact_fraction_rounded_once(paisa: int, points: int) -> None:
    assert share(paisa, points) == half_up(Fraction(paisa * points, 10_000))


def test_people_see_whole_rupees_and_files_see_every_paisa() -> None:
    assert rupees(275_000) == "Rs 2,750"
    assert rupees(348_828) == "Rs 3,488"
    assert rupees(-116_928) == "−Rs 1,169"
    assert rupees(-40) == "Rs 0"
    assert grouped(-116_928) == "−1,169.28"
    assert exact(275_000) == "2750.00"
    assert exact(-5) == "-0.05"
    assert decimal(348_828) == Decimal("3488.28")


@given(PAISA)
def test_an_exact_amount_reads_back_as_itself(paisa: int) -> None:
    assert parse_rupees(exact(paisa)) == paisa
    assert parse_rupees(grouped(paisa)) == paisa


@pytest.mark.parametrize(
    ("text", "paisa"),
    [("Rs 1,500/-", 150_000), ("rs.1500", 150_000), ("PKR 2,00,000", 20_000_000), ("۱۵۰۰", 150_000), (" 99.5 ", 9_950)],
)
def test_amounts_are_read_as_people_type_them(text: str, paisa: int) -> None:
    assert parse_rupees(text) == paisa


@pytest.mark.parametrize("text", ["", "free", "1.500,00", "12/5", "1e5", "10 20", "1,5"])
def test_what_is_not_one_amount_is_refused_in_words(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse_rupees(text)
    assert refusal.value.problems[0].code == "TYPE"
