"""An amount in Urdu words, grouped the Pakistani way: کروڑ, لاکھ, ہزار, سو. Each number to 99 has a word of its own."""

from typing import Final

_TENS_OF_WORDS: Final = (
    "صفر ایک دو تین چار پانچ چھ سات آٹھ نو",
    "دس گیارہ بارہ تیرہ چودہ پندرہ سولہ سترہ اٹھارہ انیس",
    "بیس اکیس بائیس تئیس چوبیس پچیس چھبیس ستائیس اٹھائیس انتیس",
    "تیس اکتیس بتیس تینتیس چونتیس پینتیس چھتیس سینتیس اڑتیس انتالیس",
    "چالیس اکتالیس بیالیس تینتالیس چوالیس پینتالیس چھیالیس سینتالیس اڑتالیس انچاس",
    "پچاس اکیاون باون ترپن چون پچپن چھپن ستاون اٹھاون انسٹھ",
    "ساٹھ اکسٹھ باسٹھ تریسٹھ چونسٹھ پینسٹھ چھیاسٹھ سڑسٹھ اڑسٹھ انہتر",
    "ستر اکہتر بہتر تہتر چوہتر پچھتر چھہتر ستتر اٹھہتر اناسی",
    "اسی اکیاسی بیاسی تراسی چوراسی پچاسی چھیاسی ستاسی اٹھاسی نواسی",
    "نوے اکیانوے بانوے ترانوے چورانوے پچانوے چھیانوے ستانوے اٹھانوے ننانوے",
)
_SMALL: Final = " ".join(_TENS_OF_WORDS).split()
_GROUPS: Final = ((10_000_000, "کروڑ"), (100_000, "لاکھ"), (1_000, "ہزار"), (100, "سو"))


def _cardinal(n: int) -> str:
    if n < 100:
        return _SMALL[n]
    size, name = next(group for group in _GROUPS if n >= group[0])
    head, rest = f"{_cardinal(n // size)} {name}", n % size
    return f"{head} {_cardinal(rest)}" if rest else head


def amount_in_urdu(paisa: int) -> str:
    """An amount as a sentence: 645050 -> ``چھ ہزار چار سو پچاس روپے پچاس پیسے صرف``.

    Raises ValueError for a negative amount.
    """
    if paisa < 0:
        raise ValueError("an amount in words is never negative")
    rupees, part = divmod(paisa, 100)
    said = [f"{_cardinal(rupees)} {'روپیہ' if rupees == 1 else 'روپے'}"] if rupees or not part else []
    said += [f"{_cardinal(part)} {'پیسہ' if part == 1 else 'پیسے'}"] if part else []
    return f"{' '.join(said)} صرف"
