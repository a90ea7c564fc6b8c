"""Reads of booking: the ground a check stands on, imports and their rows, labels ready to print."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.conf import settings
from django.utils import timezone

from icargos.accounts import queries as accounts
from icargos.accounts.rules import Can
from icargos.booking.models import Import, ImportRow
from icargos.booking.rules.problems import Problem
from icargos.booking.rules.reference import Offer, Reference
from icargos.consignments import queries as consignments
from icargos.kit import phone
from icargos.kit.actor import Actor
from icargos.kit.errors import NotFound
from icargos.paper.label import Label
from icargos.places import queries as places
from icargos.places.rules import CityIndex
from icargos.tariff import queries as tariff
from icargos.tariff.rules import SERVICE_LABEL, Service

MOST_LABELS = 1000


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """One import as its page shows it. Money in paisa; ``columns`` maps column keys to places in ``headers``."""

    id: int
    file_name: str
    state: str
    refusal: str
    by_name: str
    at: datetime
    sheet_name: str
    rows: int
    ready: int
    warned: int
    wrong: int
    booked: int
    cod_paisa: int
    charges_paisa: int
    booked_at: datetime | None
    notes: list[str]
    defaults: dict[str, str]
    mapping: dict[str, Any]

    @property
    def busy(self) -> bool:
        """Whether the worker still has something to do with it."""
        return self.state in {"uploaded", "checking", "booking"}

    @property
    def bookable(self) -> int:
        """How many rows can be booked."""
        return self.ready + self.warned

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with the sheet as a whole, e.g. a column it lacks."""
        return msgspec.convert(self.mapping.get("problems", []), list[Problem])


class SheetRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a sheet: its cells by column key, and what is wrong with them."""

    row: int
    state: str
    cells: dict[str, str]
    problems: list[Problem]
    consignment_id: int | None


class _Cities:
    """The city index in the shape the row checks ask for."""

    def __init__(self, index: CityIndex) -> None:
        self.index = index

    def find(self, text: str) -> tuple[int | None, str | None]:
        """The city's id, or None and a suggestion."""
        found = self.index.find(text)
        return found.city_id, found.suggestion


def reference(actor: Actor, *, refs: Iterable[str] = (), now: datetime) -> Reference:
    """What the checks must know of this shipper today; ``refs`` are the order refs about to be checked."""
    index = places.city_index(actor)
    profiles = places.profiles(actor)
    account = accounts.account(actor)
    quoter = tariff.quoter(actor, timezone.localdate(now))
    limits = {limit.service: limit.max_weight_g for limit in quoter.card.limits}
    default = next((p.id for p in profiles if p.is_default), profiles[0].id if profiles else None)
    return Reference(
        cities=_Cities(index),
        served={city.id for city in index.all() if city.served},
        services={s.value: Offer(label=SERVICE_LABEL[s], max_weight_g=limits.get(s)) for s in Service if s in limits},
        profiles={name.casefold(): p.id for p in profiles for name in (p.name, p.code)},
        default_profile_id=default,
        default_service=account.default_service,
        cod_allowed=account.cod_allowed,
        existing_refs=frozenset(consignments.known_refs(actor, [r for r in refs if r])),
    )


def imports(actor: Actor, *, most: int = 50) -> list[Sheet]:
    """The shipper's latest imports, newest first. Needs IMPORT."""
    actor.require(Can.IMPORT)
    return [_sheet(found) for found in Import.objects.filter(shipper_id=actor.tenant).order_by("-id")[:most]]


def one_import(actor: Actor, import_id: int) -> Sheet:
    """One import; raises NotFound, the same for unknown and foreign."""
    actor.require(Can.IMPORT)
    found = Import.objects.filter(shipper_id=actor.tenant, id=import_id).first()
    if found is None:
        raise NotFound("There is no such import here.")
    return _sheet(found)


def rows(
    actor: Actor, sheet: Sheet, *, state: str = "", code: str = "", after: int = 0, size: int = 50
) -> list[SheetRow]:
    """Rows of an import in the sheet's order, after row ``after``; narrowed to a state or a problem's code."""
    actor.require(Can.IMPORT)
    found = ImportRow.objects.filter(shipper_id=actor.tenant, import_id=sheet.id, row__gt=after).order_by("row")
    if state:
        found = found.filter(state=state)
    if code:
        found = found.filter(problems__contains=[{"code": code}])
    columns = sheet.mapping.get("columns", {})
    return [
        SheetRow(
            row=one.row,
            state=one.state,
            cells={key: one.cells[place] for key, place in columns.items()},
            problems=msgspec.convert(one.problems, list[Problem]),
            consignment_id=one.consignment_id,
        )
        for one in found[:size]
    ]


def problem_tally(actor: Actor, sheet: Sheet) -> Counter[str]:
    """How many problems of each code the rows have."""
    actor.require(Can.IMPORT)
    found = ImportRow.objects.filter(shipper_id=actor.tenant, import_id=sheet.id).exclude(problems=[])
    return Counter(problem["code"] for problems in found.values_list("problems", flat=True) for problem in problems)


def labels(actor: Actor, ids: Sequence[int], *, base_url: str) -> list[Label]:
    """The labels of these parcels, one for each piece, in the order asked. Needs PRINT_LABELS.

    ``base_url`` is where the QR's link starts, without a slash. Raises NotFound for a parcel that is not the
    actor's and ValueError over MOST_LABELS parcels.
    """
    actor.require(Can.PRINT_LABELS)
    if len(ids) > MOST_LABELS:
        raise ValueError(f"at most {MOST_LABELS} parcels at once")
    account = accounts.account(actor)
    profiles = {p.id: p for p in places.profiles(actor)}
    made = []
    for parcel in consignments.many(actor, ids):
        profile = profiles[parcel.profile_id]
        for piece in range(1, parcel.pieces + 1):
            made.append(
                Label(
                    cn=parcel.cn,
                    qr_url=f"{base_url}/q/{parcel.label_token}",
                    service=str(SERVICE_LABEL[Service(parcel.service)]),
                    sort_code=parcel.sort_code,
                    courier_name=settings.COURIER["name"],
                    courier_phone=settings.COURIER["phone"],
                    shipper_name=account.name,
                    shipper_phone=phone.display(profile.phone),
                    profile_code=profile.code,
                    return_address=profile.return_address or profile.address,
                    origin_code=parcel.origin_code,
                    origin_city=parcel.origin,
                    destination_city=parcel.destination,
                    destination_city_urdu=parcel.destination_urdu,
                    consignee_name=parcel.consignee_name,
                    consignee_phone=phone.display(parcel.consignee_phone or ""),
                    address=parcel.address or "",
                    landmark=parcel.landmark or "",
                    cod_rupees=parcel.cod_paisa // 100,
                    pieces=parcel.pieces,
                    piece=piece,
                    weight_g=parcel.weight_g,
                    length_cm=parcel.length_cm,
                    width_cm=parcel.width_cm,
                    height_cm=parcel.height_cm,
                    booked_on=timezone.localdate(parcel.booked_at),
                    order_ref=parcel.order_ref,
                    product=parcel.product,
                    remarks=parcel.remarks,
                    fragile=parcel.fragile,
                    allow_open=parcel.allow_open,
                    proof=parcel.proof,
                    reprint=parcel.labels_printed,
                )
            )
    return made


def _sheet(found: Import) -> Sheet:
    return Sheet(**{name: getattr(found, name) for name in Sheet.__struct_fields__})
