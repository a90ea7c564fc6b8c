"""Fifty kills at random moments of a portal at work: nothing is lost, nothing is doubled, the books balance."""

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection
from django.utils import timezone

from icargos.accounts import actions as accounts
from icargos.accounts import queries as people
from icargos.booking import actions, queries
from icargos.ground.tenancy import acting
from icargos.kit.actor import Actor
from icargos.main.demo.people import ROOT as ROOT_ACTOR
from icargos.main.demo.people import hire
from icargos.main.settings import _database
from tests.conftest import ROOT
from tests.main.conftest import command

KILLS = 50
CALLERS = 3
ROWS = 60  # of one sheet
KILLING_S = 300.0  # they take about 60 on two free cores
DRAIN_S = 40.0
Owner = psycopg.Connection[tuple[object, ...]]
HEAD = (
    "Order Ref,Service,Destination City,Consignee Name,Consignee Phone,Consignee Address,Pieces,Weight (kg),"
    "COD Amount,Product"
)
LINE = "{ref},Overnight,Lahore,Hina Yousaf,0301-4417208,House {n} Street 4 Model Town,1,0.5,1500,Lawn suit"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def _running(environment: dict[str, str], log: Path, *words: str) -> Iterator["subprocess.Popen[bytes]"]:
    """One ``icargos`` command, asked to stop at the end and killed if it does not."""
    with log.open("wb") as lines:
        child = subprocess.Popen(
            [sys.executable, "-m", "icargos", *words], env=environment, cwd=ROOT, stdout=lines, stderr=lines
        )
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(timeout=20)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _until(happened: Callable[[], object], seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, f"not in {seconds} s: {what}"
        time.sleep(0.1)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _count(owner: Owner, statement: str) -> int:
    row = owner.execute(statement).fetchone()
    assert row is not None
    return int(str(row[0]))


@dataclass
class Callers:
    """Programmes that book by the API, each order under one Idempotency-Key until it is answered."""

    port: int
    token: str
    over: threading.Event
    answered: dict[str, str] = field(default_factory=dict)
    died: int = 0
    replayed: int = 0
    refused: list[str] = field(default_factory=list)

    def call(self, name: int) -> None:
        """Book one order after the other until it is over; the last one is seen through."""
        number = 0
        while not self.over.is_set():
            ref = f"A{name}-{number}"
            number += 1
            until = float("inf")
            while (cn := self._book(ref)) == "" and time.monotonic() < until:
                if self.over.is_set() and until == float("inf"):
                    until = time.monotonic() + DRAIN_S
                time.sleep(0.05)
            self.answered[ref] = cn

    def _book(self, ref: str) -> str:
        consignee = {"name": "Hina Yousaf", "phone": "0301-4417208", "address": "B-214, Block 13-D", "city": "Lahore"}
        order = {"order_ref": ref, "service": "overnight", "pieces": 1, "weight_kg": 0.5, "cod_amount": 1500}
        body = json.dumps({**order, "product": "Lawn suit", "consignee": consignee})
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": ref,
        }
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)) as line:
            try:
                line.connect()
            except OSError:
                return ""
            try:
                line.request("POST", "/api/v1/bookings", body, headers)
                answer = line.getresponse()
                said = answer.read()
            except (OSError, http.client.HTTPException):
                self.died += 1
                return ""
            if answer.status != 201:
                self.refused.append(f"{answer.status} {said[:200]!r}")
                return ""
            self.replayed += answer.getheader("Idempotent-Replayed") == "true"
            cn: str = json.loads(said)["cn"]
            return cn


@dataclass
class Sheets:
    """A person who sends one sheet after the other and has three of four booked."""

    actor: Actor
    over: threading.Event
    sent: list[int] = field(default_factory=list)
    failure: str = ""

    def send(self) -> None:
        """Send and accept until it is over; keeps what went wrong."""
        try:
            while not self.over.is_set():
                self._one(len(self.sent))
                self.accept()
                time.sleep(0.25)
        except Exception as error:
            self.failure = repr(error)
        finally:
            connection.close()

    def _one(self, number: int) -> None:
        lines = [HEAD, *(LINE.format(ref=f"S{number}-{n}", n=n) for n in range(ROWS))]
        with acting(self.actor):
            sheet, _known = actions.upload(
                self.actor, file_name=f"s{number}.csv", data="\n".join(lines).encode(), now=timezone.now()
            )
        self.sent.append(sheet)

    def accept(self) -> None:
        """Have what is checked booked, but for each fourth sheet."""
        for place, sheet in enumerate(self.sent):
            if place % 4 == 0:
                continue
            with acting(self.actor):
                if queries.one_import(self.actor, sheet).state == "checked":
                    actions.accept(self.actor, sheet, now=timezone.now())


