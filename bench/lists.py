"""The orders list of a shipper with 200,000 of a million parcels. ``python -m bench.lists``.

Each figure is a page as the browser asks for it, signed in, through the web server with one worker, one at a time:
every view, every filter alone, every kind of search, pages far down, and what an open page asks for. The floor is fifty
bare rows by their keys through the same server, behind the same fence. Also the weight of the page, compressed.
"""

import json
import os
import platform
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final
from urllib.parse import quote

import psycopg

from bench import database, lists_world, load
from bench.harness import OUT
from icargos.engine import Engine

ASKED: Final = 15
LIST_MS: Final = 30
FILTER_MS: Final = 60
# Of the floor's time; what a filter may take includes a walk over all of the shipper's parcels in an index.
LIST_RATIO: Final = 16.0
FILTER_RATIO: Final = 32.0
WEIGHT: Final = 60 * 1024


@dataclass(frozen=True)
class Case:
    """One page to be asked for; the time it may take is that of the list or that of a filter."""

    name: str
    path: str
    plain: bool = False

    @property
    def most_ms(self) -> int:
        """The target."""
        return LIST_MS if self.plain else FILTER_MS

    @property
    def most_ratio(self) -> float:
        """The limit."""
        return LIST_RATIO if self.plain else FILTER_RATIO


