"""Run sheets from opening to closing: docs/subsystems/runs.md."""

import pytest
from django.db import IntegrityError, transaction

from icargos.consignments.actions import MoveRefused
from icargos.dispatch import actions, queries
from icargos.dispatch.actions import RunRefused, Scan
from icargos.dispatch.models import Advice, Run, Stop
from icargos.ground.models import Fact
from icargos.ground.tenancy import acting
from icargos.kit.errors import Forbidden, NotFound
from tests.cast import NOW, Cast
from tests.dispatch.scene import (
    advise,
    brought,
    deliver,
    delivery,
    event_id,
    everything,
    fail,
    failure,
    hand_back,
    hours,
    out,
    run_of,
    scans,
    skip,
    status_of,
    stop_of,
)
from tests.parcels import enter


def test_a_run_sheet_is_numbered_by_the_day_and_opened_once(cast: Cast) -> None:
    dawood = cast.actor("dawood")
    with acting(dawood):
        first = actions.open_run(dawood, cast.people["imran"], source_event_id="click-0001", now=NOW)
        again = actions.open_run(dawood, cast.people["imran"], source_event_id="click-0001", now=NOW)
        second = actions.open_run(dawood, cast.people["asif"], source_event_id="click-0002", now=NOW)
    assert (first.number, again, second.number) == ("DRS-261120-0001", first, "DRS-261120-0002")


def test_a_run_is_opened_for_a_rider_of_the_own_station_only(cast: Cast) -> None:
    before = everything(cast)
    sadia, dawood = cast.actor("sadia"), cast.actor("dawood")
    with pytest.raises(NotFound), acting(sadia):
        actions.open_run(sadia, cast.people["imran"], source_event_id=event_id(), now=NOW)
    for nobody in (cast.people["dawood"], cast.people["bilal"], 999_999):
        with pytest.raises(NotFound), acting(dawood):
            actions.open_run(dawood, nobody, source_event_id=event_id(), now=NOW)
    imran = cast.actor("imran")
    with pytest.raises(Forbidden), acting(imran):
        actions.open_run(imran, cast.people["imran"], source_event_id=event_id(), now=NOW)
    assert everything(cast) == before


def test_a_run_takes_its_parcels_out_together(cast: Cast) -> None:
    run_id, cns = out(cast, 3)
    assert {status_of(cast, cn) for cn in cns} == {("out_for_delivery", "rider")}
    dawood = cast.actor("dawood")
    with acting(dawood):
        sheet = queries.run(dawood, run_id)
        (fact,) = Fact.objects.filter(kind="run.dispatched")
    assert [(s.seq, s.cn, s.state) for s in sheet.stops] == [(n, cn, "pending") for n, cn in enumerate(cns, 1)]
    assert (sheet.run.state, sheet.run.stops, sheet.run.cod_paisa, sheet.station) == (
        "dispatched", 3, 450_000, "Multan Station",
    )  # fmt: skip
    assert (fact.data["stops"], fact.data["cod_paisa"], fact.shipper_id) == (3, 450_000, None)


def test_an_unknown_number_and_another_stations_parcel_do_not_go_on_a_run(cast: Cast) -> None:
    (far,) = enter(cast)
    run_id = run_of(cast, [brought(cast)[0].cn], leave=False)
    before = everything(cast)
    dawood = cast.actor("dawood")
    with acting(dawood):
        unknown, elsewhere = actions.add_to_run(dawood, run_id, scans(["IC473124829", far.cn]), now=NOW)
    assert (unknown.verdict, elsewhere.verdict) == ("refused", "refused")
    assert unknown.message.startswith("There is no parcel IC473124829.")
    assert elsewhere.message == f"{far.cn} is New Booked. Scan its arrival first."
    assert everything(cast) == before


