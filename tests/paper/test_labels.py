"""docs/subsystems/labels.md, case by case: what a label shows, and that machines and people can read it."""

import io
import re
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from ctypes import c_float
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from pypdfium2 import raw

from icargos.paper.faces import FontsMissing, load_fonts
from icargos.paper.label import Label
from icargos.paper.labels import FEW, print_labels
from icargos.paper.press import PressFailed
from tests.paper.sample_labels import EDGES, LONG_ADDRESS, LONG_URDU_ADDRESS, URDU_ADDRESS, codes_of, label

RULES = (38, 106, 190, 242, 311, 349, 390, 406)


@contextmanager
def opened(*labels: Label) -> Iterator[pypdfium2.PdfDocument]:
    document = pypdfium2.PdfDocument(print_labels(labels))
    try:
        yield document
    finally:
        document.close()


def picture(shown: Label, dpi: float) -> Image.Image:
    with opened(shown) as document:
        image: Image.Image = document[0].render(scale=dpi / 72, grayscale=True).to_pil()
        return image


def text_of(shown: Label) -> str:
    with opened(shown) as document:
        text: str = document[0].get_textpage().get_text_range()
        return re.sub(r"\s+", " ", text)


def ink(image: Image.Image, left: float, top: float, right: float, bottom: float) -> tuple[int, int, int, int]:
    """The box of what is dark inside a region given in points, in pixels of the region."""
    scale = image.width / 288
    region = image.crop((round(left * scale), round(top * scale), round(right * scale), round(bottom * scale)))
    box = region.point(lambda value: 255 if value < 128 else 0).getbbox()
    assert box is not None, "nothing is printed there"
    return box


def read(image: Image.Image) -> list[str]:
    return sorted(found.text for found in zxingcpp.read_barcodes(image))


@pytest.mark.parametrize("dpi", [203, 203.2, 300])
@pytest.mark.parametrize("name", EDGES)
def test_every_code_is_read_back_at_the_printer_s_resolution(name: str, dpi: float) -> None:
    shown = EDGES[name]
    image = picture(shown, dpi)
    expected = codes_of(shown)
    assert read(image) == expected
    no_grey = image.point(lambda value: 255 if value >= 128 else 0)
    assert read(no_grey) == expected


def test_the_page_is_exactly_four_by_six_inches() -> None:
    with opened(label()) as document:
        assert document[0].get_mediabox() == (0, 0, 288, 432)
        assert document[0].get_rotation() == 0


def test_the_viewer_is_asked_not_to_scale() -> None:
    with opened(label()) as document:
        assert raw.FPDF_VIEWERREF_GetPrintScaling(document) == 0


def test_the_cn_has_three_dot_modules_fifteen_millimetres_and_ten_modules_of_quiet() -> None:
    per_mm = 24
    image = picture(label(), per_mm * 25.4)
    left, top, right, bottom = ink(image, 0, 106.5, 196, 168)
    modules = 11 * 10 + 13
    assert (right - left) / per_mm / modules == pytest.approx(0.375, abs=0.001)
    assert (bottom - top) / per_mm >= 15
    quiet = 10 * 0.375 * per_mm
    assert left >= quiet
    next_ink = ink(image, 196, 107, 288, 181)[0] + 196 / 72 * 25.4 * per_mm
    assert next_ink - right >= quiet


def test_amounts_stand_in_figures_in_words_and_in_urdu() -> None:
    text = text_of(label(cod_rupees=120_000))
    # The reader puts what stands on one line with Urdu in its own order.
    assert re.search("Rs 120,000|120,000 Rs", text)
    assert "One lakh twenty thousand rupees only" in text
    assert "COD, collect exactly" in text
    assert "PREPAID" not in text
    assert "ادا" in text


def test_the_largest_amount_is_shrunk_and_never_cut() -> None:
    text = text_of(label(cod_rupees=99_999_999))
    assert "…" not in text
    assert text.count("99,999,999") == 2


