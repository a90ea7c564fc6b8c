"""The shipper's load sheets through their pages: scanned on, filled, closed, withdrawn."""

import re

import pytest
import zxingcpp
from django.http import HttpResponse
from django.utils.translation import override

from tests.cast import Cast
from tests.paper.sample_papers import shown, text
from tests.pickups.scene import booked, cancel, closed, everything, fates, opened, ready, second_place, sheet

AS_SCRIPT = {"HX-Request": "true"}


def scan(cast: Cast, number: str, cns: str, *, who: str = "bilal") -> HttpResponse:
    """Scan, or paste, onto the sheet as its script does."""
    body = {"cns": cns, "event": "e" * 32}
    answer: HttpResponse = cast.client(who).post(f"/load-sheets/{number}/scan/", body, headers=AS_SCRIPT)
    return answer


def test_a_sheet_is_opened_once_for_a_double_click(cast: Cast) -> None:
    client, body = cast.client("bilal"), {"profile": cast.profile_a, "once": "k" * 20}
    first = client.post("/load-sheets/new/", body)["Location"]
    assert client.post("/load-sheets/new/", body)["Location"] == first
    assert client.get("/load-sheets/").content.decode().count("LS-") == 2, "its name and its address"
    assert client.post("/load-sheets/new/", {"profile": cast.profile_b}).status_code == 404


def test_each_scan_answers_in_one_colour_and_counts(cast: Cast) -> None:
    first, second = booked(cast, 2)
    number = opened(cast)
    good = scan(cast, number, first).content.decode()
    assert 'data-sound="good"' in good
    assert "<bdi>1</bdi>" in good
    assert "Multan" in good
    assert 'data-sound="again"' in scan(cast, number, first).content.decode()
    stop = scan(cast, number, "IC999").content.decode()
    assert 'data-sound="stop"' in stop
    assert "Unknown" in stop
    whole = scan(cast, number, second).content.decode()
    assert re.search(r'figure-big">2 ', whole)
    for part in ("verdict", "sheet-head", "sheet-lines", "sheet-figures"):
        assert f'id="{part}"' in whole


def test_many_are_pasted_and_the_stopped_ones_are_named(cast: Cast) -> None:
    cns, (gone,) = booked(cast, 3), booked(cast)
    cancel(cast, [gone])
    said = scan(cast, opened(cast), "\n".join([*cns, gone])).content.decode()
    assert "3 / 4" in said
    assert f"{gone} is cancelled" in said


@pytest.mark.parametrize("cns", ["", "  ,; ", "\x00", "IC1 " * 1001])
def test_nothing_and_too_many_are_no_scan(cast: Cast, cns: str) -> None:
    number = opened(cast)
    before = everything(cast)
    assert scan(cast, number, cns).status_code == 422
    assert everything(cast) == before


def test_a_sheet_is_filled_closed_and_withdrawn(cast: Cast) -> None:
    ready(cast, booked(cast, 2))
    booked(cast, 2)
    number, client = opened(cast), cast.client("bilal")
    answer = client.post(f"/load-sheets/{number}/fill/", {"which": "ready"}, follow=True)
    assert "2 parcels put on the sheet" in answer.content.decode()
    answer = client.post(f"/load-sheets/{number}/fill/", {"which": "all", "city": "Multan"}, follow=True)
    assert "2 parcels put on the sheet" in answer.content.decode()
    for odd in ({"city": "Nowhere"}, {"from": "x", "service": "y"}, {"which": "all", "city": "\x00"}):
        assert client.post(f"/load-sheets/{number}/fill/", odd).status_code == 302
    assert len(fates(cast, number)) == 4
    answer = client.post(f"/load-sheets/{number}/close/", follow=True)
    assert "is closed" in answer.content.decode()
    assert client.post(f"/load-sheets/{number}/close/").status_code == 302
    assert "data-scan" not in client.get(f"/load-sheets/{number}/").content.decode()
    assert scan(cast, number, "IC1").status_code == 409
    answer = client.post(f"/load-sheets/{number}/end/", follow=True)
    assert "was withdrawn" in answer.content.decode()
    assert "Withdrawn" in client.get(f"/load-sheets/{number}/").content.decode()


def test_lines_are_taken_off_and_an_open_sheet_is_discarded(cast: Cast) -> None:
    cns = booked(cast, 2)
    number, client = opened(cast, cns), cast.client("bilal")
    answer = client.post(f"/load-sheets/{number}/off/", {"cn": [cns[0], "\x00"]}, follow=True)
    assert "1 parcel taken off" in answer.content.decode()
    assert list(fates(cast, number)) == [cns[1]]
    assert "was discarded" in client.post(f"/load-sheets/{number}/end/", follow=True).content.decode()
    assert number not in client.get("/load-sheets/").content.decode()


def test_a_long_sheet_is_read_page_by_page(cast: Cast) -> None:
    number, client = opened(cast, booked(cast, 120)), cast.client("bilal")
    first = client.get(f"/load-sheets/{number}/").content.decode()
    assert first.count('class="is-waiting"') == 100
    older = client.get(f"/load-sheets/{number}/?before=21").content.decode()
    assert older.count('class="is-waiting"') == 20
    for odd in ("x", "-1", "9" * 30, "0"):
        assert client.get(f"/load-sheets/{number}/", {"before": odd}).status_code == 200


