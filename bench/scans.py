"""Scans at a station: a thousand at once, and how soon an open page hears of one. ``python -m bench.scans``.

The figure is the desk's arrival scan of 1,000 parcels in one call: lock, rules, events, statuses, counters, facts,
commit. The floor inserts as many narrow rows and updates as many others by their keys, on tables without index or
trigger beyond the key. Then ``icargos live`` and ``icargos work`` run, scans of one shipper are posted at 100 a second,
and between them single scans of another shipper, to whom one stream is open: from commit to the stream's message.
"""

import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from queue import Empty, Queue
from statistics import median
from time import perf_counter
from typing import Final

import psycopg

from bench import database
from bench.harness import compare
from icargos.engine import Engine

SCANS: Final = 1000
ROUNDS: Final = 5
RATIO_MAX: Final = 25.0
TARGET: Final = 1000  # a second
RATE: Final = 100  # scans a second while the stream is watched
POSTERS: Final = 4
PROBES: Final = 60
P50_S: Final = 0.3


class Station:
    """Sadia at her scanner in Karachi, and the shippers whose parcels she scans."""

    def __init__(self) -> None:
        from tests import cast

        self.cast = cast.read()
        self.desk = self.cast.actor("sadia")
        self.serial = count()
        self.dice = random.Random(7)
        self._open_in_karachi()

    def _open_in_karachi(self) -> None:
        from django.utils import timezone

        from icargos.ground.tenancy import acting
        from icargos.kit.actor import Actor, Kind
        from icargos.places import actions as places

        root = Actor(Kind.STAFF, name="Set-up", can=frozenset({"manage_profiles"}))
        with acting(root):
            places.add_profile(
                root,
                shipper_id=self.cast.shipper_b,
                code="4104",
                name="Noor Karachi",
                phone="+923008224419",
                address="Shop 4, Tariq Road, Karachi",
                city="Karachi",
                now=timezone.now(),
            )

    def book(self, who: str, amount: int) -> list[str]:
        """New parcels that wait in Karachi; their numbers."""
        from django.utils import timezone

        from icargos.booking.actions import book
        from icargos.ground.tenancy import acting
        from icargos.main.demo.goods import order
        from icargos.places import queries as places

        shipper = self.cast.actor(who)
        with acting(shipper):
            index = places.city_index(shipper)
            profile = next(p.id for p in places.profiles(shipper) if p.city == "Karachi")
            orders = [order(self.dice, profile, index, f"B-{next(self.serial)}") for _ in range(amount)]
            return [one.cn for one in book(shipper, orders, source="sheet", now=timezone.now())]

    def receive(self, cns: list[str]) -> None:
        """Scan parcels in and commit; raises AssertionError unless every one moved."""
        from django.utils import timezone

        from icargos.dispatch import actions
        from icargos.dispatch.actions import Scan
        from icargos.ground.tenancy import acting

        scans = [Scan(cn=cn, source_event_id=f"bench-{cn}") for cn in cns]
        with acting(self.desk):
            answers = actions.receive(self.desk, scans, now=timezone.now())
        assert [a.verdict for a in answers] == ["moved"] * len(cns), answers[0]


def prepare(home: Path) -> None:
    """The floor's tables, and what the planner should know."""
    running = Engine(home).start()
    with psycopg.connect(running.owner_url(), autocommit=True) as owner:
        owner.execute("CREATE TABLE bench_event (parcel bigint, code text, at timestamptz, source text)")
        owner.execute("CREATE TABLE bench_parcel (id bigint PRIMARY KEY, status text, status_at timestamptz)")
        owner.execute("INSERT INTO bench_parcel SELECT n, 'new_booked', now() FROM generate_series(1, 1000) n")
        owner.execute("GRANT ALL ON bench_event, bench_parcel TO icargos_app")
        owner.execute("ANALYZE")
    running.stop()


def floor(plain: "psycopg.Connection[tuple[object, ...]]") -> None:
    """The same number of rows, in and over, with one commit."""
    ids = list(range(1, SCANS + 1))
    with plain.transaction():
        plain.execute(
            "INSERT INTO bench_event SELECT id, 'received', now(), 'scan' FROM unnest(%s::bigint[]) id", [ids]
        )
        plain.execute(
            "UPDATE bench_parcel SET status = 'received', status_at = now() FROM unnest(%s::bigint[]) u (id)"
            " WHERE bench_parcel.id = u.id",
            [ids],
        )


