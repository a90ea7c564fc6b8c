"""Consignment numbers and set-based inserts, on the database."""

import itertools
import threading

import pytest
from django.db import IntegrityError, connection, connections, transaction

from icargos.ground import bulk, numbers
from icargos.ground.models import Once
from icargos.ground.tenancy import acting
from icargos.kit import cn
from tests.cast import NOW, Cast


def test_numbers_of_many_transactions_at_once_never_meet(cast: Cast) -> None:
    drawn: list[str] = []
    together = threading.Barrier(6, timeout=20)

    def draw(who: str) -> None:
        try:
            together.wait()
            for size in (1, 40, 3, 150):
                with acting(cast.actor(who)):
                    drawn.extend(numbers.allot(size))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=draw, args=(who,)) for who in ("bilal", "zara", "ayesha") * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(drawn) == 6 * 194
    assert len(set(drawn)) == len(drawn)
    assert all(cn.is_valid(number) for number in drawn)


def test_a_number_of_a_failed_transaction_is_not_given_again(cast: Cast) -> None:
    with pytest.raises(RuntimeError), acting(cast.actor("bilal")):
        lost = numbers.allot(5)
        raise RuntimeError
    with acting(cast.actor("bilal")):
        assert not set(lost) & set(numbers.allot(500))


def test_neighbouring_numbers_are_not_consecutive(cast: Cast) -> None:
    with acting(cast.actor("bilal")):
        digits = [int(number[2:-1]) for number in numbers.allot(200)]
    steps = {abs(b - a) for a, b in itertools.pairwise(digits)}
    assert len(steps) > 190
    assert 1 not in steps


def test_the_applications_login_cannot_read_the_key_without_a_role(cast: Cast) -> None:
    with pytest.raises(Exception, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT value FROM ground_secret")


def test_many_rows_go_in_by_copy_and_come_back_whole(cast: Cast) -> None:
    columns = {"shipper_id": "bigint", "scope": "text", "key": "text", "fingerprint": "text", "at": "timestamptz"}
    rows = [(cast.shipper_a, "bulk", f"k{n}", "\tنمبر\\N\n", "2026-11-20T06:00Z") for n in range(2 * bulk.MANY + 1)]
    with acting(cast.actor("bilal")):
        found = bulk.insert("ground_once", columns, rows, returning="key")
        assert {key for (key,) in found} == {row[2] for row in rows}
        again = bulk.insert("ground_once", columns, rows[:3], returning="key", conflict="ON CONFLICT DO NOTHING")
        assert again == []
        assert bulk.insert("ground_once", columns, [], returning="key") == []
        with pytest.raises(IntegrityError), transaction.atomic():
            bulk.insert("ground_once", columns, [(cast.shipper_a, "bulk", "new", "f", None), rows[0]])
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM ground_once")
            assert cursor.fetchone() == (len(rows),)


@pytest.mark.parametrize("number", [3, bulk.MANY + 1])
def test_rows_of_a_model_are_made_and_changed_in_sets(cast: Cast, number: int) -> None:
    with acting(cast.actor("bilal")):
        made = [
            Once(
                shipper_id=cast.shipper_a,
                scope="set",
                key=f"k{n}",
                fingerprint="f",
                result={"n": n, "نام": "x"},
                at=NOW,
            )
            for n in range(number)
        ]
        ids = dict(bulk.create(made, returning="key, id"))
        for one in made:
            one.id, one.fingerprint, one.result = ids[one.key], f"{one.key} changed", [one.key]
        bulk.update(made[1:], ["fingerprint", "result"])
        kept = {one.key: (one.fingerprint, one.result) for one in Once.objects.filter(scope="set")}
        assert kept.pop("k0") == ("f", {"n": 0, "نام": "x"})
        assert kept == {f"k{n}": (f"k{n} changed", [f"k{n}"]) for n in range(1, number)}
        assert bulk.create([]) == []
        bulk.update([], ["fingerprint"])