def test_a_parcel_is_on_one_run_sheet_at_a_time(cast: Cast) -> None:
    (one,) = brought(cast)
    first = run_of(cast, [one.cn], leave=False)
    second = run_of(cast, [brought(cast)[0].cn], rider="asif", leave=False)
    before = everything(cast)
    dawood = cast.actor("dawood")
    with acting(dawood):
        (answer,) = actions.add_to_run(dawood, second, scans([one.cn]), now=NOW)
        (again,) = actions.add_to_run(dawood, first, scans([one.cn]), now=NOW)
    assert answer.verdict == "refused"
    assert answer.message == f"{one.cn} is already on DRS-261120-0001 of Imran Ali. Take it off there first."
    assert again.verdict == "again"
    assert everything(cast) == before
    stop = stop_of(cast, one.cn)
    with pytest.raises(IntegrityError, match="dispatch_stop_on_one_sheet"), acting(dawood), transaction.atomic():
        Stop.objects.create(
            shipper_id=stop.shipper_id, run_id=second, consignment_id=stop.consignment_id, cn=one.cn, seq=9,
            state="pending",
        )  # fmt: skip
    with acting(dawood):
        assert actions.take_off(dawood, first, [one.cn, "IC473124829"], now=NOW) == 1
        (now_free,) = actions.add_to_run(dawood, second, scans([one.cn]), now=NOW)
    assert now_free.verdict == "moved"


def test_a_run_that_left_takes_no_more_and_lets_none_go(cast: Cast) -> None:
    run_id, (cn,) = out(cast)
    (more,) = brought(cast)
    before = everything(cast)
    dawood = cast.actor("dawood")
    with pytest.raises(RunRefused, match="has left"), acting(dawood):
        actions.add_to_run(dawood, run_id, scans([more.cn]), now=NOW)
    with pytest.raises(RunRefused, match="has left"), acting(dawood):
        actions.take_off(dawood, run_id, [cn], now=NOW)
    with acting(dawood):
        actions.dispatch_run(dawood, run_id, now=hours(1))
    assert everything(cast) == before


def test_an_empty_run_does_not_leave(cast: Cast) -> None:
    run_id = run_of(cast, [], leave=False)
    dawood = cast.actor("dawood")
    before = everything(cast)
    with pytest.raises(RunRefused, match="is empty"), acting(dawood):
        actions.dispatch_run(dawood, run_id, now=NOW)
    assert everything(cast) == before


def test_a_run_leaves_with_all_its_parcels_or_not_at_all(cast: Cast) -> None:
    run_id, (cn,) = out(cast)
    fail(cast, failure(cast, cn))
    hand_back(cast, run_id, [cn])
    next_run = run_of(cast, [cn, brought(cast)[0].cn], now=hours(20), leave=False)
    advise(cast, cn, action="return", now=hours(20.5))
    before = everything(cast)
    dawood = cast.actor("dawood")
    with pytest.raises(MoveRefused, match=cn), acting(dawood):
        actions.dispatch_run(dawood, next_run, now=hours(21))
    assert everything(cast) == before


def test_another_stations_desk_sees_and_changes_nothing_of_a_run(cast: Cast) -> None:
    run_id, (cn,) = out(cast)
    before = everything(cast)
    sadia = cast.actor("sadia")
    for act in (
        lambda: actions.add_to_run(sadia, run_id, scans([cn]), now=NOW),
        lambda: actions.take_off(sadia, run_id, [cn], now=NOW),
        lambda: actions.dispatch_run(sadia, run_id, now=NOW),
        lambda: actions.hand_back(sadia, run_id, scans([cn]), now=NOW),
        lambda: actions.close_run(sadia, run_id, now=NOW),
        lambda: queries.run(sadia, run_id),
    ):
        with pytest.raises(NotFound), acting(sadia):
            act()
    with acting(sadia):
        assert queries.board(sadia).runs == []
    assert everything(cast) == before


