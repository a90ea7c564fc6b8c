"""Facts: one append-only row for each thing that happened, and its outbox row, in the transaction that did it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import ClassVar

import msgspec
from django.db import connection

from icargos.ground import bulk
from icargos.kit.actor import Actor, Stamp


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """What a fact says. Subclasses set ``kind`` (also the webhook's name) and add ids, codes and amounts only."""

    kind: ClassVar[str] = ""

    shipper_id: int | None
    subject_id: int


_COLUMNS = {
    "at": "timestamptz",
    "kind": "text",
    "shipper_id": "bigint",
    "subject_id": "bigint",
    "actor_kind": "text",
    "actor_id": "bigint",
    "request_id": "text",
    "data": "jsonb",
}
_KEEP = """
INSERT INTO ground_fact (at, kind, shipper_id, subject_id, actor_kind, actor_id, request_id, data)
SELECT at, kind, shipper_id, subject_id, actor_kind, actor_id, request_id, data FROM {source}
"""
_KEEP_AND_TELL = f"""
WITH new AS ({_KEEP} RETURNING id, kind, shipper_id)
INSERT INTO ground_outbox (fact_id, kind, shipper_id) SELECT id, kind, shipper_id FROM new
"""  # noqa: S608
_OF_ITS_OWN = ("shipper_id", "subject_id")
_quiet: ContextVar[bool] = ContextVar("history", default=False)


@contextmanager
def history() -> Iterator[None]:
    """What is recorded within is history: it joins the trail, but no reaction and no open page is told of it.

    For a past that is written down now (the demo's, another system's): its parcels were announced long ago.
    """
    before = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(before)


def record(actor: Actor, events: Sequence[Event], *, now: datetime) -> None:
    """Write the facts and their outbox rows in one statement, in the caller's transaction.

    A programme stands in the trail as "key" with its API key's id, a person as their kind with their own.
    """
    by = Stamp(actor, now)
    record_each([(event, by) for event in events])


def record_each(told: Sequence[tuple[Event, Stamp]]) -> None:
    """As ``record``, each fact with its own person and time. In the order given."""
    if not told:
        return
    encode = msgspec.json.Encoder().encode
    rows = []
    for event, by in told:
        names = event.__struct_fields__
        body = {name: getattr(event, name) for name in names if name not in _OF_ITS_OWN}
        actor = by.actor
        who = (actor.kind.value, actor.user_id) if actor.key_id is None else ("key", actor.key_id)
        subject = (event.kind, event.shipper_id, event.subject_id)
        rows.append((by.at, *subject, *who, actor.request_id, encode(body).decode()))
    statement = _KEEP if _quiet.get() else _KEEP_AND_TELL
    with bulk.given(_COLUMNS, rows) as (source, arrays), connection.cursor() as cursor:
        cursor.execute(statement.format(source=source), arrays)
