"""The menu: every page that stands in it, in one table, shown to whoever may open it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from icargos.accounts.rules import Can
from icargos.kit.actor import Actor

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the menu. ``needs`` is the capability, ``key`` the letter after G, ``short`` the phone's word;
    ``on_phone`` whether it has one of the five places of the phone's tab bar."""

    view: str
    icon: str
    label: "StrPromise"
    needs: Can | None
    key: str
    short: "StrPromise | None" = None
    on_phone: bool = True


@dataclass(frozen=True, slots=True)
class Section:
    """Lines under one heading; the first section has none."""

    heading: "StrPromise | None"
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A menu line as rendered: resolved address, and whether this is the page being looked at."""

    item: Item
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A section with at least one line for this actor."""

    heading: "StrPromise | None"
    items: tuple[Shown, ...]


MENU: tuple[Section, ...] = (
    Section(
        None,
        (
            Item("portal:overview", "overview", _("Overview"), Can.SEE_OVERVIEW, "o"),
            Item("portal:orders", "package", _("Orders"), Can.SEE_ORDERS, "l"),
        ),
    ),
    Section(
        _("Ship"),
        (
            Item("portal:book", "package-plus", _("New consignment"), Can.BOOK, "n", _("Book")),
            Item("portal:imports", "file-up", _("Bulk import"), Can.IMPORT, "i", _("Import")),
        ),
    ),
    Section(_("Money"), (Item("portal:payments", "coins", _("COD & payouts"), Can.SEE_CHARGES, "m", _("COD")),)),
    Section(
        _("Settings"),
        (Item("portal:api_settings", "settings", _("API settings"), Can.MANAGE_KEYS, "a", on_phone=False),),
    ),
    Section(_("Public"), (Item("track:home", "map-pin", _("Track a parcel"), None, "t", on_phone=False),)),
)


def menu(actor: Actor, path: str) -> list[ShownSection]:
    """The sections of the menu this actor may open; the line of the page at ``path`` is marked.

    Of several lines whose address begins the path, the longest is the current one. A page that is not mounted has no
    line, so the menu never holds a dead link.
    """
    found: list[tuple[Section, list[tuple[Item, str]]]] = []
    for section in MENU:
        lines = [(item, url) for item in section.items if _open_to(actor, item) and (url := _address(item.view))]
        if lines:
            found.append((section, lines))
    addresses = [url for _section, lines in found for _item, url in lines]
    here = max((url for url in addresses if path == url or (url != "/" and path.startswith(url))), key=len, default="")
    return [
        ShownSection(section.heading, tuple(Shown(item, url, url == here) for item, url in lines))
        for section, lines in found
    ]


def _open_to(actor: Actor, item: Item) -> bool:
    return item.needs is None or actor.may(item.needs)


def _address(view: str) -> str:
    """The address of a view by name, or nothing when it is not mounted."""
    try:
        return reverse(view)
    except NoReverseMatch:
        return ""
