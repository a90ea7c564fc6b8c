"""Manifests at their destination, and who may read of them: docs/subsystems/manifests.md."""

import psycopg
import pytest
from django.db import ProgrammingError, transaction

from icargos.consignments import actions as consignments
from icargos.consignments.actions import Move
from icargos.consignments.rules import Status
from icargos.dispatch import actions, queries
from icargos.dispatch.actions import ManifestRefused, Scan
from icargos.dispatch.models import Manifest, ManifestItem
from icargos.ground.models import Fact
from icargos.ground.tenancy import acting
from icargos.kit.errors import Forbidden
from icargos.places import queries as places
from tests.cast import NOW, Cast
from tests.dispatch.scene import (
    at_karachi,
    check_in,
    event_id,
    everything,
    hours,
    manifest_of,
    receive,
    scans,
    status_of,
    van,
)
from tests.dispatch.test_together import at_once
from tests.parcels import city, enter


def states(cast: Cast, number: str) -> dict[str, str]:
    """How each parcel stands on the manifest."""
    with acting(cast.actor("adeel")):
        rows = ManifestItem.objects.filter(manifest__number=number).order_by("seq")
        return dict(rows.values_list("cn", "state"))


def finish(cast: Cast, number: str, *, short: bool = False) -> actions.Arrived:
    dawood = cast.actor("dawood")
    with acting(dawood):
        return actions.finish_manifest(dawood, number, short=short, now=hours(16))


def walk(cast: Cast, cn: str, *way: str) -> None:
    """The parcel takes on these statuses, one after the other."""
    adeel = cast.actor("adeel")
    moves = [
        Move(cn=cn, to=Status(to), source="admin", source_event_id=f"walk-{cn}-{n}", occurred_at=NOW)
        for n, to in enumerate(way)
    ]
    with acting(adeel):
        consignments.move(adeel, moves, now=NOW)


def test_listed_parcels_are_received_and_count_once(cast: Cast) -> None:
    one, two = at_karachi(cast, 2)
    number = manifest_of(cast, [one, two])
    assert check_in(cast, number, [one, one.lower()]) == [("moved", "received"), ("again", "received")]
    assert status_of(cast, one) == ("received_at_destination", "destination_station")
    assert states(cast, number) == {one: "received", two: "listed"}
    with acting(cast.actor("adeel")):
        assert [f.data["station"] for f in Fact.objects.filter(kind="parcel.received").order_by("id")][-1] == "MUX"
    before = everything(cast)
    assert check_in(cast, number, [one]) == [("again", "received")]
    assert everything(cast) == before


def test_a_replayed_scan_changes_nothing(cast: Cast) -> None:
    one, two = at_karachi(cast, 2)
    (strange,) = at_karachi(cast)
    number = manifest_of(cast, [one, two])
    dawood = cast.actor("dawood")
    beeps = [Scan(cn=cn, source_event_id=f"beep-{cn}") for cn in (one, strange)]
    with acting(dawood):
        actions.check_in(dawood, number, beeps, now=hours(15))
    before = everything(cast)
    with acting(dawood):
        again = actions.check_in(dawood, number, beeps, now=hours(17))
    assert [one.scanned.verdict for one in again] == ["again", "again"]
    assert everything(cast) == before


def test_what_belongs_here_and_is_not_listed_is_in_excess_and_received(cast: Cast) -> None:
    (listed,), (strange,) = at_karachi(cast), at_karachi(cast)
    number = manifest_of(cast, [listed])
    dawood = cast.actor("dawood")
    with acting(dawood):
        (checked,) = actions.check_in(dawood, number, scans([strange]), now=hours(15))
    assert (checked.state, checked.scanned.verdict) == ("excess", "moved")
    assert checked.scanned.message == "It is not on the manifest, but it belongs here: keep it."
    assert status_of(cast, strange)[0] == "received_at_destination"
    with acting(dawood):
        card = queries.manifest(dawood, number).card
    assert (card.parcels, card.awaited, card.excess) == (1, 1, 1)


def test_what_goes_elsewhere_is_misrouted_and_goes_on_from_here(cast: Cast) -> None:
    (listed,), (lahore, other) = at_karachi(cast), at_karachi(cast, 2, destination_id=city("Lahore"))
    number = manifest_of(cast, [listed])
    dawood = cast.actor("dawood")
    with acting(dawood):
        first, again, _other = actions.check_in(dawood, number, scans([lahore, lahore, other]), now=hours(15))
    assert (first.state, first.scanned.verdict, again.scanned.verdict) == ("misrouted", "moved", "again")
    assert first.scanned.message == "It goes to LHE. Send it on from here."
    assert status_of(cast, lahore) == ("misrouted", "wrong_station")
    with acting(dawood):
        (onward,) = actions.send(dawood, scans([lahore]), now=hours(17))
        there = next(office.id for office in places.stations(dawood) if office.code == "LHE")
        following = actions.open_manifest(dawood, there, source_event_id=event_id(), now=hours(17))
        (added,) = actions.add_to_manifest(dawood, following, scans([other]), now=hours(17))
        actions.send_manifest(dawood, following, van(hours(18)), now=hours(18))
    assert (onward.status, added.verdict) == ("in_transit", "moved")
    assert status_of(cast, other) == ("in_transit", "line_haul")


