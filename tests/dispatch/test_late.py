"""Reports that come late: docs/subsystems/runs.md."""

import pytest

from icargos.consignments.models import Consignment, Event
from icargos.dispatch import actions, queries
from icargos.dispatch.models import Attempt, Conflict, Proof, Report
from icargos.ground.tenancy import acting
from icargos.kit import errors
from icargos.kit.errors import Forbidden
from tests.cast import Cast
from tests.dispatch.scene import (
    advise,
    cod_state,
    deliver,
    delivery,
    everything,
    fail,
    failure,
    file,
    hand_back,
    hours,
    out,
    pending_cod,
    picture,
    run_of,
    status_of,
)


def close(cast: Cast, run_id: int) -> None:
    dawood = cast.actor("dawood")
    with acting(dawood):
        actions.close_run(dawood, run_id, short=True, now=hours(9))


def test_a_delivery_synced_after_the_run_was_closed_applies_and_posts_its_cash(cast: Cast) -> None:
    run_id, (cn,) = out(cast)
    report = delivery(cast, cn, device_at=hours(3), offline=True)
    close(cast, run_id)
    imran = cast.actor("imran")
    with acting(imran):
        assert [s.cn for s in queries.stops(imran)] == [cn]
    assert deliver(cast, report, now=hours(10)).fate == "apply"
    assert (status_of(cast, cn)[0], cod_state(cast, cn), pending_cod(cast)) == ("delivered", "collected", 150_000)
    with acting(cast.actor("adeel")):
        proof = Proof.objects.get(cn=cn)
        assert (proof.occurred_at, proof.received_at, proof.offline) == (hours(3), hours(10), True)
        assert not Conflict.objects.exists()


def test_a_failure_synced_after_the_run_was_closed_applies_too(cast: Cast) -> None:
    run_id, (cn,) = out(cast)
    report = failure(cast, cn, "RFD")
    close(cast, run_id)
    assert fail(cast, report, now=hours(10)).fate == "apply"
    hand_back(cast, run_id, [cn], now=hours(11))
    assert status_of(cast, cn) == ("shipper_advice_pending", "destination_station")


def test_a_late_delivery_of_a_parcel_that_came_back_opens_a_conflict_that_holds_its_cod(cast: Cast) -> None:
    run_id, (cn,) = out(cast)
    report = delivery(cast, cn, photos=(file(picture()),))
    hand_back(cast, run_id, [cn])
    answer = deliver(cast, report, now=hours(10))
    assert (answer.fate, answer.status) == ("conflict", "received_at_destination")
    assert (status_of(cast, cn)[0], cod_state(cast, cn)) == ("received_at_destination", "expected")
    assert pending_cod(cast) == 0
    dawood = cast.actor("dawood")
    with acting(dawood):
        (conflict,) = queries.conflicts(dawood)
        assert (conflict.cn, conflict.kind, conflict.found, conflict.cod_paisa) == (
            cn, "delivered", "received_at_destination", 150_000,
        )  # fmt: skip
        assert queries.held_cod(dawood) == 150_000
        assert queries.picture(dawood, conflict.consignment_id, f"conflict-{conflict.id}-0")
        assert not Proof.objects.exists()
    before = everything(cast)
    assert deliver(cast, report, now=hours(11)).replayed
    assert everything(cast) == before
    next_run = run_of(cast, [], now=hours(20), leave=False)
    from tests.dispatch.scene import scans

    with acting(dawood):
        (barred,) = actions.add_to_run(dawood, next_run, scans([cn]), now=hours(20))
    assert "Settle that first" in barred.message


def test_an_administrator_settles_a_conflict_for_the_rider(cast: Cast) -> None:
    run_id, (cn,) = out(cast)
    report = delivery(cast, cn, photos=(file(picture()),))
    hand_back(cast, run_id, [cn])
    deliver(cast, report, now=hours(10))
    adeel, dawood = cast.actor("adeel"), cast.actor("dawood")
    with acting(adeel):
        (conflict,) = queries.conflicts(adeel)
    before = everything(cast)
    with pytest.raises(Forbidden), acting(dawood):
        actions.settle(dawood, conflict.id, "apply", "The receiver was called", now=hours(11))
    with pytest.raises(errors.Invalid), acting(adeel):
        actions.settle(adeel, conflict.id, "apply", "", now=hours(11))
    assert everything(cast) == before
    with acting(adeel):
        actions.settle(adeel, conflict.id, "apply", "The receiver was called", now=hours(11))
        assert (queries.conflicts(adeel), queries.held_cod(adeel)) == ([], 0)
        assert Proof.objects.get(cn=cn).occurred_at == hours(2)
        with pytest.raises(errors.Conflict, match="settled this already"):
            actions.settle(adeel, conflict.id, "dismiss", "Another opinion", now=hours(12))
    assert (status_of(cast, cn)[0], cod_state(cast, cn)) == ("delivered", "collected")


