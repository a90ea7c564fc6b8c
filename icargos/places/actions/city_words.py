"""How a shipper writes a city."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.ground import facts
from icargos.kit.actor import Actor
from icargos.kit.errors import FieldProblem, Invalid, NotFound
from icargos.places import queries
from icargos.places.events import AliasLearnt
from icargos.places.models import CityAlias
from icargos.places.rules import key_of

LONGEST_ALIAS = 60


@transaction.atomic
def learn_alias(actor: Actor, alias: str, city_id: int, *, now: datetime) -> None:
    """From now on this shipper's ``alias`` means the city; a later lesson replaces an earlier one.

    Needs IMPORT. Raises Invalid for a word without letters or over 60 characters, NotFound for an unknown city.
    """
    actor.require(Can.IMPORT)
    key = key_of(alias)
    if not key or len(key) > LONGEST_ALIAS:
        problem = FieldProblem("alias", "RANGE", _("A city's name has 1 to 60 letters."))
        raise Invalid(problem.message, problems=[problem])
    if queries.city_index(actor).get(city_id) is None:
        raise NotFound(_("There is no such city."))
    CityAlias.objects.update_or_create(shipper_id=actor.tenant, alias=key, defaults={"city_id": city_id})
    facts.record(actor, [AliasLearnt(shipper_id=actor.tenant, subject_id=city_id)], now=now)
