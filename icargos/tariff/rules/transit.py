"""How long a parcel is promised to take: working days by service and zone."""

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType

from icargos.places.rules import Zone
from icargos.tariff.rules.card import Service

DAY_OFF = 6  # Sunday, as date.weekday() counts

_W, _N, _F = Zone.WITHIN_CITY, Zone.SAME_ZONE, Zone.DIFFERENT_ZONE
TRANSIT_DAYS: Mapping[Service, Mapping[Zone, int]] = MappingProxyType(
    {
        Service.SAME_DAY: MappingProxyType({_W: 0, _N: 1, _F: 1}),
        Service.OVERNIGHT: MappingProxyType({_W: 1, _N: 1, _F: 2}),
        Service.SECOND_DAY: MappingProxyType({_W: 2, _N: 2, _F: 2}),
        Service.OVERLAND: MappingProxyType({_W: 2, _N: 3, _F: 5}),
        Service.DETAIN: MappingProxyType({_W: 1, _N: 2, _F: 3}),
    }
)


def expected_on(service: Service, zone: Zone, handed_over: date) -> date:
    """The local day by which a parcel handed over on a local day is expected.

    Days are working days, Sunday off; a parcel handed over on a Sunday counts from Monday. For Detain it is the day
    from which it can be collected.
    """
    day = handed_over
    if day.weekday() == DAY_OFF:
        day += timedelta(days=1)
    for _ in range(TRANSIT_DAYS[service][zone]):
        day += timedelta(days=2 if (day.weekday() + 1) % 7 == DAY_OFF else 1)
    return day
