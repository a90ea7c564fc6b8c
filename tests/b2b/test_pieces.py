"""docs/subsystems/b2b.md, 1 to 9: pieces with their own weights."""

from typing import Any

import pypdfium2
import pytest

from icargos.booking import actions, queries
from icargos.booking.actions import ChangeRefused
from icargos.booking.rules.answers import checkers
from icargos.booking.rules.cells import Cell
from icargos.consignments.models import Revision
from icargos.consignments.rules.pieces import in_kilograms, weights, written
from icargos.ground.tenancy import acting
from tests.api.conftest import Programme, make_key
from tests.api.conftest import order as body
from tests.booking.ground import GOOD, REF, checked, told
from tests.booking.scene import COURIER, book, charged, order, print_label, row
from tests.cast import NOW, Cast
from tests.portal.test_book_page import FORM, _booked


def cell(text: str) -> Cell:
    return checkers(REF)["piece_weights"][text]


@pytest.mark.parametrize(
    ("text", "grams"),
    [
        ("2.5; 1.2", "2500,1200"), ("2.5 1.2", "2500,1200"), ("2.5,1.2", "2500,1200"), ("2.5 kg + 500 g", "2500,500"),
        ("3x2.5", "2500,2500,2500"), ("2 × 1.5, 0.75", "1500,1500,750"), ("۲.۵؛ ۱".replace("؛", ";"), "2500,1000"),
        ("2.5\n1.2", "2500,1200"), ("2.5; 1.2;", "2500,1200"), (".5|.25", "500,250"), ("", ""),
    ],
)  # fmt: skip
def test_weights_of_pieces_are_read_as_people_write_them(text: str, grams: str) -> None:
    assert cell(text) == Cell(grams)


@pytest.mark.parametrize("text", ["heavy", "2.5; x", "2.5 to 3", "-1; 2", "0; 1", "200; 1", "0x2", "99x1; 1", ";"])
def test_other_weights_of_pieces_are_refused(text: str) -> None:
    (finding,) = cell(text).findings
    assert finding.code.value in {"TYPE", "RANGE"}


def test_what_is_kept_is_read_and_shown_again() -> None:
    assert weights(written([2500, 50])) == (2500, 50)
    assert weights("") == ()
    assert cell(in_kilograms("2500,50,100000")).value == "2500,50,100000"


def test_where_only_the_pieces_were_weighed_the_parcel_weighs_what_they_do_together() -> None:
    (found,) = checked({**GOOD, "pieces": "2", "weight_kg": "", "piece_weights": "2.5; 1.2"}).rows
    assert found.order is not None
    assert (found.order.weight_g, found.order.piece_weights) == (3700, "2500,1200")
    assert told({**GOOD, "pieces": "2", "weight_kg": "", "piece_weights": "99; 99"})[0][:2] == ("weight_kg", "RANGE")


def test_weights_that_do_not_fit_the_pieces_or_the_parcel_are_named_with_what_would() -> None:
    two = {**GOOD, "pieces": "2", "weight_kg": "3.7", "piece_weights": "2.5; 1.2"}
    assert told(two) == []
    assert told({**two, "pieces": "3"}) == [("piece_weights", "RANGE", "")]
    assert told({**two, "weight_kg": "4"}) == [("weight_kg", "RANGE", "3.7")]
    (single,) = checked({**GOOD, "piece_weights": "0.8"}).rows
    assert single.problems == ()
    assert single.order is not None
    assert single.order.piece_weights == "", "one piece weighs what the parcel weighs"


def _texts(data: bytes) -> list[str]:
    return [" ".join(page.get_textpage().get_text_range().split()) for page in pypdfium2.PdfDocument(data)]


def test_a_booking_keeps_its_pieces_weights_and_each_label_says_its_own(cast: Cast) -> None:
    client = cast.client("bilal")
    form = {
        **FORM,
        "pieces": "2",
        "weight_kg": "",
        "piece_weights": "2.5; 1.2",
        "length_cm": "",
        "width_cm": "",
        "height_cm": "",
    }
    assert client.post("/book/", form).status_code == 302
    (cn,) = _booked(cast)
    parcel = row(cast, cn)
    assert (parcel.pieces, parcel.weight_g, parcel.piece_weights) == (2, 3700, "2500,1200")
    assert charged(cast, cn).receipt["charged_g"] == parcel.charged_weight_g >= 3700
    page = client.get(f"/orders/{cn}/").content.decode()
    assert "1/2: 2.5 kg, 2/2: 1.2 kg" in page
    assert "1/2: 2.5 kg" in cast.client("adeel").get(f"/desk/parcels/{cn}/").content.decode()
    first, second = _texts(client.post("/labels/", {"cn": cn}, follow=True).content)
    assert "1 of 2" in first
    assert "Weight 2.50 kg" in first
    assert "2 of 2" in second
    assert "Weight 1.20 kg" in second


