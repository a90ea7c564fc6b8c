"""docs/subsystems/b2b.md, 10 to 21: documents at a parcel."""

import hashlib
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from PIL import Image

from icargos.booking import actions
from icargos.booking.actions import DocumentRefused
from icargos.booking.models import Document
from icargos.booking.rules.documents import MOST_BYTES, MOST_DOCUMENTS, File, PdfFault, fault_in_pdf
from icargos.consignments.rules import Status
from icargos.ground import blobs
from icargos.ground.models import Fact
from icargos.ground.tenancy import acting
from icargos.kit.errors import Conflict, Forbidden, NotFound
from tests.b2b.files import pdf, photo
from tests.booking.scene import COURIER, book, move
from tests.cast import CANARY, NOW, Cast
from tests.portal.test_book_page import FORM, _booked

SCRIPT = "/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"


def attach(cast: Cast, cn: str, *sent: File, who: str = "bilal") -> int:
    actor = cast.actor(who)
    with acting(actor):
        return actions.attach_documents(actor, cn, sent, now=NOW)


def remove(cast: Cast, cn: str, document: int, *, who: str = "bilal") -> None:
    actor = cast.actor(who)
    with acting(actor):
        actions.remove_document(actor, cn, document, now=NOW)


def invoice(**changes: str) -> File:
    return File("invoice", "Invoice 77.pdf", pdf(**changes))


def kept() -> list[Document]:
    with acting(COURIER):
        return list(Document.objects.order_by("id"))


def stored() -> set[str]:
    """Every file of the store's folder for documents."""

    from pathlib import Path

    folder = Path(blobs.local_path("documents"))
    return {str(path) for path in folder.rglob("*") if path.is_file()} if folder.exists() else set()


def get(cast: Cast, who: str, where: str) -> HttpResponse:
    return cast.client(who).get(where)  # type: ignore[no-any-return]


def test_what_was_sent_is_kept_with_who_when_and_its_hash(cast: Cast) -> None:
    (parcel,) = book(cast)
    file = invoice()
    assert attach(cast, parcel.cn, file) == 1
    (row,) = kept()
    assert (row.what, row.name, row.media, row.size) == ("invoice", "Invoice 77.pdf", "application/pdf", len(file.data))
    assert (row.sha256, row.at, row.by_name) == (hashlib.sha256(file.data).hexdigest(), NOW, "Bilal Raza")
    with acting(COURIER):
        fact = Fact.objects.get(kind="document.attached")
    assert (fact.subject_id, fact.actor_id) == (parcel.id, cast.people["bilal"])
    assert fact.data == {"document_id": row.id, "what": "invoice", "sha256": row.sha256}
    page = cast.client("bilal").get(f"/orders/{parcel.cn}/").content.decode()
    for text in ("Invoice 77.pdf", "Document attached", row.sha256[:16], f"/orders/{parcel.cn}/documents/{row.id}/"):
        assert text in page


def test_a_pdf_is_saved_and_never_shown_and_nothing_in_it_runs(cast: Cast) -> None:
    (parcel,) = book(cast)
    attach(cast, parcel.cn, invoice())
    answer = get(cast, "bilal", f"/orders/{parcel.cn}/documents/{kept()[0].id}/")
    assert answer.content == invoice().data
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="Invoice 77.pdf"'
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "private, no-store")


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_is_made_anew_and_nothing_of_its_file_stays(cast: Cast, kind: str) -> None:
    (parcel,) = book(cast)
    sent = photo(kind, (3000, 4000), comment=b"<script>" if kind == "JPEG" else b"")
    attach(cast, parcel.cn, File("challan", "scan.exe", sent))
    (row,) = kept()
    assert (row.name, row.media) == ("scan.jpg", "image/jpeg")
    answer = get(cast, "bilal", f"/orders/{parcel.cn}/documents/{row.id}/")
    assert answer["Content-Disposition"] == 'inline; filename="scan.jpg"'
    made = Image.open(BytesIO(answer.content))
    assert (made.format, made.size) == ("JPEG", (1800, 2400))
    assert b"<script>" not in answer.content


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (pdf(), None),
        (pdf(packed="1 0 << /Type /Font >>"), None),
        (pdf(text="/JavaScript is only what the page says"), None),
        (pdf(catalog="/OpenAction [3 0 R /Fit]"), None),
        (pdf(catalog=SCRIPT), PdfFault.ACTIVE),
        (pdf(catalog="/OpenAction << /S /J#61vaScript >>"), PdfFault.ACTIVE),
        (pdf(catalog="/AA << /O << /S /Launch /F (calc.exe) >> >>"), PdfFault.ACTIVE),
        (pdf(packed="1 0 << /S /JavaScript /JS (x) >>"), PdfFault.ACTIVE),
        (pdf(packed="1 0 << /S /#4aavaScript >>"), PdfFault.ACTIVE),
        (pdf(packed="1 0 << /S /JavaScript >>", filters="none"), PdfFault.ACTIVE),
        (pdf(packed="1 0 << /S /JavaScript >>", filters="[/ASCIIHexDecode /FlateDecode]"), PdfFault.DAMAGED),
        (pdf(packed="1 0 " + " " * 20_000_000), PdfFault.DAMAGED),
        (pdf(trailer="/Encrypt 9 0 R"), PdfFault.LOCKED),
        (pdf()[:-60], PdfFault.DAMAGED),
    ],
)  # fmt: skip
def test_a_pdf_is_looked_into(data: bytes, fault: PdfFault | None) -> None:
    assert fault_in_pdf(data) == fault


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (invoice(catalog=SCRIPT), "has a script"),
        (invoice(trailer="/Encrypt 9 0 R"), "locked by a password"),
        (File("invoice", "a.pdf", pdf()[:-60]), "damaged PDF"),
        (File("invoice", "a.pdf", b"MZ\x90\x00 not what it says"), "no PDF, JPEG or PNG"),
        (File("invoice", "a.jpg", photo("WEBP")), "no PDF, JPEG or PNG"),
        (File("invoice", "a.jpg", photo()[:3000]), "damaged picture"),
        (File("invoice", "a.pdf", b""), "is empty"),
        (File("invoice", "a.pdf", pdf() + b" " * MOST_BYTES), "larger than 5 MB"),
        (File("passport", "a.pdf", pdf()), "choose from the list"),
    ],
)
def test_what_is_no_document_is_refused_and_nothing_of_it_is_kept(cast: Cast, file: File, told: str) -> None:
    (parcel,) = book(cast)
    before = stored()
    with pytest.raises(DocumentRefused, match=told):
        attach(cast, parcel.cn, invoice(), file)
    assert kept() == []
    with acting(COURIER):
        assert not Fact.objects.filter(kind="document.attached").exists()
    assert stored() == before, "all are looked at before the first is stored"


