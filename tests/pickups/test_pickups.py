"""Pickups as their shipper asks for them: once, every week, joined, called off."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from icargos.booking import actions, queries
from icargos.booking.actions import PickupRefused, TooLate
from icargos.booking.models import PickupRequest
from icargos.ground.tenancy import acting
from icargos.kit.errors import Forbidden, NotFound
from icargos.places import queries as places
from icargos.places.models import Holiday
from icargos.places.rules import ZONE
from tests.cast import NOW, Cast
from tests.pickups.scene import (
    TODAY,
    asked,
    assigned,
    booked,
    cancel,
    everything,
    facts,
    go,
    hours,
    on_the_way,
    pickup,
    ready,
    second_place,
    statuses,
)


def at(day: int, hour: int) -> datetime:
    """A moment of November 2026 by Karachi's clock."""
    return datetime(2026, 11, day, hour, tzinfo=ZONE)


def made(cast: Cast, now: datetime) -> int:
    """What the schedule's job asks for at this moment."""
    return actions.make_scheduled_pickups(now=now)


def live(cast: Cast, who: str = "bilal") -> list[tuple[date, str]]:
    """Day and time of every pickup to come."""
    actor = cast.actor(who)
    with acting(actor):
        return [(one.day, one.slot) for one in queries.pickups(actor, live=True)]


def test_a_pickup_is_asked_for_and_stands_there_with_its_number(cast: Cast) -> None:
    done = asked(cast, note="Gate 2, ask for Rashid")
    found = pickup(cast, done.request_id)
    assert (found.number, found.state, found.day, found.slot) == ("PU-2611-00001", "asked", TODAY, "15-18")
    assert (found.expected_parcels, found.note, found.rider) == (3, "Gate 2, ask for Rashid", "")
    assert facts(cast, "pickup.asked") == 1


def test_what_waits_is_counted_by_place(cast: Cast) -> None:
    outlet = second_place(cast)
    ready(cast, booked(cast, 2, weight_g=800))
    booked(cast, 3)
    ready(cast, booked(cast, profile_id=outlet))
    cancel(cast, booked(cast))
    bilal = cast.actor("bilal")
    with acting(bilal):
        found = queries.waiting(bilal)
    assert found[cast.profile_a] == queries.Waiting(ready=2, ready_g=1600, booked=3, booked_g=1500)
    assert found[outlet].ready == 1


def test_asking_again_for_the_same_time_joins_the_open_one(cast: Cast) -> None:
    first = asked(cast, note="Gate 2")
    before = everything(cast)
    again = asked(cast, note="Gate 2")
    assert (again.request_id, again.merged) == (first.request_id, True)
    assert everything(cast) == before, "a double click"
    joined = asked(cast, expected_parcels=9, expected_weight_g=100, note="Bring a van", who="ayesha")
    found = pickup(cast, joined.request_id)
    assert (found.id, found.expected_parcels, found.expected_weight_g) == (first.request_id, 9, 1500)
    assert found.note == "Gate 2 · Bring a van"
    assert live(cast) == [(TODAY, "15-18")]


def test_another_time_day_or_place_is_another_pickup(cast: Cast) -> None:
    outlet = second_place(cast)
    ids = {
        asked(cast).request_id,
        asked(cast, slot="18-21").request_id,
        asked(cast, day=TODAY + timedelta(days=1)).request_id,
        asked(cast, profile_id=outlet).request_id,
        asked(cast, who="zara").request_id,
    }
    assert len(ids) == 5
    assert len(live(cast)) == 4


def test_it_joins_one_that_the_rider_is_on_the_way_to(cast: Cast) -> None:
    request, _cns = on_the_way(cast)
    joined = asked(cast, expected_parcels=7, now=hours(3))
    assert (joined.request_id, joined.merged) == (request, True)
    assert pickup(cast, request).state == "on_the_way"


def test_one_that_is_over_or_called_off_is_joined_no_more(cast: Cast) -> None:
    first = asked(cast).request_id
    bilal = cast.actor("bilal")
    with acting(bilal):
        actions.cancel_pickup(bilal, first, now=NOW)
    assert asked(cast).request_id != first


def test_the_database_itself_holds_one_open_request_for_a_time(cast: Cast) -> None:
    first = asked(cast).request_id
    with acting(cast.actor("bilal")), pytest.raises(IntegrityError, match="one_live"), transaction.atomic():
        row = PickupRequest.objects.get(id=first)
        row.pk, row.number = None, "PU-2611-99999"
        PickupRequest.objects.bulk_create([row])


