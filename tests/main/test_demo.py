"""The demo courier: every parcel's history is legal, the books agree, every page has work, and time passes in it."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from icargos.consignments.rules import CUSTODY, MOVES, Custody, Status
from icargos.finance.rules import IN_PROCESS
from icargos.main.demo.simulate import MOST_A_DAY
from tests.conftest import ROOT
from tests.main.conftest import command

PARCELS = 500
HOLDS = "The books hold: ledger, balances, counters and parcels say the same."
Owner = psycopg.Connection[tuple[Any, ...]]


@pytest.fixture
def owner(bare: dict[str, str]) -> Iterator[Owner]:
    """The demo world of a small courier, looked at past every fence."""
    made = command(bare, "demo", "--days", "16", "--parcels", str(PARCELS))
    assert made.returncode == 0, made.stderr
    assert "parcels booked" in made.stderr
    with psycopg.connect(bare["DATABASE_OWNER_URL"], autocommit=True) as connection:
        yield connection


def rows(owner: Owner, statement: str, *values: object) -> list[tuple[Any, ...]]:
    return owner.execute(statement, list(values)).fetchall()


def value(owner: Owner, statement: str) -> Any:
    ((found,),) = rows(owner, statement)
    return found


def test_the_demo_world_is_whole_and_lives_on(bare: dict[str, str], owner: Owner) -> None:
    every_history_is_legal(owner)
    what_is_kept_of_visits_agrees(owner)
    ledger_dashboard_and_parcels_agree(bare, owner)
    every_page_has_work(owner)
    it_is_believable(owner)
    a_second_time_changes_nothing(bare, owner)
    time_passes_steadily_up_to_a_days_most(bare, owner)
    time_passes_fast(bare, owner)
    a_fault_is_found(bare, owner)


def every_history_is_legal(owner: Owner) -> None:
    """Cases 1 to 3: the moves replayed by the table in code, from the booking to where the parcel stands."""
    assert value(owner, "SELECT count(*) FROM consignments_consignment") == PARCELS
    standing = {
        row: (status, custody, attempts)
        for row, status, custody, attempts in rows(
            owner, "SELECT id, status, custody, attempts FROM consignments_consignment"
        )
    }
    replayed: dict[int, Status] = {}
    last: dict[int, Any] = {}
    events = rows(
        owner, "SELECT consignment_id, code, moved, occurred_at, received_at FROM consignments_event ORDER BY id"
    )
    for parcel, code, moved, occurred_at, received_at in events:
        assert occurred_at <= received_at
        assert last.get(parcel, received_at) <= received_at, "an event before the one it follows"
        last[parcel] = received_at
        if not moved:
            continue
        becomes = Status(code)
        if parcel in replayed:
            assert becomes in MOVES[replayed[parcel]], (parcel, replayed[parcel], becomes)
        else:
            assert becomes is Status.NEW_BOOKED
        replayed[parcel] = becomes
    assert {parcel: status.value for parcel, status in replayed.items()} == {
        p: s for p, (s, *_rest) in standing.items()
    }
    assert value(owner, "SELECT count(*) FROM consignments_correction") == 0
    for status, custody, _attempts in standing.values():
        at_station = status == Status.DELIVERY_UNSUCCESSFUL and custody == Custody.DESTINATION
        assert custody == CUSTODY[Status(status)] or at_station or custody == Custody.RIDER
    told = dict(rows(owner, "SELECT kind, count(*) FROM ground_fact GROUP BY 1"))
    moves = sum(1 for _p, _c, moved, *_rest in events if moved) - PARCELS
    assert (told["consignment.booked"], told["consignment.moved"]) == (PARCELS, moves)
    assert value(owner, "SELECT count(*) FROM ground_outbox") == 0


def what_is_kept_of_visits_agrees(owner: Owner) -> None:
    """Case 4: proofs, attempts, stops, questions and runs beside the parcels' statuses and their history."""
    for told in (
        "SELECT cn FROM consignments_consignment c WHERE status = 'delivered'"
        " AND NOT EXISTS (SELECT 1 FROM dispatch_proof p WHERE p.consignment_id = c.id AND p.cod_expected_paisa ="
        " c.cod_paisa AND p.cod_collected_paisa = c.cod_paisa)",
        "SELECT p.cn FROM dispatch_proof p JOIN consignments_consignment c ON c.id = p.consignment_id"
        " WHERE c.status <> 'delivered'",
        "SELECT c.cn FROM consignments_consignment c LEFT JOIN dispatch_attempt a ON a.consignment_id = c.id"
        " GROUP BY c.id HAVING c.attempts <> count(*) FILTER (WHERE a.counted)",
        "SELECT s.cn FROM dispatch_stop s LEFT JOIN dispatch_report r ON r.stop_id = s.id"
        " WHERE (s.state = 'delivered' OR s.outcome = 'failed') AND r.id IS NULL",
        "SELECT a.cn FROM dispatch_attempt a LEFT JOIN dispatch_advice d ON d.attempt_id = a.id WHERE d.id IS NULL",
        "SELECT r.number FROM dispatch_run r JOIN dispatch_stop s ON s.run_id = r.id WHERE r.state = 'closed'"
        " AND s.state NOT IN ('delivered', 'handed_back')",
        "SELECT r.number FROM dispatch_run r WHERE r.state = 'closed'"
        " AND NOT EXISTS (SELECT 1 FROM finance_cashclose c WHERE c.run_id = r.id)",
        "SELECT c.cn FROM consignments_consignment c LEFT JOIN finance_charge h ON h.consignment_id = c.id"
        " WHERE h.id IS NULL OR (h.receipt ->> 'charges_paisa')::bigint <> h.charges_paisa",
    ):
        assert rows(owner, told) == [], told


