"""What is kept of a visit: the proof of a delivery with its cash, or the failed attempt with the shipper's question."""

import hashlib
from datetime import date, datetime
from typing import TypedDict

import msgspec

from icargos.consignments.actions import Held
from icargos.consignments.rules import REASONS
from icargos.dispatch.actions.reporting import Told
from icargos.dispatch.events import AttemptFailed, ProofTaken
from icargos.dispatch.gateways import pictures
from icargos.dispatch.models import Advice, Attempt, Proof, Run, Stop
from icargos.dispatch.rules.advice import AdviceState
from icargos.dispatch.rules.outcome import Delivery, Failure, Outcome
from icargos.dispatch.rules.proof import Call
from icargos.finance import actions as finance
from icargos.finance.actions import Collected
from icargos.ground import bulk, facts
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
    """A proof of delivery about to be kept. ``originals`` are the hashes of the files as the phone had them.

    ``paper_keys`` are the keys of the photos of signed papers, by their codes.
    """

    receiver_name: str
    relation: str
    signature_key: str
    photo_keys: list[str]
    originals: list[str]
    no_code_reason: str
    cod_expected_paisa: int
    cod_collected_paisa: int
    method: str
    paper_keys: dict[str, str] = {}


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


def proof_draft(
    actor: Actor,
    delivery: Delivery,
    told: Told,
    signature: str,
    photos: list[str],
    signed: dict[str, str],
    *,
    now: datetime,
) -> ProofDraft:
    """What is kept of a delivery; ``signature``, ``photos`` and ``signed`` are the keys of the pictures as kept."""
    files = (*delivery.photos, *delivery.papers.values(), delivery.signature)
    return ProofDraft(
        receiver_name=delivery.receiver.strip(),
        relation=delivery.relation,
        signature_key=signature,
        photo_keys=photos,
        originals=[pictures.fingerprint(file) for file in files if file],
        no_code_reason=delivery.no_code_reason.strip(),
        cod_expected_paisa=told.parcel.cod_paisa,
        cod_collected_paisa=delivery.collected_paisa,
        method=delivery.method if delivery.collected_paisa else "",
        paper_keys=signed,
        **circumstances(actor, delivery, told, now=now),
    )


def attempt_draft(actor: Actor, failure: Failure, told: Told, photos: list[str], *, now: datetime) -> AttemptDraft:
    """What is kept of a failed visit; ``photos`` are the keys of the pictures as they were kept."""
    evidence = Evidence(
        photos=photos,
        originals=[pictures.fingerprint(photo) for photo in failure.photos],
        calls=list(failure.calls),
        scanned=failure.scanned,
        later_date=failure.later_date,
    )
    counted = REASONS[failure.reason].counts
    seen = circumstances(actor, failure, told, now=now)
    return AttemptDraft(reason=failure.reason, counted=counted, evidence=evidence, **seen)


def proof_row(run: Run, stop: Stop, parcel: Held, draft: ProofDraft) -> Proof:
    """The proof with its hash, not yet written."""
    digest = hashlib.sha256(msgspec.json.encode([parcel.cn, run.number, draft])).hexdigest()
    return Proof(
        **msgspec.structs.asdict(draft),
        shipper_id=parcel.shipper_id,
        consignment_id=parcel.id,
        cn=parcel.cn,
        run_id=run.id,
        run_number=run.number,
        stop_id=stop.id,
        sha256=digest,
    )


def proof_fact(proof: Proof) -> ProofTaken:
    """The proof's anchor in the trail."""
    return ProofTaken(
        shipper_id=proof.shipper_id,
        subject_id=proof.consignment_id,
        cn=proof.cn,
        cod_paisa=proof.cod_collected_paisa,
        method=proof.method,
        sha256=proof.sha256,
    )


def cash_of(proof: Proof, rider_id: int) -> Collected:
    """What the rider took at this delivery."""
    return Collected(
        consignment_id=proof.consignment_id,
        shipper_id=proof.shipper_id,
        rider_id=rider_id,
        cod_paisa=proof.cod_collected_paisa,
        method=proof.method,
        key=f"cod:{proof.cn}",
        run_id=proof.run_id,
    )


def prove(actor: Actor, run: Run, stop: Stop, parcel: Held, draft: ProofDraft, *, now: datetime) -> None:
    """Keep the proof, anchor its hash in the trail and post the cash. In the caller's transaction, parcel locked."""
    proof = proof_row(run, stop, parcel, draft)
    bulk.create([proof])
    end_questions(parcel.id)
    facts.record(actor, [proof_fact(proof)], now=now)
    if proof.cod_collected_paisa:
        finance.collect(actor, [cash_of(proof, run.rider_id)], now=now)


def end_questions(consignment_id: int) -> None:
    """Whatever the shipper was asked, or said and nobody acted on, is past now."""
    waiting = [AdviceState.OPEN, AdviceState.SUBMITTED]
    Advice.objects.filter(consignment_id=consignment_id, state__in=waiting).update(state=AdviceState.EXPIRED)


def attempt_row(run: Run, stop: Stop, parcel: Held, draft: AttemptDraft, n: int) -> Attempt:
    """The parcel's ``n``-th failed visit, not yet written."""
    body = msgspec.structs.asdict(draft)
    del body["device_at"]
    body["evidence"] = msgspec.to_builtins(draft.evidence)
    return Attempt(
        **body,
        shipper_id=parcel.shipper_id,
        consignment_id=parcel.id,
        cn=parcel.cn,
        run_id=run.id,
        stop_id=stop.id,
        n=n,
    )


def attempt_fact(attempt: Attempt) -> AttemptFailed:
    """What the trail says of it."""
    return AttemptFailed(
        shipper_id=attempt.shipper_id,
        subject_id=attempt.consignment_id,
        cn=attempt.cn,
        attempt_id=attempt.id,
        n=attempt.n,
        reason=attempt.reason,
        counted=attempt.counted,
    )


def question(parcel: Held, attempt_id: int, at: datetime) -> Advice:
    """The open question to the shipper what shall happen now, not yet written."""
    return Advice(
        shipper_id=parcel.shipper_id,
        consignment_id=parcel.id,
        cn=parcel.cn,
        attempt_id=attempt_id,
        state=AdviceState.OPEN.value,
        opened_at=at,
    )


def add_attempt(actor: Actor, run: Run, stop: Stop, parcel: Held, draft: AttemptDraft, *, now: datetime) -> None:
    """Keep the failed visit and open the question to the shipper; an older question that nobody answered ends.

    In the caller's transaction, with the parcel locked, so that two visits never take one number.
    """
    earlier = Attempt.objects.filter(consignment_id=parcel.id).count()
    (attempt,) = Attempt.objects.bulk_create([attempt_row(run, stop, parcel, draft, earlier + 1)])
    end_questions(parcel.id)
    Advice.objects.bulk_create([question(parcel, attempt.id, now)])
    facts.record(actor, [attempt_fact(attempt)], now=now)
