"""Documents of the shipper's at a parcel: attached at any time, taken off while the parcel is still its own."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can, Role
from icargos.booking.events import DocumentAttached, DocumentRemoved
from icargos.booking.gateways import documents as files
from icargos.booking.models import Document
from icargos.booking.rules.documents import MOST_DOCUMENTS, NOT_HANDED_OVER, File
from icargos.consignments import actions as consignments
from icargos.consignments.rules import Status
from icargos.ground import facts
from icargos.kit.actor import Actor
from icargos.kit.errors import Conflict, Forbidden, NotFound


@transaction.atomic
def attach_documents(actor: Actor, cn: str, sent: Sequence[File], *, now: datetime) -> int:
    """Attach documents to a parcel, all or none; returns how many were new. The same file again is no second one.

    Needs BOOK. Raises NotFound for a parcel that is not the actor's, Conflict for one that never travels,
    DocumentRefused naming a file that cannot be taken, or when they would be more than MOST_DOCUMENTS.
    """
    actor.require(Can.BOOK)
    for file in sent:
        files.check(file)
    parcel = consignments.lock(actor, [cn]).get(cn)
    if parcel is None:
        raise _unknown()
    if parcel.status in {Status.CANCELLED, Status.EXPIRED}:
        raise Conflict(_("%(cn)s was cancelled: nothing is attached to it any more.") % {"cn": cn})
    known = set(
        Document.objects.filter(shipper_id=actor.tenant, consignment_id=parcel.id).values_list("sha256", flat=True)
    )
    new = {digest: file for file in sent if (digest := hashlib.sha256(file.data).hexdigest()) not in known}
    if len(known) + len(new) > MOST_DOCUMENTS:
        raise files.refusal(_("A parcel carries at most %(most)d documents.") % {"most": MOST_DOCUMENTS})
    # All of them are fit before the first one is stored.
    rows = [
        Document.objects.create(
            shipper_id=actor.tenant,
            consignment_id=parcel.id,
            what=ready.what,
            name=ready.name,
            media=ready.media,
            size=len(ready.data),
            sha256=ready.sha256,
            file_key=files.keep(ready, actor.tenant),
            at=now,
            by_id=actor.user_id,
            by_name=actor.name[:80],
        )
        for ready in [files.ready(file) for file in new.values()]
    ]
    told = [
        DocumentAttached(
            shipper_id=actor.tenant, subject_id=parcel.id, document_id=row.id, what=row.what, sha256=row.sha256
        )
        for row in rows
    ]
    facts.record(actor, told, now=now)
    return len(rows)


@transaction.atomic
def remove_document(actor: Actor, cn: str, document_id: int, *, now: datetime) -> None:
    """Take a document off a parcel and delete it for good: who attached it may, and an owner, until the hand-over.

    Needs BOOK. Raises NotFound for a document that is not at this parcel of the actor's, Forbidden for somebody
    else's, Conflict once the courier has the parcel.
    """
    actor.require(Can.BOOK)
    parcel = consignments.lock(actor, [cn]).get(cn)
    if parcel is None:
        raise _unknown()
    row = Document.objects.filter(shipper_id=actor.tenant, consignment_id=parcel.id, id=document_id).first()
    if row is None:
        raise NotFound(_("There is no such document at this parcel."))
    if row.by_id != actor.user_id and actor.role != Role.OWNER:
        raise Forbidden(_("Only who attached a document, or an owner, takes it off."))
    if parcel.status not in NOT_HANDED_OVER:
        raise Conflict(_("%(cn)s is handed over: its documents stay with it.") % {"cn": cn})
    row.delete()
    told = DocumentRemoved(shipper_id=actor.tenant, subject_id=parcel.id, document_id=document_id, what=row.what)
    facts.record(actor, [told], now=now)
    # Only what is really gone from the table goes from the store.
    transaction.on_commit(lambda: files.drop(row.file_key))


def _unknown() -> NotFound:
    return NotFound(_("There is no such consignment here. Check the number."))
