"""Pickup run sheets: the desk puts requests on a rider's sheet and lets him go."""

from datetime import timedelta

import pytest

from icargos.booking import actions, queries
from icargos.booking.actions import PickupRunRefused
from icargos.ground.tenancy import acting
from icargos.kit.errors import Forbidden, NotFound
from tests.cast import NOW, Cast
from tests.pickups.scene import (
    TODAY,
    asked,
    assigned,
    booked,
    everything,
    facts,
    go,
    hours,
    on_the_way,
    pickup,
    ready,
    second_place,
    statuses,
    to_karachi,
    visit,
)


def test_a_request_goes_on_the_riders_sheet_of_the_day_and_the_shipper_reads_his_first_name(cast: Cast) -> None:
    first, second = asked(cast).request_id, asked(cast, slot="18-21").request_id
    run = assigned(cast, second, first)
    before = everything(cast)
    assert assigned(cast, first, second) == run
    assert everything(cast) == before, "a double click"
    sadia = cast.actor("sadia")
    with acting(sadia):
        card, visits = queries.pickup_run(sadia, run)
    assert (card.number, card.rider_name, card.visits) == ("PRS-261120-0001", "Asif Mehmood", 2)
    assert [(one.id, one.seq) for one in visits] == [(first, 1), (second, 2)], "by their time"
    assert (pickup(cast, first).state, pickup(cast, first).rider) == ("assigned", "Asif")


def test_the_board_is_the_stations_own_by_day_with_what_nobody_went_to(cast: Cast) -> None:
    lahore = second_place(cast, "Lahore", "Zarqa Lahore")
    ready(cast, booked(cast, 4))
    here, late = asked(cast).request_id, asked(cast, slot="12-15").request_id
    asked(cast, profile_id=lahore)
    tomorrow = asked(cast, day=TODAY + timedelta(days=1)).request_id
    sadia = cast.actor("sadia")
    with acting(sadia):
        board = queries.pickup_board(sadia, TODAY)
        assert [one.id for one in board.visits] == [late, here]
        assert [(one.ready, one.ready_g) for one in board.visits] == [(4, 2000)] * 2
        after = queries.pickup_board(sadia, TODAY + timedelta(days=1))
        assert ([one.id for one in after.visits], [one.id for one in after.overdue]) == ([tomorrow], [late, here])
        assert queries.count_unassigned(sadia, today=TODAY) == 2


def test_only_a_rider_of_the_station_and_only_its_requests(cast: Cast) -> None:
    lahore = second_place(cast, "Lahore", "Zarqa Lahore")
    here, there = asked(cast).request_id, asked(cast, profile_id=lahore).request_id
    asif, sadia = to_karachi(cast), cast.actor("sadia")
    before = everything(cast)
    for ids, rider in (
        ([here], cast.people["imran"]),
        ([here], cast.people["sadia"]),
        ([here, there], asif),
        ([], asif),
    ):
        with acting(sadia), pytest.raises(NotFound):
            actions.assign_pickups(sadia, ids, rider, day=TODAY, now=NOW)
    dawood = cast.actor("dawood")
    with acting(dawood), pytest.raises(NotFound):
        actions.assign_pickups(dawood, [here], cast.people["imran"], day=TODAY, now=NOW)
    with acting(sadia), pytest.raises(PickupRunRefused, match="over"):
        actions.assign_pickups(sadia, [here], asif, day=TODAY - timedelta(days=1), now=NOW)
    for who in ("asif", "bilal"):
        actor = cast.actor(who)
        with acting(actor), pytest.raises(Forbidden):
            actions.assign_pickups(actor, [here], asif, day=TODAY, now=NOW)
    assert everything(cast) == before


def test_it_is_taken_off_again_or_moved_to_another_rider(cast: Cast) -> None:
    request = asked(cast).request_id
    first = assigned(cast, request)
    second = assigned(cast, request, rider="imran")
    assert first != second
    assert pickup(cast, request).rider == "Imran"
    sadia = cast.actor("sadia")
    with acting(sadia):
        assert actions.take_off_pickup(sadia, request, now=NOW) == second
        assert actions.take_off_pickup(sadia, request, now=NOW) is None
        assert queries.pickup_run(sadia, second)[1] == []
    assert (pickup(cast, request).state, pickup(cast, request).rider) == ("asked", "")


def test_the_rider_leaves_and_what_is_ready_at_his_places_is_in_progress(cast: Cast) -> None:
    outlet = second_place(cast)
    waits, plain, elsewhere = booked(cast, 3), booked(cast), booked(cast, profile_id=outlet)
    ready(cast, [*waits, *elsewhere])
    request = asked(cast).request_id
    run = assigned(cast, request)
    go(cast, run)
    before = everything(cast)
    go(cast, run)
    assert everything(cast) == before, "a second time"
    assert statuses(cast, waits) == ["pickup_in_progress"] * 3
    assert statuses(cast, [*plain, *elsewhere]) == ["new_booked", "ready_for_pickup"]
    assert pickup(cast, request).state == "on_the_way"
    found = visit(cast, request)
    assert (found.expected, found.taken, found.is_open) == (3, 0, True)
    assert facts(cast, "pickup.started") == facts(cast, "pickup_run.left") == 1


def test_two_visits_to_one_place_expect_each_parcel_once(cast: Cast) -> None:
    cns = booked(cast, 2)
    ready(cast, cns)
    first, second = asked(cast).request_id, asked(cast, slot="18-21").request_id
    go(cast, assigned(cast, first, second))
    assert (visit(cast, first).expected, visit(cast, second).expected) == (2, 0)


def test_a_sheet_of_a_later_day_or_of_another_station_stays(cast: Cast) -> None:
    tomorrow = TODAY + timedelta(days=1)
    run = assigned(cast, asked(cast, day=tomorrow).request_id, day=tomorrow)
    before = everything(cast)
    with pytest.raises(PickupRunRefused, match="later day"):
        go(cast, run)
    with pytest.raises(NotFound):
        go(cast, run, who="dawood")
    assert everything(cast) == before
    go(cast, run, now=hours(24))


def test_what_has_started_is_assigned_and_taken_off_no_more(cast: Cast) -> None:
    request, _cns = on_the_way(cast)
    sadia, asif = cast.actor("sadia"), cast.people["asif"]
    run = assigned(cast, asked(cast, slot="18-21").request_id)
    before = everything(cast)
    with acting(sadia), pytest.raises(PickupRunRefused):
        actions.assign_pickups(sadia, [request], asif, day=TODAY, now=NOW)
    with acting(sadia), pytest.raises(PickupRunRefused):
        actions.take_off_pickup(sadia, request, now=NOW)
    assert everything(cast) == before
    go(cast, run)


def test_a_rider_reads_his_own_sheets_once_he_left(cast: Cast) -> None:
    request = asked(cast).request_id
    run = assigned(cast, request)
    asif, imran = cast.actor("asif"), cast.actor("imran")
    with acting(asif):
        assert queries.rider_visits(asif) == []
        with pytest.raises(NotFound):
            queries.pickup_run(asif, run)
    go(cast, run)
    with acting(asif):
        assert [one.id for one in queries.rider_visits(asif)] == [request]
        assert queries.pickup_run(asif, run)[0].id == run
    with acting(imran):
        assert queries.rider_visits(imran) == []
        for read in (lambda: queries.rider_visit(imran, request), lambda: queries.pickup_run(imran, run)):
            with pytest.raises(NotFound):
                read()
