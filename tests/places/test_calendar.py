"""Working days, holidays and until when a city takes pickups for the same day."""

from datetime import UTC, date, datetime, time

import pytest

from icargos.ground.tenancy import acting
from icargos.places import queries
from icargos.places.models import Holiday, PickupCutOff
from icargos.places.rules import ZONE, Calendar
from tests.cast import Cast
from tests.parcels import city

CALENDAR = Calendar({date(2026, 11, 24): "Long March"})
FRIDAY = date(2026, 11, 20)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026 by Karachi's clock."""
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


def test_sundays_and_holidays_are_off() -> None:
    assert CALENDAR.is_working(FRIDAY)
    assert not CALENDAR.is_working(date(2026, 11, 22))
    assert not CALENDAR.is_working(date(2026, 11, 24))
    assert CALENDAR.next_working(date(2026, 11, 21)) == date(2026, 11, 23)
    assert CALENDAR.next_working(date(2026, 11, 23)) == date(2026, 11, 25)


@pytest.mark.parametrize(
    ("now", "first"),
    [
        (at(20, 14, 59), 20),
        (at(20, 15), 21),
        (at(21, 15), 23),
        (at(22, 9), 23),
        (at(23, 16), 25),
        (at(24, 9), 25),
        (datetime(2026, 11, 20, 19, 30, tzinfo=UTC), 21),
    ],
    ids=[
        "a minute before",
        "at the cut-off",
        "Saturday after it",
        "Sunday",
        "before a holiday",
        "on it",
        "past midnight",
    ],
)
def test_the_earliest_day_is_today_until_the_cut_off(now: datetime, first: int) -> None:
    assert CALENDAR.first_pickup(now, time(15)) == date(2026, 11, first)


def test_each_city_has_the_cut_off_of_its_rows(cast: Cast) -> None:
    bilal = cast.actor("bilal")
    with acting(bilal):
        found = {
            name: queries.pickup_cut_off(bilal, city(name), on=FRIDAY).hour
            for name in ("Karachi", "Lahore", "Islamabad", "Rawalpindi", "Faisalabad", "Multan")
        }
    assert found == {"Karachi": 15, "Lahore": 15, "Islamabad": 13, "Rawalpindi": 13, "Faisalabad": 14, "Multan": 14}


def test_an_edited_cut_off_holds_from_its_day_to_its_day(cast: Cast) -> None:
    adeel, bilal = cast.actor("adeel"), cast.actor("bilal")
    with acting(adeel):
        PickupCutOff.objects.create(
            city_id=city("Karachi"), at=time(11), valid_from=date(2026, 11, 21), valid_to=date(2026, 11, 23)
        )
    with acting(bilal):
        hours = [
            queries.pickup_cut_off(bilal, city("Karachi"), on=date(2026, 11, day)).hour for day in (20, 21, 23, 24)
        ]
    assert hours == [15, 11, 11, 15]


def test_a_new_holiday_is_known_at_once(cast: Cast) -> None:
    adeel, bilal = cast.actor("adeel"), cast.actor("bilal")
    with acting(bilal):
        assert queries.calendar(bilal).is_working(FRIDAY)
        assert not queries.calendar(bilal).is_working(date(2026, 12, 25))
    with acting(adeel):
        Holiday.objects.create(day=FRIDAY, name="Eid")
    with acting(bilal):
        assert not queries.calendar(bilal).is_working(FRIDAY)
