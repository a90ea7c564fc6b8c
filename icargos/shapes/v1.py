"""Version 1 of what programmes send and receive. The reference and its OpenAPI document are made from these types.

A field may be added here; none is renamed, retyped or taken away. Rupees go out as text with two decimals ("831.72").
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from icargos.booking.rules.columns import BY_KEY
from icargos.consignments.queries.tracking import Own
from icargos.tariff.rules import Receipt

MOST_BOOKINGS = 100
_LONGEST = 1000  # no field takes as much, so what is cut off has been refused already

Text = str | None
Named = str | int | None
Number = int | float | str | None
Flag = bool | None


class Consignee(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who receives the parcel, and where."""

    name: Annotated[Text, Meta(description="2 to 50 characters.", examples=["Hina Yousaf"])] = None
    phone: Annotated[
        Named, Meta(description="A mobile number in any usual form.", examples=["0301-4417208", "+92 301 4417208"])
    ] = None
    alt_phone: Annotated[Named, Meta(description="A second number; a landline is welcome.")] = None
    email: Annotated[Text, Meta(description="An e-mail address.")] = None
    address: Annotated[
        Text,
        Meta(description="10 to 250 characters, without the city.", examples=["B-214, Block 13-D, Gulshan-e-Iqbal"]),
    ] = None
    landmark: Annotated[Text, Meta(description="A place that everybody near knows.")] = None
    city: Annotated[Text, Meta(description="The city's name as people write it.", examples=["Karachi", "lhr"])] = None


