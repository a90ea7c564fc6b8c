"""A past that is written down at once is the same as one that was lived through action by action."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, TypeVar

import msgspec
import pytest
from django.db import connection

from icargos.consignments.actions import MoveRefused, OutOfTime
from icargos.consignments.rules import Status
from icargos.dispatch import actions
from icargos.dispatch.actions import AdviceRefused, OutcomeRefused, PastRefused
from icargos.dispatch.queries import NotPosted
from icargos.dispatch.rules.advice import AdviceOrder
from icargos.dispatch.rules.outcome import Delivery, Failure, NotAttempted, Outcome
from icargos.dispatch.rules.past import Advised, Answered, Arrival, Deed, Departure, PastRun, Step, Visit
from icargos.dispatch.rules.proof import Call
from icargos.finance import actions as finance
from icargos.finance import queries as money
from icargos.ground.tenancy import acting
from icargos.kit.errors import Forbidden, NotFound
from tests.cast import Cast
from tests.dispatch.scene import advise, event_id, everything, file, hours, picture, scans, signature
from tests.parcels import enter

LATER = hours(48)
RETURN = "Sent back as the shipper does not answer"


def record(cast: Cast, deeds: Sequence[Deed]) -> None:
    adeel = cast.actor("adeel")
    with acting(adeel):
        actions.record_past(adeel, deeds, now=LATER)


def on_the_way(cast: Cast, cns: Sequence[str]) -> list[Deed]:
    """From the shop to the Multan station, as ``scene.brought`` brings them."""
    sadia, dawood = cast.actor("sadia"), cast.actor("dawood")
    deeds: list[Deed] = [Arrival(by=sadia, at=hours(1), cn=cn, grams=700) for cn in cns]
    deeds += [Departure(by=sadia, at=hours(2), cn=cn) for cn in cns]
    return [*deeds, *(Arrival(by=dawood, at=hours(3), cn=cn) for cn in cns)]


def delivery(**more: object) -> Delivery:
    plain = {"receiver": "Sana Malik", "relation": "self", "collected_paisa": 150_000, "lat": 30.2, "lng": 71.45}
    return Delivery(stop_id=0, source_event_id=event_id("deliver"), device_at=hours(5), **{**plain, **more})  # type: ignore[arg-type]


def failed(reason: str, **more: object) -> Failure:
    plain = {"calls": (Call(hours(4.8), 30), Call(hours(4.9), 20)), "photos": (PHOTO,), "lat": 30.2, "lng": 71.45}
    return Failure(stop_id=0, source_event_id=event_id("fail"), device_at=hours(5), reason=reason, **{**plain, **more})  # type: ignore[arg-type]


PHOTO, SIGNED = file(picture(64, 48)), file(signature())


def run_of(cast: Cast, visits: Sequence[Visit], **more: object) -> PastRun:
    plain = {"by": cast.actor("dawood"), "rider": cast.actor("imran"), "at": hours(3.5), "left_at": hours(4)}
    plain |= {"back_at": hours(9), "closed_at": hours(10)}
    return PastRun(visits=tuple(visits), **{**plain, **more})


def visits_of(cns: Sequence[str]) -> list[Visit]:
    """One of each kind: proven by signature and photo, failed with and without a question, not come to, not told of."""
    return [
        Visit(cn=cns[0], outcome=delivery(signature=SIGNED, photos=(PHOTO,), method="raast")),
        Visit(cn=cns[1], outcome=delivery()),
        Visit(cn=cns[2], outcome=failed("RFD")),
        Visit(cn=cns[3], outcome=failed("CNA", note="Gate locked")),
        Visit(cn=cns[4], outcome=NotAttempted(stop_id=0, source_event_id=event_id("skip"), device_at=hours(5))),
        Visit(cn=cns[5]),
    ]


def order(cn: str, action: str, **more: object) -> AdviceOrder:
    return AdviceOrder(cn=cn, action=action, source_event_id=event_id("advice"), **more)  # type: ignore[arg-type]


def as_one_past(cast: Cast, cns: Sequence[str]) -> None:
    bilal, dawood = cast.actor("bilal"), cast.actor("dawood")
    again = order(cns[3], "reattempt", on_date=date(2026, 11, 21), landmark="Near the mosque", new_phone="0300-7654321")
    record(
        cast,
        [
            *on_the_way(cast, cns),
            run_of(cast, visits_of(cns)),
            Advised(by=bilal, at=hours(10.5), order=again),
            Answered(by=dawood, at=hours(11), cn=cns[2], decision="override", action="return", comment=RETURN),
            Departure(by=dawood, at=hours(12), cn=cns[2]),
        ],
    )


def one_by_one(cast: Cast, cns: Sequence[str]) -> None:
    sadia, dawood, imran = cast.actor("sadia"), cast.actor("dawood"), cast.actor("imran")
    with acting(sadia):
        weighed = [actions.Scan(cn=one.cn, source_event_id=one.source_event_id, weight_g=700) for one in scans(cns)]
        actions.receive(sadia, weighed, now=hours(1))
        actions.send(sadia, scans(cns), now=hours(2))
    with acting(dawood):
        actions.receive(dawood, scans(cns), now=hours(3))
        run = actions.open_run(dawood, cast.people["imran"], source_event_id=event_id("run"), now=hours(3.5))
        actions.add_to_run(dawood, run.id, scans(cns), now=hours(3.5))
        actions.dispatch_run(dawood, run.id, now=hours(4))
        ids: dict[str, int] = dict(_rows("SELECT cn, id FROM dispatch_stop"))
    with acting(imran):
        for visit in visits_of(cns):
            match visit.outcome:
                case Delivery() as done:
                    actions.deliver(imran, _at(done, ids[visit.cn]), now=hours(5))
                case Failure() as not_done:
                    actions.fail(imran, _at(not_done, ids[visit.cn]), now=hours(5))
                case NotAttempted() as skipped:
                    actions.not_attempted(imran, _at(skipped, ids[visit.cn]), now=hours(5))
    with acting(dawood):
        actions.hand_back(dawood, run.id, scans(cns[2:]), now=hours(9))
        actions.close_run(dawood, run.id, now=hours(10))
        finance.close_cash(
            dawood,
            run_id=run.id,
            rider_id=cast.people["imran"],
            station_id=_rows("SELECT station_id FROM dispatch_run")[0][0],
            cash_paisa=150_000,
            digital_paisa=150_000,
            approved_by=None,
            now=hours(10),
        )
    more = {"landmark": "Near the mosque", "new_phone": "0300-7654321"}
    advise(cast, cns[3], now=hours(10.5), **more)
    with acting(dawood):
        (question,) = _rows("SELECT id FROM dispatch_advice WHERE cn = %s", cns[2])[0]
        actions.answer(dawood, question, "override", RETURN, action="return", now=hours(11))
        actions.send(dawood, scans([cns[2]]), now=hours(12))


_Report = TypeVar("_Report", bound=Outcome)


def _at(report: _Report, stop_id: int) -> _Report:
    return msgspec.structs.replace(report, stop_id=stop_id)


def _rows(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


# What two tellings of one story cannot share: ids, numbers and tokens.
_OWN = {"id", "cn", "consignment_id", "subject_id", "run_id", "stop_id", "attempt_id", "source_event_id", "fingerprint",
        "sha256", "run_number", "key", "number", "advice_id", "tracking_token", "label_token", "why"}  # fmt: skip
_TOLD = {
    "consignments_consignment": "id",
    "consignments_event": "consignment_id",
    "consignments_revision": "consignment_id",
    "dispatch_stop": "consignment_id",
    "dispatch_attempt": "consignment_id",
    "dispatch_proof": "consignment_id",
    "dispatch_advice": "consignment_id",
    "dispatch_weighing": "consignment_id",
    "finance_transfer": "consignment_id",
}


def story(cast: Cast, cns: Sequence[str], runs: Sequence[int]) -> dict[str, Any]:
    """Everything that the tables say of these parcels and runs, without what is each telling's own."""
    with acting(cast.actor("adeel")):
        ids = [row for cn in cns for (row,) in _rows("SELECT id FROM consignments_consignment WHERE cn = %s", cn)]
        places = {row: place for place, row in enumerate(ids)}
        found: dict[str, Any] = {}
        for table, column in _TOLD.items():
            rows = _rows(f"SELECT to_jsonb(t), {column} FROM {table} t WHERE {column} = ANY(%s) ORDER BY id", ids)
            found[table] = sorted(((places[row], _bare(body)) for body, row in rows), key=lambda one: one[0])
        told = "SELECT to_jsonb(f), subject_id FROM ground_fact f WHERE subject_id = ANY(%s) AND shipper_id IS"
        parcels = [
            (_bare(body), places[row]) for body, row in _rows(f"{told} NOT NULL AND kind !~ '^pickup' ORDER BY at", ids)
        ]
        of_runs = [(_bare(body), -1) for body, _row in _rows(f"{told} NULL AND kind ~ '^(run|cash)'", list(runs))]
        found["facts"] = sorted(repr(one) for one in parcels + of_runs)
        of = "r.id = ANY(%s) ORDER BY r.id"
        found["runs"] = [
            _bare(body) for (body,) in _rows(f"SELECT to_jsonb(r) FROM dispatch_run r WHERE {of}", list(runs))
        ]
        reports = "SELECT to_jsonb(p) FROM dispatch_report p JOIN dispatch_stop s ON s.id = p.stop_id"
        found["reports"] = [
            _bare(body) for (body,) in _rows(f"{reports} WHERE s.run_id = ANY(%s) ORDER BY s.seq", list(runs))
        ]
        closes = "SELECT to_jsonb(c) FROM finance_cashclose c WHERE run_id = ANY(%s)"
        found["closes"] = [_bare(body) for (body,) in _rows(closes, list(runs))]
    return found


