"""The formats of labels in people's words, and which one is meant: asked, used last in this browser, the shipper's."""

from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from icargos.booking import queries
from icargos.booking.rules.printing import SORTINGS, Wanted
from icargos.kit.actor import Actor
from icargos.paper.formats import FORMATS, Format

# Printers stand beside browsers, not in accounts: so the last format is remembered where it was used.
_COOKIE: Final = "label_format"
_YEAR: Final = 365 * 24 * 3600
_NAMES: Final = {
    "4x6": (gettext_lazy("4 × 6 in"), gettext_lazy("label printer")),
    "a6": (gettext_lazy("A6"), gettext_lazy("1 label")),
    "a5": (gettext_lazy("A5"), gettext_lazy("1 label")),
    "a4-2": (gettext_lazy("A4, 2 labels"), gettext_lazy("A5 each")),
    "a4-3": (gettext_lazy("A4, 3 copies"), gettext_lazy("consignee, shipper, office")),
    "a4-4": (gettext_lazy("A4, 4 labels"), gettext_lazy("A6 each")),
    "75x50": (gettext_lazy("75 × 50 mm"), gettext_lazy("small label")),
    "zpl-203": (gettext_lazy("ZPL, 203 dpi"), gettext_lazy("file for a label printer")),
    "zpl-300": (gettext_lazy("ZPL, 300 dpi"), gettext_lazy("file for a label printer")),
}
_SORTED: Final = {"listed": gettext_lazy("As listed"), "destination": gettext_lazy("By destination")}


def format_code(request: HttpRequest, actor: Actor, asked: str = "") -> str:
    """The code of the format to use: what is asked, what this browser used last, or the shipper's own."""
    for code in (asked, request.COOKIES.get(_COOKIE, "")):
        if code in FORMATS:
            return code
    return queries.label_style(actor).wanted.form


def remember(answer: HttpResponse, code: str) -> None:
    """Keep the format for the next time in this browser."""
    answer.set_cookie(_COOKIE, code, max_age=_YEAR, samesite="Lax", httponly=True, secure=settings.SECURE_COOKIES)


def choices(chosen: str) -> list[dict[str, Any]]:
    """Every format: code, title, note, drawing (``portal/label_formats.html``), and whether it is the chosen one."""
    return [
        {
            "code": code,
            "title": str(title),
            "note": str(note),
            "chosen": code == chosen,
            "places": FORMATS[code].places,
            **_drawn(FORMATS[code]),
        }
        for code, (title, note) in _NAMES.items()
    ]


def sortings(chosen: str) -> list[dict[str, Any]]:
    """The orders in which labels may come."""
    return [{"code": code, "title": str(_SORTED[code]), "chosen": code == chosen} for code in SORTINGS]


def title(code: str) -> str:
    """A format's name."""
    return str(_NAMES[code][0])


def wanted(asked: Mapping[str, str], usual: Wanted, form: str) -> Wanted:
    """What a form asks for. A form that does not show the options (``options`` is not sent) leaves them as usual."""
    if not asked.get("options"):
        return Wanted(
            form=form, sorting=usual.sorting, mask_phone=usual.mask_phone, hide_product=usual.hide_product, start=0
        )
    start = asked.get("start", "")
    places = FORMATS[form].places if form in FORMATS else 1
    first = int(start) if start.isascii() and start.isdigit() and len(start) < 3 else 1
    return Wanted(
        form=form,
        sorting=asked.get("sorting", usual.sorting),
        mask_phone=bool(asked.get("mask_phone")),
        hide_product=bool(asked.get("hide_product")),
        start=first - 1 if 1 <= first <= places else 0,
    )


def _drawn(form: Format) -> dict[str, Any]:
    """A small drawing: the paper, and on it the places of labels, in a square of 40."""
    across, down = form.page
    scale = 34 / max(A4_HEIGHT if form.cells else 0, across, down, 470)
    left, top = (40 - across * scale) / 2, (40 - down * scale) / 2
    places = []
    for cell in form.cells:
        wide, tall = form.label[::-1] if cell.turned else form.label
        places.append((cell.x, cell.y, wide, tall))
    inset = 14.0
    return {
        "paper": [round(side, 1) for side in (left, top, across * scale, down * scale)],
        "boxes": [
            [
                round(left + (x + inset) * scale, 1),
                round(top + (y + inset) * scale, 1),
                round((wide - 2 * inset) * scale, 1),
                round((tall - 2 * inset) * scale, 1),
            ]
            for x, y, wide, tall in places or [(0, 0, across, down)]
        ],
        "is_file": bool(form.dots),
    }


A4_HEIGHT: Final = FORMATS["a4-4"].page[1]
__all__ = ["choices", "format_code", "remember", "sortings", "title", "wanted"]
