"""How often somebody may ask, counted for all processes together: a bucket of tokens for each, in one table.

A process serves a newcomer a handful of times on credit, and takes from the bucket when he comes more often: the credit
and the next handful. So most visitors cost no statement and a busy one costs few, and nobody gets more than the limit
and, from each process, a handful.
"""

from collections import OrderedDict
from threading import Lock
from time import monotonic

from django.db import connection

MOST_KEYS = 20_000
HANDFUL = 20
MINUTE = 60
_TAKE = """
INSERT INTO ground_bucket AS b (key, tokens, granted, seen)
VALUES (%(key)s, %(most)s - %(wanted)s, %(wanted)s, now())
ON CONFLICT (key) DO UPDATE SET (tokens, granted, seen) = (
    SELECT f.left - greatest(f.takes, %(owed)s), f.takes, now() FROM (
        SELECT a.left, greatest(0, least(%(wanted)s, floor(a.left))) AS takes FROM (
            SELECT least(%(most)s, b.tokens + extract(epoch FROM now() - b.seen) * %(most)s / 60) AS left) AS a) AS f)
RETURNING granted, tokens
"""


class Limit:
    """One limit, by its name; ``take`` is called outside of any transaction, since it must count what is undone too."""

    def __init__(self, name: str, most_keys: int = MOST_KEYS) -> None:
        self._name = name
        self._most_keys = most_keys
        # Of each key: tokens in hand (-1: refused), until when that holds, and how many were given on credit.
        self._held: OrderedDict[str, tuple[int, float, int]] = OrderedDict()
        self._lock = Lock()

    def take(self, key: str, per_minute: int) -> float:
        """Take one of the key's tokens; its bucket holds ``per_minute`` at most and fills at that rate.

        Returns 0 when there was one, else the seconds until there is.
        """
        now = monotonic()
        handful = max(1, min(HANDFUL, per_minute // 12))
        with self._lock:
            hand, until, owed = self._held.get(key, (0, 0.0, 0))
            if until <= now:
                hand, until, owed = handful, now + MINUTE, handful
            if hand < 0:
                return until - now
            # Of those that find the hand empty, one settles the credit.
            self._keep(key, max(0, hand - 1), until, owed if hand else 0)
        if hand:
            return 0
        with connection.cursor() as cursor:
            asked: dict[str, str | int] = {"key": f"{self._name}:{key}", "most": per_minute, "owed": owed}
            cursor.execute(_TAKE, asked | {"wanted": min(per_minute, handful + owed)})
            granted, left = cursor.fetchone()
        wait: float = (1 - left) * MINUTE / per_minute
        with self._lock:
            # Another request may have fetched a handful meanwhile.
            hand = max(0, self._held.get(key, (0, 0.0, 0))[0]) + granted - owed
            if hand > 0:
                self._keep(key, hand - 1, now + MINUTE, 0)
                return 0
            self._keep(key, -1, now + wait, 0)
        return wait

    def clear(self) -> None:
        """Forget what this process holds."""
        with self._lock:
            self._held.clear()

    def _keep(self, key: str, hand: int, until: float, owed: int) -> None:
        self._held[key] = (hand, until, owed)
        self._held.move_to_end(key)
        if len(self._held) > self._most_keys:
            self._held.popitem(last=False)
