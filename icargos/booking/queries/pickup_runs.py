"""Pickups as the courier works them: the desk's day, the run sheets, the rider's visits."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from django.db import connection
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.booking.rules.pickups import LIVE, RunState
from icargos.booking.rules.sheets import WITH_SHIPPER, read_number
from icargos.kit.actor import Actor
from icargos.kit.errors import NotFound
from icargos.places import queries as places


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """One request as the courier sees it. Weights in grams, phone of the pickup profile in E.164.

    ``ready`` parcels wait at the place now, ``expected`` are those the rider set out for, ``taken`` those he has.
    """

    id: int
    shipper_id: int
    shipper: str
    number: str
    profile_id: int
    profile_code: str
    profile: str
    phone: str
    address: str
    city: str
    day: date
    slot: str
    expected_parcels: int
    expected_weight_g: int
    note: str
    state: str
    run_id: int | None
    run_number: str
    seq: int
    rider: str
    started_at: datetime | None
    ended_at: datetime | None
    reason: str
    end_note: str
    ready: int
    ready_g: int
    expected: int
    taken: int
    left: int

    @property
    def is_open(self) -> bool:
        """Whether the rider still has to report it."""
        return self.state == "on_the_way"


class PickupRunCard(msgspec.Struct, frozen=True, kw_only=True):
    """One pickup run sheet in a list; ``open`` visits are still to be reported, ``taken`` are parcels."""

    id: int
    number: str
    station_id: int
    day: date
    rider_id: int
    rider_name: str
    state: str
    left_at: datetime | None
    visits: int
    open: int
    taken: int


class PickupBoard(msgspec.Struct, frozen=True, kw_only=True):
    """A station's pickups of one day. ``overdue`` were asked for an earlier day and nobody went."""

    station: places.Office
    day: date
    visits: list[Visit]
    overdue: list[Visit]
    runs: list[PickupRunCard]


class VisitSheet(msgspec.Struct, frozen=True, kw_only=True):
    """A closed load sheet that waits at the place, and how much of it this visit has taken."""

    number: str
    parcels: int
    waiting: int
    taken: int
    closed_at: datetime


_LIVE = [state.value for state in LIVE]
_VISITS = """
SELECT r.id, r.shipper_id, sh.name, r.number, r.profile_id, p.code, p.name, p.phone, p.address, t.name, r.day, r.slot,
    r.expected_parcels, r.expected_weight_g, r.note, r.state, r.run_id, coalesce(u.number, ''), r.seq,
    coalesce(u.rider_name, ''), r.started_at, r.ended_at, r.reason, r.end_note, w.ready, w.ready_g, k.expected, k.taken,
    r.left
FROM booking_pickuprequest r JOIN accounts_shipper sh ON sh.id = r.shipper_id
JOIN places_pickupprofile p ON p.id = r.profile_id JOIN places_city t ON t.id = p.city_id
LEFT JOIN booking_pickuprun u ON u.id = r.run_id
CROSS JOIN LATERAL (
    SELECT count(*) AS ready, coalesce(sum(c.weight_g), 0)::bigint AS ready_g FROM consignments_consignment c
    WHERE c.shipper_id = r.shipper_id AND c.status IN ('ready_for_pickup', 'pickup_in_progress')
        AND c.profile_id = r.profile_id AND r.state = ANY(%s)) w
CROSS JOIN LATERAL (
    SELECT count(*) AS expected, count(*) FILTER (WHERE k.state = 'collected') AS taken FROM booking_pickupparcel k
    WHERE k.shipper_id = r.shipper_id AND k.request_id = r.id) k
WHERE {where} ORDER BY {order}
"""
_RUNS = """
SELECT u.id, u.number, u.station_id, u.day, u.rider_id, u.rider_name, u.state, u.left_at, count(r.id),
    count(r.id) FILTER (WHERE r.state = 'on_the_way'), coalesce(sum(r.collected), 0)::bigint
FROM booking_pickuprun u LEFT JOIN booking_pickuprequest r ON r.run_id = u.id AND r.state <> 'cancelled'
WHERE {where} GROUP BY u.id ORDER BY u.id DESC LIMIT %s
"""
_SHEETS = """
SELECT s.number, s.parcels, count(*) FILTER (WHERE c.status = ANY(%s)), count(k.id), s.closed_at
FROM booking_loadsheet s JOIN booking_loadsheetitem i ON i.shipper_id = s.shipper_id AND i.sheet_id = s.id
    AND i.left_at IS NULL
JOIN consignments_consignment c ON c.id = i.consignment_id
LEFT JOIN booking_pickupparcel k ON k.shipper_id = i.shipper_id AND k.request_id = %s
    AND k.consignment_id = i.consignment_id AND k.state = 'collected'
WHERE s.shipper_id = %s AND s.profile_id = %s AND s.state = 'closed' AND s.closed_at > now() - interval '60 days'
GROUP BY s.id HAVING count(*) FILTER (WHERE c.status = ANY(%s)) > 0 OR count(k.id) > 0 ORDER BY s.id
"""
_SHEET_CNS = """
SELECT i.cn FROM booking_loadsheet s
JOIN booking_loadsheetitem i ON i.shipper_id = s.shipper_id AND i.sheet_id = s.id AND i.left_at IS NULL
JOIN consignments_consignment c ON c.id = i.consignment_id
WHERE s.shipper_id = %s AND s.number = %s AND s.state = 'closed' AND c.status = ANY(%s) ORDER BY i.seq
"""
_HELD = sorted(status.value for status in WITH_SHIPPER)


