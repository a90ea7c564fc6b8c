"""The ledger's own rules: which accounts there are, which transfers a cash close makes, how debts age. Pure.

One transfer moves an amount from the account it credits to the account it debits, so every transaction balances by
construction. Only money that somebody holds or owes is booked: COD that is still to be collected is not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from icargos.consignments.rules import FAMILY, Family, Status
from icargos.kit.texts import gettext_noop as _


class Side(StrEnum):
    """What an account's balance means: the courier has the money, or owes it."""

    HAS = "has"
    OWES = "owes"


# The first part of an account's code, up to the colon; what follows is whose it is.
ACCOUNTS: Mapping[str, Side] = MappingProxyType(
    {
        "rider_cash": Side.HAS,  # what a rider must hand over, in cash or as proof of a digital payment
        "station_cash": Side.HAS,  # in a station's till
        "bank": Side.HAS,
        "cash_short": Side.HAS,  # what a rider handed over too little, and still owes
        "payable": Side.OWES,  # COD collected for a shipper and not yet paid
        "cash_over": Side.OWES,  # handed over too much, until it is known whose it is
    }
)

BANK = "bank"
CASH_OVER = "cash_over"
CASH = "cash"  # the method of payment that leaves notes in the rider's hand


def rider_cash(rider_id: int) -> str:
    """What this rider must hand over."""
    return f"rider_cash:{rider_id}"


def station_cash(station_id: int) -> str:
    """This station's till."""
    return f"station_cash:{station_id}"


def cash_short(rider_id: int) -> str:
    """What this rider handed over too little."""
    return f"cash_short:{rider_id}"


def payable(shipper_id: int) -> str:
    """COD owed to this shipper, before charges."""
    return f"payable:{shipper_id}"


def side(account: str) -> Side:
    """What a balance of this account means. Raises KeyError for an account that is in no table."""
    return ACCOUNTS[account.partition(":")[0]]


class Cause(StrEnum):
    """Why a transaction was posted."""

    COLLECT = "collect"
    DEPOSIT = "deposit"
    REVERSE = "reverse"


@dataclass(frozen=True, slots=True)
class Transfer:
    """One row of the ledger: ``amount_paisa`` (above zero) from ``credit`` to ``debit``.

    ``since`` is the local day from which the money counts as owed: a correction carries the day of what it corrects.
    """

    debit: str
    credit: str
    amount_paisa: int
    since: date
    shipper_id: int | None = None
    consignment_id: int | None = None
    run_id: int | None = None
    rider_id: int | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """COD of one parcel that a rider holds, in paisa."""

    consignment_id: int
    shipper_id: int
    amount_paisa: int
    since: date


def closing(
    held: Sequence[Held], *, rider_id: int, station_id: int, run_id: int, cash_paisa: int, digital_paisa: int, day: date
) -> tuple[Transfer, ...]:
    """A cash close: each parcel's COD goes to the till, what came digitally on to the bank, a difference stands apart.

    The rider's account is clear afterwards; what he handed over too little stands on ``cash_short``, too much on
    ``cash_over``. The till grows by exactly the cash.
    """
    till, rider = station_cash(station_id), rider_cash(rider_id)
    rows = [
        Transfer(till, rider, one.amount_paisa, one.since, one.shipper_id, one.consignment_id, run_id, rider_id)
        for one in held
    ]
    over = cash_paisa + digital_paisa - sum(one.amount_paisa for one in held)
    if over < 0:
        rows.append(Transfer(cash_short(rider_id), till, -over, day, run_id=run_id, rider_id=rider_id))
    if over > 0:
        rows.append(Transfer(till, CASH_OVER, over, day, run_id=run_id, rider_id=rider_id))
    if digital_paisa:
        rows.append(Transfer(BANK, till, digital_paisa, day, run_id=run_id, rider_id=rider_id))
    return tuple(rows)


def reversing(transfers: Sequence[Transfer]) -> tuple[Transfer, ...]:
    """The same transfers the other way round, each dated as the one it takes back."""
    return tuple(
        Transfer(
            one.credit,
            one.debit,
            one.amount_paisa,
            one.since,
            one.shipper_id,
            one.consignment_id,
            one.run_id,
            one.rider_id,
        )
        for one in transfers
    )


@dataclass(frozen=True, slots=True)
class Period:
    """Local days, both included."""

    since: date
    until: date

    @property
    def days(self) -> int:
        """How many; none or fewer where it ends before it begins."""
        return (self.until - self.since).days + 1


LONGEST_PERIOD = 366  # days of one statement of account


def month_of(day: date) -> Period:
    """The calendar month that the day is in."""
    first = day.replace(day=1)
    return Period(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


class Age(StrEnum):
    """How long COD has been owed, in local days."""

    WEEK = "0-7"
    FORTNIGHT = "8-14"
    MONTH = "15-30"
    OLDER = "30+"


AGE_LABEL: Mapping[Age, str] = MappingProxyType(
    {
        Age.WEEK: _("0–7 days"),
        Age.FORTNIGHT: _("8–14 days"),
        Age.MONTH: _("15–30 days"),
        Age.OLDER: _("Over 30 days"),
    }
)


def age(since: date, today: date) -> Age:
    """The age group of a debt that stands since a day; a day to come counts as today."""
    days = (today - since).days
    return Age.WEEK if days <= 7 else Age.FORTNIGHT if days <= 14 else Age.MONTH if days <= 30 else Age.OLDER


# "COD in process": booked, and still on its way to the consignee.
IN_PROCESS: frozenset[Status] = frozenset(
    status
    for status in Status
    if FAMILY[status] in {Family.BOOKED, Family.PICKUP, Family.MOVING, Family.OUT, Family.ATTENTION}
)
