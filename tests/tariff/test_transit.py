"""The promised day: working days by service and zone, Sunday off."""

from datetime import date

import pytest

from icargos.places.rules import Zone
from icargos.tariff.rules import Service
from icargos.tariff.rules.transit import TRANSIT_DAYS, expected_on

FRIDAY, SATURDAY, SUNDAY, MONDAY = (date(2026, 11, day) for day in (20, 21, 22, 23))


@pytest.mark.parametrize(
    ("service", "zone", "handed_over", "expected"),
    [
        (Service.SAME_DAY, Zone.WITHIN_CITY, FRIDAY, FRIDAY),
        (Service.SAME_DAY, Zone.WITHIN_CITY, SUNDAY, MONDAY),
        (Service.OVERNIGHT, Zone.WITHIN_CITY, FRIDAY, SATURDAY),
        (Service.OVERNIGHT, Zone.WITHIN_CITY, SATURDAY, MONDAY),
        (Service.OVERNIGHT, Zone.DIFFERENT_ZONE, FRIDAY, MONDAY),
        (Service.OVERNIGHT, Zone.WITHIN_CITY, SUNDAY, date(2026, 11, 24)),
        (Service.OVERLAND, Zone.DIFFERENT_ZONE, FRIDAY, date(2026, 11, 26)),
    ],
)
def test_days_are_working_days_with_sunday_off(service: Service, zone: Zone, handed_over: date, expected: date) -> None:
    assert expected_on(service, zone, handed_over) == expected


def test_every_service_has_a_promise_for_every_zone_and_none_falls_on_a_sunday() -> None:
    for service in Service:
        assert set(TRANSIT_DAYS[service]) == set(Zone)
        for zone in Zone:
            days = [expected_on(service, zone, date(2026, 11, day)) for day in range(1, 29)]
            assert all(day.weekday() != 6 for day in days)
            assert days == sorted(days)
