"""The cash of a past that is written down now: collections and cash closes of many riders at once."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from icargos.accounts.rules import Can
from icargos.consignments import actions as consignments
from icargos.consignments.rules import CodState
from icargos.finance.actions.cash import Collected, Handed, closed_by, collection, held_by
from icargos.finance.actions.posting import PostingRefused, post
from icargos.finance.rules import Held
from icargos.ground import bulk, facts
from icargos.kit.actor import Actor, Stamp


def record_past(actor: Actor, done: Sequence[tuple[Collected | Handed, Stamp]], *, now: datetime) -> None:
    """Post what was collected and handed over in the past, each by its own person and at its own time, all or none.

    In the order given: a close takes over what its rider held at that moment. ``cash_paisa`` and ``digital_paisa`` of
    a close as for ``close_cash``. In the caller's transaction. Needs APPROVE. Raises CloseRefused as ``close_cash``
    does, PostingRefused for what is in the books already.
    """
    actor.require(Can.APPROVE)
    riders = {one.rider_id for one, _by in done}
    held: dict[int, list[Held]] = {rider: held_by(rider) for rider in riders}
    collected: dict[int, Stamp] = {}
    deposited: dict[int, Stamp] = {}
    postings, rows, told = [], [], []
    for one, by in done:
        if isinstance(one, Collected):
            postings.append(collection(one, by))
            day = timezone.localdate(by.at)
            held[one.rider_id].append(Held(one.consignment_id, one.shipper_id, one.cod_paisa, day))
            collected[one.consignment_id] = by
            continue
        _closed, posting, row, fact = closed_by(one, held[one.rider_id], by)
        postings += [posting] if posting.transfers else []
        rows.append(row)
        told.append((fact, by))
        deposited |= dict.fromkeys([parcel.consignment_id for parcel in held[one.rider_id]], by)
        held[one.rider_id] = []
    if not all(post(actor, postings, now=now)):
        raise PostingRefused("Some of this cash is in the books already.")
    bulk.create(rows)
    for state, ids in ((CodState.COLLECTED, collected), (CodState.DEPOSITED, deposited)):
        consignments.set_cod_state(actor, list(ids), state, now=now, by=ids)
    facts.record_each(told)
