"""Locks on parcels, taken in one place and in one order, so that two people who scan the same ones never deadlock."""

from collections.abc import Mapping, Sequence

import msgspec
from django.db import connection
from django.utils.translation import gettext as _

from icargos.consignments.rules import Custody, Status
from icargos.kit.actor import Actor, Kind
from icargos.kit.errors import NotFound


class Held(msgspec.Struct, frozen=True):
    """A parcel whose row this transaction has locked: it stays as it is until the transaction ends. Paisa, grams."""

    id: int
    shipper_id: int
    cn: str
    status: Status
    custody: Custody
    reason: str
    attempts: int
    origin_id: int
    destination_id: int
    sort_code: str
    weight_g: int
    cod_paisa: int
    cod_state: str
    proof: str
    signed_papers: str
    labels_printed: int


_LOCK = """
SELECT id, shipper_id, cn, status, custody, reason, attempts, origin_id, destination_id, sort_code, weight_g, cod_paisa,
    cod_state, proof, signed_papers, labels_printed
FROM consignments_consignment
WHERE cn = ANY(%s) AND shipper_id = coalesce(%s::bigint, shipper_id) ORDER BY id FOR UPDATE
"""
_KNOWN = """
SELECT shipper_id, source, source_event_id FROM consignments_event
WHERE shipper_id = ANY(%s) AND source = ANY(%s) AND source_event_id = ANY(%s)
"""


def lock(actor: Actor, cns: Sequence[str]) -> dict[str, Held]:
    """The actor's parcels among these numbers, by number, locked until the caller's transaction ends.

    A number that is unknown, or another shipper's, is simply not in the answer.
    """
    tenant = actor.tenant if actor.kind is Kind.SHIPPER else None
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [list(cns), tenant])
        return {
            row[2]: Held(row[0], row[1], row[2], Status(row[3]), Custody(row[4]), *row[5:]) for row in cursor.fetchall()
        }


def known_events(held: Mapping[str, Held], events: Sequence[tuple[str, str]]) -> set[tuple[int, str, str]]:
    """Which of the events (source, id there) were recorded before. To be asked while the parcels are locked."""
    shippers = list({parcel.shipper_id for parcel in held.values()})
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [shippers, list({source for source, _id in events}), [one for _source, one in events]])
        return set(cursor.fetchall())


def unknown(cn: str) -> NotFound:
    """The refusal of a number that is not the actor's to see."""
    return NotFound(_("There is no consignment %(cn)s here. Check the number.") % {"cn": cn})
