"""Reads of parcels. Each takes the actor first and returns only what that actor may see."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

import msgspec
from django.db import connection
from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.consignments.models import Consignment, Tally
from icargos.consignments.queries.lists import HIDDEN, Row
from icargos.consignments.rules import STATUSES_OF, Family, Status
from icargos.kit import cn as cn_format
from icargos.kit.actor import Actor
from icargos.kit.errors import NotFound


class Scan(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a parcel's timeline."""

    code: str
    at: datetime
    source: str
    actor_name: str
    city: str
    reason: str
    note: str
    public: bool


class Parcel(Row, frozen=True, kw_only=True):
    """Everything a shipper's page shows of one parcel."""

    shipper_id: int
    profile_id: int
    origin_id: int
    destination_id: int
    destination_urdu: str
    origin_code: str
    sort_code: str
    alt_phone: str | None
    consignee_email: str | None
    address: str | None
    landmark: str | None
    charged_weight_g: int
    length_cm: int
    width_cm: int
    height_cm: int
    declared_value_paisa: int
    product: str
    return_address: str
    pickup_on: date | None
    delivery_window: str
    piece_weights: str
    signed_papers: str
    label_stale: bool
    remarks: str
    allow_open: bool
    fragile: bool
    proof: str
    label_token: str


_PARCEL = {name: name for name in Parcel.__struct_fields__} | {
    "origin": "origin__name",
    "destination": "destination__name",
    "profile_code": "profile__code",
    "destination_urdu": "destination__urdu",
    "origin_code": "origin__code",
}
_PRIVATE = ("consignee_phone", "alt_phone", "consignee_email", "address", "landmark")


def one(actor: Actor, cn: str) -> Parcel:
    """The parcel with this number, if it is the actor's; raises NotFound, the same for unknown and foreign."""
    _may_see(actor)
    return _parcels(actor, Consignment.objects.filter(_mine(actor), cn=cn_format.normalise(cn)))[0]


def numbered(actor: Actor, cns: Iterable[str]) -> list[int]:
    """The ids of the parcels with these numbers, in the order asked; raises NotFound if one is not the actor's."""
    _may_see(actor)
    asked = list(dict.fromkeys(cn_format.normalise(cn) for cn in cns))
    found = dict(Consignment.objects.filter(_mine(actor), cn__in=asked).values_list("cn", "id"))
    if len(found) != len(asked):
        raise NotFound(_("Some of these consignments are not here. Reload the list and try again."))
    return [found[cn] for cn in asked]


def many(actor: Actor, ids: Iterable[int]) -> list[Parcel]:
    """These parcels, in the order asked; raises NotFound if one is not the actor's."""
    _may_see(actor)
    asked = list(dict.fromkeys(ids))
    found = {p.id: p for p in _parcels(actor, Consignment.objects.filter(_mine(actor), id__in=asked))}
    if len(found) != len(asked):
        raise NotFound(_("Some of these consignments are not here. Reload the list and try again."))
    return [found[i] for i in asked]


def of_import(actor: Actor, import_id: int) -> list[tuple[int, str, Status]]:
    """Every parcel that came from this import: id, number and status, oldest first."""
    actor.require(Can.SEE_ORDERS)
    found = Consignment.objects.filter(shipper_id=actor.tenant, import_id=import_id).order_by("id")
    return [(row_id, cn, Status(status)) for row_id, cn, status in found.values_list("id", "cn", "status")]


def timeline(actor: Actor, parcel: Parcel) -> list[Scan]:
    """Everything that happened to the parcel, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.code, e.occurred_at, e.source, e.actor_name, coalesce(c.name, ''), e.reason, e.note, e.public"
            " FROM consignments_event e LEFT JOIN places_city c ON c.id = e.city_id"
            " WHERE e.consignment_id = %s AND e.shipper_id = %s ORDER BY e.id",
            [parcel.id, parcel.shipper_id],
        )
        names = Scan.__struct_fields__
        return [Scan(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


def tally(actor: Actor, *, since: date | None = None, until: date | None = None) -> dict[Status, int]:
    """How many of the shipper's parcels booked in the period (local days, both included) stand in each status."""
    actor.require(Can.SEE_OVERVIEW)
    counts = _tallied(actor, since, until).values_list("status").annotate(total=Sum("n"))
    return {Status(status): total for status, total in counts if total}


