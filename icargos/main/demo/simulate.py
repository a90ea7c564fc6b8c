"""Time passing in the demo world: rounds of what the courier's people do, paced by bookings."""

import random
from collections.abc import Callable

from django.utils import timezone

from icargos.ground.tenancy import acting
from icargos.kit.errors import Refused
from icargos.main.demo.courier import Day
from icargos.main.demo.people import NOOR, ROOT, ZARQA, crew


def pass_time(
    *,
    rate: float,
    seconds: float,
    dice: random.Random,
    clock: Callable[[], float],
    pause: Callable[[float], None],
) -> int:
    """Live through rounds of about a second each for ``seconds``; returns how many parcels were booked.

    ``rate`` is bookings a second. A round that loses a race with somebody at a page (a parcel scanned twice, a run
    closed by hand) goes on with the next thing. Raises NotFound where no demo world is.
    """
    with acting(ROOT):
        team = crew()
    day = Day(team, dice)
    began = clock()
    booked, due, round_ = 0, 0.0, 0
    while clock() - began < seconds:
        due = rate * (clock() - began)
        wanted = int(due) - booked
        if wanted > 0:
            name = ZARQA if dice.random() < 0.75 else NOOR
            prefix = f"S{timezone.now():%H%M%S%f}"
            booked += len(day.book(name, wanted, prefix=prefix, now=timezone.now()))
        for step in _steps(day, round_):
            try:
                step()
            except Refused:
                continue
        round_ += 1
        pause(max(0.0, 1.0 - (clock() - began) % 1.0))
    return booked


def _steps(day: Day, round_: int) -> list[Callable[[], object]]:
    """What happens in a round: scans always, runs and cash by turns."""

    def scans() -> None:
        day.receive_booked(now=timezone.now())
        day.send_on(now=timezone.now())
        day.receive_sent(now=timezone.now())

    def visits() -> None:
        for station in day.crew.stations.values():
            for rider in station.riders:
                day.visit(rider, now=timezone.now(), most=3)

    def closes() -> None:
        for station, run_id in day.finished():
            day.close(station, run_id, now=timezone.now())

    turns: list[Callable[[], object]] = [
        lambda: day.ride(now=timezone.now()),
        visits,
        visits,
        closes,
        lambda: day.advise(now=timezone.now(), leave=3),
    ]
    return [scans, turns[round_ % len(turns)]]
