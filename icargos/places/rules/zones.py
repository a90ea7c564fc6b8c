"""Provinces (whose sales tax applies) and zones (which price applies)."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from icargos.kit.texts import gettext_noop as _


class Province(StrEnum):
    """The ISO 3166-2 code of a province or territory."""

    PUNJAB = "PB"
    SINDH = "SD"
    KHYBER_PAKHTUNKHWA = "KP"
    BALOCHISTAN = "BA"
    ISLAMABAD = "IS"
    AZAD_JAMMU_KASHMIR = "JK"
    GILGIT_BALTISTAN = "GB"


PROVINCE_LABEL: Mapping[Province, str] = MappingProxyType(
    {
        Province.PUNJAB: _("Punjab"),
        Province.SINDH: _("Sindh"),
        Province.KHYBER_PAKHTUNKHWA: _("Khyber Pakhtunkhwa"),
        Province.BALOCHISTAN: _("Balochistan"),
        Province.ISLAMABAD: _("Islamabad Capital Territory"),
        Province.AZAD_JAMMU_KASHMIR: _("Azad Jammu & Kashmir"),
        Province.GILGIT_BALTISTAN: _("Gilgit-Baltistan"),
    }
)


class Zone(StrEnum):
    """How far a pair of cities is apart, as the rate card sees it."""

    WITHIN_CITY = "within_city"
    SAME_ZONE = "same_zone"
    DIFFERENT_ZONE = "different_zone"


class Zoned(Protocol):
    """What decides a zone: ``metro`` is the same for cities that count as one, ``zone`` for neighbours."""

    @property
    def metro(self) -> str: ...

    @property
    def zone(self) -> str: ...


def zone_between(origin: Zoned, destination: Zoned) -> Zone:
    """The zone of a pair of cities, the same in both directions. Rawalpindi and Islamabad count as one city."""
    if origin.metro == destination.metro:
        return Zone.WITHIN_CITY
    return Zone.SAME_ZONE if origin.zone == destination.zone else Zone.DIFFERENT_ZONE


def sort_code(station: str, route: int) -> str:
    """What the sorter reads on the label: destination station and route, ``LHE-07``."""
    return f"{station}-{route:02d}"