@pytest.mark.parametrize(
    ("now", "day", "said"),
    [
        (at(20, 15), TODAY, "until 15:00"),
        (at(20, 11), date(2026, 11, 22), "Sundays"),
        (at(20, 11), date(2026, 11, 19), "over"),
        (at(20, 11), date(2026, 12, 25), "14 days"),
    ],
    ids=["past the cut-off", "a Sunday", "the past", "far ahead"],
)
def test_a_day_that_cannot_be_is_refused_in_words(cast: Cast, now: datetime, day: date, said: str) -> None:
    cns = booked(cast)
    before = everything(cast)
    with pytest.raises(PickupRefused, match=said) as refusal:
        asked(cast, now=now, day=day, ready=cns)
    assert [problem.field for problem in refusal.value.problems] == ["day"]
    assert everything(cast) == before


def test_a_holiday_is_refused_by_its_name(cast: Cast) -> None:
    with acting(cast.actor("adeel")):
        Holiday.objects.create(day=date(2026, 11, 21), name="Eid")
    before = everything(cast)
    with pytest.raises(PickupRefused, match="Eid"):
        asked(cast, day=date(2026, 11, 21))
    assert everything(cast) == before


def test_each_citys_cut_off_is_its_own(cast: Cast) -> None:
    """At half past one Islamabad's is past and Karachi's is not."""
    capital, now = second_place(cast, "Islamabad", "Zarqa Capital"), NOW + timedelta(hours=2.5)
    assert asked(cast, now=now).request_id
    with pytest.raises(PickupRefused, match=r"Islamabad.*13:00"):
        asked(cast, now=now, profile_id=capital)
    bilal = cast.actor("bilal")
    with acting(bilal):
        there = places.profile(bilal, capital)
        assert queries.pickup_choice(bilal, there, now=now).days[0] == date(2026, 11, 21)


def test_parcels_are_marked_ready_with_the_ask_or_nothing_happens(cast: Cast) -> None:
    cns, theirs = booked(cast, 2), booked(cast, whose="B")
    before = everything(cast)
    with pytest.raises(NotFound):
        asked(cast, ready=[*cns, *theirs])
    assert everything(cast) == before
    assert asked(cast, ready=cns).marked == 2
    assert statuses(cast, cns) == ["ready_for_pickup"] * 2


def test_a_pickup_is_called_off_while_nobody_left_and_its_parcels_stay_ready(cast: Cast) -> None:
    cns, bilal = booked(cast), cast.actor("bilal")
    request = asked(cast, ready=cns).request_id
    run = assigned(cast, request)
    with acting(bilal):
        actions.cancel_pickup(bilal, request, now=NOW)
        actions.cancel_pickup(bilal, request, now=NOW)
    assert pickup(cast, request).state == "cancelled"
    assert facts(cast, "pickup.cancelled") == 1
    assert statuses(cast, cns) == ["ready_for_pickup"]
    with pytest.raises(actions.PickupRunRefused, match="no visit"):
        go(cast, run)


def test_it_is_too_late_to_call_off_once_the_rider_is_on_the_way(cast: Cast) -> None:
    request, _cns = on_the_way(cast)
    bilal = cast.actor("bilal")
    before = everything(cast)
    with acting(bilal), pytest.raises(TooLate):
        actions.cancel_pickup(bilal, request, now=NOW)
    assert everything(cast) == before


def test_another_shippers_pickup_is_not_there(cast: Cast) -> None:
    theirs = asked(cast, who="zara").request_id
    weekly = asked(cast, who="zara", weekdays=(0, 3), slot="09-12").schedule_id
    bilal = cast.actor("bilal")
    before = everything(cast)
    for act in (
        lambda: queries.pickup(bilal, theirs),
        lambda: actions.cancel_pickup(bilal, theirs, now=NOW),
        lambda: actions.stop_schedule(bilal, weekly, now=NOW),
        lambda: asked(cast, profile_id=cast.profile_b),
        lambda: actions.ask_pickups_of_import(bilal, 999, now=NOW),
    ):
        with acting(bilal), pytest.raises(NotFound):
            act()
    assert everything(cast) == before


