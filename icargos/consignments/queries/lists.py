"""The list of parcels: narrowed, searched, counted, by pages. First the ids, from indexes alone; then the rows."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec
from django.conf import settings
from django.db import connection

from icargos.accounts.rules import Can
from icargos.consignments.rules import COD_OWED, STATUSES_OF, Family, Status
from icargos.kit import cn as cn_format
from icargos.kit import phone
from icargos.kit.actor import Actor

HIDDEN = None  # what an actor without SEE_CONSIGNEE receives in place of a consignee's phone or address
MOST_COUNTED = 1000
MOST_FOUND = 300  # what a search alone finds is counted no further: nobody goes through more, they narrow it
_FEW = 3  # letters from which a name, digits from which a number is searched


class View(StrEnum):
    """The list's own views; the values stand in addresses."""

    TO_SHIP = "to_ship"
    MOVING = "moving"
    OUT = "out"
    ATTENTION = "attention"
    RETURNS = "returns"
    COD_PENDING = "cod_pending"


# A view is a set of statuses; COD pending is what the courier has collected and not yet paid.
VIEW_STATUSES: Mapping[View, tuple[Status, ...]] = MappingProxyType(
    {
        View.TO_SHIP: (*STATUSES_OF[Family.BOOKED], Status.PICKUP_IN_PROGRESS),
        View.MOVING: (Status.PICKED_UP, *STATUSES_OF[Family.MOVING]),
        View.OUT: STATUSES_OF[Family.OUT],
        View.ATTENTION: STATUSES_OF[Family.ATTENTION],
        View.RETURNS: STATUSES_OF[Family.RETURNS],
    }
)


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """What a list of parcels is narrowed by; empty means all, several of one kind mean any of them.

    Days are local, both included. ``upto`` is the newest id that counts; ``only`` names the parcels themselves.
    """

    view: View | None = None
    statuses: tuple[Status, ...] = ()
    destinations: tuple[int, ...] = ()
    services: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    profiles: tuple[int, ...] = ()
    reasons: tuple[str, ...] = ()
    tags: tuple[int, ...] = ()
    import_id: int | None = None
    booked_from: date | None = None
    booked_to: date | None = None
    words: str = ""
    cod: str = ""  # "cod", "prepaid" or ""
    upto: int | None = None
    only: tuple[int, ...] = ()


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the orders list."""

    id: int
    cn: str
    order_ref: str
    consignee_name: str
    consignee_phone: str | None
    origin: str
    destination: str
    status: str
    status_at: datetime
    service: str
    cod_paisa: int
    cod_state: str
    weight_g: int
    pieces: int
    attempts: int
    reason: str
    source: str
    import_id: int | None
    profile_code: str
    booked_at: datetime
    labels_printed: int
    tracking_token: str


class Page(msgspec.Struct, frozen=True):
    """One page of a list; ``older`` and ``newer`` are the keys of its neighbours.

    ``total`` is how many match in all, counted no further than one more than ``counted_to``; None where it was not
    asked for.
    """

    rows: list[Row]
    older: int | None
    newer: int | None
    total: int | None = None
    counted_to: int = MOST_COUNTED


class Narrow(NamedTuple):
    """What stands after FROM and after WHERE, with the parameters of both; the parcel is ``c``."""

    source: str
    where: str
    params: list[Any]

    @property
    def sql(self) -> str:
        """Both together."""
        return f"{self.source} WHERE {self.where}"


_SOURCE = {name: f"c.{name}" for name in Row.__struct_fields__} | {
    "origin": "o.name",
    "destination": "d.name",
    "profile_code": "p.code",
}
_ROWS = f"""
SELECT {", ".join(_SOURCE.values())} FROM consignments_consignment c
JOIN places_city o ON o.id = c.origin_id JOIN places_city d ON d.id = c.destination_id
JOIN places_pickupprofile p ON p.shipper_id = c.shipper_id AND p.id = c.profile_id
WHERE {{fence}} AND c.id = ANY(%s) ORDER BY c.id {{way}}
"""  # noqa: S608  our own column names


def page(
    actor: Actor,
    filters: Filters,
    *,
    size: int = 50,
    before: int | None = None,
    after: int | None = None,
    oldest_first: bool = False,
    counted: bool = False,
) -> Page:
    """One page of the actor's parcels, newest first unless told; ``counted`` asks for the total too.

    ``before`` is an id that all of the page must be below, ``after`` one they must be above (keyset paging); the page
    is then the one next to it.
    """
    actor.require(Can.SEE_ORDERS)
    up = after is not None or (before is None and oldest_first)
    alone = before is None and after is None
    counted_to = MOST_FOUND if filters == Filters(words=filters.words) and filters.words.strip() else MOST_COUNTED
    most = max(size, counted_to) + 1 if counted and alone else size + 1
    found = _ids(actor, filters, most=most, before=before, after=after, up=up)
    total = None
    if counted:
        total = min(len(found), counted_to + 1) if alone else count(actor, filters, most=counted_to)
    more = len(found) > size
    shown = rows(actor, found[:size], oldest_first=oldest_first)
    if not shown:
        return Page([], None, None, total, counted_to)
    ids = [row.id for row in shown]
    onward, back = more, not alone
    older, newer = (back, onward) if up else (onward, back)
    return Page(shown, min(ids) if older else None, max(ids) if newer else None, total, counted_to)


def rows(actor: Actor, wanted: Sequence[int], *, oldest_first: bool = False) -> list[Row]:
    """The lines of these parcels, as many of them as are the actor's."""
    actor.require(Can.SEE_ORDERS)
    if not wanted:
        return []
    fence, params = _mine(actor)
    statement = _ROWS.format(fence=fence, way="ASC" if oldest_first else "DESC")
    with connection.cursor() as cursor:
        cursor.execute(statement, [*params, list(wanted)])
        return [_row(actor, values) for values in cursor.fetchall()]


