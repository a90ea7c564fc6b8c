"""Money: integer paisa inside, Decimal and text at the edge, half-up once per line."""

import re
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from icargos.kit.errors import FieldProblem, Invalid

PAISA = 100
BASIS = 10_000

_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩٫٬", "01234567890123456789.,")
_AMOUNT = re.compile(
    r"(?:rs\.?|pkr|₨|روپے)?\s*(?P<sign>[-−]?)\s*(?P<whole>\d{1,3}(?:,\d{2,3})+|\d+)(?:\.(?P<part>\d{1,2}))?\s*"
    r"(?:/-|/=|rs\.?|pkr|روپے)?",
    re.IGNORECASE,
)


def half_up(amount: Fraction | Decimal | int) -> int:
    """Round to a whole number, halves away from zero (2.5 -> 3, -2.5 -> -3)."""
    if isinstance(amount, int):
        return amount
    if isinstance(amount, Decimal):
        return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    whole = (2 * abs(amount.numerator) + amount.denominator) // (2 * amount.denominator)
    return -whole if amount < 0 else whole


def share(paisa: int, basis_points: int) -> int:
    """``basis_points`` hundredths of a per cent of an amount, in paisa, half-up (1600 = 16 %)."""
    product = paisa * basis_points
    whole = (2 * abs(product) + BASIS) // (2 * BASIS)
    return -whole if product < 0 else whole


def rupees(paisa: int) -> str:
    """For people: ``Rs 2,750``, no decimals, a true minus before a negative amount."""
    whole = half_up(Fraction(paisa, PAISA))
    return f"{'−' if whole < 0 else ''}Rs {abs(whole):,}"


def grouped(paisa: int) -> str:
    """For receipts: ``3,488.28`` to the paisa with thousands, a true minus before a negative amount."""
    whole, part = divmod(abs(paisa), PAISA)
    return f"{'−' if paisa < 0 else ''}{whole:,}.{part:02d}"


def exact(paisa: int) -> str:
    """For exports and the API: ``2750.00``, ASCII, to the paisa."""
    whole, part = divmod(abs(paisa), PAISA)
    return f"{'-' if paisa < 0 else ''}{whole}.{part:02d}"


def decimal(paisa: int) -> Decimal:
    """The amount in rupees with two places."""
    return Decimal(paisa).scaleb(-2)


def parse_rupees(text: str) -> int:
    """Read a rupee amount as people type it (``Rs 1,500/-``, ``1500.50``, Urdu digits) into paisa.

    Raises Invalid (code TYPE) when the text is not one amount.
    """
    clean = " ".join(text.translate(_DIGITS).split())
    match = _AMOUNT.fullmatch(clean)
    if match is None:
        problem = FieldProblem(
            "amount", "TYPE", f"“{text}” is not an amount in rupees.", "Write it like 1500 or 1,500."
        )
        raise Invalid(problem.message, problems=[problem])
    paisa = int(match["whole"].replace(",", "")) * PAISA + int((match["part"] or "0").ljust(2, "0"))
    return -paisa if match["sign"] else paisa
