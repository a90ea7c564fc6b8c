"""Run sheets as the desk and the rider read them: every stop with what the shipper wished for it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from django.db import connection
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.dispatch.models import Conflict
from icargos.dispatch.rules.outcome import RunState
from icargos.kit.actor import Actor
from icargos.kit.errors import NotFound
from icargos.places.queries import Office, post_of, station


class RunCard(msgspec.Struct, frozen=True, kw_only=True):
    """One run sheet in a list. Money in paisa; ``live`` stops are neither delivered nor scanned back."""

    id: int
    number: str
    rider_id: int
    rider_name: str
    state: str
    opened_at: datetime
    dispatched_at: datetime | None
    closed_at: datetime | None
    stops: int
    pending: int
    delivered: int
    failed: int
    not_attempted: int
    handed_back: int
    cod_paisa: int
    collected_paisa: int

    @property
    def live(self) -> int:
        """How many parcels must still be delivered or scanned back before the run can be closed."""
        return self.pending + self.failed + self.not_attempted


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What shall happen with a parcel after a failed attempt: the shipper's advice, or the desk's own decision.

    ``answer`` is the desk's comment.
    """

    state: str
    action: str
    on_date: date | None
    window: str
    note: str
    new_phone: str
    new_address: str
    landmark: str
    answer: str


class StopRow(msgspec.Struct, frozen=True, kw_only=True):
    """One stop of a run sheet with its parcel. Phone in E.164, COD in paisa; ``reason`` is the last failed visit's."""

    id: int
    run_id: int
    run_number: str
    run_state: str
    seq: int
    state: str
    outcome: str
    outcome_at: datetime | None
    consignment_id: int
    cn: str
    status: str
    custody: str
    reason: str
    attempts: int
    shipper: str
    order_ref: str
    consignee_name: str
    consignee_phone: str
    alt_phone: str
    address: str
    landmark: str
    city: str
    pieces: int
    weight_g: int
    cod_paisa: int
    proof: str
    signed_papers: str
    allow_open: bool
    fragile: bool
    product: str
    remarks: str
    sort_code: str
    wish: Wish | None


class RunSheet(msgspec.Struct, frozen=True, kw_only=True):
    """One run with its stops, in their order."""

    run: RunCard
    station: str
    stops: list[StopRow]


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """What the desk of a station has before it. ``here`` counts the parcels standing at it by status."""

    station: Office
    runs: list[RunCard]
    here: dict[str, int]
    advice: int
    conflicts: int


_CARD = """
SELECT r.id, r.number, r.rider_id, r.rider_name, r.state, r.opened_at, r.dispatched_at, r.closed_at,
    count(s.id), count(s.id) FILTER (WHERE s.state = 'pending'), count(s.id) FILTER (WHERE s.state = 'delivered'),
    count(s.id) FILTER (WHERE s.state = 'failed'), count(s.id) FILTER (WHERE s.state = 'not_attempted'),
    count(s.id) FILTER (WHERE s.state = 'handed_back'), coalesce(sum(c.cod_paisa), 0)::bigint,
    coalesce(sum(c.cod_paisa) FILTER (WHERE s.state = 'delivered'), 0)::bigint
FROM dispatch_run r
LEFT JOIN dispatch_stop s ON s.run_id = r.id LEFT JOIN consignments_consignment c ON c.id = s.consignment_id
WHERE {where} GROUP BY r.id ORDER BY r.id DESC LIMIT %s
"""
_STOPS = """
SELECT s.id, s.run_id, r.number, r.state, s.seq, s.state, s.outcome, s.outcome_at, c.id, c.cn, c.status, c.custody,
    c.reason, c.attempts, sh.name, c.order_ref, c.consignee_name, c.consignee_phone, c.alt_phone, c.address,
    c.landmark, d.name, c.pieces, c.weight_g, c.cod_paisa, c.proof, c.signed_papers, c.allow_open, c.fragile, c.product,
    c.remarks, c.sort_code, w.state, coalesce(nullif(w.decided, ''), w.action), coalesce(w.decided_date, w.on_date),
    coalesce(nullif(w.decided_window, ''), w.window), w.note, w.new_phone, w.new_address, w.landmark, w.answer
FROM dispatch_stop s JOIN dispatch_run r ON r.id = s.run_id
JOIN consignments_consignment c ON c.id = s.consignment_id
JOIN accounts_shipper sh ON sh.id = c.shipper_id JOIN places_city d ON d.id = c.destination_id
LEFT JOIN LATERAL (
    SELECT * FROM dispatch_advice a
    WHERE a.consignment_id = s.consignment_id AND a.state IN ('submitted', 'accepted', 'overridden')
    ORDER BY a.id DESC LIMIT 1) w ON true
WHERE {where} ORDER BY s.run_id, s.seq
"""
AT_STATION = (
    "received_at_destination",
    "reattempt_requested",
    "delivery_unsuccessful",
    "shipper_advice_pending",
    "on_hold",
    "hold_self_collection",
    "return_confirmed",
)
# The statuses stand in the statement itself, so that the partial index over them is found.
_HERE = f"""
SELECT c.status, count(*) FROM consignments_consignment c JOIN places_city d ON d.id = c.destination_id
WHERE d.station_id = %s AND c.custody <> 'rider' AND c.status IN {AT_STATION} GROUP BY 1
"""  # noqa: S608
_ADVICE_HERE = """
SELECT count(*) FROM dispatch_advice a JOIN consignments_consignment c ON c.id = a.consignment_id
JOIN places_city d ON d.id = c.destination_id WHERE a.state = 'submitted' AND d.station_id = %s
"""


