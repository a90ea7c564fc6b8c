"""Facts: one append-only row for each thing that happened, and its outbox row, in the transaction that did it."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

import msgspec
from django.db import connection

from icargos.kit.actor import Actor


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """What a fact says. Subclasses set ``kind`` (also the webhook's name) and add ids, codes and amounts only."""

    kind: ClassVar[str] = ""

    shipper_id: int | None
    subject_id: int


_INSERT = """
WITH new AS (
    INSERT INTO ground_fact (at, kind, shipper_id, subject_id, actor_kind, actor_id, request_id, data)
    SELECT %s, kind, shipper_id, subject_id, %s, %s, %s, data
    FROM unnest(%s::text[], %s::bigint[], %s::bigint[], %s::jsonb[]) AS n (kind, shipper_id, subject_id, data)
    RETURNING id, kind, shipper_id)
INSERT INTO ground_outbox (fact_id, kind, shipper_id) SELECT id, kind, shipper_id FROM new
"""


def record(actor: Actor, events: Sequence[Event], *, now: datetime) -> None:
    """Write the facts and their outbox rows in one statement, in the caller's transaction."""
    if not events:
        return
    skipped = {"shipper_id", "subject_id"}
    data = []
    for event in events:
        body = {name: getattr(event, name) for name in event.__struct_fields__ if name not in skipped}
        data.append(msgspec.json.encode(body).decode())
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            [
                now,
                actor.kind.value,
                actor.user_id,
                actor.request_id,
                [event.kind for event in events],
                [event.shipper_id for event in events],
                [event.subject_id for event in events],
                data,
            ],
        )
