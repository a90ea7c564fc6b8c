"""docs/subsystems/papers.md, the proof of delivery case by case: what it says, whatever was proven."""

from datetime import timedelta

import pytest
import zxingcpp

from icargos.paper.epod import Epod, Visit, epod_pdf
from icargos.paper.tongue import Tongue
from tests.paper.sample_papers import A4, AT, HASH, LINK, darkest, epod, margins, opened, photo, pictures, shown, text

GONE = "This picture is not in our files as it was kept."


def said(**changes: object) -> str:
    """The words of the sample proof with some of it changed."""
    return text(epod_pdf(epod(**changes)))


def test_it_says_all_that_was_proven() -> None:
    words = said()
    for part in (
        "Proof of delivery IC473124829", "Delivered Sat 21 Nov 2026, 14:12", "Received by Bilal Yousaf (Family).",
        "Rs 6,450 collected in cash.", "Order ref ZT-10492 · Second Day · Karachi to Lahore", "Safar Courier",
        "Zarqa Textiles", "Received by Bilal Yousaf", "Relation Family", "Consignee Hina Yousaf",
        "House 14, Street 9, Gulberg III, Lahore", "Unstitched lawn suit, 3 pc", "Pieces 3",
        "Proof asked for Signature",
        "Delivery code Not asked for", "COD expected Rs 6,450", "COD collected Rs 6,450", "Method Cash",
        "Position 31.51020, 74.34410", "Accuracy ± 6 m", "From the city's centre 2.4 km",
        "Phone's time 21 Nov 2026, 14:12:08", "Server's time 21 Nov 2026, 14:12:14", "Phone's clock 3 s fast",
        "Sent At once, the phone was online", "Rider Imran Ali", "Run sheet DRS-261121-0007", "Phone phone-7",
        "Rider's note Left at the blue gate", "Signature", "Photo 1", "Page 1 of 1",
        "Printed Sun 22 Nov 2026, 14:12 by Ayesha Khan. Times are Pakistan Standard Time.",
    ):  # fmt: skip
        assert part in words, part
    assert " ".join(HASH[at : at + 8] for at in range(0, 64, 8)) in words
    assert "Visits" not in words
    assert GONE not in words


def test_its_qr_opens_the_page_that_checks_it() -> None:
    assert [found.text for found in zxingcpp.read_barcodes(shown(epod_pdf(epod())))] == [LINK]


@pytest.mark.parametrize(("photos", "pages"), [(0, 1), (1, 1), (3, 1), (5, 2)])
@pytest.mark.parametrize("signed", [True, False])
def test_it_shows_signature_and_photos_however_many(photos: int, pages: int, signed: bool) -> None:
    changes = {} if signed else {"signature": None}
    paper = epod_pdf(epod(photos=[photo()] * photos, **changes))
    with opened(paper) as document:
        assert len(document) <= pages
        for page in document:
            assert page.get_mediabox()[2:] == pytest.approx(A4, abs=0.05)
    sizes = [size for page in pictures(paper) for size in page]
    assert sorted(sizes) == sorted([(600, 800)] * photos + [(600, 200)] * signed)
    assert ("Evidence" in text(paper)) == bool(photos or signed)


def test_a_phone_s_photo_of_five_megabytes_makes_a_small_paper() -> None:
    huge = photo(3600, 4800, quality=90, grain=1)
    assert len(huge) > 5_000_000
    assert len(epod_pdf(epod(photos=[huge]))) < 400_000


@pytest.mark.parametrize("torn", [b"", b"no picture"])
def test_a_picture_that_is_gone_is_said_to_be_and_the_rest_is_shown(torn: bytes) -> None:
    paper = epod_pdf(epod(signature=torn, photos=[photo(), torn, photo()]))
    assert text(paper).count(GONE) == 2
    assert pictures(paper) == [[(600, 800)] * 2]
    assert "Photo 3" in text(paper)


def test_a_prepaid_parcel_collects_nothing() -> None:
    words = said(cod_expected_paisa=0, cod_collected_paisa=0, method="")
    assert "Prepaid, nothing was collected." in words
    assert "COD expected Prepaid COD collected Rs 0" in words
    assert "Method" not in words


