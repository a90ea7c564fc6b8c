"""What was booked is written anew, one parcel or thousands. The old and the new values are kept, and can be erased."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db import connection

from icargos.consignments.actions.columns import DRAFT
from icargos.consignments.actions.entering import Draft
from icargos.consignments.actions.locking import Held, lock
from icargos.consignments.events import ConsignmentAmended
from icargos.ground import bulk, facts
from icargos.kit.actor import Actor
from icargos.kit.errors import Conflict


class Standing(msgspec.Struct, frozen=True):
    """A locked parcel with everything that is booked of it."""

    held: Held
    draft: Draft
    label_stale: bool


class Rewrite(msgspec.Struct, frozen=True):
    """A parcel as ``standing`` gave it, and as it shall be."""

    was: Standing
    becomes: Draft


class Rewritten(msgspec.Struct, frozen=True):
    """The outcome of one Rewrite: which fields of the Draft changed, and whether a printed label now lies."""

    id: int
    cn: str
    fields: tuple[str, ...]
    label_stale: bool


# These follow from the others, so they are no change of their own.
_DERIVED = frozenset({"origin_id", "sort_code", "charged_weight_g"})
_OFF_LABEL = frozenset({"alt_phone", "consignee_email", "declared_value_paisa", "signed_papers"})
_GIVEN = {"id": "bigint", "on_label": "boolean", **DRAFT}
_READ = f"SELECT cn, label_stale, {', '.join(DRAFT)} FROM consignments_consignment WHERE id = ANY(%s)"  # noqa: S608
_SET = ", ".join(f"{name} = given.{name}" for name in DRAFT)
_WRITE = f"""
UPDATE consignments_consignment c SET {_SET},
    cod_state = CASE WHEN c.cod_state NOT IN ('none', 'expected') THEN c.cod_state
        WHEN given.cod_paisa > 0 THEN 'expected' ELSE 'none' END,
    label_stale = c.label_stale OR (c.labels_printed > 0 AND given.on_label)
FROM {{source}} WHERE c.id = given.id RETURNING c.id, c.label_stale
"""  # noqa: S608
_REVISION = {
    "shipper_id": "bigint",
    "consignment_id": "bigint",
    "field": "text",
    "was": "text",
    "becomes": "text",
}


def standing(actor: Actor, cns: Sequence[str]) -> dict[str, Standing]:
    """The actor's parcels among these numbers with what is booked of them, locked until the transaction ends.

    A number that is unknown, or another shipper's, is simply not in the answer.
    """
    held = lock(actor, cns)
    with connection.cursor() as cursor:
        cursor.execute(_READ, [[parcel.id for parcel in held.values()]])
        return {
            cn: Standing(held[cn], Draft(**dict(zip(DRAFT, values, strict=True))), stale)
            for cn, stale, *values in cursor.fetchall()
        }


def rewrite(actor: Actor, rewrites: Sequence[Rewrite], *, why: str, now: datetime) -> list[Rewritten]:
    """Write the parcels as they shall be and keep a revision of each value, all or none; in the rewrites' order.

    Who may change what is the caller's rule; each parcel stands there once. A parcel that stays as it was is left
    alone. Runs in the caller's transaction. Raises Conflict for a COD that is on its way already.
    """
    fields = [_changed(one.was.draft, one.becomes) for one in rewrites]
    for one, names in zip(rewrites, fields, strict=True):
        if "cod_paisa" in names and one.was.held.cod_state not in {"none", "expected"}:
            raise Conflict(f"The COD of {one.was.held.cn} was collected: it cannot be changed.")
    told = [(one, names) for one, names in zip(rewrites, fields, strict=True) if names]
    stale = _write([(one, not _OFF_LABEL.issuperset(names)) for one, names in told])
    bulk.insert(
        "consignments_revision",
        _REVISION,
        [
            (
                one.was.held.shipper_id,
                one.was.held.id,
                name,
                str(getattr(one.was.draft, name)),
                str(getattr(one.becomes, name)),
            )
            for one, names in told
            for name in names
        ],
        same={
            "at": ("timestamptz", now),
            "actor_id": ("bigint", actor.user_id),
            "actor_name": ("text", actor.name),
            "why": ("text", why),
        },
    )
    amended = [
        ConsignmentAmended(
            shipper_id=one.was.held.shipper_id,
            subject_id=one.was.held.id,
            cn=one.was.held.cn,
            fields=names,
            cod_paisa=one.becomes.cod_paisa if "cod_paisa" in names else None,
        )
        for one, names in told
    ]
    facts.record(actor, amended, now=now)
    return [
        Rewritten(one.was.held.id, one.was.held.cn, names, stale.get(one.was.held.id, one.was.label_stale))
        for one, names in zip(rewrites, fields, strict=True)
    ]


def _changed(was: Draft, becomes: Draft) -> tuple[str, ...]:
    return tuple(name for name in DRAFT if name not in _DERIVED and getattr(was, name) != getattr(becomes, name))


def _write(rewrites: Sequence[tuple[Rewrite, bool]]) -> dict[int, bool]:
    """Write the rows; which of them now have a printed label that lies."""
    if not rewrites:
        return {}
    rows = [(one.was.held.id, on_label, *msgspec.structs.astuple(one.becomes)) for one, on_label in rewrites]
    with bulk.given(_GIVEN, rows) as (source, arrays), connection.cursor() as cursor:
        cursor.execute(_WRITE.format(source=source), arrays)
        return dict(cursor.fetchall())
