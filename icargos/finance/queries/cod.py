"""What a shipper's cash on delivery comes to, read from the ledger's balances."""

from datetime import date, datetime

import msgspec
from django.db import connection

from icargos.accounts.rules import Can
from icargos.finance.rules import IN_PROCESS, Age, Cause, age, payable, rider_cash
from icargos.kit.actor import Actor


class Pending(msgspec.Struct, frozen=True):
    """COD that was collected and is not yet paid: paisa, parcels, and paisa by age of the debt."""

    total_paisa: int
    parcels: int
    ages: dict[Age, int]


class Owed(msgspec.Struct, frozen=True, kw_only=True):
    """One delivered parcel whose COD is not yet paid. No phone, no address: finance reads this."""

    id: int
    cn: str
    order_ref: str
    destination: str
    cod_paisa: int
    cod_state: str
    delivered_at: datetime


class CodTimes(msgspec.Struct, frozen=True):
    """When the COD of a parcel came into our hands, and when it was handed over at the station; None for not yet."""

    collected_at: datetime | None
    deposited_at: datetime | None


def pending_cod(actor: Actor, *, today: date) -> Pending:
    """What the courier owes the shipper. Needs SEE_CHARGES."""
    actor.require(Can.SEE_CHARGES)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT since, sum(paisa)::bigint, sum(n)::bigint FROM finance_balance"
            " WHERE account = %s AND shipper_id = %s GROUP BY since",
            [payable(actor.tenant), actor.tenant],
        )
        rows = cursor.fetchall()
    ages = dict.fromkeys(Age, 0)
    for since, paisa, _n in rows:
        ages[age(since, today)] += paisa
    return Pending(sum(row[1] for row in rows), sum(row[2] for row in rows), ages)


def cod_in_process(actor: Actor) -> int:
    """COD of parcels that are booked and still on their way to the consignee, in paisa. Needs SEE_CHARGES."""
    actor.require(Can.SEE_CHARGES)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(cod_paisa), 0)::bigint FROM consignments_tally"
            " WHERE shipper_id = %s AND status = ANY(%s)",
            [actor.tenant, [status.value for status in IN_PROCESS]],
        )
        found: int = cursor.fetchone()[0]
        return found


def unpaid(actor: Actor, *, before: int | None = None, size: int = 50) -> list[Owed]:
    """Delivered parcels whose COD is not yet paid, newest booking first. Needs SEE_CHARGES."""
    actor.require(Can.SEE_CHARGES)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.id, c.cn, c.order_ref, d.name, c.cod_paisa, c.cod_state, c.status_at"
            " FROM consignments_consignment c JOIN places_city d ON d.id = c.destination_id"
            " WHERE c.shipper_id = %s AND c.cod_state IN ('collected', 'deposited', 'on_statement', 'payable')"
            " AND (%s::bigint IS NULL OR c.id < %s) ORDER BY c.id DESC LIMIT %s",
            [actor.tenant, before, before, size],
        )
        names = Owed.__struct_fields__
        return [Owed(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


def cod_times(actor: Actor, consignment_id: int) -> CodTimes:
    """When the parcel's COD was collected and deposited; of several times the last. Needs SEE_ORDERS."""
    actor.require(Can.SEE_ORDERS)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(at) FILTER (WHERE cause = %s), max(at) FILTER (WHERE cause = %s)"
            " FROM finance_transfer WHERE consignment_id = %s AND shipper_id = %s",
            [Cause.COLLECT.value, Cause.DEPOSIT.value, consignment_id, actor.tenant],
        )
        return CodTimes(*cursor.fetchone())


def expected_of(actor: Actor, rider_id: int) -> int:
    """What a rider must hand over now, in paisa. Needs SCAN."""
    actor.require(Can.SCAN)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(paisa), 0)::bigint FROM finance_balance WHERE account = %s", [rider_cash(rider_id)]
        )
        found: int = cursor.fetchone()[0]
        return found
