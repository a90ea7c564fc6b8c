"""What riders report: docs/subsystems/runs.md."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from icargos.consignments.models import Consignment, Event
from icargos.dispatch import queries
from icargos.dispatch.actions import OutcomeRefused
from icargos.dispatch.models import Advice, Attempt, Proof, Stop
from icargos.ground.models import Fact
from icargos.ground.tenancy import acting
from icargos.kit import errors
from icargos.kit.errors import Forbidden, NotFound
from tests.cast import NOW, Cast
from tests.dispatch.scene import (
    cod_state,
    deliver,
    delivery,
    everything,
    fail,
    failure,
    file,
    hand_back,
    hours,
    out,
    pending_cod,
    picture,
    run_of,
    signature,
    skip,
    status_of,
    stop_of,
)


def problems(refused: pytest.ExceptionInfo[OutcomeRefused]) -> list[tuple[str, str]]:
    return [(p.field, p.code) for p in refused.value.problems]


def test_a_delivery_is_proven_and_its_cash_is_posted_in_one_transaction(cast: Cast) -> None:
    _run, (cn,) = out(cast, proof="signature")
    report = delivery(cast, cn, signature=file(signature()), photos=(file(picture()),))
    answer = deliver(cast, report)
    assert (answer.fate, answer.status, answer.replayed) == ("apply", "delivered", False)
    assert status_of(cast, cn) == ("delivered", "consignee")
    assert (cod_state(cast, cn), pending_cod(cast)) == ("collected", 150_000)
    bilal = cast.actor("bilal")
    with acting(bilal):
        stop = stop_of(cast, cn)
        proof = queries.proof(bilal, stop.consignment_id)
        assert proof is not None
        assert (proof.receiver_name, proof.relation, proof.cod_collected_paisa, proof.method) == (
            "Sana Malik", "self", 150_000, "cash",
        )  # fmt: skip
        assert (proof.lat, proof.rider, proof.signed, proof.pictures) == (
            30.2,
            "Imran Ali",
            True,
            ["photo-0", "signature"],
        )
        (event,) = Event.objects.filter(code="delivered")
        assert (event.lat, event.lng, event.accuracy_m, event.device, event.source) == (
            30.2,
            71.45,
            12.0,
            "phone-1",
            "rider",
        )
        (fact,) = Fact.objects.filter(kind="proof.taken")
        assert fact.data == {"cn": cn, "cod_paisa": 150_000, "method": "cash", "sha256": proof.sha256}
    with acting(cast.actor("imran")):
        assert Stop.objects.get(id=stop.id).state == "delivered"


def test_a_prepaid_parcel_is_delivered_without_cash(cast: Cast) -> None:
    _run, (cn,) = out(cast, cod_paisa=0)
    deliver(cast, delivery(cast, cn, collected_paisa=0))
    assert (status_of(cast, cn)[0], cod_state(cast, cn), pending_cod(cast)) == ("delivered", "none", 0)


@pytest.mark.parametrize(("cod", "taken"), [(150_000, 140_000), (150_000, 150_100), (150_000, 0), (0, 100)])
def test_an_amount_that_is_not_the_cod_is_refused(cast: Cast, cod: int, taken: int) -> None:
    _run, (cn,) = out(cast, cod_paisa=cod)
    report = delivery(cast, cn, collected_paisa=taken)
    before = everything(cast)
    with pytest.raises(OutcomeRefused) as refused:
        deliver(cast, report)
    assert problems(refused) == [("cod", "AMOUNT_DIFFERS")]
    assert ("Collect exactly the COD" if cod else "prepaid") in str(refused.value)
    assert everything(cast) == before


@pytest.mark.parametrize(
    ("proof", "given", "missing"),
    [
        ("signature", {}, [("signature", "PROOF_MISSING")]),
        ("photo", {}, [("photo", "PROOF_MISSING")]),
        ("code", {}, [("photo", "PROOF_MISSING"), ("no_code_reason", "PROOF_MISSING")]),
        ("none", {"receiver": " ", "relation": "friend"}, [("receiver", "REQUIRED"), ("relation", "REQUIRED")]),
        ("none", {"method": "cheque"}, [("method", "RANGE")]),
        ("none", {"lat": 130.0}, [("position", "RANGE")]),
        ("none", {"lat": float("nan")}, [("position", "RANGE")]),
    ],
)
def test_delivered_is_refused_without_the_proof_that_the_shipper_asks_for(
    cast: Cast, proof: str, given: dict[str, Any], missing: list[tuple[str, str]]
) -> None:
    _run, (cn,) = out(cast, proof=proof)
    report = delivery(cast, cn, **given)
    before = everything(cast)
    with pytest.raises(OutcomeRefused) as refused:
        deliver(cast, report)
    assert problems(refused) == missing
    assert everything(cast) == before


@pytest.mark.parametrize("proof", ["photo", "code"])
def test_the_proof_asked_for_is_enough(cast: Cast, proof: str) -> None:
    _run, (cn,) = out(cast, proof=proof)
    reason = "Her phone was off" if proof == "code" else ""
    deliver(cast, delivery(cast, cn, photos=(file(picture()),), no_code_reason=reason))
    assert status_of(cast, cn)[0] == "delivered"


def test_another_riders_stop_is_not_found_and_stays_as_it_was(cast: Cast) -> None:
    _run, (cn,) = out(cast)
    done, tried = delivery(cast, cn), failure(cast, cn)
    before = everything(cast)
    with pytest.raises(NotFound, match="not on your run sheet"):
        deliver(cast, done, who="asif")
    with pytest.raises(NotFound, match="not on your run sheet"):
        fail(cast, tried, who="asif")
    with pytest.raises(NotFound, match="not on your run sheet"):
        deliver(cast, delivery(cast, cn, stop_id=999_999))
    for who in ("dawood", "bilal"):
        with pytest.raises(Forbidden):
            deliver(cast, done, who=who)
    assert everything(cast) == before
    asif = cast.actor("asif")
    with acting(asif):
        assert queries.stops(asif) == []
        with pytest.raises(NotFound):
            queries.stop(asif, done.stop_id)


def test_a_run_that_has_not_left_has_no_outcomes(cast: Cast) -> None:
    from tests.dispatch.scene import brought

    (one,) = brought(cast)
    run_of(cast, [one.cn], leave=False)
    report = delivery(cast, one.cn)
    before = everything(cast)
    with pytest.raises(errors.Conflict, match="has not left"):
        deliver(cast, report)
    assert everything(cast) == before


def test_a_replayed_report_gets_the_same_answer_and_changes_nothing(cast: Cast) -> None:
    _run, (first, second, third) = out(cast, 3)
    done, tried = delivery(cast, first), failure(cast, second)
    deliver(cast, done)
    fail(cast, tried)
    skip(cast, third, source_event_id="skip-once")
    before = everything(cast)
    again = deliver(cast, done, now=hours(5))
    assert (again.fate, again.status, again.replayed) == ("apply", "delivered", True)
    assert fail(cast, tried, now=hours(5)).replayed
    assert skip(cast, third, source_event_id="skip-once").replayed
    assert everything(cast) == before


def test_an_id_used_for_another_report_is_refused(cast: Cast) -> None:
    _run, (first, second) = out(cast, 2)
    done = delivery(cast, first)
    deliver(cast, done)
    other = delivery(cast, second, source_event_id=done.source_event_id)
    before = everything(cast)
    with pytest.raises(errors.Conflict, match="already sent with other contents"):
        deliver(cast, other)
    assert everything(cast) == before


def test_two_riders_phones_may_make_the_same_id(cast: Cast) -> None:
    from tests.dispatch.scene import brought

    one, two = brought(cast, 2)
    run_of(cast, [one.cn])
    run_of(cast, [two.cn], rider="asif")
    deliver(cast, delivery(cast, one.cn, source_event_id="same-id-00"))
    deliver(cast, delivery(cast, two.cn, source_event_id="same-id-00"), who="asif")
    assert {status_of(cast, e.cn)[0] for e in (one, two)} == {"delivered"}


def test_a_second_delivery_of_the_same_stop_is_refused(cast: Cast) -> None:
    _run, (cn,) = out(cast)
    deliver(cast, delivery(cast, cn))
    report = delivery(cast, cn)
    before = everything(cast)
    with pytest.raises(errors.Conflict, match="was reported delivered already"):
        deliver(cast, report)
    assert everything(cast) == before


@pytest.mark.parametrize(
    ("ahead", "sent", "at", "skew"),
    [
        (timedelta(hours=5), False, hours(2), 5 * 3600),  # the phone runs 5 h ahead: not later than we got it
        (timedelta(hours=-9), False, NOW, -7 * 3600),  # 9 h behind: not before the run left
        (timedelta(hours=5), True, hours(1), 5 * 3600),  # the phone's own clock at sending tells its skew
        (timedelta(days=-400_000), True, hours(1), -(2**31) + 1),
    ],
)
def test_a_clock_that_is_wrong_by_hours_is_clamped_and_its_skew_kept(
    cast: Cast, ahead: timedelta, sent: bool, at: object, skew: int
) -> None:
    _run, (cn,) = out(cast)
    told = hours(1 if sent else 2) + ahead
    deliver(cast, delivery(cast, cn, device_at=told, sent_at=hours(2) + ahead if sent else None))
    with acting(cast.actor("adeel")):
        proof = Proof.objects.get(cn=cn)
        assert (proof.device_at, proof.occurred_at, proof.received_at) == (told, at, hours(2))
        assert proof.skew_s == skew
        assert Consignment.objects.get(cn=cn).status_at == at


def test_a_failed_visit_keeps_its_attempt_and_asks_the_shipper(cast: Cast) -> None:
    _run, (cn,) = out(cast)
    fail(cast, failure(cast, cn, "CNA", note="Guard says she is at work"))
    with acting(cast.actor("imran")):
        stop = stop_of(cast, cn)
    bilal = cast.actor("bilal")
    with acting(bilal):
        parcel = Consignment.objects.get(cn=cn)
        assert (parcel.status, parcel.custody, parcel.reason, parcel.attempts) == (
            "delivery_unsuccessful", "rider", "CNA", 1,
        )  # fmt: skip
        (tried,) = queries.attempts(bilal, parcel.id)
        assert (tried.n, tried.reason, tried.counted, tried.rider, tried.calls) == (
            1,
            "CNA",
            True,
            "Imran Ali",
            [35, 20],
        )
        assert (tried.photos, tried.note, tried.advice[0].state) == (
            ["attempt-1-0"],
            "Guard says she is at work",
            "open",
        )
        assert queries.picture(bilal, parcel.id, "attempt-1-0")[:3] == b"\xff\xd8\xff"
        (fact,) = Fact.objects.filter(kind="attempt.failed")
        assert (fact.data["reason"], fact.data["n"], fact.shipper_id) == ("CNA", 1, cast.shipper_a)
    assert (stop.state, stop.outcome) == ("failed", "failed")


def test_a_reason_that_does_not_count_is_no_step_towards_a_return(cast: Cast) -> None:
    _run, (cn,) = out(cast)
    fail(cast, failure(cast, cn, "NSA"))
    with acting(cast.actor("bilal")):
        assert Consignment.objects.get(cn=cn).attempts == 0
        assert Attempt.objects.get(cn=cn).counted is False


@pytest.mark.parametrize(
    ("reason", "given", "code"),
    [
        ("CNR", {"calls": ()}, "PROOF_MISSING"),
        ("CNA", {"lat": None, "lng": None, "calls": ()}, "PROOF_MISSING"),
        ("UL", {}, "PROOF_MISSING"),
        ("RFD", {"calls": ()}, "PROOF_MISSING"),
        ("FDR", {"calls": ()}, "PROOF_MISSING"),
        ("MR", {}, "PROOF_MISSING"),
        ("XYZ", {}, "REQUIRED"),
        ("VB", {}, "RANGE"),
        ("CNY", {"note": "x" * 501}, "RANGE"),
    ],
)
def test_a_failure_without_its_reasons_proof_is_refused(
    cast: Cast, reason: str, given: dict[str, Any], code: str
) -> None:
    _run, (cn,) = out(cast)
    report = failure(cast, cn, reason, **{"photos": (), **given})
    before = everything(cast)
    with pytest.raises(OutcomeRefused) as refused:
        fail(cast, report)
    assert [c for _field, c in problems(refused)] == [code]
    assert everything(cast) == before


@pytest.mark.parametrize(
    ("reason", "given"), [("CNR", {}), ("RFD", {}), ("CNY", {"calls": ()}), ("MR", {"scanned": True})]
)
def test_one_of_a_reasons_proofs_is_enough(cast: Cast, reason: str, given: dict[str, Any]) -> None:
    _run, (cn,) = out(cast)
    assert fail(cast, failure(cast, cn, reason, **{"photos": (), **given})).fate == "apply"


def test_not_attempted_counts_nothing_and_stays_in_the_riders_hands(cast: Cast) -> None:
    run_id, (cn,) = out(cast)
    assert skip(cast, cn).status == "received_at_destination"
    assert status_of(cast, cn) == ("received_at_destination", "rider")
    with acting(cast.actor("bilal")):
        assert Consignment.objects.get(cn=cn).attempts == 0
        assert not Attempt.objects.exists()
        assert not Advice.objects.exists()
    hand_back(cast, run_id, [cn])
    assert status_of(cast, cn) == ("received_at_destination", "destination_station")
    with pytest.raises(OutcomeRefused):
        skip(cast, cn, reason="CNA")


def test_a_rider_may_visit_again_on_the_same_run(cast: Cast) -> None:
    _run, (first, second) = out(cast, 2)
    for cn in (first, second):
        fail(cast, failure(cast, cn))
    assert deliver(cast, delivery(cast, first, device_at=hours(4)), now=hours(4)).fate == "again"
    assert fail(cast, failure(cast, second, "CA", device_at=hours(4)), now=hours(4)).fate == "again"
    assert (status_of(cast, first)[0], cod_state(cast, first)) == ("delivered", "collected")
    with acting(cast.actor("bilal")):
        assert list(Attempt.objects.filter(cn=second).order_by("n").values_list("n", "reason")) == [
            (1, "CNA"),
            (2, "CA"),
        ]
        assert list(Advice.objects.filter(cn=second).order_by("id").values_list("state", flat=True)) == [
            "expired",
            "open",
        ]
        assert list(Advice.objects.filter(cn=first).values_list("state", flat=True)) == ["expired"]


def test_the_rider_sees_his_own_stops_with_what_he_needs(cast: Cast) -> None:
    _run, (cn,) = out(cast, landmark="Blue gate", allow_open=True)
    imran = cast.actor("imran")
    with acting(imran):
        (stop,) = queries.stops(imran)
        (card,) = queries.runs(imran)
        assert queries.stop(imran, stop.id) == stop
        assert queries.run(imran, stop.run_id).stops == [stop]
    assert (stop.cn, stop.consignee_phone, stop.landmark, stop.cod_paisa, stop.allow_open, stop.wish) == (
        cn, "+923331234567", "Blue gate", 150_000, True, None,
    )  # fmt: skip
    assert (card.number, card.stops, card.live) == (stop.run_number, 1, 1)


def test_finance_and_strangers_get_no_picture_and_no_position(cast: Cast) -> None:
    _run, (first, second) = out(cast, 2)
    deliver(cast, delivery(cast, first, photos=(file(picture()),)))
    fail(cast, failure(cast, second))
    farah, zara = cast.actor("farah"), cast.actor("zara")
    ids = [stop_of(cast, cn).consignment_id for cn in (first, second)]
    with acting(farah):
        proof, (tried,) = queries.proof(farah, ids[0]), queries.attempts(farah, ids[1])
        assert proof is not None
        assert (proof.lat, proof.pictures, proof.cod_collected_paisa) == (None, [], 150_000)
        assert (tried.lat, tried.photos) == (None, [])
        with pytest.raises(Forbidden):
            queries.picture(farah, ids[0], "photo-0")
    with acting(zara):
        assert (queries.proof(zara, ids[0]), queries.attempts(zara, ids[1])) == (None, [])
        with pytest.raises(NotFound):
            queries.picture(zara, ids[0], "photo-0")


def test_a_proof_is_never_changed(cast: Cast) -> None:
    from django.db import DatabaseError, transaction

    _run, (cn,) = out(cast)
    deliver(cast, delivery(cast, cn))
    for who in ("imran", "adeel", "bilal"):
        for change in ("UPDATE dispatch_proof SET receiver_name = 'x'", "DELETE FROM dispatch_proof"):
            refused = pytest.raises(DatabaseError)
            with acting(cast.actor(who)), connection.cursor() as cursor, refused, transaction.atomic():
                cursor.execute(change)
    with acting(cast.actor("adeel")):
        assert Proof.objects.get(cn=cn).receiver_name == "Sana Malik"


def test_dispatchs_facts_carry_no_names_phones_or_places(cast: Cast) -> None:
    _run, (first, second) = out(cast, 2)
    deliver(cast, delivery(cast, first, receiver="Canary Receiver"))
    fail(cast, failure(cast, second, note="Canary note"))
    with acting(cast.actor("adeel")):
        told = json.dumps(list(Fact.objects.values_list("kind", "data")))
    assert "proof.taken" in told
    assert "attempt.failed" in told
    assert "Canary" not in told
    assert "71.45" not in told
