"""Pickups through the desk's door: the day's board, a rider's sheet, a visit ended for a rider who does not answer."""

import re
from datetime import timedelta
from typing import Any

import pytest
import zxingcpp
from django.utils import timezone

from icargos.booking.models import PickupRequest
from icargos.ground.tenancy import acting
from tests.cast import Cast
from tests.desk.day import event
from tests.paper.sample_papers import shown, text
from tests.pickups.scene import (
    asked,
    booked,
    closed,
    everything,
    pickup,
    ready,
    second_place,
    statuses,
    take,
    to_karachi,
    visit,
)


def today(cast: Cast) -> None:
    """The days go by until every pickup is due."""
    with acting(cast.actor("adeel")):
        PickupRequest.objects.update(day=timezone.localdate())


def due(cast: Cast, number: int = 2, **changes: Any) -> tuple[int, list[str]]:
    """A pickup of Zarqa's for today with parcels that are ready, and Asif at the station."""
    cns = booked(cast, number)
    ready(cast, cns)
    request = asked(cast, **changes).request_id
    today(cast)
    to_karachi(cast)
    return request, cns


def assign(cast: Cast, *requests: int) -> str:
    """The desk ticks them and gives them to Asif; the sheet's address."""
    body = {"pickup": requests, "rider": cast.people["asif"], "day": timezone.localdate().isoformat()}
    answer = cast.client("sadia").post("/desk/pickups/", body)
    assert answer.status_code == 302, answer.content
    return str(answer["Location"])


def test_the_board_shows_what_was_asked_for_and_what_is_ready(cast: Cast) -> None:
    due(cast, note="Gate 2")
    client = cast.client("sadia")
    page = client.get("/desk/pickups/").content.decode()
    for part in ("Zarqa Textiles", "15-18", "2 ready now", "“<bdi>Gate 2</bdi>”", "No rider yet", "0300-8224417"):
        assert part in page
    assert ">1</b>" in client.get("/desk/pickups/count/").content.decode()
    assert "No pickup on this day" in client.get("/desk/pickups/?day=2026-01-05").content.decode()
    for odd in ("x", "\x00", "9999999999"):
        assert client.get("/desk/pickups/", {"day": odd}).status_code == 200
    assert "Zarqa" not in cast.client("dawood").get("/desk/pickups/").content.decode()


def test_what_nobody_went_to_stands_on_todays_board(cast: Cast) -> None:
    due(cast)
    with acting(cast.actor("adeel")):
        PickupRequest.objects.update(day=timezone.localdate() - timedelta(days=3))
    page = cast.client("sadia").get("/desk/pickups/").content.decode()
    assert "Nobody went" in page
    assert "Late, no rider came yet" in cast.client("bilal").get("/pickups/").content.decode()


def test_a_rider_gets_his_sheet_and_leaves(cast: Cast) -> None:
    request, cns = due(cast)
    where = assign(cast, request)
    assert assign(cast, request) == where, "a double click"
    client = cast.client("sadia")
    page = client.get(where).content.decode()
    assert "Asif Mehmood" in page
    assert "PRS-" in page
    assert client.post(f"{where}go/", follow=True).status_code == 200
    assert client.post(f"{where}go/").status_code == 302
    assert statuses(cast, cns) == ["pickup_in_progress"] * 2
    shipper = cast.client("bilal").get("/pickups/").content.decode()
    assert "Asif is on the way" in shipper
    assert "Mehmood" not in shipper


def test_one_is_taken_off_again(cast: Cast) -> None:
    request, _cns = due(cast)
    where = assign(cast, request)
    client = cast.client("sadia")
    assert client.post(f"/desk/pickups/{request}/off/")["Location"] == where
    assert client.post(f"/desk/pickups/{request}/off/")["Location"] == "/desk/pickups/"
    assert client.post(f"{where}go/").status_code == 409


def test_a_visit_is_ended_for_a_rider_who_does_not_answer(cast: Cast) -> None:
    request, cns = due(cast)
    where = assign(cast, request)
    client = cast.client("sadia")
    client.post(f"{where}go/")
    before = everything(cast)
    for body in ({"reason": "PCL", "event": ""}, {"reason": "ABC", "event": event()}, {"event": event()}):
        assert client.post(f"/desk/pickups/{request}/end/", body).status_code in (409, 422)
    assert everything(cast) == before
    answer = client.post(f"/desk/pickups/{request}/end/", {"reason": "PCL", "event": event(), "run": "1"}, follow=True)
    assert "Shipper closed" in answer.content.decode()
    assert statuses(cast, cns) == ["ready_for_pickup"] * 2
    assert "Shipper closed" in cast.client("bilal").get("/pickups/?tab=past").content.decode()
    history = cast.client("bilal").get(f"/orders/{cns[0]}/").content.decode()
    assert "Shipper closed" in history