def ledger_dashboard_and_parcels_agree(bare: dict[str, str], owner: Owner) -> None:
    """Case 5: what the dashboard counts, what the ledger owes, and what the parcels say."""
    checked = command(bare, "check-books")
    assert (checked.returncode, checked.stdout.strip()) == (0, HOLDS)
    process = [status.value for status in IN_PROCESS]
    parcels = rows(
        owner,
        "SELECT shipper_id, count(*), sum(cod_paisa) FILTER (WHERE status = ANY(%s)),"
        " sum(cod_paisa) FILTER (WHERE status = 'delivered') FROM consignments_consignment GROUP BY 1 ORDER BY 1",
        process,
    )
    counted = rows(
        owner,
        "SELECT shipper_id, sum(n), sum(cod_paisa) FILTER (WHERE status = ANY(%s)),"
        " sum(cod_paisa) FILTER (WHERE status = 'delivered') FROM consignments_tally GROUP BY 1 ORDER BY 1",
        process,
    )
    assert counted == parcels
    owed = dict(rows(owner, "SELECT shipper_id, sum(paisa) FROM finance_balance WHERE account ~ '^payable' GROUP BY 1"))
    assert owed == {shipper: cod for shipper, _n, _process, cod in parcels if cod}


def every_page_has_work(owner: Owner) -> None:
    """Case 6: parcels to scan and on the road, runs out and loaded, questions, a conflict, sheets in every state."""
    standing = dict(rows(owner, "SELECT status, count(*) FROM consignments_consignment GROUP BY 1"))
    assert {"new_booked", "in_transit", "out_for_delivery", "delivered", "returned_to_shipper"} <= standing.keys()
    runs = dict(rows(owner, "SELECT state, count(*) FROM dispatch_run GROUP BY 1"))
    assert runs["dispatched"] > 3
    assert runs["closed"] > 50
    stops = rows(
        owner,
        "SELECT s.state, count(*) FROM dispatch_stop s JOIN dispatch_run r ON r.id = s.run_id"
        " WHERE r.state = 'dispatched' GROUP BY 1",
    )
    assert {"pending", "delivered"} <= dict(stops).keys()
    assert value(owner, "SELECT count(*) FROM dispatch_advice WHERE state = 'open'") > 0
    assert value(owner, "SELECT count(*) FROM dispatch_conflict WHERE state = 'open'") == 1
    assert value(owner, "SELECT count(*) FROM dispatch_manifest WHERE state = 'departed'") > 0
    moving = rows(
        owner,
        "SELECT DISTINCT c.status FROM dispatch_manifestitem i JOIN consignments_consignment c"
        " ON c.id = i.consignment_id WHERE i.state = 'listed'",
    )
    assert moving == [("in_transit",)]
    imports = [state for (state,) in rows(owner, "SELECT DISTINCT state FROM booking_import ORDER BY 1")]
    assert imports == ["booked", "checked", "refused"]


def it_is_believable(owner: Owner) -> None:
    """Case 7: three kinds of shippers, no work on Sundays, COD and success as a courier knows them; few pictures."""
    shares = rows(
        owner,
        "SELECT s.name, avg((cod_paisa > 0)::int), max(pieces) FROM consignments_consignment c"
        " JOIN accounts_shipper s ON s.id = c.shipper_id GROUP BY 1 ORDER BY 1",
    )
    assert [name for name, *_rest in shares] == ["Barq Electronics", "Noor Traders", "Zarqa Textiles"]
    cod, most = {name: share for name, share, _n in shares}, {name: n for name, _share, n in shares}
    assert cod["Noor Traders"] == 0 < cod["Barq Electronics"] < cod["Zarqa Textiles"]
    assert most["Noor Traders"] > 9 > most["Zarqa Textiles"] == 1
    local = "booked_at AT TIME ZONE 'Asia/Karachi'"
    sundays = f"SELECT count(*) FROM consignments_consignment WHERE extract(isodow FROM {local}) = 7"
    assert value(owner, f"{sundays} AND booked_at < now() - interval '1 day'") == 0
    over = "SELECT avg((status = 'delivered')::int) FROM consignments_consignment"
    settled = f"{over} WHERE status IN ('delivered', 'returned_to_shipper') AND booked_at < now() - interval '9 days'"
    assert 0.7 < value(owner, settled) < 0.95
    assert value(owner, "SELECT count(DISTINCT signature_key) FROM dispatch_proof") < 20
    assert value(owner, "SELECT count(*) FROM pg_stat_user_tables WHERE last_analyze IS NOT NULL") > 20


