"""The documents at a parcel, for its shipper's people and the courier's who may see the consignee."""

from datetime import datetime

import msgspec
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can, Role
from icargos.booking.models import Document
from icargos.booking.rules.documents import NOT_HANDED_OVER
from icargos.consignments.queries import Parcel
from icargos.consignments.rules import Status
from icargos.ground import blobs
from icargos.kit.actor import Actor
from icargos.kit.errors import NotFound


class DocumentRow(msgspec.Struct, frozen=True, kw_only=True):
    """One document: size in bytes as kept, ``sha256`` of the file as sent; ``removable`` by this actor, now."""

    id: int
    what: str
    name: str
    media: str
    size: int
    sha256: str
    at: datetime
    by_name: str
    removable: bool


def documents(actor: Actor, parcel: Parcel) -> list[DocumentRow]:
    """The parcel's documents, oldest first; none for who may not see consignees: an invoice names them."""
    if not actor.may(Can.SEE_CONSIGNEE):
        return []
    return [_row(actor, parcel, row) for row in _of(actor, parcel).order_by("id")]


def document_file(actor: Actor, parcel: Parcel, document_id: int) -> tuple[DocumentRow, bytes]:
    """One document with its bytes. Needs SEE_CONSIGNEE; raises NotFound, also where the store has lost it."""
    actor.require(Can.SEE_CONSIGNEE)
    row = _of(actor, parcel).filter(id=document_id).first()
    data = blobs.kept(row.file_key) if row is not None else b""
    if row is None or not data:
        raise NotFound(_("There is no such document at this parcel."))
    return _row(actor, parcel, row), data


def _of(actor: Actor, parcel: Parcel) -> QuerySet[Document]:
    rows = Document.objects.filter(consignment_id=parcel.id)
    return rows if actor.may(Can.SEE_ALL_PARCELS) else rows.filter(shipper_id=actor.tenant)


def _row(actor: Actor, parcel: Parcel, row: Document) -> DocumentRow:
    mine = actor.may(Can.BOOK) and (row.by_id == actor.user_id or actor.role == Role.OWNER)
    return DocumentRow(
        id=row.id,
        what=row.what,
        name=row.name,
        media=row.media,
        size=row.size,
        sha256=row.sha256,
        at=row.at,
        by_name=row.by_name,
        removable=mine and Status(parcel.status) in NOT_HANDED_OVER,
    )
