"""Labels by the one or by the thousand, as one PDF."""

import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import BoundedSemaphore
from typing import Final

import msgspec

from icargos.paper.chunk import set_chunk
from icargos.paper.faces import load_fonts
from icargos.paper.label import Label
from icargos.paper.pdf import bind
from icargos.paper.press import PressFailed

CHUNK: Final = 500
FEW: Final = 30  # Up to so many are set in this process: starting another costs more than it saves.
_PATIENCE: Final = 120  # seconds for one chunk, which takes about one
# However many people print at once, this process runs no more children than there are cores; the others wait.
_PLACES: Final = BoundedSemaphore(os.cpu_count() or 1)


def _set_elsewhere(labels: Sequence[Label]) -> bytes:
    """The chunk in a process of its own, over its standard streams: its memory goes back when it ends."""
    package = Path(__file__).resolve().parents[2]
    with _PLACES:
        try:
            done = subprocess.run(
                [sys.executable, "-m", "icargos.paper.chunk"],
                input=msgspec.msgpack.encode(labels),
                capture_output=True,
                env={**os.environ, "PYTHONPATH": str(package), "RAYON_NUM_THREADS": "1"},
                timeout=_PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise PressFailed(f"the press took more than {_PATIENCE} s for {len(labels)} labels") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise PressFailed(said or f"the press ended with {done.returncode}")
    return done.stdout


def labels_pdf(labels: Sequence[Label], *, workers: int | None = None) -> bytes:
    """One page of 288 x 432 points per label, in order, print scaling none.

    More than FEW labels are set in child processes, ``workers`` at a time (default: the machine's cores), in even
    chunks of at most CHUNK. Raises ValueError for no label, FontsMissing when the fonts were not built, PressFailed
    with the press's last words, for example of a logo that is no picture.
    """
    if not labels:
        raise ValueError("no labels to print")
    load_fonts()
    if len(labels) <= FEW:
        return bind([set_chunk(labels)])
    workers = max(1, workers or os.cpu_count() or 1)
    turns = -(-len(labels) // (workers * CHUNK))
    size = -(-len(labels) // (workers * turns))
    chunks = [labels[start : start + size] for start in range(0, len(labels), size)]
    with ThreadPoolExecutor(workers) as threads:
        return bind(list(threads.map(_set_elsewhere, chunks)))
