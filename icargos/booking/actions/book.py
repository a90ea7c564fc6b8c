"""Book parcels, one or thousands, by the same set-based code."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import msgspec
from django.db import transaction

from icargos.accounts.rules import Can
from icargos.booking.actions.addresses import keep_address
from icargos.booking.actions.documents import attach_documents
from icargos.booking.actions.drafts import charges_of, draft_of
from icargos.booking.queries import Terms, priced, reference, terms
from icargos.booking.queries.telling import told
from icargos.booking.rules.documents import File
from icargos.booking.rules.order import Order
from icargos.booking.rules.problems import Severity
from icargos.booking.rules.rows import check_many
from icargos.booking.rules.text import clean
from icargos.consignments import actions as consignments
from icargos.finance import actions as finance
from icargos.ground.once import once
from icargos.kit.actor import Actor
from icargos.kit.errors import Invalid


class BookingRefused(Invalid):
    """At least one order cannot be booked, so none was.

    Each problem's field is ``index.column``, of a single form the column alone.
    """

    code = "booking_refused"


class Booked(msgspec.Struct, frozen=True):
    """A booked order: its consignment, its number and what it costs, in paisa."""

    id: int
    cn: str
    charges_paisa: int
    payable_paisa: int


@transaction.atomic
def book(
    actor: Actor,
    orders: Sequence[Order],
    *,
    source: str,
    now: datetime,
    import_id: int | None = None,
    on: Terms | None = None,
) -> list[Booked]:
    """Book every order or none of them: number, price, charge, record. In the orders' order.

    ``source`` is form, sheet, api or store; ``on`` the shipper's terms when the caller has read them. Raises Forbidden
    without BOOK, BookingRefused naming every order and field that cannot be carried.
    """
    actor.require(Can.BOOK)
    return _book(actor, orders, source=source, now=now, import_id=import_id, on=on)


def _book(
    actor: Actor, orders: Sequence[Order], *, source: str, now: datetime, import_id: int | None, on: Terms | None
) -> list[Booked]:
    ready = priced(actor, orders, now=now, on=on)
    refused = [told(p, f"{place}.{p.column}") for place, one in enumerate(ready) for p in one.problems]
    if refused:
        raise BookingRefused(refused[0].message, problems=refused)
    entered = consignments.enter(actor, [draft_of(one) for one in ready], source=source, import_id=import_id, now=now)
    charges = charges_of([new.id for new in entered], ready)
    finance.charge(actor, charges, now=now)
    return [
        Booked(new.id, new.cn, one.charges_paisa, one.payable_paisa) for new, one in zip(entered, charges, strict=True)
    ]


# The caller's transaction or savepoint takes a refused booking back; one more would cost two statements.
@transaction.atomic(savepoint=False)
def book_typed(actor: Actor, rows: Sequence[Mapping[str, str]], *, source: str, now: datetime) -> list[Booked]:
    """Check orders as they were typed, column keys to text, and book every one or none. In their order.

    Raises Forbidden without BOOK, BookingRefused naming every column of every order that is wrong.
    """
    actor.require(Can.BOOK)
    on = terms(actor, now=now)
    ref = reference(actor, refs=[clean(values.get("order_ref", "")) for values in rows], now=now, on=on)
    checked = check_many(rows, ref)
    wrong = [
        told(problem, f"{row.number}.{problem.column}")
        for row in checked
        for problem in row.problems
        if problem.severity is Severity.ERROR
    ]
    if wrong:
        raise BookingRefused(wrong[0].message, problems=wrong)
    orders = [row.order for row in checked if row.order is not None]
    return _book(actor, orders, source=source, now=now, import_id=None, on=on)


def book_form(
    actor: Actor,
    values: Mapping[str, str],
    *,
    key: str,
    now: datetime,
    keep: bool = False,
    documents: Sequence[File] = (),
) -> tuple[Booked, bool]:
    """Book what a form says: column keys to text as typed. Returns the booking and whether it is a replay.

    ``keep`` puts the consignee into the address book too; ``documents`` are attached, or nothing is booked. ``key``
    names this filling-in of the form: the same key and values again give the first booking. Raises BookingRefused
    naming every column that is wrong, DocumentRefused a file that cannot be taken, Conflict when the key was used with
    other values.
    """
    actor.require(Can.BOOK)
    fingerprint = hashlib.sha256(msgspec.json.encode(sorted(values.items()))).hexdigest()

    def act() -> object:
        (one,) = book_typed(actor, [values], source="form", now=now)
        if keep:
            keep_address(actor, values, now=now)
        if documents:
            attach_documents(actor, one.cn, documents, now=now)
        return msgspec.to_builtins(one)

    # The savepoint takes the claim on the key back when the booking is refused: the form may be mended and sent again.
    try:
        with transaction.atomic():
            result, replayed = once(actor, "book", key, fingerprint, act, now=now)
    except BookingRefused as refusal:
        own = [replace(problem, field=problem.field.removeprefix("0.")) for problem in refusal.problems]
        raise BookingRefused(refusal.message, problems=own) from None
    return msgspec.convert(result, Booked), replayed
