"""Scans that change who holds a parcel and leave its status alone."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db import connection

from icargos.consignments.actions.columns import EVENT
from icargos.consignments.actions.locking import Held, known_events, lock, unknown
from icargos.consignments.events import ConsignmentHandedOver
from icargos.consignments.rules import Custody, Status
from icargos.ground import bulk, facts
from icargos.kit.actor import Actor, Stamp


class Handover(msgspec.Struct, frozen=True, kw_only=True):
    """One scan after which somebody else holds the parcel. ``source_event_id`` makes its replay harmless.

    ``code`` is what the scan said where that is not the status the parcel has (a report that came too late to move
    it); ``counts`` makes it one of the attempts that lead to a return.
    """

    cn: str
    custody: Custody
    source: str
    source_event_id: str
    occurred_at: datetime
    code: Status | None = None
    counts: bool = False
    note: str = ""
    station_id: int | None = None
    city_id: int | None = None


_GIVEN = {"id": "bigint", "custody": "text", "counts": "smallint"}
_HAND_OVER = """
UPDATE consignments_consignment c SET custody = given.custody, attempts = c.attempts + given.counts
FROM {source} WHERE c.id = given.id
"""


class FreshHandover(msgspec.Struct, frozen=True):
    """A hand-over that is to be written: the parcel, who scanned it and when we heard of it."""

    handover: Handover
    parcel: Held
    by: Stamp


def hand_over(actor: Actor, handovers: Sequence[Handover], *, now: datetime) -> None:
    """Record who holds these parcels now, all or none; at most one scan for each parcel.

    The scan joins the parcel's history and is not shown to the public. Replays change nothing. Raises NotFound for a
    number that is not the actor's to see.
    """
    held = lock(actor, [one.cn for one in handovers])
    known = known_events(held, [(one.source, one.source_event_id) for one in handovers])
    for one in handovers:
        if one.cn not in held:
            raise unknown(one.cn)
    by = Stamp(actor, now)
    fresh = [
        FreshHandover(one, held[one.cn], by)
        for one in handovers
        if (held[one.cn].shipper_id, one.source, one.source_event_id) not in known
    ]
    bulk.insert("consignments_event", EVENT, [handover_event(one) for one in fresh])
    rows = [(one.parcel.id, one.handover.custody.value, int(one.handover.counts)) for one in fresh]
    with bulk.given(_GIVEN, rows) as (source, arrays), connection.cursor() as cursor:
        cursor.execute(_HAND_OVER.format(source=source), arrays)
    facts.record_each([(handed_fact(one), one.by) for one in fresh])


def handover_event(one: FreshHandover) -> tuple[object, ...]:
    """The scan's row in the parcel's history, in the order of ``EVENT``."""
    said, parcel, by = one.handover, one.parcel, one.by
    code = (said.code or parcel.status).value
    return (
        (parcel.shipper_id, parcel.id, code, said.occurred_at, by.at, said.source, said.source_event_id)
        + (by.actor.user_id, by.actor.name, said.station_id, said.city_id, None, None, None)
        + ("", said.note, "", False, False)
    )


def handed_fact(one: FreshHandover) -> ConsignmentHandedOver:
    """What the trail says of it."""
    return ConsignmentHandedOver(
        shipper_id=one.parcel.shipper_id,
        subject_id=one.parcel.id,
        cn=one.handover.cn,
        custody=one.handover.custody.value,
    )
