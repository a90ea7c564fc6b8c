"""The ledger's one way in: transfers, append-only, under a key that makes a replay harmless."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec
from django.db import connection

from icargos.finance.models import Transfer as Row
from icargos.finance.rules import Cause, Transfer
from icargos.ground import bulk
from icargos.kit.actor import Actor, Stamp
from icargos.kit.errors import Conflict

_TRANSFER = {
    "cause": "text",
    "key": "text",
    "seq": "integer",
    "debit": "text",
    "credit": "text",
    "amount_paisa": "bigint",
    "since": "date",
    "shipper_id": "bigint",
    "consignment_id": "bigint",
    "run_id": "bigint",
    "rider_id": "bigint",
    "at": "timestamptz",
    "actor_id": "bigint",
}


class PostingRefused(Conflict):
    """The key was used for another posting."""

    code = "posting_refused"


class Posting(msgspec.Struct, frozen=True):
    """Transfers that stand or fall together. ``by`` says who posted them and when, where that is not the actor now."""

    cause: Cause
    key: str
    transfers: Sequence[Transfer]
    by: Stamp | None = None


def post(actor: Actor, postings: Sequence[Posting], *, now: datetime) -> list[bool]:
    """Write the postings in the caller's transaction; says of each whether it is new (a replay writes nothing).

    Raises PostingRefused when a key is known with other transfers. Forbidden by the database for a shipper's role.
    """
    here = Stamp(actor, now)
    rows = [row for one in postings for row in _rows(one, one.by or here)]
    written = bulk.insert(
        "finance_transfer",
        _TRANSFER,
        rows,
        returning="cause, key",
        conflict="ON CONFLICT (cause, key, seq) DO NOTHING",
    )
    count: dict[tuple[str, str], int] = {}
    for cause, key in written:
        count[cause, key] = count.get((cause, key), 0) + 1
    fresh = []
    for one in postings:
        new = count.get((one.cause.value, one.key), 0)
        if new not in {0, len(one.transfers)} or (new == 0 and not _same(one)):
            raise PostingRefused(f"The posting {one.cause.value} {one.key} is in the books with other amounts.")
        fresh.append(bool(new))
    return fresh


def _rows(one: Posting, by: Stamp) -> Iterator[tuple[object, ...]]:
    for seq, t in enumerate(one.transfers):
        money = (t.debit, t.credit, t.amount_paisa, t.since)
        whose = (t.shipper_id, t.consignment_id, t.run_id, t.rider_id)
        yield (one.cause.value, one.key, seq, *money, *whose, by.at, by.actor.user_id)


def _same(one: Posting) -> bool:
    rows = Row.objects.filter(cause=one.cause.value, key=one.key).order_by("seq")
    known = list(rows.values_list("debit", "credit", "amount_paisa"))
    return known == [(t.debit, t.credit, t.amount_paisa) for t in one.transfers]


def sum_balances() -> None:
    """Replace the appended changes of balances by their sums. Behind the relay's fence; readers see the same totals."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH gone AS (DELETE FROM finance_balance RETURNING shipper_id, account, since, paisa, n)"
            " INSERT INTO finance_balance (shipper_id, account, since, paisa, n)"
            " SELECT shipper_id, account, since, sum(paisa), sum(n) FROM gone"
            " GROUP BY 1, 2, 3 HAVING sum(n) <> 0 OR sum(paisa) <> 0"
        )
