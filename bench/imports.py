"""A sheet of orders from upload to booked parcels. ``python -m bench.imports [ROWS]``, 10,000 unless told.

The figure sends the file, checks every cell, prices and books every row, with the worker's real code; each round
another file. The floor reads the file in the same limited process and copies its cells to a temporary table, with no
rule. The tables hold parcels already and the planner knows them, as in a portal that is in use.
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
RATIO_MAX: Final = 8.0
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
    """Measure; the exit status is 1 when the ratio is over its limit."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with database.fresh() as home:
        files = [sheets.write(home / f"{n}.xlsx", rows, seed=n) for n in range(ROUNDS + 2)]
        importing = Importing(files, rows)
        importing()
        settle(home)
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


if __name__ == "__main__":
    sys.exit(main())
