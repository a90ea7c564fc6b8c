"""What can be wrong with a sheet, a row or a cell, by code."""

from collections.abc import Callable
from enum import StrEnum

import msgspec

from icargos.kit.texts import gettext_noop

__all__ = ["WARNINGS", "Code", "Problem", "Severity", "gettext_noop", "severity"]


class Code(StrEnum):
    """The stable names of problems; files, pages and programmes show the same ones."""

    REQUIRED = "REQUIRED"
    TYPE = "TYPE"
    RANGE = "RANGE"
    PHONE_INVALID = "PHONE_INVALID"
    CITY_UNKNOWN = "CITY_UNKNOWN"
    CITY_NOT_SERVED = "CITY_NOT_SERVED"
    SERVICE_NOT_AVAILABLE = "SERVICE_NOT_AVAILABLE"
    COD_FORBIDDEN = "COD_FORBIDDEN"
    COD_OVER_LIMIT = "COD_OVER_LIMIT"
    DUP_IN_FILE = "DUP_IN_FILE"
    DUP_EXISTING = "DUP_EXISTING"
    WEIGHT_OVER_SERVICE = "WEIGHT_OVER_SERVICE"
    PROFILE_UNKNOWN = "PROFILE_UNKNOWN"
    HEADER_MISSING = "HEADER_MISSING"
    FILE_ENCRYPTED = "FILE_ENCRYPTED"
    FILE_TOO_BIG = "FILE_TOO_BIG"
    FILE_UNREADABLE = "FILE_UNREADABLE"
    ADDRESS_WEAK = "ADDRESS_WEAK"
    PHONE_REPAIRED = "PHONE_REPAIRED"
    RISK_HIGH = "RISK_HIGH"


class Severity(StrEnum):
    """An error keeps the row from being booked; a warning only asks for a look."""

    ERROR = "error"
    WARNING = "warning"


WARNINGS = frozenset({Code.ADDRESS_WEAK, Code.PHONE_REPAIRED, Code.RISK_HIGH})


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing wrong with one cell.

    ``row`` is the row number as the sheet counts (0 for a form); ``column`` a key of ``columns.COLUMNS``,
    "" when the row as a whole is meant; ``value`` the text as found; ``suggestion`` a value that would
    mend the cell, or ""; ``waived`` says that the shipper chose to book the row all the same.
    """

    row: int
    column: str
    value: str
    code: Code
    template: str
    params: dict[str, str] = {}
    suggestion: str = ""
    waived: bool = False

    @property
    def severity(self) -> Severity:
        """Error or warning, by the code; a waived error is a warning."""
        return Severity.WARNING if self.waived else severity(self.code)

    @property
    def message(self) -> str:
        """The plain English sentence."""
        return self.say(str)

    def say(self, translate: Callable[[str], str]) -> str:
        """The sentence in the reader's language; ``translate`` is gettext."""
        return translate(self.template) % self.params


def severity(code: Code) -> Severity:
    """Whether a problem of this code keeps a row from being booked."""
    return Severity.WARNING if code in WARNINGS else Severity.ERROR
