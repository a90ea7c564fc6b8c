"""A supervisor in a process of its own: the first argument is the folder for notes, the others are programs."""

import os
import sys

from icargos.main import logs
from icargos.main.processes.supervise import Program, Supervisor


def main() -> None:
    """Run until told to stop."""
    os.environ["ICARGOS_LOG"] = "json"
    logs.configure()
    notes, *behaviours = sys.argv[1:]
    programs = [Program(name, "tests.engine.program", (name, notes)) for name in behaviours]
    Supervisor(programs, grace=1.0).run()


if __name__ == "__main__":
    main()
