"""What phones report: the rider's own stop found and locked, the report kept once, its evidence made fit to keep."""

import hashlib
import math
from datetime import datetime

import msgspec
from django.db import connection
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.consignments import actions as consignments
from icargos.consignments.actions import Held
from icargos.dispatch.models import Report, Run, Stop
from icargos.dispatch.rules.outcome import Delivery, Failure, Fate, NotAttempted, Outcome, RunState
from icargos.ground import bulk
from icargos.ground.event_ids import check_event_id
from icargos.kit import errors
from icargos.kit.actor import Actor, Stamp
from icargos.kit.clock import clamp
from icargos.kit.errors import FieldProblem, Invalid

SOURCE = "rider"
_MOST_NOTE = 500


class OutcomeRefused(Invalid):
    """A report that lacks something; ``problems`` names every field."""

    code = "outcome_refused"


class Reported(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a phone. ``fate`` says what became of the report; ``conflict`` is for the desk to settle."""

    cn: str
    fate: str
    status: str
    replayed: bool = False


class Told(msgspec.Struct, frozen=True):
    """A report with what it is about, all of it locked, and when it happened by our clock."""

    run: Run
    stop: Stop
    parcel: Held
    occurred_at: datetime
    skew_s: int


class Peek(msgspec.Struct, frozen=True):
    """The stop as it looks before anything is locked: enough to check a report and make its pictures fit."""

    cn: str
    run_state: str
    proof: str
    signed_papers: str
    cod_paisa: int


_PEEK = """
SELECT s.cn, r.state, c.proof, c.signed_papers, c.cod_paisa
FROM dispatch_stop s JOIN dispatch_run r ON r.id = s.run_id JOIN consignments_consignment c ON c.id = s.consignment_id
WHERE s.id = %s AND r.rider_id = %s
"""


def peek(actor: Actor, outcome: Outcome) -> Peek:
    """The rider's own stop. Raises Forbidden, Invalid, Conflict; NotFound, the same for unknown and another rider's."""
    actor.require(Can.DELIVER)
    check_event_id(outcome.source_event_id)
    with connection.cursor() as cursor:
        cursor.execute(_PEEK, [outcome.stop_id, actor.user_id])
        row = cursor.fetchone()
    if row is None:
        raise errors.NotFound(_("This stop is not on your run sheet."))
    found = Peek(*row)
    if found.run_state == RunState.OPEN:
        raise errors.Conflict(_("This run has not left the station yet."))
    return found


def fingerprint(report: Outcome) -> str:
    """What two sendings of one report must share."""
    said: tuple[object, ...]
    match report:
        case Delivery():
            said = ("delivered", report.stop_id, report.receiver, report.collected_paisa, report.method)
        case Failure():
            said = ("failed", report.stop_id, report.reason)
        case NotAttempted():
            said = ("not_attempted", report.stop_id, report.reason)
        case _:
            raise TypeError(f"not a report: {type(report).__name__}")
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()


def replayed(actor: Actor, outcome: Outcome, print_: str, cn: str) -> Reported | None:
    """The answer that this very report got before, or None. Raises Conflict when its id was used for another one."""
    known = Report.objects.filter(rider_id=actor.user_id or 0, source_event_id=outcome.source_event_id).first()
    if known is None:
        return None
    if known.fingerprint != print_:
        raise errors.Conflict(_("This was already sent with other contents. Reload the page and try again."))
    held = consignments.lock(actor, [cn])
    return Reported(cn=cn, fate=known.fate, status=held[cn].status.value, replayed=True)


def locked(actor: Actor, outcome: Outcome, *, now: datetime) -> Told:
    """Lock the stop, then its parcel, and say when it happened by our clock."""
    stop = Stop.objects.select_for_update(of=("self",)).select_related("run").get(id=outcome.stop_id)
    parcel = consignments.lock(actor, [stop.cn])[stop.cn]
    assert stop.run.dispatched_at is not None
    occurred_at, skew_s = clamp(
        outcome.device_at, dispatched_at=stop.run.dispatched_at, received_at=now, sent_at=outcome.sent_at
    )
    return Told(stop.run, stop, parcel, occurred_at, skew_s)


def keep_report(
    actor: Actor, outcome: Outcome, told: Told, kind: str, print_: str, fate: Fate, *, now: datetime
) -> None:
    """Keep the report under the phone's own id; its replay finds it here."""
    bulk.create([report_row(outcome, told, kind, print_, fate, Stamp(actor, now))])


def report_row(outcome: Outcome, told: Told, kind: str, print_: str, fate: Fate, by: Stamp) -> Report:
    """The report, not yet written."""
    return Report(
        rider_id=by.actor.user_id or 0,
        source_event_id=outcome.source_event_id,
        fingerprint=print_,
        stop_id=told.stop.id,
        kind=kind,
        fate=fate.value,
        device_at=outcome.device_at,
        occurred_at=told.occurred_at,
        received_at=by.at,
        skew_s=told.skew_s,
    )


def place_problems(outcome: Outcome) -> list[FieldProblem]:
    """What is wrong with a report's position and note."""
    found = []
    if (outcome.lat is None) != (outcome.lng is None) or not (
        _within(outcome.lat, -90, 90) and _within(outcome.lng, -180, 180) and _within(outcome.accuracy_m, 0, 1e6)
    ):
        found.append(FieldProblem("position", "RANGE", _("The phone's position cannot be read. Send it without.")))
    if len(outcome.note) > _MOST_NOTE:
        found.append(FieldProblem("note", "RANGE", _("A note has at most 500 characters.")))
    if len(outcome.device) > 64:
        found.append(FieldProblem("device", "RANGE", _("The phone's name is too long.")))
    return found


def _within(value: float | None, least: float, most: float) -> bool:
    return value is None or (math.isfinite(value) and least <= value <= most)
