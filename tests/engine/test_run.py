"""``icargos run`` and ``icargos doctor`` as a person meets them: real processes, real kills."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from icargos.engine import Engine

ROOT = Path(__file__).resolve().parents[2]
SIGNIN = {"name": "Ayesha Khan", "role": "owner", "email": "ayesha@zarqa.example", "password": "only-for-this-test"}


class Portal:
    """One installation in a folder of its own, on ports of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port, self.live_port = free_port(), free_port()
        self.log = home.with_name("portal.log")
        self.engine = Engine(home)
        self.child: subprocess.Popen[bytes] | None = None
        home.mkdir(mode=0o700)
        # The demo world has tests of its own; here it counts as loaded, which is much faster.
        (home / "demo-signins.json").write_text(json.dumps([SIGNIN]))
        (home / "demo-signins.json").chmod(0o600)

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "icargos", *words, "--port", str(self.port), "--live-port", str(self.live_port)]

    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("ICARGOS_", "DATABASE_"))}
        return {**kept, "ICARGOS_HOME": str(self.home), "ICARGOS_LOG": "json", "PYTHONPATH": str(ROOT)}

    def start(self, *words: str) -> None:
        with self.log.open("ab") as log:
            self.child = subprocess.Popen(
                self.command("run", *words),
                stdout=log,
                stderr=log,
                cwd=ROOT,
                env=self.environment(),
                start_new_session=True,
            )
        until(lambda: self.answers("/readyz"), 90)

    def answers(self, path: str) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=3) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def once(self, *words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            self.command(*words),
            capture_output=True, text=True, cwd=ROOT, check=False, timeout=90,
            env={**self.environment(), **environment},
        )  # fmt: skip

    def pid_of(self, process: str) -> int:
        events = [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]
        pids = [e["pid"] for e in events if e.get("process") == process and e["event"] == "process started"]
        return int(pids[-1])

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        assert self.child is not None
        self.child.send_signal(number)
        return self.child.wait(timeout=30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def until(found: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    made = Portal(tmp_path / "home")
    yield made
    if made.child is not None and made.child.poll() is None:
        made.child.kill()
        made.child.wait()
    made.engine.erase()


def test_it_serves_survives_kills_and_stops_on_ctrl_c(portal: Portal) -> None:
    portal.start()
    until(lambda: "The portal is ready" in portal.log.read_text())
    said = portal.log.read_text()
    assert f"http://127.0.0.1:{portal.port}/" in said
    assert "ayesha@zarqa.example" in said

    for process in ("web", "live", "worker"):
        environment = Path(f"/proc/{portal.pid_of(process)}/environ").read_bytes()
        assert b"DATABASE_URL=" in environment
        assert b"DATABASE_OWNER_URL" not in environment
        assert b"icargos_owner" not in environment

    before = portal.pid_of("web")
    os.kill(before, signal.SIGKILL)
    until(lambda: portal.pid_of("web") != before)
    until(lambda: portal.answers("/readyz"))
    assert '"ended_by": "signal SIGKILL"' in portal.log.read_text()

    server = portal.engine.running_pid()
    assert server is not None
    os.kill(server, signal.SIGKILL)
    until(lambda: portal.engine.running_pid() not in (None, server))
    until(lambda: portal.answers("/readyz"))

    assert portal.stop() == 0
    assert portal.engine.running_pid() is None
    assert not portal.answers("/healthz")
    assert "Traceback" not in portal.log.read_text().split("The portal is ready")[0]


def test_killed_outright_it_starts_again_with_nothing_lost(portal: Portal) -> None:
    portal.start()
    cluster = portal.engine.start()
    with psycopg.connect(cluster.owner_url()) as owner:
        owner.execute("CREATE TABLE kept AS SELECT 'still here' AS word")
    assert portal.stop(signal.SIGKILL) == -signal.SIGKILL
    server = portal.engine.running_pid()
    assert server is not None
    os.kill(server, signal.SIGKILL)
    portal.engine.release()
    until(lambda: not portal.answers("/healthz"))
    portal.start()
    with psycopg.connect(portal.engine.start().owner_url()) as owner:
        assert owner.execute("SELECT word FROM kept").fetchone() == ("still here",)
    portal.engine.release()
    assert portal.stop(signal.SIGTERM) == 0


def test_time_passes_in_the_demo_world_unless_it_is_to_stand_still(portal: Portal) -> None:
    (portal.home / "demo-signins.json").unlink()
    server = portal.engine.start()
    early = subprocess.run(
        [sys.executable, "-m", "icargos", "demo"], capture_output=True, text=True, cwd=ROOT, check=False,
        timeout=120, env=portal.environment(),
    )  # fmt: skip
    assert (early.returncode, early.stdout) == (1, "")
    assert "run `icargos migrate` first" in early.stderr
    for words in (("migrate",), ("demo", "--days", "2", "--parcels", "60")):
        made = subprocess.run(
            [sys.executable, "-m", "icargos", *words], capture_output=True, text=True, cwd=ROOT, check=False,
            timeout=120, env=portal.environment(),
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
    with psycopg.connect(server.owner_url(), autocommit=True) as owner:

        def told() -> int:
            row = owner.execute("SELECT count(*) FROM ground_fact").fetchone()
            assert row is not None
            return int(row[0])

        before = told()
        portal.start()
        until(lambda: told() > before, 120)
        first = portal.pid_of("life")
        assert b"DATABASE_OWNER_URL" not in Path(f"/proc/{first}/environ").read_bytes()
        os.kill(first, signal.SIGKILL)
        until(lambda: portal.pid_of("life") != first)
        again = told()
        until(lambda: told() > again, 120)
        assert portal.stop() == 0
        until(lambda: not Path(f"/proc/{portal.pid_of('life')}").exists())
        portal.log.unlink()
        portal.start("--still")
        assert '"process": "life"' not in portal.log.read_text()
        assert '"process": "worker"' in portal.log.read_text()
        assert portal.stop() == 0
    portal.engine.release()


def test_a_port_in_use_is_one_sentence_and_nothing_is_started(portal: Portal) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", portal.port))
        taken.listen()
        said = portal.once("run")
    assert said.returncode == 1
    assert re.fullmatch(rf"icargos: Port {portal.port} of 127\.0\.0\.1 cannot be used .*--live-port\.\n", said.stderr)
    assert portal.engine.data_dir() is None


def test_demo_signins_are_not_put_on_the_network_unless_asked(portal: Portal) -> None:
    said = portal.once("run", "--host", "0.0.0.0")
    assert said.returncode == 1
    assert "Demo sign-ins exist" in said.stderr
    assert "--allow-demo-on-network" in said.stderr
    assert not portal.answers("/healthz")


def test_the_doctor_names_what_is_wrong_and_the_cure(portal: Portal) -> None:
    with psycopg.connect(portal.engine.start().admin_url()) as admin:
        admin.execute("ALTER ROLE icargos_app BYPASSRLS")
    (portal.home / "demo-signins.json").chmod(0o644)
    said = portal.once("doctor")
    assert said.returncode == 1
    wrong = [line for line in said.stdout.splitlines() if line.startswith("WRONG")]
    assert any("icargos_app has BYPASSRLS" in line for line in wrong)
    assert any("run `icargos migrate`" in line for line in wrong)
    assert any("chmod 600" in line for line in wrong)


def test_the_doctor_says_when_the_database_does_not_answer(portal: Portal) -> None:
    said = portal.once("doctor", DATABASE_URL="postgresql://icargos_app:x@127.0.0.1:1/icargos")
    assert said.returncode == 1
    assert "does not answer" in said.stdout
    assert "Traceback" not in said.stderr


def test_a_real_database_is_migrated_but_gets_no_demo_world(portal: Portal, tmp_path: Path) -> None:
    (portal.home / "demo-signins.json").unlink()
    real = Engine.scratch(tmp_path / "elsewhere")
    try:
        server = real.start()
        addresses = {"DATABASE_URL": server.app_url(), "DATABASE_OWNER_URL": server.owner_url()}
        migrated = subprocess.run(
            [sys.executable, "-m", "icargos", "migrate"],
            capture_output=True, text=True, cwd=ROOT, check=False, timeout=120,
            env={**portal.environment(), **addresses},
        )  # fmt: skip
        assert migrated.returncode == 0, migrated.stderr
        said = portal.once("doctor", **addresses)
        assert "The tables are up to date" in said.stdout
        assert said.returncode == 0, said.stdout
        with psycopg.connect(server.owner_url()) as owner:
            assert owner.execute("SELECT count(*) FROM accounts_user").fetchone() == (0,)
        assert not (portal.home / "demo-signins.json").exists()
        assert portal.engine.data_dir() is None
    finally:
        real.erase()
