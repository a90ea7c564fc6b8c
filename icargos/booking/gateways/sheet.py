"""Reading a shipper's file into a Sheet, whatever the file is."""

import subprocess
import sys
from pathlib import Path

import msgspec

import icargos
from icargos.booking.gateways import workbook
from icargos.booking.gateways.reader import Answer
from icargos.booking.gateways.refusal import SheetRefused
from icargos.booking.rules.problems import Code
from icargos.booking.rules.sheet import Sheet
from icargos.kit.texts import gettext_noop

__all__ = ["MAX_BYTES", "SheetRefused", "read"]

MAX_BYTES = 25 * 1024 * 1024
_SECONDS = 40.0
_ROOT = Path(icargos.__file__).resolve().parent.parent


def read(path: Path, filename: str) -> Sheet:
    """Read an xlsx, xls, csv or tsv file of at most 25 MB, 50,000 rows and 100 columns.

    ``filename`` is what the person calls the file. The file is opened in a process of its own with 512 MB of memory
    and 20 s of processor time, so that no file can take the portal down. Raises SheetRefused.
    """
    size = path.stat().st_size
    if size == 0:
        raise SheetRefused(Code.FILE_UNREADABLE, gettext_noop("The file is empty."))
    if size > MAX_BYTES:
        told = gettext_noop("The file is larger than %(limit)s MB. Split it into smaller files and upload each.")
        raise SheetRefused(Code.FILE_TOO_BIG, told, limit=str(MAX_BYTES // 1024 // 1024))
    command = [sys.executable, "-E", "-s", "-m", "icargos.booking.gateways.reader", str(path.resolve()), filename[:200]]
    try:
        done = subprocess.run(
            command,
            cwd=_ROOT,
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
    if answer.sheet is None:
        raise SheetRefused(Code(answer.code), answer.template, **answer.params)
    return answer.sheet
