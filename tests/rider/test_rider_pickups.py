"""The rider's pickups through his own door: scanned, counted by the sheet, ended, or reported as failed."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.utils import timezone

from tests.cast import Cast
from tests.desk.day import event, report
from tests.desk.test_desk_pickups import assign, due
from tests.pickups.scene import booked, cancel, closed, everything, pickup, sheet, statuses

AS_SCRIPT = {"HX-Request": "true"}


def at_the_door(cast: Cast, number: int = 2) -> tuple[int, list[str]]:
    """Asif is out to Zarqa: the request and the parcels that are ready."""
    request, cns = due(cast, number)
    where = assign(cast, request)
    assert cast.client("sadia").post(f"{where}go/").status_code == 302
    return request, cns


def scan(cast: Cast, request: int, cns: str, **more: str) -> HttpResponse:
    """Scan at the door as the script does."""
    body = {"cns": cns, "event": event(), "device_at": timezone.now().isoformat(), **more}
    answer: HttpResponse = cast.client("asif").post(f"/rider/pickups/{request}/", body, headers=AS_SCRIPT)
    return answer


def ended(**fields: Any) -> dict[str, Any]:
    """The end of a visit as the phone sends it."""
    return report(**fields)


def test_the_pickup_stands_on_todays_run(cast: Cast) -> None:
    request, _cns = at_the_door(cast)
    page = cast.client("asif").get("/rider/").content.decode()
    assert f"/rider/pickups/{request}/" in page
    assert "2 parcels ready" in page
    assert "Zarqa" not in cast.client("imran").get("/rider/").content.decode()
    place = cast.client("asif").get(f"/rider/pickups/{request}/").content.decode()
    assert "Plot C-18, SITE Area" in place
    assert "tel:+923008224417" in place


def test_each_scan_answers_in_one_colour_and_moves_the_parcel(cast: Cast) -> None:
    request, cns = at_the_door(cast)
    good = scan(cast, request, cns[0]).content.decode()
    assert 'data-sound="good"' in good
    assert "Done, 1 parcel taken" in good
    assert 'data-sound="again"' in scan(cast, request, cns[0]).content.decode()
    cancel(cast, [cns[1]])
    stop = scan(cast, request, cns[1], device_at="never").content.decode()
    assert 'data-sound="stop"' in stop
    assert "was cancelled by the shipper" in stop
    assert statuses(cast, cns) == ["picked_up", "cancelled"]


@pytest.mark.parametrize("cns", ["", "\x00", "IC1 " * 1001])
def test_nothing_and_too_many_are_no_scan(cast: Cast, cns: str) -> None:
    request, _cns = at_the_door(cast)
    before = everything(cast)
    assert scan(cast, request, cns).status_code == 422
    assert everything(cast) == before


def test_a_counted_sheet_is_taken_by_one_tap(cast: Cast) -> None:
    cns = booked(cast, 3)
    number = closed(cast, cns)
    request, _more = at_the_door(cast)
    client = cast.client("asif")
    assert "take all 3" in client.get(f"/rider/pickups/{request}/").content.decode()
    answer = client.post(f"/rider/pickups/{request}/sheet/", {"sheet": number}, follow=True)
    assert "3 parcels of" in answer.content.decode()
    assert sheet(cast, number).handed == 3
    before = everything(cast)
    for odd in (number, "LS-2611-99999", "", "\x00"):
        assert client.post(f"/rider/pickups/{request}/sheet/", {"sheet": odd}).status_code == 404
    assert everything(cast) == before


def test_the_visit_is_ended_once_and_the_shipper_reads_how(cast: Cast) -> None:
    request, cns = at_the_door(cast)
    scan(cast, request, cns[0])
    client, body = cast.client("asif"), ended(note="One box was wet")
    assert "1 parcel taken" in client.get(f"/rider/pickups/{request}/done/").content.decode()
    answer = client.post(f"/rider/pickups/{request}/done/", body, headers=AS_SCRIPT)
    assert answer["HX-Redirect"] == "/rider/"
    before = everything(cast)
    assert client.post(f"/rider/pickups/{request}/done/", body)["Location"] == "/rider/", "the phone sent it again"
    assert client.post(f"/rider/pickups/{request}/done/", ended()).status_code == 409
    assert everything(cast) == before
    assert (pickup(cast, request).collected, pickup(cast, request).left) == (1, 1)
    page = cast.client("bilal").get("/pickups/?tab=past").content.decode()
    assert "Picked up by Asif" in page
    assert "1 parcel taken, 1 left behind" in page
    assert "1 parcel taken" in client.get("/rider/").content.decode(), "it stays on his day"


def test_without_a_scan_it_is_not_ended_as_picked_up(cast: Cast) -> None:
    request, _cns = at_the_door(cast)
    before = everything(cast)
    answer = cast.client("asif").post(f"/rider/pickups/{request}/done/", ended(), headers=AS_SCRIPT)
    assert answer.status_code == 409
    assert "No parcel was scanned" in answer.content.decode()
    assert everything(cast) == before


def test_a_failed_visit_names_its_reason(cast: Cast) -> None:
    request, cns = at_the_door(cast)
    client = cast.client("asif")
    before = everything(cast)
    for wrong in ({}, {"reason": "CNA"}, {"reason": "PCL", "event": "x"}):
        answer = client.post(f"/rider/pickups/{request}/failed/", ended(**wrong), headers=AS_SCRIPT)
        assert answer.status_code == 422
    assert everything(cast) == before
    assert "Shipper closed" in client.get(f"/rider/pickups/{request}/failed/").content.decode()
    answer = client.post(f"/rider/pickups/{request}/failed/", ended(reason="PVH"), follow=True)
    assert "Pickup reported as failed" in answer.content.decode()
    assert statuses(cast, cns) == ["ready_for_pickup"] * 2
    shipper = cast.client("bilal").get("/pickups/?tab=past").content.decode()
    assert "vehicle" in shipper
    assert "We come again on" in shipper


def test_another_riders_pickup_is_not_there(cast: Cast) -> None:
    request, cns = at_the_door(cast)
    client = cast.client("imran")
    before = everything(cast)
    for path in ("", "done/", "failed/"):
        assert client.get(f"/rider/pickups/{request}/{path}").status_code == 404
        assert client.post(f"/rider/pickups/{request}/{path}", ended(cns=cns[0], reason="PCL")).status_code == 404
    assert client.post(f"/rider/pickups/{request}/sheet/", {"sheet": "LS-2611-00001"}).status_code == 404
    assert everything(cast) == before


def test_the_sheets_code_brings_the_rider_to_his_visit(cast: Cast) -> None:
    number = closed(cast, booked(cast))
    request, _cns = at_the_door(cast)
    assert cast.client("asif").get(f"/ls/{number}/")["Location"] == f"/rider/pickups/{request}/"
