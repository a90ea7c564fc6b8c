"""Checkers of single cells: clean text in, value and findings out. The form and the sheet share them."""

import re
from collections.abc import Callable
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import NamedTuple

from rapidfuzz import process

from icargos.booking.rules.problems import Code
from icargos.booking.rules.text import plain
from icargos.consignments.rules import WINDOWS, papers, pieces
from icargos.kit import phone
from icargos.kit.texts import gettext_noop


class Finding(NamedTuple):
    """A problem before it has a place: what, why, and the value that would mend it."""

    code: Code
    template: str
    params: dict[str, str] = {}
    suggestion: str = ""


class Cell(NamedTuple):
    """What a cell came to: the value of its Order field, what was found, and a phone's second number."""

    value: object
    findings: tuple[Finding, ...] = ()
    second: str = ""


Checker = Callable[[str], Cell]

NAME_LENGTH = (2, 50)
ADDRESS_LENGTH = (10, 250)
WEAK_ADDRESS = 20
PIECES = (1, 99)
WEIGHT_G = (10, 100_000)
LONGEST_SIDE_CM = 300
DECLARED_CAP_PAISA = 10_000_000_00

_YES = frozenset({"y", "yes", "true", "1", "on", "allowed", "ہاں", "جی", "جی ہاں", "✓", "✔"})
_NO = frozenset({"n", "no", "false", "0", "off", "not allowed", "nil", "-", "نہیں", "نہ"})
_PROOFS: dict[str, str] = {
    **dict.fromkeys(("none", "no", "n", "nil", "-", "0"), "none"),
    **dict.fromkeys(("signature", "sign", "signed", "sig"), "signature"),
    **dict.fromkeys(("photo", "picture", "image", "pic", "photograph"), "photo"),
    **dict.fromkeys(("code", "otp", "pin", "delivery code"), "code"),
}
_PAPERS: dict[str, str] = {
    **dict.fromkeys(("invoice", "invoice copy", "bill", "tax invoice"), "invoice"),
    **dict.fromkeys(("challan", "delivery challan", "dc", "delivery note"), "challan"),
    **dict.fromkeys(("order", "purchase order", "po"), "order"),
    **dict.fromkeys(("receipt", "goods received note", "goods receipt", "grn"), "receipt"),
    **dict.fromkeys(("none", "no", "n", "nil", "-", "0"), ""),
}
_AMOUNT = re.compile(
    r"(?:rs\.?|pkr\.?|₨|روپے)? ?(-?)((?:\d{1,3}(?:,\d{2,3})*,\d{3}|\d{1,12})(?:\.\d{1,4})?)\.?"
    r" ?(?:/[-=]?|-|rs\.?|pkr|روپے|only| )*"
)
_UNIT = r"kgs?|kilos?|kilograms?|g|gms?|grams?|کلو|گرام"
_WEIGHT = re.compile(rf"(-?)(\d{{1,7}}(?:\.\d{{0,9}})?|\d{{1,3}},\d{{1,2}}|\.\d{{1,9}}) ?({_UNIT})?\.?")
_ONE_OF_PIECES = re.compile(
    rf"(?:(\d{{1,2}}) ?[x×*] ?)?(\d{{1,7}}(?:\.\d{{0,9}})?|\.\d{{1,9}})(?: ?({_UNIT})\.?)?(?: ?[;,/+|] ?| |$)"
)
_COUNT = re.compile(r"(-?\d{1,6})(?:\.0+)? ?(?:pcs?|pieces?|items?|nos?|units?|عدد)?\.?")
_LENGTH = re.compile(r"(-?)(\d{1,5}(?:\.\d{1,6})?) ?(?:cms?|centimeters?)?\.?")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?e\+\d+")
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[ t].*)?")
_LISTED = re.compile(r" ?[;,/+|&] ?| and ")
_HOURS = re.compile(r"(\d{1,2})(?::00)? ?(?:am|pm)? ?(?:-|to) ?(\d{1,2})(?::00)? ?(?:am|pm)?")
_ISO_DAY = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?:[ t]00:00(?::00)?)?")
_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})[ ./-](?P<month>\d{1,2}|[a-z]{3,9})[ ./,-]+(?P<year>\d{4})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_EMAIL = re.compile(r"[^@\s,;<>()\"\\]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}")
_IN_GRAMS = frozenset({"g", "gm", "gms", "gram", "grams", "گرام"})


def check_order_ref(text: str) -> Cell:
    """Up to 50 characters; a number that Excel shortened is refused, for its digits are gone."""
    if _SCIENTIFIC.fullmatch(text.lower()):
        return bad(
            Code.TYPE,
            gettext_noop(
                "Excel shortened this number and lost its digits. Format the column as text and type it again."
            ),
        )
    return _text(text, 50)