class Prey:
    """The processes below one supervisor, found by parentage, and the kills of them."""

    def __init__(self, supervisor: int, owner: Owner, served: Callable[[], int]) -> None:
        self.supervisor = supervisor
        self.owner = owner
        self.served = served
        self.served_before = 0
        self.worker_before = 0
        self.kills: dict[str, int] = {"web": 0, "web worker": 0, "worker": 0}
        self.jobs_hit = 0
        self.facts_hit = 0

    def alive(self, *, at_work: bool) -> list[tuple[str, int]]:
        """Name and process id of what can be killed: a web that has answered; ``at_work``, a worker that takes jobs."""
        answers = self.served() > self.served_before
        works = not at_work or self._newest_worker() > self.worker_before
        found: list[tuple[str, int]] = []
        for pid, words in self._children(self.supervisor):
            if "icargos.main.processes.web" in words and answers:
                found.append(("web", pid))
                below = self._children(pid)
                found += [("web worker", child) for child, what in below if "resource_tracker" not in what]
            elif words.endswith(" work") and works:
                found.append(("worker", pid))
        return found

    def kill(self, name: str, pid: int) -> None:
        """Hold the process, see what it leaves unfinished, and kill it."""
        os.kill(pid, signal.SIGSTOP)
        newest = self._newest_worker()
        if name == "worker" and newest > self.worker_before:
            self.jobs_hit += _count(
                self.owner,
                "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing' AND task_name = 'react'"
                f" AND worker_id = {newest}",
            )
            self.facts_hit += _count(self.owner, "SELECT count(*) FROM ground_outbox")
            self.worker_before = newest
        if name != "worker":
            self.served_before = self.served()
        os.kill(pid, signal.SIGKILL)
        self.kills[name] += 1

    def _newest_worker(self) -> int:
        return _count(self.owner, "SELECT last_value FROM procrastinate_workers_id_seq")

    @staticmethod
    def _children(parent: int) -> list[tuple[int, str]]:
        found = []
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            for pid in task.read_text().split():
                words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
                found.append((int(pid), words))
        return found


# The web process starts both of its own again, so it is killed less often.
_ODDS = {"worker": 10, "web worker": 9, "web": 1}


def _hunt(prey: Prey, dice: random.Random) -> None:
    deadline = time.monotonic() + KILLING_S
    while sum(prey.kills.values()) < KILLS:
        assert time.monotonic() < deadline, f"only {prey.kills} in {KILLING_S} s"
        time.sleep(dice.uniform(0.05, 0.6))
        try:
            # Three workers of four may still be starting: that too is a moment to be killed at.
            able = prey.alive(at_work=sum(prey.kills.values()) % 4 == 0)
            names = sorted({name for name, _pid in able})
            if names:
                (name,) = dice.choices(names, weights=[_ODDS[name] for name in names])
                prey.kill(*dice.choice([one for one in able if one[0] == name]))
        except (FileNotFoundError, ProcessLookupError):
            continue


