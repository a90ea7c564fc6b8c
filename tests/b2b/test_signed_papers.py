"""docs/subsystems/b2b.md, 22 to 30: papers that must come back signed."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from icargos.booking.rules.answers import checkers
from icargos.booking.rules.cells import Cell
from icargos.consignments import queries as consignments
from icargos.consignments.rules import Status
from icargos.consignments.rules.papers import PAPERS, asked, written
from icargos.dispatch import actions, queries
from icargos.dispatch.actions import OutcomeRefused
from icargos.dispatch.gateways.pictures import PictureRefused
from icargos.dispatch.models import Proof
from icargos.dispatch.rules.proof import PAPER_WANTED
from icargos.ground.tenancy import acting
from tests.b2b.test_pieces import typed
from tests.booking.ground import REF
from tests.booking.scene import book, charged, move, order, print_label, row
from tests.cast import Cast
from tests.desk.day import delivered, stop
from tests.dispatch.scene import (
    cod_state,
    deliver,
    delivery,
    everything,
    file,
    hand_back,
    hours,
    out,
    picture,
    status_of,
)
from tests.paper.sample_papers import pictures, text
from tests.portal.test_book_page import FORM, _booked


def cell(text: str) -> Cell:
    return checkers(REF)["signed_papers"][text]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("challan", "challan"), ("Signed Invoice Copy, challan", "invoice,challan"), ("PO & GRN", "order,receipt"),
        ("challan; invoice", "invoice,challan"), ("Delivery Note and bill", "invoice,challan"), ("none", ""), ("", ""),
    ],
)  # fmt: skip
def test_papers_are_read_as_people_write_them(text: str, kept: str) -> None:
    assert cell(text) == Cell(kept)


def test_other_papers_are_refused_with_what_may_be_meant() -> None:
    (finding,) = cell("invoise").findings
    assert (finding.code.value, finding.suggestion) == ("TYPE", "invoice")
    assert [one.code.value for one in cell("challan, passport").findings] == ["TYPE"]


def test_every_paper_has_its_words_and_fits_the_column() -> None:
    assert set(PAPERS) == set(PAPER_WANTED)
    assert len(written(PAPERS)) <= 40
    assert asked(written(["receipt", "invoice", "other"])) == ("invoice", "receipt")


def test_they_are_chosen_at_booking_and_stand_on_the_pages(cast: Cast) -> None:
    client = cast.client("bilal")
    assert client.post("/book/", {**FORM, "signed_papers": ["challan", "invoice"]}).status_code == 302
    (cn,) = _booked(cast)
    assert row(cast, cn).signed_papers == "invoice,challan"
    words = "Signed invoice copy, Signed delivery challan"
    assert words in client.get(f"/orders/{cn}/").content.decode()
    assert words in cast.client("dawood").get(f"/desk/parcels/{cn}/").content.decode()
    assert 'value="challan" checked' in client.get(f"/orders/{cn}/edit/").content.decode()
    assert 'value="receipt" checked' not in client.get(f"/orders/{cn}/edit/").content.decode()


def test_they_may_change_until_the_hand_over_and_cost_nothing(cast: Cast) -> None:
    (parcel,) = book(cast, [order(cast, signed_papers="challan")])
    print_label(cast, parcel)
    before = charged(cast, parcel.cn)
    move(cast, parcel.cn, Status.READY_FOR_PICKUP)
    changed = typed(cast, parcel.cn, signed_papers="invoice, challan")
    assert (changed.fields, changed.receipt, changed.label_stale) == (("signed_papers",), None, False)
    assert charged(cast, parcel.cn) == before
    page = cast.client("bilal").get(f"/orders/{parcel.cn}/").content.decode()
    assert "<s><bdi>Signed delivery challan</bdi></s>" in page


def test_a_delivery_without_a_photo_of_each_is_refused_and_nothing_changed(cast: Cast) -> None:
    _run, (cn,) = out(cast, signed_papers="invoice,challan")
    before = everything(cast)
    for papers, missing in (
        ({}, ["paper_invoice", "paper_challan"]),
        ({"challan": file(picture())}, ["paper_invoice"]),
    ):
        with pytest.raises(OutcomeRefused) as refusal:
            deliver(cast, delivery(cast, cn, papers=papers))
        assert [(one.field, one.code) for one in refusal.value.problems] == [
            (field, "PROOF_MISSING") for field in missing
        ]
    with pytest.raises(PictureRefused) as torn:
        deliver(cast, delivery(cast, cn, papers={"invoice": file(picture()), "challan": file(b"no picture")}))
    assert [one.field for one in torn.value.problems] == ["paper_challan"]
    assert everything(cast) == before


def test_with_them_it_is_delivered_and_they_show_with_the_proof(cast: Cast) -> None:
    _run, (cn,) = out(cast, signed_papers="invoice,challan")
    papers = {"invoice": file(picture(1200, 900)), "challan": file(picture(800, 600))}
    deliver(cast, delivery(cast, cn, photos=(file(picture(500, 400)),), papers=papers))
    assert status_of(cast, cn) == ("delivered", "consignee")
    assert cod_state(cast, cn) == "collected"
    bilal = cast.actor("bilal")
    with acting(bilal):
        proof = Proof.objects.get(cn=cn)
        parcel = consignments.one(bilal, cn)
        assert set(queries.proof_papers(bilal, parcel.id)) == {"invoice", "challan"}
    assert set(proof.paper_keys) == {"invoice", "challan"}
    assert len(proof.originals) == 3
    client = cast.client("bilal")
    page = client.get(f"/orders/{cn}/").content.decode()
    assert 'alt="Signed delivery challan"' in page
    assert client.get(f"/orders/{cn}/pictures/paper-challan/")["Content-Type"] == "image/jpeg"
    assert 'alt="Signed invoice copy"' in cast.client("dawood").get(f"/desk/parcels/{cn}/").content.decode()
    paper = client.get(f"/orders/{cn}/epod.pdf").content
    for word in ("Signed papers", "Signed invoice copy", "Signed delivery challan"):
        assert word in text(paper)
    assert sorted(size for each in pictures(paper) for size in each) == [(500, 400), (800, 600), (800, 600)]
    for who, where, status in (
        ("zara", f"/orders/{cn}/pictures/paper-challan/", 404),
        ("farah", f"/orders/{cn}/pictures/paper-challan/", 403),
        ("bilal", f"/orders/{cn}/pictures/paper-order/", 404),
    ):
        assert cast.client(who).get(where).status_code == status, who


def test_the_riders_page_asks_for_what_the_parcel_asks_for(cast: Cast) -> None:
    _run, (cn,) = out(cast, signed_papers="challan")
    _run, (plain,) = out(cast)
    client = cast.client("imran")
    where = f"/rider/stops/{stop(cast, cn)}/"
    page = client.get(where).content.decode()
    assert 'id="step-paper_challan"' in page
    assert "Signed delivery challan" in page
    assert "step-paper_invoice" not in page
    assert "step-paper_" not in client.get(f"/rider/stops/{stop(cast, plain)}/").content.decode()
    refused = client.post(f"{where}delivered/", delivered(), headers={"HX-Request": "true"})
    assert refused.status_code == 422
    assert "#step-paper_challan" in refused.content.decode()
    assert status_of(cast, cn) == ("out_for_delivery", "rider")
    sent = SimpleUploadedFile("challan.jpg", picture(), content_type="image/jpeg")
    assert client.post(f"{where}delivered/", delivered(paper_challan=sent)).status_code == 302
    assert status_of(cast, cn) == ("delivered", "consignee")


def test_a_late_delivery_keeps_its_papers_through_the_conflict(cast: Cast) -> None:
    run, (cn,) = out(cast, signed_papers="challan")
    hand_back(cast, run, [cn])
    report = delivery(cast, cn, device_at=hours(8), papers={"challan": file(picture())})
    assert deliver(cast, report, now=hours(10)).fate == "conflict"
    adeel = cast.actor("adeel")
    with acting(adeel):
        (conflict,) = queries.conflicts(adeel)
        shown = f"conflict-{conflict.id}-paper-challan"
        assert queries.picture(adeel, conflict.consignment_id, shown)
        actions.settle(adeel, conflict.id, "apply", "The receiver was called", now=hours(11))
        assert set(Proof.objects.get(cn=cn).paper_keys) == {"challan"}


def test_a_proof_of_an_earlier_release_has_no_papers(cast: Cast, owner_url: str) -> None:
    import psycopg

    with psycopg.connect(owner_url) as owner:
        (kept,) = owner.execute(
            "SELECT column_default FROM information_schema.columns"
            " WHERE table_name = 'dispatch_proof' AND column_name = 'paper_keys'"
        ).fetchone() or ("",)
    assert kept == "'{}'::jsonb"
