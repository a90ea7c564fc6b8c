"""docs/subsystems/papers.md, the receipt of cash on delivery."""

import zxingcpp

from icargos.paper.cod_receipt import cod_receipt_pdf, entry
from icargos.paper.tongue import Tongue
from tests.paper.sample_papers import A4, cod_receipt, darkest, margins, opened, shown, text


def test_it_says_how_much_was_collected_how_when_by_whom_and_where_it_is_booked() -> None:
    made = cod_receipt_pdf(cod_receipt())
    words = text(made)
    for part in (
        "COD receipt IC473124829", "Rs 6,450.50 received", "Collected on delivery Sat 21 Nov 2026, 14:12.",
        "Order ref ZT-10492 · Karachi to Lahore", "Amount Rs 6,450.50",
        "In words Six thousand four hundred and fifty rupees and fifty paisa only", "Method Cash", "Rider Imran Ali",
        "Run sheet DRS-261121-0007", "Shipper Zarqa Textiles", "Consignee Hina Yousaf", "Destination Lahore",
        "0000 1482 · cod:IC473124829", "Printed Sun 22 Nov 2026, 14:12 by Ayesha Khan.", "Page 1 of 1",
    ):  # fmt: skip
        assert part in words, part
    for word in ("ہزار", "پچاس", "صرف"):
        assert set(word) <= set(words), word
    with opened(made) as pages:
        assert len(pages) == 1


def test_its_code_opens_the_page_that_checks_it() -> None:
    receipt = cod_receipt()
    assert [one.text for one in zxingcpp.read_barcodes(shown(cod_receipt_pdf(receipt)))] == [receipt.link]


def test_what_is_not_known_or_not_for_this_reader_is_left_out() -> None:
    words = text(cod_receipt_pdf(cod_receipt(method="", rider="", run_number="", consignee="", order_ref="")))
    for part in ("Method", "Rider", "Run sheet", "Consignee", "Order ref"):
        assert part not in words, part


def test_a_payment_by_raast_is_named() -> None:
    assert "Method Raast" in text(cod_receipt_pdf(cod_receipt(method="raast")))


def test_an_entry_is_written_so_that_it_can_be_read_out() -> None:
    assert entry(1482, "cod:IC473124829") == "0000 1482 · cod:IC473124829"
    assert entry(123_456_789, "k") == "12345 6789 · k"


def test_an_urdu_receipt_and_the_longest_of_everything_stay_inside_the_frame() -> None:
    long = cod_receipt(consignee="W" * 50, order_ref="#" * 50, rider="R" * 80, amount_paisa=20_000_099)
    for tongue in (Tongue(), Tongue(lambda words: words, True)):
        made = cod_receipt_pdf(long, tongue)
        assert set(margins(made)) == {255}
    assert darkest(shown(made), A4[0] - 150, 96, A4[0] - 42, 130) < 120
