"""``icargos check-books``: prove that ledger, dashboards and parcels say the same."""

import argparse

from icargos.main.home import installation, say, set_up_django


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""


def run(options: argparse.Namespace) -> int:
    """Say what does not add up; the exit code is 1 when something does not."""
    with installation():
        set_up_django()
        from icargos.finance import queries
        from icargos.ground.relay import RELAY
        from icargos.ground.tenancy import acting

        with acting(RELAY):
            wrong = queries.check_books(RELAY)
        for line in wrong:
            say(line)
        if not wrong:
            say("The books hold: ledger, balances, counters and parcels say the same.")
    return 1 if wrong else 0