def test_a_return_at_a_wrong_station_keeps_its_status_and_is_told_apart(cast: Cast) -> None:
    (cn,) = at_karachi(cast, destination_id=city("Lahore"))
    number = manifest_of(cast, at_karachi(cast))
    walk(cast, cn, "in_transit", "return_confirmed", "return_in_transit")
    assert check_in(cast, number, [cn]) == [("moved", "misrouted")]
    assert status_of(cast, cn) == ("return_in_transit", "wrong_station")


def test_a_listed_parcel_is_there_whatever_became_of_it_on_the_way(cast: Cast) -> None:
    (held, back) = at_karachi(cast, 2)
    number = manifest_of(cast, [held, back])
    walk(cast, held, "on_hold")
    walk(cast, back, "return_confirmed")
    assert check_in(cast, number, [held, back]) == [("moved", "received"), ("moved", "received")]
    assert (status_of(cast, held)[0], status_of(cast, back)[0]) == ("on_hold", "return_confirmed")


def test_a_refused_scan_changes_nothing_and_stops_no_other(cast: Cast) -> None:
    (listed,) = at_karachi(cast)
    (never_in,) = [one.cn for one in enter(cast)]
    number = manifest_of(cast, [listed])
    before = everything(cast)
    assert check_in(cast, number, ["IC473124829", never_in]) == [("refused", ""), ("refused", "")]
    assert everything(cast) == before
    assert check_in(cast, number, [never_in, listed]) == [("refused", ""), ("moved", "received")]


def test_an_arrival_scan_checks_in_what_is_listed_too(cast: Cast) -> None:
    (one,) = at_karachi(cast)
    number = manifest_of(cast, [one])
    assert [a.verdict for a in receive(cast, "dawood", [one], now=hours(15))] == ["moved"]
    assert states(cast, number) == {one: "received"}
    assert check_in(cast, number, [one]) == [("again", "received")]
    assert finish(cast, number).received == 1


def test_what_is_missing_stops_the_end_unless_it_is_short_of_it(cast: Cast) -> None:
    cns = at_karachi(cast, 3)
    (strange,) = at_karachi(cast, whose="B")
    number = manifest_of(cast, cns)
    check_in(cast, number, [*cns[:2], strange])
    before = everything(cast)
    with pytest.raises(ManifestRefused, match=rf"Not found yet \(1\): {cns[2]}"):
        finish(cast, number)
    assert everything(cast) == before
    arrived = finish(cast, number, short=True)
    assert (arrived.received, arrived.short, arrived.excess, arrived.misrouted) == (2, 1, 1, 0)
    assert states(cast, number)[cns[2]] == "short"
    assert status_of(cast, cns[2])[0] == "in_transit"
    with acting(cast.actor("adeel")):
        told = {
            f.shipper_id: (f.data["received"], f.data["short"], f.data["excess"])
            for f in Fact.objects.filter(kind="manifest.arrived")
        }
    assert told == {None: (2, 1, 1), cast.shipper_a: (2, 1, 0), cast.shipper_b: (0, 0, 1)}
    before = everything(cast)
    assert finish(cast, number) == arrived
    with pytest.raises(ManifestRefused, match="is checked in"):
        check_in(cast, number, [cns[2]])
    assert everything(cast) == before


def test_what_came_short_goes_on_the_next_manifest_and_is_found_by_an_arrival_scan(cast: Cast) -> None:
    left_behind, late = at_karachi(cast, 2)
    number = manifest_of(cast, [left_behind, late])
    finish(cast, number, short=True)
    assert [a.verdict for a in receive(cast, "dawood", [late], now=hours(17))] == ["moved"]
    following = manifest_of(cast, [left_behind], now=hours(20))
    assert check_in(cast, following, [left_behind], now=hours(36)) == [("moved", "received")]
    assert states(cast, number) == {left_behind: "short", late: "short"}