def test_what_comes_back_without_an_outcome_was_not_attempted(cast: Cast) -> None:
    run_id, (cn,) = out(cast)
    (answer,) = hand_back(cast, run_id, [cn])
    assert (answer.verdict, answer.status) == ("moved", "received_at_destination")
    assert status_of(cast, cn) == ("received_at_destination", "destination_station")
    stop = stop_of(cast, cn)
    assert (stop.state, stop.outcome) == ("handed_back", "not_attempted")
    before = everything(cast)
    (again,) = hand_back(cast, run_id, [cn])
    assert again.verdict == "again"
    assert everything(cast) == before


@pytest.mark.parametrize(
    ("reason", "becomes"),
    [("CNA", "delivery_unsuccessful"), ("RFD", "shipper_advice_pending"), ("UL", "shipper_advice_pending")],
)
def test_a_failed_parcel_that_comes_back_waits_for_advice_if_its_reason_asks(
    cast: Cast, reason: str, becomes: str
) -> None:
    run_id, (cn,) = out(cast)
    fail(cast, failure(cast, cn, reason))
    assert status_of(cast, cn) == ("delivery_unsuccessful", "rider")
    hand_back(cast, run_id, [cn])
    assert status_of(cast, cn) == (becomes, "destination_station")


def test_an_answered_parcel_that_comes_back_changes_hands_only(cast: Cast) -> None:
    run_id, (cn,) = out(cast)
    fail(cast, failure(cast, cn, "RFD"))
    advise(cast, cn, action="reattempt")
    assert status_of(cast, cn) == ("reattempt_requested", "rider")
    hand_back(cast, run_id, [cn])
    assert status_of(cast, cn) == ("reattempt_requested", "destination_station")


def test_a_parcel_goes_out_again_only_after_it_was_scanned_back(cast: Cast) -> None:
    run_id, (cn,) = out(cast)
    fail(cast, failure(cast, cn))
    next_run = run_of(cast, [brought(cast)[0].cn], now=hours(20), leave=False)
    dawood = cast.actor("dawood")
    with acting(dawood):
        (refused,) = actions.add_to_run(dawood, next_run, scans([cn]), now=hours(20))
    assert refused.message == f"{cn} is with a rider. Scan it back on the rider's run sheet."
    hand_back(cast, run_id, [cn])
    with acting(dawood):
        (added,) = actions.add_to_run(dawood, next_run, scans([cn]), now=hours(20))
    assert added.verdict == "moved"


def test_what_waits_for_advice_or_is_held_does_not_go_out_before_somebody_decides(cast: Cast) -> None:
    run_id, (cn,) = out(cast)
    fail(cast, failure(cast, cn, "RFD"))
    hand_back(cast, run_id, [cn])
    next_run = run_of(cast, [], now=hours(20), leave=False)
    dawood = cast.actor("dawood")
    with acting(dawood):
        (waits,) = actions.add_to_run(dawood, next_run, scans([cn]), now=hours(20))
    assert "waits for the shipper's advice" in waits.message
    advise(cast, cn, action="hold")
    with acting(dawood):
        (held,) = actions.add_to_run(dawood, next_run, scans([cn]), now=hours(20))
        assert "is held as the shipper asked" in held.message
        (advice,) = Advice.objects.filter(cn=cn, state="submitted")
        actions.answer(dawood, advice.id, "override", "It is at the door", action="reattempt", now=hours(20))
        (added,) = actions.add_to_run(dawood, next_run, scans([cn]), now=hours(20))
    assert added.verdict == "moved"


