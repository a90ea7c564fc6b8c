"""Labels by the one or by the thousand, as one PDF or one text of ZPL."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import BoundedSemaphore
from typing import Final

from icargos.paper.chunk import packed, set_chunk
from icargos.paper.faces import load_fonts
from icargos.paper.formats import FIRST, Format
from icargos.paper.label import Label
from icargos.paper.pdf import bind
from icargos.paper.press import PressFailed

CHUNK: Final = 500
FEW: Final = 30  # Up to so many are set in this process: starting another costs more than it saves.
_PATIENCE: Final = 120  # seconds for one chunk, which takes about one
# However many people print at once, this process runs no more children than there are cores; the others wait.
_PLACES: Final = BoundedSemaphore(os.cpu_count() or 1)


def _set_elsewhere(labels: Sequence[Label], form: Format) -> bytes:
    """The chunk in a process of its own, over its standard streams: its memory goes back when it ends."""
    package = Path(__file__).resolve().parents[2]
    with _PLACES:
        try:
            done = subprocess.run(
                [sys.executable, "-m", "icargos.paper.chunk"],
                input=packed(labels, form),
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


def print_labels(
    labels: Sequence[Label],
    form: Format = FIRST,
    *,
    start: int = 0,
    workers: int | None = None,
    told: Callable[[int], None] = lambda done: None,
) -> bytes:
    """The labels in this format, in order: a PDF with pages of the format's true size and print scaling none, or ZPL.

    The first ``start`` places of the first sheet stay empty, where a sheet holds several labels. More than FEW labels
    are set in child processes, ``workers`` at a time (default: the machine's cores), in even chunks of at most CHUNK;
    ``told`` hears, in this thread, how many are done. Raises ValueError for no label or a place that the sheet has
    not, FontsMissing when the fonts were not built, PressFailed with the press's last words, for example of a logo that
    is no picture.
    """
    if not labels:
        raise ValueError("no labels to print")
    if not 0 <= start < form.places:
        raise ValueError(f"start: 0 to {form.places - 1}")
    load_fonts()
    if len(labels) <= FEW:
        return _joined([set_chunk(labels, form)], form, start)
    workers = max(1, workers or os.cpu_count() or 1)
    turns = -(-len(labels) // (workers * CHUNK))
    size = -(-len(labels) // (workers * turns))
    chunks = [labels[first : first + size] for first in range(0, len(labels), size)]
    parts = []
    done = 0
    with ThreadPoolExecutor(workers) as threads:
        for chunk, part in zip(chunks, threads.map(_set_elsewhere, chunks, [form] * len(chunks)), strict=True):
            parts.append(part)
            done += len(chunk)
            told(done)
    return _joined(parts, form, start)


def _joined(parts: Sequence[bytes], form: Format, start: int) -> bytes:
    return b"".join(parts) if form.dots else bind(parts, form, start=start)
