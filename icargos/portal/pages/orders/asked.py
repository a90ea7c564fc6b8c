"""What the orders list's address asks for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from django.http import QueryDict
from django.urls import reverse
from django.utils import dateformat, timezone
from django.utils.translation import gettext as _

from icargos.consignments import queries
from icargos.consignments.queries import Filters, View
from icargos.consignments.rules import CARD, LABEL, REASONS, STATUSES_OF, Family, Status
from icargos.kit.actor import Actor
from icargos.places import queries as places
from icargos.portal.pages.orders.words import COD, DAYS, SERVICES, SOURCES
from icargos.ui.lists.address import Address

NAMES = (
    "view", "saved", "q", "status", "days", "from", "to", "city", "cod", "service", "source", "profile", "reason",
    "tag", "import", "sort",
)  # fmt: skip
_NOBODY = 0  # an id that no row has


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter that is set: its name in the address, its label, what was chosen, and the address without it."""

    name: str
    label: str
    said: str
    clear_url: str


@dataclass(frozen=True)
class Asked:
    """The state of the list as its address gives it. What it cannot mean is left out; a city, profile or tag that is
    not there matches nothing, so that no list is wider than its chips say.
    """

    actor: Actor
    address: Address
    today: date = field(default_factory=timezone.localdate)

    @property
    def view(self) -> View | None:
        """One of the list's own views, None for all orders."""
        name = self.address.one("view")
        return View(name) if name in set(View) else None

    @property
    def oldest_first(self) -> bool:
        """Whether the list begins with what was booked first."""
        return self.address.one("sort") == "oldest"

    @cached_property
    def statuses(self) -> list[Status]:
        """The statuses that were ticked."""
        return [Status(code) for code in self.address.all("status") if code in set(Status)]

    @cached_property
    def period(self) -> tuple[date | None, date | None]:
        """First and last day of booking; days of one's own count before a period."""
        first, last = self.address.day("from"), self.address.day("to")
        days = self.address.one("days")
        if not first and not last and days in DAYS:
            first = self.today - timedelta(days=int(days) - 1)
        return first, last

    @cached_property
    def tags(self) -> list[queries.TagRow]:
        """The shipper's tags."""
        return queries.tags(self.actor)

    @cached_property
    def profiles(self) -> list[places.Profile]:
        """The shipper's pickup profiles."""
        return places.profiles(self.actor)

    @cached_property
    def cities(self) -> list[tuple[int, str]]:
        """The cities that were asked for by any of their names: id (of none where there is no such city) and name."""
        names = self.address.all("city")
        if not names:
            return []
        index = places.city_index(self.actor)
        rows = [(index.get(index.find(name).city_id or _NOBODY), name) for name in names]
        return list(dict.fromkeys((row.id, row.name) if row else (_NOBODY, name) for row, name in rows))

    @cached_property
    def filters(self) -> Filters:
        """The same for the query."""
        address = self.address
        first, last = self.period
        tags = {tag.name.lower(): tag.id for tag in self.tags} if address.one("tag") else {}
        profiles = {profile.code: profile.id for profile in self.profiles} if address.one("profile") else {}
        return Filters(
            view=self.view,
            statuses=tuple(self.statuses),
            destinations=tuple(city_id for city_id, _name in self.cities),
            services=tuple(one for one in address.all("service") if one in SERVICES),
            sources=tuple(one for one in address.all("source") if one in SOURCES),
            profiles=tuple(profiles.get(one, _NOBODY) for one in address.all("profile")),
            reasons=tuple(one for one in address.all("reason") if one in REASONS),
            tags=tuple(tags.get(one.lower(), _NOBODY) for one in address.all("tag")),
            import_id=address.number("import"),
            booked_from=first,
            booked_to=last,
            words=address.one("q"),
            cod=address.one("cod") if address.one("cod") in COD else "",
        )

    @cached_property
    def chips(self) -> list[Chip]:
        """Every filter that is set, for people."""
        address = self.address
        said: dict[str, tuple[str, str]] = {
            "status": (_("Status"), _several(_(LABEL[one]) for one in self.statuses)),
            "date": (_("Booked"), self._said_period()),
            "city": (_("City"), _several(name for _id, name in self.cities)),
            "cod": (_("COD"), str(COD.get(address.one("cod"), ""))),
            "service": (_("Service"), _named(address.all("service"), SERVICES)),
            "source": (_("Source"), _named(address.all("source"), SOURCES)),
            "profile": (_("Pickup profile"), _several(address.all("profile"))),
            "reason": (
                _("Rider outcome"),
                _several(_(REASONS[one].label) for one in address.all("reason") if one in REASONS),
            ),
            "tag": (_("Tag"), _several(address.all("tag"))),
            "import": (_("Import"), str(address.number("import") or "")),
        }
        return [
            Chip(name, label, text, address.url(**dict.fromkeys(_PARTS.get(name, (name,)), "")))
            for name, (label, text) in said.items()
            if text
        ]

    def sentence(self) -> str:
        """What the list is narrowed by, in words: “hina”, City: Lahore, COD: Prepaid."""
        words = [f"“{self.address.one('q')}”"] if self.address.one("q") else []
        return ", ".join([*words, *(f"{chip.label}: {chip.said}" for chip in self.chips)])

    def _said_period(self) -> str:
        first, last = self.address.day("from"), self.address.day("to")
        if not first and not last:
            return str(DAYS.get(self.address.one("days"), ""))
        begin = dateformat.format(first, "j M Y") if first else "…"
        end = dateformat.format(last, "j M Y") if last else _("today")
        return f"{begin} – {end}"


_PARTS = {"date": ("days", "from", "to")}


def asked(actor: Actor, given: QueryDict) -> Asked:
    """Read an address. A family and a card, as the dashboard names them, are the statuses they stand for."""
    found = given.copy()
    family, card = given.get("family", ""), given.get("card", "")
    if family in set(Family):
        found.setlist("status", [status.value for status in STATUSES_OF[Family(family)]])
    elif card:
        found.setlist("status", [status.value for status in Status if CARD[status] == card])
    return Asked(actor, Address(reverse("portal:orders"), found, NAMES))


def _several(names: Iterable[str]) -> str:
    """``Lahore``, ``Lahore, Multan``, ``Lahore +3``."""
    found = list(names)
    return ", ".join(found) if len(found) < 3 else f"{found[0]} +{len(found) - 1}"


def _named(codes: Iterable[str], labels: Mapping[str, object]) -> str:
    return _several(_(str(labels[code])) for code in codes if code in labels)