def board(actor: Actor, *, most: int = 50) -> Board:
    """The desk's board: the station's newest runs, what stands there, what waits for an answer. Needs SCAN."""
    actor.require(Can.SCAN)
    here = station(actor)
    with connection.cursor() as cursor:
        cursor.execute(_HERE, [here.id])
        standing = dict(cursor.fetchall())
        cursor.execute(_ADVICE_HERE, [here.id])
        (advice,) = cursor.fetchone()
    return Board(
        station=here,
        runs=_cards("r.station_id = %s", [here.id], most),
        here={status: standing.get(status, 0) for status in AT_STATION},
        advice=advice,
        conflicts=Conflict.objects.filter(state="open").count(),
    )


def run(actor: Actor, run_id: int) -> RunSheet:
    """One run sheet with its stops: the desk's, of its own station, or the rider's own. Raises NotFound."""
    here = post_of(actor)
    card = _card(actor, here, "r.id = %s", run_id)
    return RunSheet(run=card, station=here.name if here else "", stops=_stops("s.run_id = %s", [run_id]))


def run_numbered(actor: Actor, number: str) -> RunCard:
    """The run sheet with this number, for those whom ``run`` shows it. Raises NotFound."""
    return _card(actor, post_of(actor), "r.number = %s", number.replace("\0", " "))


def _card(actor: Actor, here: Office | None, which: str, value: object) -> RunCard:
    rider = not actor.may(Can.SCAN)
    if rider:
        actor.require(Can.DELIVER)
    whose = ("r.rider_id = %s", actor.user_id) if rider else ("r.station_id = %s", here.id if here else None)
    cards = _cards(f"{which} AND {whose[0]}", [value, whose[1]], 1)
    if not cards:
        raise NotFound(_("There is no such run sheet here."))
    return cards[0]


def runs(actor: Actor) -> list[RunCard]:
    """The rider's own runs that have left and are not closed, newest first. Needs DELIVER."""
    actor.require(Can.DELIVER)
    return _cards("r.rider_id = %s AND r.state = %s", [actor.user_id, RunState.DISPATCHED.value], 10)


def stops(actor: Actor) -> list[StopRow]:
    """The rider's stops: all of the runs he is out with, and of closed ones those that still wait for his report."""
    actor.require(Can.DELIVER)
    where = "r.rider_id = %s AND (r.state = %s OR (r.state = %s AND s.state = 'pending'))"
    return _stops(where, [actor.user_id, RunState.DISPATCHED.value, RunState.CLOSED.value])


def stop(actor: Actor, stop_id: int) -> StopRow:
    """One of the rider's own stops on a run that has left; raises NotFound, alike for unknown and another rider's."""
    actor.require(Can.DELIVER)
    found = _stops("s.id = %s AND r.rider_id = %s AND r.state <> %s", [stop_id, actor.user_id, RunState.OPEN.value])
    if not found:
        raise NotFound(_("This stop is not on your run sheet."))
    return found[0]


def _cards(where: str, values: Sequence[Any], most: int) -> list[RunCard]:
    with connection.cursor() as cursor:
        cursor.execute(_CARD.format(where=where), [*values, most])
        names = RunCard.__struct_fields__
        return [RunCard(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


def _stops(where: str, values: Sequence[Any]) -> list[StopRow]:
    names, wishes = StopRow.__struct_fields__[:-1], Wish.__struct_fields__
    with connection.cursor() as cursor:
        cursor.execute(_STOPS.format(where=where), list(values))
        out = []
        for row in cursor.fetchall():
            head, tail = row[: len(names)], row[len(names) :]
            wish = Wish(**dict(zip(wishes, tail, strict=True))) if tail[0] else None
            out.append(StopRow(**dict(zip(names, head, strict=True)), wish=wish))
    return out
