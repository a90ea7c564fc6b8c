"""One answer for many failed attempts."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.dispatch.actions.advising import advise
from icargos.dispatch.models import Advice
from icargos.dispatch.rules.advice import MOST_AT_ONCE, AdviceOrder, AdviceState
from icargos.kit.actor import Actor
from icargos.kit.errors import Invalid, Refused


class Advised(msgspec.Struct, frozen=True):
    """What became of a list: numbers answered, numbers left out by what was wrong, and how many wait for no answer."""

    done: list[str]
    kept: dict[str, list[str]]
    unasked: int


@transaction.atomic
def advise_those_waiting(
    actor: Actor,
    ids: Sequence[int],
    action: str,
    *,
    key: str,
    now: datetime,
    on_date: date | None = None,
    note: str = "",
) -> Advised:
    """Give the same answer to those of the parcels that wait for one, as ``advise`` does; the others stay as they are.

    A parcel whose reason needs more than this answer brings (a phone, an address) is left out with that sentence.
    ``key`` names the form that was sent, 24 characters or more. Raises Forbidden without ADVISE, Invalid when more than
    MOST_AT_ONCE wait.
    """
    actor.require(Can.ADVISE)
    waiting = dict(
        Advice.objects.filter(shipper_id=actor.tenant, consignment_id__in=list(ids), state=AdviceState.OPEN)
        .order_by("id")
        .values_list("consignment_id", "cn")
    )
    if len(waiting) > MOST_AT_ONCE:
        told = _("%(n)d of these wait for an answer; at most %(most)d are answered at once. Narrow the list.")
        raise Invalid(told % {"n": len(waiting), "most": MOST_AT_ONCE})
    done: list[str] = []
    kept: dict[str, list[str]] = {}
    for parcel, cn in waiting.items():
        event = f"{key[:24]}-{parcel}"
        order = AdviceOrder(cn=cn, action=action, source_event_id=event, on_date=on_date, note=note)
        try:
            advise(actor, order, now=now)
        except Refused as refusal:
            kept.setdefault(refusal.message, []).append(cn)
        else:
            done.append(cn)
    return Advised(done, kept, len(set(ids)) - len(waiting))