def test_a_run_closes_when_everything_is_delivered_or_back(cast: Cast) -> None:
    run_id, (first, second, third) = out(cast, 3)
    deliver(cast, delivery(cast, first))
    fail(cast, failure(cast, second))
    skip(cast, third)
    dawood = cast.actor("dawood")
    before = everything(cast)
    told = "2 parcels were neither delivered nor scanned back"
    with pytest.raises(RunRefused, match=told) as refused, acting(dawood):
        actions.close_run(dawood, run_id, now=hours(9))
    assert refused.value.details == {"awaited": (second, third)}
    assert everything(cast) == before
    hand_back(cast, run_id, [second, third])
    with acting(dawood):
        closed = actions.close_run(dawood, run_id, now=hours(9))
        assert (closed.delivered, closed.handed_back, closed.awaited) == (1, 2, ())
        after = Run.objects.get(id=run_id)
        assert (after.state, after.closed_by) == ("closed", cast.people["dawood"])
        (fact,) = Fact.objects.filter(kind="run.closed")
        assert (fact.data["delivered"], fact.data["handed_back"], fact.data["awaited"]) == (1, 2, 0)
        assert actions.close_run(dawood, run_id, now=hours(10)) == closed
        assert Fact.objects.filter(kind="run.closed").count() == 1


def test_a_delivered_parcel_is_not_scanned_back(cast: Cast) -> None:
    run_id, (cn,) = out(cast)
    deliver(cast, delivery(cast, cn))
    before = everything(cast)
    delivered, stranger = hand_back(cast, run_id, [cn, "IC473124829"])
    assert "was reported delivered" in delivered.message
    assert "is not on DRS-" in stranger.message
    assert everything(cast) == before


def test_a_replayed_hand_back_changes_nothing(cast: Cast) -> None:
    run_id, (cn,) = out(cast)
    beep = Scan(cn=cn, source_event_id="back-0001")
    dawood = cast.actor("dawood")
    with acting(dawood):
        actions.hand_back(dawood, run_id, [beep], now=hours(9))
    before = everything(cast)
    with acting(dawood):
        (again,) = actions.hand_back(dawood, run_id, [beep], now=hours(10))
    assert again.verdict == "again"
    assert everything(cast) == before


def test_the_board_shows_the_stations_day(cast: Cast) -> None:
    run_id, (first, second) = out(cast, 2)
    deliver(cast, delivery(cast, first))
    fail(cast, failure(cast, second, "RFD"))
    hand_back(cast, run_id, [second])
    advise(cast, second, action="reattempt")
    brought(cast, 2)
    dawood = cast.actor("dawood")
    with acting(dawood):
        board = queries.board(dawood)
    (card,) = board.runs
    assert (card.delivered, card.handed_back, card.live, card.cod_paisa, card.collected_paisa) == (
        1, 1, 0, 300_000, 150_000,
    )  # fmt: skip
    assert (board.here["received_at_destination"], board.here["reattempt_requested"]) == (2, 1)
    assert (board.advice, board.conflicts, board.station.code) == (1, 0, "MUX")


def test_the_desk_finds_a_parcel_of_any_shipper(cast: Cast) -> None:
    _run, (cn,) = out(cast)
    (other,) = enter(cast, whose="B", order_ref="ZX-77", consignee_phone="+923007654321")
    dawood, farah = cast.actor("dawood"), cast.actor("farah")
    with acting(dawood):
        assert [(f.cn, f.run_number) for f in queries.search(dawood, cn)] == [(cn, "DRS-261120-0001")]
        for words in (cn[:7], cn[:7].lower(), f"{cn[:2]} {cn[2:6]}-{cn[6:8]}", cn[2:9], cn[:-1], cn[2:]):
            assert [f.cn for f in queries.search(dawood, words)] == [cn], words
        assert queries.search(dawood, cn[3:]) == [], "by its beginning, not by any part of it"
        assert {f.cn for f in queries.search(dawood, "IC")} == set(), "two letters are every parcel"
        assert [f.cn for f in queries.search(dawood, "zx-77")] == [other.cn]
        assert [f.cn for f in queries.search(dawood, "0300 765 4321")] == [other.cn]
        assert {f.cn for f in queries.search(dawood, "sana")} == {cn, other.cn}
        assert queries.search(dawood, "%%%") == []
        assert queries.search(dawood, " ") == []
    with pytest.raises(Forbidden), acting(farah):
        queries.search(farah, cn)
