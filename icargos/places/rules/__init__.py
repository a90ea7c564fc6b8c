"""What the courier knows about places: provinces, zones, working days, and how people write a city's name."""

from icargos.places.rules.address_book import MOST_ADDRESSES
from icargos.places.rules.calendar import ZONE, Calendar
from icargos.places.rules.cities import Aliased, CityIndex, CityRow, Found, key_of
from icargos.places.rules.zones import PROVINCE_LABEL, Province, Zone, sort_code, zone_between

__all__ = [
    "MOST_ADDRESSES",
    "PROVINCE_LABEL",
    "ZONE",
    "Aliased",
    "Calendar",
    "CityIndex",
    "CityRow",
    "Found",
    "Province",
    "Zone",
    "key_of",
    "sort_code",
    "zone_between",
]
