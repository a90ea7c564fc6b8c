"""Tracking look-ups through the web server: one worker, 32 connections. ``python -m bench.track``.

The figure is the JSON of a number, each request another parcel of 2,000; the floor is one bare statement through the
same server and connections. Also the page of a number, one after the other.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import Final

from bench import database, load
from bench.harness import compare

PARCELS: Final = 2_000
REQUESTS: Final = 3_000
CONNECTIONS: Final = 32
PAGES: Final = 300
TARGET: Final = 800
RATIO_MAX: Final = 11.0


def parcels() -> list[str]:
    """Enter the parcels and scan each as far as in transit; returns their numbers."""
    from icargos.consignments import actions
    from icargos.consignments.actions import Move
    from icargos.consignments.rules import Status
    from icargos.ground.tenancy import acting
    from tests import cast
    from tests.parcels import draft

    people = cast.read()
    now = datetime.now(UTC) - timedelta(days=1)
    bilal, dawood = people.actor("bilal"), people.actor("dawood")
    with acting(bilal):
        drafts = [draft(people)] * PARCELS
        numbers = [one.cn for one in actions.enter(bilal, drafts, source="form", import_id=None, now=now)]
    for hours, status in enumerate((Status.PICKED_UP, Status.RECEIVED_AT_OFFICE, Status.IN_TRANSIT), start=1):
        at = now + timedelta(hours=hours)
        moves = [
            Move(cn=cn, to=status, source="scan", source_event_id=f"{cn}:{status}", occurred_at=at) for cn in numbers
        ]
        with acting(dawood):
            actions.move(dawood, moves, now=at)
    return numbers


@contextmanager
def server(log: Path) -> Iterator[int]:
    """The web server as ``icargos web`` starts it, with one worker and the floor's address; yields its port.

    Its log lines go to a file, as a supervisor would have them.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "granian", "bench.track_floor:application", "--interface", "wsgi"]
    command += ["--port", str(port), "--workers", "1", "--blocking-threads", "8", "--no-log"]
    unlimited = {**os.environ, "ICARGOS_TRACKING_PER_MINUTE": "1000000000"}
    with log.open("wb") as lines:
        running = subprocess.Popen(command, env=unlimited, cwd=database.ROOT, stdout=lines, stderr=lines)
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


def main() -> int:
    """Measure; the exit status is 1 when the ratio is over its limit."""
    with database.fresh() as home:
        numbers = parcels()
        with server(home / "web.log") as port:
            paths = [f"/track/{cn}.json" for cn in islice(cycle(numbers), REQUESTS)]
            floor = ["/floor"] * REQUESTS
            waits: list[float] = []

            def ask() -> None:
                waits[:] = load.get(port, paths, connections=CONNECTIONS)

            def notes() -> Mapping[str, object]:
                pages = load.get(port, [f"/track/{cn}" for cn in numbers[:PAGES]], connections=1)
                return {
                    "JSON, 32 at once, p50": f"{median(waits) * 1000:.1f} ms",
                    "JSON, 32 at once, p99": f"{sorted(waits)[len(waits) * 99 // 100] * 1000:.1f} ms",
                    "page, one at a time, p50": f"{median(pages) * 1000:.1f} ms (target under 10 ms)",
                }

            return compare(
                "track",
                ask,
                lambda: load.get(port, floor, connections=CONNECTIONS),
                ratio_max=RATIO_MAX,
                unit="look-ups",
                amount=REQUESTS,
                target=TARGET,
                notes=notes,
            )


if __name__ == "__main__":
    sys.exit(main())