def _bare(body: Any) -> Any:
    row = msgspec.json.decode(body) if isinstance(body, str) else body
    kept = {name: value for name, value in row.items() if name not in _OWN}
    if isinstance(kept.get("data"), dict):
        kept["data"] = _bare(kept["data"])
    return sorted(kept.items())


def test_written_down_at_once_it_is_the_same_story(cast: Cast) -> None:
    lived, told = ([one.cn for one in enter(cast, 6)] for _ in range(2))
    one_by_one(cast, lived)
    as_one_past(cast, told)
    (first,), (second,) = _of_adeel(cast, "SELECT id FROM dispatch_run ORDER BY id")
    before, after = story(cast, lived, [first]), story(cast, told, [second])
    for table in before:
        assert after[table] == before[table], table
    assert len(after["consignments_event"]) == 6 * 5 + 5 + 5 + 2  # booked to out; reports; hand-backs; advice; return
    assert len(after["facts"]) > 40


def _of_adeel(cast: Cast, statement: str) -> list[tuple[Any, ...]]:
    with acting(cast.actor("adeel")):
        return _rows(statement)


def test_nobody_is_told_of_the_past_and_its_runs_have_numbers_of_their_day(cast: Cast) -> None:
    cns = [one.cn for one in enter(cast, 6)]
    told = _of_adeel(cast, "SELECT count(*) FROM ground_outbox")
    as_one_past(cast, cns)
    assert _of_adeel(cast, "SELECT count(*) FROM ground_outbox") == told
    assert _of_adeel(cast, "SELECT number FROM dispatch_run") == [("DRS-261120-0001",)]
    dawood = cast.actor("dawood")
    with acting(dawood):
        opened = actions.open_run(dawood, cast.people["imran"], source_event_id=event_id("run"), now=hours(1))
    assert opened.number == "DRS-261120-0002"