def test_a_prepaid_label_says_so_and_names_no_amount() -> None:
    text = text_of(label(cod_rupees=0))
    assert "PREPAID" in text
    assert "Rs" not in text
    assert "COD, collect" not in text


def test_everything_that_was_given_is_on_it() -> None:
    text = text_of(label(piece=2, pieces=3))
    for part in (
        "Safar Courier", "021 111 723 270", "SECOND DAY", "LHE-07", "LAHORE", "from KHI, Karachi", "Belt 7",
        "IC 4731 2482 9", "Scan: status and exact COD", "Hina Yousaf", "0301-4417208",
        "House 14, Street 9, Gulberg III", "Landmark: blue gate, next to Shezan Bakery",
        "Zarqa Textiles, 0300-8224417, Profile 4102", "Plot C-18, SITE Area, Karachi",
        "2 of 3", "1.20 kg", "18 Nov 2026", "Size 30 × 25 × 4 cm", "Proof: code", "ZT-10492",
        "Unstitched lawn suit, 3 pc. Call before coming.", "DO NOT OPEN", "FRAGILE", "CODE", "REPRINT",
    ):  # fmt: skip
        assert part in text, part


def test_flags_say_what_is_allowed_and_the_first_print_is_no_reprint() -> None:
    text = text_of(label(allow_open=True, fragile=False, proof="none", reprint=0))
    assert "ALLOW OPEN" in text
    for absent in ("DO NOT OPEN", "FRAGILE", "Proof", "REPRINT"):
        assert absent not in text


@pytest.mark.parametrize("name", EDGES)
def test_no_text_leaves_the_page_or_crosses_a_rule(name: str) -> None:
    with opened(EDGES[name]) as document:
        seen = 0
        for item in document[0].get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
            box = [c_float() for _ in range(4)]
            assert raw.FPDFPageObj_GetBounds(item, *box)
            left, bottom, right, top = (value.value for value in box)
            if right - left < 0.01 or top - bottom < 0.01:
                continue
            seen += 1
            top, bottom = 432 - top, 432 - bottom
            assert left >= 4, (left, right, top)
            assert right <= 284.5, (left, right, top)
            for rule in RULES:
                assert not top + 0.6 < rule < bottom - 0.6, (rule, top, bottom)
    assert seen > 15


@pytest.mark.parametrize("address", [LONG_ADDRESS, LONG_URDU_ADDRESS])
def test_an_address_of_250_letters_is_printed_whole(address: str) -> None:
    assert 240 <= len(address) <= 250
    text = text_of(label(address=address, return_address=LONG_ADDRESS, landmark="blue gate"))
    assert "…" not in text
    assert text.count("pharmacy") == (2 if address is LONG_ADDRESS else 1)
    assert "Landmark: blue gate" in text


def test_what_cannot_fit_ends_in_an_ellipsis_and_leaves_the_rest_alone() -> None:
    usual, stuffed = picture(label(), 203), picture(label(remarks="word " * 50, landmark="W" * 300), 203)
    assert "…" in text_of(label(landmark="W" * 300))
    for top, bottom in ((0, 241), (312, 389), (407, 432)):
        crop = (0, round(top * 203 / 72), usual.width, round(bottom * 203 / 72))
        assert usual.crop(crop).tobytes() == stuffed.crop(crop).tobytes()


@pytest.mark.parametrize(
    ("field", "region"),
    [("consignee_name", (100, 243, 288, 272)), ("address", (0, 284, 288, 297)), ("landmark", (50, 297, 220, 310))],
)
def test_urdu_letters_are_joined(field: str, region: tuple[float, float, float, float]) -> None:
    """Letters kept apart by non-joiners run wider than the same letters joined."""
    word = "محمد شفیق"
    joined = ink(picture(label(**{field: word}), 203), *region)
    apart = ink(picture(label(**{field: "\u200c".join(word)}), 203), *region)
    assert joined[2] - joined[0] < 0.85 * (apart[2] - apart[0])


