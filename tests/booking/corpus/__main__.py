"""``python -m tests.booking.corpus FOLDER``: read every file of a folder as the portal does, and tell how each ended.

Runs by itself, so that the peak memory of its children is that of the reading processes and of nothing else.
"""

import json
import resource
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from icargos.booking.gateways.sheet import SheetRefused, read


def ended(path: Path) -> dict[str, object]:
    """The code and sentence of a refusal, or what was read, or the crash that must not be."""
    try:
        sheet = read(path, f"{path.name}.xlsx")
    except SheetRefused as refused:
        return {"outcome": refused.code, "told": refused.message}
    except BaseException as crash:
        return {"outcome": "CRASH", "told": repr(crash)}
    return {"outcome": "READ", "headers": sheet.headers, "numbers": sheet.numbers, "rows": sheet.rows}


def main() -> None:
    """Write one JSON object: the files' ends by name, and the children's peak memory in bytes."""
    paths = sorted(Path(sys.argv[1]).iterdir())
    with ThreadPoolExecutor(2) as threads:
        ends = dict(zip((path.name for path in paths), threads.map(ended, paths), strict=True))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    json.dump({"ends": ends, "peak": peak}, sys.stdout)


if __name__ == "__main__":
    main()
