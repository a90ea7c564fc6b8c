"""The ledger: what is collected stands once as cash and once as a debt, however often it is told."""

import random
import threading
from datetime import date, datetime, timedelta

import msgspec
import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.utils import DatabaseError

from icargos.consignments import actions as consignments
from icargos.consignments.actions import Entered, Move
from icargos.consignments.rules import COD_MOVES, CodState, Status
from icargos.finance import actions, queries
from icargos.finance.actions import CloseRefused, Collected, Handed, PostingRefused
from icargos.finance.rules import Age, age
from icargos.ground.tenancy import acting
from icargos.kit.actor import Actor, Kind, Stamp
from icargos.kit.errors import Conflict, NotFound
from icargos.main.jobs import sum_tallies
from tests.cast import NOW, Cast
from tests.parcels import enter

COURIER = Actor(Kind.STAFF, user_id=None, name="Desk", can=frozenset({"scan", "approve", "deliver"}))
WAY = (Status.PICKED_UP, Status.RECEIVED_AT_OFFICE, Status.OUT_FOR_DELIVERY, Status.DELIVERED)
RIDER, STATION = 77, 5


def deliver(cast: Cast, parcels: list[Entered], *, rider: int = RIDER, run: int = 1, now: datetime = NOW) -> None:
    """Bring parcels of any shipper to their door and post what was collected."""
    with acting(COURIER):
        for step, status in enumerate(WAY):
            moves = [
                Move(cn=p.cn, to=status, source="scan", source_event_id=f"{p.cn}:{step}", occurred_at=now)
                for p in parcels
            ]
            consignments.move(COURIER, moves, now=now)
        collect(parcels, rider=rider, run=run, now=now)


def collect(
    parcels: list[Entered], *, rider: int = RIDER, run: int = 1, cod: int = 150_000, now: datetime = NOW
) -> None:
    """Post the COD of delivered parcels; inside ``acting``."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, shipper_id FROM consignments_consignment WHERE id = ANY(%s)", [[p.id for p in parcels]]
        )
        of = dict(cursor.fetchall())
    rows = [
        Collected(
            consignment_id=p.id, shipper_id=of[p.id], rider_id=rider, cod_paisa=cod, method="cash", key=p.cn, run_id=run
        )
        for p in parcels
    ]
    actions.collect(COURIER, rows, now=now)


def close(
    *, run: int = 1, cash: int, rider: int = RIDER, digital: int = 0, approved: int | None = None
) -> actions.Closed:
    """Close a run's cash; inside ``acting``."""
    return actions.close_cash(
        COURIER,
        run_id=run,
        rider_id=rider,
        station_id=STATION,
        cash_paisa=cash,
        digital_paisa=digital,
        approved_by=approved,
        now=NOW,
    )


def pending(cast: Cast, who: str = "farah") -> queries.Pending:
    """What the courier owes the person's shipper."""
    actor = cast.actor(who)
    with acting(actor):
        return queries.pending_cod(actor, today=NOW.date())


def books() -> list[str]:
    """What does not add up."""
    with acting(COURIER):
        return queries.check_books(COURIER)


def test_a_delivery_grows_pending_cod_by_exactly_the_amount(cast: Cast) -> None:
    parcels = enter(cast, 3)
    actor = cast.actor("farah")
    with acting(actor):
        assert queries.cod_in_process(actor) == 450_000
    deliver(cast, parcels[:2])
    assert (pending(cast).total_paisa, pending(cast).parcels) == (300_000, 2)
    assert pending(cast).ages[Age.WEEK] == 300_000
    with acting(actor):
        assert queries.cod_in_process(actor) == 150_000
        assert {one.cn for one in queries.unpaid(actor)} == {p.cn for p in parcels[:2]}
    assert books() == []


def test_a_replayed_collection_posts_nothing(cast: Cast) -> None:
    parcels = enter(cast, 1)
    deliver(cast, parcels)
    with acting(COURIER):
        collect(parcels)
    assert pending(cast).total_paisa == 150_000
    assert books() == []


def test_a_key_with_another_amount_is_refused_and_changes_nothing(cast: Cast) -> None:
    parcels = enter(cast, 1)
    deliver(cast, parcels)
    with pytest.raises(PostingRefused), acting(COURIER):
        collect(parcels, cod=140_000)
    assert pending(cast).total_paisa == 150_000
    assert books() == []


