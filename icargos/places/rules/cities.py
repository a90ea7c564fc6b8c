"""Finding a city in what somebody typed: English, Urdu, abbreviations, the shipper's own words."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from math import cos, hypot, radians
from typing import NamedTuple

import msgspec
from rapidfuzz import fuzz, process

from icargos.places.rules.zones import Zone, sort_code, zone_between

# Arabic keyboards type other code points for the same Urdu letters.
_LETTERS = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ه": "ہ", "ة": "ہ", "ـ": "", "ۃ": "ہ"})
_TAILS = ("pakistan", "punjab", "sindh", "balochistan", "kpk", "kp", "khyberpakhtunkhwa", "pk", "پاکستان")
EARTH_M = 6_371_000
_LIKELY = 80
_MEMO = 20_000


class CityRow(msgspec.Struct, frozen=True, kw_only=True):
    """One city as the rest of the house sees it. ``station`` is empty where no station serves it."""

    id: int
    name: str
    code: str
    province: str
    zone: str
    metro: str
    urdu: str = ""
    aliases: tuple[str, ...] = ()
    lat: float = 0.0
    lon: float = 0.0
    served: bool = True
    osa: bool = False
    station: str = ""
    route: int = 0

    @property
    def sort_code(self) -> str:
        """Destination station and route, or the city's code where no station is set."""
        return sort_code(self.station, self.route) if self.station else self.code

    def metres_from(self, lat: float, lon: float) -> float:
        """How far a position, in degrees, lies from the city's centre, over the ground of a round earth."""
        across = radians(lon - self.lon) * cos(radians((lat + self.lat) / 2))
        return EARTH_M * hypot(radians(lat - self.lat), across)


class Found(NamedTuple):
    """The answer: a city, or at most a suggestion (a city's name) that a person must confirm."""

    city_id: int | None = None
    suggestion: str | None = None


class Aliased(msgspec.Struct, frozen=True):
    """A shipper's own word for a city."""

    alias: str
    city_id: int


def key_of(text: str) -> str:
    """What two spellings must share to be the same name.

    Case, spaces, punctuation, vowel marks and the Arabic forms of Urdu letters make no difference.
    """
    if text.isascii():
        return "".join(filter(str.isalnum, text.lower()))
    bare = unicodedata.normalize("NFKD", text).translate(_LETTERS)
    return "".join(c for c in bare.casefold() if c.isalnum())


class CityIndex:
    """All cities, ready to be asked ten thousand times for one sheet.

    Precedence: the shipper's own aliases, then names and Urdu names, then common aliases, then codes.
    An alias that two cities claim finds neither.
    """

    def __init__(self, rows: Iterable[CityRow]) -> None:
        self._rows = {row.id: row for row in rows}
        exact: dict[str, int] = {}
        for words in (_codes(self._rows.values()), _aliases(self._rows.values()), _names(self._rows.values())):
            exact.update(_unambiguous(words))
        self._names = {key: city_id for key, city_id in exact.items() if len(key) > 3}
        self._exact: Mapping[str, int] = exact
        self._choices: Sequence[str] = tuple(self._names)
        self._memo: dict[str, Found] = {}

    def with_own(self, own: Iterable[Aliased]) -> "CityIndex":
        """The same cities, asked by a shipper with these words of its own; this index stays as it is."""
        words = {key_of(a.alias): a.city_id for a in own if a.city_id in self._rows and key_of(a.alias)}
        if not words:
            return self
        other = copy(self)
        other._exact = {**self._exact, **words}
        other._memo = {}
        return other

    def __len__(self) -> int:
        return len(self._rows)

    def find(self, text: str) -> Found:
        """The city that ``text`` names, or a suggestion when it only resembles one."""
        found = self._memo.get(text)
        if found is None:
            if len(self._memo) >= _MEMO:
                self._memo.clear()
            found = self._memo[text] = self._look_up(text)
        return found

    def get(self, city_id: int) -> CityRow | None:
        """The city with this id, or None."""
        return self._rows.get(city_id)

    def served(self) -> frozenset[int]:
        """The ids of the cities parcels may be booked to."""
        return frozenset(row.id for row in self._rows.values() if row.served)

    def all(self) -> tuple[CityRow, ...]:
        """Every city, in the order the index was given."""
        return tuple(self._rows.values())

    def zone(self, origin_id: int, destination_id: int) -> Zone:
        """The zone between two cities. Raises KeyError for an id the index does not hold."""
        return zone_between(self._rows[origin_id], self._rows[destination_id])

    def _look_up(self, text: str) -> Found:
        key = key_of(text)
        if not key:
            return Found()
        for attempt in (key, *_without_tail(key)):
            city_id = self._exact.get(attempt)
            if city_id is not None:
                return Found(city_id=city_id)
        best = process.extractOne(key, self._choices, scorer=fuzz.ratio, score_cutoff=_LIKELY)
        return Found(suggestion=self._rows[self._names[best[0]]].name) if best else Found()


def _without_tail(key: str) -> Iterable[str]:
    """The key without ``Pakistan`` and without the province people add after the city."""
    for _ in range(2):
        tail = next((t for t in _TAILS if key.endswith(t) and len(key) > len(t) + 2), None)
        if tail is None:
            return
        key = key.removesuffix(tail)
        yield key


def _names(rows: Iterable[CityRow]) -> list[tuple[str, int]]:
    return [(name, row.id) for row in rows for name in (row.name, row.urdu)]


def _aliases(rows: Iterable[CityRow]) -> list[tuple[str, int]]:
    return [(alias, row.id) for row in rows for alias in row.aliases]


def _codes(rows: Iterable[CityRow]) -> list[tuple[str, int]]:
    return [(row.code, row.id) for row in rows]


def _unambiguous(words: Iterable[tuple[str, int]]) -> dict[str, int]:
    claims: dict[str, set[int]] = {}
    for word, city_id in words:
        claims.setdefault(key_of(word), set()).add(city_id)
    return {key: next(iter(ids)) for key, ids in claims.items() if key and len(ids) == 1}
