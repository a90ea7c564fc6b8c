"""Book parcels, one or thousands, by the same set-based code."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db import transaction
from django.utils import timezone

from icargos.accounts.rules import Can
from icargos.booking.rules.order import Order
from icargos.consignments import actions as consignments
from icargos.consignments.actions import Draft, Move, Moved
from icargos.consignments.rules import Status
from icargos.finance import actions as finance
from icargos.kit.actor import Actor
from icargos.kit.errors import FieldProblem, Invalid
from icargos.places import queries as places
from icargos.tariff import queries as tariff
from icargos.tariff.rules import Parcel, Receipt


class BookingRefused(Invalid):
    """At least one order cannot be booked, so none was; each problem's field is ``index.field``."""

    code = "booking_refused"


class Booked(msgspec.Struct, frozen=True):
    """A booked order: its consignment, its number and what it costs, in paisa."""

    id: int
    cn: str
    charges_paisa: int
    payable_paisa: int


class Priced(msgspec.Struct, frozen=True):
    """An order with what the network and the rate card say of it; ``receipt`` is None when there are problems."""

    order: Order
    problems: Sequence[FieldProblem]
    receipt: Receipt | None
    origin_id: int = 0
    sort_code: str = ""
    card: str = ""


def priced(actor: Actor, orders: Sequence[Order], *, now: datetime) -> list[Priced]:
    """Price each order by the card of the day, or say why it cannot be carried. Writes nothing."""
    index = places.city_index(actor)
    origins = {profile.id: profile.city_id for profile in places.profiles(actor)}
    quoter = tariff.quoter(actor, timezone.localdate(now))
    card = f"{quoter.card.code} v{quoter.card.version}"
    out = []
    for order in orders:
        origin_id = origins.get(order.profile_id)
        destination = index.get(order.destination_city_id)
        if origin_id is None:
            told = FieldProblem("profile", "PROFILE_UNKNOWN", "You have no such pickup profile. Choose one of yours.")
            out.append(Priced(order, [told], None))
            continue
        origin = index.get(origin_id)
        if destination is None or not destination.served or origin is None:
            told = FieldProblem("destination_city", "CITY_NOT_SERVED", "We do not deliver to this city yet.")
            out.append(Priced(order, [told], None))
            continue
        parcel = Parcel(
            service=order.service,
            zone=index.zone(origin_id, destination.id),
            province=origin.province,
            weight_g=order.weight_g,
            cod_paisa=order.cod_paisa,
            length_cm=order.length_cm,
            width_cm=order.width_cm,
            height_cm=order.height_cm,
            declared_value_paisa=order.declared_value_paisa,
            fragile=order.fragile,
            osa=destination.osa,
        )
        problems = quoter.problems(parcel)
        receipt = None if problems else quoter.quote(parcel)
        out.append(Priced(order, problems, receipt, origin_id, destination.sort_code, card))
    return out


@transaction.atomic
def book(
    actor: Actor, orders: Sequence[Order], *, source: str, now: datetime, import_id: int | None = None
) -> list[Booked]:
    """Book every order or none of them: number, price, charge, record. In the orders' order.

    ``source`` is form, sheet, api or store. Raises Forbidden without BOOK, BookingRefused naming every order and
    field that cannot be carried.
    """
    actor.require(Can.BOOK)
    ready = priced(actor, orders, now=now)
    refused = [
        FieldProblem(f"{place}.{p.field}", p.code, p.message, p.suggestion)
        for place, one in enumerate(ready)
        for p in one.problems
    ]
    if refused:
        raise BookingRefused(refused[0].message, problems=refused)
    entered = consignments.enter(actor, [_draft(one) for one in ready], source=source, import_id=import_id, now=now)
    charges = []
    booked = []
    for new, one in zip(entered, ready, strict=True):
        receipt = one.receipt
        assert receipt is not None
        body = msgspec.json.encode(receipt).decode()
        charges.append(finance.Priced(new.id, one.card, receipt.charges_paisa, receipt.payable_paisa, body))
        booked.append(Booked(new.id, new.cn, receipt.charges_paisa, receipt.payable_paisa))
    finance.charge(actor, charges, now=now)
    return booked


def _draft(one: Priced) -> Draft:
    order, receipt = one.order, one.receipt
    assert receipt is not None
    return Draft(
        service=order.service,
        profile_id=order.profile_id,
        origin_id=one.origin_id,
        destination_id=order.destination_city_id,
        sort_code=one.sort_code,
        order_ref=order.order_ref,
        consignee_name=order.consignee_name,
        consignee_phone=order.consignee_phone,
        alt_phone=order.alt_phone,
        consignee_email=order.consignee_email,
        address=order.address,
        landmark=order.landmark,
        pieces=order.pieces,
        weight_g=order.weight_g,
        charged_weight_g=receipt.charged_g,
        length_cm=order.length_cm,
        width_cm=order.width_cm,
        height_cm=order.height_cm,
        cod_paisa=order.cod_paisa,
        declared_value_paisa=order.declared_value_paisa,
        product=order.product,
        remarks=order.remarks,
        allow_open=order.allow_open,
        fragile=order.fragile,
        proof=order.proof,
    )


def cancel(actor: Actor, cns: Sequence[str], *, now: datetime) -> list[Moved]:
    """Cancel parcels that were not handed over yet, all or none. Raises MoveRefused for one that was."""
    actor.require(Can.CANCEL)
    moves = [
        Move(cn=cn, to=Status.CANCELLED, source="portal", source_event_id=f"cancelled:{cn}", occurred_at=now)
        for cn in cns
    ]
    return consignments.move(actor, moves, now=now)
