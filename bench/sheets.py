"""The sheet: reading, checking and giving back, beside the bare parser. ``python -m bench.sheets [ROWS]``."""

import csv
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import python_calamine

from icargos.booking.gateways.sheet import read
from icargos.booking.gateways.sheet_back import BackRow, Mark, write_back, write_back_csv
from icargos.booking.rules.headers import match_headers
from icargos.booking.rules.reference import Offer, Reference
from icargos.booking.rules.rows import check_rows
from icargos.booking.rules.sheet import Sheet
from icargos.places.rules import CityIndex, CityRow
from samples import make

CITIES = Path(__file__).resolve().parents[1] / "icargos" / "places" / "pk_cities.csv"


def write(path: Path, rows: int, *, seed: int = 77) -> Path:
    """Write a clean sheet of this many orders; another seed gives other order refs."""
    make.write_xlsx(path, make.TITLES, make.orders(rows, seed, f"B{seed}"))
    return path


def parse(path: Path) -> list[list[object]]:
    """The floor of reading: the parser alone, in this process, unchecked."""
    sheet = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    return [list(row) for row in sheet.to_python()]


def floor(connection: psycopg.Connection[tuple[object, ...]], path: Path) -> int:
    """The floor of importing: read the file and COPY its cells to a temporary table, with no rule. Returns the rows."""
    rows = parse(path)
    columns = ", ".join(f"c{place} text" for place in range(len(rows[0])))
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE floor_of_import ({columns}) ON COMMIT DROP")
        with cursor.copy("COPY floor_of_import FROM STDIN") as copy:
            for row in rows[1:]:
                copy.write_row([str(cell) for cell in row])
    return len(rows) - 1


def reference() -> Reference:
    """Plain ground for the checks: every city served, four services."""
    with CITIES.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    cities = CityIndex(
        CityRow(
            id=number,
            name=line["name"],
            code=line["code"],
            province=line["province"],
            zone="",
            metro="",
            urdu=line["urdu"],
            aliases=tuple(alias.strip() for alias in line["aliases"].split(",")),
        )
        for number, line in enumerate(lines, start=1)
    )
    labels = {"overnight": "Overnight", "same_day": "Same Day", "second_day": "Second Day", "overland": "Overland"}
    services = {code: Offer(label=label, max_weight_g=30_000) for code, label in labels.items()}
    return Reference(
        cities=cities, served=cities.served(), services=services, default_profile_id=1, default_service="overnight"
    )


def _marked(sheet: Sheet) -> Iterator[BackRow]:
    """Every row with an error and a warning."""
    marks = (Mark(5, "This is not a phone number."), Mark(8, "The address is short.", warning=True))
    return (BackRow(number, row, marks) for number, row in zip(sheet.numbers, sheet.rows, strict=True))


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    """Print medians of five interleaved rounds."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    ref = reference()
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder) / "bench.xlsx", count)
        sheet = read(path, path.name)
        match = match_headers(sheet.headers)
        works: dict[str, Callable[[], object]] = {
            "parser alone": lambda: parse(path),
            "read, in its own process": lambda: read(path, path.name),
            "check": lambda: check_rows(sheet, match, ref),
            "write the file back": lambda: write_back(headers=sheet.headers, rows=_marked(sheet), title="x", meta={}),
            "write it back as csv": lambda: write_back_csv(headers=sheet.headers, rows=_marked(sheet)),
        }
        taken: dict[str, list[float]] = {name: [] for name in works}
        for _ in range(5):
            for name, work in works.items():
                taken[name].append(_seconds(work))
    for name, seconds in taken.items():
        median = statistics.median(seconds)
        print(f"{name:26} {median * 1000:8.0f} ms {count / median:10,.0f} rows/s")


if __name__ == "__main__":
    main()
