"""The sheet to fill in, made for one shipper."""

from datetime import datetime

from icargos.accounts.rules import Can
from icargos.booking.gateways import sample_sheet
from icargos.booking.queries.prices import terms
from icargos.kit.actor import Actor


def sample(actor: Actor, *, now: datetime) -> bytes:
    """An xlsx with our columns and examples, drop-downs of this shipper's services, profiles and cities, and help."""
    actor.require(Can.IMPORT)
    on = terms(actor, now=now)
    return sample_sheet.write(
        services=list(on.services.values()),
        profiles=[profile.code for profile in on.profiles],
        cities=sorted(city.name for city in on.index.all() if city.served),
        shipper=on.account.account_no,
    )
