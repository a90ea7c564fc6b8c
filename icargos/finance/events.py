"""Facts about money."""

from typing import ClassVar

from icargos.ground.facts import Event


class CashClosed(Event, frozen=True, kw_only=True):
    """A rider handed over the cash of a run; ``subject_id`` is the run. Paisa."""

    kind: ClassVar[str] = "cash.closed"

    expected_paisa: int
    cash_paisa: int
    digital_paisa: int
    over_paisa: int