@contextmanager
def portal(home: Path) -> Iterator[int]:
    """The live process and the worker; yields the port of the streams."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with (home / "live.log").open("wb") as log:
        children = [
            subprocess.Popen([sys.executable, "-m", "icargos", *words], cwd=database.ROOT, stdout=log, stderr=log)
            for words in (("live", "--port", str(port)), ("work",))
        ]
    try:
        yield port
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(timeout=20)


def listen(port: int, token: str, heard: "Queue[float]") -> None:
    """Open a stream and note when each message comes; ends when the server does."""
    until = time.monotonic() + 30
    while True:
        try:
            line = socket.create_connection(("127.0.0.1", port), timeout=60)
            break
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
    with line:
        line.sendall(f"GET /live?token={token} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
        while got := line.recv(65536):
            if b"data: " in got or b": open" in got:
                heard.put(perf_counter())


def post(station: Station, cns: list[str], began: float, done: list[float], over: threading.Event) -> None:
    """Scan one parcel after the other, each at its time."""
    from django.db import connection

    for place, cn in enumerate(cns):
        time.sleep(max(0.0, began + place * POSTERS / RATE - time.monotonic()))
        if over.is_set():
            break
        station.receive([cn])
        done.append(time.monotonic())
    connection.close()


def probe(station: Station, heard: "Queue[float]", cn: str) -> float:
    """Seconds from the commit of one scan to its message."""
    while not heard.empty():
        heard.get_nowait()
    station.receive([cn])
    committed = perf_counter()
    return max(0.0, heard.get(timeout=30) - committed)


def latencies(station: Station, home: Path) -> tuple[list[float], float]:
    """Seconds from commit to message for each probe, in order of size, and the scans posted per second meanwhile."""
    from icargos.ground.live import token

    load = station.book("bilal", int(RATE * PROBES * 0.3))
    probes = station.book("zara", PROBES)
    heard: Queue[float] = Queue()
    done: list[float] = []
    over = threading.Event()
    with portal(home) as port:
        ear = threading.Thread(target=listen, args=(port, token(station.cast.shipper_b), heard), daemon=True)
        ear.start()
        quiet(heard)
        began = time.monotonic()
        posters = [
            threading.Thread(target=post, args=(station, load[n::POSTERS], began + n / RATE, done, over))
            for n in range(POSTERS)
        ]
        for poster in posters:
            poster.start()
        found = []
        for cn in probes:
            time.sleep(0.1 + station.dice.random() / 10)
            found.append(probe(station, heard, cn))
        posted = len(done) / (time.monotonic() - began)
        over.set()
        for poster in posters:
            poster.join()
    return sorted(found), posted


def quiet(heard: "Queue[float]") -> None:
    """Wait until the stream is open and has told all that was booked before."""
    heard.get(timeout=40)
    try:
        while True:
            heard.get(timeout=3)
    except Empty:
        return


def main() -> int:
    """Measure; the exit status is 1 when the ratio or the time to the open page is over its limit."""
    with database.fresh() as home:
        prepare(home)
        station = Station()
        batches = iter([station.book("bilal", SCANS) for _ in range(ROUNDS + 1)])
        late: list[float] = []

        def notes() -> Mapping[str, object]:
            found, posted = latencies(station, home)
            late.extend(found)
            return {
                "scan to open page, p50": f"{median(found) * 1000:.0f} ms (target {P50_S * 1000:.0f} ms)",
                "scan to open page, p95": f"{found[len(found) * 95 // 100] * 1000:.0f} ms",
                "scans posted meanwhile": f"{posted:.0f}/s (wanted {RATE}/s)",
            }

        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as plain:
            status = compare(
                "scans",
                lambda: station.receive(next(batches)),
                lambda: floor(plain),
                ratio_max=RATIO_MAX,
                unit="scans",
                amount=SCANS,
                rounds=ROUNDS,
                target=TARGET,
                notes=notes,
            )
    return 1 if median(late) >= P50_S else status


if __name__ == "__main__":
    sys.exit(main())
