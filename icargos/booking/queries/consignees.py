"""Whom the form may be for: the address book and earlier parcels, by the beginning of a phone."""

import msgspec

from icargos.accounts.rules import Can
from icargos.booking.gateways import address_sheet
from icargos.booking.queries.prices import Cities
from icargos.booking.rules.reference import Reference
from icargos.consignments import queries as consignments
from icargos.consignments.queries import Record
from icargos.kit import phone
from icargos.kit.actor import Actor
from icargos.places import queries as places
from icargos.places.queries import Address
from icargos.places.rules import MOST_ADDRESSES

MOST_SUGGESTED = 6


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """A consignee who may be meant. Phones in E.164; ``record`` is how earlier parcels to the phone went, if any did.

    ``kept`` when it stands in the address book.
    """

    name: str
    phone: str
    alt_phone: str
    email: str
    address: str
    landmark: str
    city: str
    kept: bool
    record: Record | None


def suggestions(actor: Actor, typed: str) -> list[Suggestion]:
    """Who may be meant by the beginning of a phone, the address book's entries first. Needs BOOK and SEE_CONSIGNEE.

    Nobody before five digits are typed: fewer mean thousands of people.
    """
    actor.require(Can.BOOK)
    begun = phone.begins(typed)
    if begun is None:
        return []
    earlier = consignments.earlier(actor, begun, most=MOST_SUGGESTED)
    records = {one.phone: one.record for one in earlier}
    index = places.city_index(actor)
    found = [
        Suggestion(
            name=one.name,
            phone=one.phone,
            alt_phone=one.alt_phone,
            email=one.email,
            address=one.address,
            landmark=one.landmark,
            city=one.city,
            kept=True,
            record=records.get(one.phone) or consignments.record_of(actor, one.phone),
        )
        for one in places.addresses(actor, typed, size=MOST_SUGGESTED)
    ]
    known = {one.phone for one in found}
    for one in earlier:
        city = index.get(one.city_id)
        # What the book says of a phone was kept on purpose; the last parcel's address may be a mistake.
        if one.phone not in known and city is not None:
            found.append(
                Suggestion(
                    name=one.name,
                    phone=one.phone,
                    alt_phone=one.alt_phone,
                    email=one.email,
                    address=one.address,
                    landmark=one.landmark,
                    city=city.name,
                    kept=False,
                    record=one.record,
                )
            )
    return found[:MOST_SUGGESTED]


def address_reference(actor: Actor) -> Reference:
    """What the checks of an address must know: the cities, and nothing of prices."""
    index = places.city_index(actor)
    return Reference(cities=Cities(index), served=index.served(), services={})


def typed_address(address: Address) -> dict[str, str]:
    """An entry of the address book as the form would have it: column keys to text."""
    return {
        "consignee_name": address.name,
        "consignee_phone": phone.display(address.phone),
        "alt_phone": phone.display(address.alt_phone) if address.alt_phone else "",
        "consignee_email": address.email,
        "destination_city": address.city,
        "address": address.address,
        "landmark": address.landmark,
    }


def addresses_sheet(actor: Actor) -> bytes:
    """The whole address book as an xlsx that can be read in again. Needs SEE_CONSIGNEE."""
    rows = places.addresses(actor, size=MOST_ADDRESSES)
    return address_sheet.write([list(typed_address(one).values()) for one in rows])
