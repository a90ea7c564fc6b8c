"""What the checks and the prices of a day stand on."""

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import datetime

import msgspec
from django.utils import timezone

from icargos.accounts import queries as accounts
from icargos.accounts.queries import Account
from icargos.booking.rules.order import Order
from icargos.booking.rules.problems import Code, Problem, gettext_noop
from icargos.booking.rules.reference import Duplicates, Offer, Reference
from icargos.consignments import queries as consignments
from icargos.kit.actor import Actor
from icargos.places import queries as places
from icargos.places.queries import Profile
from icargos.places.rules import CityIndex
from icargos.tariff import queries as tariff
from icargos.tariff.rules import SERVICE_LABEL, Parcel, Quoter, QuoteRefused, Receipt, Service

_COLUMN_OF_FIELD = {"weight_g": "weight_kg", "cod_paisa": "cod_amount"}


class Terms(msgspec.Struct, frozen=True):
    """What holds for one shipper today: its account, its profiles, the cities, the rate card. Read once a request."""

    account: Account
    profiles: Sequence[Profile]
    index: CityIndex
    quoter: Quoter

    @property
    def default_profile(self) -> Profile | None:
        """The profile a booking takes when none is named."""
        return next(iter(self.profiles), None)

    @property
    def services(self) -> dict[str, str]:
        """The services of the card, code to English label, in the courier's order."""
        return {service.value: SERVICE_LABEL[service] for service in self.quoter.services()}


class Priced(msgspec.Struct, frozen=True):
    """An order with what the network and the rate card say of it; ``receipt`` is None when there are problems."""

    order: Order
    problems: Sequence[Problem]
    receipt: Receipt | None
    origin_id: int = 0
    sort_code: str = ""
    card: str = ""


class Cities:
    """The city index in the shape the row checks ask for."""

    def __init__(self, index: CityIndex) -> None:
        self.index = index

    def find(self, text: str) -> tuple[int | None, str | None]:
        """The city's id, or None and a suggestion."""
        found = self.index.find(text)
        return found.city_id, found.suggestion


def terms(actor: Actor, *, now: datetime) -> Terms:
    """The shipper's terms on the local day of ``now``; raises NoCard when no rate card is in force."""
    return Terms(
        accounts.account(actor),
        places.profiles(actor),
        places.city_index(actor),
        tariff.quoter(actor, timezone.localdate(now)),
    )


def with_profiles(actor: Actor, on: Terms, kept: Set[int]) -> Terms:
    """The terms with these pickup profiles too, though one may be out of use: a parcel keeps what it was booked from.

    Raises NotFound for a profile that is not the actor's.
    """
    more = [places.profile(actor, one) for one in sorted(kept - {profile.id for profile in on.profiles})]
    return msgspec.structs.replace(on, profiles=[*on.profiles, *more]) if more else on


def reference(
    actor: Actor,
    *,
    refs: Iterable[str] = (),
    now: datetime,
    on: Terms | None = None,
    duplicates: Duplicates = Duplicates.REJECT,
    first_rows: Mapping[str, int] | None = None,
    own: str = "",
) -> Reference:
    """What the checks must know of this shipper today; ``refs`` are the order refs about to be checked.

    ``own`` is the number of a parcel that is being changed: its own order ref is no earlier one.
    """
    on = on or terms(actor, now=now)
    limits = {limit.service: limit.max_weight_g for limit in on.quoter.card.limits}
    wanted = [ref for ref in refs if ref]
    known = consignments.known_refs(actor, wanted) if wanted else {}
    known = {ref: cn for ref, cn in known.items() if cn != own}
    update = duplicates is Duplicates.UPDATE and known
    default = on.default_profile
    return Reference(
        cities=Cities(on.index),
        served=on.index.served(),
        services={s.value: Offer(label=SERVICE_LABEL[s], max_weight_g=limits.get(s)) for s in Service if s in limits},
        profiles={name.casefold(): p.id for p in on.profiles for name in (p.name, p.code)},
        default_profile_id=default.id if default else None,
        default_service=on.account.default_service,
        cod_allowed=on.account.cod_allowed,
        existing_refs=known,
        changeable=consignments.unprinted_refs(actor, list(known)) if update else frozenset(),
        duplicates=duplicates,
        first_rows=first_rows or {},
        pickup_days=places.calendar(actor).pickup_days(timezone.localdate(now)),
    )


def priced(actor: Actor, orders: Sequence[Order], *, now: datetime, on: Terms | None = None) -> list[Priced]:
    """Price each order by the card of the day, or say why it cannot be carried. Problems carry row 0."""
    on = on or terms(actor, now=now)
    index, quoter = on.index, on.quoter
    origins = {profile.id: profile.city_id for profile in on.profiles}
    card = f"{quoter.card.code} v{quoter.card.version}"
    known: dict[Parcel, Receipt] = {}
    out = []
    for order in orders:
        origin_id = origins.get(order.profile_id)
        origin = index.get(origin_id) if origin_id is not None else None
        destination = index.get(order.destination_city_id)
        if origin is None:
            told = gettext_noop("You have no such pickup profile. Choose one of yours.")
            out.append(Priced(order, [_problem("profile", Code.PROFILE_UNKNOWN, told)], None))
            continue
        if destination is None or not destination.served:
            told = gettext_noop("We do not deliver to this city yet.")
            out.append(Priced(order, [_problem("destination_city", Code.CITY_NOT_SERVED, told)], None))
            continue
        parcel = Parcel(
            service=order.service,
            zone=index.zone(origin.id, destination.id),
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
        # Most parcels of a sheet are alike: what has been priced once is not priced again.
        receipt = known.get(parcel)
        if receipt is None:
            try:
                receipt = known[parcel] = quoter.quote(parcel)
            except QuoteRefused:
                problems = [
                    _problem(_COLUMN_OF_FIELD.get(one.field, one.field), Code(one.code), one.template, dict(one.params))
                    for one in quoter.problems(parcel)
                ]
                out.append(Priced(order, problems, None))
                continue
        out.append(Priced(order, (), receipt, origin.id, destination.sort_code, card))
    return out


def _problem(column: str, code: Code, template: str, params: dict[str, str] | None = None) -> Problem:
    return Problem(row=0, column=column, value="", code=code, template=template, params=params or {})