def count(actor: Actor, filters: Filters, *, most: int = MOST_COUNTED) -> int:
    """How many parcels match, counted no further than ``most`` + 1."""
    (counted,) = counts(actor, [filters], most=most)
    return counted


def counts(actor: Actor, several: Sequence[Filters], *, most: int = MOST_COUNTED) -> list[int]:
    """The same for several lists in one statement."""
    actor.require(Can.SEE_ORDERS)
    if not several:
        return []
    parts, params = [], []
    for filters in several:
        narrow = narrowed(actor, filters, most=most + 1)
        parts.append(f"(SELECT count(*) FROM (SELECT 1 FROM {narrow.sql} LIMIT %s) AS counted)")  # noqa: S608
        params += [*narrow.params, most + 1]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        return list(cursor.fetchone())


def ids(actor: Actor, filters: Filters, *, most: int) -> list[int]:
    """The ids that match, newest first, at most ``most``."""
    actor.require(Can.SEE_ORDERS)
    return _ids(actor, filters, most=most, before=None, after=None, up=False)


def numbers(actor: Actor, wanted: Sequence[int]) -> list[str]:
    """The numbers of these parcels in the order asked, as many of them as are the actor's."""
    actor.require(Can.SEE_ORDERS)
    fence, params = _mine(actor)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT c.id, c.cn FROM consignments_consignment c WHERE {fence} AND c.id = ANY(%s)",  # noqa: S608
            [*params, list(wanted)],
        )
        found = dict(cursor.fetchall())
    return [found[one] for one in wanted if one in found]


def _ids(actor: Actor, filters: Filters, *, most: int, before: int | None, after: int | None, up: bool) -> list[int]:
    """The ids next to a key, nearest first: upwards from ``after`` or downwards from ``before``."""
    narrow = narrowed(actor, filters, most=most, before=before, after=after, up=up)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT c.id FROM {narrow.sql} ORDER BY c.id {'ASC' if up else 'DESC'} LIMIT %s",  # noqa: S608
            [*narrow.params, most],
        )
        return [row[0] for row in cursor.fetchall()]


