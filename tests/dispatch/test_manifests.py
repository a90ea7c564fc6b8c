"""Manifests from opening to leaving: docs/subsystems/manifests.md."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from icargos.booking import actions as booking
from icargos.dispatch import actions, queries
from icargos.dispatch.actions import ManifestRefused, Scan
from icargos.dispatch.models import Manifest, ManifestItem
from icargos.ground.models import Fact
from icargos.ground.tenancy import acting
from icargos.kit.errors import Conflict, Forbidden, Invalid, NotFound
from icargos.places import queries as places
from tests.cast import NOW, Cast
from tests.dispatch.scene import (
    advise,
    at_karachi,
    brought,
    event_id,
    everything,
    fail,
    failure,
    hand_back,
    hours,
    manifest_of,
    out,
    scans,
    status_of,
    van,
)
from tests.parcels import city, enter


def station(cast: Cast, code: str) -> int:
    sadia = cast.actor("sadia")
    with acting(sadia):
        return next(office.id for office in places.stations(sadia) if office.code == code)


def add(cast: Cast, number: str, *cns: str, who: str = "sadia") -> list[tuple[str, str]]:
    """The verdict and the sentence for each scan."""
    actor = cast.actor(who)
    with acting(actor):
        return [(a.verdict.value, a.message) for a in actions.add_to_manifest(actor, number, scans(cns), now=NOW)]


def test_a_manifest_is_numbered_by_the_month_and_opened_once(cast: Cast) -> None:
    sadia, there = cast.actor("sadia"), station(cast, "MUX")
    with acting(sadia):
        first = actions.open_manifest(sadia, there, source_event_id="click-0001", now=NOW)
        again = actions.open_manifest(sadia, there, source_event_id="click-0001", now=NOW)
        second = actions.open_manifest(sadia, there, source_event_id="click-0002", now=NOW)
        # 20:00 in London on the last of November is December in Karachi.
        later = actions.open_manifest(
            sadia, there, source_event_id="click-0003", now=NOW + timedelta(days=10, hours=14)
        )
    assert (first, again, second, later) == ("MF-2611-00001", first, "MF-2611-00002", "MF-2612-00001")


def test_it_goes_to_another_station_and_is_opened_by_who_scans(cast: Cast) -> None:
    before = everything(cast)
    sadia = cast.actor("sadia")
    with pytest.raises(ManifestRefused, match="another station"), acting(sadia):
        actions.open_manifest(sadia, station(cast, "KHI"), source_event_id=event_id(), now=NOW)
    with pytest.raises(NotFound), acting(sadia):
        actions.open_manifest(sadia, 999_999, source_event_id=event_id(), now=NOW)
    with pytest.raises(Invalid), acting(sadia):
        actions.open_manifest(sadia, station(cast, "MUX"), source_event_id="x", now=NOW)
    for who in ("imran", "bilal", "farah"):
        actor = cast.actor(who)
        with pytest.raises(Forbidden), acting(actor):
            actions.open_manifest(actor, 1, source_event_id=event_id(), now=NOW)
    adeel = cast.actor("adeel")
    with pytest.raises(Conflict, match="not posted"), acting(adeel):
        actions.open_manifest(adeel, 1, source_event_id=event_id(), now=NOW)
    assert everything(cast) == before
    with pytest.raises(IntegrityError, match="goes_elsewhere"), acting(sadia), transaction.atomic():
        Manifest.objects.create(number="MF-1", origin_id=1, destination_id=1, state="open", opened_at=NOW)


def test_what_stands_here_and_goes_there_is_put_on_by_scan(cast: Cast) -> None:
    cns = at_karachi(cast, 2, pieces=3, weight_g=1_200)
    number = manifest_of(cast, cns, leave=False)
    sadia = cast.actor("sadia")
    with acting(sadia):
        sheet = queries.manifest(sadia, f" {number.lower()} ")
        (fact,) = Fact.objects.filter(kind="manifest.loaded")
    assert [(line.cn, line.seq, line.state, line.pieces, line.weight_g, line.goes_to) for line in sheet.lines] == [
        (cn, seq, "listed", 3, 1_200, "Multan") for seq, cn in enumerate(cns, 1)
    ]
    card = sheet.card
    assert (card.parcels, card.pieces, card.weight_g, card.awaited, card.state) == (2, 6, 2_400, 2, "open")
    assert (card.origin, card.destination, sheet.is_ours) == ("Karachi Station", "Multan Station", True)
    assert (fact.data["added"], fact.shipper_id) == (2, None)
    assert {status_of(cast, cn)[0] for cn in cns} == {"received_at_office"}


def test_what_was_sent_by_scan_and_lies_here_still_is_put_on_too(cast: Cast) -> None:
    (cn,) = at_karachi(cast)
    sadia = cast.actor("sadia")
    with acting(sadia):
        actions.send(sadia, scans([cn]), now=hours(-2))
    manifest_of(cast, [cn])
    assert status_of(cast, cn) == ("in_transit", "line_haul")


def test_each_refused_scan_says_why_and_stops_no_other(cast: Cast) -> None:
    (good,) = at_karachi(cast)
    (lahore,) = at_karachi(cast, destination_id=city("Lahore"))
    (stays,) = at_karachi(cast, destination_id=city("Karachi"))
    (cancelled,) = [one.cn for one in enter(cast)]
    (never_in,) = [one.cn for one in enter(cast)]
    (elsewhere,) = [one.cn for one in brought(cast)]
    bilal = cast.actor("bilal")
    with acting(bilal):
        booking.cancel(bilal, [cancelled], now=NOW)
    number = manifest_of(cast, [], leave=False)
    before = everything(cast)
    refused = add(cast, number, "IC473124829", lahore, stays, cancelled, never_in, elsewhere)
    assert {verdict for verdict, _told in refused} == {"refused"}
    assert [told for _verdict, told in refused] == [
        "There is no parcel IC473124829. Check the label and type the number by hand.",
        f"{lahore} goes to LHE. Put it on a manifest for LHE.",
        f"{stays} stays in this city. Put it on a delivery run sheet.",
        f"{cancelled} was cancelled by the shipper. Do not bag it: put it on the shelf for the next pickup.",
        f"{never_in} is New Booked. Scan its arrival first.",
        f"{elsewhere} is Received at Destination. It cannot be sent from here.",
    ]
    assert everything(cast) == before
    assert [verdict for verdict, _told in add(cast, number, lahore, good)] == ["refused", "moved"]


def test_a_parcel_is_on_one_manifest_at_a_time(cast: Cast) -> None:
    one, two = at_karachi(cast, 2)
    first = manifest_of(cast, [one], leave=False)
    second = manifest_of(cast, [two])
    third = manifest_of(cast, [], leave=False)
    before = everything(cast)
    assert add(cast, third, one, two) == [
        ("refused", f"{one} is already on {first}. Take it off there first."),
        ("refused", f"{two} travels on {second}, which has left and is not checked in yet."),
    ]
    assert add(cast, first, one, one) == [("again", ""), ("again", "")]
    assert everything(cast) == before
    sadia = cast.actor("sadia")
    with pytest.raises(IntegrityError, match="dispatch_manifestitem_on_one"), acting(sadia), transaction.atomic():
        item = ManifestItem.objects.get(cn=one)
        item.pk, item.manifest = None, Manifest.objects.get(number=third)
        ManifestItem.objects.bulk_create([item])


def test_what_is_taken_off_is_free_again(cast: Cast) -> None:
    one, two = at_karachi(cast, 2)
    first, second = manifest_of(cast, [one, two], leave=False), manifest_of(cast, [], leave=False)
    sadia = cast.actor("sadia")
    with acting(sadia):
        assert actions.take_off_manifest(sadia, first, [one.lower(), "IC473124829"], now=NOW) == 1
        assert actions.take_off_manifest(sadia, first, [one], now=NOW) == 0
        removed = [f.data["removed"] for f in Fact.objects.filter(kind="manifest.loaded").order_by("id")]
    assert add(cast, second, one) == [("moved", "")]
    assert removed == [0, 1]


def test_one_that_was_opened_by_mistake_is_thrown_away_and_its_parcels_are_free(cast: Cast) -> None:
    (one,) = at_karachi(cast)
    mistake, right = manifest_of(cast, [one], leave=False), manifest_of(cast, [], leave=False)
    sadia, dawood = cast.actor("sadia"), cast.actor("dawood")
    before = everything(cast)
    with pytest.raises(NotFound), acting(dawood):
        actions.discard_manifest(dawood, mistake, now=NOW)
    assert everything(cast) == before
    with acting(sadia):
        actions.discard_manifest(sadia, mistake, now=NOW)
        once = everything(cast)
        actions.discard_manifest(sadia, mistake, now=NOW)
        assert [card.number for card in queries.manifest_board(sadia).outgoing] == [right]
        with pytest.raises(NotFound):
            queries.manifest(sadia, mistake)
    assert add(cast, right, one) == [("moved", "")]
    with pytest.raises(NotFound):
        add(cast, mistake, one)
    with acting(sadia):
        actions.send_manifest(sadia, right, van(), now=NOW)
    assert once != before
    before = everything(cast)
    with pytest.raises(ManifestRefused, match="has left"), acting(sadia):
        actions.discard_manifest(sadia, right, now=NOW)
    assert everything(cast) == before


def test_a_manifest_that_is_full_takes_no_more(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("icargos.dispatch.rules.manifest.MOST_PARCELS", 2)
    number = manifest_of(cast, at_karachi(cast, 2), leave=False)
    (more,) = at_karachi(cast)
    before = everything(cast)
    with pytest.raises(ManifestRefused, match="at most 2 parcels"):
        add(cast, number, more)
    assert everything(cast) == before


def test_many_scans_take_no_more_statements_than_a_few(cast: Cast) -> None:
    few, many = at_karachi(cast, 5), at_karachi(cast, 90)
    number = manifest_of(cast, [], leave=False)
    with CaptureQueriesContext(connection) as small:
        add(cast, number, *few)
    with CaptureQueriesContext(connection) as large:
        assert {verdict for verdict, _told in add(cast, number, *many)} == {"moved"}
    assert len(large) == len(small)


def test_its_details_are_written_down_and_a_wrong_one_is_named(cast: Cast) -> None:
    number = manifest_of(cast, [], leave=False)
    sadia = cast.actor("sadia")
    with acting(sadia):
        actions.describe_manifest(sadia, number, van(vehicle=" jx  4471 "), now=NOW)
        card = queries.manifest(sadia, number).card
    assert (card.vehicle, card.driver, card.route, card.seal, card.bags) == (
        "JX 4471", "Ghulam Rasool", "N-55 by Sukkur", "S-90017", 3,
    )  # fmt: skip
    before = everything(cast)
    with acting(sadia):
        actions.describe_manifest(sadia, number, van(vehicle="JX 4471"), now=hours(1))
    wrong: dict[str, Any] = {"vehicle": "X" * 21, "seal": "S" * 41, "bags": 501, "expected_at": NOW}
    for field, value in wrong.items():
        with pytest.raises(Invalid) as refusal, acting(sadia):
            actions.describe_manifest(sadia, number, van(**{field: value}), now=NOW)
        assert [problem.field for problem in refusal.value.problems] == [field]
    assert everything(cast) == before


def test_it_leaves_with_all_its_parcels_in_transit(cast: Cast) -> None:
    cns = at_karachi(cast, 3)
    number = manifest_of(cast, cns)
    assert {status_of(cast, cn) for cn in cns} == {("in_transit", "line_haul")}
    sadia = cast.actor("sadia")
    with acting(sadia):
        card = queries.manifest(sadia, number).card
        (fact,) = Fact.objects.filter(kind="manifest.departed")
    assert (card.state, card.departed_at, card.departed_by) == ("departed", NOW, "Sadia Noor")
    assert (card.vehicle, card.seal, card.expected_at) == ("JX-4471", "S-90017", hours(14))
    assert {key: fact.data[key] for key in ("parcels", "pieces", "weight_g")} == {
        "parcels": 3, "pieces": 3, "weight_g": 1_500,
    }  # fmt: skip


def test_it_leaves_with_all_of_them_or_not_at_all(cast: Cast) -> None:
    good, held = at_karachi(cast, 2)
    number = manifest_of(cast, [good, held], leave=False)
    dawood, sadia = cast.actor("dawood"), cast.actor("sadia")
    with acting(sadia):
        actions.send(sadia, scans([held]), now=NOW)
    with acting(dawood):
        actions.receive(dawood, scans([held]), now=hours(1))
    before = everything(cast)
    with pytest.raises(ManifestRefused, match=f"{held} is Received at Destination"), acting(sadia):
        actions.send_manifest(sadia, number, van(hours(2)), now=hours(2))
    assert everything(cast) == before
    with acting(sadia):
        actions.take_off_manifest(sadia, number, [held], now=hours(2))
        actions.send_manifest(sadia, number, van(hours(2)), now=hours(2))
    assert status_of(cast, good)[0] == "in_transit"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"vehicle": ""}, "vehicle"),
        ({"bags": 0}, "bags"),
        ({"expected_at": None}, "expected_at"),
        ({"expected_at": NOW}, "expected_at"),
        ({"expected_at": NOW + timedelta(days=15)}, "expected_at"),
    ],
)
def test_what_must_be_known_before_it_leaves(cast: Cast, changes: dict[str, Any], field: str) -> None:
    number = manifest_of(cast, at_karachi(cast), leave=False)
    before = everything(cast)
    sadia = cast.actor("sadia")
    with pytest.raises(Invalid) as refusal, acting(sadia):
        actions.send_manifest(sadia, number, van(**changes), now=NOW)
    assert [problem.field for problem in refusal.value.problems] == [field]
    assert everything(cast) == before


def test_an_empty_one_does_not_leave(cast: Cast) -> None:
    number = manifest_of(cast, [], leave=False)
    before = everything(cast)
    sadia = cast.actor("sadia")
    with pytest.raises(ManifestRefused, match="is empty"), acting(sadia):
        actions.send_manifest(sadia, number, van(), now=NOW)
    assert everything(cast) == before


def test_sent_twice_it_leaves_once_and_then_stays_as_it_is(cast: Cast) -> None:
    (cn,) = at_karachi(cast)
    (more,) = at_karachi(cast)
    number = manifest_of(cast, [cn])
    before = everything(cast)
    sadia = cast.actor("sadia")
    with acting(sadia):
        actions.send_manifest(sadia, number, van(bags=9), now=hours(1))
    acts: list[Callable[[], object]] = [
        lambda: actions.add_to_manifest(sadia, number, scans([more]), now=NOW),
        lambda: actions.take_off_manifest(sadia, number, [cn], now=NOW),
        lambda: actions.describe_manifest(sadia, number, van(bags=9), now=NOW),
    ]
    for act in acts:
        with pytest.raises(ManifestRefused, match="has left"), acting(sadia):
            act()
    assert everything(cast) == before


def test_a_return_goes_back_on_a_manifest(cast: Cast) -> None:
    run_id, (cn,) = out(cast)
    fail(cast, failure(cast, cn, "RFD"))
    hand_back(cast, run_id, [cn])
    advise(cast, cn, action="return")
    dawood, sadia = cast.actor("dawood"), cast.actor("sadia")
    with acting(dawood):
        to_lahore = actions.open_manifest(dawood, station(cast, "LHE"), source_event_id=event_id(), now=hours(10))
        number = actions.open_manifest(dawood, station(cast, "KHI"), source_event_id=event_id(), now=hours(10))
        (wrong,) = actions.add_to_manifest(dawood, to_lahore, scans([cn]), now=hours(10))
        (right,) = actions.add_to_manifest(dawood, number, scans([cn]), now=hours(10))
        actions.send_manifest(dawood, number, van(hours(11)), now=hours(11))
    assert (wrong.verdict, wrong.message) == ("refused", f"{cn} goes back to KHI. Put it on a manifest for KHI.")
    assert right.verdict == "moved"
    assert status_of(cast, cn)[0] == "return_in_transit"
    with acting(sadia):
        (home,) = actions.check_in(sadia, number, scans([cn]), now=hours(30))
    assert (home.state, home.scanned.status) == ("received", "return_received_at_origin")


def test_other_stations_see_and_change_nothing_of_it_and_its_destination_not_before_it_left(cast: Cast) -> None:
    (cn,) = at_karachi(cast)
    number = manifest_of(cast, [cn], leave=False)
    dawood = cast.actor("dawood")
    acts: list[Callable[[], object]] = [
        lambda: queries.manifest(dawood, number),
        lambda: actions.add_to_manifest(dawood, number, scans([cn]), now=NOW),
        lambda: actions.take_off_manifest(dawood, number, [cn], now=NOW),
        lambda: actions.describe_manifest(dawood, number, van(), now=NOW),
        lambda: actions.send_manifest(dawood, number, van(), now=NOW),
        lambda: actions.check_in(dawood, number, scans([cn]), now=NOW),
        lambda: actions.finish_manifest(dawood, number, now=NOW),
    ]
    before = everything(cast)
    for act in acts:
        with pytest.raises(NotFound), acting(dawood):
            act()
    with acting(dawood):
        assert queries.manifest_board(dawood).incoming == []
    assert everything(cast) == before
    sadia = cast.actor("sadia")
    with acting(sadia):
        actions.send_manifest(sadia, number, van(), now=NOW)
        assert [card.number for card in queries.manifest_board(sadia).outgoing] == [number]
        with pytest.raises(NotFound):
            actions.check_in(sadia, number, [Scan(cn=cn, source_event_id=event_id())], now=NOW)
    with acting(dawood):
        assert [card.number for card in queries.manifest_board(dawood).incoming] == [number]
        assert queries.manifests_to_check(dawood) == 1
        assert not queries.manifest(dawood, number).is_ours
        with pytest.raises(NotFound):
            actions.take_off_manifest(dawood, number, [cn], now=NOW)
