"""docs/subsystems/labels.md, case by case: every format has its true size, and everything on it is read back."""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import msgspec
import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from pypdfium2 import raw

from icargos.paper.formats import A4, FORMATS, Format
from icargos.paper.label import Label
from icargos.paper.labels import FEW, print_labels
from tests.paper.sample_labels import EDGES, LONG_ADDRESS, LONG_URDU_ADDRESS, URDU_ADDRESS, codes_of, label

PDFS = [form for form in FORMATS.values() if not form.dots]
MM = 72 / 25.4
SIZES = {
    "4x6": (4 * 72, 6 * 72), "a6": (105 * MM, 148 * MM), "a5": (148 * MM, 210 * MM), "a4-2": (210 * MM, 297 * MM),
    "a4-3": (210 * MM, 297 * MM), "a4-4": (210 * MM, 297 * MM), "75x50": (75 * MM, 50 * MM),
}  # fmt: skip
# Thermal heads have 8 dots to the millimetre; sheets of A4 come from office printers.
RESOLUTION = {"4x6": 203.2, "a6": 203.2, "a5": 203.2, "a4-2": 300, "a4-3": 300, "a4-4": 300, "75x50": 203.2}


def title(form: Format) -> str:
    return form.code


each_pdf = pytest.mark.parametrize("form", PDFS, ids=title)


@contextmanager
def opened(form: Format, *labels: Label, start: int = 0) -> Iterator[pypdfium2.PdfDocument]:
    document = pypdfium2.PdfDocument(print_labels(labels, form, start=start))
    try:
        yield document
    finally:
        document.close()


def picture(page: pypdfium2.PdfPage, dpi: float) -> Image.Image:
    image: Image.Image = page.render(scale=dpi / 72, grayscale=True).to_pil()
    return image


def read(image: Image.Image) -> list[str]:
    return sorted(found.text for found in zxingcpp.read_barcodes(image))


def text_of(page: pypdfium2.PdfPage) -> str:
    return " ".join(page.get_textpage().get_text_range().split())


def expected(form: Format, shown: Sequence[Label]) -> list[str]:
    """Every code of these labels as often as the format shows it; the small one has the order ref in print alone."""
    if form.layout == "small":
        shown = [msgspec.structs.replace(one, order_ref="") for one in shown]
    return sorted(code for one in shown for code in codes_of(one) * form.copies)


