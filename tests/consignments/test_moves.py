"""Every pair of statuses on the database: through the one writer of status, and against the trigger underneath it."""

import itertools
import random
from datetime import timedelta

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from icargos.consignments import actions
from icargos.consignments.actions import Move, MoveRefused
from icargos.consignments.models import Consignment, Correction, Event, LegalMove
from icargos.consignments.queries import tally
from icargos.consignments.rules import CUSTODY, MOVES, Status, may_move
from icargos.ground.models import Fact
from icargos.ground.tenancy import acting
from icargos.kit.actor import Actor, Kind
from icargos.kit.errors import Forbidden, NotFound
from icargos.main.jobs import sum_tallies
from tests.cast import NOW, Cast
from tests.parcels import enter

PAIRS = list(itertools.product(Status, Status))


def scan(cn: str, to: Status, number: int = 1, **more: object) -> Move:
    return Move(cn=cn, to=to, source="scan", source_event_id=f"{cn}:{number}", occurred_at=NOW, **more)  # type: ignore[arg-type]


def put(owner: psycopg.Connection[tuple[object, ...]], cn: str, status: Status) -> None:
    """Set the scene past every guard, as nobody but a superuser's hand could."""
    owner.execute("ALTER TABLE consignments_consignment DISABLE TRIGGER USER")
    owner.execute("UPDATE consignments_consignment SET status = %s WHERE cn = %s", [status.value, cn])
    owner.execute("ALTER TABLE consignments_consignment ENABLE TRIGGER USER")


def place_one_in_each(cast: Cast, owner_url: str) -> dict[Status, str]:
    """Twenty-six parcels of shipper A, one in each status."""
    entered = enter(cast, len(Status))
    found = dict(zip(Status, (e.cn for e in entered), strict=True))
    with psycopg.connect(owner_url, autocommit=True) as owner:
        for status, cn in found.items():
            put(owner, cn, status)
    return found


def statuses() -> dict[str, str]:
    return dict(Consignment.objects.values_list("cn", "status"))


def test_the_databases_table_is_the_one_in_code(cast: Cast) -> None:
    with acting(cast.actor("dawood")):
        kept = set(LegalMove.objects.values_list("was", "becomes"))
    assert kept == {(was.value, becomes.value) for was, targets in MOVES.items() for becomes in targets}
    assert len(kept) == sum(map(len, MOVES.values())) > 100


def test_all_pairs_of_statuses_through_the_one_writer(cast: Cast, owner_url: str) -> None:
    cns = place_one_in_each(cast, owner_url)
    before = {cn: status.value for status, cn in cns.items()}
    dawood = cast.actor("dawood")
    accepted = set()
    for was, becomes in PAIRS:
        move = scan(cns[was], becomes)
        with transaction.atomic():
            with acting(dawood):
                if may_move(was, becomes):
                    (done,) = actions.move(dawood, [move], now=NOW)
                    accepted.add((was, becomes))
                    assert (done.was, done.becomes, done.replayed) == (was.value, becomes.value, False)
                    assert statuses() == {**before, move.cn: becomes.value}
                    assert Consignment.objects.get(cn=move.cn).custody == CUSTODY[becomes].value
                else:
                    with pytest.raises(MoveRefused) as refused, transaction.atomic():
                        actions.move(dawood, [move], now=NOW)
                    assert refused.value.http_status == 409
                    assert refused.value.details == {"cn": move.cn, "was": was.value, "becomes": becomes.value}
                    assert statuses() == before
                    assert not Event.objects.filter(source="scan").exists()
            transaction.set_rollback(True)
    assert len(accepted) == sum(map(len, MOVES.values()))


def test_all_pairs_of_statuses_against_the_trigger(cast: Cast, owner_url: str) -> None:
    cns = place_one_in_each(cast, owner_url)
    change = "UPDATE consignments_consignment SET status = %s WHERE cn = %s"
    for was, becomes in PAIRS:
        with transaction.atomic():
            with acting(cast.actor("dawood")), connection.cursor() as cursor:
                if may_move(was, becomes):
                    cursor.execute(change, [becomes.value, cns[was]])
                    assert statuses()[cns[was]] == becomes.value
                else:
                    told = f"illegal move of {cns[was]} from {was} to {becomes}"
                    with pytest.raises(IntegrityError, match=told), transaction.atomic():
                        cursor.execute(change, [becomes.value, cns[was]])
                    assert statuses()[cns[was]] == was.value
            transaction.set_rollback(True)


