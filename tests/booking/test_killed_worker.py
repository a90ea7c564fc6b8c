"""A worker that is killed while it checks or books a sheet: the job is run again and nothing is lost or doubled."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.utils import timezone

from icargos.booking import actions, queries
from icargos.booking.queries import Sheet
from icargos.consignments import queries as consignments
from icargos.consignments.queries import Filters
from icargos.ground import relay
from icargos.ground.tenancy import acting
from icargos.main.reactions import NAMES, WANTED
from tests.cast import Cast
from tests.conftest import ROOT
from tests.worker import work_off

ROWS = 2000
HEAD = (
    "Order Ref,Service,Destination City,Consignee Name,Consignee Phone,Consignee Address,Pieces,Weight (kg),"
    "COD Amount,Product"
)
LINE = "K-{n},Overnight,Lahore,Hina Yousaf,0301-4417208,House {n} Street 4 Model Town,1,0.5,1500,Lawn suit"
CHILD = """
import sys, django
django.setup()
from icargos.ground import relay
from icargos.main.reactions import NAMES
NAMES[sys.argv[1]](relay.facts([int(n) for n in sys.argv[2:]]))
"""


def _upload(cast: Cast) -> int:
    actor = cast.actor("bilal")
    data = "\n".join([HEAD, *(LINE.format(n=n) for n in range(ROWS))]).encode()
    with acting(actor):
        import_id, _known = actions.upload(actor, file_name="orders.csv", data=data, now=timezone.now())
    return import_id


def _sheet(cast: Cast, import_id: int) -> Sheet:
    actor = cast.actor("bilal")
    with acting(actor):
        return queries.one_import(actor, import_id)


def _refs(cast: Cast) -> list[str]:
    actor = cast.actor("bilal")
    with acting(actor):
        ids = consignments.ids(actor, Filters(), most=100_000)
        return sorted(parcel.order_ref for parcel in consignments.many(actor, ids)) if ids else []


def _carried() -> tuple[str, list[int]]:
    """What the relay hands to the one job that is due."""
    jobs: list[tuple[str, list[int]]] = []
    relay.carry(WANTED, lambda name, ids: jobs.append((name, ids)))
    ((name, ids),) = jobs
    return name, ids


@contextmanager
def _working(database: str, name: str, ids: list[int]) -> Iterator["subprocess.Popen[bytes]"]:
    """A process that runs the job as the worker does."""
    environment = {**os.environ, "DATABASE_URL": database, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-W", "ignore", "-c", CHILD, name, *map(str, ids)]
    running = subprocess.Popen(command, env=environment, cwd=ROOT)
    try:
        yield running
    finally:
        if running.poll() is None:
            running.kill()
        running.wait(timeout=20)


def _wait_until_it_writes(owner: "psycopg.Connection[tuple[object, ...]]", table: str) -> None:
    """Until some transaction holds the lock of a writer on the table."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        held = owner.execute(
            "SELECT 1 FROM pg_locks JOIN pg_database d ON d.oid = database AND d.datname = current_database()"
            " WHERE relation = %s::regclass AND mode = 'RowExclusiveLock'",
            [table],
        ).fetchone()
        if held:
            return
        time.sleep(0.002)
    pytest.fail(f"nobody wrote to {table}")


@pytest.mark.parametrize(
    "table", ["consignments_consignment", "consignments_event", "finance_charge", "booking_importrow", "ground_fact"]
)
def test_a_worker_killed_while_it_books_leaves_nothing_and_the_next_one_books_each_row_once(
    cast: Cast, database: str, owner_url: str, table: str
) -> None:
    import_id = _upload(cast)
    work_off()
    actor = cast.actor("bilal")
    with acting(actor):
        actions.accept(actor, import_id, now=timezone.now())
    name, ids = _carried()
    with psycopg.connect(owner_url, autocommit=True) as owner, _working(database, name, ids) as running:
        _wait_until_it_writes(owner, table)
        running.send_signal(signal.SIGKILL)
        assert running.wait(timeout=20) == -signal.SIGKILL
    assert _refs(cast) == []
    assert _sheet(cast, import_id).state == "booking"
    NAMES[name](relay.facts(ids))
    NAMES[name](relay.facts(ids))
    found = _sheet(cast, import_id)
    assert (found.state, found.booked) == ("booked", ROWS)
    assert _refs(cast) == sorted(f"K-{n}" for n in range(ROWS))


def test_a_worker_killed_while_it_checks_is_followed_by_one_that_checks_again(
    cast: Cast, database: str, owner_url: str
) -> None:
    import_id = _upload(cast)
    name, ids = _carried()
    with psycopg.connect(owner_url, autocommit=True) as owner, _working(database, name, ids) as running:
        _wait_until_it_writes(owner, "booking_importrow")
        running.send_signal(signal.SIGKILL)
        assert running.wait(timeout=20) == -signal.SIGKILL
    assert _sheet(cast, import_id).state == "checking"
    NAMES[name](relay.facts(ids))
    NAMES[name](relay.facts(ids))
    found = _sheet(cast, import_id)
    assert (found.state, found.ready, found.rows) == ("checked", ROWS, ROWS)


def test_two_workers_at_once_book_each_row_once(cast: Cast, database: str) -> None:
    import_id = _upload(cast)
    work_off()
    actor = cast.actor("bilal")
    with acting(actor):
        actions.accept(actor, import_id, now=timezone.now())
    name, ids = _carried()
    with _working(database, name, ids) as first, _working(database, name, ids) as second:
        assert (first.wait(timeout=60), second.wait(timeout=60)) == (0, 0)
    assert _sheet(cast, import_id).booked == ROWS
    assert _refs(cast) == sorted(f"K-{n}" for n in range(ROWS))
