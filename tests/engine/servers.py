"""What the tests of the engine do to servers."""

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg

from icargos.engine import Cluster, Engine
from icargos.engine.account import database_account

ROOT = Path(__file__).resolve().parents[2]
Holder = Callable[[], "subprocess.Popen[str]"]


def first_line(child: "subprocess.Popen[str]") -> list[str]:
    assert child.stdout is not None
    return child.stdout.readline().split()


def leave(child: "subprocess.Popen[str]") -> None:
    assert child.stdin is not None
    child.stdin.write("\n")
    child.stdin.flush()
    assert child.wait(timeout=20) == 0


def one(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


def keep_a_row(cluster: Cluster) -> None:
    with psycopg.connect(cluster.owner_url()) as owner:
        owner.execute("CREATE TABLE kept (word text)")
        owner.execute("INSERT INTO kept VALUES ('still here')")


def kept(cluster: Cluster) -> object:
    return one(cluster.owner_url(), "SELECT word FROM kept")


def backdated_pid(engine: Engine, pid: int) -> Path:
    """Stop the server as a power cut would leave it, with ``pid`` in its file."""
    data = engine.data_dir()
    assert data is not None
    path = data / "postmaster.pid"
    account = database_account()
    path.write_text(f"{pid}\n{data}\n1700000000\n5432\n/nowhere\n\n  1234567         0\nready   \n")
    os.chown(path, account.uid, account.gid)
    return path


def kill_server(engine: Engine) -> int:
    pid = engine.running_pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    return pid
