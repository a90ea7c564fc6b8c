"""How busy the demo's days are: growth, the week's rhythm, Sundays off, a holiday in the middle. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from icargos.main.demo.people import BARQ, NOOR, ZARQA

SUNDAY = 6
SHARE: Mapping[str, float] = {ZARQA: 0.60, BARQ: 0.28, NOOR: 0.12}
_WEEK = (1.20, 1.05, 1.0, 0.97, 0.80, 0.98, 0.0)  # from Monday; Friday is short
_GROWTH = 0.65  # from the first day to the last
_THIS_MORNING = 0.35  # of a day
_HOLIDAY = range(38, 41)  # this many days ago nobody worked
_LONG = 60  # a shorter story has no holiday


@dataclass(frozen=True, slots=True)
class Season:
    """The demo's calendar: ``worked`` are the days before ``today`` on which the courier worked, the oldest first."""

    today: date
    worked: tuple[date, ...]
    off: frozenset[date]

    def after(self, day: date, days: int = 1) -> date:
        """The working day that lies this many working days after ``day``."""
        while days:
            day += timedelta(days=1)
            days -= day.weekday() != SUNDAY and day not in self.off
        return day

    def bookings(self, parcels: int) -> dict[tuple[date, str], int]:
        """How many parcels each shipper books on each day, and this morning; they sum up to ``parcels``."""
        weights: dict[tuple[date, str], float] = {}
        for place, day in enumerate(self.worked):
            grown = 1 + _GROWTH * place / max(1, len(self.worked) - 1)
            weights |= {(day, shipper): grown * _WEEK[day.weekday()] * share for shipper, share in SHARE.items()}
        weights |= {(self.today, shipper): _THIS_MORNING * (1 + _GROWTH) * share for shipper, share in SHARE.items()}
        total, so_far, booked = sum(weights.values()), 0.0, 0
        counts = {}
        for key, weight in weights.items():
            so_far += weight
            counts[key] = round(parcels * so_far / total) - booked
            booked += counts[key]
        return counts


def season(today: date, days: int) -> Season:
    """The calendar of the last ``days`` days."""
    off = frozenset(today - timedelta(days=n) for n in _HOLIDAY) if days >= _LONG else frozenset()
    past = (today - timedelta(days=n) for n in range(days, 0, -1))
    return Season(today, tuple(day for day in past if day.weekday() != SUNDAY and day not in off), off)
