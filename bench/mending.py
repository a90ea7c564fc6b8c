"""One wrong cell of a large sheet saved, and a large sheet in little memory. ``python -m bench.mending [ROWS]``.

The figure posts a mended cell as the page does and gets the page's inside back: the row checked again, with its order
ref's other rows, the sums, the next wrong rows. The floor asks for that inside and changes nothing. At the end it
prints the most memory that the worker's side (this process, with Django and the test client in it) and the limited
process that reads files ever took.
"""

import resource
import sys
from itertools import count
from statistics import quantiles
from time import perf_counter
from typing import Final

from bench import database, sheets
from bench.harness import compare
from bench.imports import settle
from samples import make

ROWS: Final = 10_000
WRONG: Final = 300
ROUNDS: Final = 40
RATIO_MAX: Final = 4.0
TARGET_PER_SECOND: Final = 20.0  # one cell in 50 ms


def main() -> int:
    """Measure; the exit status is 1 when the ratio is over its limit."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with database.fresh() as home:
        from tests import cast
        from tests.portal.importing import send
        from tests.worker import work_off

        client = cast.read().client("bilal")
        client.defaults["HTTP_HOST"] = "127.0.0.1"
        orders = make.orders(rows, 7, "M")
        for row in orders[:: rows // WRONG]:
            row[make.CITY] = "Lahoor"
        path = home / "wrong.xlsx"
        make.write_xlsx(path, make.TITLES, orders)
        url = send(client, path.read_bytes(), "wrong.xlsx")
        settle(home)
        as_script = {"HX-Request": "true"}
        wrong = count(2, rows // WRONG)
        spent: list[float] = []

        def mend() -> None:
            number = next(wrong)
            began = perf_counter()
            answer = client.post(
                url + "fix/?show=wrong", {"row": str(number), "c:destination_city": "Lahore"}, headers=as_script
            )
            spent.append(perf_counter() - began)
            body = answer.content.decode()
            assert 'id="import"' in body
            assert f'id="row-{number}"' not in body

        def look() -> None:
            assert client.get(url + "?show=wrong", headers=as_script).status_code == 200

        def notes() -> dict[str, object]:
            large = sheets.write(home / "large.xlsx", 50_000, seed=3)
            began = perf_counter()
            big = send(client, large.read_bytes(), "large.xlsx")
            client.post(big + "accept/")
            work_off()
            took = perf_counter() - began
            most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            reader = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            return {
                "p95": f"{quantiles(spent, n=20)[-1] * 1000:.0f} ms",
                "50,000 rows, sent, checked and booked": f"{took:.1f} s",
                "most memory, this process": f"{most:.0f} MB",
                "most memory, a process that reads": f"{reader:.0f} MB",
            }

        return compare(
            f"mending-{rows}",
            mend,
            look,
            ratio_max=RATIO_MAX,
            unit="cells",
            rounds=ROUNDS,
            target=TARGET_PER_SECOND,
            notes=notes,
        )


if __name__ == "__main__":
    sys.exit(main())
