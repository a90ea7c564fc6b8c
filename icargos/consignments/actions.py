"""The only writer of a parcel's status: enter it, move it, count its labels."""

import secrets
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db import connection

from icargos.consignments.events import ConsignmentBooked, ConsignmentMoved, LabelsPrinted
from icargos.consignments.models import Correction
from icargos.consignments.rules import CUSTODY, LABEL, Status, may_move
from icargos.ground import bulk, facts, numbers
from icargos.kit.actor import Actor, Kind
from icargos.kit.errors import Conflict, NotFound


class MoveRefused(Conflict):
    """The status machine does not allow the move."""

    code = "move_refused"


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A parcel about to be entered. Paisa, grams, cm, E.164; ids of places already resolved."""

    service: str
    profile_id: int
    origin_id: int
    destination_id: int
    sort_code: str
    order_ref: str
    consignee_name: str
    consignee_phone: str
    alt_phone: str
    consignee_email: str
    address: str
    landmark: str
    pieces: int
    weight_g: int
    charged_weight_g: int
    length_cm: int
    width_cm: int
    height_cm: int
    cod_paisa: int
    declared_value_paisa: int
    product: str
    remarks: str
    allow_open: bool
    fragile: bool
    proof: str


class Entered(msgspec.Struct, frozen=True):
    """A parcel that was entered: its id and number."""

    id: int
    cn: str


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """One scan that moves one parcel. ``source_event_id`` makes its replay harmless."""

    cn: str
    to: Status
    source: str
    source_event_id: str
    occurred_at: datetime
    reason: str = ""
    note: str = ""
    station_id: int | None = None
    city_id: int | None = None


class Moved(msgspec.Struct, frozen=True):
    """The outcome of one Move; ``replayed`` when it had been recorded before."""

    cn: str
    was: str
    becomes: str
    replayed: bool = False


_Held = dict[str, tuple[int, int, Status]]  # id, shipper, status by number
_Fresh = tuple[Move, int, int, Status]  # with the parcel's id, shipper and status before

_CONSIGNMENT = {
    "shipper_id": "bigint",
    "cn": "text",
    "status": "text",
    "status_at": "timestamptz",
    "reason": "text",
    "attempts": "smallint",
    "custody": "text",
    "cod_state": "text",
    "source": "text",
    "import_id": "bigint",
    "booked_at": "timestamptz",
    "booked_by": "bigint",
    "tracking_token": "text",
    "label_token": "text",
    "labels_printed": "smallint",
    "service": "text",
    "profile_id": "bigint",
    "origin_id": "bigint",
    "destination_id": "bigint",
    "sort_code": "text",
    "order_ref": "text",
    "consignee_name": "text",
    "consignee_phone": "text",
    "alt_phone": "text",
    "consignee_email": "text",
    "address": "text",
    "landmark": "text",
    "pieces": "smallint",
    "weight_g": "integer",
    "charged_weight_g": "integer",
    "length_cm": "smallint",
    "width_cm": "smallint",
    "height_cm": "smallint",
    "cod_paisa": "bigint",
    "declared_value_paisa": "bigint",
    "product": "text",
    "remarks": "text",
    "allow_open": "boolean",
    "fragile": "boolean",
    "proof": "text",
}
_EVENT = {
    "shipper_id": "bigint",
    "consignment_id": "bigint",
    "code": "text",
    "occurred_at": "timestamptz",
    "received_at": "timestamptz",
    "source": "text",
    "source_event_id": "text",
    "actor_id": "bigint",
    "actor_name": "text",
    "station_id": "bigint",
    "city_id": "bigint",
    "reason": "text",
    "note": "text",
    "device": "text",
    "public": "boolean",
    "moved": "boolean",
}


def enter(actor: Actor, drafts: Sequence[Draft], *, source: str, import_id: int | None, now: datetime) -> list[Entered]:
    """Enter parcels as New Booked, each with its number, tokens, first event and fact; in the drafts' order.

    Runs in the caller's transaction. Who may book is the caller's rule: ``booking.actions.book``.
    """
    shipper = actor.tenant
    status = Status.NEW_BOOKED
    head = (shipper, status.value, now, "", 0, CUSTODY[status].value)
    cns = numbers.allot(len(drafts))
    rows = []
    for number, draft in zip(cns, drafts, strict=True):
        cod_state = "expected" if draft.cod_paisa else "none"
        rows.append(
            (shipper, number, *head[1:], cod_state, source, import_id, now, actor.user_id)
            + (secrets.token_urlsafe(16), secrets.token_urlsafe(16), 0)
            + msgspec.structs.astuple(draft)
        )
    found = bulk.insert("consignments_consignment", _CONSIGNMENT, rows, returning="cn, id")
    ids: dict[str, int] = dict(found)
    entered = [Entered(ids[number], number) for number in cns]
    bulk.insert(
        "consignments_event",
        _EVENT,
        [
            (shipper, one.id, status.value, now, now, source, f"booked:{one.cn}")
            + (actor.user_id, actor.name, None, draft.origin_id, "", "", "", True, True)
            for one, draft in zip(entered, drafts, strict=True)
        ],
    )
    booked = [
        ConsignmentBooked(
            shipper_id=shipper,
            subject_id=one.id,
            cn=one.cn,
            service=draft.service,
            cod_paisa=draft.cod_paisa,
            import_id=import_id,
        )
        for one, draft in zip(entered, drafts, strict=True)
    ]
    facts.record(actor, booked, now=now)
    return entered


_LOCK = """
SELECT id, shipper_id, cn, status FROM consignments_consignment
WHERE cn = ANY(%s) AND shipper_id = coalesce(%s::bigint, shipper_id) ORDER BY id FOR UPDATE
"""
_KNOWN = """
SELECT shipper_id, source, source_event_id FROM consignments_event
WHERE shipper_id = ANY(%s) AND source = ANY(%s) AND source_event_id = ANY(%s)
"""
_MOVE = """
UPDATE consignments_consignment c
SET status = m.becomes, status_at = m.at, reason = m.reason, custody = m.custody
FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[], %s::text[], %s::text[]) AS m (id, becomes, at, reason, custody)
WHERE c.id = m.id
"""


def move(actor: Actor, moves: Sequence[Move], *, now: datetime) -> list[Moved]:
    """Move parcels along the status machine, all or none, in the order given; a parcel may move several times.

    A move whose ``(source, source_event_id)`` is known changes nothing and comes back as replayed. Raises NotFound
    for a number that is not the actor's to see and MoveRefused for a move the table forbids, naming the parcel.
    """
    held = _lock(actor, [m.cn for m in moves])
    known = _known(held, moves)
    done: list[Moved] = []
    fresh: list[_Fresh] = []
    for one in moves:
        if one.cn not in held:
            raise NotFound(f"There is no consignment {one.cn} here. Check the number.")
        row_id, shipper, was = held[one.cn]
        event = (shipper, one.source, one.source_event_id)
        if event in known:
            done.append(Moved(one.cn, was.value, was.value, replayed=True))
            continue
        if not may_move(was, one.to):
            raise MoveRefused(
                f"{one.cn} is {LABEL[was]}; it cannot become {LABEL[one.to]}.",
                details={"cn": one.cn, "was": was.value, "becomes": one.to.value},
            )
        known.add(event)
        held[one.cn] = (row_id, shipper, one.to)
        fresh.append((one, row_id, shipper, was))
        done.append(Moved(one.cn, was.value, one.to.value))
    for turn in _turns(fresh):
        _write_moves(actor, turn, now=now, corrected=False)
    return done


def correct(actor: Actor, one: Move, *, why: str, now: datetime) -> Moved:
    """An administrator's audited move that the table does not allow; ``why`` is kept for ever.

    Raises Forbidden without APPROVE, NotFound for an unknown number. A replay changes nothing.
    """
    actor.require("approve")
    held = _lock(actor, [one.cn])
    if one.cn not in held:
        raise NotFound(f"There is no consignment {one.cn} here. Check the number.")
    row_id, shipper, was = held[one.cn]
    if _known(held, [one]):
        return Moved(one.cn, was.value, was.value, replayed=True)
    Correction.objects.create(
        shipper_id=shipper,
        consignment_id=row_id,
        was=was.value,
        becomes=one.to.value,
        actor_id=actor.user_id or 0,
        reason=why,
        at=now,
    )
    _write_moves(actor, [(one, row_id, shipper, was)], now=now, corrected=True)
    return Moved(one.cn, was.value, one.to.value)


def _lock(actor: Actor, cns: Sequence[str]) -> _Held:
    """The actor's parcels among these, locked in one order for everybody: id, shipper and status by number."""
    tenant = actor.tenant if actor.kind is Kind.SHIPPER else None
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [list(cns), tenant])
        return {cn: (row_id, shipper, Status(status)) for row_id, shipper, cn, status in cursor.fetchall()}


