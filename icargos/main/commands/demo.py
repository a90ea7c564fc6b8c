"""``icargos demo``: load the demo courier and print its sign-ins."""

import argparse
import gc
import sys
import time

from icargos.engine import EngineError
from icargos.main.home import installation, say, set_up_django
from icargos.main.signins import confirm_signins, read_signins, table, write_signins


def arguments(parser: argparse.ArgumentParser) -> None:
    """How long a story, with how many parcels."""
    parser.add_argument("--days", type=int, default=90, help="how many days of history (90)")
    parser.add_argument("--parcels", type=int, default=20_000, help="how many parcels in all (20000)")


def run(options: argparse.Namespace) -> int:
    """Load the demo world unless it is there; asking for it by this command is what allows it in a real database.

    Raises EngineError while a migration is missing.
    """
    with installation() as place:
        signins = read_signins(place.home)
        if not signins:
            began = time.monotonic()
            set_up_django()
            from django.db import transaction
            from django.utils import timezone

            from icargos.main import demo, schema

            if schema.is_behind():
                raise EngineError("The tables are not up to date: run `icargos migrate` first.")
            days, parcels = min(max(options.days, 1), 365), min(max(options.parcels, 0), 200_000)
            # Almost nothing of what is made is garbage before the end; looking for it costs a tenth of the time.
            gc.disable()
            _tell(f"Making the demo courier: {days} days, {parcels:,} parcels ...")
            with transaction.atomic():
                signins = demo.build(now=timezone.now(), days=days, parcels=parcels, tell=_tell)
                write_signins(place.home, signins)
            confirm_signins(place.home)
            schema.analyse()
            _tell(f"The demo courier was made in {time.monotonic() - began:.0f} s.")
        say(table(signins))
    return 0


def _tell(line: str) -> None:
    # The sign-ins alone are this command's answer.
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
