"""The shipper's advice: docs/subsystems/advice.md."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from icargos.consignments.models import Consignment, Revision
from icargos.dispatch import actions, queries
from icargos.dispatch.actions import AdviceRefused, AfterCutOff
from icargos.dispatch.models import Advice
from icargos.ground.models import Fact
from icargos.ground.tenancy import acting
from icargos.kit import errors
from icargos.kit.errors import Forbidden, NotFound
from tests.cast import NOW, Cast
from tests.dispatch.scene import (
    advice_states,
    advise,
    answer,
    deliver,
    delivery,
    event_id,
    everything,
    fail,
    failed,
    failure,
    hand_back,
    hours,
    out,
    run_of,
    scans,
    status_of,
)

SATURDAY, MONDAY = date(2026, 11, 21), date(2026, 11, 23)


def test_the_whole_way_from_a_failure_to_the_second_attempt(cast: Cast) -> None:
    run_id, (cn,) = out(cast)
    fail(cast, failure(cast, cn, "CNR"))
    advise(cast, cn, window="12-15", note="She is home after noon", new_phone="0300 1112223", landmark="Blue gate")
    imran, bilal = cast.actor("imran"), cast.actor("bilal")
    with acting(imran):
        (stop,) = queries.stops(imran)
    assert stop.wish is not None
    assert (stop.wish.action, stop.wish.on_date, stop.wish.window, stop.wish.note) == (
        "reattempt", SATURDAY, "12-15", "She is home after noon",
    )  # fmt: skip
    assert (stop.wish.state, stop.consignee_phone, stop.landmark) == ("submitted", "+923001112223", "Blue gate")
    hand_back(cast, run_id, [cn])
    run_of(cast, [cn], now=hours(20))
    assert advice_states(cast, cn) == ["accepted"]
    with acting(imran):
        second = next(s for s in queries.stops(imran) if s.state == "pending")
    assert second.wish is not None
    assert second.wish.note == "She is home after noon"
    deliver(cast, delivery(cast, cn, device_at=hours(22)), now=hours(22))
    assert status_of(cast, cn)[0] == "delivered"
    with acting(bilal):
        kinds = list(Fact.objects.filter(kind__startswith="advice").values_list("kind", flat=True))
        (tried,) = queries.attempts(bilal, stop.consignment_id)
        assert kinds == ["advice.submitted"]
        assert (tried.advice[0].by_name, tried.advice[0].answered_by) == ("Bilal Raza", "Dawood Shah")


@pytest.mark.parametrize(
    ("action", "becomes"),
    [
        ("reattempt", "reattempt_requested"),
        ("return", "return_confirmed"),
        ("hold", "on_hold"),
        ("self_collection", "hold_self_collection"),
    ],
)
@pytest.mark.parametrize("reason", ["CNA", "RFD"])
def test_advice_moves_the_parcel_at_once(cast: Cast, reason: str, action: str, becomes: str) -> None:
    _run, cn = failed(cast, reason)
    advise(cast, cn, action=action)
    assert status_of(cast, cn)[0] == becomes
    assert advice_states(cast, cn) == ["submitted"]


def test_a_second_advice_before_the_cut_off_replaces_the_first_and_both_are_kept(cast: Cast) -> None:
    _run, cn = failed(cast)
    for action, becomes in (
        ("return", "return_confirmed"),
        ("hold", "on_hold"),
        ("self_collection", "hold_self_collection"),
        ("hold", "on_hold"),
        ("reattempt", "reattempt_requested"),
    ):
        advise(cast, cn, action=action)
        assert status_of(cast, cn)[0] == becomes
    advise(cast, cn, on_date=MONDAY)
    assert advice_states(cast, cn) == ["replaced"] * 5 + ["submitted"]
    with acting(cast.actor("bilal")):
        assert Advice.objects.get(cn=cn, state="submitted").on_date == MONDAY


def test_after_the_cut_off_the_standing_advice_is_fixed_until_its_run_is_over(cast: Cast) -> None:
    _run, cn = failed(cast)
    advise(cast, cn)
    before = everything(cast)
    # The cut-off for Saturday's run is Friday 22:00 in Karachi, which is 17:00 UTC.
    for late in (datetime(2026, 11, 20, 17, 0, tzinfo=UTC), datetime(2026, 11, 21, 18, 59, tzinfo=UTC)):
        for action in ("return", "reattempt"):
            with pytest.raises(AfterCutOff) as refused:
                advise(cast, cn, action=action, on_date=MONDAY, now=late)
            assert str(refused.value) == (
                "The cut-off for the run of 21 Nov 2026 was 22:00 on the evening before. Answer again after that run."
            )
    assert everything(cast) == before
    advise(cast, cn, action="return", now=datetime(2026, 11, 21, 19, 1, tzinfo=UTC))
    assert status_of(cast, cn)[0] == "return_confirmed"


def test_a_hold_and_a_return_may_be_changed_after_the_cut_off(cast: Cast) -> None:
    _run, cn = failed(cast)
    advise(cast, cn, action="return")
    advise(cast, cn, on_date=MONDAY, now=datetime(2026, 11, 20, 18, 0, tzinfo=UTC))
    assert status_of(cast, cn)[0] == "reattempt_requested"


def test_after_the_cut_off_tomorrow_is_refused_and_the_earliest_day_named(cast: Cast) -> None:
    _run, cn = failed(cast)
    before = everything(cast)
    with pytest.raises(AdviceRefused) as refused:
        advise(cast, cn, on_date=SATURDAY, now=datetime(2026, 11, 20, 17, 0, tzinfo=UTC))
    (problem,) = refused.value.problems
    assert (problem.field, problem.code, problem.suggestion) == ("on_date", "AFTER_CUT_OFF", "2026-11-23")
    assert str(refused.value) == "The cut-off for tomorrow's run was 22:00. Choose a later day."
    assert everything(cast) == before
    advise(cast, cn, on_date=SATURDAY, now=datetime(2026, 11, 20, 16, 59, 59, tzinfo=UTC))


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"action": "burn"}, "action", "REQUIRED"),
        ({"on_date": None}, "on_date", "REQUIRED"),
        ({"on_date": date(2026, 11, 20)}, "on_date", "RANGE"),
        ({"on_date": date(2026, 11, 22)}, "on_date", "RANGE"),
        ({"on_date": date(2026, 11, 28)}, "on_date", "RANGE"),
        ({"window": "09-10"}, "window", "RANGE"),
        ({"note": "x" * 501}, "note", "RANGE"),
        ({"new_phone": "12"}, "new_phone", "PHONE_INVALID"),
        ({"new_phone": "042 35761999"}, "new_phone", "PHONE_INVALID"),
        ({"new_address": "Street 4"}, "new_address", "RANGE"),
        ({"cod_paisa": 150_050}, "cod", "RANGE"),
        ({"cod_paisa": 30_000_000}, "cod", "RANGE"),
    ],
)
def test_advice_that_breaks_a_rule_is_refused_by_field(
    cast: Cast, changes: dict[str, Any], field: str, code: str
) -> None:
    _run, cn = failed(cast)
    before = everything(cast)
    with pytest.raises(AdviceRefused) as refused:
        advise(cast, cn, **changes)
    assert [(p.field, p.code) for p in refused.value.problems] == [(field, code)]
    assert everything(cast) == before


@pytest.mark.parametrize(
    ("reason", "given"),
    [
        ("WCN", {"new_phone": "0300-1112223"}),
        ("ICA", {"landmark": "Blue gate"}),
        ("UL", {"new_address": "House 99, Street 5, Gulgasht"}),
        ("NSC", {"new_address": "House 99, Street 5, Gulgasht"}),
        ("SHF", {"new_address": "House 99, Street 5, Gulgasht"}),
    ],
)
def test_a_reattempt_gives_what_the_reason_asks_for(cast: Cast, reason: str, given: dict[str, Any]) -> None:
    _run, cn = failed(cast, reason)
    before = everything(cast)
    with pytest.raises(AdviceRefused) as refused:
        advise(cast, cn)
    assert [p.code for p in refused.value.problems] == ["REQUIRED"]
    assert everything(cast) == before
    advise(cast, cn, **given)
    assert status_of(cast, cn)[0] == "reattempt_requested"


def test_new_phone_and_address_are_taken_over_and_the_old_ones_kept(cast: Cast) -> None:
    _run, cn = failed(cast, "WCN")
    advise(cast, cn, new_phone="0300-1112223", new_address="House 99, Street 5, Gulgasht", cod_paisa=140_000)
    with acting(cast.actor("bilal")):
        parcel = Consignment.objects.get(cn=cn)
        assert (parcel.consignee_phone, parcel.address, parcel.cod_paisa) == (
            "+923001112223", "House 99, Street 5, Gulgasht", 140_000,
        )  # fmt: skip
        assert set(Revision.objects.values_list("field", "was")) == {
            ("consignee_phone", "+923331234567"),
            ("address", "House 12, Street 4, Gulgasht Colony"),
            ("cod_paisa", "150000"),
        }
        told = str(list(Fact.objects.values_list("data", flat=True)))
    assert "1112223" not in told
    assert "Gulgasht" not in told


def test_a_higher_cod_waits_for_the_desk(cast: Cast) -> None:
    _run, cn = failed(cast, "PI")
    advice_id = advise(cast, cn, cod_paisa=160_000)
    with acting(cast.actor("bilal")):
        assert Consignment.objects.get(cn=cn).cod_paisa == 150_000
    next_run = run_of(cast, [], now=hours(20), leave=False)
    dawood = cast.actor("dawood")
    with acting(dawood):
        (barred,) = actions.add_to_run(dawood, next_run, scans([cn]), now=hours(20))
        assert "asks for a higher COD" in barred.message
    answer(cast, advice_id, "accept")
    with acting(dawood):
        (added,) = actions.add_to_run(dawood, next_run, scans([cn]), now=hours(20))
        assert added.verdict == "moved"
        assert Consignment.objects.get(cn=cn).cod_paisa == 160_000


def test_a_replayed_advice_changes_nothing(cast: Cast) -> None:
    _run, cn = failed(cast)
    key = event_id("advice")
    first = advise(cast, cn, source_event_id=key)
    before = everything(cast)
    assert advise(cast, cn, source_event_id=key, now=hours(4)) == first
    with pytest.raises(errors.Conflict, match="already sent with other contents"):
        advise(cast, cn, action="return", source_event_id=key)
    assert everything(cast) == before


def test_advice_on_what_did_not_fail_or_is_out_again_is_refused(cast: Cast) -> None:
    run_id, (fresh, again) = out(cast, 2)
    fail(cast, failure(cast, again))
    hand_back(cast, run_id, [again])
    run_of(cast, [again], now=hours(20))
    before = everything(cast)
    with pytest.raises(errors.Conflict, match="there is nothing to advise"):
        advise(cast, fresh)
    with pytest.raises(errors.Conflict, match=f"{again} is Out for Delivery: it is too late for advice"):
        advise(cast, again, now=hours(21), on_date=MONDAY)
    assert everything(cast) == before


def test_another_shippers_parcel_takes_no_advice_from_here(cast: Cast) -> None:
    _run, cn = failed(cast)
    before = everything(cast)
    with pytest.raises(NotFound):
        advise(cast, cn, who="zara")
    for who in ("farah", "vahid", "dawood"):
        with pytest.raises(Forbidden):
            advise(cast, cn, who=who)
    assert everything(cast) == before
    zara = cast.actor("zara")
    with acting(zara):
        assert queries.advice_queue(zara) == []
        assert sum(queries.advice_tally(zara).values()) == 0


def test_both_desks_see_what_waits_and_finance_sees_no_phone(cast: Cast) -> None:
    _run, cn = failed(cast, "WCN")
    bilal, dawood, farah = cast.actor("bilal"), cast.actor("dawood"), cast.actor("farah")
    with acting(bilal):
        (mine,) = queries.advice_queue(bilal)
    assert (mine.reason, mine.n, mine.state, mine.shipper, mine.city) == ("WCN", 1, "open", "Zarqa Textiles", "Multan")
    advise(cast, cn, new_phone="0300-1112223")
    with acting(dawood):
        (row,) = queries.advice_queue(dawood)
        assert (row.state, row.new_phone, row.booked_cod_paisa) == ("submitted", "+923001112223", 150_000)
        tally = queries.advice_tally(dawood)
        assert {state.value: n for state, n in tally.items() if n} == {"submitted": 1}
    with acting(farah):
        (hidden,) = queries.advice_queue(farah)
    assert (hidden.new_phone, hidden.consignee_phone, hidden.address, hidden.cn) == (None, None, None, cn)


def test_the_day_the_shipper_asked_for_is_shown_when_the_parcel_goes_earlier(cast: Cast) -> None:
    _run, cn = failed(cast)
    advise(cast, cn, on_date=MONDAY, window="12-15")
    run_id = run_of(cast, [], now=hours(5), leave=False)
    dawood = cast.actor("dawood")
    with acting(dawood):
        (added,) = actions.add_to_run(dawood, run_id, scans([cn]), now=hours(5))
    assert (added.verdict, added.message) == ("moved", "The shipper asked for Mon 23 Nov 12-15.")
    assert added.status == "reattempt_requested", "it goes out when the run leaves"


def test_the_actions_run_at_the_time_they_are_told(cast: Cast) -> None:
    _run, cn = failed(cast)
    advise(cast, cn, now=hours(3))
    with acting(cast.actor("bilal")):
        row = Advice.objects.get(cn=cn)
        assert (row.opened_at, row.at) == (hours(2), hours(3))
        assert row.opened_at > NOW
