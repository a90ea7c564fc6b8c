"""Statements of account are read, not made: what is kept is who took one out."""

from datetime import datetime

from icargos.accounts.rules import Can
from icargos.finance.events import StatementTaken
from icargos.finance.rules import Period
from icargos.ground import facts
from icargos.kit.actor import Actor


def note_statement(actor: Actor, period: Period, *, fmt: str, lines: int, now: datetime) -> None:
    """Record that the actor took a statement out as a file. In the caller's transaction. Needs SEE_CHARGES."""
    actor.require(Can.SEE_CHARGES)
    told = StatementTaken(
        shipper_id=actor.tenant,
        subject_id=actor.user_id or 0,
        format=fmt,
        since=period.since,
        until=period.until,
        lines=lines,
    )
    facts.record(actor, [told], now=now)