def test_who_does_not_hand_over_asks_for_none(cast: Cast) -> None:
    before = everything(cast)
    with pytest.raises(Forbidden):
        asked(cast, who="vahid")
    assert everything(cast) == before
    asked(cast, note="0301-4417208")
    farah = cast.actor("farah")
    with acting(farah):
        assert [one.note for one in queries.pickups(farah, live=True)] == [""]


# --- every week ---


def test_a_weekly_pickup_asks_by_itself_once_for_each_day(cast: Cast) -> None:
    done = asked(cast, weekdays=(0, 4), day=None)  # Mondays and Fridays; today is a Friday
    assert done.schedule_id
    assert live(cast) == [(TODAY, "15-18")]
    assert made(cast, at(20, 18)) == 0
    assert made(cast, at(21, 1)) == 0
    assert made(cast, at(22, 1)) == 1
    assert made(cast, at(22, 2)) == 0
    assert made(cast, at(23, 1)) == 0
    assert live(cast) == [(TODAY, "15-18"), (date(2026, 11, 23), "15-18")]
    bilal = cast.actor("bilal")
    with acting(bilal):
        assert all(one.weekly and one.asked_by == "Bilal Raza" for one in queries.pickups(bilal, live=True))


def test_after_the_cut_off_a_weekly_pickup_begins_on_the_next_day(cast: Cast) -> None:
    asked(cast, weekdays=(4, 5), day=None, slot="18-21", now=at(20, 16))
    assert live(cast) == [(date(2026, 11, 21), "18-21")]


def test_one_that_was_called_off_is_not_asked_for_again(cast: Cast) -> None:
    asked(cast, weekdays=(4,), day=None)
    bilal = cast.actor("bilal")
    with acting(bilal):
        (today,) = queries.pickups(bilal, live=True)
        actions.cancel_pickup(bilal, today.id, now=NOW)
    for hour in (12, 13, 14):
        assert made(cast, at(20, hour)) == 0
    assert live(cast) == []


def test_a_weekly_pickup_joins_what_was_asked_for_by_hand(cast: Cast) -> None:
    by_hand = asked(cast, day=date(2026, 11, 23), expected_parcels=50).request_id
    asked(cast, weekdays=(0,), day=None)
    assert made(cast, at(22, 1)) == 1
    found = pickup(cast, by_hand)
    assert (found.expected_parcels, live(cast)) == (50, [(date(2026, 11, 23), "15-18")])


def test_days_off_are_left_out(cast: Cast) -> None:
    with acting(cast.actor("adeel")):
        Holiday.objects.create(day=date(2026, 11, 23), name="Eid")
    asked(cast, weekdays=(0, 1), day=None)
    assert [made(cast, at(day, 1)) for day in (21, 22, 23, 24)] == [0, 0, 1, 0]
    assert live(cast) == [(date(2026, 11, 24), "15-18")]


def test_asking_for_more_weekdays_joins_the_running_one(cast: Cast) -> None:
    first = asked(cast, weekdays=(0,), day=None)
    again = asked(cast, weekdays=(4, 5), day=None, expected_parcels=8)
    assert (again.schedule_id, again.merged) == (first.schedule_id, True)
    assert live(cast) == [(TODAY, "15-18"), (date(2026, 11, 21), "15-18")]
    bilal = cast.actor("bilal")
    with acting(bilal):
        (weekly,) = queries.schedules(bilal)
    assert (weekly.weekdays, weekly.expected_parcels) == ([0, 4, 5], 8)
    before = everything(cast)
    asked(cast, weekdays=(4, 5), day=None, expected_parcels=8)
    assert everything(cast) == before


def test_a_stopped_one_asks_for_nothing_more_and_what_it_asked_for_stays(cast: Cast) -> None:
    schedule = asked(cast, weekdays=(0, 4), day=None).schedule_id
    bilal = cast.actor("bilal")
    with acting(bilal):
        actions.stop_schedule(bilal, schedule, now=NOW)
        actions.stop_schedule(bilal, schedule, now=NOW)
        assert queries.schedules(bilal) == []
    assert made(cast, at(22, 1)) == 0
    assert live(cast) == [(TODAY, "15-18")]
    assert facts(cast, "pickup.schedule_stopped") == 1


def test_a_worker_that_was_away_asks_for_no_time_that_has_begun(cast: Cast) -> None:
    asked(cast, weekdays=(0, 1, 2), day=None, slot="09-12")
    assert made(cast, at(24, 10)) == 1, "Tuesday's has begun, Wednesday's is asked for"
    assert live(cast) == [(date(2026, 11, 25), "09-12")]
