"""Which station a person works at, and where parcels go from there."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from icargos.dispatch.models import Post
from icargos.kit.actor import Actor
from icargos.kit.errors import Conflict
from icargos.places import queries as places
from icargos.places.queries import Office
from icargos.places.rules import CityIndex


class NotPosted(Conflict):
    """A person of the courier who works at no station yet."""

    code = "not_posted"


def post_of(actor: Actor) -> Office | None:
    """The station the actor works at, or None."""
    found = Post.objects.filter(user_id=actor.user_id or 0).values_list("station_id", flat=True).first()
    return next((office for office in places.stations(actor) if office.id == found), None)


def station(actor: Actor) -> Office:
    """The station the actor works at; raises NotPosted."""
    found = post_of(actor)
    if found is None:
        raise NotPosted(_("You are not posted to a station. Ask an administrator to post you."))
    return found


def posted(actor: Actor) -> Mapping[int, int]:
    """The station id of everybody who is posted, by user id."""
    return dict(Post.objects.values_list("user_id", "station_id"))


def station_code(index: CityIndex, city_id: int) -> str:
    """The code of the station that serves a city, empty where none does."""
    city = index.get(city_id)
    return city.station if city else ""