def test_cod_is_deposited_only_at_the_cash_close(cast: Cast) -> None:
    parcels = enter(cast, 2)
    deliver(cast, parcels)
    with acting(COURIER):
        assert queries.expected_of(COURIER, RIDER) == 300_000
        closed = close(cash=250_000, digital=50_000)
        assert (closed.expected_paisa, closed.over_paisa, closed.parcels) == (300_000, 0, 2)
        assert queries.expected_of(COURIER, RIDER) == 0
        again = close(cash=1)
        assert again.cash_paisa == 250_000, "the same run again is the first close"
    actor = cast.actor("farah")
    with acting(actor):
        assert {one.cod_state for one in queries.unpaid(actor)} == {"deposited"}
    assert pending(cast).total_paisa == 300_000
    assert books() == []


@pytest.mark.parametrize(("cash", "over"), [(140_000, -10_000), (170_000, 20_000)])
def test_a_difference_needs_approval_and_stands_apart(cast: Cast, cash: int, over: int) -> None:
    deliver(cast, enter(cast, 1))
    with pytest.raises(CloseRefused, match="short" if over < 0 else "over"), acting(COURIER):
        close(cash=cash)
    assert books() == []
    with acting(COURIER):
        assert close(cash=cash, approved=1).over_paisa == over
        account = f"cash_short:{RIDER}" if over < 0 else "cash_over"
        with connection.cursor() as cursor:
            cursor.execute("SELECT sum(paisa)::bigint FROM finance_balance WHERE account = %s", [account])
            assert cursor.fetchone() == (abs(over),)
    assert books() == []


def test_a_late_collection_is_in_the_next_close(cast: Cast) -> None:
    deliver(cast, enter(cast, 1))
    with acting(COURIER):
        close(cash=150_000)
    deliver(cast, enter(cast, 1))
    with acting(COURIER):
        assert close(run=2, cash=150_000).expected_paisa == 150_000
    assert books() == []


def test_a_collection_is_taken_back_by_its_mirror_image(cast: Cast) -> None:
    parcels = enter(cast, 1)
    deliver(cast, parcels)
    with acting(COURIER):
        actions.take_back(COURIER, key=parcels[0].cn, now=NOW)
    assert (pending(cast).total_paisa, pending(cast).parcels) == (0, 0)
    with pytest.raises(NotFound), acting(COURIER):
        actions.take_back(COURIER, key="nothing", now=NOW)
    with pytest.raises(Conflict), acting(COURIER):
        actions.take_back(COURIER, key=parcels[0].cn, now=NOW)


def test_the_cash_of_a_past_is_posted_with_its_own_people_and_days_once(cast: Cast) -> None:
    one, two = enter(cast, 2)
    with acting(COURIER):
        moves = [
            Move(cn=p.cn, to=status, source="scan", source_event_id=f"{p.cn}:{step}", occurred_at=NOW)
            for step, status in enumerate(WAY)
            for p in (one, two)
        ]
        consignments.move(COURIER, moves, now=NOW)
    earlier, later = Stamp(cast.actor("imran"), NOW - timedelta(days=3)), Stamp(cast.actor("dawood"), NOW)
    took = [
        (
            Collected(
                consignment_id=p.id,
                shipper_id=cast.shipper_a,
                rider_id=RIDER,
                cod_paisa=150_000,
                method="cash",
                key=p.cn,
                run_id=1,
            ),
            earlier,
        )
        for p in (one, two)
    ]
    handed = Handed(run_id=1, rider_id=RIDER, station_id=STATION, cash_paisa=290_000, digital_paisa=0, approved_by=None)
    with acting(COURIER):
        with pytest.raises(CloseRefused), acting(COURIER):
            actions.record_past(COURIER, [*took, (handed, later)], now=NOW)
        assert pending(cast).total_paisa == 0
        approved = msgspec.structs.replace(handed, approved_by=cast.people["adeel"])
        actions.record_past(COURIER, [*took, (approved, later)], now=NOW)
        assert pending(cast).ages[Age.WEEK] == 300_000
        with connection.cursor() as cursor:
            cursor.execute("SELECT cause, since, actor_id, count(*) FROM finance_transfer GROUP BY 1, 2, 3 ORDER BY 2")
            posted = cursor.fetchall()
        assert posted == [
            ("collect", date(2026, 11, 17), cast.people["imran"], 2),
            ("deposit", date(2026, 11, 17), cast.people["dawood"], 2),
            ("deposit", date(2026, 11, 20), cast.people["dawood"], 1),
        ]
        assert books() == []
        with pytest.raises(PostingRefused), acting(COURIER):
            actions.record_past(COURIER, took, now=NOW)
        assert pending(cast).total_paisa == 300_000


