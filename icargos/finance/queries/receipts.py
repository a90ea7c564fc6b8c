"""The collection that a receipt is given for, the token of a printed receipt, and its check.

A token is the parcel's number with an HMAC over it, the ledger's row and the amount, by the installation's secret key.
Nobody else can make one, and nothing is kept for it.
"""

from datetime import datetime
from typing import Final

import msgspec
from django.core import signing
from django.db import connection
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.finance.rules import Cause
from icargos.kit.actor import Actor
from icargos.kit.errors import Conflict

LONGEST: Final = 80  # characters of a token that are looked at


class Collection(msgspec.Struct, frozen=True):
    """COD of a parcel that was collected and not taken back, in paisa; ``entry`` and ``key`` are the ledger's row's."""

    entry: int
    key: str
    amount_paisa: int
    at: datetime


class Receipted(msgspec.Struct, frozen=True, kw_only=True):
    """What the holder of a genuine receipt may compare it with. ``stands`` is False once it was taken back."""

    cn: str
    entry: int
    key: str
    amount_paisa: int
    at: datetime
    stands: bool


_RECEIPTED: Final = msgspec.json.Decoder(Receipted)


class NothingCollected(Conflict):
    """There is no money to give a receipt for."""

    code = "nothing_collected"


_LAST = """
SELECT t.id, t.key, t.amount_paisa, t.at,
    EXISTS (SELECT 1 FROM finance_transfer r WHERE r.cause = %(reverse)s AND r.key = t.key)
FROM finance_transfer t
WHERE t.consignment_id = %(id)s AND t.cause = %(collect)s AND (%(tenant)s::bigint IS NULL OR t.shipper_id = %(tenant)s)
ORDER BY t.id DESC LIMIT 1
"""


def collection(actor: Actor, consignment_id: int) -> Collection:
    """The parcel's collection that stands. Needs SEE_CHARGES of a shipper's person, SEE_ALL_PARCELS of the courier's.

    Raises NothingCollected before the money came, and after it was taken back.
    """
    every = actor.may(Can.SEE_ALL_PARCELS)
    if not every:
        actor.require(Can.SEE_CHARGES)
    asked = {
        "id": consignment_id,
        "tenant": None if every else actor.tenant,
        "collect": Cause.COLLECT.value,
        "reverse": Cause.REVERSE.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LAST, asked)
        found = cursor.fetchone()
    if found is None:
        raise NothingCollected(_("Nothing has been collected for this parcel, so there is no receipt."))
    *row, gone = found
    if gone:
        raise NothingCollected(_("The collection for this parcel was taken back, so its receipt no longer stands."))
    return Collection(*row)


def receipt_token(cn: str, entry: int, amount_paisa: int) -> str:
    """The token of a printed receipt: opens the page that says it is genuine."""
    return f"{cn}.{_signer().signature(f'{cn}:{entry}:{amount_paisa}')}"


def check_receipt(token: str) -> Receipted | None:
    """The collection whose receipt carries this token, or None; unknown, torn and forged ones by the same statement."""
    number, _dot, signature = token[:LONGEST].replace("\0", " ").partition(".")
    with connection.cursor() as cursor:
        cursor.execute("SELECT finance_check_receipt(%s)", [number])
        found = cursor.fetchone()[0]
    if found is None:
        return None
    receipted = _RECEIPTED.decode(found)
    try:
        _signer().unsign(f"{receipted.cn}:{receipted.entry}:{receipted.amount_paisa}:{signature}")
    except signing.BadSignature:
        return None
    return receipted


def _signer() -> signing.Signer:
    return signing.Signer(salt="printed receipt")
