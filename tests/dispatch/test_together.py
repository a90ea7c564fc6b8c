"""People who do it at the same moment: real threads, real transactions, one database."""

import threading
from collections.abc import Callable, Sequence

from django.db import connection

from icargos.consignments.models import Event
from icargos.dispatch import actions
from icargos.dispatch.models import Attempt, Conflict, Proof, Stop
from icargos.ground.tenancy import acting
from icargos.kit.errors import Refused
from tests.cast import NOW, Cast
from tests.dispatch.scene import (
    advise,
    brought,
    deliver,
    delivery,
    fail,
    failed,
    failure,
    hand_back,
    hours,
    out,
    receive,
    run_of,
    scans,
    status_of,
)
from tests.parcels import enter


def at_once(acts: Sequence[Callable[[], object]]) -> list[object]:
    """Each in a thread and a connection of its own, all let go together; a refusal is a result too."""
    gate = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            gate.wait(10)
            results[place] = act()
        except Refused as refusal:
            results[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert None not in results
    return results


def test_two_desks_scan_one_parcel_onto_two_sheets_and_one_gets_it(cast: Cast) -> None:
    cns = [one.cn for one in brought(cast, 6)]
    sheets = [run_of(cast, [], leave=False), run_of(cast, [], rider="asif", leave=False)]
    dawood = cast.actor("dawood")

    def add(run_id: int, numbers: Sequence[str]) -> Callable[[], object]:
        def act() -> object:
            with acting(dawood):
                return [one.verdict for one in actions.add_to_run(dawood, run_id, scans(numbers), now=NOW)]

        return act

    first, second = at_once([add(sheets[0], cns), add(sheets[1], cns[::-1])])
    assert sorted([*first, *second]) == ["moved"] * 6 + ["refused"] * 6  # type: ignore[misc]
    with acting(dawood):
        assert Stop.objects.count() == 6


def test_one_report_sent_twice_at_once_is_kept_once(cast: Cast) -> None:
    _run, (cn, other) = out(cast, 2)
    report, tried = delivery(cast, cn), failure(cast, other)
    answers = at_once([lambda: deliver(cast, report)] * 3 + [lambda: fail(cast, tried)] * 3)
    assert sorted(answer.replayed for answer in answers) == [False, False, True, True, True, True]  # type: ignore[attr-defined]
    with acting(cast.actor("adeel")):
        assert (Proof.objects.count(), Attempt.objects.count(), Conflict.objects.count()) == (1, 1, 0)
        assert Event.objects.filter(code="delivered").count() == 1


def test_a_delivery_and_a_hand_back_at_once_end_in_one_truth(cast: Cast) -> None:
    run_id, cns = out(cast, 4)
    for cn in cns:
        report = delivery(cast, cn)
        at_once([lambda report=report: deliver(cast, report), lambda cn=cn: hand_back(cast, run_id, [cn])])  # type: ignore[misc]
        status, _custody = status_of(cast, cn)
        with acting(cast.actor("adeel")):
            proven, disputed = Proof.objects.filter(cn=cn).exists(), Conflict.objects.filter(cn=cn).exists()
        assert (status, proven, disputed) in {
            ("delivered", True, False),
            ("received_at_destination", False, True),
        }


def test_advice_and_the_next_run_at_once_never_deadlock(cast: Cast) -> None:
    _run, cn = failed(cast)
    next_run = run_of(cast, [cn], now=hours(20), leave=False)
    dawood = cast.actor("dawood")

    def leave() -> object:
        with acting(dawood):
            actions.dispatch_run(dawood, next_run, now=hours(21))
        return "left"

    said, left = at_once([lambda: advise(cast, cn, action="return"), leave])
    expected = "return_confirmed" if isinstance(left, Refused) else "out_for_delivery"
    assert status_of(cast, cn)[0] == expected
    assert isinstance(said, Refused) is (expected == "out_for_delivery")


def test_two_stations_scan_the_same_thousands_in_opposite_order(cast: Cast) -> None:
    cns = [one.cn for one in enter(cast, 150)]
    at_once([lambda: receive(cast, "sadia", cns), lambda: receive(cast, "sadia", cns[::-1])])
    with acting(cast.actor("adeel")):
        assert Event.objects.filter(code="received_at_office").count() == 150
