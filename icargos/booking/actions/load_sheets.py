"""Load sheets: opened for a place, filled by scan or by filter, closed for good, and withdrawn when plans change."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.booking.actions.numbering import draw
from icargos.booking.actions.ready import move_all
from icargos.booking.events import LoadSheetChanged, LoadSheetClosed, LoadSheetEnded
from icargos.booking.models import LoadSheet, LoadSheetItem
from icargos.booking.queries import Fill, SheetRef, fitting, sheets_of
from icargos.booking.rules import sheets as rules
from icargos.booking.rules.sheets import CALLED_OFF, MOST_PARCELS, WITH_SHIPPER, SheetState
from icargos.consignments import actions as consignments
from icargos.consignments.actions import Held
from icargos.consignments.rules import LABEL, Status
from icargos.ground import bulk, facts
from icargos.ground.once import once
from icargos.kit import cn as cn_format
from icargos.kit.actor import Actor
from icargos.kit.errors import Conflict, NotFound
from icargos.kit.verdict import Verdict
from icargos.places import queries as places


class SheetRefused(Conflict):
    """What was asked of a load sheet does not fit its state."""

    code = "load_sheet_refused"


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to one number that was scanned onto a sheet; ``place`` is its line there, 0 when it is on none.

    ``city`` is where the parcel goes.
    """

    cn: str
    verdict: Verdict
    message: str = ""
    status: str = ""
    place: int = 0
    city: str = ""


class Details(msgspec.Struct, frozen=True):
    """What a sheet needs to know of a parcel beside its lock."""

    profile_id: int
    pieces: int
    city: str


_DETAILS = """
SELECT c.id, c.profile_id, c.pieces, d.name FROM consignments_consignment c
JOIN places_city d ON d.id = c.destination_id WHERE c.id = ANY(%s)
"""
_ITEM = {
    "consignment_id": "bigint",
    "cn": "text",
    "seq": "integer",
    "pieces": "smallint",
    "weight_g": "integer",
    "cod_paisa": "bigint",
}
# What was booked may have changed since the scan; the closing writes down what is true now.
_SIGN = """
UPDATE booking_loadsheetitem i SET pieces = c.pieces, weight_g = c.weight_g, cod_paisa = c.cod_paisa
FROM consignments_consignment c WHERE c.id = i.consignment_id AND i.shipper_id = %s AND i.sheet_id = %s
    AND (i.pieces, i.weight_g, i.cod_paisa) IS DISTINCT FROM (c.pieces, c.weight_g, c.cod_paisa)
"""
_TOTALS = """
SELECT count(*), coalesce(sum(pieces), 0)::bigint, coalesce(sum(weight_g), 0)::bigint,
    coalesce(sum(cod_paisa), 0)::bigint
FROM booking_loadsheetitem WHERE shipper_id = %s AND sheet_id = %s
"""


@transaction.atomic
def open_sheet(actor: Actor, profile_id: int, *, key: str, now: datetime) -> str:
    """Begin a load sheet for a pickup profile; returns its number, for the same ``key`` the same one.

    Raises Forbidden without HAND_OVER, NotFound for a profile that is not the shipper's.
    """
    actor.require(Can.HAND_OVER)
    places.profile(actor, profile_id)
    number, _again = once(
        actor, "load_sheet.open", key, str(profile_id), lambda: new_sheet(actor, profile_id, now=now).number, now=now
    )
    return str(number)


def new_sheet(actor: Actor, profile_id: int, *, now: datetime) -> LoadSheet:
    """An empty open sheet, in the caller's transaction."""
    return LoadSheet.objects.create(
        shipper_id=actor.tenant,
        number=draw("LS", timezone.localdate(now)),
        profile_id=profile_id,
        state=SheetState.OPEN.value,
        opened_at=now,
        opened_by=actor.name,
    )


@transaction.atomic
def add_to_sheet(actor: Actor, number: str, cns: Sequence[str], *, now: datetime) -> list[Listed]:
    """Put parcels on an open sheet; one answer for each number, in their order.

    A refused number changes nothing and stops no other. A parcel is on one sheet at a time. Raises Forbidden without
    HAND_OVER, NotFound for another shipper's sheet, SheetRefused for one that is not open.
    """
    actor.require(Can.HAND_OVER)
    return list_on(actor, _open(actor, number), cns, now=now)


@transaction.atomic
def fill_sheet(actor: Actor, number: str, fill: Fill, *, now: datetime) -> int:
    """Put all that fit the filter on an open sheet, oldest first, as many as it takes; returns how many there were.

    Raises as ``add_to_sheet``.
    """
    actor.require(Can.HAND_OVER)
    sheet = _open(actor, number)
    room = MOST_PARCELS - LoadSheetItem.objects.filter(shipper_id=sheet.shipper_id, sheet_id=sheet.id).count()
    listed = list_on(actor, sheet, fitting(actor, sheet.profile_id, fill, most=max(room, 0)), now=now)
    return sum(one.verdict is Verdict.MOVED for one in listed)


