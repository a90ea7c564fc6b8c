"""The page that a printed proof's QR opens: docs/subsystems/papers.md, the check."""

import re

import psycopg
import pytest
import zxingcpp
from django.conf import settings
from django.db import ProgrammingError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils.translation import override
from structlog.testing import capture_logs

from icargos.consignments.rules import Status
from icargos.dispatch import queries
from tests.cast import Cast
from tests.dispatch.papers import delivered, move, token, undo
from tests.paper.sample_papers import shown, text

PERSONAL = (
    "Canary", "Malik", "Gulgasht", "House 12", "0333", "1234567", "Imran", "Zarqa", "30.2", "71.45", "DRS-", "phone-1",
    "Rang", "Cotton", "<img", "family", "Family",
)  # fmt: skip


@pytest.fixture
def cn(cast: Cast) -> str:
    """A parcel with Rs 1,500 COD that was handed over."""
    return delivered(cast, receiver="Canary Malik", relation="family", note="Rang 0333-1234567", order_ref="CANARY-1")


def words(html: str) -> str:
    """The words of a page without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


def page(path: str, status: int = 200, client: Client | None = None) -> str:
    """The page's HTML after its status was checked."""
    answer = (client or Client()).get(path)
    assert answer.status_code == status
    return answer.content.decode()


def test_the_qr_of_a_downloaded_paper_opens_a_page_that_says_the_same(cast: Cast, cn: str) -> None:
    paper = cast.client("bilal").get(f"/orders/{cn}/epod.pdf").content
    (code,) = zxingcpp.read_barcodes(shown(paper))
    host, path = code.text[:17], code.text[17:]
    assert host == "http://testserver"
    told, printed = words(page(path)), text(paper)
    assert "This proof is genuine" in told
    (record,) = re.findall(r"(?:[0-9a-f]{8} ){7}[0-9a-f]{8}", told)
    for part in (cn, record, "Fri 20 Nov 2026, 13:00", "Rs 1,500", "Karachi", "Multan"):
        assert part in told, part
        assert part in printed, part


def test_the_page_tells_nothing_of_people_or_places_of_the_shipper_or_the_goods(cast: Cast, cn: str) -> None:
    html = page(f"/p/{token(cast, cn)}")
    assert [part for part in PERSONAL if part in html] == []


def test_unknown_torn_and_forged_papers_are_answered_like_every_unknown_link(cast: Cast, cn: str) -> None:
    good, other = token(cast, cn), token(cast, delivered(cast))
    number, _dot, signature = good.partition(".")
    letter = "A" if signature[0] != "A" else "B"
    bad = [
        f"{number}.{letter}{signature[1:]}", f"{number}.{other.partition('.')[2]}", f"{number}.", number,
        f".{signature}", good[:-1], good + "A", good.lower(), f"IC473124829.{signature}", "x", "%00",
        "x" * 300, f"{number}.{cn}", f"{number}.ü",
    ]  # fmt: skip
    blank = set()
    for n, path in enumerate([f"/p/{one}" for one in bad] + ["/t/x", "/q/x"]):
        visitor = Client(REMOTE_ADDR=f"10.0.0.{n}")  # a newcomer's look-ups are counted without a statement
        with CaptureQueriesContext(connection) as asked:
            html = page(path, 404, visitor)
        assert "No parcel found" in html
        assert len(asked) == 1, path
        blank.add(re.sub(r'(/[ptq]/[^"?]*)|data-csrf="[^"]*"', "", html))
    assert len(blank) == 1
    assert "This proof is genuine" in page(f"/p/{good}")


def test_another_installation_s_key_makes_no_token_of_ours(
    cast: Cast, cn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = token(cast, cn)
    monkeypatch.setattr(settings, "SECRET_KEY", "another-house-0123456789-0123456789-0123456789")
    theirs = token(cast, cn)
    assert theirs.partition(".")[0] == ours.partition(".")[0]
    assert (queries.verify(ours), queries.verify(theirs) is not None) == (None, True)
    monkeypatch.undo()
    assert (queries.verify(ours) is not None, queries.verify(theirs)) == (True, None)


def test_a_corrected_delivery_no_longer_stands(cast: Cast, cn: str) -> None:
    path = f"/p/{token(cast, cn)}"
    undo(cast, cn)
    told = words(page(path))
    assert "This proof no longer stands" in told
    assert "genuine" not in told.lower()
    move(cast, cn, Status.OUT_FOR_DELIVERY, Status.DELIVERED)
    assert "This proof no longer stands" in page(path), "the parcel arrived by another delivery than the one proven"


@override_settings(TRACKING_PER_MINUTE=6)
def test_it_is_counted_like_look_ups_by_number(cast: Cast, cn: str) -> None:
    client, path = Client(), f"/p/{token(cast, cn)}"
    for where in ("/p/x", f"/track/{cn}.json") * 3:
        client.get(where)
    with CaptureQueriesContext(connection) as asked:
        refused = client.get(path)
    assert refused.status_code == 429
    assert 1 <= int(refused["Retry-After"]) <= 11
    assert "dispatch_check_proof" not in str(asked.captured_queries)
    assert client.get(path, REMOTE_ADDR="10.0.0.9").status_code == 200


def test_it_is_not_kept_indexed_logged_or_told_to_other_sites(cast: Cast, cn: str) -> None:
    made = token(cast, cn)
    with capture_logs() as lines:
        answer = Client().get(f"/p/{made}")
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Cache-Control"] == "no-store"
    assert [line["path"] for line in lines] == ["/p/<str:token>"]
    assert made not in str(lines)


def test_it_is_one_statement_whoever_is_signed_in(cast: Cast, cn: str) -> None:
    path, client = f"/p/{token(cast, cn)}", cast.client("bilal")
    with CaptureQueriesContext(connection) as asked:
        page(path, client=client)
    assert len(asked) == 1
    assert asked[0]["sql"].startswith("SELECT dispatch_check_proof(")


def test_it_speaks_urdu(cast: Cast, cn: str) -> None:
    client = Client()
    with override("en"):  # a request leaves its language behind in this thread
        assert client.get(f"/p/{token(cast, cn)}?lang=ur").status_code == 302
        html = page(f"/p/{token(cast, cn)}", client=client)
    assert '<html lang="ur" dir="rtl"' in html
    for part in ("یہ ثبوت اصلی ہے", "ملتان", "20 نومبر 2026"):
        assert part in words(html), part


def test_the_app_role_may_ask_and_not_read_proofs(cast: Cast, cn: str, owner_url: str) -> None:
    assert queries.verify(token(cast, cn)) is not None
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="permission denied"):
        cursor.execute("SELECT 1 FROM dispatch_proof")
    with psycopg.connect(owner_url) as owner:
        owner.execute("SET enable_seqscan = off")
        plan = owner.execute("EXPLAIN SELECT 1 FROM dispatch_proof WHERE consignment_id = 1").fetchall()
    assert "Index" in plan[0][0]
