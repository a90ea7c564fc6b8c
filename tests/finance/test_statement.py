"""A shipper's account over a period: docs/subsystems/ledger.md."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from icargos.booking import actions as booking
from icargos.booking.actions import Booked
from icargos.booking.rules.order import Order
from icargos.consignments import actions as consignments
from icargos.consignments.actions import Entered, Move
from icargos.consignments.rules import Status
from icargos.finance import actions, queries
from icargos.finance.queries import Statement, StatementLine
from icargos.finance.rules import Period, month_of
from icargos.ground.tenancy import acting
from icargos.kit.errors import Forbidden
from icargos.main.jobs import sum_tallies
from icargos.places import queries as places
from tests.cast import NOW, Cast
from tests.finance.test_ledger import COURIER, WAY, books, deliver, pending
from tests.parcels import city

OCTOBER, NOVEMBER, DECEMBER = (month_of(date(2026, month, 1)) for month in (10, 11, 12))
LAST_OF_OCTOBER = datetime(2026, 10, 31, 18, 59, 59, tzinfo=UTC)  # a second before midnight in Karachi
FIRST_OF_NOVEMBER = LAST_OF_OCTOBER + timedelta(seconds=1)


def booked(
    cast: Cast, count: int = 1, *, who: str = "bilal", cod_paisa: int = 150_000, ref: str = "ZT"
) -> list[Booked]:
    """Parcels with their charges, from the shipper's own place to Multan."""
    actor = cast.actor(who)
    with acting(actor):
        profile = places.profiles(actor)[0].id
        orders = [
            Order(
                service="overnight", profile_id=profile, destination_city_id=city("Multan"),
                consignee_name="Sana Malik", consignee_phone="+923331234567", address="House 12, Gulgasht Colony",
                pieces=1, weight_g=500, cod_paisa=cod_paisa, product="Suit", order_ref=f"{ref}-{n}",
            )
            for n in range(count)
        ]  # fmt: skip
        return booking.book(actor, orders, source="form", now=NOW - timedelta(days=40))


def entered(parcels: Sequence[Booked]) -> list[Entered]:
    """The same as the ledger's scenes take them."""
    return [Entered(one.id, one.cn) for one in parcels]


def moved(cn: str, *, now: datetime, to: Sequence[Status] = WAY) -> None:
    """The parcel at its end, without any cash."""
    with acting(COURIER):
        for step, status in enumerate(to):
            move = Move(cn=cn, to=status, source="scan", source_event_id=f"{cn}:m{step}", occurred_at=now)
            consignments.move(COURIER, [move], now=now)


def returned(cast: Cast, cn: str, *, now: datetime) -> None:
    """The parcel back at its shipper's, by an administrator's word."""
    adeel = cast.actor("adeel")
    back = Move(
        cn=cn, to=Status.RETURNED_TO_SHIPPER, source="admin", source_event_id=f"back-{cn}", occurred_at=now
    )  # fmt: skip
    with acting(adeel):
        consignments.correct(adeel, back, why="Refused at the door", now=now)


def read(cast: Cast, period: Period, who: str = "farah") -> Statement:
    """The statement, whose balances are those that the page reads on their own."""
    actor = cast.actor(who)
    with acting(actor):
        found = queries.statement(actor, period)
        assert queries.balances(actor, period) == found.balances
    closing = found.balances.opening_paisa + sum(line.cod_paisa for line in found.lines)
    assert closing == found.balances.closing_paisa, "the lines are what lies between the balances"
    return found


def only(found: Statement) -> StatementLine:
    """The one line."""
    (line,) = found.lines
    return line


def test_a_period_closes_with_what_the_next_one_opens_with_and_the_last_with_pending_cod(cast: Cast) -> None:
    first, second, third = booked(cast, 3)
    deliver(cast, entered([first]), now=LAST_OF_OCTOBER)
    deliver(cast, entered([second]), now=FIRST_OF_NOVEMBER)
    deliver(cast, entered([third]), now=NOW)
    october, november, december = (read(cast, month) for month in (OCTOBER, NOVEMBER, DECEMBER))
    assert [line.cn for line in october.lines] == [first.cn]
    assert [line.cn for line in november.lines] == [second.cn, third.cn]
    assert (october.balances.opening_paisa, october.balances.closing_paisa) == (0, 150_000)
    assert november.balances.opening_paisa == october.balances.closing_paisa
    assert november.balances.closing_paisa == pending(cast).total_paisa == 450_000
    assert (december.balances.opening_paisa, december.balances.closing_paisa) == (450_000, 450_000)
    assert december.lines == []


def test_it_reads_the_same_after_the_balances_were_summed_up(cast: Cast) -> None:
    deliver(cast, entered(booked(cast, 2)), now=NOW)
    before = read(cast, NOVEMBER)
    sum_tallies(0)
    assert read(cast, NOVEMBER) == before


def test_a_line_says_what_the_parcel_costs_and_leaves_as_its_booking_said(cast: Cast) -> None:
    (one,) = booked(cast)
    deliver(cast, entered([one]), now=NOW)
    line = only(read(cast, NOVEMBER))
    assert (line.cn, line.order_ref, line.outcome, line.destination) == (one.cn, "ZT-0", "delivered", "Multan")
    assert (line.at, line.ended_at, line.booked_at) == (NOW, NOW, NOW - timedelta(days=40))
    assert line.charges_paisa + line.tax_paisa == one.charges_paisa
    assert line.tax_paisa > 0
    assert line.net_paisa == one.payable_paisa


