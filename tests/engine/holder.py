"""A process that starts or joins an engine, says so, and holds it until it is told to leave (a line on stdin)."""

import sys
from pathlib import Path

from icargos.engine import Engine


def main() -> None:
    """Arguments: the home folder, and optionally the socket's wanted scratch name."""
    engine = Engine.scratch(Path(sys.argv[1]))
    cluster = engine.start()
    sys.stdout.write(f"{engine.running_pid()} {cluster.app_url()}\n")
    sys.stdout.flush()
    sys.stdin.readline()
    cluster.stop()
    sys.stdout.write("left\n")


if __name__ == "__main__":
    main()
