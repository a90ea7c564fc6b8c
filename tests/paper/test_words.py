"""Amounts in words, the Pakistani way."""

import pytest

from icargos.paper.words import rupees_in_words


@pytest.mark.parametrize(
    ("rupees", "words"),
    [
        (0, "Zero rupees only"),
        (1, "One rupee only"),
        (19, "Nineteen rupees only"),
        (40, "Forty rupees only"),
        (99, "Ninety-nine rupees only"),
        (100, "One hundred rupees only"),
        (101, "One hundred and one rupees only"),
        (1_005, "One thousand and five rupees only"),
        (6_450, "Six thousand four hundred and fifty rupees only"),
        (99_999, "Ninety-nine thousand nine hundred and ninety-nine rupees only"),
        (100_000, "One lakh rupees only"),
        (120_000, "One lakh twenty thousand rupees only"),
        (200_000, "Two lakh rupees only"),
        (10_000_000, "One crore rupees only"),
        (12_345_678, "One crore twenty-three lakh forty-five thousand six hundred and seventy-eight rupees only"),
    ],
)
def test_an_amount_is_said_in_lakh_and_crore(rupees: int, words: str) -> None:
    assert rupees_in_words(rupees) == words


def test_a_negative_amount_has_no_words() -> None:
    with pytest.raises(ValueError, match="never negative"):
        rupees_in_words(-1)
