"""What the shell's templates need on every page."""

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from icargos.accounts.rules import Can
from icargos.ui.navigation import menu

_VIEWS = {
    "brand_url": "brand",
    "language_url": "set_language",
    "search_url": "portal:search",
    "book_url": "portal:book",
    "live_url": "live_ticket",
    "home_url": "home",
    "track_url": "track:home",
}


def shell(request: HttpRequest) -> dict[str, Any]:
    """Names for every template: actor, courier, nav, theme, and the addresses of the shell's own endpoints.

    An endpoint that is not mounted gives an empty address, and the shell leaves out what needs it. Works on a bare
    request too (an error page before any middleware ran).
    """
    actor = getattr(request, "actor", None)
    theme = request.COOKIES.get("theme", "")
    return {
        "actor": actor,
        "shipper_name": getattr(getattr(request, "seat", None), "shipper_name", ""),
        "courier": getattr(request, "courier", None) or settings.COURIER,
        "may_book": actor is not None and actor.may(Can.BOOK),
        "theme": theme if theme in {"light", "dark"} else "",
        "keys_off": request.COOKIES.get("keys") == "off",
        "nav": SimpleLazyObject(lambda: menu(actor, request.path) if actor else []),
        **{name: SimpleLazyObject(partial(_address, view)) for name, view in _VIEWS.items()},
    }


def _address(view: str) -> str:
    try:
        return reverse(view)
    except NoReverseMatch:
        return ""