@contextmanager
def server(log: Path) -> Iterator[int]:
    """The web server as ``icargos web`` starts it, with one worker and the floor's address; yields its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "granian", "bench.lists_floor:application", "--interface", "wsgi"]
    command += ["--port", str(port), "--workers", "1", "--blocking-threads", "8", "--no-log"]
    with log.open("wb") as lines:
        running = subprocess.Popen(command, cwd=database.ROOT, stdout=lines, stderr=lines)
    try:
        until = time.monotonic() + 30
        while True:
            try:
                load.get(port, ["/floor?1"], connections=1)
                break
            except OSError:
                if time.monotonic() > until or running.poll() is not None:
                    raise
                time.sleep(0.1)
        yield port
    finally:
        running.terminate()
        running.wait(timeout=15)


def session() -> str:
    """The cookie of a signed-in operations person."""
    from tests import cast

    return str(cast.read().client("bilal").cookies["sessionid"].value)


def cases(owner: "psycopg.Connection[tuple[object, ...]]") -> list[Case]:
    """What is asked for, with values that the tables really hold."""
    from django.utils import timezone

    mine = "FROM consignments_consignment WHERE shipper_id = 1"
    cn, phone, ref = owner.execute(
        f"SELECT cn, consignee_phone, order_ref {mine} ORDER BY id OFFSET 50000 LIMIT 1"
    ).fetchone() or ("", "", "")
    deep, shown = owner.execute(
        f"SELECT (SELECT id {mine} ORDER BY id OFFSET 100000 LIMIT 1),"
        f" (SELECT string_agg(id::text, '.') FROM (SELECT id {mine} ORDER BY id DESC LIMIT 50) AS newest)"
    ).fetchone() or (0, "")
    rare, sheet = owner.execute(
        f"SELECT (SELECT d.name FROM places_city d JOIN (SELECT destination_id, count(*) {mine} GROUP BY 1 ORDER BY 2"
        f" LIMIT 1) AS few ON few.destination_id = d.id), (SELECT import_id {mine} AND import_id > 100 LIMIT 1)"
    ).fetchone() or ("", 0)
    today = timezone.localdate()
    day = (today - timedelta(days=300)).isoformat()
    begin, end = today - timedelta(days=320), today - timedelta(days=220)
    words = {
        "search, whole number": cn,
        "search, beginning of a number": str(cn)[:5],
        "search, order ref": ref,
        "search, beginning of every ref": "zt-1",
        "search, phone": phone,
        "search, beginning of a phone": f"0{str(phone)[3:7]}",
        "search, name of one in seven": "muhammad",
        "search, name of one in thirty": "qureshi",
        "search, first and last name": "ayesha malik",
        "search, name that only others have": "zainab",
        "search, nothing": "xyzzy",
    }
    queries = {
        "status, most": "status=delivered",
        "status, few": "status=lost",
        "status, none": "status=misrouted",
        "status, several": "status=lost&status=on_hold&status=expired",
        "city, a third": "city=Karachi",
        "city, fewest": f"city={quote(str(rare))}",
        "two cities": "city=Quetta&city=Gilgit",
        "service": "service=same_day",
        "source": "source=api",
        "source, none": "source=store",
        "COD, prepaid": "cod=prepaid",
        "profile": "profile=4102",
        "profile, none": "profile=9999",
        "rider outcome": "reason=RFD",
        "rider outcome, none": "reason=WX",
        "import": f"import={sheet}",
        "tag, one in twenty": "tag=Eid",
        "tag, few": "tag=Rare",
        "last 30 days": "days=30",
        "one day, ten months ago": f"from={day}&to={day}",
        "a hundred days, long ago": f"from={begin}&to={end}",
    }
    views = ("to_ship", "moving", "out", "attention", "returns", "cod_pending")
    return [
        Case("list", "/orders/", plain=True),
        *(Case(f"list, {view}", f"/orders/?view={view}", plain=True) for view in views),
        Case("list, oldest first", "/orders/?sort=oldest", plain=True),
        Case("list, 100,000 further on", f"/orders/?before={deep}&n=100001", plain=True),
        Case("list, and back from there", f"/orders/?after={deep}&n=100001", plain=True),
        *(Case(name, f"/orders/?{query}") for name, query in queries.items()),
        *(Case(name, f"/orders/?q={quote(str(text))}") for name, text in words.items()),
        Case("what an open list asks for", f"/orders-newer/?since={deep}&shown={shown}"),
        Case("all that match, to 10,000", "/orders-match/?cod=cod"),
    ]


def measure(port: int, case: Case, cookie: str, floor: bytes) -> tuple[float, float]:
    """Medians in milliseconds of the case and of the floor, asked for by turns."""
    asked = f"GET {case.path} HTTP/1.1\r\n{load.BROWSER}Cookie: sessionid={cookie}\r\n\r\n".encode()
    taken: list[float] = []
    floors: list[float] = []
    for number in range(ASKED + 1):
        one, bare = (
            load.send(port, [asked], connections=1, status=200),
            load.send(port, [floor], connections=1, status=200),
        )
        if number:
            taken += one
            floors += bare
    return median(taken) * 1000, median(floors) * 1000


def weight(port: int, cookie: str, static: Path) -> dict[str, int]:
    """Bytes of the page and of what it loads besides fonts, each as it is sent."""
    import urllib.request

    told = {"Cookie": f"sessionid={cookie}", "Accept-Encoding": "gzip"}
    with urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{port}/orders/", headers=told)) as answer:
        html = len(answer.read())
    sent = {kind: min(p.stat().st_size for p in static.glob(f"build/app.*.{kind}.br")) for kind in ("css", "js")}
    return {"html": html, **sent}


def main() -> int:
    """Measure; the exit status is 1 when a ratio is over its limit or the page over its weight."""
    with database.fresh() as home:
        engine = Engine(home).start()
        began = perf_counter()
        with psycopg.connect(engine.owner_url(), autocommit=True) as owner:
            lists_world.build(owner)
            print(f"lists: {lists_world.PARCELS:,} parcels written in {perf_counter() - began:.0f} s")
            wanted = cases(owner)
            keys = owner.execute(
                "SELECT string_agg(id::text, ',') FROM"
                " (SELECT id FROM consignments_consignment WHERE shipper_id = 1 ORDER BY id DESC LIMIT 50) AS newest"
            ).fetchone()
        engine.stop()
        assert keys
        floor = f"GET /floor?{keys[0]} HTTP/1.1\r\n{load.BROWSER}\r\n".encode()
        cookie = session()
        with server(home / "web.log") as port:
            found = [(case, *measure(port, case, cookie, floor)) for case in wanted]
            heavy = weight(port, cookie, home / "static")
    os.environ.pop("DATABASE_URL", None)
    return report(found, heavy)


def report(found: list[tuple[Case, float, float]], heavy: dict[str, int]) -> int:
    """Print, write ``bench/out/lists.json``, judge."""
    missed = 0
    lines = []
    for case, figure, floor in found:
        ratio = figure / floor
        kept = ratio <= case.most_ratio
        missed += not kept
        said = "kept" if kept else "MISSED"
        print(
            f"  {case.name:36} {figure:7.1f} ms (target {case.most_ms})   floor {floor:5.1f} ms"
            f"   ratio {ratio:5.1f}  limit {case.most_ratio:.0f}: {said}"
        )
        lines.append(
            {
                "name": case.name,
                "path": case.path,
                "figure_ms": figure,
                "floor_ms": floor,
                "ratio": ratio,
                "ratio_max": case.most_ratio,
                "target_ms": case.most_ms,
            }
        )
    total = sum(heavy.values())
    light = total <= WEIGHT
    parts = ", ".join(f"{name} {size / 1024:.1f}" for name, size in heavy.items())
    said = "kept" if light else "MISSED"
    print(f"  weight, compressed: {total / 1024:.1f} KB ({parts})  limit {WEIGHT / 1024:.0f}: {said}")
    OUT.mkdir(parents=True, exist_ok=True)
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.platform()}
    body = {"name": "lists", "cases": lines, "weight": heavy, "weight_max": WEIGHT, "machine": machine}
    (OUT / "lists.json").write_text(json.dumps(body, indent=2, default=str) + "\n", encoding="utf-8")
    sys.stdout.flush()
    return 1 if missed or not light else 0


if __name__ == "__main__":
    sys.exit(main())
