"""A shipper's own words on its parcels, and the trail of what was taken out as a file."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.consignments.events import ParcelsExported, ParcelsTagged
from icargos.consignments.rules import MOST_TAGS, TAG_LENGTH
from icargos.ground import facts
from icargos.kit.actor import Actor
from icargos.kit.errors import Conflict, FieldProblem, Invalid, NotFound

_MADE = """
INSERT INTO consignments_tag (shipper_id, name) VALUES (%s, %s) ON CONFLICT (shipper_id, lower(name)) DO NOTHING
"""
# Who tags holds the tag, and who takes the last one off waits for them, so that no tag is lost in between.
_NAMED = "SELECT id FROM consignments_tag WHERE shipper_id = %s AND lower(name) = lower(%s) FOR {lock}"
_TAG = """
INSERT INTO consignments_tagging (shipper_id, tag_id, consignment_id)
SELECT c.shipper_id, %s, c.id FROM consignments_consignment c WHERE c.shipper_id = %s AND c.id = ANY(%s)
ON CONFLICT DO NOTHING
"""
_UNTAG = "DELETE FROM consignments_tagging WHERE shipper_id = %s AND tag_id = %s AND consignment_id = ANY(%s)"
_UNUSED = """
DELETE FROM consignments_tag t WHERE t.shipper_id = %s AND t.id = %s AND NOT EXISTS (
    SELECT 1 FROM consignments_tagging g WHERE g.shipper_id = t.shipper_id AND g.tag_id = t.id)
"""


@transaction.atomic
def tag(actor: Actor, ids: Sequence[int], name: str, *, now: datetime) -> int:
    """Give these parcels the tag, made if it is new; returns how many had it not before.

    Letter case does not tell tags apart. Parcels that are not the actor's are left out. Raises Forbidden without TAG,
    Invalid for a name of no or too many letters, Conflict when the shipper has MOST_TAGS others.
    """
    actor.require(Can.TAG)
    name = " ".join(name.split())
    if not 1 <= len(name) <= TAG_LENGTH:
        told = _("A tag has 1 to %(most)d letters.") % {"most": TAG_LENGTH}
        raise Invalid(told, problems=[FieldProblem("tag", "RANGE", told)])
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM consignments_tag WHERE shipper_id = %s", [actor.tenant])
        (others,) = cursor.fetchone()
        tag_id = _named(actor, name)
        if tag_id is None:
            if others >= MOST_TAGS:
                told = _("You have %(most)d tags already. Remove one from its parcels first.")
                raise Conflict(told % {"most": MOST_TAGS})
            cursor.execute(_MADE, [actor.tenant, name])
            tag_id = _named(actor, name)
        cursor.execute(_TAG, [tag_id, actor.tenant, list(ids)])
        given: int = cursor.rowcount
    assert tag_id is not None
    fact = ParcelsTagged(shipper_id=actor.tenant, subject_id=tag_id, parcels=given)
    facts.record(actor, [fact] if given else [], now=now)
    return given


@transaction.atomic
def untag(actor: Actor, ids: Sequence[int], name: str, *, now: datetime) -> int:
    """Take the tag off these parcels; returns how many had it. A tag that no parcel carries any more is gone.

    Raises Forbidden without TAG, NotFound for a tag that the shipper does not have.
    """
    actor.require(Can.TAG)
    tag_id = _named(actor, " ".join(name.split()), "UPDATE")
    if tag_id is None:
        raise NotFound(_("There is no such tag here. Reload the list and try again."))
    with connection.cursor() as cursor:
        cursor.execute(_UNTAG, [actor.tenant, tag_id, list(ids)])
        taken: int = cursor.rowcount
        cursor.execute(_UNUSED, [actor.tenant, tag_id])
    fact = ParcelsTagged(shipper_id=actor.tenant, subject_id=tag_id, parcels=taken, removed=True)
    facts.record(actor, [fact] if taken else [], now=now)
    return taken


def note_export(actor: Actor, *, fmt: str, parcels: int, now: datetime) -> None:
    """Record that the actor takes a list out as a file of this format. Needs SEE_ORDERS."""
    actor.require(Can.SEE_ORDERS)
    fact = ParcelsExported(
        shipper_id=actor.tenant,
        subject_id=actor.user_id or 0,
        format=fmt,
        parcels=parcels,
        consignees=actor.may(Can.SEE_CONSIGNEE),
    )
    facts.record(actor, [fact], now=now)


def _named(actor: Actor, name: str, lock: str = "KEY SHARE") -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(_NAMED.format(lock=lock), [actor.tenant, name])
        row = cursor.fetchone()
    return row[0] if row else None
