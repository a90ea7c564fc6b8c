"""Notes that a shipper's people keep at a parcel, for each other."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.consignments.actions.locking import unknown
from icargos.consignments.events import NoteAdded, NoteRemoved
from icargos.consignments.models import Consignment, Note
from icargos.ground import facts
from icargos.kit.actor import Actor
from icargos.kit.errors import FieldProblem, Invalid, NotFound

MOST_NOTE = 500


@transaction.atomic
def add_note(actor: Actor, cn: str, text: str, *, now: datetime) -> int:
    """Keep a note at the parcel; returns its id. Needs BOOK.

    Raises NotFound for a parcel that is not the actor's, Invalid for a note without text or over 500 characters.
    """
    actor.require(Can.BOOK)
    text = " ".join(text.replace("\x00", "").split())
    if not 0 < len(text) <= MOST_NOTE:
        problem = FieldProblem("note", "RANGE", _("A note has 1 to 500 characters."))
        raise Invalid(problem.message, problems=[problem])
    parcel_id = Consignment.objects.filter(shipper_id=actor.tenant, cn=cn).values_list("id", flat=True).first()
    if parcel_id is None:
        raise unknown(cn)
    row = Note.objects.create(
        shipper_id=actor.tenant,
        consignment_id=parcel_id,
        at=now,
        by_id=actor.user_id,
        by_name=actor.name,
        text=text,
    )
    facts.record(actor, [NoteAdded(shipper_id=actor.tenant, subject_id=parcel_id, note_id=row.id)], now=now)
    return row.id


@transaction.atomic
def remove_note(actor: Actor, cn: str, note_id: int, *, now: datetime) -> None:
    """Delete a note of the parcel for good; only who wrote it may. Raises NotFound for any other."""
    actor.require(Can.BOOK)
    mine = Note.objects.filter(shipper_id=actor.tenant, id=note_id, by_id=actor.user_id)
    parcel_id = mine.values_list("consignment_id", flat=True).first()
    if parcel_id is None or not Consignment.objects.filter(shipper_id=actor.tenant, id=parcel_id, cn=cn).exists():
        raise NotFound(_("There is no such note of yours."))
    mine.delete()
    facts.record(actor, [NoteRemoved(shipper_id=actor.tenant, subject_id=parcel_id, note_id=note_id)], now=now)