def list_on(actor: Actor, sheet: LoadSheet, cns: Sequence[str], *, now: datetime) -> list[Listed]:
    """Put parcels on this sheet, which the caller's transaction holds open."""
    numbers = [cn_format.normalise(cn) for cn in cns]
    held = consignments.lock(actor, numbers)
    ids = [parcel.id for parcel in held.values()]
    details, promised = _details(ids), sheets_of(actor, ids)
    items = LoadSheetItem.objects.filter(shipper_id=sheet.shipper_id, sheet_id=sheet.id)
    on_it = dict(items.filter(consignment_id__in=ids).values_list("cn", "seq"))
    last = items.aggregate(last=Max("seq"))["last"] or 0
    room = MOST_PARCELS - items.count()
    rows: list[tuple[Any, ...]] = []
    out = []
    for cn in numbers:
        parcel = held.get(cn)
        if parcel is None:
            out.append(Listed(cn=cn[:20], verdict=Verdict.REFUSED, message=_(rules.UNKNOWN) % {"cn": cn[:20]}))
            continue
        told_of, status = details[parcel.id], parcel.status.value
        refused = _refusal(actor, sheet, parcel, told_of, promised.get(parcel.id))
        if cn in on_it:
            out.append(Listed(cn=cn, verdict=Verdict.AGAIN, status=status, place=on_it[cn], city=told_of.city))
        elif refused or len(rows) >= room:
            told = refused or _(rules.FULL) % {"cn": cn}
            out.append(Listed(cn=cn, verdict=Verdict.REFUSED, message=told, status=status))
        else:
            on_it[cn] = last + len(rows) + 1
            rows.append((parcel.id, cn, on_it[cn], told_of.pieces, parcel.weight_g, parcel.cod_paisa))
            out.append(Listed(cn=cn, verdict=Verdict.MOVED, status=status, place=on_it[cn], city=told_of.city))
    same = {
        "shipper_id": ("bigint", sheet.shipper_id),
        "sheet_id": ("bigint", sheet.id),
        "added_at": ("timestamptz", now),
    }
    bulk.insert("booking_loadsheetitem", _ITEM, rows, same=same)
    if rows:
        _record(actor, sheet, LoadSheetChanged, now=now, added=len(rows))
    return out


def _refusal(actor: Actor, sheet: LoadSheet, parcel: Held, details: Details, on: SheetRef | None) -> str:
    """Why the parcel may not go on the sheet; empty when it may, or is on it."""
    template = rules.refusal(parcel.status)
    values = {"cn": parcel.cn, "status": _(LABEL[parcel.status])}
    if template:
        return _(template) % values
    if on is not None and on.id != sheet.id:
        told = rules.ON_ANOTHER if on.state == SheetState.OPEN else rules.ON_A_CLOSED
        return _(told) % {**values, "sheet": on.number}
    if details.profile_id != sheet.profile_id:
        return _(rules.ELSEWHERE) % {**values, "place": places.profile(actor, details.profile_id).name}
    return ""


@transaction.atomic
def take_off_sheet(actor: Actor, number: str, cns: Sequence[str], *, now: datetime) -> int:
    """Take parcels off an open sheet; returns how many were on it. Raises as ``add_to_sheet``."""
    actor.require(Can.HAND_OVER)
    sheet = _open(actor, number)
    on_it = LoadSheetItem.objects.filter(shipper_id=sheet.shipper_id, sheet_id=sheet.id)
    gone, _rows = on_it.filter(cn__in=[cn_format.normalise(cn) for cn in cns]).delete()
    if gone:
        _record(actor, sheet, LoadSheetChanged, now=now, removed=gone)
    return gone


@transaction.atomic
def close_sheet(actor: Actor, number: str, *, now: datetime) -> LoadSheetClosed:
    """Make the sheet final: its list and totals are what both sign. Closing again gives the same answer.

    What was cancelled or handed over meanwhile drops out first, and what is New Booked becomes Ready for Pickup.
    Raises Forbidden without HAND_OVER, NotFound for another shipper's sheet, SheetRefused for an empty, a discarded
    or a withdrawn one.
    """
    actor.require(Can.HAND_OVER)
    sheet = _held(actor, number)
    if sheet.state == SheetState.CLOSED:
        return _closed(sheet)
    if sheet.state != SheetState.OPEN:
        raise _not_open(sheet)
    items = LoadSheetItem.objects.filter(shipper_id=sheet.shipper_id, sheet_id=sheet.id)
    held = consignments.lock(actor, list(items.values_list("cn", flat=True)))
    gone = [parcel.id for parcel in held.values() if parcel.status not in WITH_SHIPPER]
    items.filter(consignment_id__in=gone).delete()
    with connection.cursor() as cursor:
        cursor.execute(_SIGN, [sheet.shipper_id, sheet.id])
        cursor.execute(_TOTALS, [sheet.shipper_id, sheet.id])
        sheet.parcels, sheet.pieces, sheet.weight_g, sheet.cod_paisa = cursor.fetchone()
    if not sheet.parcels:
        raise SheetRefused(_("%(sheet)s is empty. Scan parcels onto it first.") % {"sheet": sheet.number})
    booked = [parcel for parcel in held.values() if parcel.status is Status.NEW_BOOKED]
    move_all(actor, booked, Status.READY_FOR_PICKUP, now=now)
    LoadSheet.objects.filter(id=sheet.id, shipper_id=sheet.shipper_id).update(
        state=SheetState.CLOSED.value,
        closed_at=now,
        closed_by=actor.name,
        parcels=sheet.parcels,
        pieces=sheet.pieces,
        weight_g=sheet.weight_g,
        cod_paisa=sheet.cod_paisa,
    )
    fact = _closed(sheet)
    facts.record(actor, [fact], now=now)
    return fact


