"""``icargos simulate``: let time pass in the demo world, through the real actions only."""

import argparse
import random
import time

from icargos.main.home import installation, say, set_up_django


def arguments(parser: argparse.ArgumentParser) -> None:
    """How fast, and for how long."""
    parser.add_argument("--rate", type=float, default=1.0, help="bookings a second; everything else follows")
    parser.add_argument("--seconds", type=float, default=60.0, help="when to stop; at most an hour")


def run(options: argparse.Namespace) -> int:
    """Book, scan, ride, deliver, fail, advise and close, until the time is over."""
    with installation():
        set_up_django()
        from icargos.main.demo import simulate

        done = simulate.pass_time(
            rate=min(max(options.rate, 0.1), 200.0),
            seconds=min(max(options.seconds, 1.0), 3600.0),
            dice=random.Random(),  # noqa: S311  nothing secret hangs on it
            clock=time.monotonic,
            pause=time.sleep,
        )
        say(f"{done} parcels were booked; the rest of their lives went on.")
    return 0