class NewBooking(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One parcel to be booked. A number may be sent as a number or as text."""

    order_ref: Annotated[
        Named, Meta(description="Your own number of the order, up to 50 characters; each is booked once.")
    ] = None
    profile_id: Annotated[
        Named, Meta(description="The Profile ID of the place the parcel is picked up at; your default one if left out.")
    ] = None
    service: Annotated[
        Text, Meta(description="overnight, same_day, second_day, overland or detain.", examples=["overnight"])
    ] = None
    consignee: Annotated[Consignee, Meta(description="Who receives the parcel, and where.")] = Consignee()
    pieces: Annotated[Number, Meta(description="1 to 99.")] = None
    weight_kg: Annotated[Number, Meta(description="Kilograms, 0.01 to 100.", examples=[1.3])] = None
    length_cm: Annotated[Number, Meta(description="Centimetres; all three sides or none.")] = None
    width_cm: Annotated[Number, Meta(description="Centimetres.")] = None
    height_cm: Annotated[Number, Meta(description="Centimetres.")] = None
    cod_amount: Annotated[Number, Meta(description="Whole rupees to collect; 0 for a prepaid parcel.")] = None
    product: Annotated[Text, Meta(description="What is in the parcel, up to 100 characters.")] = None
    declared_value: Annotated[Number, Meta(description="Rupees, when the parcel is to be insured.")] = None
    allow_open: Annotated[Flag, Meta(description="The consignee may open the parcel before paying.")] = None
    fragile: Annotated[Flag, Meta(description="Handle with care.")] = None
    proof: Annotated[Text, Meta(description="What proves the delivery: none, signature, photo or code.")] = None
    remarks: Annotated[Text, Meta(description="For the rider, up to 250 characters.")] = None
    pickup_date: Annotated[
        Text, Meta(description="The day it shall be picked up; a working day of the next two weeks.")
    ] = None
    delivery_window: Annotated[
        Text, Meta(description="When it shall be delivered: 09-12, 12-15, 15-18 or 18-21.", examples=["15-18"])
    ] = None
    return_address: Annotated[
        Text, Meta(description="Where it comes back to, 10 to 250 characters; the profile's own if left out.")
    ] = None
    piece_weights: Annotated[
        Text,
        Meta(
            description="What each of several pieces weighs, in kilograms; together they are weight_kg.",
            examples=["2.5; 1.2"],
        ),
    ] = None
    signed_papers: Annotated[
        Text,
        Meta(
            description="Papers that must come back signed: invoice, challan, order, receipt; several with commas.",
            examples=["challan, invoice"],
        ),
    ] = None


Bookings = NewBooking | Annotated[list[NewBooking], Meta(min_length=1, max_length=MOST_BOOKINGS)]


class RateRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A parcel to be priced."""

    city: Annotated[Text, Meta(description="The city it goes to, as people write it.", examples=["Lahore"])] = None
    weight_kg: Annotated[Number, Meta(description="Kilograms, 0.01 to 100.", examples=[1.3])] = None
    profile_id: Annotated[Named, Meta(description="Where it is picked up; your default profile if left out.")] = None
    service: Annotated[Text, Meta(description="One service; all that carry the parcel if left out.")] = None
    cod_amount: Annotated[Number, Meta(description="Whole rupees to collect; 0 if left out.")] = None
    length_cm: Annotated[Number, Meta(description="Centimetres; all three sides or none.")] = None
    width_cm: Annotated[Number, Meta(description="Centimetres.")] = None
    height_cm: Annotated[Number, Meta(description="Centimetres.")] = None
    declared_value: Annotated[Number, Meta(description="Rupees, when the parcel is to be insured.")] = None
    fragile: Annotated[Flag, Meta(description="Handle with care.")] = None


class Booked(Struct, frozen=True, kw_only=True):
    """A booked parcel."""

    cn: Annotated[str, Meta(description="The parcel's number.")]
    order_ref: str
    charges: Annotated[str, Meta(description="What the parcel costs, taxes included, in rupees.")]
    payable: Annotated[
        str, Meta(description="What you receive when it is delivered: COD less charges and tax withheld.")
    ]
    tracking_url: Annotated[str, Meta(description="A page for anyone who has the number.")]


class Cod(Struct, frozen=True, kw_only=True):
    """The cash of a parcel."""

    amount: Annotated[str, Meta(description="Rupees.")]
    state: Annotated[str, Meta(description="none, expected, collected, or later stages on the way to you.")]


class TrackingEvent(Struct, frozen=True, kw_only=True):
    """Something that happened to a parcel."""

    code: Annotated[str, Meta(description="The status it reached, or the name of the scan.")]
    at: datetime
    city: str
    reason: Annotated[str, Meta(description="Why, when a delivery failed or a parcel was cancelled.")]


class Tracking(Struct, frozen=True, kw_only=True):
    """Where a parcel is."""

    cn: str
    order_ref: str
    status: str
    status_at: datetime
    service: str
    origin: str
    destination: str
    pieces: int
    weight_kg: float
    booked_at: datetime
    attempts: Annotated[int, Meta(description="Delivery attempts so far.")]
    cod: Cod
    events: Annotated[list[TrackingEvent], Meta(description="The oldest first.")]


class RateLine(Struct, frozen=True, kw_only=True):
    """One line of a price, with its reason."""

    code: str
    label: str
    basis: Annotated[str, Meta(description="What was counted.")]
    rate: Annotated[str, Meta(description="At how much.")]
    amount: Annotated[str, Meta(description="Rupees.")]
    rule: Annotated[str, Meta(description="By which card.")]


class Quote(Struct, frozen=True, kw_only=True):
    """What one service costs. Nothing is booked or held."""

    service: str
    zone: str
    charged_weight_kg: Annotated[float, Meta(description="By weight or by size, whichever is more.")]
    lines: list[RateLine]
    tax: Annotated[str, Meta(description="Sales tax among the lines, in rupees.")]
    charges: Annotated[str, Meta(description="All lines together, in rupees.")]
    withheld: Annotated[str, Meta(description="Income and sales tax withheld from the COD, in rupees.")]
    payable: Annotated[str, Meta(description="What you receive when it is delivered, in rupees.")]


class Quotes(Struct, frozen=True, kw_only=True):
    """A quote for each service that carries the parcel."""

    quotes: list[Quote]


class ProblemField(Struct, frozen=True, kw_only=True):
    """One thing wrong with one field."""

    field: Annotated[str, Meta(description="Its path; in a list it begins with the place, counted from 0.")]
    code: Annotated[str, Meta(description="Stable; made for programmes.")]
    message: Annotated[str, Meta(description="One sentence for people.")]
    suggestion: Annotated[str, Meta(description="A value that would do, or empty.")]


class Problem(Struct, frozen=True, kw_only=True):
    """Why a call was refused (RFC 9457). Nothing was changed."""

    type: str
    title: str
    status: int
    detail: Annotated[str, Meta(description="One sentence: what happened and what to do.")]
    code: Annotated[str, Meta(description="Stable; made for programmes.")]
    request_id: Annotated[str, Meta(description="Name it when you ask for help.")]
    errors: list[ProblemField]


# The columns of the bulk sheet by the path of their field here.
_OF_BOOKING = {
    "profile": "profile_id",
    "destination_city": "consignee.city",
    "consignee_name": "consignee.name",
    "consignee_phone": "consignee.phone",
    "alt_phone": "consignee.alt_phone",
    "consignee_email": "consignee.email",
    "address": "consignee.address",
    "landmark": "consignee.landmark",
}
BOOKING_PATHS: Mapping[str, str] = {key: _OF_BOOKING.get(key, key) for key in BY_KEY}
RATE_PATHS: Mapping[str, str] = {
    key: "city" if key == "destination_city" else path
    for key, path in BOOKING_PATHS.items()
    if key == "destination_city" or path in RateRequest.__struct_fields__
}


def typed(sent: Struct, paths: Mapping[str, str]) -> dict[str, str]:
    """What was sent, as the texts of the sheet's columns that the checks read."""
    values = msgspec.to_builtins(sent)
    texts = {}
    for key, path in paths.items():
        value = values
        for name in path.split("."):
            value = value[name]
        texts[key] = _text(value)
    return texts


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Y" if value else "N"
    return str(value)[:_LONGEST]


def rupees(paisa: int) -> str:
    """``83172`` paisa as ``831.72``."""
    return f"{'-' if paisa < 0 else ''}{abs(paisa) // 100}.{abs(paisa) % 100:02}"


def tracking(parcel: Own) -> Tracking:
    """A parcel with what happened to it, without its consignee."""
    return Tracking(
        cn=parcel.cn,
        order_ref=parcel.order_ref,
        status=parcel.status,
        status_at=parcel.status_at,
        service=parcel.service,
        origin=parcel.origin,
        destination=parcel.destination,
        pieces=parcel.pieces,
        weight_kg=parcel.weight_g / 1000,
        booked_at=parcel.booked_at,
        attempts=parcel.attempts,
        cod=Cod(amount=rupees(parcel.cod_paisa), state=parcel.cod_state),
        events=[TrackingEvent(code=s.code, at=s.at, city=s.city, reason=s.reason) for s in parcel.steps],
    )


def quote(receipt: Receipt) -> Quote:
    """A receipt with its lines."""
    return Quote(
        service=receipt.service,
        zone=receipt.zone,
        charged_weight_kg=receipt.charged_g / 1000,
        lines=[
            RateLine(
                code=line.code,
                label=line.label,
                basis=line.counted(),
                rate=line.rate,
                amount=rupees(line.amount_paisa),
                rule=line.rule,
            )
            for line in receipt.lines
        ],
        tax=rupees(receipt.tax_paisa),
        charges=rupees(receipt.charges_paisa),
        withheld=rupees(receipt.withholding_paisa),
        payable=rupees(receipt.payable_paisa),
    )
