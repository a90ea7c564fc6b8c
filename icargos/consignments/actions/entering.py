"""Parcels come into being here, and their labels are counted."""

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Sequence
from datetime import date, datetime

import msgspec
from django.db import connection

from icargos.consignments.actions.columns import DRAFT, EVENT
from icargos.consignments.events import ConsignmentBooked, LabelsPrinted
from icargos.consignments.rules import CUSTODY, Status
from icargos.ground import bulk, facts, numbers
from icargos.kit.actor import Actor


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A parcel about to be entered. Paisa, grams, cm, E.164; ids of places already resolved."""

    service: str
    profile_id: int
    origin_id: int
    destination_id: int
    sort_code: str
    order_ref: str
    consignee_name: str
    consignee_phone: str
    alt_phone: str
    consignee_email: str
    address: str
    landmark: str
    pieces: int
    weight_g: int
    charged_weight_g: int
    length_cm: int
    width_cm: int
    height_cm: int
    cod_paisa: int
    declared_value_paisa: int
    product: str
    remarks: str
    allow_open: bool
    fragile: bool
    proof: str
    return_address: str = ""
    pickup_on: date | None = None
    delivery_window: str = ""
    piece_weights: str = ""
    signed_papers: str = ""


class Entered(msgspec.Struct, frozen=True):
    """A parcel that was entered: its id and number."""

    id: int
    cn: str


_CONSIGNMENT = {"cn": "text", "cod_state": "text", "tracking_token": "text", "label_token": "text", **DRAFT}
_OWN_EVENT = ("consignment_id", "source_event_id", "city_id")
_NOWHERE = {name: (EVENT[name], None) for name in ("station_id", "lat", "lng", "accuracy_m")}
_NOTHING_SAID = dict.fromkeys(("reason", "note", "device"), ("text", ""))


def enter(actor: Actor, drafts: Sequence[Draft], *, source: str, import_id: int | None, now: datetime) -> list[Entered]:
    """Enter parcels as New Booked, each with its number, tokens, first event and fact; in the drafts' order.

    Runs in the caller's transaction. Who may book is the caller's rule: ``booking.actions.book``.
    """
    shipper = actor.tenant
    status = Status.NEW_BOOKED.value
    cns = numbers.allot(len(drafts))
    tokens = _tokens(2 * len(drafts))
    astuple = msgspec.structs.astuple
    rows = [
        (cn, "expected" if draft.cod_paisa else "none", next(tokens), next(tokens), *astuple(draft))
        for cn, draft in zip(cns, drafts, strict=True)
    ]
    found = bulk.insert(
        "consignments_consignment",
        _CONSIGNMENT,
        rows,
        same={
            "shipper_id": ("bigint", shipper),
            "status": ("text", status),
            "status_at": ("timestamptz", now),
            "reason": ("text", ""),
            "attempts": ("smallint", 0),
            "custody": ("text", CUSTODY[Status.NEW_BOOKED].value),
            "source": ("text", source),
            "import_id": ("bigint", import_id),
            "booked_at": ("timestamptz", now),
            "booked_by": ("bigint", actor.user_id),
            "labels_printed": ("smallint", 0),
        },
        returning="cn, id",
    )
    ids: dict[str, int] = dict(found)
    entered = [Entered(ids[cn], cn) for cn in cns]
    bulk.insert(
        "consignments_event",
        {name: EVENT[name] for name in _OWN_EVENT},
        [(one.id, f"booked:{one.cn}", draft.origin_id) for one, draft in zip(entered, drafts, strict=True)],
        same={
            "shipper_id": ("bigint", shipper),
            "code": ("text", status),
            "occurred_at": ("timestamptz", now),
            "received_at": ("timestamptz", now),
            "source": ("text", source),
            "actor_id": ("bigint", actor.user_id),
            "actor_name": ("text", actor.name),
            "public": ("boolean", True),
            "moved": ("boolean", True),
            **_NOWHERE,
            **_NOTHING_SAID,
        },
    )
    booked = [
        ConsignmentBooked(
            shipper_id=shipper,
            subject_id=one.id,
            cn=one.cn,
            service=draft.service,
            cod_paisa=draft.cod_paisa,
            import_id=import_id,
        )
        for one, draft in zip(entered, drafts, strict=True)
    ]
    facts.record(actor, booked, now=now)
    return entered


def _tokens(count: int) -> Iterator[str]:
    """Unguessable texts of 22 characters, from one draw of random bytes."""
    drawn = secrets.token_bytes(16 * count)
    return (urlsafe_b64encode(drawn[at : at + 16])[:22].decode() for at in range(0, len(drawn), 16))


# Locked in the order that everybody locks parcels in: two people who print the same ones wait, and never deadlock.
_COUNT = """
WITH held AS (SELECT id FROM consignments_consignment WHERE id = ANY(%s) AND shipper_id = %s ORDER BY id FOR UPDATE)
UPDATE consignments_consignment c SET labels_printed = labels_printed + 1, label_stale = false
FROM held WHERE c.id = held.id RETURNING c.id, c.cn, c.labels_printed
"""


def count_print(actor: Actor, ids: Sequence[int], *, form: str, now: datetime) -> dict[int, int]:
    """Count one more printing of each label, in this format; each is up to date again.

    Returns how many times each was printed, this time included. Runs in the caller's transaction, to whose end the
    parcels stay locked.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [list(ids), actor.tenant])
        printed = cursor.fetchall()
    told = [LabelsPrinted(shipper_id=actor.tenant, subject_id=i, cn=cn, times=n, form=form) for i, cn, n in printed]
    facts.record(actor, told, now=now)
    return {row_id: times for row_id, _cn, times in printed}
