"""An import is taken back: its parcels are cancelled while nobody has scanned them."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.booking.actions.cancelling import cancel
from icargos.booking.actions.imports.held import acting_for, held, totals_of, write_totals
from icargos.booking.events import ImportUndoAsked, ImportUndone
from icargos.booking.models import Import
from icargos.booking.queries import undoable
from icargos.booking.rules.totals import State
from icargos.ground import facts
from icargos.ground.relay import FactRow
from icargos.ground.tenancy import acting
from icargos.kit.actor import Actor
from icargos.kit.errors import Conflict

CHUNK = 2500


def undo(actor: Actor, import_id: int, *, partial: bool = False, now: datetime) -> None:
    """Have the import's parcels cancelled; a second click changes nothing.

    Raises Conflict when nothing can be taken back, or when some parcels must stay and ``partial`` was not said.
    """
    actor.require(Can.IMPORT)
    actor.require(Can.CANCEL)
    found = held(actor, import_id)
    if found.state in {"undoing", "undone"}:
        return
    if found.state != "booked":
        raise Conflict(_("Only an import that is booked can be undone."))
    able = undoable(actor, found.id)
    if not able.can_go:
        raise Conflict(_("Every parcel of this import is on its way already: nothing can be undone."))
    if able.stays and not partial:
        raise Conflict(_("Some parcels are on their way already and would stay. Say whether to undo the rest."))
    Import.objects.filter(id=found.id).update(
        state="undoing", accepted_by_id=actor.user_id or 0, accepted_by_name=actor.name
    )
    facts.record(actor, [ImportUndoAsked(shipper_id=actor.tenant, subject_id=found.id)], now=now)


def undo_imports(told: Sequence[FactRow]) -> None:
    """Cancel the parcels of each import that shall be undone, chunk by chunk. A reaction: cancels nothing twice."""
    for fact in told:
        actor, _found = acting_for(fact.subject_id)
        more = True
        while more:
            with acting(actor):
                more = _undo_chunk(actor, fact.subject_id, now=timezone.now())


_UNDONE = """
UPDATE booking_importrow SET state = 'undone'
WHERE shipper_id = %s AND import_id = %s AND state = 'booked' AND consignment_id = ANY(%s)
"""


def _undo_chunk(actor: Actor, import_id: int, *, now: datetime) -> bool:
    """Cancel the next parcels; returns whether there are more."""
    found = held(actor, import_id)
    if found.state != "undoing":
        return False
    going = undoable(actor, import_id, most=CHUNK).can_go
    totals = totals_of(found)
    if going:
        cancel(actor, [cn for _id, cn in going], now=now)
        with connection.cursor() as cursor:
            cursor.execute(_UNDONE, [actor.tenant, import_id, [row_id for row_id, _cn in going]])
        totals.states[State.BOOKED] = totals[State.BOOKED] - len(going)
        totals.states[State.UNDONE] = totals[State.UNDONE] + len(going)
        write_totals(found, totals)
        return True
    write_totals(found, totals, state="undone", undone_at=now)
    told = ImportUndone(
        shipper_id=actor.tenant, subject_id=import_id, undone=totals[State.UNDONE], stayed=totals[State.BOOKED]
    )
    facts.record(actor, [told], now=now)
    return False
