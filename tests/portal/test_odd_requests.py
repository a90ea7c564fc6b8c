"""Addresses and forms that no page of ours sends: each gets its plain refusal, never an error of our own."""

import pytest

from tests.cast import Cast
from tests.parcels import enter


@pytest.mark.parametrize(
    "address",
    [
        "/orders/%00/",
        "/orders/%00/label/",
        "/labels/?import=%C2%B2",
        f"/labels/?import={'9' * 5000}",
        "/labels/preview/?cn=%00&format=a6",
        f"/labels/preview.png?print={'9' * 5000}",
        "/labels/99999999999999999999/file/",
        "/settings/labels/?options=1&format=%00&sorting=up",
        "/settings/labels/sample/?options=1&format=A0&sorting=%00",
        "/imports/99999999999999999999/",
        "/orders/?q=%00&before=%C2%B2&import=%C2%B2",
        "/search/?q=%00",
    ],
)
def test_an_unreadable_address_is_refused_plainly(cast: Cast, address: str) -> None:
    assert cast.client("bilal").get(address).status_code in {200, 404, 422}


def test_labels_of_many_take_few_statements(cast: Cast) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    numbers = [one.cn for one in enter(cast, 30)]
    client = cast.client("bilal")
    with CaptureQueriesContext(connection) as statements:
        answer = client.post("/labels/", {"cn": numbers})
    assert answer.status_code == 302
    assert client.get(answer["Location"])["Content-Type"] == "application/pdf"
    assert len(statements) < 30


@pytest.mark.parametrize("odd", ["\x00", "IC000000000", ""])
def test_one_number_that_is_not_ones_own_prints_nothing(cast: Cast, odd: str) -> None:
    (mine,) = enter(cast)
    (theirs,) = enter(cast, whose="B")
    client = cast.client("bilal")
    for wrong in (odd, theirs.cn):
        assert client.post("/labels/", {"cn": [mine.cn, wrong]}).status_code == 404
    assert "Not printed yet" in client.get(f"/orders/{mine.cn}/").content.decode()


def test_a_cancelled_parcel_has_no_label(cast: Cast) -> None:
    (mine,) = enter(cast)
    client = cast.client("bilal")
    assert "Cancel this consignment" in client.get(f"/orders/{mine.cn}/").content.decode()
    client.post(f"/orders/{mine.cn}/cancel/")
    assert "/label/" not in client.get(f"/orders/{mine.cn}/").content.decode()
    assert client.get(f"/orders/{mine.cn}/label/").status_code == 422
    assert client.post("/labels/", {"cn": mine.cn}).status_code == 422


def test_a_stranger_comes_back_to_where_he_asked(cast: Cast) -> None:
    answer = cast.client().get("/orders/?family=booked&q=ZT-1")
    assert answer.headers["Location"] == "/accounts/login/?next=%2Forders%2F%3Ffamily%3Dbooked%26q%3DZT-1"


def test_a_form_without_its_token_is_told_to_be_sent_again(cast: Cast) -> None:
    from django.test import Client

    answer = Client(enforce_csrf_checks=True).post("/language/", {"language": "ur"})
    assert answer.status_code == 403
    assert "Send it again" in answer.content.decode()


def test_urdu_pages_of_the_import_leave_no_english(cast: Cast) -> None:
    from django.utils import translation

    client = cast.client("bilal")
    client.cookies["django_language"] = "ur"
    for address in ("/imports/", "/book/"):
        with translation.override("en"):  # the request leaves its language behind
            shown = client.get(address).content.decode()
        assert 'dir="rtl"' in shown
        for english in ("Upload and check", "Sample sheet", "Landmark", "Pieces", "Book and next"):
            assert english not in shown


def test_cancelled_parcels_have_no_label_among_many(cast: Cast) -> None:
    from io import BytesIO

    import pypdfium2

    kept, gone = enter(cast, 2)
    client = cast.client("bilal")
    assert client.post(f"/orders/{gone.cn}/cancel/", {"sure": "1"}).status_code == 302
    answer = client.post("/labels/", {"cn": [kept.cn, gone.cn]}, follow=True)
    assert len(pypdfium2.PdfDocument(BytesIO(answer.content))) == 1
    assert client.post("/labels/", {"cn": [gone.cn]}).status_code == 422


def test_thousands_of_pieces_are_printed_in_parts(cast: Cast) -> None:
    many = [one.cn for one in enter(cast, 21, pieces=99)]
    answer = cast.client("bilal").post("/labels/", {"cn": many})
    assert answer.status_code == 422
    assert "2000 pieces" in answer.content.decode()
