"""People who do it at the same moment: real threads, real transactions, one database."""

from collections.abc import Callable, Sequence

from icargos.booking import actions, queries
from icargos.booking.actions import Listed
from icargos.booking.models import LoadSheetItem, PickupParcel, PickupRequest, PickupRun
from icargos.consignments.models import Event
from icargos.ground.tenancy import acting
from icargos.kit.errors import Refused
from tests.cast import NOW, Cast
from tests.dispatch.test_together import at_once
from tests.pickups.scene import (
    TODAY,
    add,
    asked,
    booked,
    cancel,
    close,
    end,
    facts,
    fates,
    hours,
    key,
    on_the_way,
    opened,
    pickup,
    ready,
    statuses,
    take,
    to_karachi,
)


def test_two_people_scan_the_same_parcels_onto_two_sheets_and_each_gets_one(cast: Cast) -> None:
    cns = booked(cast, 6)
    sheets = [opened(cast), opened(cast)]

    def scan(number: str, some: Sequence[str], who: str) -> Callable[[], object]:
        return lambda: add(cast, number, some, who=who)

    answers = at_once([scan(sheets[0], cns, "bilal"), scan(sheets[1], cns[::-1], "ayesha")])
    verdicts = sorted(one.verdict for answer in answers for one in answer if isinstance(one, Listed))  # type: ignore[attr-defined]
    assert verdicts == ["moved"] * 6 + ["refused"] * 6
    with acting(cast.actor("bilal")):
        assert LoadSheetItem.objects.count() == 6


def test_two_people_close_one_sheet_and_it_is_closed_once(cast: Cast) -> None:
    cns = booked(cast, 3)
    number = opened(cast, cns)
    first, second = at_once([lambda: close(cast, number), lambda: close(cast, number, who="ayesha")])
    assert first == second
    assert facts(cast, "load_sheet.closed") == 1
    with acting(cast.actor("adeel")):
        assert Event.objects.filter(code="ready_for_pickup").count() == 3


def test_a_parcel_scanned_while_the_sheet_is_closed_is_on_it_or_refused(cast: Cast) -> None:
    first, late = booked(cast, 2)
    number = opened(cast, [first])
    added, done = at_once([lambda: add(cast, number, [late]), lambda: close(cast, number, who="ayesha")])
    on_it = not isinstance(added, Refused)
    assert fates(cast, number).keys() == ({first, late} if on_it else {first})
    assert done.parcels == (2 if on_it else 1)  # type: ignore[attr-defined]


def test_a_cancel_and_a_closing_at_once_agree(cast: Cast) -> None:
    cns = booked(cast, 2)
    number = opened(cast, cns)
    at_once([lambda: cancel(cast, cns[:1]), lambda: close(cast, number)])
    assert statuses(cast, cns) == ["cancelled", "ready_for_pickup"]
    assert fates(cast, number) in ({cns[0]: "cancelled", cns[1]: "waiting"}, {cns[1]: "waiting"})


def test_two_people_ask_for_one_time_and_there_is_one_pickup(cast: Cast) -> None:
    answers = at_once(
        [lambda who=who: asked(cast, who=who) for who in ("bilal", "ayesha", "bilal", "ayesha")]  # type: ignore[misc]
    )
    assert len({answer.request_id for answer in answers}) == 1  # type: ignore[attr-defined]
    assert sorted(answer.merged for answer in answers) == [False, True, True, True]  # type: ignore[attr-defined]


def test_two_workers_make_the_same_weekly_pickup_once(cast: Cast) -> None:
    asked(cast, weekdays=(0, 4), day=None)
    sunday = hours(38)
    made = at_once([lambda: actions.make_scheduled_pickups(now=sunday) for _worker in range(4)])
    assert sorted(made) == [0, 0, 0, 1]  # type: ignore[type-var]
    with acting(cast.actor("bilal")):
        assert PickupRequest.objects.count() == 2


def test_two_desks_assign_and_the_rider_has_one_sheet(cast: Cast) -> None:
    requests = [asked(cast, slot=slot).request_id for slot in ("12-15", "15-18", "18-21")]
    rider, sadia = to_karachi(cast), cast.actor("sadia")

    def assign(request: int) -> Callable[[], object]:
        def act() -> object:
            with acting(sadia):
                return actions.assign_pickups(sadia, [request], rider, day=TODAY, now=NOW)

        return act

    runs = at_once([assign(request) for request in requests])
    assert len(set(runs)) == 1
    with acting(sadia):
        assert PickupRun.objects.count() == 1
        assert sorted(one.seq for one in queries.pickup_run(sadia, runs[0])[1]) == [1, 2, 3]  # type: ignore[arg-type]


def test_the_rider_leaves_or_the_shipper_calls_off_never_both(cast: Cast) -> None:
    cns = booked(cast, 2)
    request = asked(cast, ready=cns).request_id
    rider, sadia, bilal = to_karachi(cast), cast.actor("sadia"), cast.actor("bilal")
    with acting(sadia):
        run = actions.assign_pickups(sadia, [request], rider, day=TODAY, now=NOW)

    def leave() -> object:
        with acting(sadia):
            actions.let_pickups_go(sadia, run, now=NOW)
        return "left"

    def call_off() -> object:
        with acting(bilal):
            actions.cancel_pickup(bilal, request, now=NOW)
        return "called off"

    left, gone = at_once([leave, call_off])
    assert isinstance(left, Refused) is not isinstance(gone, Refused)
    started = gone if isinstance(gone, Refused) else None
    assert pickup(cast, request).state == ("on_the_way" if started else "cancelled")
    assert set(statuses(cast, cns)) == {"pickup_in_progress" if started else "ready_for_pickup"}


def test_one_scan_sent_three_times_at_once_counts_once(cast: Cast) -> None:
    request, cns = on_the_way(cast)
    answers = at_once([lambda: take(cast, request, cns)] * 3)
    assert sorted(one.verdict for answer in answers for one in answer) == ["again"] * 6 + ["moved"] * 3  # type: ignore[attr-defined]
    with acting(cast.actor("adeel")):
        assert Event.objects.filter(code="picked_up").count() == 3
        assert PickupParcel.objects.filter(state="collected").count() == 3


def test_the_end_of_a_visit_sent_three_times_at_once_is_kept_once(cast: Cast) -> None:
    request, _cns = on_the_way(cast)
    event = key("phone")
    answers = at_once([lambda: end(cast, request, "PVH", source_event_id=event)] * 3)
    assert sorted(answer.replayed for answer in answers) == [False, True, True]  # type: ignore[attr-defined]
    assert facts(cast, "pickup.failed") == 1


def test_asking_with_parcels_while_the_rider_scans_them_never_waits_in_a_circle(cast: Cast) -> None:
    request, cns = on_the_way(cast, 4)
    more = booked(cast, 4)
    for turn in range(4):
        at_once(
            [
                lambda turn=turn: take(cast, request, [cns[turn], more[turn]]),  # type: ignore[misc]
                lambda turn=turn: asked(cast, ready=[more[turn], cns[turn]], expected_parcels=10 + turn),  # type: ignore[misc]
                lambda turn=turn: ready(cast, [more[turn]]),  # type: ignore[misc]
            ]
        )
    assert statuses(cast, [*cns, *more]) == ["picked_up"] * 8
