"""Manifests through the desk's door, and on the page of a parcel that travels: docs/subsystems/manifests.md."""

import re
from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.utils import timezone

from icargos.ground.tenancy import acting
from icargos.places import queries as places
from tests.cast import CANARY, Cast
from tests.desk.day import event, scan
from tests.dispatch.scene import everything, status_of
from tests.paper.sample_papers import text
from tests.parcels import city, enter


def at_karachi(cast: Cast, number: int = 1, **changes: object) -> list[str]:
    """Parcels that stand at the Karachi station, bound for Multan unless told otherwise."""
    known = {"origin_id": city("Karachi"), "now": timezone.now()}
    cns = [one.cn for one in enter(cast, number, **known | changes)]  # type: ignore[arg-type]
    assert scan(cast, "sadia", "/desk/arrival/", cns).status_code == 200
    return cns


def opened(cast: Cast, cns: Sequence[str] = (), *, to: str = "MUX") -> str:
    """The address of a new manifest from Karachi with these parcels."""
    sadia = cast.actor("sadia")
    with acting(sadia):
        (there,) = (office.id for office in places.stations(sadia) if office.code == to)
    answer = cast.client("sadia").post("/desk/manifests/", {"destination": str(there), "event": event()})
    assert answer.status_code == 302, answer.content
    where = str(answer["Location"])
    if cns:
        assert scan(cast, "sadia", where, cns).status_code == 200
    return where


def details(**changes: str) -> dict[str, str]:
    """What is typed before the vehicle leaves."""
    there = timezone.localtime() + timedelta(hours=14)
    plain = {"vehicle": "jx-4471", "bags": "3", "seal": "S-90017", "driver": "Ghulam Rasool", "route": "N-55"}
    return {**plain, "expected_at": there.strftime("%Y-%m-%dT%H:%M"), **changes}


def sent(cast: Cast, cns: Sequence[str]) -> str:
    """The address of a manifest to Multan that has left with these parcels."""
    where = opened(cast, cns)
    assert cast.client("sadia").post(f"{where}details/", details(go="yes")).status_code == 302
    return where


def test_a_manifest_is_opened_loaded_and_sent_off(cast: Cast) -> None:
    cns = at_karachi(cast, 2, pieces=2)
    where = opened(cast)
    assert re.fullmatch(r"/desk/manifests/MF-\d{4}-00001/", where)
    client = cast.client("sadia")
    assert "disabled" in client.get(where).content.decode().partition('id="manifest-go"')[2][:120]
    first = scan(cast, "sadia", where, [cns[0]]).content.decode()
    assert 'data-sound="good"' in first
    assert "<bdi>1</bdi>" in first
    assert "disabled" not in first.partition('id="manifest-go"')[2][:120]
    said = scan(cast, "sadia", where, [*cns, "IC473124829"]).content.decode()
    assert "1 parcel stopped" in said
    client.post(f"{where}off/", {"cn": cns[1]})
    assert client.post(f"{where}details/", details()).status_code == 302
    assert status_of(cast, cns[0])[0] == "received_at_office"
    page = client.get(where).content.decode()
    assert 'value="JX-4471"' in page
    answer = client.post(f"{where}details/", details(go="yes"), follow=True).content.decode()
    assert "has left" in answer
    assert "data-scan" not in answer
    assert status_of(cast, cns[0])[0] == "in_transit"
    assert status_of(cast, cns[1])[0] == "received_at_office"
    assert "JX-4471" in client.get("/desk/manifests/").content.decode()


def test_one_opened_by_mistake_is_discarded(cast: Cast) -> None:
    (cn,) = at_karachi(cast)
    where = opened(cast, [cn])
    client = cast.client("sadia")
    for _click in range(2):
        assert client.post(f"{where}discard/")["Location"] == "/desk/manifests/"
    assert client.get(where).status_code == 404
    assert "No manifest yet" in client.get("/desk/manifests/").content.decode()
    assert status_of(cast, cn)[0] == "received_at_office"


def test_a_double_click_opens_one_and_sends_it_once(cast: Cast) -> None:
    client = cast.client("sadia")
    sadia = cast.actor("sadia")
    with acting(sadia):
        (there,) = (office.id for office in places.stations(sadia) if office.code == "MUX")
    body = {"destination": str(there), "event": event()}
    assert client.post("/desk/manifests/", body)["Location"] == client.post("/desk/manifests/", body)["Location"]
    where = sent(cast, at_karachi(cast))
    before = everything(cast)
    assert client.post(f"{where}details/", details(go="yes", bags="9")).status_code == 302
    assert everything(cast) == before