def test_a_parcel_is_entered_as_new_booked_and_as_nothing_else(cast: Cast) -> None:
    enter(cast)
    columns = "shipper_id, status, " + ", ".join(
        str(f.column) for f in Consignment._meta.fields if f.column not in {"id", "shipper_id", "status", "cn"}
    ).replace("tracking_token", "'t'").replace("label_token", "'l'")
    names = columns.replace("'t'", "tracking_token").replace("'l'", "label_token")
    copied = columns.replace("status,", "'delivered',", 1)
    with acting(cast.actor("bilal")), connection.cursor() as cursor:
        with pytest.raises(IntegrityError, match="booked as new_booked"), transaction.atomic():
            cursor.execute(
                f"INSERT INTO consignments_consignment (cn, {names})"
                f" SELECT 'IC000000005', {copied} FROM consignments_consignment"
            )
        assert set(statuses().values()) == {"new_booked"}


def test_a_correction_lets_an_illegal_move_through_in_its_own_transaction_only(cast: Cast) -> None:
    (parcel,) = enter(cast)
    adeel, dawood = cast.actor("adeel"), cast.actor("dawood")
    move = scan(parcel.cn, Status.RETURNED_TO_SHIPPER)
    with pytest.raises(MoveRefused), acting(adeel):
        actions.move(adeel, [move], now=NOW)
    with pytest.raises(Forbidden), acting(dawood):
        actions.correct(dawood, move, why="looks wrong", now=NOW)
    with acting(adeel):
        assert statuses() == {parcel.cn: "new_booked"}
        assert actions.correct(adeel, move, why="handed back at the counter", now=NOW).becomes == "returned_to_shipper"
        (kept,) = Correction.objects.values_list("was", "becomes", "actor_id", "reason")
        assert kept == ("new_booked", "returned_to_shipper", cast.people["adeel"], "handed back at the counter")
        told = Fact.objects.get(kind="consignment.moved")
        assert (told.data["corrected"], told.shipper_id) == (True, cast.shipper_a)
    with acting(adeel):
        assert actions.correct(adeel, move, why="again", now=NOW).replayed
        assert Correction.objects.count() == 1

    # The old correction's row is there, but it opens nothing any more: neither its own move nor another.
    with acting(adeel):
        actions.correct(adeel, scan(parcel.cn, Status.NEW_BOOKED, 2), why="a mistake", now=NOW)
    with acting(adeel), connection.cursor() as cursor:
        for wanted in ("returned_to_shipper", "delivered"):
            with pytest.raises(IntegrityError, match="illegal move"), transaction.atomic():
                cursor.execute("UPDATE consignments_consignment SET status = %s WHERE cn = %s", [wanted, parcel.cn])
        assert statuses() == {parcel.cn: "new_booked"}


def test_a_correction_of_one_parcel_opens_no_other(cast: Cast) -> None:
    first, second = enter(cast, 2)
    adeel = cast.actor("adeel")
    with acting(adeel), connection.cursor() as cursor:
        actions.correct(adeel, scan(first.cn, Status.DELIVERED), why="signed paper found", now=NOW)
        with pytest.raises(IntegrityError, match="illegal move"), transaction.atomic():
            cursor.execute("UPDATE consignments_consignment SET status = 'delivered' WHERE cn = %s", [second.cn])
        assert statuses() == {first.cn: "delivered", second.cn: "new_booked"}


def test_a_shipper_writes_no_correction(cast: Cast) -> None:
    (parcel,) = enter(cast)
    ayesha = cast.actor("ayesha")
    forger = Actor(Kind.SHIPPER, user_id=1, shipper_id=cast.shipper_a, can=ayesha.can | {"approve"})
    with pytest.raises(ProgrammingError, match="permission denied"), acting(forger):
        actions.correct(forger, scan(parcel.cn, Status.DELIVERED), why="mine", now=NOW)
    with acting(ayesha):
        assert statuses() == {parcel.cn: "new_booked"}


def test_a_replayed_scan_changes_nothing(cast: Cast) -> None:
    (parcel,) = enter(cast)
    dawood = cast.actor("dawood")
    first, second = scan(parcel.cn, Status.PICKED_UP), scan(parcel.cn, Status.RECEIVED_AT_OFFICE, 2)
    for number in range(2):
        with acting(dawood):
            done = actions.move(dawood, [first], now=NOW + timedelta(minutes=number))
        assert done[0].replayed is bool(number)
    with acting(dawood):
        actions.move(dawood, [second], now=NOW)
        done = actions.move(dawood, [first, second], now=NOW)
        assert [d.replayed for d in done] == [True, True]
        assert statuses() == {parcel.cn: "received_at_office"}
        assert Event.objects.count() == 3
        assert Fact.objects.filter(kind="consignment.moved").count() == 2