def test_a_later_telling_goes_on_where_the_earlier_one_ended(cast: Cast) -> None:
    cns = [one.cn for one in enter(cast, 6)]
    as_one_past(cast, cns)
    bilal, dawood = cast.actor("bilal"), cast.actor("dawood")
    tomorrow = {"at": hours(23.5), "left_at": hours(24), "back_at": hours(29), "closed_at": hours(30)}
    visits = [Visit(cn=cns[3], outcome=_later(failed("RFD"))), Visit(cn=cns[4], outcome=_later(delivery()))]
    record(
        cast,
        [
            run_of(cast, visits, **tomorrow, short_paisa=5_000, approved_by=cast.people["adeel"]),
            Advised(by=bilal, at=hours(31), order=order(cns[3], "return")),
            Answered(by=dawood, at=hours(45), cn=cns[3], decision="accept"),
        ],
    )
    states = _of_adeel(cast, f"SELECT state, decided FROM dispatch_advice WHERE cn = '{cns[3]}' ORDER BY id")
    assert states == [("accepted", ""), ("accepted", "")]
    assert _of_adeel(cast, f"SELECT n, reason FROM dispatch_attempt WHERE cn = '{cns[3]}' ORDER BY n") == [
        (1, "CNA"),
        (2, "RFD"),
    ]
    parcels = dict(_of_adeel(cast, "SELECT cn, status || ' ' || cod_state FROM consignments_consignment"))
    assert parcels[cns[3]] == "return_confirmed expected"
    assert parcels[cns[4]] == "delivered deposited"
    short = _of_adeel(cast, "SELECT amount_paisa FROM finance_transfer WHERE debit ~ '^cash_short'")
    assert short == [(5_000,)]
    with acting(bilal):
        assert money.cod_in_process(bilal) == 150_000  # the one that nobody told of


def _later(report: _Report) -> _Report:
    return msgspec.structs.replace(report, device_at=report.device_at + timedelta(hours=20))


def test_one_picture_of_many_visits_is_kept_once(cast: Cast) -> None:
    cns = [one.cn for one in enter(cast, 3)]
    visits = [Visit(cn=cn, outcome=delivery(photos=(PHOTO,), signature=SIGNED)) for cn in cns]
    record(cast, [*on_the_way(cast, cns), run_of(cast, visits)])
    kept = _of_adeel(cast, "SELECT DISTINCT photo_keys::text, signature_key FROM dispatch_proof")
    assert len(kept) == 1


def wrong_station(cast: Cast, cns: list[str]) -> list[Deed]:
    return [Arrival(by=cast.actor("dawood"), at=hours(1), cn=cns[0])]


