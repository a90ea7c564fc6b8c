"""The rider's phone, through its door."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override

from icargos.consignments import queries as consignments
from icargos.finance import queries as finance
from icargos.ground.tenancy import acting
from tests.cast import Cast
from tests.desk.day import (
    at_multan,
    delivered,
    event,
    fail,
    failed,
    photo,
    report,
    scan,
    sheet,
    signature,
    stop,
)
from tests.dispatch.scene import cod_state, everything, status_of
from tests.dispatch.test_pictures import huge_png


def _out(cast: Cast, number: int = 1, **changes: Any) -> list[str]:
    cns = at_multan(cast, number, **changes)
    sheet(cast, cns)
    return cns


def test_the_run_lists_the_stops_and_the_cash(cast: Cast) -> None:
    cns = _out(cast, 2)
    page = cast.client("imran").get("/rider/").content.decode()
    assert "0 of 2" in page
    assert "3,000" in page
    client = cast.client("imran")
    client.post(f"/rider/stops/{stop(cast, cns[0])}/delivered/", delivered())
    page = client.get("/rider/").content.decode()
    assert "1 of 2" in page
    assert "1 delivered" in page
    assert "No run yet" in cast.client("asif").get("/rider/").content.decode()


def test_the_stop_heads_with_the_address_and_the_cod(cast: Cast) -> None:
    (cn,) = _out(cast, landmark="Blue gate")
    page = cast.client("imran").get(f"/rider/stops/{stop(cast, cn)}/").content.decode()
    assert "<h1><bdi>House 12, Street 4, Gulgasht Colony</bdi></h1>" in page
    for text in ("Collect exactly", "1,500", "tel:+923331234567", "wa.me/923331234567", "Blue gate", "google.com/maps"):
        assert text in page
    assert "disabled" not in page.partition("ride-acts")[2]


def test_delivered_with_signature_photo_position_and_cod(cast: Cast) -> None:
    (cn,) = _out(cast, proof="signature")
    body = delivered(signature=signature(), photo=[photo(), photo(300, 300)])
    where = f"/rider/stops/{stop(cast, cn)}/delivered/"
    answer = cast.client("imran").post(where, body, follow=True)
    assert f"{cn} delivered" in answer.content.decode()
    assert status_of(cast, cn) == ("delivered", "consignee")
    assert cod_state(cast, cn) == "collected"
    page = cast.client("bilal").get(f"/orders/{cn}/").content.decode()
    for text in ("Proof of delivery", "Sana Malik", "30.20000", "/pictures/signature/", "/pictures/photo-1/"):
        assert text in page
    picture = cast.client("bilal").get(f"/orders/{cn}/pictures/signature/")
    assert picture["Content-Type"] == "image/png"
    assert picture["X-Content-Type-Options"] == "nosniff"
    with acting(cast.actor("dawood")):
        assert finance.expected_of(cast.actor("dawood"), cast.people["imran"]) == 150_000


def test_a_replay_changes_nothing(cast: Cast) -> None:
    (cn,) = _out(cast)
    where, body = f"/rider/stops/{stop(cast, cn)}/delivered/", delivered()
    client = cast.client("imran")
    assert client.post(where, body).status_code == 302
    before = everything(cast)
    assert client.post(where, body).status_code == 302
    assert client.post(where, {**body, "receiver": "Somebody else"}).status_code == 409
    assert everything(cast) == before


@pytest.mark.parametrize(
    ("proof", "changes", "told"),
    [
        ("signature", {}, "asks for a signature"),
        ("photo", {}, "asks for a photo"),
        ("code", {"photo": True}, "why there is no delivery code"),
        ("none", {"receiver": "S"}, "who received it"),
        ("none", {"relation": "stranger"}, "who the receiver is"),
        ("none", {"cod": "1400"}, "Collect exactly the COD"),
        ("none", {"cod": "lots"}, "whole rupees"),
        ("none", {"lat": "95", "lng": "71"}, "position cannot be read"),
        ("none", {"event": "short"}, "without a proper id"),
        ("none", {"photo": False}, "This is not a picture"),
    ],
)
def test_what_is_missing_is_named_in_place(cast: Cast, proof: str, changes: dict[str, Any], told: str) -> None:
    (cn,) = _out(cast, proof=proof)
    if "photo" in changes:
        picture = photo() if changes["photo"] else SimpleUploadedFile("a.jpg", b"<svg onload=alert(1)>")
        changes = {**changes, "photo": picture}
    before = everything(cast)
    where = f"/rider/stops/{stop(cast, cn)}/delivered/"
    answer = cast.client("imran").post(where, delivered(**changes), headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert "<html" not in answer.content.decode()
    assert everything(cast) == before


def test_a_picture_of_too_many_pixels_is_refused_in_place(cast: Cast) -> None:
    (cn,) = _out(cast, proof="photo")
    before = everything(cast)
    huge = SimpleUploadedFile("photo.png", huge_png(), content_type="image/png")
    where = f"/rider/stops/{stop(cast, cn)}/delivered/"
    answer = cast.client("imran").post(where, delivered(photo=huge), headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert '<a class="link" href="#step-photo">This picture has too many pixels.' in answer.content.decode()
    assert everything(cast) == before


def test_a_report_that_comes_after_the_run_was_closed_counts(cast: Cast) -> None:
    cns = at_multan(cast, 2)
    run = sheet(cast, cns)
    phone, desk = cast.client("imran"), cast.client("dawood")
    where = {cn: f"/rider/stops/{stop(cast, cn)}/delivered/" for cn in cns}
    scan(cast, "dawood", f"/desk/runs/{run}/", cns[1:])
    assert desk.post(f"/desk/runs/{run}/close/", {"cash": "0", "short": "yes"}).status_code == 302
    assert cns[0] in phone.get(f"/rider/stops/{stop(cast, cns[0])}/").content.decode()
    told = phone.post(where[cns[0]], delivered(), follow=True).content.decode()
    assert f"{cns[0]} delivered" in told
    assert (status_of(cast, cns[0])[0], cod_state(cast, cns[0])) == ("delivered", "collected")
    told = phone.post(where[cns[1]], delivered(), follow=True).content.decode()
    assert f"{cns[1]}: the scans say otherwise. The desk will decide; keep the cash apart." in told
    assert (status_of(cast, cns[1])[0], cod_state(cast, cns[1])) == ("received_at_destination", "expected")


def test_a_torn_upload_is_noticed(cast: Cast) -> None:
    (cn,) = _out(cast)
    before = everything(cast)
    where = f"/rider/stops/{stop(cast, cn)}/delivered/"
    answer = cast.client("imran").post(where, delivered(photo=photo(), photo_sha256="0" * 64))
    assert answer.status_code == 422
    assert "damaged on its way" in answer.content.decode()
    assert everything(cast) == before


def test_failed_with_its_reason_photo_and_calls(cast: Cast) -> None:
    (cn,) = _out(cast)
    where = f"/rider/stops/{stop(cast, cn)}/failed/"
    assert "Address not located" in cast.client("imran").get(where).content.decode()
    bare = report(reason="UL")
    assert cast.client("imran").post(where, bare).status_code == 422
    assert status_of(cast, cn)[0] == "out_for_delivery"
    called = failed(
        "CNR", call=["2026-11-20T09:00:00Z|34", "2026-11-20T09:02:00Z|12", "nonsense", "|9"], note="No answer"
    )
    assert cast.client("imran").post(where, called).status_code == 302
    assert status_of(cast, cn) == ("delivery_unsuccessful", "rider")
    page = cast.client("bilal").get(f"/orders/{cn}/").content.decode()
    for text in ("Not answering / phone off", "No answer", "2 calls, 34 s, 12 s", "/pictures/attempt-1-0/"):
        assert text in page


def test_without_a_position_the_reason_is_kept(cast: Cast) -> None:
    (cn,) = _out(cast)
    fail(cast, cn, lat="", lng="", accuracy_m="", no_position="Inside a building")
    page = cast.client("bilal").get(f"/orders/{cn}/").content.decode()
    assert "No position: Inside a building" in page


def test_not_attempted_counts_no_attempt(cast: Cast) -> None:
    (cn,) = _out(cast)
    where = f"/rider/stops/{stop(cast, cn)}/not-attempted/"
    assert "does not count" in cast.client("imran").get(where).content.decode()
    assert cast.client("imran").post(where, report(reason="CNA")).status_code == 422
    assert cast.client("imran").post(where, report(reason="VB")).status_code == 302
    assert status_of(cast, cn) == ("received_at_destination", "rider")
    actor = cast.actor("bilal")
    with acting(actor):
        assert consignments.one(actor, cn).attempts == 0


def test_another_riders_stop_is_no_stop(cast: Cast) -> None:
    (cn,) = _out(cast)
    before = everything(cast)
    client = cast.client("asif")
    for what in ("", "failed/", "not-attempted/"):
        assert client.get(f"/rider/stops/{stop(cast, cn)}/{what}").status_code == 404
    for what in ("delivered/", "failed/", "not-attempted/"):
        assert client.post(f"/rider/stops/{stop(cast, cn)}/{what}", delivered()).status_code == 404
    assert client.get("/rider/stops/99999999999999999999/").status_code == 404
    assert everything(cast) == before


def test_the_shippers_answer_is_on_the_stop_at_once(cast: Cast) -> None:
    (cn,) = _out(cast)
    fail(cast, cn, "CNA")
    where = f"/rider/stops/{stop(cast, cn)}/"
    assert "The shipper asks" not in cast.client("imran").get(where).content.decode()
    shop = cast.client("bilal")
    page = shop.get("/advice/").content.decode()
    advise = page.partition('id="advise" method="post" action="')[2].partition('"')[0]
    day = page.partition('name="on_date" value="')[2].partition('"')[0]
    body = {"event": event(), "action": "reattempt", "on_date": day, "window": "15-18", "note": "Ring the upper bell"}
    assert shop.post(advise, body).status_code == 302
    page = cast.client("imran").get(where).content.decode()
    for text in ("The shipper asks", "Re-attempt", "15-18", "Ring the upper bell"):
        assert text in page
    assert "Shipper answered" in cast.client("imran").get("/rider/").content.decode()


def test_a_phones_wrong_clock_is_kept_and_clamped(cast: Cast) -> None:
    (cn,) = _out(cast)
    fail(cast, cn, device_at="2020-01-01T10:00:00+05:00", sent_at="2020-01-01T10:00:05+05:00")
    page = cast.client("dawood").get(f"/desk/parcels/{cn}/").content.decode()
    assert re.search(r"[\d,]+ days slow", page)


def test_a_stop_that_was_scanned_back_takes_no_new_report_form(cast: Cast) -> None:
    cns = at_multan(cast)
    run = sheet(cast, cns)
    where = f"/rider/stops/{stop(cast, cns[0])}/"
    scan(cast, "dawood", f"/desk/runs/{run}/", cns)
    page = cast.client("imran").get(where).content.decode()
    assert "Scanned back at the station" in page
    assert "data-report" not in page


def test_the_page_speaks_urdu(cast: Cast) -> None:
    (cn,) = _out(cast)
    client = cast.client("imran")
    client.cookies["django_language"] = "ur"
    with override("en"):  # a request leaves its language behind in this thread
        page = client.get(f"/rider/stops/{stop(cast, cn)}/").content.decode()
    assert 'dir="rtl"' in page
    assert "کس نے لیا" in page
    assert "Who took it" not in page