def test_the_names_are_left_out_for_finance_and_nothing_can_be_done(cast: Cast) -> None:
    number = opened(cast, booked(cast, consignee_name="Hidden Hina"))
    assert "Hidden Hina" in cast.client("vahid").get(f"/load-sheets/{number}/").content.decode()
    page = cast.client("farah").get(f"/load-sheets/{number}/").content.decode()
    assert "Hidden Hina" not in page
    assert "data-scan" not in page
    assert f"/load-sheets/{number}/close/" not in page


def test_a_sheet_takes_parcels_of_its_own_place(cast: Cast) -> None:
    outlet = second_place(cast)
    number = opened(cast, profile_id=outlet)
    said = scan(cast, number, booked(cast)[0]).content.decode()
    assert "Zarqa Textiles, not here" in said
    assert sheet(cast, number).parcels == 0


@pytest.mark.parametrize("who", ["bilal", "sadia"])
def test_the_code_on_the_paper_opens_the_sheet_itself(cast: Cast, who: str) -> None:
    number = closed(cast, booked(cast, 2))
    answer = cast.client(who).get(f"/ls/{number}/", follow=True)
    assert answer.status_code == 200
    assert number in answer.content.decode()
    assert cast.client("zara").get(f"/ls/{number}/").status_code == 404
    assert cast.client("imran").get(f"/ls/{number}/").status_code == 404
    stranger = cast.client(None).get(f"/ls/{number}/")
    assert stranger["Location"].startswith("/accounts/login/?next=%2Fls%2F")
    for odd in ("x", "LS-2611-99999", "%00"):
        assert cast.client(who).get(f"/ls/{odd}/").status_code == 404


def paper(cast: Cast, number: str, who: str = "bilal", status: int = 200) -> bytes:
    """The answer to its printing, after its status was checked."""
    answer = cast.client(who).get(f"/load-sheets/{number}/sheet.pdf")
    assert answer.status_code == status, answer.content[:300]
    return bytes(answer.content)


def test_a_closed_sheet_is_printed_with_what_was_signed_for(cast: Cast) -> None:
    cns = booked(cast, 3, consignee_name="Hina Yousaf", order_ref="")
    number = closed(cast, cns)
    cancel(cast, cns[2:])
    client = cast.client("bilal")
    answer = client.get(f"/load-sheets/{number}/sheet.pdf")
    assert answer["Content-Disposition"] == f'attachment; filename="{number}.pdf"'
    assert answer["Cache-Control"] == "no-store"
    words = text(answer.content)
    for part in (
        f"Load sheet {number}", "3 parcels, Rs 4,500 COD", "Zarqa Textiles", "Cancelled since 1", "by Bilal Raza",
        f"1 {cns[0]}", f"2 {cns[1]}", "Hina Yousaf Multan 1 0.5 kg Rs 1,500", "Hina Yousaf Multan 1 0.5 kg Cancelled",
    ):  # fmt: skip
        assert part in words, part
    (code,) = zxingcpp.read_barcodes(shown(answer.content))
    assert code.text == f"http://testserver/ls/{number}/"
    assert f'href="/load-sheets/{number}/sheet.pdf"' in client.get(f"/load-sheets/{number}/").content.decode()


def test_there_is_nothing_to_sign_on_an_open_or_a_withdrawn_sheet(cast: Cast) -> None:
    number, client = opened(cast, booked(cast)), cast.client("bilal")
    before = everything(cast)
    assert b"Close it first" in paper(cast, number, status=409)
    assert b"sheet.pdf" not in client.get(f"/load-sheets/{number}/").content
    assert everything(cast) == before
    client.post(f"/load-sheets/{number}/close/")
    paper(cast, number)
    client.post(f"/load-sheets/{number}/end/")
    assert b"was withdrawn" in paper(cast, number, status=409)
    assert b"sheet.pdf" not in client.get(f"/load-sheets/{number}/").content


def test_the_paper_is_its_own_shippers_and_names_nobody_to_finance(cast: Cast) -> None:
    number = closed(cast, booked(cast, consignee_name="Hidden Hina"))
    assert "Hidden Hina" in text(paper(cast, number, "vahid"))
    money = text(paper(cast, number, "farah"))
    assert "Hidden" not in money
    assert number in money
    assert b"%PDF" not in paper(cast, number, "zara", 404)
    assert cast.client(None).get(f"/load-sheets/{number}/sheet.pdf").status_code == 302


def test_the_paper_is_written_in_the_language_of_whoever_asks(cast: Cast) -> None:
    number, client = closed(cast, booked(cast)), cast.client("bilal")
    client.cookies["django_language"] = "ur"
    with override("en"):  # a request leaves its language behind in this thread
        made = client.get(f"/load-sheets/{number}/sheet.pdf").content
    assert b"/Lang(ur)" in made.replace(b"/Lang (", b"/Lang(")
    assert "Received by" not in text(made)