def test_what_the_rider_took_is_owed_though_the_shipper_changed_the_cod_since(cast: Cast) -> None:
    run_id, (cn,) = out(cast)
    fail(cast, failure(cast, cn, "PI"))
    hand_back(cast, run_id, [cn])
    assert deliver(cast, delivery(cast, cn, device_at=hours(8)), now=hours(10)).fate == "conflict"
    advise(cast, cn, cod_paisa=100_000, now=hours(10.5))
    adeel = cast.actor("adeel")
    with acting(adeel):
        (conflict,) = queries.conflicts(adeel)
        actions.settle(adeel, conflict.id, "apply", "The receiver was called", now=hours(11))
        assert Consignment.objects.get(cn=cn).cod_paisa == 150_000
    assert pending_cod(cast) == 150_000


def test_an_administrator_dismisses_a_conflict(cast: Cast) -> None:
    run_id, (cn,) = out(cast)
    report = delivery(cast, cn)
    hand_back(cast, run_id, [cn])
    deliver(cast, report, now=hours(10))
    adeel = cast.actor("adeel")
    with acting(adeel):
        (conflict,) = queries.conflicts(adeel)
        actions.settle(adeel, conflict.id, "dismiss", "The parcel lies on shelf R2", now=hours(11))
        assert queries.held_cod(adeel) == 0
    assert (status_of(cast, cn)[0], cod_state(cast, cn)) == ("received_at_destination", "expected")


def test_a_late_failure_of_a_parcel_that_came_back_without_one_asks_the_shipper(cast: Cast) -> None:
    run_id, (cn,) = out(cast)
    report = failure(cast, cn, "CNA")
    hand_back(cast, run_id, [cn])
    assert fail(cast, report, now=hours(10)).fate == "at_station"
    assert status_of(cast, cn) == ("shipper_advice_pending", "destination_station")
    with acting(cast.actor("bilal")):
        assert Attempt.objects.get(cn=cn).counted
        assert Consignment.objects.get(cn=cn).attempts == 1


def test_a_late_failure_of_a_parcel_that_went_out_again_opens_a_conflict(cast: Cast) -> None:
    run_id, (cn,) = out(cast)
    report = failure(cast, cn, "CNA")
    hand_back(cast, run_id, [cn])
    run_of(cast, [cn], rider="asif", now=hours(20))
    assert fail(cast, report, now=hours(21)).fate == "conflict"
    assert status_of(cast, cn)[0] == "out_for_delivery"
    adeel = cast.actor("adeel")
    with acting(adeel):
        (conflict,) = queries.conflicts(adeel)
        assert (conflict.kind, conflict.cod_paisa) == ("failed", 0)
        actions.settle(adeel, conflict.id, "apply", "Both visits were made", now=hours(22))
        assert Attempt.objects.get(cn=cn).n == 1
        assert Consignment.objects.get(cn=cn).attempts == 1
    assert status_of(cast, cn)[0] == "out_for_delivery"


def test_an_older_failure_of_a_stop_delivered_since_is_history_and_moves_nothing(cast: Cast) -> None:
    _run, (cn,) = out(cast)
    tried = failure(cast, cn, device_at=hours(1))
    deliver(cast, delivery(cast, cn, device_at=hours(3)), now=hours(3))
    assert fail(cast, tried, now=hours(4)).fate == "keep"
    assert (status_of(cast, cn)[0], cod_state(cast, cn)) == ("delivered", "collected")
    with acting(cast.actor("adeel")):
        late = Event.objects.filter(moved=False, source="rider")
        assert [(e.code, e.occurred_at, e.public) for e in late] == [("delivery_unsuccessful", hours(1), False)]
        assert not Attempt.objects.exists()
        assert Report.objects.filter(fate="keep").count() == 1


def test_a_failure_later_than_the_delivery_of_the_same_stop_opens_a_conflict(cast: Cast) -> None:
    _run, (cn,) = out(cast)
    deliver(cast, delivery(cast, cn, device_at=hours(1)))
    assert fail(cast, failure(cast, cn, device_at=hours(3)), now=hours(3)).fate == "conflict"
    assert status_of(cast, cn)[0] == "delivered"
