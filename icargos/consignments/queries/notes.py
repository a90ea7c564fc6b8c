"""The notes a shipper's people keep at a parcel."""

from datetime import datetime

import msgspec

from icargos.accounts.rules import Can
from icargos.consignments.models import Note
from icargos.consignments.queries.parcels import Parcel
from icargos.kit.actor import Actor


class NoteRow(msgspec.Struct, frozen=True, kw_only=True):
    """One note; ``mine`` when the actor wrote it."""

    id: int
    at: datetime
    by_name: str
    text: str
    mine: bool


def notes(actor: Actor, parcel: Parcel) -> list[NoteRow]:
    """The parcel's notes, newest first; none for who may not see consignees: people write phones into them."""
    if not actor.may(Can.SEE_CONSIGNEE):
        return []
    rows = Note.objects.filter(shipper_id=actor.tenant, consignment_id=parcel.id).order_by("-id")
    return [
        NoteRow(id=row.id, at=row.at, by_name=row.by_name, text=row.text, mine=row.by_id == actor.user_id)
        for row in rows
    ]
