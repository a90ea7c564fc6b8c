"""What the shell's templates need on every page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from icargos.accounts.rules import Can
from icargos.kit.actor import Actor, Kind
from icargos.ui.navigation import menu

_FOR_ALL = {"brand_url": "brand", "language_url": "set_language", "home_url": "home", "track_url": "track:home"}
_FOR_SOME = {
    "search_url": ((Kind.SHIPPER, Can.SEE_ORDERS, "portal:search"), (Kind.STAFF, Can.SEE_ALL_PARCELS, "desk:palette")),
    "book_url": ((Kind.SHIPPER, Can.BOOK, "portal:book"),),
}


def shell(request: HttpRequest) -> dict[str, Any]:
    """Names for every template: actor, courier, nav, theme, and the addresses of the shell's own endpoints.

    An endpoint that is not mounted, or not for this actor, has an empty address, and the shell leaves out what needs
    it. Works on a bare request too (an error page before any middleware ran).
    """
    actor = getattr(request, "actor", None)
    theme = request.COOKIES.get("theme", "")
    return {
        "actor": actor,
        "shipper_name": getattr(getattr(request, "seat", None), "shipper_name", ""),
        "courier": getattr(request, "courier", None) or settings.COURIER,
        "theme": theme if theme in {"light", "dark"} else "",
        "keys_off": request.COOKIES.get("keys") == "off",
        "nav": SimpleLazyObject(lambda: menu(actor, request.path) if actor else []),
        "live_url": _address("live_ticket") if actor else "",
        **{name: _address(view) for name, view in _FOR_ALL.items()},
        **{name: _own(actor, ways) for name, ways in _FOR_SOME.items()},
    }


def _own(actor: Actor | None, ways: tuple[tuple[Kind, Can, str], ...]) -> str:
    """The address behind a name for this actor, or nothing where there is none for them."""
    if actor is None:
        return ""
    return next((_address(view) for kind, needs, view in ways if actor.kind is kind and actor.may(needs)), "")


def _address(view: str) -> str:
    try:
        return reverse(view)
    except NoReverseMatch:
        return ""