def test_nobody_changes_or_deletes_a_transfer(cast: Cast, owner_url: str) -> None:
    deliver(cast, enter(cast, 1))
    for statement in ("UPDATE finance_transfer SET amount_paisa = 1", "DELETE FROM finance_transfer"):
        with pytest.raises(ProgrammingError), acting(COURIER), connection.cursor() as cursor:
            cursor.execute(statement)
        with psycopg.connect(owner_url) as owner, pytest.raises(psycopg.errors.RestrictViolation):
            owner.execute(statement)
    assert pending(cast).total_paisa == 150_000


def test_a_shipper_reads_its_own_ledger_only_and_writes_nothing(cast: Cast) -> None:
    deliver(cast, [*enter(cast, 1), *enter(cast, 2, whose="B")])
    for who, paisa in (("farah", 150_000), ("zara", 300_000)):
        actor = cast.actor(who)
        with acting(actor), connection.cursor() as cursor:
            cursor.execute("SELECT sum(amount_paisa)::bigint FROM finance_transfer")
            assert cursor.fetchone() == (paisa,)
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute(
                    "INSERT INTO finance_transfer (cause, key, seq, debit, credit, amount_paisa, since, at, shipper_id)"
                    " VALUES ('collect', 'x', 0, 'bank', 'payable:1', 1, now(), now(), %s)",
                    [actor.tenant],
                )
        assert pending(cast, who).total_paisa == paisa


def test_the_same_delivery_told_by_two_at_once_is_posted_once(cast: Cast) -> None:
    parcels = enter(cast, 1)
    with acting(COURIER):
        for step, status in enumerate(WAY):
            one = Move(cn=parcels[0].cn, to=status, source="scan", source_event_id=f"s{step}", occurred_at=NOW)
            consignments.move(COURIER, [one], now=NOW)
    together = threading.Barrier(4, timeout=20)

    def tell() -> None:
        try:
            with acting(COURIER):
                together.wait()
                collect(parcels)
        finally:
            connection.close()

    people = [threading.Thread(target=tell) for _ in range(4)]
    for one_of in people:
        one_of.start()
    for one_of in people:
        one_of.join(timeout=30)
    assert pending(cast).total_paisa == 150_000
    assert books() == []


@pytest.mark.parametrize("seed", range(4))
def test_the_books_hold_after_any_history(cast: Cast, seed: int) -> None:
    dice = random.Random(seed)
    open_runs: dict[int, int] = {}
    run = 0
    for step in range(14):
        now = NOW + timedelta(days=step)
        whose = dice.choice("AB")
        parcels = enter(cast, dice.randint(1, 4), whose=whose, now=now)
        if dice.random() < 0.8:
            run += 1
            rider = dice.randint(1, 3)
            deliver(cast, parcels[: dice.randint(1, len(parcels))], rider=rider, run=run, now=now)
            open_runs[run] = rider
        if open_runs and dice.random() < 0.5:
            number, rider = open_runs.popitem()
            with acting(COURIER):
                due = queries.expected_of(COURIER, rider)
                paid = max(0, due + dice.choice((0, 0, -5000, 7000)))
                close(run=number, rider=rider, cash=paid, approved=1)
        if dice.random() < 0.3:
            sum_tallies(0)
        assert books() == []


def test_wrong_books_are_found(cast: Cast, owner_url: str) -> None:
    """The check could pass by looking at nothing: each planted fault must be named."""
    parcels = enter(cast, 2)
    deliver(cast, parcels[:1])
    faults = {
        "UPDATE finance_balance SET paisa = paisa + 1": "balance is not the sum",
        "UPDATE consignments_consignment SET cod_paisa = cod_paisa + 100": "not what the courier owes",
        "UPDATE consignments_tally SET n = n + 1": "number of parcels",
        "UPDATE consignments_tally SET cod_paisa = cod_paisa + 1": "COD in process",
    }
    for statement, named in faults.items():
        with psycopg.connect(owner_url) as owner:
            owner.execute(statement)
            owner.commit()
        assert any(named in line for line in books()), statement


def test_the_databases_cod_table_is_the_one_in_code(owner_url: str) -> None:
    with psycopg.connect(owner_url) as owner:
        row = owner.execute("SELECT prosrc FROM pg_proc WHERE proname = 'consignments_guard_cod'").fetchone()
    assert row is not None
    for was in CodState:
        for becomes in CodState:
            assert (f"{was.value}>{becomes.value} " in row[0].replace("'", " ")) is (becomes in COD_MOVES[was])


def test_ages_of_a_debt() -> None:
    today = date(2026, 11, 23)
    days = {0: Age.WEEK, 7: Age.WEEK, 8: Age.FORTNIGHT, 14: Age.FORTNIGHT, 15: Age.MONTH, 30: Age.MONTH, 31: Age.OLDER}
    for back, group in days.items():
        assert age(today - timedelta(days=back), today) is group