def tally_by_family(counts: Mapping[Status, int]) -> dict[Family, int]:
    """The same counts by dashboard family; every family has an entry."""
    return {family: sum(counts.get(status, 0) for status in statuses) for family, statuses in STATUSES_OF.items()}


def by_month(actor: Actor, *, since: date) -> list[tuple[date, dict[Status, int]]]:
    """Counts by the month of booking, oldest month first."""
    actor.require(Can.SEE_OVERVIEW)
    months: dict[date, dict[Status, int]] = {}
    rows = _tallied(actor, since, None).values_list("day__year", "day__month", "status").annotate(total=Sum("n"))
    for year, month, status, total in rows:
        months.setdefault(date(year, month, 1), {})[Status(status)] = total
    return sorted(months.items())


def top_cities(actor: Actor, *, since: date, most: int = 8) -> list[tuple[str, int, int]]:
    """The cities with the most parcels booked since the day: name, parcels, delivered among them."""
    actor.require(Can.SEE_OVERVIEW)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.name, sum(t.n), coalesce(sum(t.n) FILTER (WHERE t.status = 'delivered'), 0)"
            " FROM consignments_tally t JOIN places_city c ON c.id = t.destination_id"
            " WHERE t.shipper_id = %s AND t.day >= %s GROUP BY c.name HAVING sum(t.n) > 0"
            " ORDER BY 2 DESC, 1 LIMIT %s",
            [actor.tenant, since, most],
        )
        return [(name, int(total), int(delivered)) for name, total, delivered in cursor.fetchall()]


_GONE = [Status.CANCELLED.value, Status.EXPIRED.value]


def known_refs(actor: Actor, refs: Sequence[str]) -> dict[str, str]:
    """Which of these order refs the shipper has booked already (cancelled ones aside), each with its number."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT order_ref, cn FROM consignments_consignment"
            " WHERE shipper_id = %s AND order_ref = ANY(%s) AND status <> ALL(%s) ORDER BY id",
            [actor.tenant, list(refs), _GONE],
        )
        return dict(cursor.fetchall())


def unprinted_refs(actor: Actor, refs: Sequence[str]) -> frozenset[str]:
    """Those order refs whose latest parcel is New Booked and has no printed label: nobody holds anything of it yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (order_ref) order_ref, status = %s AND labels_printed = 0"
            " FROM consignments_consignment"
            " WHERE shipper_id = %s AND order_ref = ANY(%s) AND status <> ALL(%s) ORDER BY order_ref, id DESC",
            [Status.NEW_BOOKED.value, actor.tenant, list(refs), _GONE],
        )
        return frozenset(ref for ref, unprinted in cursor.fetchall() if unprinted)


def stale_labels(actor: Actor, ids: Sequence[int]) -> set[int]:
    """Which of these parcels of the shipper's have a printed label that says something else than the booking."""
    rows = Consignment.objects.filter(shipper_id=actor.tenant, id__in=ids, label_stale=True)
    return set(rows.values_list("id", flat=True))


def _tallied(actor: Actor, since: date | None, until: date | None) -> QuerySet[Tally]:
    rows = Tally.objects.filter(shipper_id=actor.tenant).order_by()
    if since:
        rows = rows.filter(day__gte=since)
    return rows.filter(day__lte=until) if until else rows


def _may_see(actor: Actor) -> None:
    """Shippers' people see their own orders, the courier's people all parcels."""
    if not actor.may(Can.SEE_ALL_PARCELS):
        actor.require(Can.SEE_ORDERS)


def _mine(actor: Actor) -> Q:
    return Q() if actor.may(Can.SEE_ALL_PARCELS) else Q(shipper_id=actor.tenant)


def _parcels(actor: Actor, found: QuerySet[Consignment]) -> list[Parcel]:
    parcels = []
    for values in found.values_list(*_PARCEL.values()):
        fields = dict(zip(_PARCEL, values, strict=True))
        if not actor.may(Can.SEE_CONSIGNEE):
            fields.update(dict.fromkeys(_PRIVATE, HIDDEN))
        parcels.append(Parcel(**fields))
    if not parcels:
        raise NotFound(_("There is no such consignment here. Check the number."))
    return parcels
