"""What a scan comes to, at the belt, on a sheet, at a pickup."""

from enum import StrEnum


class Verdict(StrEnum):
    """Accepted, known already, or refused with a sentence that says what to do."""

    MOVED = "moved"
    AGAIN = "again"
    REFUSED = "refused"