def test_urdu_runs_from_the_right() -> None:
    image = picture(label(address=URDU_ADDRESS, consignee_name="حنا یوسف"), 203)
    for region in ((100, 243, 288, 272), (0, 284, 288, 297)):
        assert ink(image, *region)[2] / 203 * 72 + region[0] > 278


def test_marks_of_the_typesetter_are_only_text() -> None:
    text = text_of(EDGES["typesetting marks"])
    for part in ("*Hina* _x_ #let $a$ `b` <l>", '#include "x" *b*', "/* c */ #panic()", "]]] }}} #emoji </svg>&amp;"):
        assert part in text, part


def test_controls_overrides_and_emoji_are_left_out() -> None:
    text = text_of(label(consignee_name="Hi\u0000na\u202e \U0001f3e0 Yo\u2066usaf\n\tKhan"))
    assert "Hina Yousaf Khan" in text


def test_a_logo_takes_its_place_and_a_broken_one_is_refused() -> None:
    file = io.BytesIO()
    Image.new("L", (64, 64), 0).save(file, "PNG")
    logo = file.getvalue()
    with_logos = picture(label(courier_logo=logo, shipper_logo=logo), 203)
    assert ink(with_logos, 0, 0, 34, 37) == pytest.approx(ink(picture(label(), 203), 0, 0, 34, 37), abs=1)
    with pytest.raises(PressFailed):
        print_labels([label(courier_logo=logo[:40])])
    with pytest.raises(PressFailed, match="decode"):
        print_labels([label(courier_logo=logo[:40])] * (FEW + 1))


def test_many_labels_keep_their_order_across_processes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    many = [label(cn=f"IC{n:08d}5", address=URDU_ADDRESS if n % 3 else "House 1") for n in range(2 * FEW + 5)]
    with opened(*many) as document:
        assert len(document) == len(many)
        for n, shown in enumerate(many):
            assert f"IC {n // 10_000:04d} {n % 10_000:04d} 5" in document[n].get_textpage().get_text_range()
            assert document[n].get_mediabox() == (0, 0, 288, 432)
            if n % 16 == 0:
                assert shown.cn in read(document[n].render(scale=203 / 72, grayscale=True).to_pil())
    assert list(tmp_path.iterdir()) == [], "no file is left behind"


def test_people_who_print_at_once_each_get_their_own() -> None:
    asked = [[label(cn=f"IC00000{n:03d}5")] * (FEW + 1 if n % 5 == 0 else 1) for n in range(15)]
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(print_labels, asked))
    for n, data in enumerate(made):
        document = pypdfium2.PdfDocument(data)
        assert len(document) == len(asked[n])
        assert f"IC 0000 0{n:03d} 5" in document[0].get_textpage().get_text_range()
        document.close()


def test_the_same_labels_make_the_same_bytes() -> None:
    two = [label(), label(cn="IC000000015")]
    assert print_labels(two) == print_labels(two)


def test_missing_fonts_are_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(FontsMissing, match=r"python -m icargos\.paper\.build_fonts"):
        load_fonts(tmp_path)


def test_no_label_is_no_file() -> None:
    with pytest.raises(ValueError, match="no labels"):
        print_labels([])


@pytest.mark.parametrize(
    "wrong",
    [
        {"cn": "IC١٢٣"}, {"cn": ""}, {"cn": "I" * 21}, {"qr_url": ""}, {"qr_url": "x" * 151}, {"qr_url": "é"},
        {"cod_rupees": -1}, {"cod_rupees": 100_000_000}, {"pieces": 0}, {"piece": 2}, {"pieces": 100, "piece": 100},
        {"weight_g": 0}, {"reprint": -1}, {"length_cm": -1}, {"proof": "blood"}, {"courier_logo": b"<svg/>"},
    ],
)  # fmt: skip
def test_what_no_label_can_say_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        label(**wrong)
