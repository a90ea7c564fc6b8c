"""What the courier knows about places: provinces, zones, and how people write a city's name."""

from icargos.places.rules.cities import Aliased, CityIndex, CityRow, Found, key_of
from icargos.places.rules.zones import PROVINCE_LABEL, Province, Zone, sort_code, zone_between

__all__ = [
    "PROVINCE_LABEL",
    "Aliased",
    "CityIndex",
    "CityRow",
    "Found",
    "Province",
    "Zone",
    "key_of",
    "sort_code",
    "zone_between",
]
