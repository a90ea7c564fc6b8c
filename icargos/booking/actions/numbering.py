"""The numbers of load sheets, pickups and run sheets: one after the other in the whole house, by month or by day."""

from datetime import date

from django.db import connection

from icargos.booking.rules import sheets as rules

_NEXT = """
INSERT INTO booking_series (name, n) VALUES (%s, 1)
ON CONFLICT (name) DO UPDATE SET n = booking_series.n + 1 RETURNING n
"""


def draw(kind: str, day: date, *, daily: bool = False, digits: int = 5) -> str:
    """The next number of the series, e.g. LS-2611-00042. Others wait for the caller's transaction to draw theirs."""
    series = rules.series(kind, day, daily=daily)
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [series])
        (n,) = cursor.fetchone()
    return rules.number(series, n, digits=digits)
