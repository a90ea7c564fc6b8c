"""Scans at a station: docs/subsystems/runs.md."""

import pytest

from icargos.consignments.models import Consignment
from icargos.dispatch import actions, queries
from icargos.dispatch.actions import Scan
from icargos.dispatch.models import Weighing
from icargos.ground.models import Fact
from icargos.ground.tenancy import acting
from icargos.kit.errors import Conflict, Forbidden, Invalid
from tests.cast import NOW, Cast
from tests.dispatch.scene import event_id, everything, hours, out, receive, scans, status_of
from tests.parcels import city, enter


def test_a_parcel_goes_from_its_origin_station_to_its_destination(cast: Cast) -> None:
    (one,) = enter(cast)
    (first,) = receive(cast, "sadia", [one.cn])
    assert (first.verdict, first.status, first.sort_code) == ("moved", "received_at_office", "MUX-01")
    assert (first.shipper, first.booked_weight_g, first.message) == ("Zarqa Textiles", 500, "")
    sadia = cast.actor("sadia")
    with acting(sadia):
        (sent,) = actions.send(sadia, scans([one.cn]), now=hours(1))
    assert (sent.verdict, sent.status) == ("moved", "in_transit")
    (last,) = receive(cast, "dawood", [one.cn.lower() + " "], now=hours(9))
    assert (last.verdict, last.status) == ("moved", "received_at_destination")
    assert status_of(cast, one.cn) == ("received_at_destination", "destination_station")
    with acting(sadia):
        stations = [f.data["station"] for f in Fact.objects.filter(kind="parcel.received").order_by("id")]
    assert stations == ["KHI", "MUX"]


def test_an_unknown_number_stops_no_other_scan_and_changes_nothing(cast: Cast) -> None:
    (one,) = enter(cast)
    before = everything(cast)
    (answer,) = receive(cast, "sadia", ["IC473124829"])
    assert answer.verdict == "refused"
    assert answer.message == "There is no parcel IC473124829. Check the label and type the number by hand."
    assert everything(cast) == before
    verdicts = [a.verdict for a in receive(cast, "sadia", ["IC473124829", one.cn, "rubbish from a poster"])]
    assert verdicts == ["refused", "moved", "refused"]


def test_a_parcel_of_another_station_is_refused_and_stays_as_it_was(cast: Cast) -> None:
    (one,) = enter(cast)
    before = everything(cast)
    (answer,) = receive(cast, "dawood", [one.cn])
    assert answer.verdict == "refused"
    assert answer.message == f"{one.cn} starts at KHI, not here at MUX. Put it aside for KHI."
    assert everything(cast) == before


def test_an_arrival_at_neither_end_says_where_the_parcel_goes(cast: Cast) -> None:
    (one,) = enter(cast, destination_id=city("Lahore"))
    receive(cast, "sadia", [one.cn])
    sadia = cast.actor("sadia")
    with acting(sadia):
        actions.send(sadia, scans([one.cn]), now=NOW)
    before = everything(cast)
    (answer,) = receive(cast, "dawood", [one.cn])
    assert answer.message == f"{one.cn} goes to LHE, not to MUX. Send it on."
    assert everything(cast) == before
    dawood = cast.actor("dawood")
    with acting(dawood):
        (onward,) = actions.send(dawood, scans([one.cn]), now=NOW)
    assert (onward.verdict, onward.status) == ("moved", "in_transit")


def test_a_cancelled_parcel_is_not_to_be_bagged(cast: Cast) -> None:
    from icargos.booking import actions as booking

    (one,) = enter(cast)
    bilal = cast.actor("bilal")
    with acting(bilal):
        booking.cancel(bilal, [one.cn], now=NOW)
    before = everything(cast)
    (answer,) = receive(cast, "sadia", [one.cn])
    assert answer.verdict == "refused"
    assert "was cancelled by the shipper. Do not bag it" in answer.message
    assert everything(cast) == before


def test_a_parcel_scanned_twice_is_counted_once(cast: Cast) -> None:
    (one,) = enter(cast)
    twice = receive(cast, "sadia", [one.cn, one.cn])
    assert [a.verdict for a in twice] == ["moved", "again"]
    before = everything(cast)
    (again,) = receive(cast, "sadia", [one.cn])
    assert (again.verdict, again.status) == ("again", "received_at_office")
    assert everything(cast) == before