def _known(held: _Held, moves: Sequence[Move]) -> set[tuple[int, str, str]]:
    """Which of the moves' events were recorded before. To be asked while the parcels are locked."""
    shippers = list({shipper for _row_id, shipper, _status in held.values()})
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [shippers, list({m.source for m in moves}), [m.source_event_id for m in moves]])
        return set(cursor.fetchall())


def _turns(fresh: Sequence[_Fresh]) -> list[list[_Fresh]]:
    """The moves in as few turns as it takes for no parcel to move twice in one statement."""
    turns: list[list[_Fresh]] = []
    moved: Counter[int] = Counter()
    for one in fresh:
        if moved[one[1]] == len(turns):
            turns.append([])
        turns[moved[one[1]]].append(one)
        moved[one[1]] += 1
    return turns


def _write_moves(actor: Actor, fresh: Sequence[_Fresh], *, now: datetime, corrected: bool) -> None:
    bulk.insert(
        "consignments_event",
        _EVENT,
        [
            (shipper, row_id, one.to.value, one.occurred_at, now, one.source, one.source_event_id)
            + (actor.user_id, actor.name, one.station_id, one.city_id, one.reason, one.note, "", True, True)
            for one, row_id, shipper, _was in fresh
        ],
    )
    with connection.cursor() as cursor:
        cursor.execute(
            _MOVE,
            [
                [row_id for _one, row_id, _shipper, _was in fresh],
                [one.to.value for one, *_rest in fresh],
                [one.occurred_at for one, *_rest in fresh],
                [one.reason for one, *_rest in fresh],
                [CUSTODY[one.to].value for one, *_rest in fresh],
            ],
        )
    moved = [
        ConsignmentMoved(
            shipper_id=shipper,
            subject_id=row_id,
            cn=one.cn,
            was=was.value,
            becomes=one.to.value,
            reason=one.reason,
            corrected=corrected,
        )
        for one, row_id, shipper, was in fresh
    ]
    facts.record(actor, moved, now=now)


def count_print(actor: Actor, ids: Sequence[int], *, now: datetime) -> dict[int, int]:
    """Count one more printing of each label; returns how many times each was printed, this time included."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE consignments_consignment SET labels_printed = labels_printed + 1"
            " WHERE id = ANY(%s) AND shipper_id = %s RETURNING id, cn, labels_printed",
            [list(ids), actor.tenant],
        )
        printed = cursor.fetchall()
    told = [LabelsPrinted(shipper_id=actor.tenant, subject_id=i, cn=cn, times=n) for i, cn, n in printed]
    facts.record(actor, told, now=now)
    return {row_id: times for row_id, _cn, times in printed}
