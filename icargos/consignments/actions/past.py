"""A past that is written down now: whole lives of parcels at once, by the same table of moves."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from django.db import connection

from icargos.consignments.actions.columns import EVENT
from icargos.consignments.actions.handing import (
    FreshHandover,
    Handover,
    handed_fact,
    handover_event,
    set_custody,
)
from icargos.consignments.actions.locking import Held, lock, unknown
from icargos.consignments.actions.moving import (
    Fresh,
    Move,
    after,
    check_move,
    move_event,
    moved_fact,
    set_status,
    turns,
)
from icargos.ground import bulk, facts
from icargos.kit.actor import Actor, Stamp
from icargos.kit.errors import Conflict


class OutOfTime(Conflict):
    """What is told of the past lies before what is known already, or after now."""

    code = "out_of_time"


def record_past(actor: Actor, steps: Sequence[tuple[Move | Handover, Stamp]], *, now: datetime) -> None:
    """Write moves and hand-overs of the past, each by its own person and at its own time, all or none.

    In the order given; a parcel may have many steps. In a few statements for all of them, and with the facts. Needs
    APPROVE. Raises NotFound for an unknown number, MoveRefused for a move the table forbids, OutOfTime for a step
    before the parcel's last one or after ``now``, each naming the parcel. A step that is known already is refused by
    the database.
    """
    actor.require("approve")
    held = lock(actor, list({step.cn for step, _by in steps}))
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
    for turn in turns(fresh):
        set_status([one for one in turn if isinstance(one, Fresh)])
        set_custody([one for one in turn if isinstance(one, FreshHandover)])
    facts.record_each([(moved_fact(one) if isinstance(one, Fresh) else handed_fact(one), one.by) for one in fresh])


def _event(one: Fresh | FreshHandover) -> tuple[object, ...]:
    return move_event(one) if isinstance(one, Fresh) else handover_event(one)


def _latest(held: Mapping[str, Held]) -> dict[str, datetime]:
    """When each of these parcels came to its status."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT cn, status_at FROM consignments_consignment WHERE id = ANY(%s)",
            [[parcel.id for parcel in held.values()]],
        )
        return dict(cursor.fetchall())