@each_pdf
def test_the_page_has_its_true_size_and_is_not_to_be_scaled(form: Format) -> None:
    with opened(form, *[label()] * 3) as document:
        assert len(document) == -(-3 // form.places)
        for page in document:
            assert page.get_mediabox() == pytest.approx((0, 0, *SIZES[form.code]), abs=0.01)
            assert page.get_rotation() == 0
        assert raw.FPDF_VIEWERREF_GetPrintScaling(document) == 0


@each_pdf
@pytest.mark.parametrize("name", EDGES)
def test_every_code_is_read_back_on_the_page_as_it_is_printed(form: Format, name: str) -> None:
    shown = EDGES[name]
    with opened(form, shown) as document:
        image = picture(document[0], RESOLUTION[form.code])
    assert read(image) == expected(form, [shown])
    assert read(image.point(lambda value: 255 if value >= 128 else 0)) == expected(form, [shown])


@each_pdf
@pytest.mark.parametrize("name", EDGES)
def test_no_text_leaves_its_own_place_on_the_page(form: Format, name: str) -> None:
    """On a sheet of several each label stays within its cell, whatever is written on it."""
    with opened(form, *[EDGES[name]] * form.places) as document:
        page = document[0]
        width, height = page.get_size()
        cells = form.cells or ((0.0, 0.0, False),)
        boxes = []
        for x, y, turned in cells:
            across, down = form.label if not turned else form.label[::-1]
            boxes.append((x + 3, y + 1.5, x + across - 3, y + down - 1.5))
        seen = 0
        for left, top, right, bottom in _texts(page, height):
            seen += 1
            assert any(b[0] <= left and b[1] <= top and right <= b[2] and bottom <= b[3] for b in boxes), (left, top)
        assert seen > 8 * len(cells)
        assert all(box[2] <= width and box[3] <= height for box in boxes)


def _texts(page: pypdfium2.PdfPage, height: float) -> Iterator[tuple[float, float, float, float]]:
    """The boxes of all texts from the page's top left corner, those inside drawn forms too."""
    reader = page.get_textpage()
    for n in range(reader.count_rects()):
        left, bottom, right, top = reader.get_rect(n)
        if right - left > 0.01 and top - bottom > 0.01:
            yield left, height - top, right, height - bottom


@each_pdf
def test_amounts_names_and_addresses_are_on_every_format(form: Format) -> None:
    with opened(form, label(piece=2, pieces=3)) as document:
        text = text_of(document[0])
    for part in ("LHE-07", "LAHORE", "SECOND DAY", "IC 4731 2482 9", "Hina Yousaf", "0301-4417208", "Piece 2 of 3",
                 "ZT-10492", "REPRINT"):  # fmt: skip
        assert text.count(part) >= form.copies, part
    assert "Rs 6,450" in text or "6,450 Rs" in text
    if form.layout != "small":
        for part in ("House 14, Street 9, Gulberg III", "Landmark: blue gate", "Plot C-18, SITE Area", "1.20 kg",
                     "18 Nov 2026", "collect once", "DO NOT OPEN", "Unstitched lawn suit"):  # fmt: skip
            assert text.count(part) == form.copies, part


@each_pdf
def test_a_prepaid_parcel_says_so_and_names_no_amount(form: Format) -> None:
    with opened(form, label(cod_rupees=0)) as document:
        text = text_of(document[0])
    assert text.count("PREPAID") == form.copies
    assert "Rs" not in text


@pytest.mark.parametrize("form", [form for form in PDFS if form.layout != "small"], ids=title)
@pytest.mark.parametrize("address", [LONG_ADDRESS, LONG_URDU_ADDRESS])
def test_an_address_of_250_letters_is_printed_whole_on_every_large_format(form: Format, address: str) -> None:
    shown = label(address=address, return_address=LONG_ADDRESS, landmark="blue gate", order_ref="R" * 50)
    with opened(form, shown) as document:
        text = text_of(document[0])
    assert "…" not in text
    assert text.count("pharmacy") == form.copies * (2 if address is LONG_ADDRESS else 1)


@each_pdf
def test_the_cn_s_bars_are_no_finer_than_three_eighths_of_a_millimetre(form: Format) -> None:
    per_mm = 40
    with opened(form, label()) as document:
        found = zxingcpp.read_barcodes(picture(document[0], per_mm * 25.4))
    bars = [code for code in found if code.text == "IC473124829"]
    assert len(bars) == form.copies
    for code in bars:
        corners = code.position
        across = (
            (corners.top_left.x - corners.top_right.x) ** 2 + (corners.top_left.y - corners.top_right.y) ** 2
        ) ** 0.5
        modules = 11 * 10 + 13
        assert across / per_mm / modules >= 0.37
        assert across / per_mm / modules / 0.125 == pytest.approx(round(across / per_mm / modules / 0.125), abs=0.05)


def test_a_sheet_of_four_holds_them_in_reading_order_and_each_in_its_quarter() -> None:
    form = FORMATS["a4-4"]
    shown = [label(cn=f"IC0000000{n}5", order_ref="", qr_url=f"https://x.pk/q/{n}") for n in range(6)]
    with opened(form, *shown) as document:
        assert len(document) == 2
        for page in range(2):
            image = picture(document[page], 300)
            for n, one in enumerate(shown[page * 4 : page * 4 + 4]):
                column, row = n % 2, n // 2
                quarter = image.crop(
                    (column * image.width // 2, row * image.height // 2, (column + 1) * image.width // 2,
                     (row + 1) * image.height // 2)
                )  # fmt: skip
                assert read(quarter) == codes_of(one)


@pytest.mark.parametrize(("code", "start"), [("a4-4", 3), ("a4-2", 1), ("a4-4", 1)])
def test_a_used_sheet_is_filled_from_the_place_that_is_free(code: str, start: int) -> None:
    form = FORMATS[code]
    shown = [label(cn=f"IC0000000{n}5") for n in range(form.places)]
    with opened(form, *shown, start=start) as document:
        assert len(document) == 2
        on_first = form.places - start
        for page, those in ((0, shown[:on_first]), (1, shown[on_first:])):
            text = text_of(document[page])
            for one in shown:
                assert (f"IC 0000 000{one.cn[9]} 5" in text) is (one in those)
    with opened(form, *shown) as document:
        assert len(document) == 1


@pytest.mark.parametrize(("code", "start"), [("4x6", 1), ("a4-4", 4), ("a4-4", -1), ("a4-3", 1), ("zpl-203", 1)])
def test_a_place_that_the_sheet_has_not_is_refused(code: str, start: int) -> None:
    with pytest.raises(ValueError, match="start"):
        print_labels([label()], FORMATS[code], start=start)


def test_the_three_copies_say_whose_they_are_and_agree_on_all_else() -> None:
    with opened(FORMATS["a4-3"], label(), label(cn="IC000000015")) as document:
        assert len(document) == 2
        text = text_of(document[1])
    for once in ("CONSIGNEE COPY", "SHIPPER COPY", "OFFICE COPY", "Picked up by the rider", "Received at the office"):
        assert text.count(once) == 1
    assert text.count("IC 0000 0001 5") == 3
    assert text.count("REPRINT 1") == 3


@pytest.mark.parametrize("code", ["a4-4", "a4-3"])
def test_many_on_sheets_keep_their_order_across_processes(code: str) -> None:
    form = FORMATS[code]
    heard: list[int] = []
    many = [label(cn=f"IC{n:08d}5", address=URDU_ADDRESS if n % 3 else "House 1") for n in range(FEW + 9)]
    document = pypdfium2.PdfDocument(print_labels(many, form, workers=2, told=heard.append))
    assert len(document) == -(-len(many) // form.places)
    for n in range(0, len(many), 5):
        assert f"IC {n // 10_000:04d} {n % 10_000:04d} 5" in text_of(document[n // form.places])
    document.close()
    assert heard[-1] == len(many)
    assert heard == sorted(set(heard))


def test_whoever_waits_hears_of_every_two_hundred() -> None:
    heard: list[int] = []
    print_labels([label()] * 450, FORMATS["75x50"], workers=1, told=heard.append)
    assert heard == [200, 400, 450]


def test_logos_go_to_every_process_once_and_stand_on_their_own_labels() -> None:
    def drawn(shade: int, width: int) -> bytes:
        file = io.BytesIO()
        Image.new("L", (width, 64), shade).save(file, "PNG")
        return file.getvalue()

    square, wide = drawn(0, 64), drawn(90, 300)
    many = [
        label(shipper_logo=(square, wide, b"")[n % 3], courier_logo=square if n % 2 else b"") for n in range(FEW + 4)
    ]
    document = pypdfium2.PdfDocument(print_labels(many, workers=2))
    for n in range(len(many)):
        page = document[n]
        images = list(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]))
        assert len(images) == (n % 3 != 2) + (n % 2)
        # A wide logo says the name itself.
        assert text_of(page).count("Zarqa Textiles") == (1 if n % 3 == 1 else 2)
    document.close()


def test_a4_is_what_the_sheets_are() -> None:
    assert {form.page for form in PDFS if form.cells} == {A4}
