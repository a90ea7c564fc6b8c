"""``icargos work``: the worker alone."""

import argparse

from icargos.main.home import installation, set_up_django
from icargos.main.processes.parent import die_with_parent


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""


def run(options: argparse.Namespace) -> int:
    """Relay facts and run jobs until told to stop."""
    die_with_parent()
    with installation():
        set_up_django()
        from icargos.main import worker

        worker.main()
    return 0
