"""The relay's promise: every fact is handed over, none by two relays, and a kill loses nothing."""

import os
import select
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

import msgspec
import psycopg
import pytest
from django.db import connection, connections

from icargos.ground import facts, relay
from icargos.ground.tenancy import acting
from tests.cast import NOW, Cast
from tests.conftest import ROOT

WANTED = {"test.tried": ["first", "second"]}


class Tried(facts.Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "test.tried"


class Ignored(facts.Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "test.ignored"


@pytest.fixture(autouse=True)
def _emptied(cast: Cast) -> None:
    """The cast's own facts are carried off first."""
    while relay.carry({}, lambda name, ids: None):
        pass


def record(cast: Cast, count: int, whose: str = "A") -> list[int]:
    tenant, who = (cast.shipper_a, "bilal") if whose == "A" else (cast.shipper_b, "zara")
    with acting(cast.actor(who)), connection.cursor() as cursor:
        facts.record(cast.actor(who), [Tried(shipper_id=tenant, subject_id=n) for n in range(count)], now=NOW)
        cursor.execute("SELECT id FROM ground_fact WHERE kind = 'test.tried' ORDER BY id DESC LIMIT %s", [count])
        return sorted(i for (i,) in cursor.fetchall())


def left() -> int:
    with acting(relay.RELAY), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ground_outbox")
        return int(cursor.fetchone()[0])


@contextmanager
def killed_while_holding(database: str, count: int) -> Iterator[None]:
    """Another process holds the batch in an open transaction; it is killed at the end."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.ground.holding_relay"],
        env={**os.environ, "DATABASE_URL": database, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert child.stdout is not None
    try:
        assert select.select([child.stdout], [], [], 30)[0]
        assert child.stdout.readline() == f"holding {count}\n"
        yield
        assert child.poll() is None
    finally:
        child.kill()
        assert child.wait() == -9
        child.stdout.close()


def test_each_reaction_is_told_once_of_the_facts_it_wants_in_their_order(cast: Cast) -> None:
    ids = record(cast, 5)
    with acting(cast.actor("bilal")):
        facts.record(cast.actor("bilal"), [Ignored(shipper_id=cast.shipper_a, subject_id=1)], now=NOW)
    told: list[tuple[str, list[int]]] = []
    assert relay.carry(WANTED, lambda name, ids: told.append((name, ids))) == 6
    assert told == [("first", ids), ("second", ids)]
    assert left() == 0
    assert relay.carry(WANTED, lambda name, ids: told.append((name, ids))) == 0
    assert len(told) == 2
    assert [(f.id, f.kind, f.shipper_id) for f in relay.facts(ids)] == [(i, "test.tried", cast.shipper_a) for i in ids]


def test_a_failed_hand_over_leaves_the_facts_for_the_next_relay(cast: Cast) -> None:
    ids = record(cast, 3)

    def refuse(name: str, fact_ids: list[int]) -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        relay.carry(WANTED, refuse)
    assert left() == 3
    told: list[int] = []
    relay.carry({"test.tried": ["first"]}, lambda name, ids: told.extend(ids))
    assert told == ids


def test_two_relays_at_once_carry_each_fact_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "BATCH", 7)
    ids = record(cast, 200)
    told: list[int] = []
    both_hold = threading.Barrier(2, timeout=20)
    overlapped = 0

    def carry() -> None:
        nonlocal overlapped
        first = True

        def defer(name: str, fact_ids: list[int]) -> None:
            nonlocal first, overlapped
            if first:
                both_hold.wait()  # both are inside their transactions now
                overlapped, first = overlapped + 1, False
            told.extend(fact_ids)

        try:
            while relay.carry({"test.tried": ["first"]}, defer):
                pass
        finally:
            connections.close_all()

    relays = [threading.Thread(target=carry) for _ in range(2)]
    for one in relays:
        one.start()
    for one in relays:
        one.join(timeout=30)
    assert overlapped == 2
    assert sorted(told) == ids
    assert left() == 0


def test_a_killed_relay_loses_nothing_and_hands_nothing_over_twice(cast: Cast, database: str) -> None:
    ids = record(cast, 40)
    told: list[int] = []
    with killed_while_holding(database, 40):
        late = record(cast, 2)
        # The held ones are skipped, not waited for; a late commit is not left behind.
        assert relay.carry({"test.tried": ["first"]}, lambda name, ids: told.extend(ids)) == 2
        assert told == late
    for _ in range(100):
        relay.carry({"test.tried": ["first"]}, lambda name, ids: told.extend(ids))
        if len(told) == 42:
            break
        threading.Event().wait(0.05)
    assert sorted(told) == sorted(ids + late)
    assert left() == 0


def test_a_fact_that_commits_after_a_younger_one_is_carried_too(cast: Cast, database: str) -> None:
    told: list[int] = []
    with psycopg.connect(database) as slow:
        slow.execute("SELECT set_config('role', 'icargos_staff', true)")
        (older,) = slow.execute(
            "INSERT INTO ground_fact (at, kind, shipper_id, subject_id, actor_kind, request_id, data)"
            " VALUES (now(), 'test.tried', NULL, 1, 'staff', '', '{}') RETURNING id"
        ).fetchone() or (0,)
        slow.execute("INSERT INTO ground_outbox (fact_id, kind) VALUES (%s, 'test.tried')", [older])
        (younger,) = record(cast, 1)
        assert younger > older
        relay.carry({"test.tried": ["first"]}, lambda name, ids: told.extend(ids))
        assert told == [younger]
    relay.carry({"test.tried": ["first"]}, lambda name, ids: told.extend(ids))
    assert told == [younger, older]


def test_live_pages_are_woken_once_for_each_tenant_and_batch(cast: Cast, database: str) -> None:
    record(cast, 30)
    record(cast, 30, whose="B")
    with psycopg.connect(database, autocommit=True) as heard:
        heard.execute(f"LISTEN {relay.CHANNEL}")
        relay.carry({}, lambda name, ids: None)
        notes = [msgspec.json.decode(note.payload) for note in heard.notifies(timeout=2, stop_after=2)]
        assert sorted(notes, key=lambda n: n["shipper"]) == [
            {"shipper": cast.shipper_a, "kinds": ["test.tried"]},
            {"shipper": cast.shipper_b, "kinds": ["test.tried"]},
        ]
        assert list(heard.notifies(timeout=0.1)) == []