def test_what_the_rider_took_stands_on_the_sheet(cast: Cast) -> None:
    request, cns = due(cast)
    where = assign(cast, request)
    client = cast.client("sadia")
    client.post(f"{where}go/")
    take(cast, request, cns[:1], now=timezone.now())
    assert "<bdi>1 / 2</bdi>" in client.get(where).content.decode()
    assert visit(cast, request).taken == 1
    client.post(f"/desk/pickups/{request}/end/", {"event": event()})
    assert (pickup(cast, request).collected, pickup(cast, request).left) == (1, 1)


@pytest.mark.parametrize(
    "changes",
    [
        {"rider": ""},
        {"rider": "x"},
        {"rider": "9" * 40},
        {"pickup": []},
        {"pickup": ["x", "\x00", "9" * 40]},
        {"pickup": ["999999"]},
        {"day": "2026-01-05"},
    ],
)
def test_an_odd_assignment_is_refused(cast: Cast, changes: dict[str, object]) -> None:
    request, _cns = due(cast)
    before = everything(cast)
    body = {"pickup": [request], "rider": cast.people["asif"], "day": timezone.localdate().isoformat(), **changes}
    assert cast.client("sadia").post("/desk/pickups/", body).status_code in (404, 409, 422)
    assert everything(cast) == before


def test_another_stations_pickups_and_sheets_are_not_there(cast: Cast) -> None:
    lahore = second_place(cast, "Lahore", "Zarqa Lahore")
    elsewhere = asked(cast, profile_id=lahore).request_id
    request, _cns = due(cast)
    where = assign(cast, request)
    before = everything(cast)
    dawood = cast.client("dawood")
    assert dawood.get(where).status_code == 404
    for path in (f"{where}go/", f"/desk/pickups/{request}/off/", f"/desk/pickups/{request}/end/"):
        assert dawood.post(path, {"reason": "PCL", "event": event()}).status_code == 404
    assert cast.client("sadia").post(f"/desk/pickups/{elsewhere}/off/").status_code == 404
    assert everything(cast) == before


def test_the_desk_reads_a_shippers_load_sheet(cast: Cast) -> None:
    number = closed(cast, booked(cast, 2))
    page = cast.client("sadia").get(f"/desk/load-sheets/{number}/").content.decode()
    assert "Zarqa Textiles" in page
    assert "Ready for Pickup" in page
    assert cast.client("sadia").get("/desk/load-sheets/LS-2611-99999/").status_code == 404
    assert cast.client("imran").get(f"/desk/load-sheets/{number}/").status_code == 403


def test_the_riders_sheet_is_printed_for_his_own_station_alone(cast: Cast) -> None:
    request, _cns = due(cast, note="Gate 2, ring twice")
    where = assign(cast, request)
    client = cast.client("sadia")
    assert f'href="{where}sheet.pdf"' in client.get(where).content.decode()
    answer = client.get(f"{where}sheet.pdf")
    number = re.search(r'filename="(PRS-\d{6}-\d{4})\.pdf"', answer["Content-Disposition"])
    assert number is not None
    words = text(answer.content)
    for part in (number[1], "Asif Mehmood", "Visits: 1, parcels ready: 2", "15-18 Zarqa Textiles", "0300-8224417"):
        assert part in words, part
    assert "Gate 2, ring twice 2 3" in words
    assert "PU-" in words
    for who in ("dawood", "asif", "bilal", "zara"):
        refused = cast.client(who).get(f"{where}sheet.pdf")
        assert refused.status_code in (403, 404)
        assert b"%PDF" not in refused.content


def test_the_code_on_it_opens_the_sheet_at_the_desk_and_the_visits_at_the_rider(cast: Cast) -> None:
    request, _cns = due(cast)
    where = assign(cast, request)
    printed = cast.client("sadia").get(f"{where}sheet.pdf").content
    (found,) = zxingcpp.read_barcodes(shown(printed))
    code = found.text.removeprefix("http://testserver")
    assert cast.client("sadia").get(code)["Location"] == where
    assert cast.client("asif").get(code)["Location"] == "/rider/"
    for who in ("dawood", "imran", "bilal", "zara"):
        assert cast.client(who).get(code).status_code == 404, who
    assert cast.client("sadia").get("/prs/PRS-000000-0000/").status_code == 404
    assert cast.client().get(code)["Location"].startswith("/accounts/login/")
