"""How often somebody may ask: one bucket for all processes, few statements, and no more than the limit."""

from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from icargos.ground.limits import Limit

HOUR = 60 * 60


def served(limit: Limit, key: str = "a", *, per_minute: int = 60, asks: int = 100) -> int:
    """How many of so many requests were served."""
    return sum(limit.take(key, per_minute) == 0 for _ in range(asks))


def statements(limit: Limit, asks: int, *, per_minute: int = 60) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        served(limit, per_minute=per_minute, asks=asks)
    return len(seen)


def later(seconds: int) -> None:
    """As if so much time had passed since the buckets were touched."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ground_bucket SET seen = seen - make_interval(secs => %s)", [seconds])


def test_a_process_serves_the_limit_and_says_how_long_to_wait(database: str) -> None:
    limit = Limit("test")
    assert [limit.take("a", 2) for _ in range(2)] == [0, 0]
    refused = [limit.take("a", 2) for _ in range(2)]
    assert all(wait == pytest.approx(30, abs=5) for wait in refused)


def test_processes_share_one_bucket(database: str) -> None:
    began = monotonic()
    counts = [served(Limit("test")) for _process in range(3)]
    filled = monotonic() - began
    assert counts[0] >= 60
    assert sum(counts) <= 60 + 2 * 5 + filled, "the limit, and a handful from each further process"


def test_a_bucket_fills_at_its_rate_and_holds_no_more_than_a_minute(database: str) -> None:
    assert served(Limit("test"), per_minute=2, asks=9) == 2
    later(30)
    assert served(Limit("test"), per_minute=2, asks=9) == 1
    later(HOUR)
    assert served(Limit("test"), per_minute=2, asks=9) == 2


def test_a_visitor_who_comes_seldom_costs_no_statement_and_a_busy_one_few(database: str) -> None:
    assert statements(Limit("test"), 5) == 0
    assert statements(Limit("other"), 100, per_minute=6000) == 4


def test_whoever_is_refused_costs_no_statement(database: str) -> None:
    limit = Limit("test")
    assert served(limit, per_minute=2, asks=3) == 2
    assert statements(limit, 50, per_minute=2) == 0


def test_nobody_shares_a_bucket_and_limits_do_not_either(database: str) -> None:
    limit = Limit("test")
    assert served(limit, "a", per_minute=2, asks=9) == 2
    assert served(limit, "b", per_minute=2, asks=9) == 2
    assert served(Limit("other"), "a", per_minute=2, asks=9) == 2


def test_a_process_forgets_the_oldest_and_the_bucket_does_not(database: str) -> None:
    limit = Limit("test", most_keys=2)
    assert served(limit, "a", per_minute=2, asks=9) == 2
    assert [limit.take(key, 2) for key in ("b", "c")] == [0, 0]
    assert served(limit, "a", per_minute=2, asks=9) == 1, "on credit, and then the bucket is asked"


def test_requests_at_once_take_no_more_than_the_limit(database: str) -> None:
    limit = Limit("test")
    began = monotonic()

    def ask(_n: int) -> int:
        try:
            return served(limit, asks=20)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        total = sum(pool.map(ask, range(8)))
    assert 60 <= total <= 60 + 5 + monotonic() - began, "the limit and one handful"
