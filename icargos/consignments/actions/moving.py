"""The only writer of a parcel's status."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db import connection
from django.utils.translation import gettext as _

from icargos.consignments.actions.columns import EVENT
from icargos.consignments.actions.locking import Held, known_events, lock, unknown
from icargos.consignments.events import ConsignmentMoved
from icargos.consignments.models import Correction
from icargos.consignments.rules import CUSTODY, LABEL, Custody, Status, may_move
from icargos.ground import bulk, facts
from icargos.kit.actor import Actor, Stamp
from icargos.kit.errors import Conflict


class MoveRefused(Conflict):
    """The status machine does not allow the move."""

    code = "move_refused"


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """One scan that moves one parcel. ``source_event_id`` makes its replay harmless.

    ``custody`` says who holds the parcel where that is not what the status implies; ``counts`` makes it one of the
    attempts that lead to a return. Position in degrees, accuracy in metres.
    """

    cn: str
    to: Status
    source: str
    source_event_id: str
    occurred_at: datetime
    reason: str = ""
    note: str = ""
    station_id: int | None = None
    city_id: int | None = None
    lat: float | None = None
    lng: float | None = None
    accuracy_m: float | None = None
    device: str = ""
    custody: Custody | None = None
    counts: bool = False


class Moved(msgspec.Struct, frozen=True):
    """The outcome of one Move; ``replayed`` when it had been recorded before."""

    cn: str
    was: str
    becomes: str
    replayed: bool = False


class Fresh(msgspec.Struct, frozen=True):
    """A move that is to be written: the parcel it moves, its status before, who moved it and when we heard of it."""

    move: Move
    parcel: Held
    was: Status
    by: Stamp


GIVEN = {
    "id": "bigint",
    "becomes": "text",
    "at": "timestamptz",
    "reason": "text",
    "custody": "text",
    "counts": "smallint",
}
_MOVE = """
UPDATE consignments_consignment c SET status = given.becomes, status_at = given.at, reason = given.reason,
    custody = given.custody, attempts = c.attempts + given.counts
FROM {source} WHERE c.id = given.id
"""


def move(actor: Actor, moves: Sequence[Move], *, now: datetime) -> list[Moved]:
    """Move parcels along the status machine, all or none, in the order given; a parcel may move several times.

    A move whose ``(source, source_event_id)`` is known changes nothing and comes back as replayed. Raises NotFound
    for a number that is not the actor's to see and MoveRefused for a move the table forbids, naming the parcel.
    """
    held = lock(actor, [m.cn for m in moves])
    known = known_events(held, [(m.source, m.source_event_id) for m in moves])
    standing = {cn: parcel.status for cn, parcel in held.items()}
    by = Stamp(actor, now)
    done: list[Moved] = []
    fresh: list[Fresh] = []
    for one in moves:
        if one.cn not in held:
            raise unknown(one.cn)
        parcel, was = held[one.cn], standing[one.cn]
        event = (parcel.shipper_id, one.source, one.source_event_id)
        if event in known:
            done.append(Moved(one.cn, was.value, was.value, replayed=True))
            continue
        check_move(one, was)
        known.add(event)
        standing[one.cn] = one.to
        fresh.append(Fresh(one, parcel, was, by))
        done.append(Moved(one.cn, was.value, one.to.value))
    for turn in _turns(fresh):
        _write_moves(turn, corrected=False)
    return done


def check_move(one: Move, was: Status) -> None:
    """Raise MoveRefused, naming the parcel, for a move that the table forbids."""
    if not may_move(was, one.to):
        told = _("%(cn)s is “%(was)s”; it cannot become “%(becomes)s”.")
        raise MoveRefused(
            told % {"cn": one.cn, "was": _(LABEL[was]), "becomes": _(LABEL[one.to])},
            details={"cn": one.cn, "was": was.value, "becomes": one.to.value},
        )


def after(parcel: Held, one: Move) -> Held:
    """The parcel as it is when the move is written."""
    custody = one.custody or CUSTODY[one.to]
    return msgspec.structs.replace(
        parcel, status=one.to, custody=custody, reason=one.reason, attempts=parcel.attempts + one.counts
    )


def correct(actor: Actor, one: Move, *, why: str, now: datetime) -> Moved:
    """An administrator's audited move that the table does not allow; ``why`` is kept for ever.

    Raises Forbidden without APPROVE, NotFound for an unknown number. A replay changes nothing.
    """
    actor.require("approve")
    held = lock(actor, [one.cn])
    if one.cn not in held:
        raise unknown(one.cn)
    parcel = held[one.cn]
    if known_events(held, [(one.source, one.source_event_id)]):
        return Moved(one.cn, parcel.status.value, parcel.status.value, replayed=True)
    Correction.objects.create(
        shipper_id=parcel.shipper_id,
        consignment_id=parcel.id,
        was=parcel.status.value,
        becomes=one.to.value,
        actor_id=actor.user_id or 0,
        reason=why,
        at=now,
    )
    _write_moves([Fresh(one, parcel, parcel.status, Stamp(actor, now))], corrected=True)
    return Moved(one.cn, parcel.status.value, one.to.value)


def _turns(fresh: Sequence[Fresh]) -> list[list[Fresh]]:
    """The moves in as few turns as it takes for no parcel to move twice in one statement."""
    turns: list[list[Fresh]] = []
    moved: Counter[int] = Counter()
    for one in fresh:
        turn = moved[one.parcel.id]
        if turn == len(turns):
            turns.append([])
        turns[turn].append(one)
        moved[one.parcel.id] += 1
    return turns


def _write_moves(fresh: Sequence[Fresh], *, corrected: bool) -> None:
    bulk.insert("consignments_event", EVENT, [move_event(one) for one in fresh])
    set_status([_given(one) for one in fresh])
    facts.record_each([(moved_fact(one, corrected=corrected), one.by) for one in fresh])


def move_event(one: Fresh) -> tuple[object, ...]:
    """The move's row in the parcel's history, in the order of ``EVENT``."""
    move, parcel, by = one.move, one.parcel, one.by
    return (
        (parcel.shipper_id, parcel.id, move.to.value, move.occurred_at, by.at, move.source, move.source_event_id)
        + (by.actor.user_id, by.actor.name, move.station_id, move.city_id, move.lat, move.lng, move.accuracy_m)
        + (move.reason, move.note, move.device, True, True)
    )


def _given(one: Fresh) -> tuple[object, ...]:
    move = one.move
    custody = move.custody or CUSTODY[move.to]
    return one.parcel.id, move.to.value, move.occurred_at, move.reason, custody.value, int(move.counts)


def set_status(rows: Sequence[tuple[object, ...]]) -> None:
    """Bring each parcel to a new status, no parcel twice: rows in the order of ``GIVEN``."""
    with bulk.given(GIVEN, rows) as (source, arrays), connection.cursor() as cursor:
        cursor.execute(_MOVE.format(source=source), arrays)


def moved_fact(one: Fresh, *, corrected: bool = False) -> ConsignmentMoved:
    """What the trail says of the move."""
    return ConsignmentMoved(
        shipper_id=one.parcel.shipper_id,
        subject_id=one.parcel.id,
        cn=one.move.cn,
        was=one.was.value,
        becomes=one.move.to.value,
        reason=one.move.reason,
        corrected=corrected,
    )
