"""Time passing in the demo world: what the courier's people do, fast by rounds or steadily, one thing at a time."""

import random
from collections.abc import Callable

import structlog
from django.db import Error, close_old_connections
from django.utils import timezone

from icargos.consignments import queries
from icargos.ground.tenancy import acting
from icargos.kit.errors import Refused
from icargos.main.demo.courier import Day
from icargos.main.demo.people import BARQ, NOOR, ROOT, ZARQA, crew

log = structlog.get_logger("life")
MOST_A_DAY = 400  # bookings of all shippers, their own included
_SHIPPERS = (ZARQA, BARQ, NOOR)
_SHARES = (60, 28, 12)


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
            booked += _book(day, wanted)
        for step in _steps(day, round_):
            try:
                step()
            except Refused:
                continue
        round_ += 1
        pause(max(0.0, 1.0 - (clock() - began) % 1.0))
    return booked


def live_on(
    *, every: float, dice: random.Random, pause: Callable[[float], None], goes_on: Callable[[], bool] = lambda: True
) -> None:
    """Do one small thing every few seconds (``every``, on average) while ``goes_on``: a scan, a visit, a booking.

    Nobody books any more today when all shippers together have booked ``MOST_A_DAY`` parcels; what is on its way goes
    on. Nothing is remembered between two things, so that it may be killed at any moment. A database that is away is
    waited for.
    """
    day: Day | None = None
    while goes_on():
        pause(every * dice.uniform(0.5, 1.5))
        try:
            if day is None:
                with acting(ROOT):
                    team = crew()
                day = Day(team, dice)
            _one_thing(day)
        except Refused:
            continue  # Somebody at a page was faster.
        except Error as error:
            log.warning("life: the database did not answer", error=str(error).splitlines()[0])
            close_old_connections()
            pause(5.0)


def _one_thing(day: Day) -> None:
    """The first of the things, in a random order, that there is something to do of."""
    now = timezone.now
    dice = day.dice
    stations = list(day.crew.stations.values())
    riders = [rider for station in stations for rider in station.riders]

    def close() -> int:
        finished = day.finished()
        for station, run_id in finished[:1]:
            day.close(station, run_id, now=now())
        return len(finished)

    def visit() -> int:
        return next(
            (done for rider in dice.sample(riders, len(riders)) if (done := day.visit(rider, now=now(), most=1))), 0
        )

    things: list[tuple[int, Callable[[], int]]] = [
        (22, lambda: _book(day, 1) if _may_book(day) else 0),
        (14, lambda: day.receive_booked(now=now(), most=3)),
        (12, lambda: day.send_on(now=now(), most=3)),
        (14, lambda: day.receive_sent(now=now(), most=3)),
        (26, visit),
        (4, lambda: len(day.ride(now=now(), most=12, runs=1))),
        (4, close),
        (4, lambda: day.advise(now=now(), leave=6, most=1)),
    ]
    while things:
        (chosen,) = dice.choices(things, weights=[weight for weight, _thing in things])
        if chosen[1]():
            return
        things.remove(chosen)


def _may_book(day: Day) -> bool:
    booked = 0
    for booker in day.crew.bookers.values():
        with acting(booker):
            booked += sum(queries.tally(booker, since=timezone.localdate()).values())
    return booked < MOST_A_DAY


def _book(day: Day, count: int) -> int:
    (name,) = day.dice.choices(_SHIPPERS, weights=_SHARES)
    now = timezone.now()
    return len(day.book(name, count, prefix=f"S{now:%H%M%S%f}", now=now, source="api"))


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
