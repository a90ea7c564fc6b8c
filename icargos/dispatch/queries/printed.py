"""What a printed proof of delivery needs, and what tells a genuine one from any other.

A printed proof carries a token: the parcel's number and a signature over it and over the record's hash, by the
installation's secret key. Nobody else can make one, and nothing is kept for it.
"""

from datetime import datetime
from typing import Final

import msgspec
from django.core import signing
from django.db import connection
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.consignments.queries import Parcel
from icargos.consignments.queries.tracking import Place
from icargos.consignments.rules import Status
from icargos.dispatch.queries.evidence import Proven, proof
from icargos.dispatch.rules.proof import stands
from icargos.kit.actor import Actor
from icargos.kit.errors import Conflict, NotFound

LONGEST: Final = 80  # characters of a token that are looked at


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """What the holder of a genuine paper may compare it with. ``stands`` is False once the delivery was corrected."""

    cn: str
    delivered_at: datetime
    sha256: str
    collected_paisa: int
    origin: Place
    destination: Place
    status: str
    status_at: datetime

    @property
    def stands(self) -> bool:
        """Whether the delivery that it proves is still how the parcel ended."""
        return stands(Status(self.status), self.status_at, self.delivered_at)


_VERIFIED: Final = msgspec.json.Decoder(Verified)


class NotDelivered(Conflict):
    """There is no delivery to prove, or it was corrected since."""

    code = "not_delivered"


def printable(actor: Actor, parcel: Parcel) -> Proven:
    """The proof of the parcel's standing delivery, whole. Needs SEE_CONSIGNEE.

    Raises NotDelivered before the delivery and after its correction, NotFound where none was kept or may be seen.
    """
    actor.require(Can.SEE_CONSIGNEE)
    proven = proof(actor, parcel.id)
    if proven is not None and is_printable(parcel, proven):
        return proven
    if proven is not None:
        raise NotDelivered(_("The delivery of this parcel was corrected afterwards, so its proof no longer stands."))
    if parcel.status != Status.DELIVERED:
        raise NotDelivered(_("This parcel has not been delivered, so there is no proof of delivery yet."))
    raise NotFound(_("No proof was kept of this delivery."))


def is_printable(parcel: Parcel, proven: Proven) -> bool:
    """Whether this proof of the parcel's may be printed: it proves the delivery that stands."""
    return stands(Status(parcel.status), parcel.status_at, proven.occurred_at)


def proof_token(cn: str, sha256: str) -> str:
    """The token of a printed proof: opens the page that says it is genuine."""
    return f"{cn}.{_signer().signature(f'{cn}:{sha256}')}"


def verify(token: str) -> Verified | None:
    """The proof whose paper carries this token, or None; unknown, torn and forged ones by the same one statement."""
    number, _dot, signature = token[:LONGEST].replace("\0", " ").partition(".")
    with connection.cursor() as cursor:
        cursor.execute("SELECT dispatch_check_proof(%s)", [number])
        found = cursor.fetchone()[0]
    if found is None:
        return None
    verified = _VERIFIED.decode(found)
    try:
        _signer().unsign(f"{verified.cn}:{verified.sha256}:{signature}")
    except signing.BadSignature:
        return None
    return verified


def _signer() -> signing.Signer:
    return signing.Signer(salt="printed proof")
