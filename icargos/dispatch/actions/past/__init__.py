"""A past that is written down now: weeks of scans, runs, visits, advice and cash in a few statements."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from icargos.accounts.rules import Can
from icargos.dispatch.actions.past.living import live
from icargos.dispatch.actions.past.standing import PastRefused, Standing
from icargos.dispatch.actions.past.writing import write
from icargos.dispatch.rules.past import Deed
from icargos.ground import facts
from icargos.kit.actor import Actor


@transaction.atomic
def record_past(actor: Actor, deeds: Sequence[Deed], *, now: datetime) -> None:
    """Write down what happened before ``now``, in the order told, all or none.

    Every deed is decided by the same rules as its own action: what that would refuse is refused here, naming the
    parcel. Parcels end where their last deed left them, with history, stops, attempts, proofs, questions, ledger and
    facts; reactions and open pages are not told. Needs APPROVE, and of each person what their deed needs. Raises
    PastRefused, MoveRefused, OutOfTime, and the refusals of the single actions.
    """
    actor.require(Can.APPROVE)
    with facts.history():
        standing = Standing(actor, deeds)
        for deed in deeds:
            live(standing, deed)
        write(actor, standing, now=now)


__all__ = ["PastRefused", "record_past"]
