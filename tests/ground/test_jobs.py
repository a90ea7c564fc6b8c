"""A killed worker's job is taken up by another: real processes, real kills."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import psycopg
from django.utils import timezone
from procrastinate.contrib.django import app

from icargos.booking import actions, queries
from icargos.ground.tenancy import acting
from tests.cast import Cast
from tests.conftest import ROOT

SHEET = (
    b"Order Ref,Service,Destination City,Consignee Name,Consignee Phone,Consignee Address,Pieces,Weight (kg),"
    b"COD Amount,Product\nJ-1,Overnight,Lahore,Hina Yousaf,0301-4417208,House 1 Street 4 Model Town,1,0.5,1500,Suit\n"
)


def start_worker(database: str) -> "subprocess.Popen[bytes]":
    """``icargos work`` on the test's database."""
    environment = {**os.environ, "DATABASE_URL": database, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-m", "icargos", "work"],
        env=environment,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def wait_for(what: Callable[[], object], seconds: float = 30) -> None:
    """Until it is so; fails when it does not come to pass."""
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it did not come to pass"
        time.sleep(0.05)


def test_the_job_of_a_killed_worker_is_taken_up_again(cast: Cast, database: str, owner_url: str) -> None:
    bilal = cast.actor("bilal")
    with acting(bilal):
        import_id, _known = actions.upload(bilal, file_name="orders.csv", data=SHEET, now=timezone.now())
    with psycopg.connect(owner_url) as owner:

        def jobs(status: str) -> int:
            row = owner.execute(
                "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'react' AND status::text = %s", [status]
            ).fetchone()
            owner.commit()
            assert row is not None
            return int(row[0])

        # The row is held, so that the job is certainly at work when the kill comes.
        with psycopg.connect(owner_url) as holder:
            holder.execute("SELECT 1 FROM booking_import WHERE id = %s FOR UPDATE", [import_id])
            first = start_worker(database)
            wait_for(lambda: jobs("doing") == 1)
            first.send_signal(signal.SIGKILL)
            first.wait(timeout=10)
            holder.rollback()
        assert jobs("doing") == 1, "the kill hit running work, and nobody noticed yet"

        # A worker is given up 30 s after its last heartbeat; the test does not wait for that.
        owner.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '5 minutes'")
        owner.commit()
        app.configure_task("rescue", queue="schedule").defer(timestamp=0)
        second = start_worker(database)
        try:
            wait_for(lambda: jobs("succeeded") == 1)
        finally:
            second.terminate()
            second.wait(timeout=15)
    with acting(bilal):
        sheet = queries.one_import(bilal, import_id)
        assert (sheet.state, sheet.ready, sheet.rows) == ("checked", 1, 1)
        assert len(queries.rows(bilal, sheet)) == 1
