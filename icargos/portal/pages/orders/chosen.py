"""Which parcels a bulk action is for: those that were ticked, or all that match a list."""

import msgspec
from django.http import QueryDict
from django.utils.translation import gettext as _

from icargos.booking.queries import MOST_LABELS
from icargos.consignments import queries
from icargos.kit.actor import Actor
from icargos.kit.errors import Invalid
from icargos.portal.pages.orders.asked import asked

MOST = 10_000


def chosen(actor: Actor, posted: QueryDict) -> list[int]:
    """The ids of the parcels that a form names: by its ``cn``s in their order, or by ``all`` and the list they match.

    Of a list only parcels up to ``upto`` count, the newest when the person chose. Raises NotFound when a number is not
    the actor's, Invalid when nothing is chosen or more than MOST.
    """
    if posted.get("all"):
        upto = posted.get("upto", "")
        if not (upto.isascii() and upto.isdigit() and len(upto) < 18):
            raise Invalid(_("Choose the parcels again: the list has changed."))
        state = asked(actor, QueryDict(posted.get("match", "")))
        found = queries.ids(actor, msgspec.structs.replace(state.filters, upto=int(upto)), most=MOST)
    else:
        cns = posted.getlist("cn")
        if len(cns) > MOST:
            raise Invalid(_("At most %(most)s parcels at once. Narrow the list.") % {"most": f"{MOST:,}"})
        found = queries.numbered(actor, cns)
    if not found:
        raise Invalid(_("Tick the parcels first."))
    return found


def parts(number: int) -> list[tuple[int, int, int]]:
    """So many labels in files of MOST_LABELS: each file's number, first and last."""
    return [
        (place, first, min(first + MOST_LABELS - 1, number))
        for place, first in enumerate(range(1, number + 1, MOST_LABELS), start=1)
    ]
