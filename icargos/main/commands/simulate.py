"""``icargos simulate``: let time pass in the demo world, through the real actions only."""

import argparse
import random
import time

from icargos.main.home import installation, say, set_up_django
from icargos.main.processes.parent import die_with_parent


def arguments(parser: argparse.ArgumentParser) -> None:
    """How fast, and for how long."""
    parser.add_argument("--rate", type=float, default=1.0, help="bookings a second; everything else follows")
    parser.add_argument("--seconds", type=float, default=60.0, help="when to stop; at most an hour")
    parser.add_argument(
        "--steady",
        type=float,
        metavar="SECONDS",
        help="until told to stop, one small thing every so many seconds (`icargos run` does this in the demo world)",
    )


def run(options: argparse.Namespace) -> int:
    """Book, scan, ride, deliver, fail, advise and close, until the time is over."""
    die_with_parent()
    with installation():
        set_up_django()
        from icargos.kit.errors import NotFound
        from icargos.main.demo import simulate

        dice = random.Random()  # noqa: S311  nothing secret hangs on it
        if options.steady:
            simulate.live_on(every=min(max(options.steady, 0.05), 600.0), dice=dice, pause=time.sleep)
            return 0
        try:
            done = simulate.pass_time(
                rate=min(max(options.rate, 0.1), 200.0),
                seconds=min(max(options.seconds, 1.0), 3600.0),
                dice=dice,
                clock=time.monotonic,
                pause=time.sleep,
            )
        except NotFound as refusal:
            say(refusal.message)
            return 1
        say(f"{done} parcels were booked; the rest of their lives went on.")
    return 0
