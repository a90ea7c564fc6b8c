"""docs/subsystems/papers.md, the delivery run sheet: every door with a code a scanner reads, and room to write."""

import re

import pytest
import zxingcpp

from icargos.paper.delivery_run import DeliveryStop, delivery_run_pdf
from icargos.paper.tongue import Tongue
from tests.paper.sample_papers import A4, darkest, delivery_run, opened, shown, text, texts

HEADER = "# CN Consignee Address Pieces COD Receiver Relation Signature Time Status"
WIDE = (A4[1], A4[0])


def codes(made: bytes, page: int = 0, *, dpi: float = 200) -> list[str]:
    """What a scanner reads from the bars of a page, from the top."""
    every = zxingcpp.read_barcodes(shown(made, page, dpi=dpi))
    found = [one for one in every if one.format == zxingcpp.BarcodeFormat.Code128]
    return [one.text for one in sorted(found, key=lambda one: one.position.top_left.y)]


def test_it_says_where_the_rider_goes_and_what_he_takes() -> None:
    words = text(delivery_run_pdf(delivery_run()))
    for part in (
        "Delivery run sheet DRS-261121-0007", "Imran Ali", "2 parcels, Rs 2,450 COD",
        "Multan Station · Sat 21 Nov 2026", "Left Sat 21 Nov 2026, 14:12", "Vehicle", "Parcels with COD 1", "Pieces 5",
        "COD to collect Rs 2,450", HEADER,
        "IC473000001 Hina Yousaf 1 0301-0000001 Fragile House 1, Gulgasht Colony, Multan 2 Rs 2,450",
        "IC473000002 Hina Yousaf 2 0301-0000002 House 2, Gulgasht Colony, Multan 3 Prepaid",
        " 5 Rs 2,450", "Taken out by the rider", "Handed back to the desk",
        "Printed Sat 21 Nov 2026, 14:12 by Dawood Shah.", "Page 1 of 2",
    ):  # fmt: skip
        assert part in words, part
    assert words.count("Parcels counted") == 2
    assert words.count("Signature") == 3


def test_a_known_vehicle_and_a_run_that_has_not_left_are_told() -> None:
    words = text(delivery_run_pdf(delivery_run(vehicle="MNB-1234", left_at=None)))
    assert "Vehicle MNB-1234" in words
    assert "Left Not yet" in words


@pytest.mark.parametrize("dpi", [203, 300])
def test_every_parcels_bars_read_back_as_its_number_and_the_qr_opens_the_run(dpi: float) -> None:
    run = delivery_run(12)
    made = delivery_run_pdf(run)
    with opened(made) as document:
        pages = len(document)
    read = [code for page in range(pages) for code in codes(made, page, dpi=dpi)]
    assert read == [stop.cn for stop in run.stops]
    every = zxingcpp.read_barcodes(shown(made, dpi=dpi))
    assert [one.text for one in every if one.format == zxingcpp.BarcodeFormat.QRCode] == [run.link]


@pytest.mark.parametrize("count", [4, 8])
def test_few_stops_begin_on_the_first_page_too(count: int) -> None:
    assert "IC473000001" in texts(delivery_run_pdf(delivery_run(count)))[0]


@pytest.mark.parametrize("count", [1, 9, 150])
def test_every_stop_stands_on_it_once_under_a_header_on_every_page(count: int) -> None:
    made = delivery_run_pdf(delivery_run(count))
    pages = texts(made)
    assert re.findall(r"IC\d{9}", " ".join(pages)) == [f"IC{473000000 + n}" for n in range(1, count + 1)]
    assert all(page.count(HEADER) == 1 for page in pages if "IC473" in page)
    assert all("DRS-261121-0007" in page for page in pages)
    assert sum(page.count("Handed back to the desk") for page in pages) == 1
    with opened(made) as document:
        for page in document:
            assert page.get_mediabox()[2:] == pytest.approx(WIDE, abs=0.05)


def test_what_is_known_of_a_stop_is_printed_and_the_rest_has_room() -> None:
    run = delivery_run(2)
    done = DeliveryStop(
        cn="IC473000009", consignee="Sana Malik", phone="0333-1234567", address="Gate 4", city="Multan", pieces=1,
        cod_paisa=0, status="Delivered", time="13:00",
    )  # fmt: skip
    words = text(delivery_run_pdf(delivery_run(stops=[*run.stops, done])))
    assert "Gate 4, Multan 1 Prepaid 13:00 Delivered" in words


def test_the_longest_of_everything_stays_inside_the_frame() -> None:
    stop = DeliveryStop(
        cn="IC473000001", consignee="W" * 50, phone="0333-1234567", address="A" * 250, city="Dera Ghazi Khan",
        pieces=99, cod_paisa=20_000_000, note="N" * 80, status="Consignee not available at the address", time="23:59",
    )  # fmt: skip
    made = delivery_run_pdf(delivery_run(stops=[stop] * 12))
    with opened(made) as document:
        pages = len(document)
    for page in range(pages):
        image = shown(made, page, dpi=72)
        assert darkest(image, 0, 0, 40, WIDE[1], across=WIDE[0]) == 255
        assert darkest(image, WIDE[0] - 40, 0, WIDE[0], WIDE[1], across=WIDE[0]) == 255
    assert text(made).replace(" ", "").count("A" * 250) == 12


def test_an_urdu_sheet_begins_at_the_right_and_its_bars_still_read() -> None:
    run = delivery_run(3, rider="عمران علی")
    urdu = delivery_run_pdf(run, Tongue(lambda words: words, True))
    assert codes(urdu) == [stop.cn for stop in run.stops]
    assert darkest(shown(urdu), WIDE[0] - 150, 96, WIDE[0] - 42, 140, across=WIDE[0]) < 120


def test_a_number_that_no_barcode_holds_is_refused() -> None:
    (stop, _other) = delivery_run().stops
    odd = DeliveryStop(
        cn="پارسل", consignee=stop.consignee, phone=stop.phone, address=stop.address, city=stop.city, pieces=1,
        cod_paisa=0,
    )  # fmt: skip
    with pytest.raises(ValueError, match="Code 128"):
        delivery_run_pdf(delivery_run(stops=[odd]))
