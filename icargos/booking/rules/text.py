"""Cleaning of what people and Excel put into a cell."""

import re
import unicodedata

_KEPT_OUT = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200d-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
# One Urdu letter each for what Arabic keyboards and old fonts send, so that names compare and join rightly.
_LETTERS = str.maketrans({"\u064a": "\u06cc", "\u0649": "\u06cc", "\u0643": "\u06a9"})
_PRESENTATION_FORM = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]")
_AS_TEXT = re.compile(r'="(.*)"', re.DOTALL)
_MARKED_TEXT = re.compile(r"'(?=[0-9+=@-])")


def clean(raw: str) -> str:
    """Trim, join lines, drop invisible marks and control characters, use Urdu's own letters.

    ``="0300…"`` and ``'0300…``, the ways to keep a zero in Excel, give the text they guard.
    """
    if raw.isascii() and raw.isprintable():
        text = " ".join(raw.split())
    else:
        text = _KEPT_OUT.sub("", unicodedata.normalize("NFC", raw))
        if not text.isascii():
            text = _PRESENTATION_FORM.sub(lambda form: unicodedata.normalize("NFKC", form[0]), text)
            text = text.translate(_LETTERS)
        text = " ".join(text.split())
    if text[:1] in ("=", "'"):
        text = _MARKED_TEXT.sub("", text, count=1)
        guarded = _AS_TEXT.fullmatch(text)
        if guarded is not None:
            return guarded[1].replace('""', '"').strip()
    return text


def plain(text: str) -> str:
    """The text for numbers and code words: ASCII digits and signs, lower case."""
    if text.isascii():
        return text.lower()
    return "".join(map(_plain_character, unicodedata.normalize("NFKC", text))).casefold()


def _plain_character(character: str) -> str:
    if character in "٫":
        return "."
    if character in "٬،":
        return ","
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.digit(character))
    return "-" if category == "Pd" or character == "\u2212" else character
