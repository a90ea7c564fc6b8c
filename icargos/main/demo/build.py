"""Builds the demo world: weeks of the courier's life, and a day that is still going on."""

import random
import secrets
from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

from icargos.ground import facts
from icargos.ground.tenancy import acting
from icargos.main.demo.past import Past
from icargos.main.demo.people import ROOT, crew, hire
from icargos.main.demo.season import season
from icargos.main.demo.today import Today
from icargos.main.jobs import sum_tallies
from icargos.main.signins import SignIn

DAYS, PARCELS = 90, 20_000


def build(
    *, now: datetime, days: int = DAYS, parcels: int = PARCELS, tell: Callable[[str], None] = lambda _line: None
) -> list[SignIn]:
    """Make the demo world and return its sign-ins, each with a new random password.

    ``parcels`` is how many are booked in all, in the ``days`` before ``now`` and this morning. To be called in one
    transaction: a world that was killed half-way is not there. ``tell`` hears how far it is.
    """
    with facts.history(), acting(ROOT):
        signins = hire(lambda: secrets.token_urlsafe(9), now=now)
        team = crew()
    dice = random.Random(4926)  # noqa: S311  the same demo world every time
    calendar = season(timezone.localdate(now), days)
    counts = calendar.bookings(parcels)
    with facts.history():
        Past(team, calendar, dice, now=now).live(counts, tell)
        tell("  today, up to this minute")
        Today(team, dice, now=now).live({who: n for (day, who), n in counts.items() if day == calendar.today})
    sum_tallies(timestamp=0)
    return signins


__all__ = ["build"]