def check_name(text: str) -> Cell:
    """2 to 50 characters with a letter among them."""
    if not any(map(str.isalpha, text)):
        return bad(Code.TYPE, gettext_noop("A name needs letters."))
    return _text(text, NAME_LENGTH[1], NAME_LENGTH[0])


def check_phone(text: str) -> Cell:
    """A mobile that the rider can call; a landline is refused here and welcome as the alternative."""
    try:
        found = phone.read(text)
    except phone.PhoneInvalid as refused:
        return _bad_phone(refused)
    if found.kind is not phone.Kind.MOBILE:
        return bad(
            Code.PHONE_INVALID,
            gettext_noop("This is a landline. Give a mobile number here and the landline as Alt Phone."),
        )
    return _phone(found)


def check_alt_phone(text: str) -> Cell:
    """Any number that can be called, landlines too."""
    try:
        return _phone(phone.read(text))
    except phone.PhoneInvalid as refused:
        return _bad_phone(refused)


def check_email(text: str) -> Cell:
    """One address, at most 120 characters."""
    if len(text) > 120 or _EMAIL.fullmatch(text.lower()) is None:
        return bad(Code.TYPE, gettext_noop("This is not an e-mail address."))
    return Cell(text)


def check_address(text: str) -> Cell:
    """10 to 250 characters; short ones and those without a digit are booked with a warning."""
    cell = _text(text, ADDRESS_LENGTH[1], ADDRESS_LENGTH[0])
    if cell.findings or (len(text) >= WEAK_ADDRESS and any(map(str.isdigit, text))):
        return cell
    weak = Finding(
        Code.ADDRESS_WEAK,
        gettext_noop("The address is short or has no number; the rider may not find it. Add house, street and area."),
    )
    return Cell(text, (weak,))


def check_return_address(text: str) -> Cell:
    """10 to 250 characters: our own people must find it."""
    return _text(text, ADDRESS_LENGTH[1], ADDRESS_LENGTH[0])


def check_pieces(text: str) -> Cell:
    """A whole number from 1 to 99."""
    match = _COUNT.fullmatch(plain(text))
    if match is None:
        return not_a_number(text)
    pieces = int(match[1])
    if not PIECES[0] <= pieces <= PIECES[1]:
        return _out_of_range(PIECES[0], PIECES[1])
    return Cell(pieces)


def check_weight(text: str, *, in_grams: bool = False) -> Cell:
    """Grams from "1.2", "1.2 kg" or "500 g"; kilograms unless the text or the header says grams."""
    match = _WEIGHT.fullmatch(plain(text))
    if match is None:
        return not_a_number(text)
    number = Decimal(match[2].replace(",", "."))
    grams_meant = match[3] in _IN_GRAMS or (match[3] is None and in_grams)
    exact = number if grams_meant else number * 1000
    grams = int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    if match[1] or not WEIGHT_G[0] <= grams <= WEIGHT_G[1]:
        # 500 in a kilogram column was meant as grams.
        as_kg = f"{number.normalize() / 1000:f}" if match[3] is None and not match[1] and number <= WEIGHT_G[1] else ""
        return _out_of_range("0.01 kg", "100 kg", suggestion=as_kg if number >= WEIGHT_G[0] else "")
    return Cell(grams)


def check_length(text: str) -> Cell:
    """Whole centimetres up to 300, rounded up; 0 means not given."""
    match = _LENGTH.fullmatch(plain(text))
    if match is None:
        return not_a_number(text)
    side = int(Decimal(match[2]).quantize(Decimal(1), ROUND_CEILING))
    if match[1] or side > LONGEST_SIDE_CM:
        return _out_of_range(0, f"{LONGEST_SIDE_CM} cm")
    return Cell(side)


def check_declared(text: str) -> Cell:
    """Paisa from rupees, at most Rs 10,000,000."""
    rupees = rupees_in(text)
    if rupees is None:
        return not_a_number(text)
    paisa = int((rupees * 100).quantize(Decimal(1), ROUND_HALF_UP))
    if not 0 <= paisa <= DECLARED_CAP_PAISA:
        return _out_of_range(0, f"Rs {DECLARED_CAP_PAISA // 100:,}")
    return Cell(paisa)


def check_yes(text: str) -> Cell:
    """Yes or no in the words people use."""
    word = plain(text)
    if word in _YES:
        return Cell(True)
    if word in _NO:
        return Cell(False)
    return bad(Code.TYPE, gettext_noop("Write Y or N."))


