"""The shipper downloads the proof of a delivery: docs/subsystems/papers.md, who gets it."""

import os
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import override
from PIL import Image

from icargos.booking.models import LabelSettings
from icargos.consignments.rules import Status
from icargos.dispatch.models import Proof
from icargos.ground import blobs
from icargos.ground.tenancy import acting
from tests.cast import CANARY, Cast
from tests.dispatch.papers import delivered, move, one_of_a_kind, token, undo
from tests.dispatch.scene import (
    deliver,
    delivery,
    everything,
    fail,
    failed,
    failure,
    file,
    hours,
    out,
    run_of,
)
from tests.paper.sample_papers import pictures, shown, text
from tests.parcels import city, enter

GONE = "This picture is not in our files as it was kept."


def paper(cast: Cast, cn: str, who: str = "bilal", status: int = 200) -> bytes:
    """The answer to the download, after its status was checked."""
    answer = cast.client(who).get(f"/orders/{cn}/epod.pdf")
    assert answer.status_code == status, answer.content[:300]
    return bytes(answer.content)


def test_the_proof_is_downloaded_under_its_number(cast: Cast) -> None:
    cn = delivered(
        cast, receiver="Rabia Malik", relation="family", note="Gate was blue", order_ref="ZT-1", proof="signature"
    )
    answer = cast.client("bilal").get(f"/orders/{cn}/epod.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="EPOD-{cn}.pdf"'
    assert answer["Cache-Control"] == "no-store"
    words = text(answer.content)
    for part in (
        cn, "Delivered Fri 20 Nov 2026, 13:00", "Received by Rabia Malik (Family). Rs 1,500 collected in cash.",
        "Order ref ZT-1 · Overnight · Karachi to Multan", "Consignee Sana Malik",
        "House 12, Street 4, Gulgasht Colony, Multan", "Product Cotton suit", "Proof asked for Signature",
        "Position 30.20000, 71.45000", "Accuracy ± 12 m", "From the city's centre", "Phone's clock Right to the second",
        "Rider Imran Ali", "Run sheet DRS-261120-0001", "Rider's note Gate was blue", "Zarqa Textiles", "Safar Courier",
        "by Bilal Raza",
    ):  # fmt: skip
        assert part in words, part
    assert pictures(answer.content) == [[(600, 200), (640, 480)]]


def test_the_record_on_the_paper_is_the_one_in_the_books(cast: Cast) -> None:
    cn = delivered(cast)
    with acting(cast.actor("bilal")):
        kept = Proof.objects.get(cn=cn).sha256
    assert kept in text(paper(cast, cn)).replace(" ", "")
    (code,) = zxingcpp.read_barcodes(shown(paper(cast, cn)))
    assert code.text == f"http://testserver/p/{token(cast, cn)}"


def test_the_page_of_the_parcel_offers_it_once_it_is_delivered(cast: Cast) -> None:
    _run, (cn,) = out(cast)
    client = cast.client("bilal")
    where = f"/orders/{cn}/epod.pdf"
    assert where not in client.get(f"/orders/{cn}/").content.decode()
    deliver(cast, delivery(cast, cn))
    page = client.get(f"/orders/{cn}/").content.decode()
    assert page.count(f'href="{where}"') == 2
    assert f'<a class="btn btn-primary" href="{where}"' in page


def test_earlier_visits_are_told(cast: Cast) -> None:
    _run, cn = failed(cast)
    run_of(cast, [cn], now=hours(20))
    deliver(cast, delivery(cast, cn, device_at=hours(22)), now=hours(22))
    words = text(paper(cast, cn))
    assert "1 Fri 20 Nov 2026, 13:00 Consignee not available Imran Ali" in words
    assert "2 Sat 21 Nov 2026, 09:00 Delivered Imran Ali" in words


@pytest.mark.parametrize("who", ["ayesha", "bilal", "vahid"])
def test_whoever_may_see_the_consignee_gets_it(cast: Cast, who: str) -> None:
    assert paper(cast, delivered(cast), who)[:5] == b"%PDF-"


def test_finance_may_not_and_is_not_offered_it(cast: Cast) -> None:
    cn = delivered(cast)
    said = paper(cast, cn, "farah", 403)
    assert b"%PDF" not in said
    assert b"Sana" not in said
    assert b"epod.pdf" not in cast.client("farah").get(f"/orders/{cn}/").content


def test_another_shippers_proof_is_no_proof_and_no_byte_of_it_comes_through(cast: Cast) -> None:
    theirs = delivered(
        cast, whose="B", origin_id=city("Karachi"), consignee_name=f"{CANARY} Hina", address=f"{CANARY} House 9"
    )
    assert CANARY.encode() not in paper(cast, theirs, "bilal", 404)
    unknown = paper(cast, "IC000000000", "bilal", 404)
    assert b"There is no such consignment here" in unknown
    assert f"{CANARY} Hina" in text(paper(cast, theirs, "zara"))
    answer = Client().get(f"/orders/{theirs}/epod.pdf")
    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next=%2Forders%2F{theirs}%2Fepod.pdf")


def test_before_the_delivery_there_is_none_and_a_sentence_says_so(cast: Cast) -> None:
    (entered,) = enter(cast)
    assert b"has not been delivered" in paper(cast, entered.cn, status=409)
    _run, (cn,) = out(cast)
    fail(cast, failure(cast, cn))
    before = everything(cast)
    assert b"has not been delivered" in paper(cast, cn, status=409)
    assert everything(cast) == before


def test_a_delivery_of_which_no_proof_was_kept_has_no_paper(cast: Cast) -> None:
    _run, (cn,) = out(cast)
    move(cast, cn, Status.DELIVERED)
    assert b"No proof was kept of this delivery." in paper(cast, cn, status=404)
    assert b"epod.pdf" not in cast.client("bilal").get(f"/orders/{cn}/").content


def test_a_delivery_that_was_corrected_is_not_printed_nor_is_the_next_one_with_its_proof(cast: Cast) -> None:
    cn = delivered(cast)
    undo(cast, cn)
    said = "so its proof no longer stands"
    assert said in paper(cast, cn, status=409).decode()
    assert b"epod.pdf" not in cast.client("bilal").get(f"/orders/{cn}/").content
    move(cast, cn, Status.OUT_FOR_DELIVERY, Status.DELIVERED)
    assert said in paper(cast, cn, status=409).decode()
    assert b"epod.pdf" not in cast.client("bilal").get(f"/orders/{cn}/").content


def test_a_photo_that_is_gone_or_was_exchanged_is_said_to_be(cast: Cast) -> None:
    cn = delivered(cast, photos=(file(one_of_a_kind()), file(one_of_a_kind())))
    whole = paper(cast, cn)
    assert GONE not in text(whole)
    assert sorted(pictures(whole)[0]) == [(400, 300), (400, 300), (600, 200)]
    with acting(cast.actor("bilal")):
        first, second = (Path(blobs.local_path(key)) for key in Proof.objects.get(cn=cn).photo_keys)
    first.write_bytes(one_of_a_kind())
    second.unlink()
    left = paper(cast, cn)
    assert text(left).count(GONE) == 2
    assert pictures(left) == [[(600, 200)]]


def test_the_shippers_logo_stands_on_it_and_one_that_is_gone_stops_no_paper(cast: Cast) -> None:
    cn, client = delivered(cast), cast.client("bilal")
    made = BytesIO()
    Image.frombytes("RGB", (60, 20), os.urandom(60 * 20 * 3)).save(made, "PNG")
    sent = SimpleUploadedFile("logo.png", made.getvalue(), content_type="image/png")
    plain = pictures(paper(cast, cn))[0]
    assert client.post("/settings/labels/logo/", {"logo": sent}).status_code == 302
    (logo,) = [size for size in pictures(paper(cast, cn))[0] if size not in plain]
    assert logo[0] == 3 * logo[1]
    bilal = cast.actor("bilal")
    with acting(bilal):
        key = LabelSettings.objects.get(shipper_id=cast.shipper_a).logo_key
    Path(blobs.local_path(key)).unlink()
    assert pictures(paper(cast, cn))[0] == plain
    assert client.get("/settings/labels/sample/").content[:5] == b"%PDF-"


def test_it_is_written_in_the_language_of_whoever_asks(cast: Cast) -> None:
    cn = delivered(cast)
    client = cast.client("bilal")
    client.cookies["django_language"] = "ur"
    with override("en"):  # a request leaves its language behind in this thread
        made = client.get(f"/orders/{cn}/epod.pdf").content
    assert b"/Lang(ur)" in made.replace(b"/Lang (", b"/Lang(")
    words = text(made)
    assert "Delivered" not in words
    assert set("ترسیلکاثبوت") <= set(words)
    assert {"Sana", "Malik"} <= set(words.split())
