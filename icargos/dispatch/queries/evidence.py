"""What is kept of visits: attempts with the advice on them, proofs, their pictures, conflicts.

Who may not see the consignee gets no position and no picture.
"""

from datetime import date, datetime
from typing import Any, TypeVar

import msgspec
from django.db import connection
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.dispatch.models import Advice, Attempt, Conflict, Proof, Weighing
from icargos.ground import blobs
from icargos.kit.actor import Actor
from icargos.kit.errors import NotFound

Row = TypeVar("Row", bound=Model)


class Advised(msgspec.Struct, frozen=True, kw_only=True):
    """One advice on an attempt, as its history shows it. COD in paisa."""

    id: int
    attempt_id: int
    state: str
    opened_at: datetime
    action: str
    on_date: date | None
    window: str
    note: str
    new_phone: str | None
    new_address: str | None
    landmark: str | None
    cod_paisa: int | None
    by_name: str
    at: datetime | None
    answered_by: str
    answered_at: datetime | None
    answer: str
    decided: str
    decided_date: date | None


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """One failed visit. ``photos`` are names to ask ``picture`` for; calls are seconds away from the page, each."""

    id: int
    n: int
    reason: str
    counted: bool
    occurred_at: datetime
    received_at: datetime
    skew_s: int
    lat: float | None
    lng: float | None
    accuracy_m: float | None
    rider: str
    offline: bool
    note: str
    photos: list[str]
    calls: list[int]
    later_date: str | None
    advice: list[Advised]


class Proven(msgspec.Struct, frozen=True, kw_only=True):
    """The electronic proof of a delivery. Money in paisa; ``pictures`` are names to ask ``picture`` for."""

    cn: str
    run_number: str
    receiver_name: str
    relation: str
    no_code_reason: str
    cod_expected_paisa: int
    cod_collected_paisa: int
    method: str
    lat: float | None
    lng: float | None
    accuracy_m: float | None
    device_at: datetime
    occurred_at: datetime
    received_at: datetime
    skew_s: int
    rider: str
    device: str
    offline: bool
    note: str
    sha256: str
    signed: bool
    pictures: list[str]


class ConflictRow(msgspec.Struct, frozen=True, kw_only=True):
    """A report that contradicts the scans: what the rider said, what the parcel's status was. COD in paisa, held."""

    id: int
    consignment_id: int
    cn: str
    kind: str
    found: str
    cod_paisa: int
    report: dict[str, Any]
    state: str
    opened_at: datetime
    settled_by: str
    settled_at: datetime | None
    comment: str


def attempts(actor: Actor, consignment_id: int) -> list[Tried]:
    """The parcel's failed visits, oldest first, each with its advice; empty for a parcel that is not the actor's."""
    rows = list(_mine(actor, Attempt.objects.filter(consignment_id=consignment_id)).order_by("n"))
    advised: dict[int, list[Advised]] = {}
    for advice in Advice.objects.filter(attempt_id__in=[row.id for row in rows]).order_by("id"):
        advised.setdefault(advice.attempt_id, []).append(_advised(actor, advice))
    close = actor.may(Can.SEE_CONSIGNEE)
    return [
        Tried(
            id=row.id,
            n=row.n,
            reason=row.reason,
            counted=row.counted,
            occurred_at=row.occurred_at,
            received_at=row.received_at,
            skew_s=row.skew_s,
            lat=row.lat if close else None,
            lng=row.lng if close else None,
            accuracy_m=row.accuracy_m if close else None,
            rider=row.rider,
            offline=row.offline,
            note=row.note,
            photos=[f"attempt-{row.n}-{place}" for place in range(len(row.evidence["photos"]))] if close else [],
            calls=[call["away_s"] for call in row.evidence["calls"]],
            later_date=row.evidence["later_date"],
            advice=advised.get(row.id, []),
        )
        for row in rows
    ]


def proof(actor: Actor, consignment_id: int) -> Proven | None:
    """The parcel's proof of delivery, or None where there is none that the actor may see."""
    row = _mine(actor, Proof.objects.filter(consignment_id=consignment_id)).first()
    if row is None:
        return None
    close = actor.may(Can.SEE_CONSIGNEE)
    same = {name: getattr(row, name) for name in Proven.__struct_fields__ if name not in ("signed", "pictures")}
    if not close:
        same |= {"lat": None, "lng": None, "accuracy_m": None}
    names = list(_keys_of_proof(row)) if close else []
    return Proven(**same, signed=bool(row.signature_key), pictures=names)