@transaction.atomic
def discard_sheet(actor: Actor, number: str, *, now: datetime) -> None:
    """Throw an open sheet away; its parcels are free again. A second time changes nothing.

    Raises as ``close_sheet``.
    """
    actor.require(Can.HAND_OVER)
    sheet = _held(actor, number)
    if sheet.state == SheetState.DISCARDED:
        return
    if sheet.state != SheetState.OPEN:
        raise _not_open(sheet)
    LoadSheetItem.objects.filter(shipper_id=sheet.shipper_id, sheet_id=sheet.id).delete()
    _end(actor, sheet, SheetState.DISCARDED, now=now)


@transaction.atomic
def withdraw_sheet(actor: Actor, number: str, *, now: datetime) -> None:
    """Take back a closed sheet of which nothing was handed over: its list stays as it was, its parcels are free.

    They stay Ready for Pickup. A second time changes nothing. Raises Forbidden without HAND_OVER, NotFound for another
    shipper's sheet, SheetRefused for one that is not closed, or whose parcels a rider has or is on the way to.
    """
    actor.require(Can.HAND_OVER)
    sheet = _held(actor, number)
    if sheet.state == SheetState.WITHDRAWN:
        return
    if sheet.state != SheetState.CLOSED:
        told = _("%(sheet)s is not closed. Take parcels off it instead.")
        raise SheetRefused(told % {"sheet": sheet.number})
    items = LoadSheetItem.objects.filter(shipper_id=sheet.shipper_id, sheet_id=sheet.id, left_at=None)
    held = consignments.lock(actor, list(items.values_list("cn", flat=True)))
    still = {Status.NEW_BOOKED, Status.READY_FOR_PICKUP, *CALLED_OFF}
    taken = sorted(cn for cn, parcel in held.items() if parcel.status not in still)
    if taken:
        told = _("%(cn)s of %(sheet)s is %(status)s: the sheet cannot be withdrawn.")
        status = _(LABEL[held[taken[0]].status])
        raise SheetRefused(told % {"cn": taken[0], "sheet": sheet.number, "status": status})
    items.update(left_at=now)
    _end(actor, sheet, SheetState.WITHDRAWN, now=now, withdrawn_at=now, withdrawn_by=actor.name)


def _end(actor: Actor, sheet: LoadSheet, state: SheetState, *, now: datetime, **more: Any) -> None:
    LoadSheet.objects.filter(id=sheet.id, shipper_id=sheet.shipper_id).update(state=state.value, **more)
    _record(actor, sheet, LoadSheetEnded, now=now, state=state.value)


def _record(actor: Actor, sheet: LoadSheet, kind: Callable[..., facts.Event], *, now: datetime, **more: Any) -> None:
    fact = kind(shipper_id=sheet.shipper_id, subject_id=sheet.id, number=sheet.number, **more)
    facts.record(actor, [fact], now=now)


def _closed(sheet: LoadSheet) -> LoadSheetClosed:
    return LoadSheetClosed(
        shipper_id=sheet.shipper_id,
        subject_id=sheet.id,
        number=sheet.number,
        parcels=sheet.parcels,
        pieces=sheet.pieces,
        weight_g=sheet.weight_g,
        cod_paisa=sheet.cod_paisa,
    )


def _held(actor: Actor, number: str) -> LoadSheet:
    found = (
        LoadSheet.objects.select_for_update().filter(shipper_id=actor.tenant, number=rules.read_number(number)).first()
    )
    if found is None:
        raise NotFound(_("There is no such load sheet here."))
    return found


def _open(actor: Actor, number: str) -> LoadSheet:
    sheet = _held(actor, number)
    if sheet.state != SheetState.OPEN:
        raise _not_open(sheet)
    return sheet


def _not_open(sheet: LoadSheet) -> SheetRefused:
    words = {
        SheetState.CLOSED: _("%(sheet)s is closed and stays as it is. Open a new sheet."),
        SheetState.WITHDRAWN: _("%(sheet)s was withdrawn. Open a new sheet."),
        SheetState.DISCARDED: _("%(sheet)s was discarded. Open a new sheet."),
    }
    return SheetRefused(words[SheetState(sheet.state)] % {"sheet": sheet.number})


def _details(ids: Sequence[int]) -> dict[int, Details]:
    with connection.cursor() as cursor:
        cursor.execute(_DETAILS, [list(ids)])
        return {parcel: Details(*found) for parcel, *found in cursor.fetchall()}
