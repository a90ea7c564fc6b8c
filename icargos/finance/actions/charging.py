"""The only writer of charges."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db import connection

from icargos.finance.events import ChargeReplaced
from icargos.ground import bulk, facts
from icargos.kit.actor import Actor
from icargos.kit.errors import Conflict


class Priced(msgspec.Struct, frozen=True):
    """A parcel with its receipt: JSON as ``tariff`` wrote it, totals in paisa."""

    consignment_id: int
    card: str
    charges_paisa: int
    payable_paisa: int
    receipt: str


class ChargeFixed(Conflict):
    """The charge is no longer the one of the booking: what was reweighed or billed is not priced anew."""

    code = "charge_fixed"


_CHARGE = {
    "consignment_id": "bigint",
    "card": "text",
    "charges_paisa": "bigint",
    "payable_paisa": "bigint",
    "receipt": "jsonb",
}


def charge(actor: Actor, priced: Sequence[Priced], *, now: datetime) -> None:
    """Keep what each parcel was booked at, with every line of its receipt. In the caller's transaction."""
    bulk.insert(
        "finance_charge",
        _CHARGE,
        [msgspec.structs.astuple(one) for one in priced],
        same={"shipper_id": ("bigint", actor.tenant), "state": ("text", "booked"), "at": ("timestamptz", now)},
    )


_KEEP = """
WITH held AS (
    SELECT * FROM finance_charge WHERE shipper_id = %s AND consignment_id = ANY(%s) AND state = 'booked'
    ORDER BY consignment_id FOR UPDATE)
INSERT INTO finance_earliercharge (shipper_id, consignment_id, state, card, charges_paisa, payable_paisa, receipt, at,
    replaced_at, replaced_by)
SELECT shipper_id, consignment_id, state, card, charges_paisa, payable_paisa, receipt, at, %s, %s FROM held
RETURNING consignment_id, charges_paisa
"""
_REPLACE = """
UPDATE finance_charge c SET card = given.card, charges_paisa = given.charges_paisa, payable_paisa = given.payable_paisa,
    receipt = given.receipt, at = %s
FROM {source} WHERE c.shipper_id = %s AND c.consignment_id = given.consignment_id
"""


def recharge(actor: Actor, priced: Sequence[Priced], *, now: datetime) -> None:
    """Charge parcels anew, all or none; the earlier charge is kept beside it. In the caller's transaction.

    Raises ChargeFixed when one of them has no charge that is still as it was booked.
    """
    if not priced:
        return
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [actor.tenant, [one.consignment_id for one in priced], now, actor.user_id])
        was: dict[int, int] = dict(cursor.fetchall())
    if len(was) != len(priced):
        raise ChargeFixed("The charge of a parcel was weighed or billed: it is not priced anew.")
    rows = [msgspec.structs.astuple(one) for one in priced]
    with bulk.given(_CHARGE, rows) as (source, arrays), connection.cursor() as cursor:
        cursor.execute(_REPLACE.format(source=source), [now, *arrays, actor.tenant])
    replaced = [
        ChargeReplaced(
            shipper_id=actor.tenant,
            subject_id=one.consignment_id,
            was_paisa=was[one.consignment_id],
            becomes_paisa=one.charges_paisa,
        )
        for one in priced
    ]
    facts.record(actor, replaced, now=now)
