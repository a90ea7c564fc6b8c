"""What every step of an import needs: the locked import, whoever it is done for, and its rows on the way in and out."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from django.db import connection

from icargos.accounts.rules import ROLES, Role
from icargos.booking.models import Import
from icargos.booking.queries import Priced
from icargos.booking.rules.order import Order
from icargos.booking.rules.problems import Problem
from icargos.booking.rules.rows import CheckedRow
from icargos.booking.rules.totals import State, Totals
from icargos.ground import bulk
from icargos.ground.relay import RELAY
from icargos.ground.tenancy import acting
from icargos.kit.actor import Actor, Kind
from icargos.kit.errors import NotFound

ROW = {
    "row": "integer",
    "cells": "jsonb",
    "slipped": "boolean",
    "edits": "jsonb",
    "ref": "text",
    '"order"': "jsonb",
    "problems": "jsonb",
    "state": "text",
    "charges_paisa": "bigint",
    "updates": "text",
}
_FATE = ("row", "ref", '"order"', "problems", "state", "charges_paisa", "updates")
_UPDATE = """
UPDATE booking_importrow r SET ref = given.ref, "order" = given."order", problems = given.problems, state = given.state,
    charges_paisa = given.charges_paisa, updates = given.updates
FROM {source} WHERE r.shipper_id = %s AND r.import_id = %s AND r.row = given.row
"""


class Fate(msgspec.Struct, frozen=True):
    """What a check made of one row; ``order`` only where the row can be booked, charges in paisa."""

    row: int
    ref: str
    order: Order | None
    problems: Sequence[Problem]
    state: State
    charges_paisa: int
    updates: str

    def columns(self) -> tuple[object, ...]:
        """The values of its columns in the table of rows."""
        order = to_json(self.order)
        return (self.row, self.ref, order, to_json(self.problems), self.state.value, self.charges_paisa, self.updates)


def fates(checked: Sequence[CheckedRow], refs: Sequence[str], prices: Mapping[int, Priced]) -> list[Fate]:
    """The fate of each checked row; ``refs`` are their cleaned order refs, ``prices`` by row number."""
    found = []
    for row, ref in zip(checked, refs, strict=True):
        one = prices.get(row.number)
        problems = list(row.problems)
        if one is not None:
            problems += [msgspec.structs.replace(problem, row=row.number) for problem in one.problems]
        receipt = one.receipt if one is not None else None
        if receipt is None:
            found.append(Fate(row.number, ref[:100], None, problems, State.WRONG, 0, ""))
            continue
        state = State.WARNED if problems else State.READY
        found.append(Fate(row.number, ref[:100], row.order, problems, state, receipt.charges_paisa, row.updates))
    return found


def tally(totals: Totals, rows: Sequence[Fate], *, times: int = 1) -> None:
    """Count these rows in, or with ``times=-1`` out."""
    for one in rows:
        totals.count(one.state, one.problems, one.order, one.charges_paisa, times=times)


def write_fates(actor: Actor, import_id: int, rows: Sequence[Fate]) -> None:
    """Keep the new fate of rows that are in the table already."""
    columns = {name: ROW[name] for name in _FATE}
    if not rows:
        return
    with bulk.given(columns, [one.columns() for one in rows]) as (source, arrays), connection.cursor() as cursor:
        cursor.execute(_UPDATE.format(source=source), [*arrays, actor.tenant, import_id])


def write_totals(found: Import, totals: Totals, **also: object) -> None:
    """Keep the sums of an import, and ``also`` these of its columns."""
    columns: dict[str, object] = {
        "totals": msgspec.to_builtins(totals),
        "ready": totals[State.READY],
        "warned": totals[State.WARNED],
        "wrong": totals[State.WRONG],
        "booked": totals[State.BOOKED],
        "undone": totals[State.UNDONE],
        "cod_paisa": totals.whole.cod_paisa,
        "charges_paisa": totals.whole.charges_paisa,
        **also,
    }
    Import.objects.filter(id=found.id, shipper_id=found.shipper_id).update(**columns)


def totals_of(found: Import) -> Totals:
    """The sums as they were kept last."""
    return msgspec.convert(found.totals, Totals)


def acting_for(import_id: int) -> tuple[Actor, Import]:
    """The import and an actor that works on behalf of whoever sent it, or had it booked."""
    with acting(RELAY):
        found = Import.objects.get(id=import_id)
    can = frozenset(c.value for c in ROLES[Role.OPERATIONS])
    user_id, name = found.accepted_by_id or found.by_id, found.accepted_by_name or found.by_name
    actor = Actor(
        Kind.SHIPPER, user_id=user_id, shipper_id=found.shipper_id, role=Role.OPERATIONS.value, name=name, can=can
    )
    return actor, found


def held(actor: Actor, import_id: int) -> Import:
    """The import, locked until the transaction ends; raises NotFound, the same for unknown and foreign."""
    found = Import.objects.select_for_update().filter(id=import_id, shipper_id=actor.tenant).first()
    if found is None:
        raise NotFound("There is no such import here.")
    return found


_ENCODE = msgspec.json.Encoder().encode


def to_json(value: object) -> str | None:
    """JSON as PostgreSQL takes it: without NUL, which old workbooks hold here and there; None for None."""
    if value is None:
        return None
    body = _ENCODE(value).decode()
    return body if "\\u0000" not in body else _ENCODE(without_nul(msgspec.to_builtins(value))).decode()


def without_nul(value: Any) -> Any:
    """The same plain value, no text of which holds a NUL."""
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, list):
        return [without_nul(one) for one in value]
    return {key: without_nul(one) for key, one in value.items()} if isinstance(value, dict) else value
