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
from icargos.kit.actor import Actor
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


_Fresh = tuple[Move, Held, Status]  # with the parcel and its status before

_MOVE = """
UPDATE consignments_consignment c
SET status = m.becomes, status_at = m.at, reason = m.reason, custody = m.custody, attempts = c.attempts + m.counts
FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[], %s::text[], %s::text[], %s::smallint[])
    AS m (id, becomes, at, reason, custody, counts)
WHERE c.id = m.id
"""


def move(actor: Actor, moves: Sequence[Move], *, now: datetime) -> list[Moved]:
    """Move parcels along the status machine, all or none, in the order given; a parcel may move several times.

    A move whose ``(source, source_event_id)`` is known changes nothing and comes back as replayed. Raises NotFound
    for a number that is not the actor's to see and MoveRefused for a move the table forbids, naming the parcel.
    """
    held = lock(actor, [m.cn for m in moves])
    known = known_events(held, [(m.source, m.source_event_id) for m in moves])
    standing = {cn: parcel.status for cn, parcel in held.items()}
    done: list[Moved] = []
    fresh: list[_Fresh] = []
    for one in moves:
        if one.cn not in held:
            raise unknown(one.cn)
        parcel, was = held[one.cn], standing[one.cn]
        event = (parcel.shipper_id, one.source, one.source_event_id)
        if event in known:
            done.append(Moved(one.cn, was.value, was.value, replayed=True))
            continue
        if not may_move(was, one.to):
            told = _("%(cn)s is “%(was)s”; it cannot become “%(becomes)s”.")
            raise MoveRefused(
                told % {"cn": one.cn, "was": _(LABEL[was]), "becomes": _(LABEL[one.to])},
                details={"cn": one.cn, "was": was.value, "becomes": one.to.value},
            )
        known.add(event)
        standing[one.cn] = one.to
        fresh.append((one, parcel, was))
        done.append(Moved(one.cn, was.value, one.to.value))
    for turn in _turns(fresh):
        _write_moves(actor, turn, now=now, corrected=False)
    return done


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
    _write_moves(actor, [(one, parcel, parcel.status)], now=now, corrected=True)
    return Moved(one.cn, parcel.status.value, one.to.value)


def _turns(fresh: Sequence[_Fresh]) -> list[list[_Fresh]]:
    """The moves in as few turns as it takes for no parcel to move twice in one statement."""
    turns: list[list[_Fresh]] = []
    moved: Counter[int] = Counter()
    for one in fresh:
        parcel_id = one[1].id
        if moved[parcel_id] == len(turns):
            turns.append([])
        turns[moved[parcel_id]].append(one)
        moved[parcel_id] += 1
    return turns


def _write_moves(actor: Actor, fresh: Sequence[_Fresh], *, now: datetime, corrected: bool) -> None:
    bulk.insert(
        "consignments_event",
        EVENT,
        [
            (parcel.shipper_id, parcel.id, one.to.value, one.occurred_at, now, one.source, one.source_event_id)
            + (actor.user_id, actor.name, one.station_id, one.city_id, one.lat, one.lng, one.accuracy_m)
            + (one.reason, one.note, one.device, True, True)
            for one, parcel, _was in fresh
        ],
    )
    with connection.cursor() as cursor:
        cursor.execute(
            _MOVE,
            [
                [parcel.id for _one, parcel, _was in fresh],
                [one.to.value for one, *_rest in fresh],
                [one.occurred_at for one, *_rest in fresh],
                [one.reason for one, *_rest in fresh],
                [(one.custody or CUSTODY[one.to]).value for one, *_rest in fresh],
                [int(one.counts) for one, *_rest in fresh],
            ],
        )
    moved = [
        ConsignmentMoved(
            shipper_id=parcel.shipper_id,
            subject_id=parcel.id,
            cn=one.cn,
            was=was.value,
            becomes=one.to.value,
            reason=one.reason,
            corrected=corrected,
        )
        for one, parcel, was in fresh
    ]
    facts.record(actor, moved, now=now)
