"""Phone numbers as Pakistani sheets write them: read once, kept as E.164, shown as ``03xx-xxxxxxx``."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import NamedTuple

import phonenumbers

from icargos.kit.errors import Refused
from icargos.kit.texts import gettext_noop

_MOBILE_CODE = r"3(?:[0-24]\d|3[0-79]|55|64)"
# Covers the forms people type with the usual punctuation left in, so that a plain cell costs one match.
_LOCAL = re.compile(rf"(?:(0)|(?:\+|00)?92)?[ -]?({_MOBILE_CODE})[ -]?(\d{{7}})", re.ASCII)
_INSIDE = re.compile(rf"(?:\+?92|0092|0)?[ ./-]?({_MOBILE_CODE})[ .-]?(\d{{3}}[ .-]?\d{{4}})(?!\d)", re.ASCII)
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+", re.ASCII)
_BETWEEN = re.compile(r"[/\\,;|&\n\r،؛]+|\bor\b|\band\b|یا|اور", re.IGNORECASE)
_TYPED = re.compile(r"\+?[0-9][0-9 .()-]{4,}")
_ABROAD = re.compile(r"^(00)?92(?=[0-9])")
_NOT_DIALLED = re.compile(r"[^0-9+]")
_LONGEST = 200


class Kind(StrEnum):
    """Which sort of line a number is. Numbers outside Pakistan count as MOBILE when they may be one."""

    MOBILE = "mobile"
    LANDLINE = "landline"


class Repair(StrEnum):
    """What was mended while reading; the value is the sentence to show."""

    LOST_ZERO = gettext_noop("The leading 0 was missing and has been put back.")
    UNFOLDED = gettext_noop("Excel had shortened this number; it was written out again.")
    OTHER_TEXT = gettext_noop("Other text beside the number was left out.")
    SECOND_NUMBER = gettext_noop("There are two numbers here; the second was kept as the alternative phone.")


class Reason(StrEnum):
    """Why a text is no phone number; the value is the sentence to show."""

    EMPTY = gettext_noop("The phone number is empty.")
    DIGITS_LOST = gettext_noop(
        "Excel has shortened this number and its digits are lost. Format the column as text and type the number again."
    )
    NOT_A_NUMBER = gettext_noop("This is not a phone number. Write it like 0300-1234567.")


class Phone(NamedTuple):
    """One readable phone number.

    ``e164`` such as ``+923001234567``; ``repair`` says what was mended, or None;
    ``alternative`` is the E.164 of a second number in the same text, or "".
    """

    e164: str
    kind: Kind = Kind.MOBILE
    repair: Repair | None = None
    alternative: str = ""

    @property
    def repaired(self) -> bool:
        """Whether a person should look at the number once more."""
        return self.repair is not None

    @property
    def display(self) -> str:
        """The number as people write it, ``0300-1234567``."""
        return display(self.e164)


class PhoneInvalid(Refused):
    """The text is no phone number that can be dialled."""

    code = "phone_invalid"

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


def read(raw: object) -> Phone:
    """Read a phone number from a cell, a form field or an API value.

    Accepts ``03xxxxxxxxx``, ``3xxxxxxxxx``, ``+923…``, ``923…``, ``00923…`` with dashes, spaces or dots,
    landlines, numbers of other countries with their ``+``, Urdu and Arabic digits, and Excel's floats.
    A lost leading zero is put back and two numbers in one cell become a number and its alternative;
    ``repair`` names either. Raises PhoneInvalid when nothing can be dialled, or when Excel dropped digits.
    """
    text = raw if isinstance(raw, str) else _number_text(raw)
    match = _LOCAL.fullmatch(text)
    if match is not None:
        return _local(match, text)
    text = _plain(text)
    match = _LOCAL.fullmatch(text)
    if match is not None:
        return _local(match, text)
    return _read_slowly(text)


def begins(raw: str) -> str | None:
    """The E.164 beginning of a number that is being typed, from five digits on; None for other texts."""
    text = _plain(raw)
    if _TYPED.fullmatch(text) is None:
        return None
    digits = _NOT_DIALLED.sub("", text)
    begun = digits if digits.startswith("+") else "+92" + (_ABROAD.sub("", digits) or digits).removeprefix("0")
    return begun if len(begun) >= len("+92") + 4 else None


def display(e164: str) -> str:
    """Show an E.164 number: ``0300-1234567`` for mobiles, the national form for landlines, else international."""
    if len(e164) == 13 and e164.startswith("+923"):
        return f"0{e164[3:6]}-{e164[6:]}"
    try:
        number = phonenumbers.parse(e164, "PK")
    except phonenumbers.NumberParseException:
        return e164
    if number.country_code != 92:
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    national = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return national.replace("(", "").replace(") ", "-").replace(")", "-")


def _local(match: re.Match[str], text: str) -> Phone:
    e164 = "+92" + match[2] + match[3]
    if match[1] is None and text[0] == "3":
        return Phone(e164, repair=Repair.LOST_ZERO)
    return Phone(e164)


def _number_text(raw: object) -> str:
    if isinstance(raw, float):
        return str(int(raw)) if raw.is_integer() else str(raw)
    return "" if raw is None else str(raw)


def _plain(text: str) -> str:
    """ASCII digits, plain spaces and dashes, no invisible marks."""
    if len(text) > _LONGEST:
        text = text[:_LONGEST]
    if not text.isascii():
        text = "".join(_plain_character(c) for c in unicodedata.normalize("NFKC", text))
    return " ".join(part for part in text.replace("\n", "/").split()).strip(" '\"=")


def _plain_character(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.digit(character))
    if category == "Pd":
        return "-"
    if category in ("Cf", "Cc", "Cs"):
        return ""
    return character


def _read_slowly(text: str) -> Phone:
    if not text:
        raise PhoneInvalid(Reason.EMPTY)
    repaired = _unfold(text)
    if repaired is not None:
        return repaired
    found: list[Phone] = []
    for part in _BETWEEN.split(text):
        found.extend(phone for phone in _read_part(part) if phone.e164 not in {known.e164 for known in found})
    if not found:
        raise PhoneInvalid(Reason.NOT_A_NUMBER)
    if len(found) == 1:
        only = found[0]
        if only.repaired or _spells(text, only.e164):
            return only
        return only._replace(repair=Repair.OTHER_TEXT)
    # A rider can only reach a mobile on the road, so of two numbers the mobile leads.
    found.sort(key=lambda phone: phone.kind is not Kind.MOBILE)
    return found[0]._replace(repair=Repair.SECOND_NUMBER, alternative=found[1].e164)


def _unfold(text: str) -> Phone | None:
    """Read ``3.001234567E+09``; refuse it when digits are gone; None for any other text."""
    if _SCIENTIFIC.fullmatch(text) is None:
        return None
    lost = PhoneInvalid(Reason.DIGITS_LOST)
    try:
        value = Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise lost from None
    if value.adjusted() > 15 or len(value.as_tuple().digits) <= value.adjusted():
        raise lost
    match = _LOCAL.fullmatch(str(int(value)))
    if match is None:
        raise lost
    return Phone("+92" + match[2] + match[3], repair=Repair.UNFOLDED)


def _read_part(part: str) -> list[Phone]:
    """The numbers of one stretch of text: it as a whole, or the mobiles that stand inside it."""
    dialled = _NOT_DIALLED.sub("", part)
    plus = dialled.startswith(("+", "00"))
    digits = dialled.replace("+", "")
    if digits.startswith("00"):
        digits = digits[2:]
    if digits.startswith("920"):
        digits = "92" + digits[3:]
    if len(digits) < 7:
        return []
    match = _LOCAL.fullmatch(digits)
    if match is not None:
        return [_local(match, digits)]
    whole = _parse("+" + digits if plus or digits.startswith("92") else digits)
    if whole is not None:
        return [whole]
    return [Phone("+92" + one[1] + re.sub(r"\D", "", one[2])) for one in _INSIDE.finditer(part)]


def _parse(text: str) -> Phone | None:
    try:
        number = phonenumbers.parse(text, "PK")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    kinds = phonenumbers.PhoneNumberType
    mobile = phonenumbers.number_type(number) in (kinds.MOBILE, kinds.FIXED_LINE_OR_MOBILE)
    return Phone(e164, Kind.MOBILE if mobile else Kind.LANDLINE)


def _spells(text: str, e164: str) -> bool:
    """Whether the text holds nothing but this number and punctuation."""
    digits = re.sub(r"\D", "", text)
    return not any(c.isalpha() for c in text) and len(digits) <= len(e164) + 1
