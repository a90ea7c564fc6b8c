"""At the shipper's door: what the rider takes, what he leaves, why there was nothing."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from icargos.booking import actions, queries
from icargos.booking.actions import VisitRefused
from icargos.booking.models import PickupRequest, PickupRun
from icargos.consignments.models import Event
from icargos.dispatch import actions as dispatch
from icargos.dispatch.actions import Scan
from icargos.ground.tenancy import acting
from icargos.kit.errors import Forbidden, Invalid, NotFound
from tests.cast import Cast
from tests.dispatch.scene import status_of
from tests.parcels import city
from tests.pickups.scene import (
    TODAY,
    add,
    asked,
    assigned,
    booked,
    cancel,
    closed,
    end,
    everything,
    facts,
    fates,
    go,
    hours,
    key,
    on_the_way,
    opened,
    pickup,
    ready,
    second_place,
    sheet,
    statuses,
    take,
    visit,
)


def arrive(cast: Cast, cns: list[str]) -> None:
    """Sadia scans them in at the station."""
    sadia = cast.actor("sadia")
    with acting(sadia):
        scans = [Scan(cn=cn, source_event_id=key("scan")) for cn in cns]
        assert all(one.verdict == "moved" for one in dispatch.receive(sadia, scans, now=hours(4)))


def test_what_is_scanned_is_picked_up_and_in_the_riders_hands(cast: Cast) -> None:
    request, cns = on_the_way(cast)
    told = take(cast, request, cns[:2])
    assert [(one.verdict, one.count) for one in told] == [("moved", 1), ("moved", 2)]
    assert status_of(cast, cns[0]) == ("picked_up", "rider")
    assert status_of(cast, cns[2]) == ("pickup_in_progress", "shipper")
    assert (visit(cast, request).taken, visit(cast, request).expected) == (2, 3)
    assert facts(cast, "pickup.scanned") == 1


def test_scanned_twice_or_sent_again_it_counts_once(cast: Cast) -> None:
    request, cns = on_the_way(cast)
    assert [one.verdict for one in take(cast, request, [cns[0], cns[0].lower()])] == ["moved", "again"]
    before = everything(cast)
    assert take(cast, request, [cns[0]])[0].verdict == "again"
    assert everything(cast) == before


def test_a_replay_after_the_parcel_went_on_changes_nothing(cast: Cast) -> None:
    request, cns = on_the_way(cast)
    take(cast, request, cns)
    arrive(cast, cns)
    before = everything(cast)
    assert [one.verdict for one in take(cast, request, cns, now=hours(5))] == ["again"] * 3
    assert everything(cast) == before


def test_ready_or_not_listed_or_not_he_takes_what_the_shipper_hands_over(cast: Cast) -> None:
    outlet = second_place(cast)
    request, _cns = on_the_way(cast, 1)
    plain, later, neighbour = booked(cast), booked(cast), booked(cast, profile_id=outlet)
    ready(cast, later)
    assert [one.verdict for one in take(cast, request, [*plain, *later, *neighbour])] == ["moved"] * 3
    assert end(cast, request).collected == 3


def test_what_is_not_to_be_taken_is_told_and_stops_no_other(cast: Cast) -> None:
    request, cns = on_the_way(cast, 2)
    (theirs,), (far,) = booked(cast, whose="B"), booked(cast, origin_id=city("Lahore"))
    cancel(cast, cns[:1])
    told = take(cast, request, [cns[0], theirs, far, "IC1", cns[1]])
    assert [one.verdict for one in told] == ["refused"] * 4 + ["moved"]
    assert "cancelled" in told[0].message
    assert told[1].message.replace(theirs, "") == told[3].message.replace("IC1", "")
    assert "another city" in told[2].message
    assert statuses(cast, [theirs, far]) == ["new_booked"] * 2


def test_the_end_sends_back_what_was_left_and_says_so_to_the_shipper(cast: Cast) -> None:
    request, cns = on_the_way(cast)
    take(cast, request, cns[:2])
    done = end(cast, request)
    assert (done.collected, done.left, done.replayed) == (2, 1, False)
    assert statuses(cast, cns) == ["picked_up", "picked_up", "ready_for_pickup"]
    found = pickup(cast, request)
    assert (found.state, found.collected, found.left, found.rider) == ("collected", 2, 1, "Asif")
    with acting(cast.actor("adeel")):
        assert PickupRun.objects.get().state == "done"
        row = PickupRequest.objects.get(id=request)
        assert (row.lat, row.accuracy_m) == (24.91, 9.0)


def test_the_end_sent_again_gets_the_first_answer(cast: Cast) -> None:
    request, cns = on_the_way(cast)
    take(cast, request, cns)
    event = key("phone")
    first = end(cast, request, source_event_id=event)
    before = everything(cast)
    again = end(cast, request, source_event_id=event, now=hours(9))
    assert (again.collected, again.left, again.replayed) == (first.collected, first.left, True)
    with pytest.raises(VisitRefused, match="already"):
        end(cast, request)
    assert everything(cast) == before


@pytest.mark.parametrize("reason", ["PCL", "PNR", "PNP", "PWA", "PRF"])
def test_a_failure_gives_the_parcels_back_with_its_reason(cast: Cast, reason: str) -> None:
    request, cns = on_the_way(cast)
    done = end(cast, request, reason, note="Shutter down")
    assert (done.collected, done.left, done.again_id) == (0, 3, 0)
    assert statuses(cast, cns) == ["ready_for_pickup"] * 3
    found = pickup(cast, request)
    assert (found.state, found.reason, found.again_day) == ("failed", reason, None)
    with acting(cast.actor("adeel")):
        last = Event.objects.filter(code="ready_for_pickup").order_by("-id")[0]
    assert (last.reason, last.actor_name) == (reason, "Asif Mehmood")


@pytest.mark.parametrize("reason", ["PVH", "PWX"])
def test_when_the_courier_is_the_reason_it_comes_again_unasked(cast: Cast, reason: str) -> None:
    request, _cns = on_the_way(cast)
    done = end(cast, request, reason)
    again = pickup(cast, done.again_id)
    assert (again.day, again.slot, again.state) == (date(2026, 11, 21), "15-18", "asked")
    assert pickup(cast, request).again_day == date(2026, 11, 21)
    event = key("phone")
    assert not end(cast, _again_on_the_way(cast, done.again_id), reason, source_event_id=event, now=hours(26)).replayed


def _again_on_the_way(cast: Cast, request: int) -> int:
    tomorrow = TODAY + timedelta(days=1)
    go(cast, assigned(cast, request, day=tomorrow), now=hours(25))
    return request


def test_coming_again_joins_what_was_asked_for_already(cast: Cast) -> None:
    request, _cns = on_the_way(cast)
    there = asked(cast, day=TODAY + timedelta(days=1)).request_id
    assert end(cast, request, "PVH").again_id == there
    bilal = cast.actor("bilal")
    with acting(bilal):
        assert [one.id for one in queries.pickups(bilal, live=True)] == [there]


def test_an_end_without_parcels_needs_a_reason_and_one_with_parcels_takes_none(cast: Cast) -> None:
    request, cns = on_the_way(cast)
    before = everything(cast)
    with pytest.raises(VisitRefused, match="No parcel was scanned"):
        end(cast, request)
    wrong: list[dict[str, Any]] = [{"reason": "CNA"}, {"note": "x" * 501}, {"lat": None}]
    for one in wrong:
        with pytest.raises(Invalid):
            end(cast, request, **{"reason": "PCL", **one})
    with pytest.raises(Invalid):
        end(cast, request, "PCL", source_event_id="short")
    assert everything(cast) == before
    take(cast, request, cns[:1])
    with pytest.raises(VisitRefused, match="Parcels were taken"):
        end(cast, request, "PCL")
    assert pickup(cast, request).state == "on_the_way"


def test_a_scan_that_comes_after_the_end_still_counts(cast: Cast) -> None:
    """The phone had no signal at the door: the end came first."""
    request, cns = on_the_way(cast)
    take(cast, request, cns[:1])
    end(cast, request)
    assert take(cast, request, cns[1:], now=hours(3))[0].verdict == "moved"
    assert statuses(cast, cns) == ["picked_up"] * 3
    found = pickup(cast, request)
    assert (found.collected, found.left) == (3, 0)


def test_a_scan_that_comes_after_the_stations_stays_in_the_history_and_moves_nothing(cast: Cast) -> None:
    request, cns = on_the_way(cast, 1)
    arrive(cast, cns)
    told = take(cast, request, cns, now=hours(5), device_at=hours(2))
    assert told[0].verdict == "again"
    assert status_of(cast, cns[0]) == ("received_at_office", "origin_station")
    with acting(cast.actor("adeel")):
        (late,) = Event.objects.filter(code="picked_up")
    assert (late.moved, late.occurred_at) == (False, hours(2))
    assert visit(cast, request).taken == 1
    before = everything(cast)
    take(cast, request, cns, now=hours(6), device_at=hours(2))
    assert everything(cast) == before


def test_the_phones_clock_is_kept_between_the_leaving_and_now(cast: Cast) -> None:
    request, cns = on_the_way(cast)
    take(cast, request, cns[:1], device_at=hours(-9))
    take(cast, request, cns[1:2], device_at=hours(99))
    with acting(cast.actor("adeel")):
        at = list(Event.objects.filter(code="picked_up").order_by("id").values_list("occurred_at", flat=True))
    assert at == [hours(1), hours(2)]


def test_after_a_failure_nothing_is_scanned_here_any_more(cast: Cast) -> None:
    request, cns = on_the_way(cast)
    end(cast, request, "PCL")
    before = everything(cast)
    with pytest.raises(VisitRefused, match="Call the desk"):
        take(cast, request, cns)
    assert everything(cast) == before


def test_another_riders_visit_is_not_there_and_no_shipper_rides(cast: Cast) -> None:
    request, cns = on_the_way(cast)
    before = everything(cast)
    acts: list[Callable[[], object]] = [
        lambda: take(cast, request, cns, who="imran"),
        lambda: end(cast, request, "PCL", who="imran"),
        lambda: end(cast, request, "PCL", who="dawood"),
        lambda: take(cast, 999_999, cns),
    ]
    for act in acts:
        with pytest.raises(NotFound):
            act()
    for who in ("bilal", "sadia"):
        with pytest.raises(Forbidden):
            take(cast, request, cns, who=who)
    assert everything(cast) == before


def test_a_visit_that_has_not_started_is_not_the_riders_yet(cast: Cast) -> None:
    cns = booked(cast)
    request = asked(cast, ready=cns).request_id
    assigned(cast, request)
    before = everything(cast)
    with pytest.raises(NotFound):
        take(cast, request, cns)
    with pytest.raises(VisitRefused):
        end(cast, request, "PCL", who="sadia")
    assert everything(cast) == before


def test_the_desk_ends_a_visit_for_a_rider_who_does_not_answer(cast: Cast) -> None:
    request, cns = on_the_way(cast)
    assert end(cast, request, "PVH", who="sadia").again_id
    assert statuses(cast, cns) == ["ready_for_pickup"] * 3


# --- with load sheets ---


def test_a_counted_sheet_is_taken_at_once(cast: Cast) -> None:
    cns = booked(cast, 4)
    number = closed(cast, cns)
    cancel(cast, cns[:1])
    request, _more = on_the_way(cast, 1)
    asif = cast.actor("asif")
    with acting(asif):
        (waits,) = queries.visit_sheets(asif, queries.rider_visit(asif, request))
        assert (waits.number, waits.parcels, waits.waiting, waits.taken) == (number, 4, 3, 0)
        told = actions.collect_sheet(asif, request, number, now=hours(2))
    assert [one.verdict for one in told] == ["moved"] * 3
    assert statuses(cast, cns) == ["cancelled"] + ["picked_up"] * 3
    assert sheet(cast, number).handed == 3
    with acting(asif):
        (waits,) = queries.visit_sheets(asif, queries.rider_visit(asif, request))
        assert (waits.waiting, waits.taken) == (0, 3)
        with pytest.raises(NotFound):
            actions.collect_sheet(asif, request, number, now=hours(2))


def test_what_stays_behind_of_a_sheet_is_free_for_another_one(cast: Cast) -> None:
    cns, others = booked(cast, 3), booked(cast, 2)
    number, untouched = closed(cast, cns), closed(cast, others)
    request, _more = on_the_way(cast, 1)
    take(cast, request, cns[:2])
    end(cast, request)
    assert fates(cast, number) == {cns[0]: "handed", cns[1]: "handed", cns[2]: "left"}
    assert set(fates(cast, untouched).values()) == {"waiting"}
    assert add(cast, opened(cast), [cns[2]])[0].verdict == "moved"
    assert add(cast, opened(cast), [others[0]])[0].verdict == "refused"


def test_a_sheet_that_a_failed_visit_left_waits_for_the_next_one(cast: Cast) -> None:
    cns = booked(cast, 2)
    number = closed(cast, cns)
    request, _more = on_the_way(cast, 1)
    end(cast, request, "PCL")
    assert set(fates(cast, number).values()) == {"waiting"}
    assert sheet(cast, number).state == "closed"


def test_an_open_a_withdrawn_and_another_shippers_sheet_are_not_there(cast: Cast) -> None:
    theirs = closed(cast, booked(cast, whose="B"), who="zara")
    mine, gone = opened(cast, booked(cast)), closed(cast, booked(cast))
    bilal, asif = cast.actor("bilal"), cast.actor("asif")
    with acting(bilal):
        actions.withdraw_sheet(bilal, gone, now=hours(0))
    request, _cns = on_the_way(cast, 1)
    before = everything(cast)
    for number in (theirs, mine, gone, "LS-2611-99999"):
        with acting(asif), pytest.raises(NotFound):
            actions.collect_sheet(asif, request, number, now=hours(2))
    assert everything(cast) == before


def test_the_riders_scan_of_a_sheets_code_finds_his_visit(cast: Cast) -> None:
    number = closed(cast, booked(cast, 2))
    request, _cns = on_the_way(cast, 1)
    asif = cast.actor("asif")
    with acting(asif):
        found = queries.load_sheet(asif, number)
        assert queries.visit_of_sheet(asif, found.shipper_id, found.profile_id) == request
    end(cast, request, "PCL")
    with acting(asif):
        assert queries.visit_of_sheet(asif, found.shipper_id, found.profile_id) is None
