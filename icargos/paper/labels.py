"""Labels by the one or by the thousand, as one PDF or one text of ZPL."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import BoundedSemaphore, Timer
from typing import IO, Final

from icargos.paper.chunk import LENGTH, packed, set_chunk
from icargos.paper.faces import load_fonts
from icargos.paper.formats import FIRST, Format
from icargos.paper.label import Label
from icargos.paper.pdf import bind
from icargos.paper.press import PressFailed

CHUNK: Final = 500  # pages that one process sets: the press remembers them all until it ends
FEW: Final = 30  # Up to so many are set in this process: starting another costs more than it saves.
_PATIENCE: Final = 120  # seconds for one chunk, which takes about one
# However many people print at once, this process runs no more children than there are cores; the others wait.
_PLACES: Final = BoundedSemaphore(os.cpu_count() or 1)


def _set_elsewhere(labels: Sequence[Label], form: Format, told: Callable[[int], None]) -> list[bytes]:
    """The chunk in a process of its own, over its standard streams: its memory goes back when it ends."""
    package = Path(__file__).resolve().parents[2]
    with (
        _PLACES,
        subprocess.Popen(
            [sys.executable, "-m", "icargos.paper.chunk"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(package), "RAYON_NUM_THREADS": "1"},
        ) as child,
    ):
        late = Timer(_PATIENCE, child.kill)
        late.start()
        assert child.stdin
        assert child.stdout
        assert child.stderr
        try:
            # A child that could not even begin says why.
            with suppress(BrokenPipeError), child.stdin as asked:
                asked.write(packed(labels, form))
            parts = []
            for done, part in _parts(child.stdout):
                parts.append(part)
                told(done)
            said = child.stderr.read().decode(errors="replace").strip().rpartition("\n")[2]
            ended = child.wait()
        finally:
            late.cancel()
    if ended:
        raise PressFailed(said or f"the press ended with {ended} after {len(labels)} labels were asked")
    return parts


def _parts(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """How many labels each part holds, and the part."""
    while len(head := stream.read(LENGTH.size)) == LENGTH.size:
        count, length = LENGTH.unpack(head)
        yield count, stream.read(length)


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
    are set in child processes, ``workers`` at a time (default: the machine's cores), in even chunks of at most CHUNK
    pages; ``told`` hears, in this thread, how many are done so far. Raises ValueError for no label or a place that the
    sheet has not, FontsMissing when the fonts were not built, PressFailed with the press's last words, for example of a
    logo that is no picture.
    """
    if not labels:
        raise ValueError("no labels to print")
    if not 0 <= start < form.places:
        raise ValueError(f"start: 0 to {form.places - 1}")
    load_fonts()
    if len(labels) <= FEW:
        return _joined([set_chunk(labels, form)], form, start)
    workers = max(1, workers or os.cpu_count() or 1)
    turns = -(-len(labels) // (workers * (CHUNK // form.copies)))
    size = -(-len(labels) // (workers * turns))
    chunks = [labels[first : first + size] for first in range(0, len(labels), size)]
    heard: SimpleQueue[int] = SimpleQueue()
    with ThreadPoolExecutor(workers) as threads:
        made = [threads.submit(_set_elsewhere, chunk, form, heard.put) for chunk in chunks]
        for one in made:
            one.add_done_callback(lambda _done: heard.put(0))
        done = ended = 0
        while ended < len(made):
            if (more := heard.get()) == 0:
                ended += 1
                continue
            done += more
            told(done)
        return _joined([part for one in made for part in one.result()], form, start)


def _joined(parts: Sequence[bytes], form: Format, start: int) -> bytes:
    return b"".join(parts) if form.dots else bind(parts, form, start=start)
