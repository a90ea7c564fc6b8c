"""Amounts in words, the Pakistani way."""

from collections.abc import Callable

import pytest

from icargos.paper.words import amount_in_words, rupees_in_words
from icargos.paper.words_urdu import amount_in_urdu


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


@pytest.mark.parametrize(
    ("paisa", "words"),
    [
        (0, "Zero rupees only"),
        (150_000, "One thousand five hundred rupees only"),
        (645_050, "Six thousand four hundred and fifty rupees and fifty paisa only"),
        (101, "One rupee and one paisa only"),
        (99, "Ninety-nine paisa only"),
    ],
)
def test_paisa_are_said_where_there_are_some(paisa: int, words: str) -> None:
    assert amount_in_words(paisa) == words


@pytest.mark.parametrize(
    ("paisa", "words"),
    [
        (0, "صفر روپے صرف"),
        (100, "ایک روپیہ صرف"),
        (101, "ایک روپیہ ایک پیسہ صرف"),
        (75, "پچھتر پیسے صرف"),
        (1_000, "دس روپے صرف"),
        (7_900, "اناسی روپے صرف"),
        (10_100, "ایک سو ایک روپے صرف"),
        (645_050, "چھ ہزار چار سو پچاس روپے پچاس پیسے صرف"),
        (9_999_900, "ننانوے ہزار نو سو ننانوے روپے صرف"),
        (10_000_000, "ایک لاکھ روپے صرف"),
        (12_000_000, "ایک لاکھ بیس ہزار روپے صرف"),
        (1_234_567_800, "ایک کروڑ تئیس لاکھ پینتالیس ہزار چھ سو اٹھہتر روپے صرف"),
    ],
)
def test_an_amount_is_said_in_urdu_by_the_same_groups(paisa: int, words: str) -> None:
    assert amount_in_urdu(paisa) == words


def test_each_number_to_99_has_an_urdu_word_of_its_own() -> None:
    assert len({amount_in_urdu(n * 100) for n in range(100)}) == 100


@pytest.mark.parametrize("say", [amount_in_words, amount_in_urdu])
def test_no_language_has_words_for_a_negative_amount(say: Callable[[int], str]) -> None:
    with pytest.raises(ValueError, match="never negative"):
        say(-1)