def test_fifty_kills_of_web_and_worker_lose_nothing_and_double_nothing(bare: dict[str, str], tmp_path: Path) -> None:
    port, live = _free_port(), _free_port()
    (tmp_path / "files").symlink_to(settings.HOME / "files")
    (settings.HOME / "files").mkdir(exist_ok=True)
    environment = {
        **{name: value for name, value in bare.items() if name != "DATABASE_OWNER_URL"},
        "ICARGOS_WEB_WORKERS": "2",
        "ICARGOS_API_PER_MINUTE": "1000000",
        "ICARGOS_LONGEST_RESTART_WAIT": "0.2",
        "ICARGOS_WORKER_LOST_AFTER": "3",
    }
    connection.close()
    connection.settings_dict.update(_database(bare["DATABASE_URL"]), ATOMIC_REQUESTS=False, AUTOCOMMIT=True)
    with acting(ROOT_ACTOR):
        hire(lambda: "only-for-this-test", now=timezone.now())
    over = threading.Event()
    with psycopg.connect(bare["DATABASE_OWNER_URL"], autocommit=True) as owner:
        user = _count(owner, "SELECT id FROM accounts_user WHERE email = 'ayesha@zarqa.example'")
        (seat,) = people.seats(user)
        actor = people.seated_actor(user, "Ayesha Khan", seat, "kills")
        with acting(actor):
            key = accounts.create_key(actor, name="Shop", scopes=("book",), now=timezone.now())
        callers, sheets = Callers(port, key.token, over), Sheets(actor, over)
        work = [threading.Thread(target=callers.call, args=(n,)) for n in range(CALLERS)]
        work.append(threading.Thread(target=sheets.send))
        run = ("run", "--port", str(port), "--live-port", str(live))
        with _running(environment, tmp_path / "portal.log", *run) as portal:
            prey = Prey(portal.pid, owner, lambda: len(callers.answered))
            _until(lambda: _answers(port), 60, (tmp_path / "portal.log").read_text())
            parcels = "SELECT count(*) FROM consignments_consignment"
            before = _count(owner, parcels)
            with _running(environment, tmp_path / "life.log", "simulate", "--rate", "20", "--seconds", "180") as life:
                try:
                    for thread in work:
                        thread.start()
                    _hunt(prey, random.Random(50))
                    assert life.poll() is None, (tmp_path / "life.log").read_text()[-3000:]
                finally:
                    over.set()
                    for thread in work:
                        thread.join(timeout=DRAIN_S)
            told = f"{prey.kills}, requests that died {callers.died}, replayed {callers.replayed}, jobs at work"
            told += f" {prey.jobs_hit}, facts on their way {prey.facts_hit}, API {len(callers.answered)}, sheets"
            told += f" {len(sheets.sent)}, parcels {before} and {_count(owner, parcels)}"
            print(told)
            _until(lambda: _settled(owner, sheets), DRAIN_S, told)
        # The kills have hit running work.
        assert callers.died > 0, told
        assert prey.jobs_hit > 0, told
        assert prey.facts_hit > 0, told
        assert min(prey.kills.values()) > 0, told
        # Each programme and each sheet was served, once.
        assert (callers.refused, sheets.failure) == ([], "")
        rows = owner.execute(r"SELECT order_ref, cn FROM consignments_consignment WHERE order_ref ~ '^A\d-'").fetchall()
        assert sorted(rows) == sorted(callers.answered.items())
        assert all(callers.answered.values())
        doubled = owner.execute(
            "SELECT shipper_id, order_ref, count(*) FROM consignments_consignment WHERE order_ref <> ''"
            " GROUP BY 1, 2 HAVING count(*) > 1"
        ).fetchall()
        assert doubled == []
        fates = owner.execute(
            "SELECT i.state, i.rows, i.booked, r.n, r.booked, c.n FROM booking_import i"
            " CROSS JOIN LATERAL (SELECT count(*) AS n, count(*) FILTER (WHERE state = 'booked') AS booked"
            "  FROM booking_importrow r WHERE r.import_id = i.id) r"
            " CROSS JOIN LATERAL (SELECT count(*) AS n FROM consignments_consignment c WHERE c.import_id = i.id) c"
            " WHERE i.id = ANY(%s) ORDER BY i.id",
            [sheets.sent],
        ).fetchall()
        kept, booked = ("checked", ROWS, 0, ROWS, 0, 0), ("booked", ROWS, ROWS, ROWS, ROWS, ROWS)
        assert fates == [kept if place % 4 == 0 else booked for place in range(len(sheets.sent))]
    checked = command(bare, "check-books")
    assert checked.returncode == 0, checked.stdout


def _settled(owner: Owner, sheets: Sheets) -> bool:
    """Whether all that was set going has come to its end."""
    sheets.accept()
    left = _count(owner, "SELECT count(*) FROM ground_outbox")
    left += _count(
        owner,
        "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'react' AND status IN ('todo', 'doing')",
    )
    left += _count(owner, "SELECT count(*) FROM booking_import WHERE state NOT IN ('checked', 'booked', 'refused')")
    waiting = [place for place in range(len(sheets.sent)) if place % 4]
    done = _count(owner, "SELECT count(*) FROM booking_import WHERE state = 'booked'")
    return left == 0 and done >= len(waiting)
