"""Fifty kills of the worker while it checks, books and takes back sheets: nothing is lost and nothing is doubled.

The worker's jobs run in children of one process that has loaded everything already, so that a kill costs milliseconds.
A kill counts only when it ended a job that was at work.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

import psycopg
import pytest
from django.utils import timezone

from icargos.booking import actions, queries
from icargos.booking.queries import Sheet
from icargos.consignments import queries as consignments
from icargos.finance.queries import check_books
from icargos.ground import relay
from icargos.ground.tenancy import acting
from icargos.main.reactions import NAMES, WANTED
from tests.cast import Cast
from tests.conftest import ROOT

KILLS = 50
ROWS = 600
MOST_ROUNDS = 12
HEAD = (
    "Order Ref,Service,Destination City,Consignee Name,Consignee Phone,Consignee Address,Pieces,Weight (kg),"
    "COD Amount,Product"
)
LINE = "K{round}-{n},Overnight,Lahore,Hina Yousaf,0301-4417208,House {n} Street 4 Model Town,1,0.5,1500,Lawn suit"
LOADED = """
import os, sys, django
django.setup()
from icargos.booking.actions.imports import accepting, checking, undoing
from icargos.ground import relay
from icargos.main.reactions import NAMES
accepting.CHUNK = undoing.CHUNK = 40
checking.SLICE = 60
print("ready", flush=True)
for line in sys.stdin:
    name, *ids = line.split()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            NAMES[name](relay.facts([int(n) for n in ids]))
            code = 0
        finally:
            os._exit(code)
    print(pid, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""


class Worker:
    """Runs one job after the other, each in a child that may be killed."""

    def __init__(self, database: str) -> None:
        environment = {**os.environ, "DATABASE_URL": database, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-W", "ignore", "-c", LOADED]
        self.process = subprocess.Popen(
            command, env=environment, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._line() == "ready"

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def begin(self, name: str, ids: list[int]) -> int:
        """Start the job; returns its process id."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{name} {' '.join(map(str, ids))}\n")
        self.process.stdin.flush()
        return int(self._line())

    def ended(self) -> int:
        """Wait for the job; returns its exit status, below 0 for a signal."""
        return int(self._line())


@pytest.fixture
def worker(database: str) -> Iterator[Worker]:
    found = Worker(database)
    yield found
    assert found.process.stdin is not None
    found.process.stdin.close()
    found.process.wait(timeout=20)
    assert found.process.stdout is not None
    found.process.stdout.close()


def _sheet(cast: Cast, import_id: int) -> Sheet:
    actor = cast.actor("bilal")
    with acting(actor):
        return queries.one_import(actor, import_id)


def _due() -> tuple[str, list[int]]:
    jobs: list[tuple[str, list[int]]] = []
    while relay.carry(WANTED, lambda name, ids: jobs.append((name, ids))):
        pass
    ((name, ids),) = jobs
    return name, ids


_AT_WORK = """
SELECT 1 FROM pg_locks JOIN pg_database d ON d.oid = database AND d.datname = current_database()
WHERE mode = 'RowExclusiveLock' AND pid <> pg_backend_pid()
"""


def _killed(owner: "psycopg.Connection[tuple[object, ...]]", worker: Worker, job: tuple[str, list[int]]) -> bool:
    """Run the job and kill it at a random moment of its work; whether the kill hit."""
    pid = worker.begin(*job)
    until = time.monotonic() + 2
    while owner.execute(_AT_WORK).fetchone() is None and time.monotonic() < until:
        time.sleep(0.001)
    time.sleep(random.uniform(0, 0.06))
    with suppress(ProcessLookupError):  # it had ended already: no hit
        os.kill(pid, signal.SIGKILL)
    return worker.ended() == -signal.SIGKILL


def test_fifty_kills_while_sheets_are_checked_booked_and_undone_lose_and_double_nothing(
    cast: Cast, worker: Worker, owner_url: str
) -> None:
    actor = cast.actor("bilal")
    hits: Counter[str] = Counter()
    with psycopg.connect(owner_url, autocommit=True) as owner:
        for turn in range(MOST_ROUNDS):
            data = "\n".join([HEAD, *(LINE.format(round=turn, n=n) for n in range(ROWS))]).encode()
            with acting(actor):
                import_id, _known = actions.upload(actor, file_name="orders.csv", data=data, now=timezone.now())
            _work(owner, worker, "check", "uploaded checking", cast, import_id, hits)
            found = _sheet(cast, import_id)
            assert (found.state, found.ready, found.rows) == ("checked", ROWS, ROWS)
            with acting(actor):
                actions.accept(actor, import_id, now=timezone.now())
            _work(owner, worker, "book", "booking", cast, import_id, hits)
            _whole(cast, owner, import_id, turn, booked=ROWS)
            if turn % 2:
                with acting(actor):
                    actions.undo(actor, import_id, now=timezone.now())
                _work(owner, worker, "undo", "undoing", cast, import_id, hits)
                _whole(cast, owner, import_id, turn, undone=ROWS)
            if hits.total() >= KILLS and min(hits["check"], hits["book"], hits["undo"]) >= 5:
                break
    assert hits.total() >= KILLS, hits
    assert min(hits["check"], hits["book"], hits["undo"]) >= 5, hits


def _work(
    owner: "psycopg.Connection[tuple[object, ...]]",
    worker: Worker,
    step: str,
    waiting: str,
    cast: Cast,
    import_id: int,
    hits: Counter[str],
) -> None:
    """Kill the step up to six times and then let it end, as the worker's rescue does."""
    job = _due()
    for _ in range(6):
        hits[step] += _killed(owner, worker, job)
        if _sheet(cast, import_id).state not in waiting.split():
            return
    NAMES[job[0]](relay.facts(job[1]))
    NAMES[job[0]](relay.facts(job[1]))


def _whole(
    cast: Cast,
    owner: "psycopg.Connection[tuple[object, ...]]",
    import_id: int,
    turn: int,
    *,
    booked: int = 0,
    undone: int = 0,
) -> None:
    """Each row is one parcel with one first event, one charge and one fact; the sums say so; the books hold."""
    found = _sheet(cast, import_id)
    assert (found.booked, found.undone, found.open_rows) == (booked, undone, 0)
    actor = cast.actor("bilal")
    with acting(actor):
        parcels = consignments.of_import(actor, import_id)
        refs = [parcel.order_ref for parcel in consignments.many(actor, [row_id for row_id, *_rest in parcels])]
    assert sorted(refs) == sorted(f"K{turn}-{n}" for n in range(ROWS))
    assert (
        Counter(status.value for *_rest, status in parcels)
        == Counter({"new_booked": booked, "cancelled": undone} if undone else {"new_booked": booked}) - Counter()
    )
    events, charges, facts = owner.execute(
        "SELECT (SELECT count(*) FROM consignments_event WHERE consignment_id = ANY(%(ids)s) AND code = 'new_booked'),"
        " (SELECT count(*) FROM finance_charge WHERE consignment_id = ANY(%(ids)s)),"
        " (SELECT count(*) FROM ground_fact WHERE subject_id = ANY(%(ids)s) AND kind = 'consignment.booked')",
        {"ids": [row_id for row_id, *_rest in parcels]},
    ).fetchone() or (0, 0, 0)
    assert (events, charges, facts) == (ROWS, ROWS, ROWS)
    with acting(cast.actor("adeel")):
        assert check_books(cast.actor("adeel")) == []
