"""Parcels that are packed and wait for the rider, and those that are not ready after all."""

import uuid
from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.booking.queries import sheets_of
from icargos.consignments import actions as consignments
from icargos.consignments.actions import Held, Move
from icargos.consignments.rules import LABEL, Status
from icargos.kit import cn as cn_format
from icargos.kit.actor import Actor
from icargos.kit.errors import NotFound

SOURCE = "portal"


class Marked(msgspec.Struct, frozen=True):
    """How many parcels were marked just now, how many were so before, and why each of the others was not, by CN."""

    marked: int
    before: int
    refused: dict[str, str]


@transaction.atomic
def mark_ready(actor: Actor, cns: Sequence[str], *, now: datetime) -> Marked:
    """New Booked becomes Ready for Pickup. A parcel that is past that is told and stops no other; again is harmless.

    Raises Forbidden without HAND_OVER, NotFound, and marks none, when a number is not the actor's.
    """
    return _mark(actor, cns, Status.NEW_BOOKED, Status.READY_FOR_PICKUP, now=now)


@transaction.atomic
def mark_not_ready(actor: Actor, cns: Sequence[str], *, now: datetime) -> Marked:
    """Ready for Pickup becomes New Booked again, but for parcels on a closed load sheet: those are promised.

    Answers and raises as ``mark_ready``.
    """
    return _mark(actor, cns, Status.READY_FOR_PICKUP, Status.NEW_BOOKED, now=now)


def _mark(actor: Actor, cns: Sequence[str], was: Status, becomes: Status, *, now: datetime) -> Marked:
    actor.require(Can.HAND_OVER)
    numbers = list(dict.fromkeys(cn_format.normalise(cn) for cn in cns))
    held = consignments.lock(actor, numbers)
    if len(held) != len(numbers):
        raise NotFound(_("Some of these consignments are not here. Reload the list and try again."))
    promised = {}
    if becomes is Status.NEW_BOOKED:
        sheets = sheets_of(actor, [parcel.id for parcel in held.values()])
        promised = {at: one.number for at, one in sheets.items() if one.state == "closed"}
    chosen, refused, before = [], {}, 0
    for parcel in held.values():
        if parcel.status is becomes:
            before += 1
        elif parcel.status is not was:
            told = _("%(cn)s is %(status)s. Nothing was changed.")
            refused[parcel.cn] = told % {"cn": parcel.cn, "status": _(LABEL[parcel.status])}
        elif parcel.id in promised:
            told = _("%(cn)s is on %(sheet)s, which is closed. Withdraw the sheet first.")
            refused[parcel.cn] = told % {"cn": parcel.cn, "sheet": promised[parcel.id]}
        else:
            chosen.append(parcel)
    move_all(actor, chosen, becomes, now=now)
    return Marked(len(chosen), before, refused)


def move_all(actor: Actor, parcels: Sequence[Held], becomes: Status, *, now: datetime) -> None:
    """Move locked parcels that the shipper still holds, each at its city of origin.

    The way between ready and not ready is gone back and forth, so each turn has an id of its own.
    """
    turn = uuid.uuid4().hex
    moves = [
        Move(
            cn=parcel.cn,
            to=becomes,
            source=SOURCE,
            source_event_id=f"{turn}:{parcel.id}",
            occurred_at=now,
            city_id=parcel.origin_id,
        )
        for parcel in parcels
    ]
    consignments.move(actor, moves, now=now)
