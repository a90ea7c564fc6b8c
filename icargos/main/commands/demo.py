"""``icargos demo``: load the demo courier and print its sign-ins."""

import argparse

from icargos.main.home import installation, say, set_up_django
from icargos.main.signins import confirm_signins, read_signins, table, write_signins


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""


def run(options: argparse.Namespace) -> int:
    """Load the demo world unless it is there; asking for it by this command is what allows it in a real database."""
    with installation() as place:
        signins = read_signins(place.home)
        if not signins:
            set_up_django()
            from django.db import transaction

            from icargos.main import demo

            with transaction.atomic():
                signins = demo.build(place.home)
                write_signins(place.home, signins)
            confirm_signins(place.home)
        say(table(signins))
    return 0
