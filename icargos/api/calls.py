"""The calls: book, track, price."""

import hashlib

import msgspec
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from icargos.accounts.rules import Can
from icargos.api import problems
from icargos.api.call import body, call
from icargos.booking import actions, queries
from icargos.consignments.queries import tracking as consignments
from icargos.ground.once import KeyReused, once
from icargos.kit.actor import Actor
from icargos.kit.errors import FieldProblem, Invalid
from icargos.shapes import v1
from icargos.tariff.rules import QuoteRefused
from icargos.ui.page import AskedBy

_BOOKINGS = msgspec.json.Decoder(v1.Bookings)
_RATES = msgspec.json.Decoder(v1.RateRequest)
_ENCODER = msgspec.json.Encoder()
_NAMES = frozenset(v1.NewBooking.__struct_fields__ + v1.Consignee.__struct_fields__)
LONGEST_KEY = 100


@call("bookings", name="bookings", needs=Can.BOOK, methods=("POST",))
def bookings(request: AskedBy, actor: Actor) -> HttpResponse:
    """Book one parcel, or a list of them, all or none. The same Idempotency-Key again books nothing again."""
    sent = body(request, _BOOKINGS, _NAMES)
    key = _once_key(request)
    if not key:
        return _json(_book(request, actor, sent), 201)
    fingerprint = hashlib.sha256(_ENCODER.encode(sent)).hexdigest()
    try:
        result, replayed = once(
            actor,
            "api.bookings",
            key,
            fingerprint,
            lambda: msgspec.to_builtins(_book(request, actor, sent)),
            now=timezone.now(),
        )
    except KeyReused:
        told = "This Idempotency-Key was used for another body. Nothing was booked. Use a new key for a new order."
        raise KeyReused(told) from None
    answer = _json(result, 201)
    if replayed:
        answer["Idempotent-Replayed"] = "true"
    return answer


@call("tracking/<str:cn>", name="tracking", needs=Can.SEE_ORDERS, owner="cn")
def tracking(request: AskedBy, actor: Actor, cn: str) -> HttpResponse:
    """Where one of the shipper's parcels is."""
    return _json(v1.tracking(consignments.own(actor, cn)))


@call("rates", name="rates", needs=Can.SEE_CHARGES, methods=("POST",))
def rates(request: AskedBy, actor: Actor) -> HttpResponse:
    """What a parcel would cost, line by line."""
    sent = body(request, _RATES, frozenset(v1.RateRequest.__struct_fields__))
    try:
        receipts = queries.quotes(actor, v1.typed(sent, v1.RATE_PATHS), now=timezone.now())
    except QuoteRefused as refusal:
        told = [problems.at_paths(problem, v1.RATE_PATHS, listed=False) for problem in refusal.problems]
        raise QuoteRefused(refusal.message, problems=told) from None
    return _json(v1.Quotes(quotes=[v1.quote(receipt) for receipt in receipts]))


def _book(request: AskedBy, actor: Actor, sent: v1.NewBooking | list[v1.NewBooking]) -> v1.Booked | list[v1.Booked]:
    listed = isinstance(sent, list)
    rows = [v1.typed(one, v1.BOOKING_PATHS) for one in (sent if isinstance(sent, list) else [sent])]
    try:
        booked = actions.book_typed(actor, rows, source="api", now=timezone.now())
    except actions.BookingRefused as refusal:
        told = [problems.at_paths(problem, v1.BOOKING_PATHS, listed=listed) for problem in refusal.problems]
        raise actions.BookingRefused(refusal.message, problems=told) from None
    answers = [
        v1.Booked(
            cn=one.cn,
            order_ref=row["order_ref"].strip(),
            charges=v1.rupees(one.charges_paisa),
            payable=v1.rupees(one.payable_paisa),
            tracking_url=request.build_absolute_uri(reverse("track:parcel", args=[one.cn])),
        )
        for one, row in zip(booked, rows, strict=True)
    ]
    return answers if listed else answers[0]


def _once_key(request: AskedBy) -> str:
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > LONGEST_KEY or not key.isascii() or (key and not key.isprintable()):
        told = f"An Idempotency-Key has 1 to {LONGEST_KEY} plain characters."
        raise Invalid(told, problems=[FieldProblem("Idempotency-Key", "RANGE", told)])
    return key


def _json(answer: object, status: int = 200) -> HttpResponse:
    return HttpResponse(_ENCODER.encode(answer), status=status, content_type="application/json")
