"""A rider says one thing and the scans another: the desk decides, and until then the COD is posted nowhere."""

from datetime import datetime

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.consignments import actions as consignments
from icargos.consignments.actions import Amendment, Handover, Move
from icargos.consignments.rules import Status
from icargos.dispatch.actions import records
from icargos.dispatch.actions.records import AttemptDraft, ProofDraft
from icargos.dispatch.actions.reporting import Told
from icargos.dispatch.events import ConflictOpened, ConflictSettled
from icargos.dispatch.models import Conflict, Proof, Stop
from icargos.dispatch.rules.outcome import LIVE, StopState
from icargos.ground import facts
from icargos.kit import errors
from icargos.kit.actor import Actor
from icargos.kit.errors import FieldProblem, Invalid

OPEN = "open"
DECISIONS = {"apply": "applied", "dismiss": "dismissed"}


def open_conflict(
    actor: Actor, told: Told, kind: str, cod_paisa: int, draft: ProofDraft | AttemptDraft, *, now: datetime
) -> None:
    """Keep a report that contradicts the scans, with all its evidence, for the desk. Its COD is held."""
    parcel = told.parcel
    row = Conflict.objects.create(
        shipper_id=parcel.shipper_id,
        consignment_id=parcel.id,
        cn=parcel.cn,
        run_id=told.run.id,
        stop_id=told.stop.id,
        kind=kind,
        found=parcel.status.value,
        cod_paisa=cod_paisa,
        report=msgspec.to_builtins(draft),
        state=OPEN,
        opened_at=now,
    )
    fact = ConflictOpened(
        shipper_id=parcel.shipper_id, subject_id=parcel.id, cn=parcel.cn, conflict_id=row.id, cod_paisa=cod_paisa
    )
    facts.record(actor, [fact], now=now)


@transaction.atomic
def settle(actor: Actor, conflict_id: int, decision: str, comment: str, *, now: datetime) -> None:
    """Decide a conflict: ``apply`` what the rider reported, or ``dismiss`` it; the comment is kept for ever.

    Applying a delivery corrects the status, keeps the proof and posts the cash; applying a failure keeps the attempt
    and asks the shipper, the status stays. Needs APPROVE. Raises NotFound, Conflict for one that was settled or whose
    parcel was delivered otherwise since, Invalid without a comment.
    """
    actor.require(Can.APPROVE)
    if decision not in DECISIONS or not 3 <= len(comment.strip()) <= 250:
        told = _("Say in 3 to 250 characters why you decide so.")
        raise Invalid(told, problems=[FieldProblem("comment", "REQUIRED", told)])
    row = Conflict.objects.select_for_update().filter(id=conflict_id).first()
    if row is None:
        raise errors.NotFound(_("There is no such conflict."))
    if row.state != OPEN:
        raise errors.Conflict(_("%(who)s settled this already.") % {"who": row.settled_by})
    if decision == "apply":
        _apply(actor, row, comment.strip(), now=now)
    settled = DECISIONS[decision]
    Conflict.objects.filter(id=row.id).update(
        state=settled, comment=comment.strip(), settled_by=actor.name, settled_at=now
    )
    fact = ConflictSettled(
        shipper_id=row.shipper_id, subject_id=row.consignment_id, cn=row.cn, conflict_id=row.id, decision=settled
    )
    facts.record(actor, [fact], now=now)


def _apply(actor: Actor, row: Conflict, why: str, *, now: datetime) -> None:
    stop = Stop.objects.select_for_update(of=("self",)).select_related("run").get(id=row.stop_id)
    parcel = consignments.lock(actor, [row.cn])[row.cn]
    if row.kind != "delivered":
        draft = msgspec.convert(row.report, AttemptDraft)
        said = Handover(
            cn=row.cn,
            custody=parcel.custody,
            code=Status.DELIVERY_UNSUCCESSFUL,
            counts=draft.counted,
            source="admin",
            source_event_id=f"conflict:{row.id}",
            occurred_at=draft.occurred_at,
            note=why,
            station_id=stop.run.station_id,
        )
        consignments.hand_over(actor, [said], now=now)
        records.add_attempt(actor, stop.run, stop, parcel, draft, now=now)
        return
    if parcel.status is Status.DELIVERED or Proof.objects.filter(consignment_id=parcel.id).exists():
        raise errors.Conflict(_("%(cn)s has been delivered otherwise. Dismiss this report.") % {"cn": row.cn})
    delivered = msgspec.convert(row.report, ProofDraft)
    # The shipper may have changed the COD since; what the rider took is what is owed.
    taken = Amendment(cod_paisa=delivered.cod_collected_paisa)
    consignments.amend(actor, row.cn, taken, why=f"conflict:{row.id}", now=now)
    move = Move(
        cn=row.cn,
        to=Status.DELIVERED,
        source="admin",
        source_event_id=f"conflict:{row.id}",
        occurred_at=delivered.occurred_at,
        note=why,
        station_id=stop.run.station_id,
    )
    consignments.correct(actor, move, why=why, now=now)
    # Whatever other sheet it is on now, its parcel is not there to be delivered or scanned back.
    others = Stop.objects.filter(consignment_id=parcel.id, state__in=LIVE).exclude(id=stop.id)
    others.update(state=StopState.HANDED_BACK, outcome=StopState.NOT_ATTEMPTED, handed_back_at=now)
    Stop.objects.filter(id=stop.id).update(state=StopState.DELIVERED, outcome="", outcome_at=delivered.occurred_at)
    records.prove(actor, stop.run, stop, parcel, delivered, now=now)
