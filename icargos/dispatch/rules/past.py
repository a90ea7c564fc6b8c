"""What happened in the past, as it is told to be written down: each deed by its own person, at its own time."""

from datetime import date, datetime

import msgspec

from icargos.consignments.rules import Status
from icargos.dispatch.rules.advice import AdviceOrder
from icargos.dispatch.rules.outcome import Outcome
from icargos.kit.actor import Actor


class Deed(msgspec.Struct, frozen=True, kw_only=True):
    """Something that one of the courier's people, or a shipper's, did."""

    by: Actor
    at: datetime


class Arrival(Deed, frozen=True, kw_only=True):
    """A parcel was scanned in at the station of ``by``; ``grams`` is the scale's reading where there was one."""

    cn: str
    grams: int | None = None


class Departure(Deed, frozen=True, kw_only=True):
    """A parcel was sent on from the station of ``by``."""

    cn: str


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """One stop of a run. ``outcome`` is what the phone reported (its ``stop_id`` is filled in), None for nothing."""

    cn: str
    outcome: Outcome | None = None
    received_at: datetime | None = None  # None: at once


class PastRun(Deed, frozen=True, kw_only=True):
    """A run sheet from its opening (``at``, by the desk) to its cash close. The rider hands over all he took.

    What is not delivered is scanned back at ``back_at``. ``short_paisa`` was missing in the end, which ``approved_by``
    took note of.
    """

    rider: Actor
    left_at: datetime
    back_at: datetime
    closed_at: datetime
    visits: tuple[Visit, ...]
    short_paisa: int = 0
    approved_by: int | None = None


class Advised(Deed, frozen=True, kw_only=True):
    """A shipper answered the open question about a parcel."""

    order: AdviceOrder


class Answered(Deed, frozen=True, kw_only=True):
    """The desk accepted an advice, or decided by an override (``action``, day) what shall happen with the parcel."""

    cn: str
    decision: str
    comment: str = ""
    action: str = ""
    on_date: date | None = None


class Step(Deed, frozen=True, kw_only=True):
    """Any other move that the table allows, at the station of ``by`` where they have one."""

    cn: str
    to: Status
    reason: str = ""
    note: str = ""