def narrowed(
    actor: Actor,
    filters: Filters,
    *,
    most: int | None = None,
    before: int | None = None,
    after: int | None = None,
    up: bool = False,
) -> Narrow:
    """Table and conditions of a list.

    ``most`` is how many the caller takes at most: a search that nothing else narrows then looks no further.
    """
    fence, params = _mine(actor)
    wheres = [fence]
    for sql, values in _conditions(filters):
        wheres.append(sql)
        params += values
    if before is not None:
        wheres.append("c.id < %s")
        params.append(before)
    if after is not None:
        wheres.append("c.id > %s")
        params.append(after)
    source = "consignments_consignment c"
    if filters.words.strip():
        alone = filters == Filters(words=filters.words)
        top = after if up else before
        sought = [*_sought(actor, filters.words), most if alone else None]
        sought += [None, top or 0] if up else [top, None]
        source = "consignments_search(%s, %s, %s, %s, %s, %s, %s) AS found (id)"
        source += " JOIN consignments_consignment c ON c.id = found.id"
        params = [*sought, *params]
    return Narrow(source, " AND ".join(wheres), params)


def _conditions(filters: Filters) -> list[tuple[str, list[Any]]]:
    found: list[tuple[str, list[Any]]] = []
    if filters.view is View.COD_PENDING:
        found.append(("c.cod_state = ANY(%s)", [sorted(state.value for state in COD_OWED)]))
    elif filters.view is not None:
        found.append(("c.status = ANY(%s)", [[status.value for status in VIEW_STATUSES[filters.view]]]))
    several: dict[str, Sequence[object]] = {
        "c.status": [status.value for status in filters.statuses],
        "c.destination_id": filters.destinations,
        "c.service": filters.services,
        "c.source": filters.sources,
        "c.profile_id": filters.profiles,
        "c.reason": filters.reasons,
        "c.id": filters.only,
    }
    found += [(f"{column} = ANY(%s)", [list(values)]) for column, values in several.items() if values]
    if filters.tags:
        tagged = "SELECT t.consignment_id FROM consignments_tagging t WHERE t.shipper_id = c.shipper_id"
        found.append((f"c.id IN ({tagged} AND t.tag_id = ANY(%s))", [list(filters.tags)]))
    if filters.import_id:
        found.append(("c.import_id = %s", [filters.import_id]))
    if filters.cod:
        found.append(("c.cod_paisa > 0" if filters.cod == "cod" else "c.cod_paisa = 0", []))
    zone = settings.TIME_ZONE
    if filters.booked_from:
        found.append(("c.booked_at >= %s::date::timestamp AT TIME ZONE %s", [filters.booked_from, zone]))
    if filters.booked_to:
        found.append(("c.booked_at < (%s::date + 1)::timestamp AT TIME ZONE %s", [filters.booked_to, zone]))
    if filters.upto is not None:
        found.append(("c.id <= %s", [filters.upto]))
    return found


def _mine(actor: Actor) -> tuple[str, list[Any]]:
    """The first fence: the actor's own parcels, or all for who sees all."""
    if actor.may(Can.SEE_ALL_PARCELS):
        return "true", []
    return "c.shipper_id = %s", [actor.tenant]


def _sought(actor: Actor, words: str) -> list[str | None]:
    """What to search for: the beginning of a ref, a name's pattern, the beginnings of a phone and of a number.

    Who does not see consignees finds nobody by name or phone.
    """
    text = words.replace("\x00", "").strip().lower()
    number: str | None = cn_format.normalise(text)
    if number and number.isdecimal():
        # People read a number out without its letters.
        number = settings.COURIER["cn_prefix"] + number
    if not number or len(number) < _FEW:
        number = None
    name = mobile = None
    if actor.may(Can.SEE_CONSIGNEE):
        mobile = phone.begins(text)
        if len(text) >= _FEW:
            name = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    return [text, name, mobile, number]


def _row(actor: Actor, values: Sequence[object]) -> Row:
    fields = dict(zip(_SOURCE, values, strict=True))
    if not actor.may(Can.SEE_CONSIGNEE):
        fields["consignee_phone"] = HIDDEN
    return Row(**fields)  # type: ignore[arg-type]
