"""Scans that change who holds a parcel and leave its status alone."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db import connection

from icargos.consignments.actions.columns import EVENT
from icargos.consignments.actions.locking import known_events, lock, unknown
from icargos.consignments.events import ConsignmentHandedOver
from icargos.consignments.rules import Custody, Status
from icargos.ground import bulk, facts
from icargos.kit.actor import Actor


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


_HAND_OVER = """
UPDATE consignments_consignment c SET custody = h.custody, attempts = c.attempts + h.counts
FROM unnest(%s::bigint[], %s::text[], %s::smallint[]) AS h (id, custody, counts) WHERE c.id = h.id
"""


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
    fresh = [
        (one, held[one.cn])
        for one in handovers
        if (held[one.cn].shipper_id, one.source, one.source_event_id) not in known
    ]
    bulk.insert(
        "consignments_event",
        EVENT,
        [
            (parcel.shipper_id, parcel.id, (one.code or parcel.status).value, one.occurred_at, now)
            + (
                one.source,
                one.source_event_id,
                actor.user_id,
                actor.name,
                one.station_id,
                one.city_id,
                None,
                None,
                None,
            )
            + ("", one.note, "", False, False)
            for one, parcel in fresh
        ],
    )
    with connection.cursor() as cursor:
        cursor.execute(
            _HAND_OVER,
            [
                [parcel.id for _one, parcel in fresh],
                [one.custody.value for one, _parcel in fresh],
                [int(one.counts) for one, _parcel in fresh],
            ],
        )
    told = [
        ConsignmentHandedOver(shipper_id=parcel.shipper_id, subject_id=parcel.id, cn=one.cn, custody=one.custody.value)
        for one, parcel in fresh
    ]
    facts.record(actor, told, now=now)
