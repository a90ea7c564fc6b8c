"""Reading a shipper's file into a Sheet, whatever the file is."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import python_calamine

import icargos
from icargos.booking.gateways import workbook
from icargos.booking.gateways.reader import Answer
from icargos.booking.gateways.refusal import Unfit
from icargos.booking.rules.problems import Code
from icargos.booking.rules.sheet import Sheet
from icargos.kit.errors import Refused
from icargos.kit.texts import gettext_noop

__all__ = ["MAX_BYTES", "SheetRefused", "read"]

MAX_BYTES = 25 * 1024 * 1024
_SECONDS = 40.0
_PATHS = [str(Path(package.__file__ or "").resolve().parent.parent) for package in (icargos, msgspec, python_calamine)]
# The process starts for each file, so it looks for no site packages but ours and leaves out a package that msgspec
# takes up when it is there and does not need: a quarter of the time to start.
_START = f"""
import sys
sys.path += {list(dict.fromkeys(_PATHS))!r}
sys.modules["typing_extensions"] = None
from icargos.booking.gateways.reader import main
main()
"""


class SheetRefused(Refused):
    """A file that cannot be read as a sheet of orders; nothing of it was used.

    ``code`` is FILE_UNREADABLE, FILE_ENCRYPTED, FILE_TOO_BIG or HEADER_MISSING.
    """

    http_status = 422

    def __init__(self, unfit: Unfit) -> None:
        super().__init__(str(unfit))
        self.code = unfit.code.value
        self.template = unfit.template
        self.params = unfit.params

    def say(self, translate: Callable[[str], str]) -> str:
        """The sentence in the reader's language; ``translate`` is gettext."""
        return translate(self.template) % self.params


def read(path: Path, filename: str) -> Sheet:
    """Read an xlsx, xls, csv or tsv file of at most 25 MB, 50,000 rows and 100 columns.

    ``filename`` is what the person calls the file. The file is opened in a process of its own with 512 MB of memory
    and 20 s of processor time, so that no file can take the portal down. Raises SheetRefused.
    """
    try:
        return _read(path, filename)
    except Unfit as unfit:
        raise SheetRefused(unfit) from unfit


def _read(path: Path, filename: str) -> Sheet:
    size = path.stat().st_size
    if size == 0:
        raise Unfit(Code.FILE_UNREADABLE, gettext_noop("The file is empty."))
    if size > MAX_BYTES:
        told = gettext_noop("The file is larger than %(limit)s MB. Split it into smaller files and upload each.")
        raise Unfit(Code.FILE_TOO_BIG, told, limit=str(MAX_BYTES // 1024 // 1024))
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", _START, str(path.resolve()), filename[:200]],
            cwd="/",
            # One arena: with several, glibc alone would reserve a good part of the memory limit.
            env={"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
        answer = msgspec.msgpack.decode(done.stdout, type=Answer) if done.returncode == 0 else None
    except (subprocess.TimeoutExpired, msgspec.MsgspecError):
        answer = None
    if answer is None:
        raise workbook.damaged()
    return _believed(answer)


def _believed(answer: Answer) -> Sheet:
    """The sheet of an answer that is sound: a parser that a file has taken over may say anything. Raises Unfit."""
    sheet = answer.sheet
    if sheet is None:
        try:
            unfit = Unfit(Code(answer.code), answer.template, **answer.params)
        except (KeyError, TypeError, ValueError) as strange:
            raise workbook.damaged() from strange
        raise unfit
    width = len(sheet.headers)
    if len(sheet.numbers) != len(sheet.rows) or any(len(row) != width for row in sheet.rows):
        raise workbook.damaged()
    return sheet
