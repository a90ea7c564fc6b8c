"""The advice desk, from both sides: what waits for the shipper, what waits for the courier; and the desk's search."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from django.conf import settings
from django.db import connection

from icargos.accounts.rules import Can
from icargos.dispatch.rules.advice import AdviceState
from icargos.kit import cn as cn_format
from icargos.kit import phone
from icargos.kit.actor import Actor, Kind
from icargos.places.queries import station


class AdviceRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line of an advice desk. COD in paisa; ``booked_cod_paisa`` is the parcel's, ``cod_paisa`` the one asked for.

    Phone and address are None for who may not see the consignee.
    """

    id: int
    consignment_id: int
    cn: str
    shipper: str
    order_ref: str
    consignee_name: str
    consignee_phone: str | None
    address: str | None
    city: str
    booked_cod_paisa: int
    allow_open: bool
    status: str
    custody: str
    attempts: int
    attempt_id: int
    n: int
    reason: str
    counted: bool
    failed_at: datetime
    rider: str
    rider_note: str
    state: str
    opened_at: datetime
    action: str
    on_date: date | None
    window: str
    note: str
    new_phone: str | None
    new_address: str | None
    landmark: str | None
    cod_paisa: int | None
    by_name: str
    at: datetime | None
    answered_by: str
    answered_at: datetime | None
    answer: str
    decided: str
    decided_date: date | None


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """One parcel that the desk's search found. COD in paisa."""

    id: int
    cn: str
    status: str
    shipper: str
    order_ref: str
    consignee_name: str
    consignee_phone: str | None
    city: str
    cod_paisa: int
    run_number: str


_QUEUE = """
SELECT a.id, a.consignment_id, a.cn, s.name, c.order_ref, c.consignee_name, c.consignee_phone, c.address, d.name,
    c.cod_paisa, c.allow_open, c.status, c.custody, c.attempts, a.attempt_id, t.n, t.reason, t.counted, t.occurred_at,
    t.rider, t.note, a.state, a.opened_at, a.action, a.on_date, a.window, a.note, a.new_phone, a.new_address,
    a.landmark, a.cod_paisa, a.by_name, a.at, a.answered_by, a.answered_at, a.answer, a.decided, a.decided_date
FROM dispatch_advice a JOIN dispatch_attempt t ON t.id = a.attempt_id
JOIN consignments_consignment c ON c.id = a.consignment_id
JOIN accounts_shipper s ON s.id = c.shipper_id JOIN places_city d ON d.id = c.destination_id
WHERE {where} ORDER BY {order} LIMIT %s
"""
# Every page of a desk counts, so each desk is counted by the least that tells whose it is.
_TALLY = "SELECT a.state, count(*) FROM dispatch_advice a {joined} WHERE {where} GROUP BY 1"
_STATION = """
JOIN consignments_consignment c ON c.id = a.consignment_id JOIN places_city d ON d.id = c.destination_id
"""
# What waits is a small part of all that was ever asked, and has an index of its own.
_WAITS = "a.state IN ('open', 'submitted')"
_SEARCH = """
SELECT c.id, c.cn, c.status, s.name, c.order_ref, c.consignee_name, c.consignee_phone, d.name, c.cod_paisa,
    coalesce((SELECT r.number FROM dispatch_stop t JOIN dispatch_run r ON r.id = t.run_id
        WHERE t.consignment_id = c.id ORDER BY t.id DESC LIMIT 1), '')
FROM dispatch_search(%s, %s, %s, %s) AS found (id) JOIN consignments_consignment c ON c.id = found.id
JOIN accounts_shipper s ON s.id = c.shipper_id JOIN places_city d ON d.id = c.destination_id ORDER BY c.id DESC
"""
WAITING = (AdviceState.OPEN, AdviceState.SUBMITTED)
_PRIVATE = ("consignee_phone", "address", "new_phone", "new_address", "landmark")


