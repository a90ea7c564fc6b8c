"""A shipper's account over a period, read from the ledger: what was owed before, each parcel, what is owed after.

The balance is COD owed before charges, as "Pending COD" is. What the parcels cost stands beside it and is not taken
from it: that is a settlement's affair.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import msgspec
from django.db import connection
from django.utils import timezone

from icargos.accounts.rules import Can
from icargos.finance.rules import Period, payable
from icargos.kit.actor import Actor


class Balances(msgspec.Struct, frozen=True):
    """COD owed to a shipper before and after a period, and what came between, in paisa."""

    opening_paisa: int
    collected_paisa: int
    taken_back_paisa: int
    closing_paisa: int


class StatementLine(msgspec.Struct, frozen=True, kw_only=True):
    """What one parcel moved in the period. Paisa; ``cod_paisa`` is below zero where a collection was taken back.

    ``outcome`` is ``delivered``, ``returned`` or "" while it stands open again; ``at`` is when its line was posted.
    ``charges_paisa`` is before tax, but for a return, whose tax is in it. ``consignee`` is None for who may not see
    him.
    """

    at: datetime
    cn: str
    order_ref: str
    booked_at: datetime
    outcome: str
    ended_at: datetime | None
    destination: str
    destination_urdu: str
    consignee: str | None
    cod_paisa: int
    charges_paisa: int
    tax_paisa: int
    withheld_paisa: int

    @property
    def net_paisa(self) -> int:
        """What the parcel leaves its shipper."""
        return self.cod_paisa - self.charges_paisa - self.tax_paisa - self.withheld_paisa


class Statement(msgspec.Struct, frozen=True):
    """A period's balances and its lines, in the order they were posted: read at one moment, so that they agree."""

    balances: Balances
    lines: list[StatementLine]

    def running(self) -> Iterator[tuple[StatementLine, int]]:
        """Each line with the balance after it, in paisa."""
        balance = self.balances.opening_paisa
        for line in self.lines:
            balance += line.cod_paisa
            yield line, balance


# The balance now, less what came since the period's end; and what came within it.
_MOVED: Final = """
WITH moved AS (
    SELECT consignment_id, at, CASE WHEN credit = %(account)s THEN amount_paisa ELSE -amount_paisa END AS paisa
    FROM finance_transfer
    WHERE shipper_id = %(shipper)s AND at >= %(since)s AND (credit = %(account)s OR debit = %(account)s)),
sums AS (
    SELECT (SELECT coalesce(sum(paisa), 0) FROM finance_balance
            WHERE account = %(account)s AND shipper_id = %(shipper)s)
            - coalesce(sum(paisa) FILTER (WHERE at >= %(until)s), 0) AS closing,
        coalesce(sum(paisa) FILTER (WHERE at < %(until)s AND paisa > 0), 0) AS collected,
        coalesce(sum(paisa) FILTER (WHERE at < %(until)s AND paisa < 0), 0) AS taken_back
    FROM moved)
"""
_FIGURES: Final = "(closing - collected - taken_back)::bigint, collected::bigint, -taken_back::bigint, closing::bigint"
_BALANCES: Final = f"{_MOVED} SELECT {_FIGURES} FROM sums"  # noqa: S608
# A parcel stands in the period in which its COD was posted; one that brought none, in that in which it ended.
_LINES: Final = f"""{_MOVED},
posted AS (
    SELECT consignment_id AS id, max(at) AS at, sum(paisa)::bigint AS paisa, bool_or(paisa > 0) AS came, false AS over
    FROM moved WHERE at < %(until)s GROUP BY 1),
ended AS (
    SELECT id, status_at AS at, 0::bigint AS paisa, false AS came, true AS over FROM consignments_consignment
    WHERE shipper_id = %(shipper)s AND status_at >= %(since)s AND status_at < %(until)s
        AND (status = 'returned_to_shipper' OR (status = 'delivered' AND cod_paisa = 0))),
found AS (
    SELECT id, max(at) AS at, sum(paisa)::bigint AS paisa, bool_or(came) AS came, bool_or(over) AS over
    FROM (SELECT * FROM posted UNION ALL SELECT * FROM ended) AS both_kinds GROUP BY 1),
lines AS (
    SELECT l.id, l.at, c.cn, c.order_ref, c.booked_at, c.status, c.status_at, d.name, d.urdu,
        c.consignee_name, l.paisa, l.came, l.over, f.charges_paisa, (f.receipt ->> 'tax_paisa')::bigint AS tax,
        (f.receipt ->> 'withholding_paisa')::bigint AS withheld, (f.receipt ->> 'return_payable_paisa')::bigint AS back
    FROM found l JOIN consignments_consignment c ON c.id = l.id AND c.shipper_id = %(shipper)s
    JOIN places_city d ON d.id = c.destination_id
    LEFT JOIN finance_charge f ON f.consignment_id = c.id AND f.shipper_id = c.shipper_id)
SELECT {_FIGURES}, lines.* FROM sums LEFT JOIN lines ON true ORDER BY lines.at, lines.id
"""  # noqa: S608
_OUTCOMES: Final = {"delivered": "delivered", "returned_to_shipper": "returned"}


def balances(actor: Actor, period: Period) -> Balances:
    """What was owed before and after the period. Needs SEE_CHARGES."""
    actor.require(Can.SEE_CHARGES)
    with connection.cursor() as cursor:
        cursor.execute(_BALANCES, _asked(actor, period))
        return Balances(*cursor.fetchone())


def statement(actor: Actor, period: Period) -> Statement:
    """The account over the period with every parcel's line. Needs SEE_CHARGES; names need SEE_CONSIGNEE."""
    actor.require(Can.SEE_CHARGES)
    with connection.cursor() as cursor:
        cursor.execute(_LINES, _asked(actor, period))
        rows = cursor.fetchall()
    sees = actor.may(Can.SEE_CONSIGNEE)
    return Statement(Balances(*rows[0][:4]), [_line(row[5:], sees=sees) for row in rows if row[4] is not None])


def _line(row: tuple[Any, ...], *, sees: bool) -> StatementLine:
    at, cn, order_ref, booked_at, status, status_at, city, urdu, consignee, cod, came, over, *price = row
    charges, tax, held, back = (figure or 0 for figure in price)
    outcome = _OUTCOMES.get(status, "")
    cost = (0, 0, 0)
    if outcome == "delivered" and (came or over):
        cost = (charges - tax, tax, held)
    elif outcome == "returned" and over:
        cost = (-back, 0, 0)
    return StatementLine(
        at=at,
        cn=cn,
        order_ref=order_ref,
        booked_at=booked_at,
        outcome=outcome,
        ended_at=status_at if outcome else None,
        destination=city,
        destination_urdu=urdu,
        consignee=consignee if sees else None,
        cod_paisa=cod,
        charges_paisa=cost[0],
        tax_paisa=cost[1],
        withheld_paisa=cost[2],
    )


def _asked(actor: Actor, period: Period) -> dict[str, Any]:
    return {
        "shipper": actor.tenant,
        "account": payable(actor.tenant),
        "since": _midnight(period.since),
        "until": _midnight(period.until + timedelta(days=1)),
    }


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
