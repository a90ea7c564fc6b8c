"""Booking by the form, through the web server with one worker. ``python -m bench.book``.

The figure is the signed-in form post, each another parcel, over 8 keep-alive connections: session, CSRF, checks, price,
number, charge, event, fact, commit. Beside it, one at a time: the form opened, its quote and suggestions. The floor
is one bare insert with its commit through the same server, beside all of Django: a booking is some twenty statements.
"""

import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from statistics import median
from typing import Final
from urllib.parse import urlencode

import psycopg

from bench import database, load
from bench.harness import compare
from icargos.engine import Engine

BOOKINGS: Final = 400
CONNECTIONS: Final = 8
ALONE: Final = 200
LOOKS: Final = 200
TARGET: Final = 150
RATIO_MAX: Final = 60.0
_CSRF: Final = "a" * 32
_CITIES: Final = ("Lahore", "Karachi", "Multan", "Peshawar", "Quetta", "Faisalabad", "Sialkot", "Sukkur")


@contextmanager
def server(log: Path) -> Iterator[int]:
    """The web server as ``icargos web`` starts it, with one worker and the floor's address; yields its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "granian", "bench.book_floor:application", "--interface", "wsgi"]
    command += ["--port", str(port), "--workers", "1", "--blocking-threads", "8", "--no-log"]
    with log.open("wb") as lines:
        running = subprocess.Popen(command, cwd=database.ROOT, stdout=lines, stderr=lines)
    try:
        until = time.monotonic() + 30
        while True:
            try:
                load.get(port, ["/floor"], connections=1)
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


def requests(cookie: str, amount: int, serial: Iterator[int]) -> list[bytes]:
    """Form posts, each of another order."""
    pick = random.Random(amount)
    made = []
    for _ in range(amount):
        number = next(serial)
        form = {
            "csrfmiddlewaretoken": _CSRF,
            "once": f"bench-{number}",
            "then": "open",
            "service": "overnight",
            "profile": "4102",
            "consignee_phone": f"0301-{pick.randint(1_000_000, 9_999_999)}",
            "consignee_name": "Hina Yousaf",
            "destination_city": pick.choice(_CITIES),
            "address": f"House {number}, Street 4, Model Town",
            "pieces": "1",
            "weight_kg": "0.8",
            "cod_amount": str(pick.randint(500, 9000)),
            "order_ref": f"B-{number}",
            "product": "Lawn suit 3 pc",
            "proof": "none",
        }
        body = urlencode(form).encode()
        head = (
            f"POST /book/ HTTP/1.1\r\n{load.BROWSER}Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\nCookie: sessionid={cookie}; csrftoken={_CSRF}\r\n\r\n"
        )
        made.append(head.encode() + body)
    return made


def looks(cookie: str, serial: Iterator[int]) -> tuple[list[bytes], list[bytes], list[bytes]]:
    """The form being opened, its quote, and the suggestions for the beginning of a phone."""
    keys = f"Cookie: sessionid={cookie}; csrftoken={_CSRF}\r\n"
    opened = [f"GET /book/ HTTP/1.1\r\n{load.BROWSER}{keys}\r\n".encode()] * LOOKS
    quoted = [one.replace(b"POST /book/ ", b"POST /book/quote/ ") for one in requests(cookie, LOOKS, serial)]
    suggested = [one.replace(b"POST /book/ ", b"POST /book/consignees/ ") for one in requests(cookie, LOOKS, serial)]
    return opened, quoted, suggested


def prepare(home: Path) -> None:
    """The floor's table, and what the planner should know of all tables."""
    running = Engine(home).start()
    with psycopg.connect(running.owner_url(), autocommit=True) as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS bench_floor (id bigserial PRIMARY KEY, said text NOT NULL)")
        owner.execute("GRANT INSERT, SELECT ON bench_floor TO icargos_app")
        owner.execute("GRANT USAGE ON SEQUENCE bench_floor_id_seq TO icargos_app")
        owner.execute("ANALYZE")
    running.stop()


def main() -> int:
    """Measure; the exit status is 1 when the ratio is over its limit."""
    with database.fresh() as home:
        prepare(home)
        cookie = session()
        serial = count(1)
        with server(home / "web.log") as port:
            floor = ["/floor"] * BOOKINGS
            load.send(port, requests(cookie, 200, serial), connections=1, status=302)
            prepare(home)

            def book() -> None:
                load.send(port, requests(cookie, BOOKINGS, serial), connections=CONNECTIONS, status=302)

            def notes() -> Mapping[str, object]:
                alone = load.send(port, requests(cookie, ALONE, serial), connections=1, status=302)
                found = {
                    name: f"{median(load.send(port, one, connections=1, status=200)) * 1000:.1f} ms (target 20 ms)"
                    for name, one in zip(
                        ("form, p50", "quote, p50", "suggestions, p50"), looks(cookie, serial), strict=True
                    )
                }
                return found | {
                    "one at a time, p50": f"{median(alone) * 1000:.1f} ms (target 15 ms)",
                    "one at a time, p95": f"{sorted(alone)[len(alone) * 95 // 100] * 1000:.1f} ms",
                }

            status = compare(
                "book",
                book,
                lambda: load.get(port, floor, connections=CONNECTIONS),
                ratio_max=RATIO_MAX,
                unit="bookings",
                amount=BOOKINGS,
                target=TARGET,
                notes=notes,
            )
    os.environ.pop("DATABASE_URL", None)
    return status


if __name__ == "__main__":
    sys.exit(main())
