"""The pages of labels: what is looked at counts nothing, what is printed counts once, and the way there is short."""

import io
from typing import Any

import pypdfium2
import pytest
from PIL import Image

from icargos.booking import actions, queries
from icargos.booking.models import Print
from icargos.booking.rules.printing import Wanted
from icargos.consignments import queries as parcels
from icargos.ground.tenancy import acting
from icargos.paper.formats import FORMATS
from tests.cast import NOW, Cast
from tests.parcels import enter
from tests.worker import work_off


def printed(cast: Cast) -> list[int]:
    actor = cast.actor("bilal")
    with acting(actor):
        rows = parcels.page(actor, parcels.Filters()).rows
        return [row.labels_printed for row in reversed(rows)]


def pages(data: bytes) -> int:
    document = pypdfium2.PdfDocument(data)
    count = len(document)
    document.close()
    return count


def logo(size: tuple[int, int] = (300, 100), kind: str = "PNG", **more: Any) -> io.BytesIO:
    file = io.BytesIO()
    picture = Image.new("RGB", size, "white")
    picture.paste("black", (20, 20, size[0] - 20, size[1] - 20))
    picture.save(file, kind, **more)
    file.seek(0)
    file.name = f"logo.{kind.lower()}"
    return file


def test_one_click_prints_what_is_ticked_as_one_file(cast: Cast) -> None:
    cns = [one.cn for one in enter(cast, 3)]
    client = cast.client("bilal")
    answer = client.post("/labels/", {"cn": cns, "format": "4x6"})
    assert answer.status_code == 302
    file = client.get(answer["Location"])
    assert file["Content-Type"] == "application/pdf"
    assert file["Content-Disposition"].startswith("inline; filename=")
    assert pages(file.content) == 3
    assert printed(cast) == [1, 1, 1]


def test_a_refresh_a_prefetch_and_a_second_look_print_nothing_more(cast: Cast) -> None:
    (one,) = enter(cast)
    client = cast.client("bilal")
    where = client.post("/labels/", {"cn": one.cn})["Location"]
    first = client.get(where).content
    for _again in range(3):
        assert client.get(where, headers={"Purpose": "prefetch"}).content == first
    for look in (f"/orders/{one.cn}/label/", f"/labels/?cn={one.cn}", f"/labels/preview.png?cn={one.cn}",
                 f"/labels/preview/?cn={one.cn}", f"/orders/{one.cn}/"):  # fmt: skip
        assert client.get(look).status_code == 200
    assert printed(cast) == [1]


def test_no_get_counts_anything(cast: Cast) -> None:
    (one,) = enter(cast)
    client = cast.client("bilal")
    for look in (f"/orders/{one.cn}/label/?format=a4-4", f"/labels/?cn={one.cn}&format=zpl-203"):
        assert "Print 1 label" in client.get(look).content.decode()
    assert printed(cast) == [0]
    with acting(cast.actor("bilal")):
        assert Print.objects.count() == 0