def test_the_same_file_again_is_no_second_document_and_the_eleventh_is_refused(cast: Cast) -> None:
    (parcel,) = book(cast)
    many = [invoice(text=f"Invoice {n}") for n in range(MOST_DOCUMENTS)]
    assert attach(cast, parcel.cn, many[0], many[0]) == 1
    assert attach(cast, parcel.cn, *many) == MOST_DOCUMENTS - 1
    with pytest.raises(DocumentRefused, match="at most 10"):
        attach(cast, parcel.cn, invoice(text="one more"))
    assert len(kept()) == MOST_DOCUMENTS
    assert attach(cast, parcel.cn, many[3]) == 0


def test_who_attached_it_or_an_owner_takes_it_off_until_the_hand_over_and_the_file_is_gone(cast: Cast) -> None:
    (parcel,) = book(cast)
    attach(cast, parcel.cn, invoice(text="one"), invoice(text="two"))
    attach(cast, parcel.cn, invoice(text="three"), who="ayesha")
    one, two, three = kept()
    with pytest.raises(Forbidden):
        remove(cast, parcel.cn, three.id)
    assert len(kept()) == 3
    remove(cast, parcel.cn, one.id)
    remove(cast, parcel.cn, two.id, who="ayesha")
    assert [row.id for row in kept()] == [three.id]
    assert blobs.kept(one.file_key) == b""
    assert blobs.kept(three.file_key) == invoice(text="three").data
    with acting(COURIER):
        gone = Fact.objects.filter(kind="document.removed").order_by("id")
        assert [fact.data["document_id"] for fact in gone] == [one.id, two.id]
    move(cast, parcel.cn, Status.PICKED_UP)
    with pytest.raises(Conflict, match="handed over"):
        remove(cast, parcel.cn, three.id, who="ayesha")
    assert f"documents/{three.id}/remove/" not in cast.client("ayesha").get(f"/orders/{parcel.cn}/").content.decode()
    assert attach(cast, parcel.cn, invoice(text="four")) == 1, "what came late may still be attached"


def test_a_parcel_that_never_travels_takes_none(cast: Cast) -> None:
    (parcel,) = book(cast)
    actor = cast.actor("bilal")
    with acting(actor):
        actions.cancel(actor, [parcel.cn], now=NOW)
    with pytest.raises(Conflict, match="cancelled"):
        attach(cast, parcel.cn, invoice())
    assert kept() == []


def test_nobody_reaches_another_shippers_documents(cast: Cast) -> None:
    (mine,), (theirs,) = book(cast), book(cast, whose="B")
    attach(cast, mine.cn, invoice())
    attach(cast, theirs.cn, File("invoice", f"{CANARY}.pdf", pdf(text=CANARY)), who="zara")
    own, other = kept()
    for where in (
        f"/orders/{theirs.cn}/documents/{other.id}/",
        f"/orders/{mine.cn}/documents/{other.id}/",
        f"/orders/{theirs.cn}/documents/{own.id}/",
        f"/orders/{mine.cn}/documents/{own.id + 100}/",
    ):
        answer = get(cast, "bilal", where)
        assert answer.status_code == 404, where
        assert CANARY.encode() not in answer.content
        assert cast.client("bilal").post(f"{where}remove/").status_code == 404, where
    with pytest.raises(NotFound):
        attach(cast, theirs.cn, invoice())
    assert [row.id for row in kept()] == [own.id, other.id]