def a_second_time_changes_nothing(bare: dict[str, str], owner: Owner) -> None:
    """Case 8: the sign-ins are told again, and nothing is made twice."""
    kept = json.loads((Path(bare["ICARGOS_HOME"]) / "demo-signins.json").read_text())
    assert {one["role"].partition(",")[0] for one in kept} == {
        "owner", "operations", "finance", "admin", "dispatch", "rider",
    }  # fmt: skip
    before = value(owner, "SELECT max(id) FROM ground_fact")
    again = command(bare, "demo")
    assert again.returncode == 0
    assert all(one["password"] in again.stdout for one in kept)
    assert value(owner, "SELECT max(id) FROM ground_fact") == before


def time_passes_steadily_up_to_a_days_most(bare: dict[str, str], owner: Owner) -> None:
    """Cases 9 and 10: one thing at a time, until it is told to stop; no more bookings than a day's most."""
    before = value(owner, "SELECT max(id) FROM ground_fact")
    lived = _steadily(bare, owner, f"SELECT count(DISTINCT kind) > 4 FROM ground_fact WHERE id > {before}")
    assert lived == -signal.SIGTERM
    kinds = dict(rows(owner, "SELECT kind, max(at) FROM ground_fact WHERE id > %s GROUP BY 1", before))
    assert "consignment.moved" in kinds

    owner.execute(
        "INSERT INTO consignments_tally (shipper_id, day, destination_id, status, n, cod_paisa) SELECT min(id),"
        f" (now() AT TIME ZONE 'Asia/Karachi')::date, 1, 'new_booked', {MOST_A_DAY}, 0 FROM accounts_shipper"
    )
    before = value(owner, "SELECT max(id) FROM ground_fact")
    _steadily(bare, owner, f"SELECT count(*) > 25 FROM ground_fact WHERE id > {before}")
    assert rows(owner, "SELECT 1 FROM ground_fact WHERE kind = 'consignment.booked' AND id > %s", before) == []
    owner.execute(f"DELETE FROM consignments_tally WHERE n = {MOST_A_DAY}")


def _steadily(bare: dict[str, str], owner: Owner, until: str) -> int:
    """Let time pass until the statement is true; how the process ended."""
    environment = {name: text for name, text in bare.items() if name != "DATABASE_OWNER_URL"}
    words = [sys.executable, "-m", "icargos", "simulate", "--steady", "0.05"]
    with subprocess.Popen(words, env=environment, cwd=ROOT, stderr=subprocess.PIPE, text=True) as life:
        deadline = time.monotonic() + 120
        while not value(owner, until):
            assert life.poll() is None, life.stderr.read() if life.stderr else ""
            assert time.monotonic() < deadline, "nothing happened"
            time.sleep(0.1)
        life.terminate()
        return life.wait(timeout=20)


def time_passes_fast(bare: dict[str, str], owner: Owner) -> None:
    """Case 11: bookings at a rate, and all that follows from them; the books hold."""
    before = value(owner, "SELECT count(*) FROM consignments_consignment")
    lived = command(bare, "simulate", "--rate", "4", "--seconds", "5")
    assert lived.returncode == 0, lived.stderr
    assert value(owner, "SELECT count(*) FROM consignments_consignment") > before
    checked = command(bare, "check-books")
    assert (checked.returncode, checked.stdout.strip()) == (0, HOLDS)


def a_fault_is_found(bare: dict[str, str], owner: Owner) -> None:
    """The same proof sees a fault."""
    owner.execute("UPDATE consignments_tally SET n = n + 1")
    broken = command(bare, "check-books")
    assert broken.returncode == 1
    assert "number of parcels" in broken.stdout


def test_without_a_demo_world_no_time_passes(bare: dict[str, str]) -> None:
    """Case 12."""
    said = command(bare, "simulate", "--seconds", "1")
    assert said.returncode == 1
    assert "There is no demo world here" in said.stdout


def test_a_demo_world_that_was_killed_half_way_is_not_there_and_is_made_again(bare: dict[str, str]) -> None:
    """Case 13."""
    words = [sys.executable, "-m", "icargos", "demo", "--days", "40", "--parcels", "1500"]
    with subprocess.Popen(words, env=bare, cwd=ROOT, stderr=subprocess.PIPE, text=True) as made:
        assert made.stderr is not None
        while "parcels booked" not in made.stderr.readline():
            assert made.poll() is None
        made.kill()
    with psycopg.connect(bare["DATABASE_OWNER_URL"], autocommit=True) as owner:
        assert value(owner, "SELECT count(*) FROM accounts_user") == 0
        again = command(bare, "demo", "--days", "2", "--parcels", "40")
        assert again.returncode == 0, again.stderr
        assert value(owner, "SELECT count(*) FROM consignments_consignment") == 40
