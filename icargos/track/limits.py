"""How often one address may look parcels up by number.

Guessing numbers is what it slows down; links and label codes cannot be guessed and are not counted.
"""

from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from icargos.ground.limits import Limit
from icargos.kit.errors import TooMany

lookups = Limit("track")


def count_lookup(request: HttpRequest) -> None:
    """Count one look-up against the client's address. Raises TooMany when it has had its minute's worth."""
    wait = lookups.take(_client(request), settings.TRACKING_PER_MINUTE)
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