def check_proof(text: str) -> Cell:
    """none, signature, photo or code."""
    found = _PROOFS.get(plain(text))
    if found is None:
        hit = process.extractOne(plain(text), list(_PROOFS), score_cutoff=70)
        suggestion = _PROOFS[hit[0]] if hit is not None else ""
        return bad(Code.TYPE, gettext_noop("Write none, signature, photo or code."), suggestion)
    return Cell(found)


def check_window(text: str) -> Cell:
    """One of the parts of a day, from "09-12", "9 to 12" or "9am-12pm"."""
    match = _HOURS.fullmatch(plain(text))
    found = ""
    if match is not None:
        start, end = int(match[1]), int(match[2])
        start += 12 if start < 9 else 0
        end += 12 if end <= start else 0
        found = f"{start:02d}-{end:02d}"
    if found not in WINDOWS:
        told = gettext_noop("Write one of %(windows)s.")
        return bad(Code.TYPE, told, windows=", ".join(WINDOWS))
    return Cell(found)


def check_piece_weights(text: str) -> Cell:
    """The weight of each piece, from "2.5; 1.2", "2.5 1.2" or "3x2.5, 500 g": kilograms unless a unit says grams."""
    word, at, grams = plain(text), 0, []
    while at < len(word):
        match = _ONE_OF_PIECES.match(word, at)
        if match is None:
            told = gettext_noop("Write the weight of each piece in kilograms, like 2.5; 1.2 or 3x2.5.")
            return bad(Code.TYPE, told)
        one = check_weight(f"{match[2]} {match[3] or 'kg'}")
        if not isinstance(one.value, int):
            return one
        grams += [one.value] * int(match[1] or 1)
        at = match.end()
    if not PIECES[0] <= len(grams) <= PIECES[1]:
        return _out_of_range(PIECES[0], PIECES[1])
    return Cell(pieces.written(grams))


def check_signed_papers(text: str) -> Cell:
    """The papers that come back signed, several with commas: invoice, challan, order, receipt."""
    found = set()
    for one in _LISTED.split(plain(text)):
        word = one.removeprefix("signed ").strip()
        if word not in _PAPERS:
            hit = process.extractOne(word, [*papers.PAPERS], score_cutoff=70)
            told = gettext_noop("Write invoice, challan, order or receipt; several with commas.")
            return bad(Code.TYPE, told, hit[0] if hit is not None else "")
        found.add(_PAPERS[word])
    return Cell(papers.written(found))


def day_of(text: str) -> date | None:
    """The day of "2026-11-24", "24/11/2026" or "24 Nov 2026", the day before the month; None for other texts."""
    word = plain(text)
    match = _ISO_DAY.fullmatch(word) or _DAY_FIRST.fullmatch(word)
    if match is None:
        return None
    month = match["month"]
    try:
        number = int(month) if month.isdecimal() else _MONTHS.index(month[:3]) + 1
        return date(int(match["year"]), number, int(match["day"]))
    except ValueError:
        return None


def text_checker(longest: int) -> Checker:
    def check(text: str) -> Cell:
        return _text(text, longest)

    return check


def _text(text: str, longest: int, shortest: int = 1) -> Cell:
    if shortest <= len(text) <= longest:
        return Cell(text)
    told = gettext_noop("Write %(low)s to %(high)s characters; this is %(length)s.")
    return bad(Code.RANGE, told, length=str(len(text)), low=str(shortest), high=str(longest))


def _phone(found: phone.Phone) -> Cell:
    if found.repair is None:
        return Cell(found.e164)
    repaired = Finding(Code.PHONE_REPAIRED, found.repair.value, {}, found.display)
    return Cell(found.e164, (repaired,), found.alternative)


def _bad_phone(refused: phone.PhoneInvalid) -> Cell:
    return bad(Code.PHONE_INVALID, refused.reason.value)


def rupees_in(text: str) -> Decimal | None:
    match = _AMOUNT.fullmatch(plain(text))
    return None if match is None else Decimal(match[1] + match[2].replace(",", ""))


def not_a_number(text: str, suggestion: str = "") -> Cell:
    if _DATE.fullmatch(plain(text)):
        told = gettext_noop("Excel has turned this into a date. Format the column as a number and type it again.")
        return bad(Code.TYPE, told)
    return bad(Code.TYPE, gettext_noop("“%(value)s” is not a number."), suggestion, value=text[:40])


def _out_of_range(low: object, high: object, suggestion: str = "") -> Cell:
    told = gettext_noop("This must be from %(low)s to %(high)s.")
    return bad(Code.RANGE, told, suggestion, low=str(low), high=str(high))


def bad(code: Code, template: str, suggest: str = "", **params: str) -> Cell:
    return Cell(None, (Finding(code, template, params, suggest),))