@pytest.mark.parametrize("destination", ["", "x", "9" * 40, "999999"])
def test_a_manifest_to_nowhere_is_refused(cast: Cast, destination: str) -> None:
    before = everything(cast)
    answer = cast.client("sadia").post("/desk/manifests/", {"destination": destination, "event": event()})
    assert answer.status_code in {404, 422}
    assert everything(cast) == before


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("vehicle", "", "Write the vehicle&#x27;s number plate."),
        ("bags", "", "Count the bags."),
        ("bags", "many", "There are 1 to 500 bags."),
        ("bags", "9" * 40, "There are 1 to 500 bags."),
        ("expected_at", "", "Say when it should arrive."),
        ("expected_at", "2026-02-31T99:00", "Say when it should arrive."),
        ("expected_at", "0001-01-01T00:00", "It arrives after it leaves, within 14 days."),
    ],
)
def test_what_is_missing_is_told_at_its_field_and_what_was_typed_stays(
    cast: Cast, field: str, typed: str, told: str
) -> None:
    where = opened(cast, at_karachi(cast))
    before = everything(cast)
    answer = cast.client("sadia").post(f"{where}details/", details(go="yes", **{field: typed}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert told in page
    assert f'aria-invalid="true" aria-describedby="e-{field} "' in page
    assert "S-90017" in page
    assert everything(cast) == before


def test_it_is_checked_in_at_the_other_end_by_scan(cast: Cast) -> None:
    here, missing = at_karachi(cast, 2)
    (strange,) = at_karachi(cast)
    (lahore,) = at_karachi(cast, destination_id=city("Lahore"))
    where = sent(cast, [here, missing])
    client = cast.client("dawood")
    assert ">1</b>" in client.get("/desk/manifests/count/").content.decode()
    assert "Coming here" in client.get("/desk/manifests/").content.decode()
    good = scan(cast, "dawood", where, [here]).content.decode()
    assert 'data-sound="good"' in good
    assert "MUX-01" in good
    excess = scan(cast, "dawood", where, [strange]).content.decode()
    assert 'data-sound="again"' in excess
    assert "Received, not on the manifest" in excess
    wrong = scan(cast, "dawood", where, [lahore]).content.decode()
    assert 'data-sound="stop"' in wrong
    assert "It goes to LHE. Send it on from here." in wrong
    assert "1 parcel was not found yet." in wrong
    before = everything(cast)
    assert client.post(f"{where}arrived/").status_code == 409
    assert everything(cast) == before
    answer = client.post(f"{where}arrived/", {"short": "yes"}, follow=True).content.decode()
    assert "Checked in: 1 received, 1 short, 1 in excess, 1 misrouted" in answer
    assert "data-scan" not in answer
    before = everything(cast)
    assert client.post(f"{where}arrived/").status_code == 302
    assert scan(cast, "dawood", where, [missing]).status_code == 409
    assert everything(cast) == before
    assert [status_of(cast, cn)[0] for cn in (here, missing, strange, lahore)] == [
        "received_at_destination", "in_transit", "received_at_destination", "misrouted",
    ]  # fmt: skip


def test_another_stations_manifest_is_no_manifest(cast: Cast) -> None:
    where = opened(cast, at_karachi(cast), to="MUX")
    before = everything(cast)
    client = cast.client("dawood")
    assert client.get(where).status_code == 404, "it has not left yet"
    for what in ("", "off/", "details/", "discard/", "arrived/"):
        assert client.post(f"{where}{what}", {"cns": "IC1", "event": event(), **details(go="yes")}).status_code == 404
    for who, code in (("imran", 403), ("bilal", 404)):
        assert cast.client(who).get(where).status_code == code
    for odd in ("MF-2611-99999", "x", "%00", "9" * 50):
        assert cast.client("sadia").get(f"/desk/manifests/{odd}/").status_code == 404
    assert everything(cast) == before


def test_the_paper_is_printed_at_both_ends_once_it_has_left(cast: Cast) -> None:
    cns = at_karachi(cast, 2, pieces=3)
    where = opened(cast, cns)
    assert cast.client("sadia").get(f"{where}manifest.pdf").status_code == 409
    cast.client("sadia").post(f"{where}details/", details(go="yes"))
    number = where.strip("/").rpartition("/")[2]
    for who in ("sadia", "dawood"):
        client = cast.client(who)
        assert f'href="{where}manifest.pdf"' in client.get(where).content.decode()
        answer = client.get(f"{where}manifest.pdf")
        assert answer["Content-Disposition"] == f'attachment; filename="{number}.pdf"'
        words = text(answer.content)
        for part in (number, "From Karachi Station to Multan Station", "JX-4471", "S-90017", "Pieces 6", *cns):
            assert part in words, part
    for who in ("imran", "bilal", "zara"):
        refused = cast.client(who).get(f"{where}manifest.pdf")
        assert refused.status_code in (403, 404)
        assert b"%PDF" not in refused.content
    urdu = cast.client("sadia")
    urdu.cookies["language"] = "ur"
    assert urdu.get(f"{where}manifest.pdf").status_code == 200


def test_the_shipper_reads_on_its_parcels_page_what_it_travels_on_and_nothing_else(cast: Cast) -> None:
    (mine,) = at_karachi(cast)
    (theirs,) = at_karachi(cast, whose="B", consignee_name=f"{CANARY} Hina")
    where = opened(cast, [mine, theirs])
    number = where.strip("/").rpartition("/")[2]
    shipper = cast.client("bilal")
    assert number not in shipper.get(f"/orders/{mine}/").content.decode()
    cast.client("sadia").post(f"{where}details/", details(go="yes"))
    for who in ("bilal", "farah", "vahid"):
        page = cast.client(who).get(f"/orders/{mine}/").content.decode()
        for part in (number, "JX-4471", "N-55", "On the way", "Expected there"):
            assert part in page, part
        for hidden in (CANARY, theirs, "S-90017", "Ghulam Rasool"):
            assert hidden not in page, hidden
    assert shipper.get(f"/orders/{theirs}/").status_code == 404
    scan(cast, "dawood", where, [mine])
    page = shipper.get(f"/orders/{mine}/").content.decode()
    assert "Arrived" in page.partition('id="travels"')[2]
    cast.client("dawood").post(f"{where}arrived/", {"short": "yes"})
    assert "Not found at check-in" in cast.client("zara").get(f"/orders/{theirs}/").content.decode()
    # Nowhere publicly.
    assert number not in cast.client().get(f"/track/{mine}").content.decode()
    desk = cast.client("dawood").get(f"/desk/parcels/{mine}/").content.decode()
    assert number in desk
