"""What watches the portal's processes, with real processes and real kills."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    started: list[subprocess.Popen[bytes]] = []

    def run(*behaviours: str) -> "subprocess.Popen[bytes]":
        with (tmp_path / "log").open("wb") as log:
            child = subprocess.Popen(
                [sys.executable, "-m", "tests.engine.supervisor", str(tmp_path), *behaviours],
                stderr=log, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
            )  # fmt: skip
        started.append(child)
        return child

    yield run
    for child in started:
        child.kill()
        child.wait()


def until(found: Callable[[], object], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def pids(notes: Path, behaviour: str) -> list[int]:
    path = notes / behaviour
    return [int(line.split()[0]) for line in path.read_text().splitlines()] if path.exists() else []


def lines(notes: Path, event: str) -> list[dict[str, object]]:
    said = [json.loads(line) for line in (notes / "log").read_text().splitlines()]
    return [line for line in said if line["event"].startswith(event)]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_a_killed_process_is_started_again_and_the_log_says_so(start: Start, tmp_path: Path) -> None:
    start("steady")
    until(lambda: pids(tmp_path, "steady"))
    killed = pids(tmp_path, "steady")[0]
    os.kill(killed, signal.SIGKILL)
    until(lambda: len(pids(tmp_path, "steady")) == 2)
    (line,) = lines(tmp_path, "process died")
    assert line["process"] == "steady"
    assert line["pid"] == killed
    assert line["ended_by"] == "signal SIGKILL"


def test_a_process_that_keeps_ending_is_started_again_ever_more_slowly(start: Start, tmp_path: Path) -> None:
    start("brief", "steady")
    until(lambda: len(lines(tmp_path, "process died")) >= 3)
    waits = [line["again_in_s"] for line in lines(tmp_path, "process died")]
    assert waits[:3] == [0.5, 1.0, 2.0]
    assert len(pids(tmp_path, "steady")) == 1


def test_what_a_dead_process_started_is_ended_too(start: Start, tmp_path: Path) -> None:
    start("mother")
    until(lambda: pids(tmp_path, "child") and pids(tmp_path, "mother"))
    orphan = pids(tmp_path, "child")[0]
    os.kill(pids(tmp_path, "mother")[0], signal.SIGKILL)
    until(lambda: not alive(orphan))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_everything_and_ends_well(start: Start, tmp_path: Path, number: signal.Signals) -> None:
    supervisor = start("steady", "mother")
    until(lambda: pids(tmp_path, "steady") and pids(tmp_path, "mother") and pids(tmp_path, "child"))
    supervisor.send_signal(number)
    assert supervisor.wait(timeout=10) == 0
    for behaviour in ("steady", "mother", "child"):
        assert not alive(pids(tmp_path, behaviour)[0])
    assert lines(tmp_path, "stopped")
    assert not lines(tmp_path, "process died")


def test_a_process_that_does_not_listen_is_killed_after_its_grace(start: Start, tmp_path: Path) -> None:
    supervisor = start("deaf")
    until(lambda: pids(tmp_path, "deaf"))
    supervisor.send_signal(signal.SIGTERM)
    assert supervisor.wait(timeout=10) == 0
    assert not alive(pids(tmp_path, "deaf")[0])
    assert lines(tmp_path, "process does not stop")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the children notice within a second")
def test_no_process_outlives_a_killed_supervisor(start: Start, tmp_path: Path) -> None:
    supervisor = start("steady", "deaf")
    until(lambda: pids(tmp_path, "steady") and pids(tmp_path, "deaf"))
    supervisor.kill()
    supervisor.wait()
    until(lambda: not alive(pids(tmp_path, "steady")[0]) and not alive(pids(tmp_path, "deaf")[0]))
