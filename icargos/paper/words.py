"""An amount in words, grouped the Pakistani way: crore, lakh, thousand, hundred."""

from typing import Final

_SMALL: Final = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS: Final = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_GROUPS: Final = ((10_000_000, "crore"), (100_000, "lakh"), (1_000, "thousand"), (100, "hundred"))


def _cardinal(n: int) -> str:
    """The words of a number; "and" stands before the last two digits, as on a cheque."""
    if n < 20:
        return _SMALL[n]
    if n < 100:
        return _TENS[n // 10] + (f"-{_SMALL[n % 10]}" if n % 10 else "")
    size, name = next(group for group in _GROUPS if n >= group[0])
    head, rest = f"{_cardinal(n // size)} {name}", n % size
    if not rest:
        return head
    return f"{head} and {_cardinal(rest)}" if rest < 100 else f"{head} {_cardinal(rest)}"


def rupees_in_words(n: int) -> str:
    """Whole rupees as a sentence: 120000 -> ``One lakh twenty thousand rupees only``.

    Raises ValueError for a negative amount.
    """
    if n < 0:
        raise ValueError("an amount in words is never negative")
    return f"{_cardinal(n).capitalize()} {'rupee' if n == 1 else 'rupees'} only"


def amount_in_words(paisa: int) -> str:
    """An amount to the paisa: 645050 -> ``Six thousand four hundred and fifty rupees and fifty paisa only``.

    Raises ValueError for a negative amount.
    """
    rupees, part = divmod(paisa, 100)
    if not part:
        return rupees_in_words(rupees)
    if not rupees:
        return f"{_cardinal(part).capitalize()} paisa only"
    return f"{rupees_in_words(rupees).removesuffix(' only')} and {_cardinal(part)} paisa only"