def test_what_was_taken_back_stands_in_the_period_of_the_correction(cast: Cast) -> None:
    (one,) = booked(cast)
    deliver(cast, entered([one]), now=LAST_OF_OCTOBER)
    with acting(COURIER):
        actions.take_back(COURIER, key=one.cn, now=NOW)
    october, november = read(cast, OCTOBER), read(cast, NOVEMBER)
    assert only(october).cod_paisa == 150_000
    assert only(november).cod_paisa == -150_000
    assert only(november).charges_paisa == 0, "charged once, where it was delivered"
    assert (november.balances.collected_paisa, november.balances.taken_back_paisa) == (0, 150_000)
    assert november.balances.closing_paisa == pending(cast).total_paisa == 0


def test_collected_and_taken_back_in_one_period_is_one_line_of_nothing(cast: Cast) -> None:
    (one,) = booked(cast)
    deliver(cast, entered([one]), now=NOW)
    with acting(COURIER):
        actions.take_back(COURIER, key=one.cn, now=NOW)
    found = read(cast, NOVEMBER)
    assert only(found).cod_paisa == 0
    assert (found.balances.collected_paisa, found.balances.taken_back_paisa) == (150_000, 150_000)


def test_prepaid_and_returned_parcels_are_charged_where_they_ended_and_move_no_balance(cast: Cast) -> None:
    (prepaid,) = booked(cast, cod_paisa=0, ref="P")
    (back,) = booked(cast, ref="R")
    moved(prepaid.cn, now=LAST_OF_OCTOBER)
    moved(back.cn, now=NOW, to=WAY[:3])
    returned(cast, back.cn, now=NOW)
    october, november = only(read(cast, OCTOBER)), only(read(cast, NOVEMBER))
    assert (october.cn, october.outcome, october.cod_paisa) == (prepaid.cn, "delivered", 0)
    assert october.net_paisa == -prepaid.charges_paisa == prepaid.payable_paisa
    assert (november.cn, november.outcome, november.cod_paisa, november.tax_paisa) == (back.cn, "returned", 0, 0)
    assert november.charges_paisa > prepaid.charges_paisa, "there and back"
    with acting(COURIER), connection.cursor() as cursor:
        cursor.execute(
            "SELECT (receipt ->> 'return_payable_paisa')::bigint FROM finance_charge WHERE consignment_id = %s",
            [back.id],
        )
        assert cursor.fetchone() == (november.net_paisa,)


def test_a_delivery_that_turned_into_a_return_is_charged_once_as_what_it_became(cast: Cast) -> None:
    (one,) = booked(cast)
    deliver(cast, entered([one]), now=LAST_OF_OCTOBER)
    with acting(COURIER):
        actions.take_back(COURIER, key=one.cn, now=NOW)
    returned(cast, one.cn, now=NOW)
    assert only(read(cast, OCTOBER)).net_paisa == 150_000
    november = only(read(cast, NOVEMBER))
    assert november.charges_paisa > 0
    assert november.net_paisa == -150_000 - november.charges_paisa


def test_a_parcel_on_its_way_is_on_no_statement(cast: Cast) -> None:
    (one,) = booked(cast)
    moved(one.cn, now=NOW, to=WAY[:3])
    assert read(cast, NOVEMBER).lines == []


def test_a_cash_close_moves_nothing_on_the_shippers_account(cast: Cast) -> None:
    deliver(cast, entered(booked(cast)), now=NOW)
    before = read(cast, NOVEMBER)
    with acting(COURIER):
        actions.close_cash(
            COURIER, run_id=1, rider_id=77, station_id=5, cash_paisa=150_000, digital_paisa=0, approved_by=None, now=NOW
        )
    assert read(cast, NOVEMBER) == before
    assert books() == []


def test_a_shipper_reads_its_own_account_only(cast: Cast) -> None:
    theirs = booked(cast, 2, who="zara")
    deliver(cast, entered(theirs), now=NOW)
    assert read(cast, NOVEMBER).lines == []
    assert {line.cn for line in read(cast, NOVEMBER, "zara").lines} == {one.cn for one in theirs}


def test_names_are_for_those_who_may_see_the_consignee(cast: Cast) -> None:
    deliver(cast, entered(booked(cast)), now=NOW)
    assert only(read(cast, NOVEMBER, "bilal")).consignee == "Sana Malik"
    assert only(read(cast, NOVEMBER, "farah")).consignee is None


@pytest.mark.parametrize("who", ["vahid"])
def test_who_may_not_see_charges_gets_none(cast: Cast, who: str) -> None:
    actor = cast.actor(who)
    for ask in (queries.statement, queries.balances):
        with pytest.raises(Forbidden), acting(actor):
            ask(actor, NOVEMBER)


def test_months_are_whole_also_over_the_end_of_a_year() -> None:
    assert month_of(date(2026, 12, 31)) == Period(date(2026, 12, 1), date(2026, 12, 31))
    assert month_of(date(2028, 2, 5)) == Period(date(2028, 2, 1), date(2028, 2, 29))
    assert [month.days for month in (OCTOBER, NOVEMBER)] == [31, 30]
