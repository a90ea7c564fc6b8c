"""Facts are the audit trail: written with what they tell of, and never changed."""

from collections.abc import Iterator
from datetime import timedelta
from typing import ClassVar

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from icargos.ground import facts
from icargos.ground.models import Fact
from icargos.ground.tenancy import acting
from icargos.kit.actor import Stamp
from tests.cast import NOW, Cast
from tests.parcels import enter


class Tried(facts.Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "test.tried"

    amount_paisa: int


@pytest.fixture
def owner(owner_url: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    with psycopg.connect(owner_url, autocommit=True) as found:
        yield found


def test_a_fact_and_its_outbox_row_are_written_together(cast: Cast) -> None:
    actor = cast.actor("bilal")
    with acting(actor):
        told = [Tried(shipper_id=cast.shipper_a, subject_id=n, amount_paisa=n * 100) for n in (7, 8)]
        facts.record(actor, told, now=NOW)
    with acting(actor):
        found = list(Fact.objects.filter(kind="test.tried").order_by("id"))
        assert [(f.subject_id, f.data, f.actor_id, f.request_id) for f in found] == [
            (7, {"amount_paisa": 700}, cast.people["bilal"], "test"),
            (8, {"amount_paisa": 800}, cast.people["bilal"], "test"),
        ]
        with connection.cursor() as cursor:
            cursor.execute("SELECT fact_id FROM ground_outbox WHERE kind = 'test.tried' ORDER BY 1")
            assert [i for (i,) in cursor.fetchall()] == [f.id for f in found]


def test_a_fact_of_a_failed_transaction_is_gone_with_it(cast: Cast) -> None:
    actor = cast.actor("bilal")
    with pytest.raises(RuntimeError), acting(actor):
        facts.record(actor, [Tried(shipper_id=cast.shipper_a, subject_id=1, amount_paisa=1)], now=NOW)
        raise RuntimeError
    with acting(actor):
        assert not Fact.objects.filter(kind="test.tried").exists()


@pytest.mark.parametrize("who", ["bilal", "dawood"])
@pytest.mark.parametrize("change", ["UPDATE ground_fact SET kind = 'x'", "DELETE FROM ground_fact"])
def test_the_application_cannot_change_a_fact(cast: Cast, who: str, change: str) -> None:
    enter(cast)
    with acting(cast.actor(who)):
        with pytest.raises((ProgrammingError, IntegrityError)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
        assert Fact.objects.filter(kind="consignment.booked").count() == 1


@pytest.mark.parametrize("table", ["ground_fact", "consignments_event", "consignments_correction"])
@pytest.mark.parametrize("change", ["UPDATE {} SET shipper_id = shipper_id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_even_the_owner_of_the_tables_cannot_change_the_trail(
    cast: Cast, owner: psycopg.Connection[tuple[object, ...]], table: str, change: str
) -> None:
    enter(cast)
    count = f"SELECT count(*) FROM {table}"
    before = owner.execute(count).fetchone()
    with pytest.raises(psycopg.errors.RestrictViolation, match="never changed or deleted"):
        owner.execute(change.format(table))
    assert owner.execute(count).fetchone() == before


def test_facts_carry_no_names_phones_or_addresses(cast: Cast) -> None:
    enter(cast, consignee_name="Canary Name", address="Canary Street 1", landmark="Canary Gate")
    with acting(cast.actor("bilal")), connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(f::text, ' ') FROM ground_fact f WHERE kind LIKE 'consignment.%%'")
        (told,) = cursor.fetchone()
    assert "consignment.booked" in told
    assert "Canary" not in told
    assert "3331234567" not in told


def test_history_joins_the_trail_with_its_own_people_and_times_and_nobody_is_told(cast: Cast) -> None:
    bilal, zara = cast.actor("bilal"), cast.actor("zara")
    adeel = cast.actor("adeel")
    earlier = NOW - timedelta(days=40)
    told = [
        (Tried(shipper_id=cast.shipper_a, subject_id=7, amount_paisa=700), Stamp(bilal, earlier)),
        (Tried(shipper_id=cast.shipper_b, subject_id=8, amount_paisa=800), Stamp(zara, NOW)),
    ]
    with acting(adeel), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ground_outbox")
        (waiting,) = cursor.fetchone()
        with pytest.raises(RuntimeError), facts.history():
            facts.record_each(told)
            raise RuntimeError
        found = Fact.objects.filter(kind="test.tried").order_by("id")
        assert [(f.subject_id, f.at, f.actor_id) for f in found] == [
            (7, earlier, cast.people["bilal"]),
            (8, NOW, cast.people["zara"]),
        ]
        cursor.execute("SELECT count(*) FROM ground_outbox")
        assert cursor.fetchone() == (waiting,)
        # What comes after is told again.
        facts.record(adeel, [told[0][0]], now=NOW)
        cursor.execute("SELECT count(*) FROM ground_outbox")
        assert cursor.fetchone() == (waiting + 1,)
