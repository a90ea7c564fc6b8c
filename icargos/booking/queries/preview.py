"""What a form comes to while it is filled in: price, days, and what would save money or a return."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

import msgspec
from django.utils import timezone

from icargos.accounts.rules import Can
from icargos.booking.queries.prices import Terms, priced, reference, terms
from icargos.booking.rules.order import Order
from icargos.booking.rules.problems import Problem, Severity
from icargos.booking.rules.rows import check_one
from icargos.booking.rules.saving import Saving, saving
from icargos.booking.rules.text import clean
from icargos.consignments import queries as consignments
from icargos.consignments.queries import Record
from icargos.kit import phone
from icargos.kit.actor import Actor
from icargos.places import queries as places
from icargos.tariff.rules import Receipt, Service
from icargos.tariff.rules.transit import expected_on

# A price depends on none of these, so a form that lacks them is priced all the same.
UNPRICED = {
    "consignee_name": "Consignee",
    "consignee_phone": "03001234567",
    "alt_phone": "",
    "consignee_email": "",
    "address": "House 1, Street 1, Block 1",
    "landmark": "",
    "pieces": "1",
    "cod_amount": "0",
    "product": "Goods",
    "remarks": "",
    "order_ref": "",
    "pickup_date": "",
    "delivery_window": "",
    "return_address": "",
    "piece_weights": "",
    "signed_papers": "",
}
_SOON = timedelta(hours=24)


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What a half-filled form comes to. ``receipt`` is None until service, city and weight are there and right.

    ``order`` is what was priced, with stand-ins for what has no price and is not there yet; ``phone`` and
    ``destination`` are what was understood, "" when nothing was; ``problems`` leaves out empty fields.
    ``collected`` is the day of the pickup as the form stands, ``cut_off`` the time of day until which it is today;
    ``days`` the day each service of the card would arrive. ``record`` is how earlier parcels to the phone went,
    ``twin`` the number of one to it with the same COD within the last day; ``ref_free`` that the order ref is new.
    """

    receipt: Receipt | None
    order: Order | None
    origin: str
    destination: str
    phone: str
    problems: list[Problem]
    service: str = ""
    collected: date | None = None
    cut_off: time | None = None
    days: Mapping[str, date] = {}
    saving: Saving | None = None
    record: Record | None = None
    twin: str = ""
    ref_free: bool = False

    @property
    def arrives(self) -> date | None:
        """The day it would arrive by the service chosen."""
        return self.days.get(self.service)


def preview(
    actor: Actor, values: Mapping[str, str], *, now: datetime, own: str = "", on: Terms | None = None
) -> Preview:
    """What the form comes to as far as it is filled in; ``values`` are column keys to text as typed. Needs BOOK.

    ``own`` is the number of the parcel whose booking the form changes, so that it does not stand in its own way.
    """
    actor.require(Can.BOOK)
    on = on or terms(actor, now=now)
    order_ref = clean(values.get("order_ref", ""))
    ref = reference(actor, refs=[order_ref], now=now, on=on, own=own)
    order, problems = check_one(values, ref)
    typed = [problem for problem in problems if problem.value.strip()]
    wrong = {problem.column for problem in problems if problem.severity is Severity.ERROR}
    if order is None and wrong <= UNPRICED.keys():
        order, _problems = check_one({**values, **{key: UNPRICED[key] for key in wrong}}, ref)
    receipt, spared = None, None
    if order is not None:
        one, by_weight = priced(actor, [order, _unmeasured(order)], now=now, on=on)
        receipt = one.receipt
        typed += [problem for problem in one.problems if problem not in typed]
        if receipt is not None and by_weight.receipt is not None:
            sides = (order.length_cm, order.width_cm, order.height_cm)
            spared = saving(sides, receipt, by_weight.receipt, divisor=on.quoter.card.divisor)
    city = on.index.get(on.index.find(values.get("destination_city", "")).city_id or 0)
    profile_id = ref.profiles.get(values.get("profile", "").casefold(), ref.default_profile_id)
    profile = next((p for p in on.profiles if p.id == profile_id), None)
    collected = cut_off = None
    days: dict[str, date] = {}
    if profile is not None:
        cut_off = places.pickup_cut_off(actor, profile.city_id, on=timezone.localdate(now))
        calendar = places.calendar(actor)
        collected = (order.pickup_on if order else None) or calendar.first_pickup(now, cut_off)
        if city is not None:
            zone = on.index.zone(profile.city_id, city.id)
            days = {s.value: expected_on(s, zone, collected) for s in on.quoter.services(zone)}
    mobile = _phone(values.get("consignee_phone", ""))
    record = consignments.record_of(actor, mobile.e164) if mobile else None
    return Preview(
        receipt=receipt,
        order=order,
        origin=profile.city if profile else "",
        destination=city.name if city else "",
        phone=mobile.display if mobile else "",
        problems=typed,
        service=_service(values, on),
        collected=collected,
        cut_off=cut_off,
        days=days,
        saving=spared,
        record=record,
        twin=_twin(record, values, order, now=now, own=own),
        ref_free=bool(order_ref) and not own and "order_ref" not in wrong,
    )


def _service(values: Mapping[str, str], on: Terms) -> str:
    asked = values.get("service", "")
    return asked if asked in set(Service) else on.account.default_service


def _unmeasured(order: Order) -> Order:
    return msgspec.structs.replace(order, length_cm=0, width_cm=0, height_cm=0)


def _phone(text: str) -> phone.Phone | None:
    try:
        return phone.read(text)
    except phone.PhoneInvalid:
        return None


def _twin(record: Record | None, values: Mapping[str, str], order: Order | None, *, now: datetime, own: str) -> str:
    """The newest parcel to the same phone where it may be the same order, booked twice by mistake."""
    if record is None or order is None or not values.get("cod_amount", "").strip() or record.last_cn == own:
        return ""
    alike = record.last_cod_paisa == order.cod_paisa and record.last_at > now - _SOON
    return record.last_cn if alike and record.last_status not in {"cancelled", "expired"} else ""
