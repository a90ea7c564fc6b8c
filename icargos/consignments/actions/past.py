"""A past that is written down now: whole lives of parcels at once, by the same table of moves."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from django.db import connection

from icargos.consignments.actions.columns import EVENT
from icargos.consignments.actions.handing import FreshHandover, Handover, handed_fact, handover_event
from icargos.consignments.actions.locking import Held, lock, unknown
from icargos.consignments.actions.moving import (
    Fresh,
    Move,
    after,
    check_move,
    move_event,
    moved_fact,
    set_status,
)
from icargos.consignments.rules import shortest
from icargos.ground import bulk, facts
from icargos.kit.actor import Actor, Stamp
from icargos.kit.errors import Conflict

_STAYED = {"id": "bigint", "at": "timestamptz", "reason": "text", "custody": "text", "counts": "smallint"}
_STAY = """
UPDATE consignments_consignment c SET status_at = coalesce(given.at, c.status_at), reason = given.reason,
    custody = given.custody, attempts = c.attempts + given.counts
FROM {source} WHERE c.id = given.id
"""


class OutOfTime(Conflict):
    """What is told of the past lies before what is known already, or after now."""

    code = "out_of_time"


def record_past(actor: Actor, steps: Sequence[tuple[Move | Handover, Stamp]], *, now: datetime) -> None:
    """Write moves and hand-overs of the past, each by its own person and at its own time, all or none.

    In the order given; a parcel may have many steps, and every one of them must be legal and joins its history. The
    parcel's own row goes the shortest legal way to where the last step left it. In a few statements for all of them,
    and with the facts. Needs APPROVE. Raises NotFound for an unknown number, MoveRefused for a move the table forbids,
    OutOfTime for a step before the parcel's last one or after ``now``, each naming the parcel. A step that is known
    already is refused by the database.
    """
    actor.require("approve")
    before = lock(actor, list({step.cn for step, _by in steps}))
    held = dict(before)
    latest = _latest(held)
    fresh: list[Fresh | FreshHandover] = []
    for step, by in steps:
        if step.cn not in held:
            raise unknown(step.cn)
        parcel = held[step.cn]
        if not latest[step.cn] <= by.at < now or step.occurred_at > by.at:
            raise OutOfTime(f"{step.cn}: what happened on {by.at:%d %b %Y, %H:%M} is told out of its time.")
        latest[step.cn] = by.at
        if isinstance(step, Move):
            check_move(step, parcel.status)
            fresh.append(Fresh(step, parcel, parcel.status, by))
            held[step.cn] = after(parcel, step)
        else:
            fresh.append(FreshHandover(step, parcel, by))
            held[step.cn] = msgspec.structs.replace(
                parcel, custody=step.custody, attempts=parcel.attempts + step.counts
            )
    bulk.insert("consignments_event", EVENT, [_event(one) for one in fresh])
    at = {one.move.cn: one.move.occurred_at for one in fresh if isinstance(one, Fresh)}
    _bring(before, held, at)
    facts.record_each([(moved_fact(one) if isinstance(one, Fresh) else handed_fact(one), one.by) for one in fresh])


def _event(one: Fresh | FreshHandover) -> tuple[object, ...]:
    return move_event(one) if isinstance(one, Fresh) else handover_event(one)


def _bring(before: Mapping[str, Held], after_: Mapping[str, Held], at: Mapping[str, datetime]) -> None:
    """Bring each parcel's row from what it was to what it is; ``at`` is when those that moved came there."""
    turns: dict[int, list[tuple[object, ...]]] = defaultdict(list)
    for cn, parcel in after_.items():
        was = before[cn]
        way = shortest(was.status, parcel.status)
        last = (parcel.reason, parcel.custody.value, parcel.attempts - was.attempts)
        for place, status in enumerate(way, start=1):
            counts = last if place == len(way) else ("", parcel.custody.value, 0)
            turns[place].append((parcel.id, status.value, at[cn], *counts))
        if not way:
            turns[0].append((parcel.id, at.get(cn), *last))
    with bulk.given(_STAYED, turns.pop(0, [])) as (source, arrays), connection.cursor() as cursor:
        cursor.execute(_STAY.format(source=source), arrays)
    for place in sorted(turns):
        set_status(turns[place])


def _latest(held: Mapping[str, Held]) -> dict[str, datetime]:
    """When each of these parcels came to its status."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT cn, status_at FROM consignments_consignment WHERE id = ANY(%s)",
            [[parcel.id for parcel in held.values()]],
        )
        return dict(cursor.fetchall())