def test_raast_is_named() -> None:
    words = said(method="raast")
    assert "Rs 6,450 collected by Raast." in words
    assert "Method Raast" in words


def test_a_code_that_was_not_given_stands_with_its_reason() -> None:
    words = said(proof_asked="code", no_code_reason="SMS never came")
    assert "Proof asked for Delivery code" in words
    assert "Not given: SMS never came" in words


def test_a_phone_without_a_position_is_said_to_have_none() -> None:
    words = said(lat=None, lng=None, accuracy_m=None, centre_m=None)
    assert "The phone gave no position" in words
    assert "Accuracy" not in words
    assert "centre" not in words


def test_the_distance_to_the_address_is_told_or_said_to_be_unknown() -> None:
    assert "Distance to address 18 m" in said(distance_m=18.2)
    assert "Not known: the address has no pin on the map" in said()


@pytest.mark.parametrize(
    ("skew_s", "told"),
    [
        (0, "Right to the second"), (1, "1 s fast"), (-119, "119 s slow"), (120, "2 min fast"), (-3700, "62 min slow"),
    ],
)  # fmt: skip
def test_the_phone_s_clock_is_told_against_ours(skew_s: int, told: str) -> None:
    assert f"Phone's clock {told}" in said(skew_s=skew_s)


def test_a_delivery_reported_later_says_so() -> None:
    assert "Sent Later, the phone was offline" in said(offline=True)


def test_earlier_visits_stand_before_the_delivery() -> None:
    failed = [
        Visit(at=AT - timedelta(days=days), outcome=outcome, rider="Asif Mehmood")
        for days, outcome in ((2, "Premises closed"), (1, "Cash not ready"))
    ]
    paper = epod_pdf(epod(visits=failed))
    assert (
        "Visit When Outcome Rider 1 Thu 19 Nov 2026, 14:12 Premises closed Asif Mehmood "
        "2 Fri 20 Nov 2026, 14:12 Cash not ready Asif Mehmood 3 Sat 21 Nov 2026, 14:12 Delivered Imran Ali"
    ) in text(paper)
    with opened(paper) as document:
        assert len(document) == 1


LONG = {
    "receiver": "W" * 50, "consignee": "Muhammad Abdul Rehman Khan Durrani son of Ghulam M", "address": "A" * 250,
    "product": "Embroidered chiffon " * 5, "note": "m" * 500, "no_code_reason": "x" * 250, "proof_asked": "code",
    "order_ref": "#" * 50, "device": "d" * 64, "rider": "R" * 80, "printed_by": "P" * 80,
    "destination": "Dera Ghazi Khan", "photos": [photo()] * 5,
}  # fmt: skip


def test_the_longest_of_everything_stays_inside_the_frame() -> None:
    paper = epod_pdf(epod(**LONG))
    assert set(margins(paper)) == {255}
    assert text(paper).replace(" ", "").count("W" * 50) == 3
    with opened(paper) as document:
        assert len(document) <= 3


def _urdu(words: str) -> str:
    return {"Proof of delivery": "ترسیل کا ثبوت", "Delivered %(when)s": "پہنچ گیا %(when)s"}.get(words, words)


def test_urdu_names_are_set_in_an_english_paper_and_an_urdu_paper_begins_at_the_right() -> None:
    names: dict[str, object] = {
        "receiver": "حنا یوسف",
        "consignee": "محمد شفیق",
        "address": "مکان نمبر ۱۴، گلی نمبر ۹، لاہور",
    }
    proof: Epod = epod(**names)
    english, urdu = epod_pdf(proof), epod_pdf(proof, Tongue(_urdu, True))
    for paper in (english, urdu):
        assert set(margins(paper)) == {255}
        # A reader of PDFs gives letters of Arabic script back in an order of its own.
        assert set("حنایوسفمدشقکنگلہ") <= set(text(paper))
    title, mirrored = (42, 96, 150, 140), (A4[0] - 150, 96, A4[0] - 42, 140)
    assert darkest(shown(english), *title) < 120
    assert darkest(shown(urdu), *mirrored) < 120
    assert [found.text for found in zxingcpp.read_barcodes(shown(urdu))] == [LINK]
    assert b"/Lang(ur)" in urdu.replace(b"/Lang (", b"/Lang(")
