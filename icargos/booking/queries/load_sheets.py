"""Load sheets and what is on them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.booking.queries.imports import one_import
from icargos.booking.rules.sheets import MOST_PARCELS, WITH_SHIPPER, read_number
from icargos.kit.actor import Actor, Kind
from icargos.kit.errors import Conflict, NotFound

_HELD = tuple(sorted(status.value for status in WITH_SHIPPER))
_GONE = ("cancelled", "expired")


class LoadSheet(msgspec.Struct, frozen=True, kw_only=True):
    """One load sheet. Weight in grams, COD in paisa.

    Of an open one the totals are of what may be handed over now, of a closed one those that were signed. ``handed``
    are with the courier, ``cancelled`` were called off, ``left`` stayed behind, ``waiting`` are still at the shipper's.
    """

    id: int
    shipper_id: int
    shipper: str
    number: str
    profile_id: int
    profile_code: str
    profile: str
    address: str
    phone: str
    city: str
    state: str
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None
    closed_by: str
    withdrawn_at: datetime | None
    withdrawn_by: str
    parcels: int
    pieces: int
    weight_g: int
    cod_paisa: int
    handed: int
    cancelled: int
    left: int
    waiting: int

    @property
    def is_open(self) -> bool:
        """Whether parcels may be put on it."""
        return self.state == "open"

    @property
    def may_be_withdrawn(self) -> bool:
        """Whether it is closed and nothing of it was handed over."""
        return self.state == "closed" and not self.handed


class SheetParcel(msgspec.Struct, frozen=True, kw_only=True):
    """One parcel on a sheet. ``fate`` is waiting, handed, cancelled or left. Weight in grams, COD in paisa."""

    consignment_id: int
    cn: str
    seq: int
    status: str
    fate: str
    order_ref: str
    consignee_name: str
    city: str
    service: str
    pieces: int
    weight_g: int
    cod_paisa: int


class Fill(msgspec.Struct, frozen=True, kw_only=True):
    """Which parcels to put on a sheet: ready ones, and with ``booked`` those not marked yet. Days are local."""

    booked: bool = False
    booked_from: date | None = None
    booked_to: date | None = None
    destination_id: int | None = None
    service: str = ""
    import_id: int | None = None


# Statuses stand in the statements as arrays, in this order: held by the shipper, called off.
_FATE = """CASE WHEN i.left_at IS NOT NULL THEN 'left' WHEN c.status = ANY(%s) THEN 'cancelled'
    WHEN c.status = ANY(%s) THEN 'waiting' ELSE 'handed' END"""
_SHEETS = """
SELECT s.id, s.shipper_id, sh.name, s.number, s.profile_id, p.code, p.name, p.address, p.phone, t.name, s.state,
    s.opened_at, s.opened_by, s.closed_at, s.closed_by, s.withdrawn_at, s.withdrawn_by,
    CASE WHEN s.state = 'open' THEN coalesce(f.waiting, 0) ELSE s.parcels END,
    CASE WHEN s.state = 'open' THEN coalesce(f.pieces, 0) ELSE s.pieces END,
    CASE WHEN s.state = 'open' THEN coalesce(f.weight_g, 0) ELSE s.weight_g END,
    CASE WHEN s.state = 'open' THEN coalesce(f.cod_paisa, 0) ELSE s.cod_paisa END,
    coalesce(f.handed, 0), coalesce(f.cancelled, 0), coalesce(f.left_behind, 0), coalesce(f.waiting, 0)
FROM booking_loadsheet s JOIN places_pickupprofile p ON p.id = s.profile_id
JOIN places_city t ON t.id = p.city_id JOIN accounts_shipper sh ON sh.id = s.shipper_id
LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE i.fate = 'waiting') AS waiting, count(*) FILTER (WHERE i.fate = 'handed') AS handed,
        count(*) FILTER (WHERE i.fate = 'cancelled') AS cancelled,
        count(*) FILTER (WHERE i.fate = 'left') AS left_behind,
        (sum(i.pieces) FILTER (WHERE i.fate = 'waiting'))::bigint AS pieces,
        (sum(i.weight_g) FILTER (WHERE i.fate = 'waiting'))::bigint AS weight_g,
        (sum(i.cod_paisa) FILTER (WHERE i.fate = 'waiting'))::bigint AS cod_paisa
    FROM (SELECT {fate} AS fate, c.pieces, c.weight_g, c.cod_paisa
        FROM booking_loadsheetitem i JOIN consignments_consignment c ON c.id = i.consignment_id
        WHERE i.shipper_id = s.shipper_id AND i.sheet_id = s.id) i) f ON true
WHERE {where} ORDER BY s.id DESC LIMIT %s
"""
_PARCELS = """
SELECT c.id, c.cn, i.seq, c.status, {fate}, c.order_ref, c.consignee_name, d.name, c.service,
    {figures}
FROM booking_loadsheetitem i JOIN consignments_consignment c ON c.id = i.consignment_id
JOIN places_city d ON d.id = c.destination_id
WHERE i.shipper_id = %s AND i.sheet_id = %s AND i.seq < %s ORDER BY i.seq {order} LIMIT %s
"""
LAST_SEQ = 2**31 - 1


def load_sheets(actor: Actor, *, states: Sequence[str] = (), most: int = 50) -> list[LoadSheet]:
    """The shipper's load sheets, newest first, all but discarded ones, or those of the states. Needs SEE_ORDERS."""
    actor.require(Can.SEE_ORDERS)
    wanted = list(states) or ["open", "closed", "withdrawn"]
    return _sheets("s.shipper_id = %s AND s.state = ANY(%s)", [actor.tenant, wanted], most)


