"""Facts about money."""

from datetime import date
from typing import ClassVar

from icargos.ground.facts import Event


class CashClosed(Event, frozen=True, kw_only=True):
    """A rider handed over the cash of a run; ``subject_id`` is the run. Paisa."""

    kind: ClassVar[str] = "cash.closed"

    expected_paisa: int
    cash_paisa: int
    digital_paisa: int
    over_paisa: int


class StatementTaken(Event, frozen=True, kw_only=True):
    """Somebody took a statement of account out; ``subject_id`` is the person. Local days, both included."""

    kind: ClassVar[str] = "statement.taken"

    format: str
    since: date
    until: date
    lines: int


class ChargeReplaced(Event, frozen=True, kw_only=True):
    """A parcel is charged anew because what was booked changed; ``subject_id`` is the consignment. Paisa."""

    kind: ClassVar[str] = "charge.replaced"

    was_paisa: int
    becomes_paisa: int