@pytest.mark.parametrize("code", FORMATS)
def test_the_file_of_every_format_has_its_own_kind(cast: Cast, code: str) -> None:
    cns = [one.cn for one in enter(cast, 5)]
    client = cast.client("bilal")
    file = client.get(client.post("/labels/", {"cn": cns, "format": code})["Location"])
    form = FORMATS[code]
    if form.dots:
        assert file["Content-Type"].startswith("text/plain")
        assert file["Content-Disposition"].startswith("attachment")
        assert file["Content-Disposition"].endswith('.zpl"')
        assert file.content.count(b"^XZ") == 5
    else:
        assert pages(file.content) == -(-5 // form.places)


def test_saving_answers_with_an_attachment(cast: Cast) -> None:
    (one,) = enter(cast)
    client = cast.client("bilal")
    where = client.post("/labels/", {"cn": one.cn, "save": "1"})["Location"]
    assert client.get(where)["Content-Disposition"].startswith("attachment")


def test_the_format_is_the_asked_one_then_the_last_one_here_then_the_shipper_s(cast: Cast) -> None:
    (one,) = enter(cast)
    actor = cast.actor("ayesha")
    with acting(actor):
        actions.set_label_style(actor, Wanted(form="a5"), now=NOW)
    client = cast.client("bilal")
    assert '<option value="a5" selected>' in client.get(f"/orders/{one.cn}/").content.decode()
    client.post("/labels/", {"cn": one.cn, "format": "75x50"})
    assert '<option value="75x50" selected>' in client.get("/orders/").content.decode()
    assert 'value="a6" checked' in client.get(f"/orders/{one.cn}/label/?format=a6").content.decode()
    client.cookies["label_format"] = "papyrus"
    assert '<option value="a5" selected>' in client.get(f"/orders/{one.cn}/").content.decode()


def test_parcels_put_aside_are_looked_at_and_then_printed_with_what_was_chosen(cast: Cast) -> None:
    cns = [one.cn for one in enter(cast, 6)]
    client = cast.client("bilal")
    where = client.post("/labels/", {"cn": cns, "choose": "1"})["Location"]
    page = client.get(f"{where}?format=a4-4").content.decode()
    assert "Print 6 labels" in page
    assert "1 to 4 of 6" in page
    assert "First free place on the sheet" in page
    assert printed(cast) == [0] * 6
    draft = where.split("/")[2]
    answer = client.post(
        "/labels/",
        {"print": draft, "options": "1", "format": "a4-4", "sorting": "listed", "start": "4", "mask_phone": "1"},
    )
    file = client.get(answer["Location"]).content
    assert pages(file) == 3
    document = pypdfium2.PdfDocument(file)
    assert "0333-***4567" in document[0].get_textpage().get_text_range()
    document.close()
    assert printed(cast) == [1] * 6
    assert "6 labels were printed before" in client.get(where).content.decode()


def test_the_preview_turns_its_pages_and_follows_what_is_chosen(cast: Cast) -> None:
    cns = [one.cn for one in enter(cast, 3)]
    client = cast.client("bilal")
    where = client.post("/labels/", {"cn": cns, "choose": "1"})["Location"]
    draft = where.split("/")[2]
    asked = {"print": draft, "options": "1", "format": "a4-2", "sorting": "listed"}
    fragment = client.get("/labels/preview/", asked, headers={"HX-Request": "true"}).content.decode()
    assert "1 to 2 of 3" in fragment
    assert "n=3" in fragment
    assert 'hx-swap-oob="true"' in fragment
    last = client.get("/labels/preview/", {**asked, "n": "3"}, headers={"HX-Request": "true"}).content.decode()
    assert "3 of 3" in last
    assert "Previous label" in last
    sizes = {}
    for code in FORMATS:
        answer = client.get("/labels/preview.png", {**asked, "format": code, "n": "99"})
        assert answer["Content-Type"] == "image/png"
        sizes[code] = Image.open(io.BytesIO(answer.content)).size
    for code, (across, down) in sizes.items():
        wide, tall = FORMATS[code].page
        assert across / down == pytest.approx(wide / tall, rel=0.01)


def test_pieces_are_turned_over_one_by_one_and_a_used_sheet_begins_late(cast: Cast) -> None:
    from icargos.portal.pages.labels import _from

    cns = [one.cn for one in enter(cast, 4, pieces=3)]
    client = cast.client("bilal")
    asked = {"cn": cns, "options": "1", "format": "a4-4", "start": "3"}
    first = client.get("/labels/preview/", asked).content.decode()
    assert "1 to 2 of 12" in first
    assert "n=3" in first
    assert "3 to 6 of 12" in client.get("/labels/preview/", {**asked, "n": "3"}).content.decode()
    assert "11 to 12 of 12" in client.get("/labels/preview/", {**asked, "n": "11"}).content.decode()
    actor = cast.actor("bilal")
    with acting(actor):
        them = queries.printable(actor, parcels.numbered(actor, cns))
        for n in range(1, 13):
            some, skipped = _from(them, n, 4)
            shown = [(parcel.id, piece) for parcel in some for piece in range(1, 4)][skipped : skipped + 4]
            every = [(parcel.id, piece) for parcel in them for piece in range(1, 4)]
            assert shown == every[n - 1 : n + 3]


def test_a_print_of_many_shows_how_far_it_is_and_then_opens(cast: Cast) -> None:
    cns = [one.cn for one in enter(cast, 3, pieces=90)]
    client = cast.client("bilal")
    where = client.post("/labels/", {"cn": cns})["Location"]
    assert where.count("/") == 3
    page = client.get(where).content.decode()
    assert "0 of 270" in page
    assert 'hx-trigger="every 400ms"' in page
    assert client.get(f"{where}file/").status_code == 302
    work_off()
    answer = client.get(where, headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == f"{where}file/"
    assert "The labels are ready" in answer.content.decode()
    assert pages(client.get(f"{where}file/").content) == 270
    assert printed(cast) == [1, 1, 1]


def test_zpl_of_many_is_offered_and_never_saved_twice_by_itself(cast: Cast) -> None:
    cns = [one.cn for one in enter(cast, 3, pieces=90)]
    client = cast.client("bilal")
    where = client.post("/labels/", {"cn": cns, "format": "zpl-203"})["Location"]
    work_off()
    answer = client.get(where, headers={"HX-Request": "true"})
    assert "HX-Redirect" not in answer
    assert "Open the PDF" not in answer.content.decode()
    assert client.get(f"{where}file/").content.count(b"^XZ") == 270


def test_a_print_that_is_over_is_said_to_be_over(cast: Cast) -> None:
    (one,) = enter(cast)
    client = cast.client("bilal")
    where = client.post("/labels/", {"cn": one.cn})["Location"]
    with acting(cast.actor("bilal")):
        Print.objects.update(file_key="prints/2001-01-01/aa/gone.pdf")
    answer = client.get(where)
    assert answer.status_code == 404
    assert "Print the labels again" in answer.content.decode()


@pytest.mark.parametrize("who", ["farah", "vahid"])
def test_who_may_not_print_is_offered_nothing_of_it(cast: Cast, who: str) -> None:
    (one,) = enter(cast)
    client = cast.client(who)
    for where in ("/orders/", f"/orders/{one.cn}/"):
        page = client.get(where).content.decode()
        assert 'name="format"' not in page
        assert "/labels/" not in page
    assert client.post("/labels/", {"cn": one.cn}).status_code == 403
    assert printed(cast) == [0]


def test_an_import_s_labels_come_in_the_sheet_s_order(cast: Cast) -> None:
    from tests.house.world import build

    world = build(cast)
    client = cast.client("bilal")
    page = client.get(f"/labels/?import={world.my_import}").content.decode()
    assert "Print 1 label" in page
    assert f'name="import" value="{world.my_import}"' in page
    answer = client.post("/labels/", {"import": world.my_import})
    assert pages(client.get(answer["Location"]).content) == 1
    assert client.post("/labels/", {"import": world.their_import}).status_code == 404


def test_the_settings_are_kept_and_shown_to_the_next_person(cast: Cast) -> None:
    client = cast.client("bilal")
    asked = {"options": "1", "format": "a4-3", "sorting": "destination", "mask_phone": "1"}
    assert client.post("/settings/labels/", asked).status_code == 302
    page = cast.client("ayesha").get("/settings/labels/").content.decode()
    assert 'value="a4-3" checked' in page
    assert '<option value="destination" selected>' in page
    assert "Last changed by Bilal Raza" in page
    sample = client.get("/settings/labels/", {**asked, "format": "75x50"}, headers={"HX-Request": "true"})
    assert "format=75x50" in sample.content.decode()
    assert client.post("/settings/labels/", {**asked, "format": "A0"}).status_code == 422
    actor = cast.actor("bilal")
    with acting(actor):
        assert queries.label_style(actor).wanted.form == "a4-3"


@pytest.mark.parametrize("code", FORMATS)
def test_the_sample_is_no_parcel_and_counts_nothing(cast: Cast, code: str) -> None:
    enter(cast)
    client = cast.client("bilal")
    file = client.get(f"/settings/labels/sample/?options=1&format={code}")
    assert file.status_code == 200
    if FORMATS[code].dots:
        assert file.content.count(b"^XZ") == 1
    else:
        assert pages(file.content) == 1
    picture = client.get(f"/settings/labels/sample/?options=1&format={code}&as=picture")
    assert Image.open(io.BytesIO(picture.content)).format == "PNG"
    assert printed(cast) == [0]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_logo_is_made_anew_and_stands_on_the_labels(cast: Cast, kind: str) -> None:
    (one,) = enter(cast)
    client = cast.client("bilal")
    sent = logo((900, 300), kind)
    assert client.post("/settings/labels/logo/", {"logo": sent}).status_code == 302
    kept = client.get("/settings/labels/logo/")
    picture = Image.open(io.BytesIO(kept.content))
    assert picture.format == "PNG"
    assert picture.mode == "L"
    assert picture.size[0] <= 800
    assert kept.content != sent.getvalue()
    file = client.get(client.post("/labels/", {"cn": one.cn})["Location"]).content
    document = pypdfium2.PdfDocument(file)
    assert len(list(document[0].get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]))) == 1
    document.close()
    client.post("/settings/labels/logo/", {"remove": "1"})
    assert client.get("/settings/labels/logo/").status_code == 404


