"""What a form posted, read so that no odd byte reaches a table: text, days, moments, numbers, amounts, weights."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from icargos.kit.errors import FieldProblem, Invalid

_MOST_DIGITS = 9


def words(posted: Mapping[str, str], name: str, *, most: int = 600) -> str:
    """A field's text without the character that no table takes, trimmed, at most ``most`` characters."""
    return posted.get(name, "").replace("\x00", "").strip()[:most]


def day(posted: Mapping[str, str], name: str) -> date | None:
    """A field's day (``2026-11-23``); None where it is empty or no day."""
    try:
        return parse_date(words(posted, name, most=20))
    except ValueError:
        return None


def moment(posted: Mapping[str, str], name: str) -> datetime | None:
    """A field's local day and time (``2026-11-23T14:30``), aware; None where it is empty or no moment."""
    try:
        found = parse_datetime(words(posted, name, most=40))
        return timezone.make_aware(found) if found is not None and timezone.is_naive(found) else found
    except (ValueError, OverflowError):
        return None


def number(posted: Mapping[str, str], name: str) -> int | None:
    """A field's whole number; None where it is empty or no number, or longer than any id."""
    typed = words(posted, name, most=40).replace(",", "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 18 else None


def grams(posted: Mapping[str, str], name: str) -> int | None:
    """A field's kilograms in grams; None where it is empty or no weight below 1,000 tonnes."""
    try:
        kilos = Decimal(words(posted, name, most=20).replace(",", ""))
    except InvalidOperation:
        return None
    return int(kilos * 1000) if kilos.is_finite() and 0 <= kilos < 1_000_000 else None


def paisa(posted: Mapping[str, str], name: str) -> int | None:
    """A field's whole rupees in paisa; None where it is empty. Raises Invalid naming the field for anything else."""
    typed = words(posted, name, most=40).replace(",", "").replace(" ", "")
    if not typed:
        return None
    if not typed.isdecimal() or len(typed) > _MOST_DIGITS:
        told = _("Write the amount in whole rupees, for example 6,450.")
        raise Invalid(told, problems=[FieldProblem(name, "TYPE", told)])
    return int(typed) * 100
