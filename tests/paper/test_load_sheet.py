"""docs/subsystems/pickups.md, the papers: the load sheet that shipper and rider sign."""

import re

import pytest
import zxingcpp

from icargos.paper.load_sheet import load_sheet_pdf
from icargos.paper.tongue import Tongue
from tests.paper.sample_papers import A4, collisions, darkest, line, load_sheet, margins, opened, shown, text, texts

HEADER = "# CN Order ref Consignee City Pieces Weight COD"


def test_it_says_who_hands_over_what_and_has_room_for_both_to_sign() -> None:
    words = text(load_sheet_pdf(load_sheet([line(1), line(2, cod_paisa=0), line(3, pieces=1, weight_g=500)])))
    for part in (
        "Load sheet LS-2611-00042", "3 parcels, Rs 4,900 COD", "Zarqa Outlet, Karachi", "Zarqa Textiles",
        "Closed Sat 21 Nov 2026, 14:12 by Ayesha Khan", "Address Plot C-18, SITE Area", "Phone 0300-8224417",
        "Profile ID 4102", "Parcels 3", "Pieces 5", "Weight 3.0 kg", "COD Rs 4,900", HEADER,
        "1 IC473000001 ZT-1 Hina Yousaf Lahore 2 1.25 kg Rs 2,450",
        "2 IC473000002 ZT-2 Hina Yousaf Lahore 2 1.25 kg Prepaid", "5 3.0 kg Rs 4,900", "Page 1 of 1",
        "Handed over by the shipper", "Received by the rider", "Printed Sat 21 Nov 2026, 15:12 by Bilal Raza.",
    ):  # fmt: skip
        assert part in words, part
    for wanted in ("Parcels counted", "Name", "Signature", "Date and time"):
        assert words.count(wanted) >= 2, wanted
    assert "Cancelled" not in words


def test_its_code_opens_the_sheet_itself() -> None:
    sheet = load_sheet([line(1)])
    assert [found.text for found in zxingcpp.read_barcodes(shown(load_sheet_pdf(sheet)))] == [sheet.link]


def test_a_parcel_cancelled_since_stays_on_it_and_is_marked() -> None:
    words = text(load_sheet_pdf(load_sheet([line(1), line(2, cancelled=True)])))
    assert "2 IC473000002 ZT-2 Hina Yousaf Lahore 2 1.25 kg Cancelled" in words
    assert "Cancelled since 1" in words
    assert "2 parcels, Rs 4,900 COD" in words, "what was signed does not change"
    assert "1 parcel, Rs 2,450 COD" in text(load_sheet_pdf(load_sheet([line(1)])))


@pytest.mark.parametrize("count", [1, 9, 48, 240])
def test_every_parcel_stands_on_it_once_and_both_sign_on_the_first_page(count: int) -> None:
    made = load_sheet_pdf(load_sheet([line(n) for n in range(1, count + 1)]))
    pages = texts(made)
    assert re.findall(r"IC\d{9}", " ".join(pages)) == [f"IC{473000000 + n}" for n in range(1, count + 1)]
    assert ["Received by the rider" in page for page in pages] == [True] + [False] * (len(pages) - 1)
    assert all(page.count(HEADER) == 1 for page in pages)
    assert all("LS-2611-00042" in page for page in pages)
    with opened(made) as document:
        for page in document:
            assert page.get_mediabox()[2:] == pytest.approx(A4, abs=0.05)


def test_the_longest_sheet_is_set_whole_and_stays_light() -> None:
    made = load_sheet_pdf(load_sheet([line(n) for n in range(1, 5001)]))
    words = text(made)
    assert re.findall(r"IC\d{9}", words) == [f"IC{473000000 + n}" for n in range(1, 5001)]
    assert "5,000 parcels, Rs 12,250,000 COD" in words
    assert len(made) < 2_000_000


def test_the_longest_of_everything_stays_inside_the_frame() -> None:
    wide = line(1, order_ref="#" * 50, consignee="W" * 50, city="Dera Ghazi Khan", pieces=99, cod_paisa=20_000_000)
    made = load_sheet_pdf(load_sheet([wide] * 3, place="W" * 50, address="A" * 250, closed_by="P" * 80))
    assert set(margins(made)) == {255}
    assert text(made).replace(" ", "").count("W" * 50) == 4


def test_an_urdu_sheet_begins_at_the_right_and_keeps_its_figures() -> None:
    sheet = load_sheet([line(1, consignee="حنا یوسف")])
    said = {"Load sheet": "لوڈ شیٹ", "%(n)s parcels, %(cod)s COD": "%(n)s پارسل، %(cod)s COD"}
    urdu = load_sheet_pdf(sheet, Tongue(lambda words: said.get(words, words), True))
    title, mirrored = (42, 96, 150, 130), (A4[0] - 150, 96, A4[0] - 42, 130)
    assert darkest(shown(load_sheet_pdf(sheet)), *title) < 120
    assert darkest(shown(urdu), *mirrored) < 120
    assert set(margins(urdu)) == {255}
    assert [found.text for found in zxingcpp.read_barcodes(shown(urdu))] == [sheet.link]
    # A reader of PDFs gives the letters and the digits of a number back in an order of its own.
    assert {"473000001", "1.25", "2,450"} <= set(re.findall(r"[\d.,]+", text(urdu)))


@pytest.mark.parametrize("length", [9, 12, 16, 17, 50])
def test_a_long_order_ref_keeps_to_its_column(length: int) -> None:
    lines = [line(n, order_ref=("S025157875558-0012345" * 3)[:length]) for n in range(1, 9)]
    assert collisions(load_sheet_pdf(load_sheet(lines))) == []
