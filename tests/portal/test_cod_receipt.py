"""Who gets the receipt of what was collected, and when there is none: docs/subsystems/papers.md."""

import re

import pytest
import zxingcpp
from django.test import Client
from django.utils.translation import override

from icargos.finance import actions
from icargos.ground.tenancy import acting
from tests.cast import CANARY, Cast
from tests.dispatch.papers import delivered
from tests.dispatch.scene import everything, hours, out
from tests.finance.test_ledger import COURIER
from tests.paper.sample_papers import shown, text
from tests.parcels import city, enter


def paper(cast: Cast, cn: str, who: str = "bilal", status: int = 200) -> bytes:
    """The answer to the download, after its status was checked."""
    answer = cast.client(who).get(f"/orders/{cn}/cod-receipt.pdf")
    assert answer.status_code == status, answer.content[:300]
    return bytes(answer.content)


def take_back(cn: str) -> None:
    """The collection was reported by mistake."""
    with acting(COURIER):
        actions.take_back(COURIER, key=f"cod:{cn}", now=hours(4))


def test_it_is_downloaded_under_its_number_and_says_what_was_collected(cast: Cast) -> None:
    cn = delivered(cast, order_ref="ZT-1", cod_paisa=645_050, collected_paisa=645_050)
    answer = cast.client("bilal").get(f"/orders/{cn}/cod-receipt.pdf")
    assert answer["Content-Disposition"] == f'attachment; filename="COD-{cn}.pdf"'
    assert answer["Cache-Control"] == "no-store"
    words = text(answer.content)
    for part in (
        f"COD receipt {cn}", "Rs 6,450.50 received", "Collected on delivery Fri 20 Nov 2026, 13:00.",
        "Order ref ZT-1 · Karachi to Multan", "Method Cash", "Rider Imran Ali", "Run sheet DRS-261120-0001",
        "Shipper Zarqa Textiles", "Consignee Sana Malik", f"· cod:{cn}", "by Bilal Raza",
    ):  # fmt: skip
        assert part in words, part
    (code,) = zxingcpp.read_barcodes(shown(answer.content))
    assert re.fullmatch(rf"http://testserver/r/{cn}\.[\w-]{{43}}", code.text)
    assert "This receipt is genuine" in Client().get(code.text.removeprefix("http://testserver")).content.decode()


def test_the_page_offers_it_beside_the_cod_once_the_money_came(cast: Cast) -> None:
    _run, (waiting,) = out(cast)
    came = delivered(cast)
    client = cast.client("farah")
    assert "cod-receipt.pdf" not in client.get(f"/orders/{waiting}/").content.decode()
    page = client.get(f"/orders/{came}/").content.decode()
    assert page.count(f'href="/orders/{came}/cod-receipt.pdf"') == 2
    take_back(came)
    assert "cod-receipt.pdf" not in client.get(f"/orders/{came}/").content.decode()


def test_while_nothing_is_collected_there_is_none_and_a_sentence_says_so(cast: Cast) -> None:
    (booked,) = enter(cast)
    _run, (waiting,) = out(cast)
    prepaid = delivered(cast, cod_paisa=0, collected_paisa=0)
    before = everything(cast)
    for cn in (booked.cn, waiting, prepaid):
        assert b"Nothing has been collected for this parcel" in paper(cast, cn, status=409)
    assert everything(cast) == before


def test_a_collection_that_was_taken_back_has_none_any_more(cast: Cast) -> None:
    cn = delivered(cast)
    take_back(cn)
    assert b"was taken back" in paper(cast, cn, status=409)


def test_it_stays_after_the_cash_was_handed_over(cast: Cast) -> None:
    cn = delivered(cast)
    before = text(paper(cast, cn)).partition("Printed")[0]
    with acting(COURIER):
        actions.close_cash(
            COURIER, run_id=1, rider_id=cast.people["imran"], station_id=5, cash_paisa=150_000, digital_paisa=0,
            approved_by=None, now=hours(5),
        )  # fmt: skip
    assert text(paper(cast, cn)).partition("Printed")[0] == before


@pytest.mark.parametrize("who", ["ayesha", "bilal", "farah"])
def test_owner_operations_and_finance_get_it(cast: Cast, who: str) -> None:
    assert paper(cast, delivered(cast), who)[:5] == b"%PDF-"


def test_finance_gets_it_without_the_consignee(cast: Cast) -> None:
    words = text(paper(cast, delivered(cast), "farah"))
    assert "Consignee" not in words
    assert "Sana" not in words
    assert "Rs 1,500.00 received" in words


def test_a_viewer_may_not_and_is_not_offered_it(cast: Cast) -> None:
    cn = delivered(cast)
    paper(cast, cn, "vahid", 403)
    assert b"cod-receipt.pdf" not in cast.client("vahid").get(f"/orders/{cn}/").content


def test_another_shippers_is_none(cast: Cast) -> None:
    theirs = delivered(cast, whose="B", origin_id=city("Karachi"), consignee_name=f"{CANARY} Hina")
    assert CANARY.encode() not in paper(cast, theirs, "bilal", 404)
    assert f"{CANARY} Hina" in text(paper(cast, theirs, "zara"))


@pytest.mark.parametrize(
    ("who", "status"), [("adeel", 200), ("dawood", 200), ("sadia", 200), ("imran", 403), ("bilal", 404)]
)
def test_the_courier_gives_it_out_at_its_desk(cast: Cast, who: str, status: int) -> None:
    cn = delivered(cast)
    where = f"/desk/parcels/{cn}/cod-receipt.pdf"
    answer = cast.client(who).get(where)
    assert answer.status_code == status
    if status == 200:
        assert "Consignee Sana Malik" in text(answer.content)
        assert f'href="{where}"' in cast.client(who).get(f"/desk/parcels/{cn}/").content.decode()


def test_the_desk_has_none_before_the_money_came(cast: Cast) -> None:
    _run, (cn,) = out(cast)
    client = cast.client("dawood")
    assert client.get(f"/desk/parcels/{cn}/cod-receipt.pdf").status_code == 409
    assert "cod-receipt.pdf" not in client.get(f"/desk/parcels/{cn}/").content.decode()


def test_it_is_written_in_the_language_of_whoever_asks(cast: Cast) -> None:
    cn = delivered(cast)
    client = cast.client("bilal")
    client.cookies["django_language"] = "ur"
    with override("en"):  # a request leaves its language behind in this thread
        made = client.get(f"/orders/{cn}/cod-receipt.pdf").content
    assert b"/Lang(ur)" in made.replace(b"/Lang (", b"/Lang(")
    assert "received" not in text(made)
