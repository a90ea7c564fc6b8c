"""The relay: carries facts from the outbox to whoever reacts to them, in batches, at least once.

It claims rows that no other relay holds, drops those that nobody wants, defers one job for each reaction and batch,
and wakes the live pages by one NOTIFY for each tenant. Never a cursor by the highest id: that skips late commits.
"""

from collections.abc import Callable, Mapping, Sequence

import msgspec
from django.db import connection

from icargos.ground.tenancy import acting
from icargos.kit.actor import Actor, Kind

BATCH = 1000
CHANNEL = "icargos_live"
RELAY = Actor(Kind.SYSTEM, name="Relay")

_CLAIM = """
DELETE FROM ground_outbox WHERE fact_id = ANY(ARRAY(
    SELECT fact_id FROM ground_outbox ORDER BY fact_id LIMIT %s FOR UPDATE SKIP LOCKED))
RETURNING fact_id, kind, shipper_id
"""


class FactRow(msgspec.Struct, frozen=True):
    """A recorded fact as a reaction reads it."""

    id: int
    kind: str
    shipper_id: int | None
    subject_id: int
    actor_id: int | None
    data: dict[str, object]


def carry(wanted: Mapping[str, Sequence[str]], defer: Callable[[str, list[int]], None]) -> int:
    """Carry one batch; returns how many facts left the outbox.

    ``wanted`` maps a fact's kind to the names of its reactions; ``defer(name, fact_ids)`` must enqueue within this
    transaction, so that a killed relay neither loses nor doubles a hand-over.
    """
    with acting(RELAY), connection.cursor() as cursor:
        cursor.execute(_CLAIM, [BATCH])
        claimed = sorted(cursor.fetchall())
        jobs: dict[str, list[int]] = {}
        told: dict[int | None, set[str]] = {}
        for fact_id, kind, shipper_id in claimed:
            told.setdefault(shipper_id, set()).add(kind)
            for name in wanted.get(kind, ()):
                jobs.setdefault(name, []).append(fact_id)
        for name, fact_ids in jobs.items():
            defer(name, fact_ids)
        for tenant, kinds in told.items():
            note = msgspec.json.encode({"shipper": tenant, "kinds": sorted(kinds)}).decode()
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, note])
    return len(claimed)


def facts(fact_ids: Sequence[int]) -> list[FactRow]:
    """The facts with these ids, oldest first."""
    with acting(RELAY), connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, kind, shipper_id, subject_id, actor_id, data FROM ground_fact WHERE id = ANY(%s) ORDER BY id",
            [list(fact_ids)],
        )
        return [
            FactRow(fact_id, kind, shipper_id, subject_id, actor_id, _plain(data))
            for fact_id, kind, shipper_id, subject_id, actor_id, data in cursor.fetchall()
        ]


def _plain(data: object) -> dict[str, object]:
    found = msgspec.json.decode(data) if isinstance(data, str) else data
    assert isinstance(found, dict)
    return found
