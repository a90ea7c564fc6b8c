"""The page that a printed receipt's QR opens: docs/subsystems/papers.md, the check of a receipt."""

import re

import psycopg
import pytest
import zxingcpp
from django.conf import settings
from django.db import ProgrammingError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from structlog.testing import capture_logs

from icargos.consignments import queries as consignments
from icargos.finance import actions, queries
from icargos.ground.tenancy import acting
from tests.cast import Cast
from tests.dispatch.papers import delivered
from tests.dispatch.papers import token as proof_token
from tests.dispatch.scene import hours
from tests.finance.test_ledger import COURIER
from tests.paper.sample_papers import shown, text
from tests.track.test_proof import PERSONAL, page, words


@pytest.fixture
def cn(cast: Cast) -> str:
    """A parcel with Rs 1,500 COD that was handed over and paid."""
    return delivered(cast, receiver="Canary Malik", relation="family", note="Rang 0333-1234567", order_ref="CANARY-1")


def token(cast: Cast, cn: str) -> str:
    """What the QR of the parcel's receipt carries."""
    bilal = cast.actor("bilal")
    with acting(bilal):
        came = queries.collection(bilal, consignments.one(bilal, cn).id)
    return queries.receipt_token(cn, came.entry, came.amount_paisa)


def test_the_qr_of_a_downloaded_receipt_opens_a_page_that_says_the_same(cast: Cast, cn: str) -> None:
    paper = cast.client("bilal").get(f"/orders/{cn}/cod-receipt.pdf").content
    (code,) = zxingcpp.read_barcodes(shown(paper))
    told, printed = words(page(code.text.removeprefix("http://testserver"))), text(paper)
    assert "This receipt is genuine" in told
    (entry,) = re.findall(rf"\d{{4}} \d{{4}} · cod:{cn}", told)
    for part in (cn, entry, "Fri 20 Nov 2026, 13:00", "Rs 1,500.00"):
        assert part in told, part
        assert part in printed, part


def test_the_page_tells_nothing_of_people_or_places(cast: Cast, cn: str) -> None:
    html = page(f"/r/{token(cast, cn)}")
    assert [part for part in (*PERSONAL, "Karachi", "Multan") if part in html] == []


def test_a_collection_that_was_taken_back_no_longer_stands(cast: Cast, cn: str) -> None:
    path = f"/r/{token(cast, cn)}"
    with acting(COURIER):
        actions.take_back(COURIER, key=f"cod:{cn}", now=hours(4))
    told = words(page(path))
    assert "This receipt no longer stands" in told
    assert "genuine" not in told.lower()


def test_unknown_torn_and_forged_receipts_are_answered_like_every_unknown_link(cast: Cast, cn: str) -> None:
    good, other = token(cast, cn), token(cast, delivered(cast))
    number, _dot, signature = good.partition(".")
    letter = "A" if signature[0] != "A" else "B"
    bad = [
        f"{number}.{letter}{signature[1:]}", f"{number}.{other.partition('.')[2]}", f"{number}.", number,
        f".{signature}", good[:-1], good + "A", f"IC473124829.{signature}", "x", "%00", "x" * 300,
        proof_token(cast, cn),
    ]  # fmt: skip
    blank = set()
    for n, path in enumerate([f"/r/{one}" for one in bad] + ["/t/x"]):
        visitor = Client(REMOTE_ADDR=f"10.0.1.{n}")  # a newcomer's look-ups are counted without a statement
        with CaptureQueriesContext(connection) as asked:
            html = page(path, 404, visitor)
        assert len(asked) == 1, path
        blank.add(re.sub(r'(/[rt]/[^"?]*)|data-csrf="[^"]*"', "", html))
    assert len(blank) == 1
    assert "This receipt is genuine" in page(f"/r/{good}")


def test_another_installation_s_key_makes_no_token_of_ours(
    cast: Cast, cn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = token(cast, cn)
    monkeypatch.setattr(settings, "SECRET_KEY", "another-house-0123456789-0123456789-0123456789")
    theirs = token(cast, cn)
    assert (queries.check_receipt(ours), queries.check_receipt(theirs) is not None) == (None, True)
    monkeypatch.undo()
    assert (queries.check_receipt(ours) is not None, queries.check_receipt(theirs)) == (True, None)


@override_settings(TRACKING_PER_MINUTE=3)
def test_it_is_counted_like_look_ups_by_number(cast: Cast, cn: str) -> None:
    client, path = Client(), f"/r/{token(cast, cn)}"
    for _n in range(3):
        client.get("/r/x")
    assert client.get(path).status_code == 429
    assert client.get(path, REMOTE_ADDR="10.0.0.9").status_code == 200


def test_it_is_not_kept_indexed_logged_or_told_to_other_sites(cast: Cast, cn: str) -> None:
    made = token(cast, cn)
    with capture_logs() as lines:
        answer = Client().get(f"/r/{made}")
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Cache-Control"] == "no-store"
    assert [line["path"] for line in lines] == ["/r/<str:token>"]
    assert made not in str(lines)


def test_the_app_role_may_ask_and_not_read_the_ledger(cast: Cast, cn: str, owner_url: str) -> None:
    assert queries.check_receipt(token(cast, cn)) is not None
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="permission denied"):
        cursor.execute("SELECT 1 FROM finance_transfer")
    with psycopg.connect(owner_url) as owner:
        owner.execute("SET enable_seqscan = off")
        plan = owner.execute("EXPLAIN SELECT 1 FROM finance_transfer WHERE consignment_id = 1").fetchall()
    assert "Index" in plan[0][0]