def test_labels_of_pieces_that_were_not_weighed_say_the_parcels_weight(cast: Cast) -> None:
    (parcel,) = book(cast, pieces=2)
    actor = cast.actor("bilal")
    with acting(actor):
        printed = queries.printable(actor, [parcel.id])
        made = queries.labels(actor, printed, queries.label_style(actor).wanted, base_url="https://x.pk")
    assert [label.weight_g for label in made] == [1300, 1300]


def typed(cast: Cast, cn: str, **changes: str) -> Any:
    """Change the parcel as the form does."""
    from icargos.booking.rules.order import version
    from icargos.consignments import queries as consignments

    actor = cast.actor("bilal")
    with acting(actor):
        parcel = consignments.one(actor, cn)
        values = {**queries.typed(actor, parcel), **changes}
        seen = version(queries.order_of(parcel))
        return actions.change_typed(actor, cn, values, seen=seen, source="form", now=NOW)


def test_a_change_keeps_pieces_and_weight_together_prices_again_and_marks_the_label(cast: Cast) -> None:
    (parcel,) = book(cast, [order(cast, pieces=2, weight_g=3700, piece_weights="2500,1200")])
    print_label(cast, parcel)
    before = charged(cast, parcel.cn).charges_paisa
    for wrong in ({"pieces": "3"}, {"weight_kg": "5"}, {"piece_weights": "2.5"}):
        with pytest.raises(ChangeRefused):
            typed(cast, parcel.cn, **wrong)
    assert row(cast, parcel.cn).piece_weights == "2500,1200"
    changed = typed(cast, parcel.cn, piece_weights="4.5; 1.2", weight_kg="")
    assert set(changed.fields) == {"piece_weights", "weight_g"}
    assert changed.label_stale
    assert row(cast, parcel.cn).weight_g == 5700
    assert charged(cast, parcel.cn).charges_paisa > before
    with acting(COURIER):
        kept = Revision.objects.get(field="piece_weights")
    assert (kept.was, kept.becomes) == ("2500,1200", "4500,1200")
    page = cast.client("bilal").get(f"/orders/{parcel.cn}/").content.decode()
    assert "2.5 kg, 1.2 kg" in page
    assert "4.5 kg, 1.2 kg" in page


def test_pieces_that_only_trade_weight_keep_the_price_and_mark_the_label(cast: Cast) -> None:
    (parcel,) = book(cast, [order(cast, pieces=2, weight_g=3700, piece_weights="2500,1200")])
    print_label(cast, parcel)
    changed = typed(cast, parcel.cn, piece_weights="1.2; 2.5")
    assert changed.fields == ("piece_weights",)
    assert changed.receipt is None
    assert changed.label_stale


def test_ninety_nine_pieces_are_kept_with_their_history(cast: Cast) -> None:
    grams = [1000 + place for place in range(99)]
    (parcel,) = book(cast, [order(cast, pieces=99, weight_g=99_000, service="overland")])
    text = "; ".join(f"{one / 1000:g}" for one in [1000] * 99)
    typed(cast, parcel.cn, piece_weights=text, weight_kg="")
    assert weights(row(cast, parcel.cn).piece_weights) == (1000,) * 99
    assert len(written(grams)) < 700


def test_a_programme_weighs_pieces_too(cast: Cast) -> None:
    shop = Programme(make_key(cast).token)
    sent = body(pieces=2, weight_kg=None, piece_weights="2.5; 1.2", signed_papers="challan, invoice")
    answer = shop("bookings", sent)
    assert answer.status_code == 201, answer.content
    parcel = row(cast, answer.json()["cn"])
    assert (parcel.weight_g, parcel.piece_weights) == (3700, "2500,1200")
    assert parcel.signed_papers == "invoice,challan"
    refused = shop("bookings", body(pieces=3, weight_kg=None, piece_weights="2.5; 1.2"))
    assert [one["field"] for one in refused.json()["errors"]] == ["piece_weights"]
    assert len(_booked(cast)) == 1
