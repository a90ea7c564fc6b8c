"""The booking form, through its door."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from icargos.booking import queries
from icargos.consignments import queries as consignments
from icargos.consignments.queries import Filters
from icargos.finance import queries as finance
from icargos.ground.tenancy import acting
from tests.cast import Cast

FORM = {
    "once": "filling-1",
    "then": "open",
    "service": "overnight",
    "consignee_phone": "3014417208",
    "consignee_name": "Hina Yousaf",
    "destination_city": "لاہور",
    "address": "House 12, Street 4, Model Town",
    "pieces": "1",
    "weight_kg": "1.3",
    "length_cm": "40",
    "width_cm": "30",
    "height_cm": "12",
    "cod_amount": "4,500",
    "order_ref": "ZT-10493",
    "product": "Unstitched lawn suit",
    "proof": "code",
}


def _booked(cast: Cast, who: str = "bilal") -> list[str]:
    actor = cast.actor(who)
    with acting(actor):
        return [row.cn for row in consignments.page(actor, Filters()).rows]


def test_the_form_opens_with_the_default_profile_and_service(cast: Cast) -> None:
    page = cast.client("bilal").get("/book/").content.decode()
    assert 'value="overnight" checked' in page
    assert "4102" in page
    assert 'value="Karachi"' in page
    assert "کراچی" in page


def test_booking_keeps_what_was_typed_as_it_was_understood(cast: Cast) -> None:
    answer = cast.client("bilal").post("/book/", FORM)
    (cn,) = _booked(cast)
    assert answer.status_code == 302
    assert answer["Location"] == f"/orders/{cn}/"
    actor = cast.actor("bilal")
    with acting(actor):
        parcel = consignments.one(actor, cn)
        charged = finance.charged(actor, parcel.id)
    assert (parcel.consignee_phone, parcel.destination, parcel.cod_paisa) == ("+923014417208", "Lahore", 450_000)
    assert (parcel.weight_g, parcel.charged_weight_g, parcel.proof, parcel.source) == (1300, 3000, "code", "form")
    assert charged is not None
    assert charged.charges_paisa > 0


def test_the_quote_is_the_receipt_that_the_booking_then_gets(cast: Cast) -> None:
    client = cast.client("bilal")
    actor = cast.actor("bilal")
    quoted = client.post("/book/quote/", FORM).content.decode()
    with acting(actor):
        from tests.cast import NOW

        found = queries.preview(actor, FORM, now=NOW)
    assert found.receipt is not None
    assert f"{found.receipt.payable_paisa / 100:,.2f}" in quoted
    assert "Kept as" in quoted
    assert "0301-4417208" in quoted
    assert "Charged by size" in quoted
    assert _booked(cast) == []


def test_a_half_filled_form_is_priced_once_city_and_weight_are_there(cast: Cast) -> None:
    client = cast.client("bilal")
    empty = client.post("/book/quote/", {"service": "overnight"}).content.decode()
    assert "You receive" not in empty
    assert "Give city and weight" in empty
    part = {"service": "overnight", "destination_city": "KHI", "weight_kg": "0.5"}
    assert "Charges" in client.post("/book/quote/", part).content.decode()
    assert "If it comes back" in client.post("/book/quote/", part).content.decode()


def test_the_quote_names_what_is_wrong_but_not_what_is_still_empty(cast: Cast) -> None:
    part = {"service": "overnight", "destination_city": "Hydrabad", "address": "Model Town A"}
    told = cast.client("bilal").post("/book/quote/", part).content.decode()
    assert "Hyderabad" in told
    assert "is short or has no number" in told
    assert "required" not in told


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"consignee_phone": "12345"}, "not a phone number"),
        ({"destination_city": "Hydrabad"}, "Use Hyderabad"),
        ({"cod_amount": ""}, "empty"),
        ({"cod_amount": "250000"}, "limited to"),
        ({"weight_kg": "0"}, "must be from"),
        ({"destination_city": "Panjgur"}, "do not deliver"),
        ({"service": "teleport"}, "no service"),
        ({"length_cm": "40", "width_cm": "", "height_cm": ""}, "length, width and height"),
    ],
)
def test_a_wrong_field_books_nothing_and_keeps_what_was_typed(cast: Cast, change: dict[str, str], told: str) -> None:
    answer = cast.client("bilal").post("/book/", {**FORM, **change})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert told in page
    assert "nothing was booked" in page
    assert 'value="Hina Yousaf"' in page
    assert 'value="filling-1"' in page
    assert _booked(cast) == []


def test_a_parcel_too_heavy_for_its_service_is_refused_at_its_field(cast: Cast) -> None:
    answer = cast.client("bilal").post("/book/", {**FORM, "weight_kg": "99"})
    assert answer.status_code == 422
    assert 'href="#f-weight_kg"' in answer.content.decode()
    assert _booked(cast) == []


def test_a_refused_form_can_be_mended_and_sent_again_with_the_same_key(cast: Cast) -> None:
    client = cast.client("bilal")
    assert client.post("/book/", {**FORM, "product": ""}).status_code == 422
    assert client.post("/book/", FORM).status_code == 302
    assert len(_booked(cast)) == 1


def test_a_suggestion_is_taken_into_the_form_without_booking(cast: Cast) -> None:
    taken = {**FORM, "destination_city": "Hydrabad", "take": "destination_city:Hyderabad"}
    answer = cast.client("bilal").post("/book/", taken)
    assert answer.status_code == 200
    assert 'value="Hyderabad" list="cities"' in answer.content.decode()
    assert _booked(cast) == []


def test_a_double_click_books_once_and_says_so(cast: Cast) -> None:
    client = cast.client("bilal")
    first = client.post("/book/", FORM)
    second = client.post("/book/", FORM)
    assert first["Location"] == second["Location"]
    assert len(_booked(cast)) == 1
    assert "nothing was booked twice" in client.get(second["Location"]).content.decode()


def test_two_clicks_at_the_same_moment_book_once(cast: Cast) -> None:
    clients = [cast.client("bilal") for _ in range(4)]

    def click(client: Client) -> Any:
        try:
            return client.post("/book/", FORM)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(click, clients))
    assert {a["Location"] for a in answers} == {f"/orders/{_booked(cast)[0]}/"}
    assert len(_booked(cast)) == 1


def test_the_same_key_with_other_contents_is_refused(cast: Cast) -> None:
    client = cast.client("bilal")
    client.post("/book/", FORM)
    answer = client.post("/book/", {**FORM, "consignee_name": "Somebody Else"})
    assert answer.status_code == 409
    assert len(_booked(cast)) == 1


def test_an_order_ref_booked_before_is_refused(cast: Cast) -> None:
    client = cast.client("bilal")
    client.post("/book/", FORM)
    answer = client.post("/book/", {**FORM, "once": "filling-2"})
    assert answer.status_code == 422
    assert "booked this order ref before" in answer.content.decode()
    assert len(_booked(cast)) == 1


def test_book_and_next_opens_an_empty_form_with_the_same_service(cast: Cast) -> None:
    answer = cast.client("bilal").post("/book/", {**FORM, "then": "next", "service": "overland"}, follow=True)
    page = answer.content.decode()
    assert 'value="overland" checked' in page
    assert "Hina Yousaf" not in page
    assert "Booked IC" in page


def test_book_and_print_goes_to_the_label(cast: Cast) -> None:
    client = cast.client("bilal")
    answer = client.post("/book/", {**FORM, "then": "print"})
    file = client.get(answer["Location"])
    assert file["Content-Type"] == "application/pdf"
    assert "Printed 1 time" in client.get(f"/orders/{_booked(cast)[0]}/").content.decode()


def test_the_profile_of_another_shipper_is_unknown(cast: Cast) -> None:
    answer = cast.client("bilal").post("/book/", {**FORM, "profile": "4103"})
    assert answer.status_code == 422
    assert "no pickup profile" in answer.content.decode()
    assert _booked(cast) == []


@pytest.mark.parametrize("who", ["farah", "vahid"])
def test_finance_and_viewers_may_not_book(cast: Cast, who: str) -> None:
    client = cast.client(who)
    assert client.get("/book/").status_code == 403
    assert client.post("/book/", FORM).status_code == 403
    assert client.post("/book/quote/", FORM).status_code == 403
    assert _booked(cast) == []


def test_markup_in_a_field_is_shown_as_text(cast: Cast) -> None:
    answer = cast.client("bilal").post("/book/", {**FORM, "consignee_name": '"><script>x</script>', "product": ""})
    assert b"<script>x" not in answer.content


def test_nul_characters_are_left_out(cast: Cast) -> None:
    odd = {name: f"{value}\x00" for name, value in FORM.items()}
    assert cast.client("bilal").post("/book/", odd).status_code in {302, 422}
    assert cast.client("bilal").post("/book/quote/", odd).status_code == 200
