"""What is kept of a visit: the proof of a delivery with its cash, or the failed attempt with the shipper's question."""

import hashlib
from datetime import date, datetime
from typing import TypedDict

import msgspec

from icargos.consignments.actions import Held
from icargos.dispatch.actions.reporting import Told
from icargos.dispatch.events import AttemptFailed, ProofTaken
from icargos.dispatch.models import Advice, Attempt, Proof, Run, Stop
from icargos.dispatch.rules.advice import AdviceState
from icargos.dispatch.rules.outcome import Outcome
from icargos.dispatch.rules.proof import Call
from icargos.finance import actions as finance
from icargos.ground import facts
from icargos.kit.actor import Actor


class Circumstances(TypedDict):
    """When, where and by whom, as every visit tells it."""

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


def circumstances(actor: Actor, outcome: Outcome, told: Told, *, now: datetime) -> Circumstances:
    """The circumstances of a report, by our clock where that matters."""
    return Circumstances(
        lat=outcome.lat,
        lng=outcome.lng,
        accuracy_m=outcome.accuracy_m,
        device_at=outcome.device_at,
        occurred_at=told.occurred_at,
        received_at=now,
        skew_s=told.skew_s,
        rider=actor.name,
        device=outcome.device,
        offline=outcome.offline,
        note=outcome.note,
    )


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """A visit about to be kept, at once or after the desk settled a conflict."""

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


class ProofDraft(Visit, frozen=True, kw_only=True):
    """A proof of delivery about to be kept. ``originals`` are the hashes of the files as the phone had them."""

    receiver_name: str
    relation: str
    signature_key: str
    photo_keys: list[str]
    originals: list[str]
    no_code_reason: str
    cod_expected_paisa: int
    cod_collected_paisa: int
    method: str


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What a rider brings to show that he was there: keys of photos, calls tapped, the label scanned."""

    photos: list[str]
    originals: list[str]
    calls: list[Call]
    scanned: bool
    later_date: date | None


class AttemptDraft(Visit, frozen=True, kw_only=True):
    """A failed visit about to be kept."""

    reason: str
    counted: bool
    evidence: Evidence


def prove(actor: Actor, run: Run, stop: Stop, parcel: Held, draft: ProofDraft, *, now: datetime) -> None:
    """Keep the proof, anchor its hash in the trail and post the cash. In the caller's transaction, parcel locked."""
    digest = hashlib.sha256(msgspec.json.encode([parcel.cn, run.number, draft])).hexdigest()
    Proof.objects.create(
        **msgspec.structs.asdict(draft),
        shipper_id=parcel.shipper_id,
        consignment_id=parcel.id,
        cn=parcel.cn,
        run_id=run.id,
        run_number=run.number,
        stop_id=stop.id,
        sha256=digest,
    )
    end_questions(parcel.id)
    fact = ProofTaken(
        shipper_id=parcel.shipper_id,
        subject_id=parcel.id,
        cn=parcel.cn,
        cod_paisa=draft.cod_collected_paisa,
        method=draft.method,
        sha256=digest,
    )
    facts.record(actor, [fact], now=now)
    if draft.cod_collected_paisa:
        cash = finance.Collected(
            consignment_id=parcel.id,
            shipper_id=parcel.shipper_id,
            rider_id=run.rider_id,
            cod_paisa=draft.cod_collected_paisa,
            method=draft.method,
            key=f"cod:{parcel.cn}",
            run_id=run.id,
        )
        finance.collect(actor, [cash], now=now)


def end_questions(consignment_id: int) -> None:
    """Whatever the shipper was asked, or said and nobody acted on, is past now."""
    waiting = [AdviceState.OPEN, AdviceState.SUBMITTED]
    Advice.objects.filter(consignment_id=consignment_id, state__in=waiting).update(state=AdviceState.EXPIRED)


def add_attempt(actor: Actor, run: Run, stop: Stop, parcel: Held, draft: AttemptDraft, *, now: datetime) -> None:
    """Keep the failed visit and open the question to the shipper; an older question that nobody answered ends.

    In the caller's transaction, with the parcel locked, so that two visits never take one number.
    """
    earlier = Attempt.objects.filter(consignment_id=parcel.id).count()
    body = msgspec.structs.asdict(draft)
    del body["device_at"]
    body["evidence"] = msgspec.to_builtins(draft.evidence)
    attempt = Attempt.objects.create(
        **body,
        shipper_id=parcel.shipper_id,
        consignment_id=parcel.id,
        cn=parcel.cn,
        run_id=run.id,
        stop_id=stop.id,
        n=earlier + 1,
    )
    end_questions(parcel.id)
    Advice.objects.create(
        shipper_id=parcel.shipper_id,
        consignment_id=parcel.id,
        cn=parcel.cn,
        attempt_id=attempt.id,
        state=AdviceState.OPEN.value,
        opened_at=now,
    )
    fact = AttemptFailed(
        shipper_id=parcel.shipper_id,
        subject_id=parcel.id,
        cn=parcel.cn,
        attempt_id=attempt.id,
        n=attempt.n,
        reason=draft.reason,
        counted=draft.counted,
    )
    facts.record(actor, [fact], now=now)
