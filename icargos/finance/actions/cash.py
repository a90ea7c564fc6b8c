"""Cash on its way: collected from a consignee, handed over at the end of a run, taken back by a correction."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.consignments import actions as consignments
from icargos.consignments.rules import CodState
from icargos.finance.actions.posting import Posting, post
from icargos.finance.events import CashClosed
from icargos.finance.models import CashClose
from icargos.finance.models import Transfer as Row
from icargos.finance.rules import Cause, Held, Transfer, closing, payable, reversing, rider_cash
from icargos.ground import bulk, facts
from icargos.kit.actor import Actor, Stamp
from icargos.kit.errors import Conflict, NotFound
from icargos.kit.money import rupees


class CloseRefused(Conflict):
    """The run's cash cannot be closed like this."""

    code = "close_refused"


class Collected(msgspec.Struct, frozen=True, kw_only=True):
    """COD of one delivered parcel, in paisa. ``key`` makes a replay harmless: one for each delivery."""

    consignment_id: int
    shipper_id: int
    rider_id: int
    cod_paisa: int
    method: str
    key: str
    run_id: int | None = None


class Handed(msgspec.Struct, frozen=True, kw_only=True):
    """What a rider handed over at the end of a run, in paisa; ``approved_by`` stands for a difference."""

    run_id: int
    rider_id: int
    station_id: int
    cash_paisa: int
    digital_paisa: int
    approved_by: int | None


class Closed(msgspec.Struct, frozen=True):
    """A cash close, in paisa; ``over_paisa`` is negative when the rider was short."""

    expected_paisa: int
    cash_paisa: int
    digital_paisa: int
    parcels: int

    @property
    def over_paisa(self) -> int:
        """Handed over beyond what was expected."""
        return self.cash_paisa + self.digital_paisa - self.expected_paisa


def collect(actor: Actor, collected: Sequence[Collected], *, now: datetime) -> None:
    """Post COD that was collected: the rider has it, the courier owes it to the shipper. In the caller's transaction.

    Digital payments stand on the rider's account too until the cash close proves them. A replay posts nothing.
    """
    by = Stamp(actor, now)
    postings = [collection(one, by) for one in collected if one.cod_paisa]
    fresh = post(actor, postings, now=now)
    ids = [one.transfers[0].consignment_id for one, new in zip(postings, fresh, strict=True) if new]
    consignments.set_cod_state(actor, [i for i in ids if i is not None], CodState.COLLECTED, now=now)


def collection(one: Collected, by: Stamp) -> Posting:
    """The posting of one parcel's COD that was collected."""
    moved = Transfer(
        rider_cash(one.rider_id),
        payable(one.shipper_id),
        one.cod_paisa,
        timezone.localdate(by.at),
        one.shipper_id,
        one.consignment_id,
        one.run_id,
        one.rider_id,
    )
    return Posting(Cause.COLLECT, one.key, (moved,), by)


# What a rider holds of each parcel: collected and not yet handed over.
_HELD = """
SELECT consignment_id, shipper_id, sum(CASE WHEN debit = %(account)s THEN amount_paisa ELSE -amount_paisa END)::bigint,
    min(since)
FROM finance_transfer
WHERE (debit = %(account)s OR credit = %(account)s) AND consignment_id IS NOT NULL
GROUP BY 1, 2 HAVING sum(CASE WHEN debit = %(account)s THEN amount_paisa ELSE -amount_paisa END) <> 0
ORDER BY 1
"""


def held_by(rider_id: int) -> list[Held]:
    """The COD of each parcel that a rider must hand over, in paisa."""
    with connection.cursor() as cursor:
        cursor.execute(_HELD, {"account": rider_cash(rider_id)})
        return [Held(*row) for row in cursor.fetchall()]


