"""Sharing, stopping and recovering, by real kills. The numbers are those of docs/subsystems/engine.md."""

import os
import signal
import subprocess
import time
from pathlib import Path

import psycopg
import pytest

from icargos.engine import Engine, postmaster
from icargos.engine.account import database_account
from tests.engine.servers import Holder, backdated_pid, first_line, keep_a_row, kept, kill_server, leave, one


def test_06_stopping_and_starting_again_keeps_every_row(engine: Engine) -> None:
    cluster = engine.start()
    keep_a_row(cluster)
    cluster.stop()
    assert engine.running_pid() is None
    cluster.stop()
    began = time.monotonic()
    again = engine.start()
    assert time.monotonic() - began < 5
    assert kept(again) == "still here"


def test_07_two_processes_share_one_server_and_the_last_one_stops_it(engine: Engine, holder: Holder) -> None:
    first, second = holder(), holder()
    pid, url = first_line(first)
    assert first_line(second) == [pid, url]
    leave(first)
    assert one(url, "SELECT 1") == 1
    assert engine.running_pid() == int(pid)
    leave(second)
    assert engine.running_pid() is None


def test_08_a_killed_holder_leaves_no_claim_behind(engine: Engine, holder: Holder) -> None:
    child = holder()
    pid, url = first_line(child)
    child.kill()
    child.wait()
    assert one(url, "SELECT 1") == 1
    cluster = engine.start()
    assert engine.running_pid() == int(pid)
    cluster.stop()
    assert engine.running_pid() is None


def test_09_a_killed_server_is_recovered_with_every_committed_row(tmp_path: Path) -> None:
    safe = Engine(tmp_path / "safe")
    try:
        cluster = safe.start()
        assert one(cluster.admin_url(), "SHOW synchronous_commit") == "on"
        assert one(cluster.admin_url(), "SHOW fsync") == "on"
        keep_a_row(cluster)
        with psycopg.connect(cluster.app_url()) as busy:
            killed = kill_server(safe)
            again = safe.start()
            assert safe.running_pid() not in (None, killed)
            with pytest.raises(psycopg.OperationalError):
                busy.execute("SELECT 1")
        assert kept(again) == "still here"
    finally:
        safe.erase()


def test_09_the_same_when_what_started_it_was_killed_as_well(engine: Engine, holder: Holder) -> None:
    child = holder()
    pid, _ = first_line(child)
    child.kill()
    child.wait()
    # Nobody may bury the server now, and a zombie's process id looks alive to PostgreSQL.
    os.kill(int(pid), signal.SIGKILL)
    assert engine.start().is_alive()


@pytest.mark.parametrize("whose", ["ours", "the database's"])
def test_10_a_stale_process_id_that_is_somebody_elses_now_is_left_alone(engine: Engine, whose: str) -> None:
    cluster = engine.start()
    keep_a_row(cluster)
    cluster.stop()
    identity = database_account().identity() if whose == "the database's" else {}
    with subprocess.Popen(["sleep", "60"], **identity) as stranger:
        backdated_pid(engine, stranger.pid)
        again = engine.start()
        assert kept(again) == "still here"
        data = engine.data_dir()
        assert data is not None
        assert not postmaster.send(stranger.pid, signal.SIGTERM, data, database_account().uid)
        assert stranger.poll() is None
        stranger.kill()


def test_11_a_stale_process_id_of_another_server_is_left_alone(engine: Engine, tmp_path: Path) -> None:
    other = Engine.scratch(tmp_path / "other")
    theirs = other.start()
    cluster = engine.start()
    cluster.stop()
    pid = other.running_pid()
    assert pid is not None
    backdated_pid(engine, pid)
    engine.start()
    engine.release()
    assert other.running_pid() == pid
    assert one(theirs.app_url(), "SELECT 1") == 1
    other.erase()


def test_12_an_empty_process_id_file_is_no_obstacle(engine: Engine) -> None:
    engine.start().stop()
    backdated_pid(engine, 1).write_text("")
    assert engine.start().is_alive()


def test_13_a_half_made_database_is_made_again(engine: Engine) -> None:
    cluster = engine.start()
    data = engine.data_dir()
    assert data is not None
    cluster.stop()
    data.rename(data.with_name(f"{data.name}.new"))
    (data.with_name(f"{data.name}.new") / "PG_VERSION").unlink()
    assert engine.start().is_alive()
