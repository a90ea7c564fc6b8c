"""The menu: every page that stands in it, in one table, shown to whoever may open it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from icargos.accounts.rules import Can
from icargos.kit.actor import Actor, Kind

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the menu. ``needs`` is the capability, ``key`` the letter after G, ``short`` the phone's word.

    ``count`` is the view of a fragment that says how much waits there. ``on_phone`` gives it one of the phone's five
    tabs; the others stand in the phone's account menu.
    """

    view: str
    icon: str
    label: "StrPromise"
    needs: Can | None
    key: str
    short: "StrPromise | None" = None
    on_phone: bool = True
    count: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Lines under one heading; the first section has none. ``kind`` is who it is for, None everybody."""

    heading: "StrPromise | None"
    items: tuple[Item, ...]
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A menu line as rendered: resolved address, and whether this is the page being looked at."""

    item: Item
    url: str
    current: bool
    count_url: str = ""


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
            Item(
                "portal:advice",
                "message-alert",
                _("Shipper advice"),
                Can.SEE_ORDERS,
                "d",
                _("Advice"),
                count="portal:advice_count",
            ),
        ),
        Kind.SHIPPER,
    ),
    Section(
        _("Ship"),
        (
            Item("portal:book", "package-plus", _("New consignment"), Can.BOOK, "n", _("Book")),
            Item("portal:imports", "file-up", _("Bulk import"), Can.IMPORT, "i", _("Import"), on_phone=False),
            Item(
                "portal:pickups",
                "calendar-clock",
                _("Pickups"),
                Can.SEE_ORDERS,
                "p",
                count="portal:pickup_count",
                on_phone=False,
            ),
            Item("portal:load_sheets", "list-checks", _("Load sheets"), Can.SEE_ORDERS, "s", on_phone=False),
            Item("portal:addresses", "users", _("Address book"), Can.SEE_CONSIGNEE, "b", on_phone=False),
            Item("portal:profiles", "store", _("Pickup profiles"), Can.BOOK, "f", on_phone=False),
        ),
        Kind.SHIPPER,
    ),
    Section(
        _("Money"),
        (Item("portal:payments", "coins", _("COD & payouts"), Can.SEE_CHARGES, "m", _("COD")),),
        Kind.SHIPPER,
    ),
    Section(
        _("Settings"),
        (
            Item("portal:label_settings", "printer", _("Labels"), Can.PRINT_LABELS, "b", on_phone=False),
            Item("portal:api_settings", "settings", _("API settings"), Can.MANAGE_KEYS, "a", on_phone=False),
        ),
        Kind.SHIPPER,
    ),
    Section(None, (Item("rider:run", "list-checks", _("Today's run"), Can.DELIVER, "r", _("Run")),), Kind.STAFF),
    Section(
        None,
        (
            Item("desk:arrival", "scan", _("Arrival scan"), Can.SCAN, "a", _("Arrival")),
            Item("desk:sending", "truck", _("In transit"), Can.SCAN, "s", _("Send")),
            Item(
                "desk:manifests",
                "route",
                _("Manifests"),
                Can.SCAN,
                "m",
                count="desk:manifest_count",
                on_phone=False,
            ),
        ),
        Kind.STAFF,
    ),
    Section(
        _("Pickup"),
        (
            Item(
                "desk:pickups",
                "calendar-clock",
                _("Pickups"),
                Can.SCAN,
                "p",
                count="desk:pickup_count",
                on_phone=False,
            ),
        ),
        Kind.STAFF,
    ),
    Section(
        _("Delivery"),
        (
            Item("desk:runs", "list-checks", _("Run sheets"), Can.SCAN, "r", _("Runs")),
            Item(
                "desk:advice",
                "message-alert",
                _("Shipper advice"),
                Can.ANSWER_ADVICE,
                "d",
                _("Advice"),
                count="desk:advice_count",
            ),
            Item(
                "desk:conflicts",
                "alert",
                _("Conflicts"),
                Can.ANSWER_ADVICE,
                "c",
                count="desk:conflict_count",
                on_phone=False,
            ),
        ),
        Kind.STAFF,
    ),
    Section(
        _("Parcels"),
        (Item("desk:search", "search", _("Find a parcel"), Can.SEE_ALL_PARCELS, "f", _("Find")),),
        Kind.STAFF,
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
        if section.kind not in (None, actor.kind):
            continue
        lines = [(item, url) for item in section.items if _open_to(actor, item) and (url := _address(item.view))]
        if lines:
            found.append((section, lines))
    addresses = [url for _section, lines in found for _item, url in lines]
    here = max((url for url in addresses if path == url or (url != "/" and path.startswith(url))), key=len, default="")
    return [
        ShownSection(
            section.heading,
            tuple(Shown(item, url, url == here, _address(item.count) if item.count else "") for item, url in lines),
        )
        for section, lines in found
    ]


def narrowed(sections: list[ShownSection], words: str) -> list[ShownSection]:
    """The same sections with the lines that hold the words."""
    wanted = words.lower()
    found = []
    for section in sections:
        items = tuple(line for line in section.items if wanted in str(line.item.label).lower())
        if items:
            found.append(ShownSection(section.heading, items))
    return found


def first_address(actor: Actor) -> str:
    """Where this actor's work begins: the first line of the menu."""
    return next(line.url for section in menu(actor, "") for line in section.items)


def _open_to(actor: Actor, item: Item) -> bool:
    return item.needs is None or actor.may(item.needs)


def _address(view: str) -> str:
    """The address of a view by name, or nothing when it is not mounted."""
    try:
        return reverse(view)
    except NoReverseMatch:
        return ""
