"""What a sheet's rows come to: how many are in each state, what they cost and collect, what is wrong with them."""

from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar

import msgspec

from icargos.booking.rules.order import Order
from icargos.booking.rules.problems import Code, Problem, Severity


class State(StrEnum):
    """The fate of one row."""

    READY = "ready"
    WARNED = "warned"
    WRONG = "wrong"
    BOOKED = "booked"
    UNDONE = "undone"


BOOKABLE = frozenset({State.READY, State.WARNED})
OPEN = BOOKABLE | {State.WRONG}  # may still be mended


class Share(msgspec.Struct):
    """A part of the bookable rows: how many they are, their COD and their charges in paisa."""

    rows: int = 0
    cod_paisa: int = 0
    charges_paisa: int = 0

    def add(self, cod_paisa: int, charges_paisa: int, times: int) -> None:
        """One row more, or with ``times`` -1 one less."""
        self.rows += times
        self.cod_paisa += times * cod_paisa
        self.charges_paisa += times * charges_paisa


class Totals(msgspec.Struct):
    """The sums over a sheet's open rows, kept row by row. Money in paisa, of the rows that can be booked.

    ``services`` by code, ``cities`` by destination id as text; ``errors`` and ``warnings`` count problems by code.
    """

    states: dict[State, int] = msgspec.field(default_factory=dict)
    whole: Share = msgspec.field(default_factory=Share)
    cod_rows: int = 0
    services: dict[str, Share] = msgspec.field(default_factory=dict)
    cities: dict[str, Share] = msgspec.field(default_factory=dict)
    errors: dict[Code, int] = msgspec.field(default_factory=dict)
    warnings: dict[Code, int] = msgspec.field(default_factory=dict)

    def __getitem__(self, state: State) -> int:
        return self.states.get(state, 0)

    def count(
        self,
        state: State,
        problems: Sequence[Problem],
        order: Order | None,
        charges_paisa: int,
        *,
        times: int = 1,
    ) -> None:
        """Add one row, or with ``times=-1`` take it out again."""
        _add(self.states, state, times)
        if state not in OPEN:
            return
        for problem in problems:
            _add(self.errors if problem.severity is Severity.ERROR else self.warnings, problem.code, times)
        if order is None or state not in BOOKABLE:
            return
        self.cod_rows += times if order.cod_paisa else 0
        self.whole.add(order.cod_paisa, charges_paisa, times)
        for shares, key in ((self.services, order.service), (self.cities, str(order.destination_city_id))):
            share = shares.get(key)
            if share is None:
                share = shares[key] = Share()
            share.add(order.cod_paisa, charges_paisa, times)
            if not share.rows:
                del shares[key]


_Key = TypeVar("_Key")


def _add(counts: dict[_Key, int], key: _Key, times: int) -> None:
    counts[key] = counts.get(key, 0) + times
    if not counts[key]:
        del counts[key]
