"""Dispatch's pure rules, over every combination there is."""

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icargos.consignments.rules import REASONS, Custody, Status, may_move
from icargos.dispatch.rules import advice, outcome, proof, scan
from icargos.dispatch.rules.advice import TARGET, ZONE, Action, AdviceOrder
from icargos.dispatch.rules.outcome import Fate, StopState
from icargos.kit.clock import clamp

PLACES = list(itertools.product(("KHI", "MUX", "LHE"), repeat=3))
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001  it adds the zone


@pytest.mark.parametrize("status", Status)
def test_a_scan_never_asks_for_a_move_that_the_table_forbids(status: Status) -> None:
    for custody, (here, origin, destination) in itertools.product(Custody, PLACES):
        where = {"here": here, "origin": origin, "destination": destination}
        decisions = [
            scan.arrival(status, custody, **where),
            scan.departure(status, **where),
            scan.loading(status, custody, **where),
        ]
        for decision in decisions:
            assert (decision.to is not None) + decision.again + bool(decision.refusal) == 1
            assert decision.to is None or may_move(status, decision.to)
        if decisions[2].to is not None:
            assert decisions[2].to is Status.OUT_FOR_DELIVERY
            assert here == destination


def test_a_refusal_names_what_it_is_about_and_nothing_else() -> None:
    words = {"cn": "C", "here": "H", "origin": "O", "destination": "D", "status": "S"}
    refusals = [text for name, text in vars(scan).items() if name.isupper() and isinstance(text, str)]
    assert len(refusals) > 10
    assert all("%" not in text % words for text in refusals)


@pytest.mark.parametrize(("booked", "scale", "differs"), [
    (500, 550, False), (500, 551, True), (2000, 2100, False), (2000, 2101, True), (2000, 100, False),
])  # fmt: skip
def test_the_weight_differs_above_fifty_grams_and_five_per_cent(booked: int, scale: int, differs: bool) -> None:
    assert scan.weight_differs(booked, scale) is differs


@given(MOMENTS)
def test_a_reattempt_may_be_asked_for_on_the_working_days_of_a_week(now: datetime) -> None:
    local = now.astimezone(ZONE)
    days = advice.allowed_dates(now)
    assert days == sorted(set(days))
    assert all(day.weekday() != 6 for day in days)
    assert 5 <= len(days) <= 6 + 1
    assert days[-1] - days[0] <= timedelta(days=6)
    assert days[0] > local.date()
    assert now < advice.cut_off(days[0])
    assert advice.next_cut_off(now) > now
    for day in days:
        assert not advice.is_fixed(Action.REATTEMPT, day, now)


def test_holidays_and_sundays_have_no_run() -> None:
    friday = datetime(2026, 11, 20, 6, tzinfo=UTC)
    assert advice.allowed_dates(friday)[0] == date(2026, 11, 21)
    assert advice.allowed_dates(friday, {date(2026, 11, 21)})[0] == date(2026, 11, 23)
    assert advice.allowed_dates(friday + timedelta(days=1))[0] == date(2026, 11, 23)
    monday = datetime(2026, 11, 23, 6, tzinfo=UTC)
    assert [day.day for day in advice.allowed_dates(monday)] == [24, 25, 26, 27, 28, 30]


@pytest.mark.parametrize("was", Status)
@pytest.mark.parametrize("action", Action)
def test_advice_takes_legal_ways_only(was: Status, action: Action) -> None:
    path = advice.route(was, TARGET[action])
    steps = [was, *(path or ())]
    assert all(may_move(a, b) for a, b in itertools.pairwise(steps))
    assert path is None or steps[-1] is TARGET[action]
    if was in TARGET.values():
        assert path is not None


@pytest.mark.parametrize("was", [Status.DELIVERED, Status.RETURN_IN_TRANSIT, Status.CANCELLED, Status.LOST])
def test_what_is_gone_takes_no_advice(was: Status) -> None:
    assert all(advice.route(was, target) is None for target in TARGET.values())


def test_the_reasons_that_ask_are_those_that_hold_or_return() -> None:
    assert {code for code, reason in REASONS.items() if advice.asks(reason)} == {
        "WCN", "ICA", "UL", "NSC", "SHF", "RFD", "PI", "ATO", "CDO", "NSA", "EBA", "DMG",
    }  # fmt: skip


def test_good_advice_has_no_problems() -> None:
    now = datetime(2026, 11, 20, 6, tzinfo=UTC)
    order = AdviceOrder(
        cn="IC473124829", action="reattempt", source_event_id="advice-01", on_date=date(2026, 11, 21), window="12-15",
        note="Ring twice", landmark="Blue gate",
    )  # fmt: skip
    assert advice.problems(order, "UL", now) == []


@given(
    device=st.datetimes(timezones=st.just(UTC)),
    sent=st.none() | st.datetimes(timezones=st.just(UTC)),
    out=MOMENTS,
    later=st.timedeltas(timedelta(0), timedelta(days=30)),
)
def test_what_a_phone_says_lies_between_leaving_and_receiving(
    device: datetime, sent: datetime | None, out: datetime, later: timedelta
) -> None:
    at, skew = clamp(device, dispatched_at=out, received_at=out + later, sent_at=sent)
    assert out <= at <= out + later
    assert abs(skew) < 2**31


def test_a_phone_that_is_right_is_believed() -> None:
    out = datetime(2026, 11, 20, 6, tzinfo=UTC)
    told, got = out + timedelta(hours=2), out + timedelta(hours=5)
    assert clamp(told, dispatched_at=out, received_at=got) == (told, 0)
    ahead = timedelta(hours=3)
    assert clamp(told + ahead, dispatched_at=out, received_at=got, sent_at=got + ahead) == (told, 3 * 3600)


@pytest.mark.parametrize("status", Status)
def test_a_delivery_applies_or_conflicts_and_is_never_only_history(status: Status) -> None:
    for stop, custody in itertools.product(StopState, Custody):
        fate = outcome.fate_of_delivery(stop, status, custody)
        assert fate is not Fate.KEEP
        if fate is Fate.APPLY:
            assert may_move(status, Status.DELIVERED)
        if fate is Fate.AGAIN:
            assert may_move(status, Status.OUT_FOR_DELIVERY)
        assert (fate is Fate.REPEATED) is (stop is StopState.DELIVERED)


@pytest.mark.parametrize("status", Status)
def test_a_failure_never_asks_for_an_illegal_move(status: Status) -> None:
    lands = {Fate.APPLY: Status.DELIVERY_UNSUCCESSFUL, Fate.AGAIN: Status.OUT_FOR_DELIVERY,
             Fate.AT_STATION: Status.SHIPPER_ADVICE_PENDING}  # fmt: skip
    sets = itertools.product(StopState, Custody, (None, *StopState), (False, True), (False, True))
    for stop, custody, before, newer, moved_on in sets:
        fate = outcome.fate_of_failure(stop, status, custody, outcome=before, newer=newer, moved_on=moved_on)
        assert fate not in lands or may_move(status, lands[fate])


@pytest.mark.parametrize("code", REASONS)
def test_a_photo_of_the_door_is_proof_of_every_failure(code: str) -> None:
    assert proof.missing_for_failure(REASONS[code], photos=1, calls=0, placed=False, scanned=False) == []
    bare = proof.missing_for_failure(REASONS[code], photos=0, calls=0, placed=True, scanned=False)
    assert bool(bare) is bool(REASONS[code].proof)
