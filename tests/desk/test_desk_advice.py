"""The courier's side of advice, its search and its parcel page."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from icargos.accounts import actions as accounts
from icargos.accounts.rules import StaffRole
from icargos.ground.tenancy import acting
from icargos.kit.actor import Actor, Kind
from tests.cast import PASSWORD, Cast
from tests.desk.day import at_multan, event, fail, photo, scan, sheet, stop
from tests.dispatch.scene import advice_states, everything, status_of


def _advised(cast: Cast, **fields: Any) -> tuple[str, int]:
    """A parcel that failed, was scanned back and got its shipper's answer: number and advice id."""
    (cn,) = at_multan(cast)
    run = sheet(cast, [cn])
    fail(cast, cn, "UL", note="Nobody knows the street")
    scan(cast, "dawood", f"/desk/runs/{run}/", [cn])
    client = cast.client("bilal")
    page = client.get("/advice/").content.decode()
    where = page.partition('id="advise" method="post" action="')[2].partition('"')[0]
    body = {"event": event(), "action": "hold", "note": "Ask the guard", "landmark": "Blue gate", **fields}
    assert client.post(where, body).status_code == 302
    return cn, int(where.split("/")[2])


def test_the_queue_shows_what_the_shipper_asks_and_accepts_it(cast: Cast) -> None:
    cn, advice = _advised(cast)
    client = cast.client("dawood")
    assert ">1</b>" in client.get("/desk/advice/count/").content.decode()
    page = client.get("/desk/advice/").content.decode()
    for text in (cn, "Ask the guard", "Blue gate", "Address not located", "Hold"):
        assert text in page
    answer = client.post(f"/desk/advice/{advice}/", {"decision": "accept"}, follow=True)
    assert "advice accepted" in answer.content.decode()
    assert advice_states(cast, cn) == ["accepted"]
    assert "<b" not in client.get("/desk/advice/count/").content.decode()


def test_a_rejection_needs_a_comment_and_asks_again(cast: Cast) -> None:
    cn, advice = _advised(cast)
    client = cast.client("dawood")
    before = everything(cast)
    assert client.post(f"/desk/advice/{advice}/", {"decision": "reject", "comment": " \x00 "}).status_code == 422
    assert everything(cast) == before
    client.post(f"/desk/advice/{advice}/", {"decision": "reject", "comment": "We hold no parcels here"})
    assert advice_states(cast, cn) == ["rejected", "open"]
    assert "We hold no parcels here" in cast.client("bilal").get(f"/orders/{cn}/").content.decode()


def test_an_override_decides_otherwise_and_the_shipper_reads_why(cast: Cast) -> None:
    cn, advice = _advised(cast)
    body = {"decision": "override", "comment": "Third visit failed", "action": "return", "window": "x" * 300}
    answer = cast.client("dawood").post(f"/desk/advice/{advice}/", {**body, "back": "parcel", "on_date": "2026-99-99"})
    assert answer["Location"] == f"/desk/parcels/{cn}/"
    assert status_of(cast, cn)[0] == "return_confirmed"
    assert "Third visit failed" in cast.client("ayesha").get(f"/orders/{cn}/").content.decode()


@pytest.mark.parametrize("who", ["sadia", "imran"])
def test_nobody_else_answers(cast: Cast, who: str) -> None:
    _cn, advice = _advised(cast)
    before = everything(cast)
    answer = cast.client(who).post(f"/desk/advice/{advice}/", {"decision": "accept"})
    assert answer.status_code == 403
    assert everything(cast) == before


def test_search_finds_by_number_phone_and_name(cast: Cast) -> None:
    (cn,) = at_multan(cast)
    client = cast.client("sadia")
    for whole in (cn, cn[2:]):
        assert client.get("/desk/search/", {"q": whole})["Location"] == f"/desk/parcels/{cn}/"
    for words in ("03331234567", "sana", cn[:8], cn[2:9]):
        assert cn in client.get("/desk/search/", {"q": words}).content.decode(), words
    assert cn in client.get("/desk/palette/", {"q": "sana"}).content.decode()
    assert "No match" in client.get("/desk/search/", {"q": "\x00nobody"}).content.decode()


def test_the_parcels_page_tells_its_whole_story(cast: Cast) -> None:
    cn, _advice = _advised(cast)
    page = cast.client("dawood").get(f"/desk/parcels/{cn}/").content.decode()
    for text in ("Nobody knows the street", "30.20000", "Ask the guard", "Imran Ali", "Received at Destination"):
        assert text in page
    assert 'id="answer"' in page
    picture = cast.client("dawood").get(f"/desk/parcels/{cn}/pictures/attempt-1-0/")
    assert picture["Content-Type"] == "image/jpeg"
    assert picture.content.startswith(b"\xff\xd8")
    assert cast.client("dawood").get(f"/desk/parcels/{cn}/pictures/attempt-1-9/").status_code == 404
    assert 'id="answer"' not in cast.client("sadia").get(f"/desk/parcels/{cn}/").content.decode()


def test_the_couriers_finance_sees_no_consignee(cast: Cast) -> None:
    (cn,) = at_multan(cast)
    sheet(cast, [cn])
    fail(cast, cn, "UL", note="Rang 0333-1234567 at House 12")
    root = Actor(Kind.STAFF, name="Set-up", can=frozenset({"approve"}))
    with acting(root):
        person = accounts.add_person(
            root, email="fahad@example.com", name="Fahad", password=PASSWORD, staff_role=StaffRole.FINANCE
        )
    client = Client()
    client.force_login(get_user_model().objects.get(pk=person))
    assert client.get("/")["Location"] == "/desk/search/"
    pages = [client.get("/desk/search/", {"q": "sana"}), client.get(f"/desk/parcels/{cn}/", follow=True)]
    said = b"".join(page.content for page in pages)
    assert cn.encode() in said
    for private in (b"1234567", b"Gulgasht", b"House 12", b"30.2000", b"/pictures/"):
        assert private not in said
    assert client.get(f"/desk/parcels/{cn}/pictures/attempt-1-0/").status_code == 403
    assert b"No match" in client.get("/desk/search/", {"q": "03331234567"}).content


def test_a_report_that_the_scans_contradict_waits_for_an_administrator(cast: Cast) -> None:
    (cn,) = at_multan(cast)
    run = sheet(cast, [cn])
    where = f"/rider/stops/{stop(cast, cn)}/delivered/"
    scan(cast, "dawood", f"/desk/runs/{run}/", [cn])
    from tests.desk.day import delivered

    late = cast.client("imran").post(where, delivered(photo=photo()), follow=True)
    assert "the scans say otherwise" in late.content.decode()
    assert status_of(cast, cn)[0] == "received_at_destination"
    desk = cast.client("dawood")
    page = desk.get("/desk/conflicts/").content.decode()
    assert "Delivered to Sana Malik" in page
    assert "Rs 1,500" in page
    assert "The rider is right" not in page
    conflict = 1
    before = everything(cast)
    assert (
        desk.post(f"/desk/conflicts/{conflict}/", {"decision": "apply", "comment": "He has the photo"}).status_code
        == 403
    )
    assert everything(cast) == before
    admin = cast.client("adeel")
    assert "The rider is right" in admin.get("/desk/conflicts/").content.decode()
    admin.post(f"/desk/conflicts/{conflict}/", {"decision": "apply", "comment": "He has the photo"})
    assert status_of(cast, cn)[0] == "delivered"
    assert "No conflicts" in admin.get("/desk/conflicts/").content.decode()