def advice_queue(actor: Actor, states: Sequence[AdviceState] = WAITING, *, most: int = 200) -> list[AdviceRow]:
    """The actor's advice desk: a shipper's own parcels, or those bound for the station of the courier's person.

    What waits longest comes first; for past states the latest. Needs SEE_ORDERS, or ANSWER_ADVICE.
    """
    asked = [state.value for state in states]
    if set(states) <= set(WAITING):
        return _rows(actor, f"{_WAITS} AND a.state = ANY(%s)", [asked], most, "a.opened_at, a.id")
    return _rows(actor, "a.state = ANY(%s)", [asked], most, "a.id DESC")


def advice(actor: Actor, advice_id: int) -> AdviceRow | None:
    """One line of the actor's advice desk, or None where there is none."""
    return next(iter(_rows(actor, "a.id = %s", [advice_id], 1, "a.id")), None)


def advice_tally(actor: Actor) -> dict[AdviceState, int]:
    """How many advices of the actor's desk are in each state; every state has an entry."""
    return _tally(actor, "true")


def advice_waiting(actor: Actor) -> dict[AdviceState, int]:
    """The same for the states that wait for somebody alone: cheap, however many were answered."""
    return {state: n for state, n in _tally(actor, _WAITS).items() if state in WAITING}


def search(actor: Actor, words: str, *, most: int = 50) -> list[Found]:
    """Parcels of every shipper by the start of a number, by phone, order ref or name. Needs SEE_ALL_PARCELS.

    Newest first; of more numbers than ``most`` that start alike, the lowest.

    Without SEE_CONSIGNEE a phone finds nothing and none is shown.
    """
    actor.require(Can.SEE_ALL_PARCELS)
    close = actor.may(Can.SEE_CONSIGNEE)
    text = words.strip().lower()[:100]
    if not text:
        return []
    mobile = ""
    if close:
        try:
            mobile = phone.read(words).e164
        except phone.PhoneInvalid:
            mobile = ""
    with connection.cursor() as cursor:
        cursor.execute(_SEARCH, [text, mobile, cn_format.begins(words, settings.COURIER["cn_prefix"]), most])
        rows = [dict(zip(Found.__struct_fields__, row, strict=True)) for row in cursor.fetchall()]
    return [Found(**(row if close else row | {"consignee_phone": None})) for row in rows]


def _tally(actor: Actor, where: str) -> dict[AdviceState, int]:
    whose, values = _whose(actor)
    with connection.cursor() as cursor:
        joined = _STATION if whose.startswith("d.") else ""
        cursor.execute(_TALLY.format(joined=joined, where=f"{whose} AND {where}"), values)
        counts = dict(cursor.fetchall())
    return {state: counts.get(state.value, 0) for state in AdviceState}


def _rows(actor: Actor, where: str, values: Sequence[Any], most: int, order: str) -> list[AdviceRow]:
    whose, of_whom = _whose(actor)
    with connection.cursor() as cursor:
        cursor.execute(_QUEUE.format(where=f"{whose} AND {where}", order=order), [*of_whom, *values, most])
        rows = [dict(zip(AdviceRow.__struct_fields__, row, strict=True)) for row in cursor.fetchall()]
    hidden = {} if actor.may(Can.SEE_CONSIGNEE) else dict.fromkeys(_PRIVATE)
    return [AdviceRow(**row | hidden) for row in rows]


def _whose(actor: Actor) -> tuple[str, list[int]]:
    """Whose desk the actor reads, as a condition: a shipper's, a station's; who approves for the courier reads all."""
    if actor.kind is Kind.SHIPPER:
        actor.require(Can.SEE_ORDERS)
        return "a.shipper_id = %s", [actor.tenant]
    actor.require(Can.ANSWER_ADVICE)
    return ("true", []) if actor.may(Can.APPROVE) else ("d.station_id = %s", [station(actor).id])