def test_several_scans_of_one_parcel_in_one_batch_are_taken_in_order(cast: Cast) -> None:
    first, second = enter(cast, 2)
    dawood = cast.actor("dawood")
    batch = [
        scan(first.cn, Status.PICKED_UP, 1),
        scan(second.cn, Status.PICKED_UP, 1),
        scan(first.cn, Status.RECEIVED_AT_OFFICE, 2),
        scan(first.cn, Status.PICKED_UP, 1),
        scan(first.cn, Status.IN_TRANSIT, 3),
    ]
    with acting(dawood):
        done = actions.move(dawood, batch, now=NOW)
        assert [d.replayed for d in done] == [False, False, False, True, False]
        assert statuses() == {first.cn: "in_transit", second.cn: "picked_up"}
        found = list(Event.objects.filter(consignment_id=first.id).order_by("id").values_list("code", flat=True))
        assert found == ["new_booked", "picked_up", "received_at_office", "in_transit"]


def test_one_refused_move_undoes_the_whole_batch(cast: Cast) -> None:
    first, second = enter(cast, 2)
    dawood = cast.actor("dawood")
    with pytest.raises(MoveRefused) as refused, acting(dawood):
        actions.move(dawood, [scan(first.cn, Status.PICKED_UP), scan(second.cn, Status.DELIVERED)], now=NOW)
    assert second.cn in refused.value.message
    with acting(dawood):
        assert set(statuses().values()) == {"new_booked"}
        assert Event.objects.count() == 2


def test_a_shipper_moves_no_parcel_of_another(cast: Cast) -> None:
    (theirs,) = enter(cast, whose="B")
    bilal = cast.actor("bilal")
    for cn in (theirs.cn, "IC000000005"):
        with pytest.raises(NotFound), acting(bilal):
            actions.move(bilal, [scan(cn, Status.CANCELLED)], now=NOW)
    with acting(cast.actor("zara")):
        assert statuses() == {theirs.cn: "new_booked"}


@pytest.mark.parametrize("change", ["UPDATE consignments_event SET code = 'lost'", "DELETE FROM consignments_event"])
def test_events_are_never_changed(cast: Cast, change: str) -> None:
    enter(cast)
    for who in ("bilal", "dawood"):
        with acting(cast.actor(who)):
            with pytest.raises((ProgrammingError, IntegrityError)), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(change)
            assert list(Event.objects.values_list("code", flat=True)) == ["new_booked"]


def counted() -> dict[Status, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status, count(*) FROM consignments_consignment GROUP BY 1")
        return {Status(status): n for status, n in cursor.fetchall()}


@pytest.mark.parametrize("seed", range(4))
def test_the_counters_equal_the_count_after_any_sequence(cast: Cast, seed: int) -> None:
    draw = random.Random(seed)
    cns = [e.cn for e in enter(cast, 12)] + [e.cn for e in enter(cast, 5, now=NOW - timedelta(days=2))]
    enter(cast, 3, whose="B")
    dawood, adeel, bilal = (cast.actor(who) for who in ("dawood", "adeel", "bilal"))
    number = 0
    for step in range(14):
        with acting(dawood):
            held = {cn: Status(s) for cn, s in Consignment.objects.values_list("cn", "status")}
            batch = []
            for cn in draw.sample(cns, draw.randint(1, 6)):
                if targets := sorted(MOVES[held[cn]]):
                    number += 1
                    batch.append(scan(cn, draw.choice(targets), number))
            actions.move(dawood, batch, now=NOW)
        if draw.random() < 0.3:
            number += 1
            with acting(adeel):
                actions.correct(adeel, scan(draw.choice(cns), draw.choice(list(Status)), number), why="drawn", now=NOW)
        if draw.random() < 0.3:
            doomed = scan(draw.choice(cns), Status.LOST, 10_000 + step)
            with pytest.raises(RuntimeError), acting(adeel):
                actions.correct(adeel, doomed, why="undone", now=NOW)
                raise RuntimeError
        if draw.random() < 0.3:
            sum_tallies(0)
    with acting(bilal):
        assert tally(bilal) == counted()
        assert sum(tally(bilal).values()) == 17
        day = (NOW - timedelta(days=2)).date()
        assert sum(tally(bilal, until=day).values()) == 5
    sum_tallies(0)
    with acting(bilal):
        assert tally(bilal) == counted()
    with acting(cast.actor("zara")):
        assert tally(cast.actor("zara")) == {Status.NEW_BOOKED: 3}
