"""A sheet of orders from upload to booked parcels. ``python -m bench.imports [ROWS]``, 10,000 unless told.

The figure sends the file, checks every cell, prices and books every row, with the worker's real code; each round
another file. The floor reads the file in the same limited process and copies its cells to a temporary table, with no
rule. The peer is django-import-export with the same checks (``bench.import_peer``): previewed and imported, as ours is;
in its bulk mode by turns with ours, in its default mode once. The tables hold parcels already and the planner knows
them, as in a portal that is in use.
"""

import os
import sys
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

import psycopg

from bench import database, sheets
from bench.harness import compare
from icargos.booking.gateways.sheet import read
from icargos.engine import Engine

ROWS: Final = 10_000
ROUNDS: Final = 5
PEER_ROUNDS: Final = 3
RATIO_MAX: Final = 10.0
BULK_RATIO_MAX: Final = 1 / 3
DEFAULT_RATIO_MAX: Final = 1 / 8
TARGET_SECONDS: Final = 3.0


class Importing:
    """Imports one file after the other as the shipper's operations person; keeps how long each step took."""

    def __init__(self, files: list[Path], rows: int) -> None:
        from tests import cast

        self.actor = cast.read().actor("bilal")
        self.files = iter(files)
        self.rows = rows
        self.checks: list[float] = []
        self.bookings: list[float] = []

    def __call__(self) -> None:
        """One file; raises AssertionError unless every row was booked."""
        from django.utils import timezone

        from icargos.booking import actions, queries
        from icargos.ground.tenancy import acting
        from tests.worker import work_off

        data = next(self.files).read_bytes()
        began = perf_counter()
        with acting(self.actor):
            import_id, _known = actions.upload(self.actor, file_name="orders.xlsx", data=data, now=timezone.now())
        work_off()
        checked = perf_counter()
        with acting(self.actor):
            actions.accept(self.actor, import_id, now=timezone.now())
        work_off()
        self.checks.append(checked - began)
        self.bookings.append(perf_counter() - checked)
        with acting(self.actor):
            found = queries.one_import(self.actor, import_id)
        assert (found.state, found.booked) == ("booked", self.rows), found


def floor(connection: "psycopg.Connection[tuple[object, ...]]", path: Path) -> None:
    """Read the file as every file is read, and COPY its cells as they are."""
    sheet = read(path, path.name)
    columns = ", ".join(f"c{place} text" for place in range(len(sheet.headers)))
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE floor_of_import ({columns}) ON COMMIT DROP")
        with cursor.copy("COPY floor_of_import FROM STDIN") as copy:
            for row in sheet.rows:
                copy.write_row(row)


def timed(connection: "psycopg.Connection[tuple[object, ...]]", path: Path) -> float:
    """Seconds that the parser alone and the same COPY take, without the limited process."""
    began = perf_counter()
    sheets.floor(connection, path)
    return perf_counter() - began


def settle(home: Path) -> None:
    """Let the planner know the tables, as the server does by itself after a minute."""
    server = Engine(home).start()
    with psycopg.connect(server.owner_url(), autocommit=True) as owner:
        owner.execute("ANALYZE")
    server.stop()


def main() -> int:
    """Measure; the exit status is 1 when a ratio is over its limit."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with database.fresh() as home:
        files = [sheets.write(home / f"{n}.xlsx", rows, seed=n) for n in range(ROUNDS + PEER_ROUNDS + 3)]
        others = [sheets.write(home / f"peer{n}.xlsx", rows, seed=100 + n) for n in range(PEER_ROUNDS + 3)]
        importing = Importing(files, rows)
        importing()
        settle(home)
        missed = _beside_floor(importing, files, rows)
        return _beside_peer(importing, others, rows) or missed


def _beside_floor(importing: Importing, files: list[Path], rows: int) -> int:
    which = count()
    with psycopg.connect(os.environ["DATABASE_URL"]) as plain:

        def notes() -> Mapping[str, object]:
            return {
                "check, of which": f"{median(importing.checks[2:]) * 1000:.0f} ms",
                "bare parser and COPY, in this process": f"{timed(plain, files[0]) * 1000:.0f} ms",
                "booking": f"{median(importing.bookings[2:]) * 1000:.0f} ms",
            }

        return compare(
            f"import-{rows}",
            importing,
            lambda: floor(plain, files[next(which)]),
            ratio_max=RATIO_MAX,
            unit="rows",
            amount=rows,
            rounds=ROUNDS,
            target=rows / TARGET_SECONDS,
            notes=notes,
        )


def _beside_peer(importing: Importing, others: list[Path], rows: int) -> int:
    from bench import import_peer

    left = iter(others)
    default_seconds = 0.0

    def peer(*, in_bulk: bool = True, preview: bool = True) -> float:
        path = next(left)
        began = perf_counter()
        made = import_peer.run(importing.actor, path, in_bulk=in_bulk, preview=preview)
        assert made == rows, made
        return perf_counter() - began

    def notes() -> Mapping[str, object]:
        nonlocal default_seconds
        once = peer(preview=False)
        default_seconds = peer(in_bulk=False)
        return {
            "peer in bulk mode, without its preview": f"{once:.1f} s",
            "peer in its default mode": f"{default_seconds:.1f} s",
        }

    missed = compare(
        "import-peer",
        importing,
        peer,
        ratio_max=BULK_RATIO_MAX,
        unit="rows",
        amount=rows,
        rounds=PEER_ROUNDS,
        notes=notes,
    )
    ratio = median(_spent(importing)[-PEER_ROUNDS:]) / default_seconds
    kept = ratio <= DEFAULT_RATIO_MAX
    print(f"  ratio to its default mode {ratio:.3f}     limit {DEFAULT_RATIO_MAX:.3f}: {'kept' if kept else 'MISSED'}")
    return missed or int(not kept)


def _spent(importing: Importing) -> list[float]:
    return [check + booking for check, booking in zip(importing.checks, importing.bookings, strict=True)]


if __name__ == "__main__":
    sys.exit(main())
