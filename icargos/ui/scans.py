"""Scanning as every door shows it: numbers read from a form, the answer in one colour, one huge word, one sentence."""

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from icargos.kit.errors import FieldProblem, Invalid
from icargos.ui.page import AskedBy

MOST = 1000  # numbers in one go


class Shown(TypedDict):
    """One scan as the page shows it. ``tone``: good, again or stop; ``big`` is a code, or a word (``is_word``)."""

    at: str
    cn: str
    tone: str
    say: str
    big: str
    is_word: bool
    text: str
    shipper: str
    status: str
    weight_g: int
    booked_g: int
    differs: bool


def shown(cn: str, tone: str, *, say: str, big: str, is_word: bool, text: str = "", status: str = "") -> Shown:
    """One scan without a scale."""
    return Shown(
        at=timezone.localtime().strftime("%H:%M:%S"),
        cn=cn,
        tone=tone,
        say=say,
        big=big,
        is_word=is_word,
        text=text,
        shipper="",
        status=status,
        weight_g=0,
        booked_g=0,
        differs=False,
    )


def read_numbers(posted: Mapping[str, str]) -> list[str]:
    """The numbers of a form's ``cns``: one, or up to 1,000 apart by any space or comma.

    Raises Invalid for none and for too many.
    """
    numbers = posted.get("cns", "").replace("\x00", " ").replace(",", " ").replace(";", " ").split()
    if not numbers:
        raise wrong("cns", _("Scan a parcel, or type its number."))
    if len(numbers) > MOST:
        raise wrong("cns", _("%(n)d numbers are too many at once: at most 1,000.") % {"n": len(numbers)})
    return numbers


def wrong(field: str, told: str) -> Invalid:
    """The refusal of one field of a scanner's form."""
    return Invalid(told, problems=[FieldProblem(field, "RANGE", told)])


def answer(
    request: AskedBy, rows: Sequence[Shown], context: Mapping[str, Any], *, parts: str, whole: str
) -> HttpResponse:
    """The parts of a scanning page that a scan changes; without script the whole page."""
    stopped = [row for row in rows if row["tone"] == "stop"]
    found = {
        **context,
        "verdict": rows[0] if len(rows) == 1 else None,
        "many": len(rows) if len(rows) > 1 else 0,
        "accepted": sum(row["tone"] == "good" for row in rows),
        "stopped": stopped,
        "sound": "stop" if stopped else rows[-1]["tone"],
    }
    return render(request, parts if request.headers.get("HX-Request") else whole, found)