def close_cash(
    actor: Actor,
    *,
    run_id: int,
    rider_id: int,
    station_id: int,
    cash_paisa: int,
    digital_paisa: int,
    approved_by: int | None,
    now: datetime,
) -> Closed:
    """Take over what a rider holds at the end of a run; its COD is deposited only now. Needs SCAN.

    Closes all he holds, so that what a phone reported late after an earlier close is in the next one. A difference
    stands on an account of its own and needs ``approved_by``. The same run again returns the first close. Raises
    CloseRefused for an unapproved difference and for amounts below zero.
    """
    actor.require(Can.SCAN)
    with connection.cursor() as cursor:
        # Two closes of one rider, or a delivery that syncs meanwhile, must see each other.
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [4927, rider_id % 2**31])
    known = CashClose.objects.filter(run_id=run_id).first()
    if known is not None:
        return Closed(known.expected_paisa, known.cash_paisa, known.digital_paisa, 0)
    held = held_by(rider_id)
    handed = Handed(
        run_id=run_id,
        rider_id=rider_id,
        station_id=station_id,
        cash_paisa=cash_paisa,
        digital_paisa=digital_paisa,
        approved_by=approved_by,
    )
    closed, posting, row, told = closed_by(handed, held, Stamp(actor, now))
    bulk.create([row])
    if posting.transfers:
        post(actor, [posting], now=now)
    consignments.set_cod_state(actor, [one.consignment_id for one in held], CodState.DEPOSITED, now=now)
    facts.record(actor, [told], now=now)
    return closed


def closed_by(handed: Handed, held: Sequence[Held], by: Stamp) -> tuple[Closed, Posting, CashClose, CashClosed]:
    """What a cash close comes to, its posting, its row and its fact, when the rider held this much.

    Raises CloseRefused for amounts below zero and for a difference that nobody approved.
    """
    if handed.cash_paisa < 0 or handed.digital_paisa < 0:
        raise CloseRefused(_("Write what was handed over; it cannot be below 0."))
    expected = sum(one.amount_paisa for one in held)
    closed = Closed(expected, handed.cash_paisa, handed.digital_paisa, len(held))
    over = closed.over_paisa
    if over and handed.approved_by is None:
        short = _("The cash is %(amount)s short. Count again, or have the difference approved.")
        much = _("The cash is %(amount)s over. Count again, or have the difference approved.")
        told = (short if over < 0 else much) % {"amount": rupees(abs(over))}
        raise CloseRefused(told, details={"expected_paisa": expected, "over_paisa": over})
    row = CashClose(**msgspec.structs.asdict(handed), expected_paisa=expected, at=by.at)
    transfers = closing(
        held,
        rider_id=handed.rider_id,
        station_id=handed.station_id,
        run_id=handed.run_id,
        cash_paisa=handed.cash_paisa,
        digital_paisa=handed.digital_paisa,
        day=timezone.localdate(by.at),
    )
    fact = CashClosed(
        shipper_id=None,
        subject_id=handed.run_id,
        expected_paisa=expected,
        cash_paisa=handed.cash_paisa,
        digital_paisa=handed.digital_paisa,
        over_paisa=over,
    )
    return closed, Posting(Cause.DEPOSIT, f"run:{handed.run_id}", transfers, by), row, fact


def take_back(actor: Actor, *, key: str, now: datetime) -> None:
    """Reverse a collection that was wrong, by its key, while the rider still holds the cash. Needs APPROVE.

    The rows stay; their mirror image is added. Raises NotFound for an unknown key, Conflict once it was deposited.
    """
    actor.require(Can.APPROVE)
    rows = list(Row.objects.filter(cause=Cause.COLLECT.value, key=key).order_by("seq"))
    if not rows:
        raise NotFound(_("There is no such collection in the books."))
    transfers = [
        Transfer(
            row.debit,
            row.credit,
            row.amount_paisa,
            row.since,
            row.shipper_id,
            row.consignment_id,
            row.run_id,
            row.rider_id,
        )
        for row in rows
    ]
    holder = rows[0].rider_id or 0
    if rows[0].consignment_id not in {one.consignment_id for one in held_by(holder)}:
        raise Conflict(_("This cash was handed over already. Correct it on the next statement."))
    post(actor, [Posting(Cause.REVERSE, key, reversing(transfers))], now=now)
    ids = [row.consignment_id for row in rows if row.consignment_id is not None]
    consignments.set_cod_state(actor, ids, CodState.REVERTED, now=now)
