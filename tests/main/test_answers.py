"""How an answer travels: compressed for whoever takes that, its headers alone for whoever asks for no more."""

import gzip
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory

from icargos.main.compression import Compression
from tests.cast import Cast

PLAIN = b"<p>Rs 2,450 for IC746741309</p>" * 100


def through(answer: HttpResponse | StreamingHttpResponse, takes: str = "gzip, deflate, br") -> HttpResponse:
    """The answer as it leaves the middleware, for a browser that takes these encodings."""
    asked = RequestFactory().get("/", headers={"Accept-Encoding": takes})

    def respond(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
        return answer

    return Compression(respond)(asked)  # type: ignore[return-value]


@pytest.mark.parametrize(
    "kind", ["text/html; charset=utf-8", "application/json", "application/problem+json", "text/csv"]
)
def test_a_text_is_compressed_and_says_so(kind: str) -> None:
    sent = through(HttpResponse(PLAIN, content_type=kind, headers={"ETag": '"a1"', "Content-Length": str(len(PLAIN))}))
    assert sent["Content-Encoding"] == "gzip"
    assert gzip.decompress(sent.content) == PLAIN
    assert len(sent.content) < len(PLAIN) / 5
    assert sent["Content-Length"] == str(len(sent.content))
    assert sent["ETag"] == 'W/"a1"'
    assert "Accept-Encoding" in sent["Vary"]


@pytest.mark.parametrize("takes", ["", "br", "identity", "gzip;q=0", "gzip; q=0.0, br"])
def test_who_takes_no_gzip_gets_none_and_caches_are_told(takes: str) -> None:
    sent = through(HttpResponse(PLAIN), takes)
    assert sent.content == PLAIN
    assert "Content-Encoding" not in sent
    assert "Accept-Encoding" in sent["Vary"]


@pytest.mark.parametrize("takes", ["gzip", "gzip;q=1.0", "br;q=0, gzip;q=0.5"])
def test_who_takes_it_in_other_words_gets_it(takes: str) -> None:
    assert through(HttpResponse(PLAIN), takes)["Content-Encoding"] == "gzip"


def test_papers_small_texts_streams_and_what_is_packed_already_go_as_they_are() -> None:
    pdf = HttpResponse(PLAIN, content_type="application/pdf")
    small = HttpResponse(b"ok")
    packed = HttpResponse(PLAIN, headers={"Content-Encoding": "br"})
    stream = StreamingHttpResponse([PLAIN], content_type="text/csv")
    assert through(pdf).content == PLAIN
    assert through(small).content == b"ok"
    assert through(packed)["Content-Encoding"] == "br"
    assert "Content-Encoding" not in through(stream)


def test_the_length_of_a_page_tells_nothing_of_what_stands_in_it() -> None:
    assert len({len(through(HttpResponse(PLAIN)).content) for _ in range(60)}) > 10


def test_a_page_of_the_portal_travels_compressed(cast: Cast) -> None:
    client = cast.client("bilal")
    sent = client.get("/orders/", headers={"Accept-Encoding": "gzip"})
    assert sent["Content-Encoding"] == "gzip"
    assert b"<title>" in gzip.decompress(sent.content)


@pytest.mark.parametrize("where", ["/orders/", "/book/", "/accounts/login/"])
def test_the_headers_of_a_page_can_be_asked_for_alone(cast: Cast, where: str) -> None:
    client = Client() if "login" in where else cast.client("bilal")
    sent = client.head(where)
    assert sent.status_code == 200
    assert sent.content == b""


def test_asking_for_headers_does_nothing_where_only_a_post_acts(cast: Cast) -> None:
    client = cast.client("bilal")
    assert client.head("/book/quote/").status_code == 405


def test_the_api_answers_who_asks_for_headers_alone(cast: Cast) -> None:
    assert Client().head("/api/v1/openapi.json").status_code == 200
    assert Client().head("/api/v1/tracking/IC000000000").status_code == 401


def test_an_address_for_forms_says_so_to_who_only_looks(cast: Cast) -> None:
    answer = cast.client("bilal").get("/proofs/")
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert b"takes what a form sends" in answer.content
    assert b"Go to the first page" in answer.content


def signs_in_to(answer: Any) -> str:
    """Where the sign-in that the answer sends to goes on to."""
    where = urlsplit(str(answer.get("HX-Redirect") or answer["Location"]))
    assert where.path == "/accounts/login/"
    (following,) = parse_qs(where.query)["next"]
    return following


def test_who_was_signed_out_meanwhile_comes_back_to_the_page_the_form_stood_on() -> None:
    gone = Client()
    assert signs_in_to(gone.get("/orders/?q=hina")) == "/orders/?q=hina"
    stood = {"Referer": "http://testserver/orders/?view=moving"}
    assert signs_in_to(gone.post("/orders-cancel/", headers=stood)) == "/orders/?view=moving"
    fragment = {"HX-Request": "true", "HX-Current-URL": "http://testserver/book/?copy=IC1"}
    assert signs_in_to(gone.post("/book/quote/", headers=fragment)) == "/book/?copy=IC1"
    assert signs_in_to(gone.get("/advice/count/", headers=fragment)) == "/book/?copy=IC1"


@pytest.mark.parametrize(
    "referer", ["", "https://elsewhere.example/orders/", "http://testserver", "nonsense", "//x//y"]
)
def test_a_form_from_elsewhere_leads_nobody_elsewhere(referer: str) -> None:
    assert signs_in_to(Client().post("/orders-cancel/", headers={"Referer": referer})) == "/"
