"""The good rows of a sheet are booked, a few thousand in each transaction; or, if asked so, all of them or none."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.booking.actions.book import BookingRefused, book
from icargos.booking.actions.changing import Change, ChangeRefused, NotChangeable, change
from icargos.booking.actions.imports.held import Fate, acting_for, held, tally, totals_of, write_fates, write_totals
from icargos.booking.actions.imports.uploading import check_again
from icargos.booking.events import ImportAccepted, ImportBooked
from icargos.booking.models import Import
from icargos.booking.rules.order import Order
from icargos.booking.rules.problems import Code, Problem, gettext_noop
from icargos.booking.rules.reference import Duplicates
from icargos.booking.rules.totals import BOOKABLE, State
from icargos.consignments import queries as consignments
from icargos.ground import bulk, facts
from icargos.ground.relay import FactRow
from icargos.ground.tenancy import acting
from icargos.kit.actor import Actor
from icargos.kit.errors import Conflict

CHUNK = 2500  # rows in one transaction: what a killed worker can lose of its work


def accept(actor: Actor, import_id: int, *, all_or_nothing: bool = False, now: datetime) -> None:
    """Have the ready rows booked; a second click changes nothing.

    With ``all_or_nothing`` either every row of the sheet is booked, in one transaction, or none. Raises Conflict when
    there is nothing to book, or with ``all_or_nothing`` while a row is wrong.
    """
    actor.require(Can.IMPORT)
    found = held(actor, import_id)
    able = found.ready + found.warned
    if found.state == "booking" or (found.state == "booked" and not able):
        return
    if found.state not in {"checked", "booked"} or not able:
        raise Conflict(_("No row of this sheet is ready to book. Mend the rows first."))
    if all_or_nothing and found.wrong:
        raise Conflict(_("Some rows of this sheet are wrong still, and you asked to book all of them or none."))
    Import.objects.filter(id=found.id).update(
        state="booking",
        all_or_nothing=all_or_nothing,
        accepted_at=now,
        accepted_by_id=actor.user_id or 0,
        accepted_by_name=actor.name,
    )
    facts.record(actor, [ImportAccepted(shipper_id=actor.tenant, subject_id=found.id)], now=now)


def book_imports(told: Sequence[FactRow]) -> None:
    """Book the ready rows of each accepted sheet, chunk by chunk. A reaction: books nothing twice.

    Each chunk marks its rows in its own transaction, so a worker that is killed is followed by one that goes on behind
    the last chunk. When a profile, a city, the card or a parcel that a row changes is not what it was at the check, the
    open rows are checked again.
    """
    for fact in told:
        actor, _found = acting_for(fact.subject_id)
        try:
            more = True
            while more:
                with acting(actor):
                    more = _book_chunk(actor, fact.subject_id, now=timezone.now())
        except (BookingRefused, ChangeRefused, NotChangeable):
            with acting(actor):
                check_again(actor, held(actor, fact.subject_id), now=timezone.now())


class _Able(msgspec.Struct, frozen=True):
    """A row that can be booked, with what the check made of it."""

    fate: Fate
    order: Order


_ABLE = """
SELECT row, ref, "order"::text, problems::text, state, charges_paisa, updates FROM booking_importrow
WHERE shipper_id = %s AND import_id = %s AND state = ANY(%s) ORDER BY row LIMIT %s
"""
_BOOKED = """
UPDATE booking_importrow r SET state = 'booked', consignment_id = given.id, "order" = NULL FROM {source}
WHERE r.shipper_id = %s AND r.import_id = %s AND r.row = given.row
"""
_DECODE = msgspec.json.Decoder(Order).decode
_PROBLEMS = msgspec.json.Decoder(list[Problem]).decode


def _book_chunk(actor: Actor, import_id: int, *, now: datetime) -> bool:
    """Book the next rows; returns whether there are more."""
    with connection.cursor() as cursor:
        # Two sheets of one shipper with the same order refs must see each other.
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [4926, actor.tenant % 2**31])
        found = held(actor, import_id)
        if found.state != "booking":
            return False
        most = found.ready + found.warned if found.all_or_nothing else CHUNK
        cursor.execute(_ABLE, [actor.tenant, import_id, [*BOOKABLE], most])
        able = [
            _Able(Fate(row, ref, None, _PROBLEMS(problems), State(state), charges, updates), _DECODE(order))
            for row, ref, order, problems, state, charges, updates in cursor.fetchall()
        ]
    taken = _taken(actor, found, able)
    if (taken and found.all_or_nothing) or _printed(actor, able):
        # Somebody booked these order refs, or printed these labels, since the check: the person is told which.
        check_again(actor, found, now=now)
        return False
    totals = totals_of(found)
    tally(totals, [_whole(one) for one in able], times=-1)
    wrong = [_refused(one, taken[one.fate.row]) for one in able if one.fate.row in taken]
    write_fates(actor, import_id, wrong)
    tally(totals, wrong)
    good = [one for one in able if one.fate.row not in taken]
    _book(actor, found, good, now=now)
    totals.states[State.BOOKED] = totals[State.BOOKED] + len(good)
    more = len(able) == most and not found.all_or_nothing and bool(totals[State.READY] + totals[State.WARNED])
    also: dict[str, object] = {} if more else {"state": "booked", "booked_at": now}
    write_totals(found, totals, **also)
    if not more:
        told = ImportBooked(shipper_id=actor.tenant, subject_id=import_id, booked=totals[State.BOOKED])
        facts.record(actor, [told], now=now)
    return more


def _book(actor: Actor, found: Import, good: Sequence[_Able], *, now: datetime) -> None:
    """Book these rows, or change the earlier parcels they name, and mark them with their parcel."""
    new = [one for one in good if not one.fate.updates]
    old = [one for one in good if one.fate.updates]
    pairs: list[tuple[int, int]] = []
    if new:
        booked = book(actor, [one.order for one in new], source="sheet", now=now, import_id=found.id)
        pairs += [(one.fate.row, parcel.id) for one, parcel in zip(new, booked, strict=True)]
    if old:
        changes = [Change(cn=one.fate.updates, order=one.order) for one in old]
        changed = change(actor, changes, source="sheet", now=now)
        pairs += [(one.fate.row, parcel.id) for one, parcel in zip(old, changed, strict=True)]
    if not pairs:
        return
    with bulk.given({"row": "integer", "id": "bigint"}, pairs) as (source, arrays), connection.cursor() as cursor:
        cursor.execute(_BOOKED.format(source=source), [*arrays, actor.tenant, found.id])


def _taken(actor: Actor, found: Import, able: Sequence[_Able]) -> dict[int, str]:
    """The rows whose order ref was booked by somebody else since the check, with the number of that parcel."""
    if found.duplicates == Duplicates.BOOK:
        return {}
    refs = {one.order.order_ref for one in able if one.order.order_ref and not one.fate.updates}
    known = consignments.known_refs(actor, list(refs))
    return {
        one.fate.row: known[one.order.order_ref]
        for one in able
        if one.order.order_ref in known and not one.fate.updates
    }


def _printed(actor: Actor, able: Sequence[_Able]) -> bool:
    """Whether a parcel that a row would change has left the state in which it may be, since the check."""
    refs = {one.order.order_ref for one in able if one.fate.updates}
    return bool(refs) and consignments.unprinted_refs(actor, list(refs)) != refs


def _whole(one: _Able) -> Fate:
    fate = one.fate
    return Fate(fate.row, fate.ref, one.order, fate.problems, fate.state, fate.charges_paisa, fate.updates)


def _refused(one: _Able, cn: str) -> Fate:
    problem = Problem(
        row=one.fate.row,
        column="order_ref",
        value=one.order.order_ref,
        code=Code.DUP_EXISTING,
        template=gettext_noop("You have booked this order ref before, as %(cn)s."),
        params={"cn": cn},
    )
    return Fate(one.fate.row, one.fate.ref, None, [*one.fate.problems, problem], State.WRONG, 0, "")