def test_the_database_itself_keeps_documents_apart(cast: Cast) -> None:
    (mine,), (theirs,) = book(cast), book(cast, whose="B")
    attach(cast, theirs.cn, invoice(), who="zara")
    with acting(cast.actor("bilal")), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM booking_document")
        assert cursor.fetchone() == (0,)
        with pytest.raises(Exception, match="same_shipper"):
            cursor.execute(
                "INSERT INTO booking_document (shipper_id, consignment_id, what, name, media, size, sha256, file_key,"
                " at, by_name) VALUES (%s, %s, 'other', '', '', 1, '', '', now(), '')",
                [cast.shipper_a, theirs.id],
            )
    assert mine.id != theirs.id


def test_who_may_not_see_consignees_sees_no_document_and_the_desk_reads_only(cast: Cast) -> None:
    (parcel,) = book(cast)
    attach(cast, parcel.cn, invoice())
    where = f"documents/{kept()[0].id}/"
    assert get(cast, "farah", f"/orders/{parcel.cn}/{where}").status_code == 403
    assert "Invoice 77" not in get(cast, "farah", f"/orders/{parcel.cn}/").content.decode()
    assert get(cast, "vahid", f"/orders/{parcel.cn}/{where}").status_code == 200
    assert cast.client("vahid").post(f"/orders/{parcel.cn}/documents/").status_code == 403
    assert get(cast, "dawood", f"/desk/parcels/{parcel.cn}/{where}").content == invoice().data
    desk = get(cast, "dawood", f"/desk/parcels/{parcel.cn}/").content.decode()
    assert "Invoice 77.pdf" in desk
    assert "remove/" not in desk
    assert get(cast, "imran", f"/desk/parcels/{parcel.cn}/{where}").status_code == 403


def _file(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def test_the_parcels_page_attaches_and_says_what_is_wrong_with_a_file(cast: Cast) -> None:
    (parcel,) = book(cast)
    client = cast.client("bilal")
    where = f"/orders/{parcel.cn}/"
    sent = {"kind": "order", "document": [_file("PO 9.pdf", pdf(text="a")), _file("../../etc/po<b>.png", photo("PNG"))]}
    page = client.post(f"{where}documents/", sent, follow=True).content.decode()
    assert "2 documents attached" in page
    assert [row.name for row in kept()] == ["PO 9.pdf", "po-b-.jpg"]
    bad = {"kind": "order", "document": _file("x.pdf", pdf(catalog=SCRIPT))}
    assert "has a script" in client.post(f"{where}documents/", bad, follow=True).content.decode()
    assert "Choose a file first" in client.post(f"{where}documents/", {"kind": "order"}, follow=True).content.decode()
    assert len(kept()) == 2


def test_documents_chosen_at_booking_are_attached_to_what_was_booked(cast: Cast) -> None:
    form = {
        **FORM,
        "document_invoice": [_file("one.pdf", pdf(text="one")), _file("two.pdf", pdf(text="two"))],
        "document_challan": _file("dc.jpg", photo()),
    }
    client = cast.client("bilal")
    assert client.post("/book/", form).status_code == 302
    (cn,) = _booked(cast)
    assert [(row.what, row.name) for row in kept()] == [
        ("invoice", "one.pdf"), ("invoice", "two.pdf"), ("challan", "dc.jpg"),
    ]  # fmt: skip
    again = {
        **form,
        "document_invoice": _file("one.pdf", pdf(text="one")),
        "document_challan": _file("dc.jpg", photo()),
    }
    assert client.post("/book/", again)["Location"] == f"/orders/{cn}/"
    assert len(kept()) == 3, "a second click attaches nothing twice"


def test_a_bad_document_books_nothing_and_the_form_keeps_all_else(cast: Cast) -> None:
    client = cast.client("bilal")
    form = {**FORM, "signed_papers": ["challan"], "document_other": _file("x.pdf", pdf(trailer="/Encrypt 9 0 R"))}
    answer = client.post("/book/", form)
    page = answer.content.decode()
    assert answer.status_code == 422
    for text in (
        "<b>Documents:</b> x.pdf is locked by a password",
        "Choose the files again",
        'value="Hina Yousaf"',
        'value="ZT-10493"',
    ):
        assert text in page
    assert 'value="challan" checked' in page
    assert _booked(cast) == []
    assert kept() == []
    mended = {**form, "document_other": _file("x.pdf", pdf())}
    assert client.post("/book/", mended).status_code == 302
    assert len(kept()) == 1


def test_too_much_at_once_is_refused_before_it_is_kept(cast: Cast) -> None:
    (parcel,) = book(cast)
    heavy = [_file(f"{n}.pdf", pdf(text=str(n)) + b" " * (5 * 1024 * 1024 - 3000)) for n in range(6)]
    answer = cast.client("bilal").post(
        f"/orders/{parcel.cn}/documents/", {"kind": "order", "document": heavy}, follow=True
    )
    assert "larger than 25 MB together" in answer.content.decode()
    assert kept() == []
