"""Parcels marked ready for pickup, and back."""

import pytest

from icargos.kit.errors import Forbidden, NotFound
from tests.cast import Cast
from tests.pickups.scene import booked, cancel, closed, everything, facts, not_ready, on_the_way, ready, statuses


def test_new_booked_becomes_ready_and_is_so_once(cast: Cast) -> None:
    cns = booked(cast, 3)
    first = ready(cast, cns)
    assert (first.marked, first.before, first.refused) == (3, 0, {})
    assert statuses(cast, cns) == ["ready_for_pickup"] * 3
    before = everything(cast)
    again = ready(cast, [*cns, cns[0]])
    assert (again.marked, again.before) == (0, 3)
    assert everything(cast) == before


def test_ready_goes_back_and_forth_as_often_as_it_must(cast: Cast) -> None:
    cns = booked(cast)
    for _turn in range(3):
        ready(cast, cns)
        assert not_ready(cast, cns).marked == 1
        assert statuses(cast, cns) == ["new_booked"]
    assert facts(cast, "consignment.moved") == 6


def test_what_is_past_that_is_told_and_stops_no_other(cast: Cast) -> None:
    good, gone = booked(cast, 2)
    cancel(cast, [gone])
    told = ready(cast, [gone, good])
    assert told.marked == 1
    assert "Cancelled" in told.refused[gone]
    assert statuses(cast, [good, gone]) == ["ready_for_pickup", "cancelled"]


def test_a_parcel_that_the_rider_set_out_for_is_not_taken_back(cast: Cast) -> None:
    _request, cns = on_the_way(cast, 1)
    before = everything(cast)
    assert "Pickup in Progress" in not_ready(cast, cns).refused[cns[0]]
    assert everything(cast) == before


def test_a_parcel_on_a_closed_sheet_is_promised(cast: Cast) -> None:
    cns = booked(cast, 2)
    number = closed(cast, cns)
    before = everything(cast)
    assert number in not_ready(cast, cns).refused[cns[0]]
    assert everything(cast) == before


def test_another_shippers_number_is_no_number_and_none_is_marked(cast: Cast) -> None:
    mine, theirs = booked(cast), booked(cast, whose="B")
    before = everything(cast)
    for cns in ([*mine, *theirs], ["IC000000000"], ["", "\x00"]):
        with pytest.raises(NotFound):
            ready(cast, cns)
    assert everything(cast) == before


@pytest.mark.parametrize("who", ["farah", "vahid"])
def test_who_does_not_hand_over_marks_nothing(cast: Cast, who: str) -> None:
    cns = booked(cast)
    before = everything(cast)
    with pytest.raises(Forbidden):
        ready(cast, cns, who=who)
    with pytest.raises(Forbidden):
        not_ready(cast, cns, who=who)
    assert everything(cast) == before
