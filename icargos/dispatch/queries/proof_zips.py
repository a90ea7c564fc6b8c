"""Reads of zips of proofs."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.dispatch.models import ProofZip
from icargos.kit.actor import Actor
from icargos.kit.errors import NotFound


class Zipped(msgspec.Struct, frozen=True, kw_only=True):
    """A zip of proofs: waiting while the worker has it, with ``done`` of its parcels looked at, then ready, or failed.

    ``proofs`` of them had one.
    """

    id: int
    by_name: str
    at: datetime
    ids: Sequence[int]
    done: int
    proofs: int
    state: str
    file_key: str


def proof_zip(actor: Actor, zip_id: int) -> Zipped:
    """A zip that the actor's shipper asked for. Needs SEE_CONSIGNEE; raises NotFound, also for one that is over."""
    actor.require(Can.SEE_CONSIGNEE)
    row = ProofZip.objects.filter(id=zip_id, shipper_id=actor.tenant).first()
    if row is None:
        raise NotFound(_("These proofs are not here any more. Ask for them again."))
    return Zipped(
        id=row.id,
        by_name=row.by_name,
        at=row.at,
        ids=row.consignment_ids,
        done=row.done,
        proofs=row.proofs,
        state=row.state,
        file_key=row.file_key,
    )