def test_what_lies_in_another_manifests_bags_is_short_there(cast: Cast) -> None:
    one, two, three = at_karachi(cast, 3)
    first, second = manifest_of(cast, [one]), manifest_of(cast, [two])
    third = manifest_of(cast, [three], leave=False)
    assert check_in(cast, first, [two, three]) == [("moved", "excess"), ("moved", "excess")]
    assert states(cast, second) == {two: "short"}
    assert states(cast, third) == {}


def test_only_who_scans_checks_in(cast: Cast) -> None:
    (cn,) = at_karachi(cast)
    number = manifest_of(cast, [cn])
    before = everything(cast)
    for who in ("imran", "bilal"):
        actor = cast.actor(who)
        with pytest.raises(Forbidden), acting(actor):
            actions.check_in(actor, number, scans([cn]), now=hours(15))
        with pytest.raises(Forbidden), acting(actor):
            actions.finish_manifest(actor, number, now=hours(15))
    assert everything(cast) == before


def test_two_desks_scan_one_parcel_onto_two_manifests_and_one_gets_it(cast: Cast) -> None:
    cns = at_karachi(cast, 6)
    numbers = [manifest_of(cast, [], leave=False), manifest_of(cast, [], leave=False)]
    sadia = cast.actor("sadia")

    def add(number: str, order: list[str]) -> object:
        with acting(sadia):
            return actions.add_to_manifest(sadia, number, scans(order), now=NOW)

    results = at_once([lambda: add(numbers[0], cns), lambda: add(numbers[1], cns[::-1])])
    moved = [{a.cn for a in answers if a.verdict == "moved"} for answers in results]  # type: ignore[attr-defined]
    assert sorted(moved[0] | moved[1]) == sorted(cns)
    assert not moved[0] & moved[1]


def test_it_leaves_once_however_many_send_it(cast: Cast) -> None:
    cns = at_karachi(cast, 3)
    number = manifest_of(cast, cns, leave=False)
    sadia = cast.actor("sadia")

    def leave() -> object:
        with acting(sadia):
            actions.send_manifest(sadia, number, van(), now=NOW)
        return "left"

    assert at_once([leave] * 3) == ["left"] * 3
    with acting(cast.actor("adeel")):
        assert Fact.objects.filter(kind="manifest.departed").count() == 1
        assert Fact.objects.filter(kind="consignment.moved", data__becomes="in_transit").count() == 3


def test_a_shipper_reads_of_a_manifest_what_its_own_parcel_opens(cast: Cast) -> None:
    (mine,), (theirs,) = at_karachi(cast), at_karachi(cast, whose="B")
    number = manifest_of(cast, [mine, theirs], leave=False)
    with acting(cast.actor("adeel")):
        ids = dict(ManifestItem.objects.values_list("cn", "consignment_id"))
    bilal, zara = cast.actor("bilal"), cast.actor("zara")
    with acting(bilal):
        assert queries.travels(bilal, ids[mine]) == []
        assert list(Manifest.objects.values_list("number", flat=True)) == []
    sadia = cast.actor("sadia")
    with acting(sadia):
        actions.send_manifest(sadia, number, van(), now=NOW)
    alone = manifest_of(cast, at_karachi(cast, whose="B"))
    with acting(bilal):
        (travel,) = queries.travels(bilal, ids[mine])
        assert queries.travels(bilal, ids[theirs]) == []
        assert list(Manifest.objects.values_list("number", flat=True)) == [number]
        assert list(ManifestItem.objects.values_list("cn", flat=True)) == [mine]
        for column in ("driver", "seal", "bags", "departed_by", "arrived_by"):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                list(Manifest.objects.values_list(column, flat=True))
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            ManifestItem.objects.update(state="short")
    assert (travel.number, travel.origin, travel.destination, travel.vehicle) == (
        number,
        "Karachi",
        "Multan",
        "JX-4471",
    )
    assert (travel.expected_at, travel.departed_at, travel.state) == (hours(14), NOW, "listed")
    with acting(zara):
        assert sorted(Manifest.objects.values_list("number", flat=True)) == [number, alone]


def test_the_query_asks_for_the_own_rows_without_row_security_too(cast: Cast, owner_url: str) -> None:
    (theirs,) = at_karachi(cast, whose="B")
    manifest_of(cast, [theirs])
    with psycopg.connect(owner_url, autocommit=True) as owner:
        for table in ("dispatch_manifest", "dispatch_manifestitem", "consignments_consignment"):
            owner.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    with acting(cast.actor("adeel")):
        parcel = ManifestItem.objects.get(cn=theirs).consignment_id
    bilal, zara = cast.actor("bilal"), cast.actor("zara")
    with acting(bilal):
        assert queries.travels(bilal, parcel) == []
    with acting(zara):
        assert len(queries.travels(zara, parcel)) == 1