def load_sheet(actor: Actor, number: str) -> LoadSheet:
    """One sheet by its number: the shipper's own, or any for who sees all parcels or fetches them.

    Raises NotFound, alike for unknown and foreign.
    """
    if actor.kind is Kind.SHIPPER:
        actor.require(Can.SEE_ORDERS)
        found = _sheets("s.number = %s AND s.shipper_id = %s", [read_number(number), actor.tenant], 1)
    else:
        if not actor.may(Can.DELIVER):
            actor.require(Can.SEE_ALL_PARCELS)
        found = _sheets("s.number = %s", [read_number(number)], 1)
    if not found:
        raise NotFound(_("There is no such load sheet here."))
    return found[0]


def sheet_parcels(
    actor: Actor, sheet: LoadSheet, *, before: int | None = None, size: int = 100, newest_first: bool = True
) -> list[SheetParcel]:
    """Parcels on a sheet by their place, the last one first, those before the place ``before``.

    Without SEE_CONSIGNEE the names are left out.
    """
    # What was signed is what was true then; an open sheet shows what is true now.
    figures = "c.pieces, c.weight_g, c.cod_paisa" if sheet.is_open else "i.pieces, i.weight_g, i.cod_paisa"
    order = "DESC" if newest_first else "ASC"
    with connection.cursor() as cursor:
        cursor.execute(
            _PARCELS.format(fate=_FATE, figures=figures, order=order),
            [list(_GONE), list(_HELD), sheet.shipper_id, sheet.id, before or LAST_SEQ, size],
        )
        names = SheetParcel.__struct_fields__
        rows = [SheetParcel(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]
    if actor.may(Can.SEE_CONSIGNEE):
        return rows
    return [msgspec.structs.replace(row, consignee_name="") for row in rows]


class SheetNotClosed(Conflict):
    """A load sheet that is still filled, or was taken back: it is nothing to sign."""

    code = "load_sheet_not_closed"


def signed_lines(actor: Actor, sheet: LoadSheet) -> list[SheetParcel]:
    """What was signed for, in the sheet's order; raises SheetNotClosed for one that is not closed."""
    if sheet.state != "closed":
        told = _("%(sheet)s is not closed. Close it first, then print it.")
        if sheet.state == "withdrawn":
            told = _("%(sheet)s was withdrawn: it is nothing to sign any more.")
        raise SheetNotClosed(told % {"sheet": sheet.number})
    return sheet_parcels(actor, sheet, size=MOST_PARCELS, newest_first=False)


_FIT = """
SELECT c.cn FROM consignments_consignment c
WHERE c.shipper_id = %s AND c.profile_id = %s AND c.status = ANY(%s)
    AND NOT EXISTS (SELECT 1 FROM booking_loadsheetitem i
        WHERE i.shipper_id = c.shipper_id AND i.consignment_id = c.id AND i.left_at IS NULL)
    AND (%s::date IS NULL OR c.booked_at >= %s::date::timestamp AT TIME ZONE %s)
    AND (%s::date IS NULL OR c.booked_at < (%s::date + 1)::timestamp AT TIME ZONE %s)
    AND (%s::bigint IS NULL OR c.destination_id = %s) AND (%s::text = '' OR c.service = %s)
    AND (%s::bigint IS NULL OR c.import_id = %s)
ORDER BY c.id LIMIT %s
"""


def fitting(actor: Actor, profile_id: int, fill: Fill, *, most: int) -> list[str]:
    """The numbers of the profile's parcels that may go on a sheet and are on none, oldest first."""
    actor.require(Can.HAND_OVER)
    statuses = ["ready_for_pickup", *(["new_booked"] if fill.booked else [])]
    zone = settings.TIME_ZONE
    values: list[Any] = [actor.tenant, profile_id, statuses]
    values += [fill.booked_from, fill.booked_from, zone, fill.booked_to, fill.booked_to, zone]
    values += [fill.destination_id] * 2 + [fill.service] * 2 + [fill.import_id] * 2
    with connection.cursor() as cursor:
        cursor.execute(_FIT, [*values, most])
        return [cn for (cn,) in cursor.fetchall()]


_BOOKED = """
SELECT cn FROM consignments_consignment WHERE shipper_id = %s AND status = 'new_booked'
    AND (%s::bigint IS NULL OR profile_id = %s) AND (%s::bigint IS NULL OR import_id = %s)
    AND (%s::text[] IS NULL OR cn = ANY(%s)) ORDER BY id
"""


def booked_cns(
    actor: Actor,
    *,
    profile_id: int | None = None,
    import_id: int | None = None,
    cns: Sequence[str] | None = None,
) -> list[str]:
    """The numbers of parcels that nobody marked ready yet, of a pickup profile, an import, these; oldest first.

    Raises NotFound for another shipper's import.
    """
    actor.require(Can.SEE_ORDERS)
    if import_id is not None:
        one_import(actor, import_id)
    chosen = None if cns is None else list(cns)
    with connection.cursor() as cursor:
        cursor.execute(_BOOKED, [actor.tenant, profile_id, profile_id, import_id, import_id, chosen, chosen])
        return [cn for (cn,) in cursor.fetchall()]


def _sheets(where: str, values: Sequence[Any], most: int) -> list[LoadSheet]:
    with connection.cursor() as cursor:
        cursor.execute(_SHEETS.format(fate=_FATE, where=where), [list(_GONE), list(_HELD), *values, most])
        names = LoadSheet.__struct_fields__
        return [LoadSheet(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]
