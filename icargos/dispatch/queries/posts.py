"""Where parcels go from a station."""

from icargos.places.rules import CityIndex


def station_code(index: CityIndex, city_id: int) -> str:
    """The code of the station that serves a city, empty where none does."""
    city = index.get(city_id)
    return city.station if city else ""
