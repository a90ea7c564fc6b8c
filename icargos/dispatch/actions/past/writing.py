"""What was lived through in memory goes to the tables, through the owners of each, in a fixed number of statements."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
from django.utils import timezone

from icargos.consignments import actions as consignments
from icargos.consignments.actions import Amendment
from icargos.dispatch.actions import records
from icargos.dispatch.actions.advising import amendment
from icargos.dispatch.actions.past.standing import Driven, Standing
from icargos.dispatch.actions.reporting import fingerprint, report_row
from icargos.dispatch.actions.runs import allot_numbers
from icargos.dispatch.events import RunClosed, RunDispatched, RunHandedBack, RunLoaded, RunOpened
from icargos.dispatch.models import Proof, Report
from icargos.dispatch.rules.outcome import Fate
from icargos.finance import actions as finance
from icargos.finance.actions import Collected, Handed
from icargos.finance.rules import CASH
from icargos.ground import bulk, facts
from icargos.ground.facts import Event
from icargos.kit.actor import Actor, Stamp

_ANSWER = ("state", "action", "on_date", "window", "note", "new_phone", "new_address", "landmark", "cod_paisa",
           "source_event_id", "by_id", "by_name", "at", "answered_by", "answered_at", "answer", "decided",
           "decided_date", "decided_window")  # fmt: skip


def write(actor: Actor, standing: Standing, *, now: datetime) -> None:
    """Write everything, all or none, in the caller's transaction."""
    _write_runs(standing)
    told: list[tuple[Event, Stamp]] = []
    bulk.create([row for driven in standing.driven for row in _reports(driven)])
    told += _write_attempts(standing)
    _write_questions(standing)
    for row, order, parcel, new_phone, by in standing.advised:
        wanted = amendment(order, parcel, new_phone)
        if wanted != Amendment():
            consignments.amend(by.actor, parcel.cn, wanted, why=f"advice:{row.id}", now=by.at)
    consignments.record_past(actor, standing.steps, now=now)
    proven = {id(driven): list(_proofs(driven)) for driven in standing.driven}
    proofs = [one for each in proven.values() for one in each]
    bulk.create([proof for proof, _by in proofs])
    told += [(records.proof_fact(proof), by) for proof, by in proofs]
    cash = [one for driven in standing.driven for one in _cash(driven, proven[id(driven)])]
    finance.record_past(actor, cash, now=now)
    bulk.create(standing.weighings)
    told += [one for driven in standing.driven for one in _run_facts(driven)]
    told += [(make(), by) for make, by in standing.facts]
    facts.record_each(sorted(told, key=lambda one: one[1].at))


def _write_runs(standing: Standing) -> None:
    """Runs and stops; all of them have their ids afterwards."""
    runs = [driven.run for driven in standing.driven]
    for run, number in zip(runs, allot_numbers([timezone.localdate(run.opened_at) for run in runs]), strict=True):
        run.number = number
    ids = dict(bulk.create(runs, returning="number, id"))
    stops = []
    for driven in standing.driven:
        driven.run.id = ids[driven.run.number]
        for stop in driven.stops:
            stop.run_id = driven.run.id
            stops.append(stop)
    found = {(run, parcel): row for run, parcel, row in bulk.create(stops, returning="run_id, consignment_id, id")}
    for stop in stops:
        stop.id = found[stop.run_id, stop.consignment_id]


def _reports(driven: Driven) -> Iterator[Report]:
    for outcome, told, kind, by in driven.reports:
        named = msgspec.structs.replace(outcome, stop_id=told.stop.id)
        yield report_row(named, told, kind, fingerprint(named), Fate.APPLY, by)


def _write_attempts(standing: Standing) -> list[tuple[Event, Stamp]]:
    """Failed visits; the questions about them know them afterwards."""
    made = [one for driven in standing.driven for one in driven.attempts]
    for attempt, stop, _by in made:
        attempt.run_id, attempt.stop_id = stop.run_id, stop.id
    rows = bulk.create([attempt for attempt, _stop, _by in made], returning="consignment_id, n, id")
    ids = {(parcel, n): row for parcel, n, row in rows}
    for attempt, _stop, _by in made:
        attempt.id = ids[attempt.consignment_id, attempt.n]
    return [(records.attempt_fact(attempt), by) for attempt, _stop, by in made]


def _write_questions(standing: Standing) -> None:
    for row, attempt in standing.asked:
        row.attempt_id = attempt.id
    # In the past every question is about an attempt of its own.
    ids = dict(bulk.create([row for row, _attempt in standing.asked], returning="attempt_id, id"))
    for row, _attempt in standing.asked:
        row.id = ids[row.attempt_id]
    bulk.update(list(standing.changed.values()), _ANSWER)


def _proofs(driven: Driven) -> Iterator[tuple[Proof, Stamp]]:
    for draft, told, by in driven.proofs:
        yield records.proof_row(driven.run, told.stop, told.parcel, draft), by


def _cash(driven: Driven, proven: list[tuple[Proof, Stamp]]) -> Iterator[tuple[Collected | Handed, Stamp]]:
    run, deed = driven.run, driven.deed
    taken = [(proof, by) for proof, by in proven if proof.cod_collected_paisa]
    yield from ((records.cash_of(proof, run.rider_id), by) for proof, by in taken)
    total = sum(proof.cod_collected_paisa for proof, _by in taken)
    digital = sum(proof.cod_collected_paisa for proof, _by in taken if proof.method != CASH)
    handed = Handed(
        run_id=run.id,
        rider_id=run.rider_id,
        station_id=run.station_id,
        cash_paisa=total - digital - deed.short_paisa,
        digital_paisa=digital,
        approved_by=deed.approved_by,
    )
    yield handed, Stamp(deed.by, deed.closed_at)


def _run_facts(driven: Driven) -> Iterator[tuple[Event, Stamp]]:
    """The run's own trail: opened, loaded, gone, scanned back, closed."""
    run, deed, stops = driven.run, driven.deed, len(driven.stops)
    of: dict[str, Any] = {"shipper_id": None, "subject_id": run.id, "number": run.number}
    yield RunOpened(**of, rider_id=run.rider_id), Stamp(deed.by, deed.at)
    yield RunLoaded(**of, added=stops), Stamp(deed.by, deed.at)
    left = RunDispatched(**of, rider_id=run.rider_id, stops=stops, cod_paisa=driven.cod_paisa)
    yield left, Stamp(deed.by, deed.left_at)
    if driven.back:
        yield RunHandedBack(**of, parcels=driven.back), Stamp(deed.by, deed.back_at)
    closed = RunClosed(**of, rider_id=run.rider_id, delivered=stops - driven.back, handed_back=driven.back, awaited=0)
    yield closed, Stamp(deed.by, deed.closed_at)
