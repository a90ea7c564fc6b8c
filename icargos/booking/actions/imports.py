"""A sheet's way to parcels: upload, check, accept, book. The worker does the long steps, each in one transaction."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from django.db import connection
from django.utils import timezone

from icargos.accounts.rules import ROLES, Can, Role
from icargos.booking.actions.book import BookingRefused, book
from icargos.booking.events import ImportAccepted, ImportBooked, ImportChecked, ImportUploaded
from icargos.booking.gateways.sheet import MAX_BYTES, read
from icargos.booking.models import Import, ImportRow
from icargos.booking.queries import Priced, priced, reference, terms
from icargos.booking.rules.headers import match_headers
from icargos.booking.rules.order import Order
from icargos.booking.rules.problems import Code, Problem, Severity, gettext_noop
from icargos.booking.rules.rows import Checked, check_rows, order_refs
from icargos.booking.rules.sheet import Sheet
from icargos.booking.rules.text import clean
from icargos.consignments import queries as consignments
from icargos.ground import blobs, bulk, facts
from icargos.ground.relay import RELAY, FactRow
from icargos.ground.tenancy import acting
from icargos.kit.actor import Actor, Kind
from icargos.kit.errors import Conflict, Invalid, NotFound, Refused

_ROW = {"row": "integer", "cells": "jsonb", '"order"': "jsonb", "problems": "jsonb", "state": "text"}


def upload(actor: Actor, *, file_name: str, data: bytes, now: datetime) -> tuple[int, bool]:
    """Keep a sheet and have it checked. Returns the import's id and whether the same file was here before.

    Raises Invalid for an empty file or one over 25 MB; all else about the file is said after the check.
    """
    actor.require(Can.IMPORT)
    if not data:
        raise Invalid("This file is empty. Choose the sheet with your orders.")
    if len(data) > MAX_BYTES:
        raise Invalid("This file is larger than 25 MB. Split it and send the parts.")
    name = clean(Path(file_name.replace("\\", "/")).name)[-200:] or "sheet"
    found, new = Import.objects.get_or_create(
        shipper_id=actor.tenant,
        sha256=hashlib.sha256(data).hexdigest(),
        defaults={
            "file_name": name,
            "file_key": blobs.keep("imports", data, suffix=Path(name).suffix.lower()[:6]),
            "size": len(data),
            "state": "uploaded",
            "by_id": actor.user_id or 0,
            "by_name": actor.name,
            "at": now,
        },
    )
    if new:
        facts.record(actor, [ImportUploaded(shipper_id=actor.tenant, subject_id=found.id)], now=now)
    return found.id, not new


def recheck(actor: Actor, import_id: int, *, defaults: Mapping[str, str] | None = None, now: datetime) -> None:
    """Check a sheet again, with one value for each column it lacks. Raises Conflict once it is being booked."""
    actor.require(Can.IMPORT)
    found = _held(actor, import_id)
    if found.state in {"booking", "booked"}:
        raise Conflict("This sheet is booked already. Upload the remaining rows as a new sheet.")
    given = {**found.defaults, **{k: clean(v) for k, v in (defaults or {}).items() if clean(v)}}
    _check_again(actor, found.id, given, now=now)


def accept(actor: Actor, import_id: int, *, now: datetime) -> None:
    """Have the ready rows booked; a second click changes nothing. Raises Conflict when there is nothing to book."""
    actor.require(Can.IMPORT)
    found = _held(actor, import_id)
    if found.state in {"booking", "booked"}:
        return
    if found.state != "checked" or not found.ready + found.warned:
        raise Conflict("No row of this sheet is ready to book. Mend the rows and upload the sheet again.")
    Import.objects.filter(id=found.id).update(state="booking")
    facts.record(actor, [ImportAccepted(shipper_id=actor.tenant, subject_id=found.id)], now=now)


def check_imports(told: Sequence[FactRow]) -> None:
    """Check each uploaded sheet. A reaction: does nothing for one that is not waiting any more."""
    for fact in told:
        actor, found = _acting_for(fact.subject_id)
        if found.state not in {"uploaded", "checking"}:
            continue
        with acting(actor):
            Import.objects.filter(id=found.id, state="uploaded").update(state="checking")
        # A refusal, of the file or for want of a rate card, is the import's outcome and not the job's failure.
        try:
            sheet = read(Path(blobs.local_path(found.file_key)), found.file_name)
            with acting(actor):
                _check(actor, found.id, sheet, now=timezone.now())
        except Refused as refusal:
            _refuse(actor, found.id, refusal.message)


def book_imports(told: Sequence[FactRow]) -> None:
    """Book the ready rows of each accepted sheet, all in one transaction. A reaction: books nothing twice.

    When a profile, a city or the card has changed since the check, nothing is booked and the sheet is checked again.
    """
    for fact in told:
        actor, _found = _acting_for(fact.subject_id)
        try:
            with acting(actor):
                _book(actor, fact.subject_id, now=timezone.now())
        except BookingRefused:
            with acting(actor):
                _check_again(actor, fact.subject_id, {}, now=timezone.now())


def _acting_for(import_id: int) -> tuple[Actor, Import]:
    """The import and an actor that works on behalf of whoever sent it."""
    with acting(RELAY):
        found = Import.objects.get(id=import_id)
    can = frozenset(c.value for c in ROLES[Role.OPERATIONS])
    actor = Actor(
        Kind.SHIPPER, user_id=found.by_id, shipper_id=found.shipper_id, role="operations", name=found.by_name, can=can
    )
    return actor, found


def _check_again(actor: Actor, import_id: int, defaults: Mapping[str, str], *, now: datetime) -> None:
    given = {"defaults": dict(defaults)} if defaults else {}
    Import.objects.filter(id=import_id).update(state="uploaded", refusal="", **given)
    facts.record(actor, [ImportUploaded(shipper_id=actor.tenant, subject_id=import_id)], now=now)


def _held(actor: Actor, import_id: int) -> Import:
    found = Import.objects.select_for_update().filter(id=import_id, shipper_id=actor.tenant).first()
    if found is None:
        raise NotFound("There is no such import here.")
    return found


def _refuse(actor: Actor, import_id: int, why: str) -> None:
    now = timezone.now()
    with acting(actor):
        Import.objects.filter(id=import_id).update(state="refused", refusal=why[:500], checked_at=now)
        told = ImportChecked(shipper_id=actor.tenant, subject_id=import_id, ready=0, wrong=0)
        facts.record(actor, [told], now=now)


def _check(actor: Actor, import_id: int, sheet: Sheet, *, now: datetime) -> None:
    found = _held(actor, import_id)
    if found.state not in {"uploaded", "checking"}:
        return
    on = terms(actor, now=now)
    match = match_headers(sheet.headers)
    ref = reference(actor, refs=order_refs(sheet, match), now=now, on=on)
    checked = check_rows(sheet, match, ref, found.defaults)
    able = {row.number: row.order for row in checked.rows if row.order is not None}
    prices = dict(zip(able, priced(actor, list(able.values()), now=now, on=on), strict=True))
    rows, counts, cod, charges = _fates(sheet, checked, prices)
    ImportRow.objects.filter(import_id=import_id).delete()
    whose = {"shipper_id": ("bigint", actor.tenant), "import_id": ("bigint", import_id)}
    bulk.insert("booking_importrow", _ROW, rows, same=whose)
    problems = [msgspec.to_builtins(problem) for problem in checked.problems]
    Import.objects.filter(id=import_id).update(
        state="checked",
        sheet_name=clean(sheet.name)[:80],
        mapping=_without_nul(
            {
                "headers": sheet.headers,
                "columns": match.columns,
                "unsure": {guess.header: guess.column for guess in match.unsure},
                "in_grams": match.weight_in_grams,
                "header_row": sheet.header_row,
                "problems": problems,
            }
        ),
        notes=_without_nul(sheet.notes),
        rows=len(sheet.rows),
        checked=len(sheet.rows),
        ready=counts["ready"],
        warned=counts["warned"],
        wrong=counts["wrong"],
        cod_paisa=cod,
        charges_paisa=charges,
        checked_at=now,
    )
    told = ImportChecked(
        shipper_id=actor.tenant, subject_id=import_id, ready=counts["ready"] + counts["warned"], wrong=counts["wrong"]
    )
    facts.record(actor, [told], now=now)


def _fates(
    sheet: Sheet, checked: Checked, prices: Mapping[int, Priced]
) -> tuple[list[tuple[object, ...]], dict[str, int], int, int]:
    """The rows to keep, how many there are of each state, and the COD and charges of the bookable ones in paisa."""
    counts = {"ready": 0, "warned": 0, "wrong": 0}
    cod = charges = 0
    rows: list[tuple[object, ...]] = []
    for row, cells in zip(checked.rows, sheet.rows, strict=True):
        one = prices.get(row.number)
        problems = list(row.problems)
        if one is not None:
            problems += [msgspec.structs.replace(problem, row=row.number) for problem in one.problems]
        bookable = one is not None and one.receipt is not None
        state = "wrong" if not bookable else "warned" if problems else "ready"
        counts[state] += 1
        if one is not None and one.receipt is not None:
            cod += one.order.cod_paisa
            charges += one.receipt.charges_paisa
        order = _json(row.order) if bookable else None
        rows.append((row.number, _json(cells), order, _json(problems), state))
    return rows, counts, cod, charges


_ENCODE = msgspec.json.Encoder().encode


def _json(value: object) -> str:
    """JSON as PostgreSQL takes it: without NUL, which old workbooks hold here and there."""
    body = _ENCODE(value).decode()
    return body if "\\u0000" not in body else _ENCODE(_without_nul(msgspec.to_builtins(value))).decode()


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, list):
        return [_without_nul(one) for one in value]
    return {key: _without_nul(one) for key, one in value.items()} if isinstance(value, dict) else value


_ABLE = """
SELECT row, "order"::text FROM booking_importrow
WHERE shipper_id = %s AND import_id = %s AND state IN ('ready', 'warned') ORDER BY row
"""
_BOOKED = """
UPDATE booking_importrow r SET state = 'booked', consignment_id = given.id, "order" = NULL FROM {source}
WHERE r.shipper_id = %s AND r.import_id = %s AND r.row = given.row
"""


def _book(actor: Actor, import_id: int, *, now: datetime) -> None:
    with connection.cursor() as cursor:
        # Two sheets of one shipper with the same order refs must see each other.
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [4926, actor.tenant % 2**31])
        found = _held(actor, import_id)
        if found.state != "booking":
            return
        cursor.execute(_ABLE, [actor.tenant, import_id])
        decode = msgspec.json.Decoder(Order).decode
        orders = {row: decode(order) for row, order in cursor.fetchall()}
    known = consignments.known_refs(actor, [o.order_ref for o in orders.values() if o.order_ref])
    taken = [row for row, order in orders.items() if order.order_ref in known]
    for row in taken:
        orders.pop(row)
    _mark_taken(import_id, taken)
    booked = book(actor, list(orders.values()), source="sheet", now=now, import_id=import_id) if orders else []
    if booked:
        pairs = [(row, one.id) for row, one in zip(orders, booked, strict=True)]
        with (
            bulk.given({"row": "integer", "id": "bigint"}, pairs) as (source, arrays),
            connection.cursor() as cursor,
        ):
            cursor.execute(_BOOKED.format(source=source), [*arrays, actor.tenant, import_id])
    Import.objects.filter(id=import_id).update(
        state="booked", booked=len(booked), booked_at=now, wrong=found.wrong + len(taken)
    )
    facts.record(actor, [ImportBooked(shipper_id=actor.tenant, subject_id=import_id, booked=len(booked))], now=now)


def _mark_taken(import_id: int, rows: Sequence[int]) -> None:
    """Rows whose order ref was booked by somebody else since the check."""
    for row in ImportRow.objects.filter(import_id=import_id, row__in=list(rows)):
        told = Problem(
            row=row.row,
            column="order_ref",
            value=str(row.order.get("order_ref", "")) if row.order else "",
            code=Code.DUP_EXISTING,
            template=gettext_noop("You have booked this order ref before."),
        )
        assert told.severity is Severity.ERROR
        ImportRow.objects.filter(id=row.id).update(
            state="wrong", order=None, problems=[*row.problems, msgspec.to_builtins(told)]
        )
