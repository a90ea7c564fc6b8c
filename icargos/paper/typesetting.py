"""The press of documents: blocks and pictures in, a PDF on A4 out, by typst."""

import os
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Final

import msgspec
import typst

from icargos.paper.faces import load_fonts
from icargos.paper.press import PressFailed

_TEMPLATE: Final = Path(__file__).with_name("document.typ")
_ONE_AT_A_TIME: Final = Lock()  # A compiler refuses a second caller. Labels have their own, and need not wait.
# A long document takes hundreds of megabytes: however many are asked at once, one is set and the others wait.
_ONE_LONG: Final = Lock()
_PATIENCE: Final = 120  # seconds for a long document; the longest load sheet takes about four


@cache
def _compiler() -> typst.Compiler:
    """Kept for the life of the process: fonts and template are read once."""
    return typst.Compiler(_TEMPLATE, root=_TEMPLATE.parent, font_paths=load_fonts())


def typeset(job: Mapping[str, object], files: Mapping[str, bytes], *, long: bool = False) -> bytes:
    """Set what ``document_pdf`` composed, with the pictures it names, tagged for screen readers, fonts subset.

    A ``long`` one is set in a process of its own, whose memory goes back when it ends, and without tags, which would
    make it sixteen times as heavy. Raises FontsMissing when the fonts were not built, PressFailed for a picture that
    cannot be read or a process that came to nothing.
    """
    asked = msgspec.json.encode({**job, "files": {name: list(data) for name, data in files.items()}})
    if long:
        return _set_elsewhere(asked)
    with _ONE_AT_A_TIME:
        return _set(asked, tags=True)


def _set(asked: bytes, *, tags: bool) -> bytes:
    try:
        made = _compiler().compile(format="pdf", sys_inputs={"job": asked.decode()}, pdf_tags=tags)
    except typst.TypstError as error:
        raise PressFailed(str(error)) from error
    assert isinstance(made, bytes)
    return made


def _set_elsewhere(asked: bytes) -> bytes:
    load_fonts()
    surroundings = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2]), "RAYON_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "icargos.paper.typesetting"]
    with _ONE_LONG:
        try:
            made = subprocess.run(
                command, input=asked, capture_output=True, timeout=_PATIENCE, env=surroundings, check=True
            )
        except subprocess.TimeoutExpired as error:
            raise PressFailed(f"the press was not done after {_PATIENCE} seconds") from error
        except subprocess.CalledProcessError as error:
            said = error.stderr.decode(errors="replace").strip().rpartition("\n")[2]
            raise PressFailed(said or f"the press ended with {error.returncode}") from error
    return made.stdout


def main() -> None:
    """Set the job on standard input, and write the PDF."""
    sys.stdout.buffer.write(_set(sys.stdin.buffer.read(), tags=False))


if __name__ == "__main__":
    main()
