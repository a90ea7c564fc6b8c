"""How a shipper writes a city."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.ground import facts
from icargos.kit.actor import Actor
from icargos.kit.errors import FieldProblem, Invalid, NotFound
from icargos.places import queries
from icargos.places.events import AliasForgotten, AliasLearnt
from icargos.places.models import CityAlias
from icargos.places.rules import key_of

LONGEST_ALIAS = 60


@transaction.atomic
def learn_alias(actor: Actor, alias: str, city_id: int, *, now: datetime) -> int | None:
    """From now on this shipper's ``alias`` means the city; a later lesson replaces an earlier one.

    Returns the id of the city it meant before, None when it is a new word.

    Needs IMPORT. Raises Invalid for a word without letters or over 60 characters, NotFound for an unknown city.
    """
    actor.require(Can.IMPORT)
    key = key_of(alias)
    if not key or len(key) > LONGEST_ALIAS:
        problem = FieldProblem("alias", "RANGE", _("A city's name has 1 to 60 letters."))
        raise Invalid(problem.message, problems=[problem])
    if queries.city_index(actor).get(city_id) is None:
        raise NotFound(_("There is no such city."))
    known = CityAlias.objects.select_for_update().filter(shipper_id=actor.tenant, alias=key).first()
    CityAlias.objects.update_or_create(shipper_id=actor.tenant, alias=key, defaults={"city_id": city_id})
    facts.record(actor, [AliasLearnt(shipper_id=actor.tenant, subject_id=city_id)], now=now)
    return known.city_id if known else None


@transaction.atomic
def forget_alias(actor: Actor, alias: str, *, city_id: int | None = None, now: datetime) -> bool:
    """This shipper's ``alias`` is a word of its own no more; with ``city_id`` only while it means that city.

    Returns whether it was one. Needs IMPORT.
    """
    actor.require(Can.IMPORT)
    known = CityAlias.objects.select_for_update().filter(shipper_id=actor.tenant, alias=key_of(alias)).first()
    if known is None or city_id not in {None, known.city_id}:
        return False
    known.delete()
    facts.record(actor, [AliasForgotten(shipper_id=actor.tenant, subject_id=known.city_id)], now=now)
    return True
