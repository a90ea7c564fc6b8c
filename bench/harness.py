"""One way to measure: the figure and its floor by turns in the same run, medians, and a limit on their ratio.

Absolute rates depend on the machine and are only printed; the ratio to the floor is what a change may not worsen.
"""

import json
import os
import platform
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

OUT: Final = Path(__file__).resolve().parent / "out"


def _seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def compare(
    name: str,
    figure: Callable[[], object],
    floor: Callable[[], object],
    *,
    ratio_max: float,
    unit: str,
    amount: int = 1,
    rounds: int = 5,
    target: float | None = None,
    notes: Callable[[], Mapping[str, object]] | None = None,
) -> int:
    """Time ``figure`` and ``floor``, each doing ``amount`` of ``unit``, by turns; print, write, judge.

    One unmeasured turn of both comes first. Rates are ``unit`` per second from the medians of ``rounds``. ``target``
    (units per second) is printed beside the figure and never fails the run; ``notes`` is asked once at the end for
    what else to print. Writes ``bench/out/<name>.json``. Returns the exit status: 1 when figure / floor (seconds)
    is over ``ratio_max``, else 0.
    """
    figure()
    floor()
    figures: list[float] = []
    floors: list[float] = []
    for _ in range(rounds):
        figures.append(_seconds(figure))
        floors.append(_seconds(floor))
    mid_figure, mid_floor = median(figures), median(floors)
    ratio = mid_figure / mid_floor
    noted = dict(notes()) if notes else {}
    result: dict[str, object] = {
        "name": name,
        "unit": unit,
        "amount": amount,
        "rounds": rounds,
        "figure_seconds": mid_figure,
        "figure_per_second": amount / mid_figure,
        "floor_seconds": mid_floor,
        "floor_per_second": amount / mid_floor,
        "ratio": ratio,
        "ratio_max": ratio_max,
        "target_per_second": target,
        "all_figures": figures,
        "all_floors": floors,
        "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.platform()},
        **noted,
    }
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / f"{name}.json").write_text(json.dumps(result, indent=2, default=str) + "\n", encoding="utf-8")
    aim = f"  (target {target:,.0f}/s)" if target else ""
    print(f"{name}: {amount:,} {unit}, median of {rounds}")
    print(f"  figure  {mid_figure * 1000:10.1f} ms  {amount / mid_figure:12,.1f}/s{aim}")
    print(f"  floor   {mid_floor * 1000:10.1f} ms  {amount / mid_floor:12,.1f}/s")
    for key, value in noted.items():
        print(f"  {key}: {value}")
    kept = ratio <= ratio_max
    print(f"  ratio   {ratio:10.2f}     limit {ratio_max:.2f}: {'kept' if kept else 'MISSED'}")
    sys.stdout.flush()
    return 0 if kept else 1
