"""Clocks that are not ours: when something happened that a phone tells of later."""

from datetime import datetime, timedelta

_MOST_SKEW_S = 2**31 - 1


def clamp(
    device_at: datetime, *, dispatched_at: datetime, received_at: datetime, sent_at: datetime | None = None
) -> tuple[datetime, int]:
    """When it happened by our clock, and the phone's skew in seconds (positive = the phone is ahead).

    Where the phone also says what its clock showed at sending, the difference is its skew and is taken off first.
    The result never lies before the run was dispatched or after the report was received. Without ``sent_at`` the skew
    is what the clamp had to move.
    """
    # Ages, never times, are subtracted: a phone that thinks it is the year 1 must not overflow the calendar.
    age = (sent_at or received_at) - device_at
    at = received_at - min(max(age, timedelta(0)), received_at - dispatched_at)
    skew = (sent_at - received_at) if sent_at else (device_at - at)
    return at, min(max(round(skew.total_seconds()), -_MOST_SKEW_S), _MOST_SKEW_S)
