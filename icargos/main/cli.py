"""The ``icargos`` command. One module of ``icargos.main.commands`` per sub-command; a line here makes it known."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Protocol, cast

from icargos import __version__
from icargos.engine import EngineError

COMMANDS = {
    "run": "start everything: database, pages, live updates, worker",
    "work": "run the worker alone: relay, jobs, schedule",
    "live": "run the process for live updates alone",
    "migrate": "make the roles and bring the tables up to date",
    "demo": "load the demo courier and print its sign-ins",
    "simulate": "let time pass in the demo world, through the real actions only",
    "check-books": "prove that ledger, dashboards and parcels say the same",
    "bench": "measure, each figure beside its floor",
    "doctor": "say what is there and what is wrong, in plain words",
}


class Command(Protocol):
    """What a module of ``icargos.main.commands`` holds."""

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the sub-command's own options."""

    def run(self, options: argparse.Namespace) -> int:
        """Do it; the answer is the exit code."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one sub-command; the answer is the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "icargos.main.settings")
    parser = argparse.ArgumentParser(prog="icargos", description="The portal a courier gives to its shippers.")
    parser.add_argument("--version", action="version", version=__version__)
    choices = parser.add_subparsers(dest="command", metavar="command", required=True)
    given = list(sys.argv[1:] if arguments is None else arguments)
    wanted = next((word for word in given if not word.startswith("-")), "")
    for name, summary in COMMANDS.items():
        sub = choices.add_parser(name, help=summary, description=summary)
        # Only the command that is asked for is imported: `icargos doctor` must run when others are broken.
        if name == wanted:
            _module(name).arguments(sub)
    options = parser.parse_args(given)
    try:
        return _module(options.command).run(options)
    except EngineError as error:
        sys.stderr.write(f"icargos: {error}\n")
        return 1
    except KeyboardInterrupt:
        return 130


def _module(name: str) -> Command:
    return cast("Command", importlib.import_module(f"icargos.main.commands.{name.replace('-', '_')}"))