def test_a_replayed_scan_changes_nothing_even_when_the_parcel_is_elsewhere_by_then(cast: Cast) -> None:
    (one,) = enter(cast)
    sadia = cast.actor("sadia")
    beep = Scan(cn=one.cn, source_event_id="beep-0001", weight_g=520)
    with acting(sadia):
        actions.receive(sadia, [beep], now=NOW)
        actions.send(sadia, scans([one.cn]), now=NOW)
    before = everything(cast)
    with acting(sadia):
        (answer,) = actions.receive(sadia, [beep], now=hours(5))
    assert (answer.verdict, answer.replayed, answer.status) == ("again", True, "in_transit")
    assert everything(cast) == before


def test_the_scales_reading_is_kept_and_a_difference_is_named(cast: Cast) -> None:
    first, second, third = enter(cast, 3)
    sadia = cast.actor("sadia")
    weights = {first.cn: 550, second.cn: 551, third.cn: 3}
    beeps = [Scan(cn=cn, source_event_id=event_id(), weight_g=g) for cn, g in weights.items()]
    with acting(sadia):
        answers = actions.receive(sadia, beeps, now=NOW)
        assert [a.weight_differs for a in answers] == [False, True, False]
        assert [a.verdict for a in answers] == ["moved", "moved", "refused"]
        assert list(Weighing.objects.order_by("id").values_list("weight_g", flat=True)) == [550, 551]
        assert queries.weighings(sadia, second.id) == [(NOW, 551)]
        assert Consignment.objects.get(cn=second.cn).charged_weight_g == 500
    assert status_of(cast, third.cn)[0] == "new_booked"


def test_a_parcel_on_a_run_is_scanned_back_on_its_sheet(cast: Cast) -> None:
    _run, (cn,) = out(cast)
    before = everything(cast)
    (answer,) = receive(cast, "dawood", [cn])
    assert answer.message == f"{cn} is with a rider. Scan it back on the rider's run sheet."
    assert everything(cast) == before


def test_only_who_scans_may_scan_and_only_at_a_station(cast: Cast) -> None:
    (one,) = enter(cast)
    before = everything(cast)
    for who in ("imran", "bilal", "farah"):
        actor = cast.actor(who)
        with pytest.raises(Forbidden), acting(actor):
            actions.receive(actor, scans([one.cn]), now=NOW)
    adeel = cast.actor("adeel")
    with pytest.raises(Conflict, match="not posted to a station"), acting(adeel):
        actions.receive(adeel, scans([one.cn]), now=NOW)
    sadia = cast.actor("sadia")
    with pytest.raises(Invalid), acting(sadia):
        actions.receive(sadia, [Scan(cn=one.cn, source_event_id="x")], now=NOW)
    assert everything(cast) == before


def test_a_return_goes_back_the_way_it_came(cast: Cast) -> None:
    from tests.dispatch.scene import advise, fail, failure, hand_back

    run_id, (cn,) = out(cast)
    fail(cast, failure(cast, cn, "RFD"))
    hand_back(cast, run_id, [cn])
    advise(cast, cn, action="return")
    dawood = cast.actor("dawood")
    with acting(dawood):
        (sent,) = actions.send(dawood, scans([cn]), now=hours(20))
    assert sent.status == "return_in_transit"
    (home,) = receive(cast, "sadia", [cn], now=hours(40))
    assert home.status == "return_received_at_origin"


def test_many_scans_take_no_more_statements_than_a_few(cast: Cast) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    few, many = [e.cn for e in enter(cast, 5)], [e.cn for e in enter(cast, 90)]
    sadia = cast.actor("sadia")
    with acting(sadia), CaptureQueriesContext(connection) as small:
        actions.receive(sadia, scans(few), now=NOW)
    with acting(sadia), CaptureQueriesContext(connection) as large:
        assert {a.verdict for a in actions.receive(sadia, scans(many), now=NOW)} == {"moved"}
    assert len(large) == len(small)
