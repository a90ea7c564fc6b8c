"""A small process for the supervisor's tests. Its first argument says how it behaves."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from icargos.main.processes.parent import die_with_parent


def main() -> None:
    """``steady`` runs on; ``brief`` ends at once; ``deaf`` ignores SIGTERM; ``mother`` has a child of its own."""
    behaviour, notes = sys.argv[1], Path(sys.argv[2])
    die_with_parent()
    if behaviour == "deaf":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if behaviour == "mother":
        child = subprocess.Popen(["sleep", "300"])
        (notes / "child").write_text(str(child.pid))
    with (notes / behaviour).open("a") as out:
        out.write(f"{os.getpid()}\n")
    if behaviour == "brief":
        sys.exit(3)
    time.sleep(300)


if __name__ == "__main__":
    main()
