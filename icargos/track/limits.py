"""How often one address may look parcels up by number: a bucket of tokens for each, in this process's memory.

Guessing numbers is what it slows down; links and label codes cannot be guessed and are not counted. With several
workers an address gets as much from each. The oldest addresses are forgotten when there are too many, so that the
memory stays small however many come.
"""

from collections import OrderedDict
from ipaddress import IPv6Address, ip_address
from threading import Lock
from time import monotonic

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from icargos.kit.errors import TooMany

MOST_ADDRESSES = 20_000


class Buckets:
    """Token buckets by key: each holds ``per_minute`` tokens at most and fills at that rate."""

    def __init__(self, most: int = MOST_ADDRESSES) -> None:
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


lookups = Buckets()


def count_lookup(request: HttpRequest) -> None:
    """Count one look-up against the client's address. Raises TooMany when it has had its minute's worth."""
    wait = lookups.take(_client(request), settings.TRACKING_PER_MINUTE, monotonic())
    if wait:
        raise TooMany(
            _("You have looked up many parcels in a short time. Wait a minute and try again."),
            retry_after=int(wait) + 1,
        )


def _client(request: HttpRequest) -> str:
    """The address that asks, an IPv6 one by its network of 64 bits: a household changes the rest at will."""
    address: str = request.META.get("REMOTE_ADDR", "")
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    if 0 < settings.TRUSTED_PROXIES <= len(hops):
        address = hops[-settings.TRUSTED_PROXIES]
    if ":" not in address:
        return address
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return parsed.exploded[:19] if isinstance(parsed, IPv6Address) else address
