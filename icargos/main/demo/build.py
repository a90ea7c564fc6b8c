"""Builds the demo world: weeks of the courier's life, and a day that is still going on."""

import random
import secrets
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from icargos.ground.tenancy import acting
from icargos.main.demo.courier import Day
from icargos.main.demo.people import NOOR, ROOT, ZARQA, crew, hire
from icargos.main.signins import SignIn

DAYS = 28
_PER_DAY = {ZARQA: 9, NOOR: 3}


def build(home: Path) -> list[SignIn]:
    """Make the demo world and return its sign-ins, each with a new random password. ``home`` is unused state room.

    The people come in one transaction, and with them the right to begin: a world that was killed half-way is gone on
    with from where its calendar stands.
    """
    del home
    now = timezone.now()
    with acting(ROOT):
        signins = hire(lambda: secrets.token_urlsafe(9), now=now)
        team = crew()
    day = Day(team, random.Random(4926))  # noqa: S311  the same demo world every time
    morning = timezone.localtime(now).replace(hour=9, minute=0, second=0, microsecond=0)
    for back in range(DAYS, 0, -1):
        _live_through(day, morning - timedelta(days=back), number=DAYS - back, leave=2 if back < 3 else 0)
    _begin(day, now=now)
    return signins


def _live_through(day: Day, at: datetime, *, number: int, leave: int) -> None:
    """One past day, from the first scan to the last rupee. Stations ride every other day, so that runs are full."""
    hour = timedelta(hours=1)
    day.receive_sent(now=at)
    left = [] if number % 2 else day.ride(now=at + hour)
    for station, _run in left:
        day.visit(station.rider, now=at + 2 * hour)
    for name, count in _PER_DAY.items():
        day.book(name, count, prefix=f"{name[:2].upper()}-{at:%y%m%d}", now=at + 4 * hour)
    day.receive_booked(now=at + 7 * hour)
    for station, run_id in left:
        day.close(station, run_id, now=at + 8 * hour)
    day.advise(now=at + 9 * hour, leave=leave)
    day.send_on(now=at + 10 * hour)


def _begin(day: Day, *, now: datetime) -> None:
    """Today, up to this minute: parcels came, riders are out and have reported some of their stops."""
    day.receive_sent(now=now, most=16)
    for station, _run in day.ride(now=now):
        day.visit(station.rider, now=now, most=1)
    for name, count in _PER_DAY.items():
        day.book(name, count, prefix=f"{name[:2].upper()}-{timezone.localtime(now):%y%m%d}", now=now)


__all__ = ["build"]
