"""The courier's working days. Days are local days; Sundays and holidays are off."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

ZONE = ZoneInfo("Asia/Karachi")
_SUNDAY = 6


class Calendar(msgspec.Struct, frozen=True):
    """Which days are worked; ``holidays`` are their names by day."""

    holidays: Mapping[date, str]

    def is_working(self, day: date) -> bool:
        """Whether the courier works on the day."""
        return day.weekday() != _SUNDAY and day not in self.holidays

    def next_working(self, day: date) -> date:
        """The first working day after ``day``."""
        day += timedelta(days=1)
        while not self.is_working(day):
            day += timedelta(days=1)
        return day

    def pickup_days(self, today: date, *, days: int = 15) -> tuple[date, ...]:
        """The working days among ``today`` and those that follow it, ``days`` in all."""
        all_days = (today + timedelta(days=n) for n in range(days))
        return tuple(day for day in all_days if self.is_working(day))

    def first_pickup(self, now: datetime, cut_off: time) -> date:
        """The earliest day a pickup may be asked for: today until the cut-off, then the next working day."""
        local = now.astimezone(ZONE)
        if self.is_working(local.date()) and local.time() < cut_off:
            return local.date()
        return self.next_working(local.date())
