"""The language of a paper: whoever asks for one brings the words, since nothing here knows who reads it."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Final

import msgspec

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _as_it_stands(words: str) -> str:
    return words


class Tongue(msgspec.Struct, frozen=True):
    """How sentences are said, and whether they are read from right to left. Left alone it is English."""

    say: Callable[[str], str] = _as_it_stands
    from_right: bool = False

    def moment(self, at: datetime, *, seconds: bool = False) -> str:
        """``Sat 21 Nov 2026, 14:12``, or ``21 Nov 2026, 14:12:05``, as the clock of ``at`` itself shows it."""
        month = self.say(_MONTHS[at.month - 1]).title()
        if seconds:
            return f"{at.day} {month} {at.year}, {at:%H:%M:%S}"
        return f"{self.say(_DAYS[at.weekday()])} {at.day} {month} {at.year}, {at:%H:%M}"

    def day(self, day: date) -> str:
        """``Sat 21 Nov 2026``."""
        return f"{self.say(_DAYS[day.weekday()])} {day.day} {self.say(_MONTHS[day.month - 1]).title()} {day.year}"

    def date(self, day: date) -> str:
        """``21 Nov 2026``."""
        return f"{day.day} {self.say(_MONTHS[day.month - 1]).title()} {day.year}"

    def weight(self, grams: int) -> str:
        """``1.2 kg``, with no more decimals than needed and at least one."""
        whole, rest = divmod(grams, 1000)
        return self.say("%(figure)s kg") % {"figure": f"{whole:,}.{f'{rest:03d}'.rstrip('0') or '0'}"}

    def length(self, metres: float) -> str:
        """``85 m``, ``2.4 km``."""
        if metres < 1000:
            return self.say("%(n)d m") % {"n": round(metres)}
        return self.say("%(n).1f km") % {"n": metres / 1000}
