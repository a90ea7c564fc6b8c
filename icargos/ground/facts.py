"""Facts: one append-only row for each thing that happened, and its outbox row, in the transaction that did it."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

import msgspec
from django.db import connection

from icargos.ground import bulk
from icargos.kit.actor import Actor


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """What a fact says. Subclasses set ``kind`` (also the webhook's name) and add ids, codes and amounts only."""

    kind: ClassVar[str] = ""

    shipper_id: int | None
    subject_id: int


_COLUMNS = {"kind": "text", "shipper_id": "bigint", "subject_id": "bigint", "data": "jsonb"}
_INSERT = """
WITH new AS (
    INSERT INTO ground_fact (at, kind, shipper_id, subject_id, actor_kind, actor_id, request_id, data)
    SELECT %s, kind, shipper_id, subject_id, %s, %s, %s, data FROM {source}
    RETURNING id, kind, shipper_id)
INSERT INTO ground_outbox (fact_id, kind, shipper_id) SELECT id, kind, shipper_id FROM new
"""
_OF_ITS_OWN = ("shipper_id", "subject_id")


def record(actor: Actor, events: Sequence[Event], *, now: datetime) -> None:
    """Write the facts and their outbox rows in one statement, in the caller's transaction.

    A programme stands in the trail as "key" with its API key's id, a person as their kind with their own.
    """
    if not events:
        return
    encode = msgspec.json.Encoder().encode
    rows = []
    for event in events:
        names = event.__struct_fields__
        body = {name: getattr(event, name) for name in names if name not in _OF_ITS_OWN}
        rows.append((event.kind, event.shipper_id, event.subject_id, encode(body).decode()))
    with bulk.given(_COLUMNS, rows) as (source, arrays), connection.cursor() as cursor:
        by = (actor.kind.value, actor.user_id) if actor.key_id is None else ("key", actor.key_id)
        who = [now, *by, actor.request_id]
        cursor.execute(_INSERT.format(source=source), [*who, *arrays])
