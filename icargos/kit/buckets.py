"""How often somebody may ask: a bucket of tokens for each, in this process's memory.

The oldest are forgotten when there are too many, so that the memory stays small however many come.
"""

from collections import OrderedDict
from threading import Lock

MOST_KEYS = 20_000


class Buckets:
    """Token buckets by key: each holds ``per_minute`` tokens at most and fills at that rate."""

    def __init__(self, most: int = MOST_KEYS) -> None:
        self._most = most
        self._held: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, key: str, per_minute: int, now: float) -> float:
        """Take one token at the moment ``now`` (seconds of a steady clock).

        Returns 0 when there was one, else the seconds until there is.
        """
        with self._lock:
            tokens, seen = self._held.pop(key, (float(per_minute), now))
            tokens = min(float(per_minute), tokens + (now - seen) * per_minute / 60)
            enough = tokens >= 1
            self._held[key] = (tokens - 1 if enough else tokens, now)
            if len(self._held) > self._most:
                self._held.popitem(last=False)
        return 0 if enough else (1 - tokens) * 60 / per_minute

    def clear(self) -> None:
        """Forget everybody."""
        with self._lock:
            self._held.clear()