def picture(actor: Actor, consignment_id: int, name: str) -> bytes:
    """The bytes of one of the parcel's pictures: JPEG, or PNG for signatures. Needs SEE_CONSIGNEE; raises NotFound.

    Names come from ``proof``, ``attempts`` and ``conflicts``.
    """
    actor.require(Can.SEE_CONSIGNEE)
    keys: dict[str, str] = {}
    for proof_row in _mine(actor, Proof.objects.filter(consignment_id=consignment_id)):
        keys |= _keys_of_proof(proof_row)
    for tried in _mine(actor, Attempt.objects.filter(consignment_id=consignment_id)):
        keys |= {f"attempt-{tried.n}-{place}": key for place, key in enumerate(tried.evidence["photos"])}
    if actor.may(Can.SEE_ALL_PARCELS):
        for row in Conflict.objects.filter(consignment_id=consignment_id):
            keys |= conflict_pictures(row.id, row.report)
    if name not in keys:
        raise NotFound(_("There is no such picture here."))
    with blobs.opened(keys[name]) as file:
        return file.read()


def proof_papers(actor: Actor, consignment_id: int) -> dict[str, bytes]:
    """Photos of the signed papers of the parcel's proof, by their codes. Needs SEE_CONSIGNEE.

    A picture that is gone, or not the one that was kept, is empty.
    """
    actor.require(Can.SEE_CONSIGNEE)
    row = _mine(actor, Proof.objects.filter(consignment_id=consignment_id)).first()
    return {code: blobs.kept(key) for code, key in row.paper_keys.items()} if row is not None else {}


def proof_files(actor: Actor, consignment_id: int) -> tuple[bytes | None, list[bytes]]:
    """Signature (None = never given) and photos of the parcel's proof. Needs SEE_CONSIGNEE; raises NotFound.

    A picture that is gone, or not the one that was kept, is empty.
    """
    actor.require(Can.SEE_CONSIGNEE)
    row = _mine(actor, Proof.objects.filter(consignment_id=consignment_id)).first()
    if row is None:
        raise NotFound(_("No proof was kept of this delivery."))
    signature = blobs.kept(row.signature_key) if row.signature_key else None
    return signature, [blobs.kept(key) for key in row.photo_keys]


def conflicts(actor: Actor, *, every: bool = False) -> list[ConflictRow]:
    """Open conflicts, oldest first; with ``every`` the settled ones too. Needs SEE_ALL_PARCELS and SEE_CONSIGNEE."""
    actor.require(Can.SEE_ALL_PARCELS)
    actor.require(Can.SEE_CONSIGNEE)
    rows = Conflict.objects.order_by("id") if every else Conflict.objects.filter(state="open").order_by("id")
    return [ConflictRow(**{name: getattr(row, name) for name in ConflictRow.__struct_fields__}) for row in rows[:200]]


def conflict_pictures(conflict_id: int, report: dict[str, Any]) -> dict[str, str]:
    """The pictures of a conflict's report: name to ask for, key of the file."""
    photos = report.get("photo_keys") or report.get("evidence", {}).get("photos", [])
    keys = {f"conflict-{conflict_id}-{place}": key for place, key in enumerate(photos)}
    keys |= {f"conflict-{conflict_id}-paper-{code}": key for code, key in report.get("paper_keys", {}).items()}
    if report.get("signature_key"):
        keys[f"conflict-{conflict_id}-signature"] = report["signature_key"]
    return keys


def held_cod(actor: Actor) -> int:
    """The COD, in paisa, that open conflicts hold: reported as taken, posted nowhere. Needs SEE_ALL_PARCELS."""
    actor.require(Can.SEE_ALL_PARCELS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(cod_paisa), 0)::bigint FROM dispatch_conflict WHERE state = 'open'")
        (held,) = cursor.fetchone()
    return int(held)


def weighings(actor: Actor, consignment_id: int) -> list[tuple[datetime, int]]:
    """What stations' scales said of the parcel, oldest first: when, and how many grams."""
    rows = _mine(actor, Weighing.objects.filter(consignment_id=consignment_id))
    return list(rows.order_by("id").values_list("at", "weight_g"))


def _keys_of_proof(row: Proof) -> dict[str, str]:
    keys = {f"photo-{place}": key for place, key in enumerate(row.photo_keys)}
    keys |= {f"paper-{code}": key for code, key in row.paper_keys.items()}
    return keys | ({"signature": row.signature_key} if row.signature_key else {})


def _mine(actor: Actor, rows: QuerySet[Row]) -> QuerySet[Row]:
    if actor.may(Can.SEE_ALL_PARCELS):
        return rows
    actor.require(Can.SEE_ORDERS)
    return rows.filter(shipper_id=actor.tenant)


def _advised(actor: Actor, row: Advice) -> Advised:
    fields = {name: getattr(row, name) for name in Advised.__struct_fields__}
    if not actor.may(Can.SEE_CONSIGNEE):
        fields |= dict.fromkeys(("new_phone", "new_address", "landmark"))
    return Advised(**fields)
