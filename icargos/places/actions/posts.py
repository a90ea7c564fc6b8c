"""Who works where."""

from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.kit.actor import Actor
from icargos.kit.errors import NotFound
from icargos.places import queries
from icargos.places.models import Post


def post(actor: Actor, user_id: int, station_id: int) -> None:
    """From now on this person works at the station. Needs APPROVE; raises NotFound for an unknown station."""
    actor.require(Can.APPROVE)
    if station_id not in {office.id for office in queries.stations(actor)}:
        raise NotFound(_("There is no such station."))
    Post.objects.update_or_create(user_id=user_id, defaults={"station_id": station_id})
