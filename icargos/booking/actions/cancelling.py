"""Take bookings back while the shipper still holds the parcels."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db import transaction

from icargos.accounts.rules import Can
from icargos.consignments import actions as consignments
from icargos.consignments import queries
from icargos.consignments.actions import Held, Move, Moved, MoveRefused
from icargos.consignments.rules import LABEL, SHIPPER_MAY, Status
from icargos.consignments.rules import Can as MayNow
from icargos.kit.actor import Actor


class Cancelled(msgspec.Struct, frozen=True):
    """What became of a list: the numbers that are cancelled now, and the others by the status that forbade it."""

    done: list[str]
    kept: dict[Status, list[str]]


@transaction.atomic
def cancel(actor: Actor, cns: Sequence[str], *, now: datetime) -> list[Moved]:
    """Cancel parcels that were not handed over yet, all or none. Raises MoveRefused for one that was.

    A parcel that is cancelled already comes back as replayed.
    """
    actor.require(Can.CANCEL)
    held = consignments.lock(actor, cns)
    for cn in cns:
        parcel = held.get(cn)
        if parcel is not None and parcel.status is not Status.CANCELLED and not _may(parcel):
            raise MoveRefused(
                f"{cn} is {LABEL[parcel.status]}; it cannot become {LABEL[Status.CANCELLED]}.",
                details={"cn": cn, "was": parcel.status.value, "becomes": Status.CANCELLED.value},
            )
    return consignments.move(actor, [_move(cn, now) for cn in cns], now=now)


@transaction.atomic
def cancel_those_possible(actor: Actor, ids: Sequence[int], *, now: datetime) -> Cancelled:
    """Cancel those of the parcels that were not handed over yet and leave the others; in one transaction.

    Parcels that are not the actor's are in neither list. Raises Forbidden without CANCEL.
    """
    actor.require(Can.CANCEL)
    cns = queries.numbers(actor, ids)
    held = consignments.lock(actor, cns)
    done = [cn for cn in cns if _may(held[cn])]
    kept: dict[Status, list[str]] = {}
    for cn in cns:
        if not _may(held[cn]):
            kept.setdefault(held[cn].status, []).append(cn)
    if done:
        consignments.move(actor, [_move(cn, now) for cn in done], now=now)
    return Cancelled(done, kept)


def _may(parcel: Held) -> bool:
    return MayNow.CANCEL in SHIPPER_MAY[parcel.status]


def _move(cn: str, now: datetime) -> Move:
    return Move(cn=cn, to=Status.CANCELLED, source="portal", source_event_id=f"cancelled:{cn}", occurred_at=now)
