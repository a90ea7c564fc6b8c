"""Writes of the tariff."""

from datetime import datetime

import msgspec
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.ground import facts
from icargos.kit.actor import Actor
from icargos.kit.errors import Conflict, FieldProblem
from icargos.tariff.events import CardPublished
from icargos.tariff.models import RateCard
from icargos.tariff.rules import Card, validate


@transaction.atomic
def publish(actor: Actor, card: Card, *, now: datetime, shipper_id: int | None = None) -> int:
    """Put a card in force for one shipper, or for all; returns its id. Afterwards it can only be replaced.

    Needs APPROVE. Raises Invalid, naming every fault of the card, and Conflict when the version exists.
    """
    actor.require(Can.APPROVE)
    validate(card)
    try:
        with transaction.atomic():
            row = RateCard.objects.create(
                shipper_id=shipper_id,
                code=card.code,
                version=card.version,
                valid_from=card.valid_from,
                valid_to=card.valid_to,
                body=msgspec.to_builtins(card),
                published_at=now,
                published_by=actor.user_id,
            )
    except IntegrityError as error:
        taken = FieldProblem("version", "DUPLICATE", _("This version is already published. Take the next number."))
        raise Conflict(taken.message, problems=[taken]) from error
    fact = CardPublished(shipper_id=shipper_id, subject_id=row.id, code=card.code, version=card.version)
    facts.record(actor, [fact], now=now)
    return row.id