def too_early(cast: Cast, cns: list[str]) -> list[Deed]:
    return [*on_the_way(cast, cns), Step(by=cast.actor("dawood"), at=hours(2), cn=cns[0], to=Status.LOST)]


def not_yet(cast: Cast, cns: list[str]) -> list[Deed]:
    return [*on_the_way(cast, cns), Step(by=cast.actor("dawood"), at=hours(49), cn=cns[0], to=Status.LOST)]


def against_the_table(cast: Cast, cns: list[str]) -> list[Deed]:
    return [*on_the_way(cast, cns), Step(by=cast.actor("dawood"), at=hours(4), cn=cns[0], to=Status.CLAIM_SETTLED)]


def not_here_yet(cast: Cast, cns: list[str]) -> list[Deed]:
    return [run_of(cast, [Visit(cn=cns[0], outcome=delivery())])]


def another_amount(cast: Cast, cns: list[str]) -> list[Deed]:
    return [*on_the_way(cast, cns), run_of(cast, [Visit(cn=cns[0], outcome=delivery(collected_paisa=149_900))])]


def without_proof(cast: Cast, cns: list[str]) -> list[Deed]:
    return [*on_the_way(cast, cns), run_of(cast, [Visit(cn=cns[0], outcome=failed("CA", photos=()))])]


def while_not_out(cast: Cast, cns: list[str]) -> list[Deed]:
    visit = Visit(cn=cns[0], outcome=delivery(), received_at=hours(9.5))
    return [*on_the_way(cast, cns), run_of(cast, [visit])]


def another_stations_rider(cast: Cast, cns: list[str]) -> list[Deed]:
    return [*on_the_way(cast, cns), run_of(cast, [Visit(cn=cns[0])], by=cast.actor("sadia"))]


def nothing_asked(cast: Cast, cns: list[str]) -> list[Deed]:
    return [*on_the_way(cast, cns), Advised(by=cast.actor("bilal"), at=hours(4), order=order(cns[0], "return"))]


def advised_by_another(cast: Cast, cns: list[str]) -> list[Deed]:
    said = Advised(by=cast.actor("zara"), at=hours(11), order=order(cns[0], "return"))
    return [*on_the_way(cast, cns), run_of(cast, [Visit(cn=cns[0], outcome=failed("RFD"))]), said]


def advised_badly(cast: Cast, cns: list[str]) -> list[Deed]:
    said = Advised(by=cast.actor("bilal"), at=hours(11), order=order(cns[0], "reattempt", on_date=date(2026, 11, 22)))
    return [*on_the_way(cast, cns), run_of(cast, [Visit(cn=cns[0], outcome=failed("RFD"))]), said]


def by_a_viewer(cast: Cast, cns: list[str]) -> list[Deed]:
    return [Arrival(by=cast.actor("imran"), at=hours(1), cn=cns[0])]


def by_nobody_posted(cast: Cast, cns: list[str]) -> list[Deed]:
    return [Arrival(by=cast.actor("adeel"), at=hours(1), cn=cns[0])]


def unknown(cast: Cast, cns: list[str]) -> list[Deed]:
    return [*on_the_way(cast, cns), Departure(by=cast.actor("sadia"), at=hours(2), cn="IC000000000")]


REFUSED: list[tuple[Callable[[Cast, list[str]], list[Deed]], type[Exception]]] = [
    (wrong_station, PastRefused),
    (too_early, OutOfTime),
    (not_yet, OutOfTime),
    (against_the_table, MoveRefused),
    (not_here_yet, PastRefused),
    (another_amount, OutcomeRefused),
    (without_proof, OutcomeRefused),
    (while_not_out, PastRefused),
    (another_stations_rider, PastRefused),
    (nothing_asked, PastRefused),
    (advised_by_another, PastRefused),
    (advised_badly, AdviceRefused),
    (by_a_viewer, Forbidden),
    (by_nobody_posted, NotPosted),
    (unknown, NotFound),
]


@pytest.mark.parametrize(("deeds", "refusal"), REFUSED, ids=lambda one: one.__name__)
def test_what_the_single_action_would_refuse_is_refused_and_nothing_is_written(
    cast: Cast, deeds: Callable[[Cast, list[str]], list[Deed]], refusal: type[Exception]
) -> None:
    cns = [one.cn for one in enter(cast, 2)]
    before = everything(cast)
    with pytest.raises(refusal):
        record(cast, deeds(cast, cns))
    assert everything(cast) == before


def test_only_who_approves_writes_the_past(cast: Cast) -> None:
    cns = [one.cn for one in enter(cast, 2)]
    before = everything(cast)
    for who in ("dawood", "sadia", "imran", "bilal"):
        actor = cast.actor(who)
        with pytest.raises(Forbidden), acting(actor):
            actions.record_past(actor, on_the_way(cast, cns), now=LATER)
    assert everything(cast) == before