def test_what_hides_in_a_logo_s_file_is_not_kept(cast: Cast) -> None:
    from PIL.PngImagePlugin import PngInfo

    hidden = PngInfo()
    hidden.add_text("Comment", "somewhere secret")
    client = cast.client("bilal")
    client.post("/settings/labels/logo/", {"logo": logo(pnginfo=hidden)})
    assert b"secret" not in client.get("/settings/labels/logo/").content


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"GIF89a not really", "not a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a picture"),
        (logo((20_000, 40)).getvalue(), "too many pixels"),
        (logo().getvalue()[:90], "damaged"),
        (b"", "not a picture"),
    ],
)
def test_what_is_no_logo_is_refused_and_the_old_one_stays(cast: Cast, data: bytes, told: str) -> None:
    client = cast.client("bilal")
    client.post("/settings/labels/logo/", {"logo": logo()})
    before = client.get("/settings/labels/logo/").content
    wrong = io.BytesIO(data)
    wrong.name = "logo.png"
    answer = client.post("/settings/labels/logo/", {"logo": wrong})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert client.get("/settings/labels/logo/").content == before


def test_a_white_logo_and_none_at_all_are_refused(cast: Cast) -> None:
    client = cast.client("bilal")
    white = io.BytesIO()
    Image.new("RGB", (50, 50), "white").save(white, "PNG")
    white.seek(0)
    white.name = "white.png"
    assert "all white" in client.post("/settings/labels/logo/", {"logo": white}).content.decode()
    assert "Choose the picture" in client.post("/settings/labels/logo/", {}).content.decode()
    assert client.get("/settings/labels/logo/").status_code == 404