def pickup_board(actor: Actor, day: date) -> PickupBoard:
    """The pickups of the actor's station on the day, by slot; needs SCAN. Raises NotPosted."""
    actor.require(Can.SCAN)
    here = places.station(actor)
    return PickupBoard(
        station=here,
        day=day,
        visits=_visits("t.station_id = %s AND r.day = %s", "r.slot, sh.name, r.id", [here.id, day]),
        overdue=_visits(
            "t.station_id = %s AND r.day < %s AND r.state IN ('asked', 'assigned')",
            "r.day, r.slot, r.id",
            [here.id, day],
        ),
        runs=_runs("u.station_id = %s AND u.day = %s", [here.id, day], 50),
    )


def count_unassigned(actor: Actor, *, today: date) -> int:
    """How many pickups of the station, of today or before, are on no rider's sheet. Needs SCAN."""
    actor.require(Can.SCAN)
    here = places.post_of(actor)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM booking_pickuprequest r JOIN places_pickupprofile p ON p.id = r.profile_id"
            " JOIN places_city t ON t.id = p.city_id WHERE r.state = 'asked' AND r.day <= %s AND t.station_id = %s",
            [today, here.id if here else 0],
        )
        (n,) = cursor.fetchone()
    return int(n)


def pickup_run(actor: Actor, run_id: int) -> tuple[PickupRunCard, list[Visit]]:
    """One pickup run sheet with its visits in their order: the desk's, of its own station, or the rider's own.

    Raises NotFound, alike for unknown and another's.
    """
    if actor.may(Can.SCAN):
        where, value = "u.station_id = %s", places.station(actor).id
    else:
        actor.require(Can.DELIVER)
        where, value = "u.rider_id = %s AND u.state <> 'open'", actor.user_id or 0
    cards = _runs(f"u.id = %s AND {where}", [run_id, value], 1)
    if not cards:
        raise NotFound(_("There is no such pickup run sheet here."))
    return cards[0], _visits("r.run_id = %s AND r.state <> 'cancelled'", "r.seq", [run_id])


def pickup_run_numbered(actor: Actor, number: str) -> int:
    """The id of the pickup run sheet with this number: the desk's, of its own station, or the rider's own.

    A rider's may not have left yet. Raises NotFound, alike for unknown and another's.
    """
    if actor.may(Can.SCAN):
        where, value = "u.station_id = %s", places.station(actor).id
    else:
        actor.require(Can.DELIVER)
        where, value = "u.rider_id = %s", actor.user_id or 0
    cards = _runs(f"u.number = %s AND {where}", [number.replace("\0", " "), value], 1)
    if not cards:
        raise NotFound(_("There is no such pickup run sheet here."))
    return cards[0].id


def rider_visits(actor: Actor) -> list[Visit]:
    """The rider's visits of the sheets he is out with, or was within the day, in their order. Needs DELIVER."""
    actor.require(Can.DELIVER)
    where = (
        "u.rider_id = %s AND r.state <> 'cancelled'"
        " AND (u.state = %s OR (u.state = %s AND u.left_at > now() - interval '16 hours'))"
    )
    return _visits(where, "u.id, r.seq", [actor.user_id, RunState.OUT.value, RunState.DONE.value])


def rider_visit(actor: Actor, request_id: int) -> Visit:
    """One of the rider's own visits that has started; raises NotFound, alike for unknown and another rider's."""
    actor.require(Can.DELIVER)
    where = "r.id = %s AND u.rider_id = %s AND r.started_at IS NOT NULL"
    found = _visits(where, "r.id", [request_id, actor.user_id])
    if not found:
        raise NotFound(_("This pickup is not on your run sheet."))
    return found[0]


def visit_of_sheet(actor: Actor, shipper_id: int, profile_id: int) -> int | None:
    """The rider's own visit on the way to this place, for who scanned a load sheet there."""
    actor.require(Can.DELIVER)
    where = "r.shipper_id = %s AND r.profile_id = %s AND u.rider_id = %s AND r.state = 'on_the_way'"
    found = _visits(where, "r.seq", [shipper_id, profile_id, actor.user_id])
    return found[0].id if found else None


def visit_sheets(actor: Actor, visit: Visit) -> list[VisitSheet]:
    """The closed load sheets that wait at the place of the rider's visit, and those it has taken from."""
    actor.require(Can.DELIVER)
    with connection.cursor() as cursor:
        cursor.execute(_SHEETS, [_HELD, visit.id, visit.shipper_id, visit.profile_id, _HELD])
        return [VisitSheet(**dict(zip(VisitSheet.__struct_fields__, row, strict=True))) for row in cursor.fetchall()]


def pickup_sheet_cns(actor: Actor, shipper_id: int, number: str) -> list[str]:
    """The numbers on a shipper's closed load sheet that still wait, in its order; raises NotFound. Needs DELIVER."""
    actor.require(Can.DELIVER)
    with connection.cursor() as cursor:
        cursor.execute(_SHEET_CNS, [shipper_id, read_number(number), _HELD])
        found = [cn for (cn,) in cursor.fetchall()]
    if not found:
        raise NotFound(_("There is no such load sheet here, or nothing of it waits any more."))
    return found


def _visits(where: str, order: str, values: Sequence[Any]) -> list[Visit]:
    with connection.cursor() as cursor:
        cursor.execute(_VISITS.format(where=where, order=order), [_LIVE, *values])
        names = Visit.__struct_fields__
        return [Visit(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


def _runs(where: str, values: Sequence[Any], most: int) -> list[PickupRunCard]:
    with connection.cursor() as cursor:
        cursor.execute(_RUNS.format(where=where), [*values, most])
        names = PickupRunCard.__struct_fields__
        return [PickupRunCard(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]
