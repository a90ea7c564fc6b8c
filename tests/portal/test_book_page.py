"""The booking form, through its door."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from icargos.booking import actions, queries
from icargos.consignments import queries as consignments
from icargos.consignments.queries import Filters
from icargos.consignments.rules import Status
from icargos.finance import queries as finance
from icargos.ground.tenancy import acting
from icargos.places import queries as places
from tests.booking.scene import book, move, row
from tests.cast import NOW, Cast

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


def test_what_is_wrong_is_told_in_the_forms_order_and_words(cast: Cast) -> None:
    wrong = {
        "cod_amount": "",
        "destination_city": "Hydrabad",
        "consignee_phone": "12345",
        "address": "x",
        "weight_kg": "0",
    }
    page = cast.client("bilal").post("/book/", {**FORM, **wrong}).content.decode()
    summary = page.partition("error-summary")[2].partition("</ul>")[0]
    told = re.findall(r"<b>([^<:]+):</b>", summary)
    assert list(dict.fromkeys(told)) == ["Phone", "City", "Address", "Weight", "COD amount"]


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


def _suggested(cast: Cast, typed: str, who: str = "bilal") -> str:
    answer = cast.client(who).post("/book/consignees/", {"consignee_phone": typed})
    assert answer.status_code == 200
    page: str = answer.content.decode()
    return page


def test_an_earlier_consignee_is_suggested_by_the_beginning_of_the_phone(cast: Cast) -> None:
    book(cast, consignee_phone="+923014417208", consignee_name="Hina Yousaf", landmark="Blue gate")
    (returned,) = book(cast, consignee_phone="+923014417208", consignee_name="Hina Yousaf", landmark="Blue gate")
    move(cast, returned.cn, Status.PICKED_UP, Status.RECEIVED_AT_OFFICE, Status.RETURN_CONFIRMED)
    found = _suggested(cast, "0301 441")
    for told in (
        'data-fill-consignee_phone="0301-4417208"', 'data-fill-consignee_name="Hina Yousaf"',
        'data-fill-destination_city="Multan"', 'data-fill-landmark="Blue gate"', "<mark>0301-441</mark>7208",
        "2 parcels", "1 came back",
    ):  # fmt: skip
        assert told in found, told
    for typed in ("0301", "0302 44", "hina", "", "\x00"):
        assert 'role="option"' not in _suggested(cast, typed), typed


def test_what_the_address_book_says_of_a_phone_goes_before_the_last_parcel(cast: Cast) -> None:
    book(cast, consignee_phone="+923014417208", consignee_name="Hina old", address="House 1, Street 9, Old Town")
    client = cast.client("bilal")
    client.post("/book/", {**FORM, "keep": "Y"})
    found = _suggested(cast, "0301-44")
    assert found.count('role="option"') == 1
    assert 'data-fill-address="House 12, Street 4, Model Town"' in found
    assert "2 parcels" in found


def test_another_shippers_consignees_are_not_suggested(cast: Cast) -> None:
    book(cast, whose="B", consignee_phone="+923014417208", consignee_name="Qanary Hina")
    assert "Qanary" not in _suggested(cast, "0301 4417208")
    assert "Qanary Hina" in _suggested(cast, "0301 4417208", "zara")


def test_a_booking_keeps_its_consignee_when_asked_and_only_then(cast: Cast) -> None:
    client = cast.client("bilal")
    client.post("/book/", {**FORM, "keep": "Y", "product": ""})
    assert "Nobody kept yet" in client.get("/addresses/").content.decode(), "it was refused"
    client.post("/book/", FORM)
    assert "Nobody kept yet" in client.get("/addresses/").content.decode()
    client.post("/book/", {**FORM, "keep": "Y", "once": "filling-2", "order_ref": ""})
    assert "Hina Yousaf" in client.get("/addresses/").content.decode()


def test_the_form_can_be_filled_in_like_another_parcel(cast: Cast) -> None:
    (parcel,) = book(cast, order_ref="ZT-1", remarks="Ring twice", length_cm=40, width_cm=30, height_cm=12)
    client = cast.client("bilal")
    page = client.get(f"/book/?like={parcel.cn}").content.decode()
    for shown in ('value="0333-1234567"', 'value="Multan"', 'value="1.3"', 'value="40"', 'value="Ring twice"'):
        assert shown in page, shown
    assert "ZT-1" not in page, "its order ref was used"
    move(cast, parcel.cn, Status.CANCELLED)
    assert 'value="ZT-1"' in client.get(f"/book/?like={parcel.cn}").content.decode()
    assert "Book again" in client.get(f"/orders/{parcel.cn}/").content.decode()


def test_the_form_is_not_filled_in_from_what_is_another_shippers(cast: Cast) -> None:
    (theirs,) = book(cast, whose="B", consignee_name="Qanary Hina")
    zara = cast.actor("zara")
    with acting(zara):
        values = {**FORM, "consignee_name": "Qanary Hina"}
        actions.keep_address(zara, values, now=NOW)
        (kept,) = places.addresses(zara)
    client = cast.client("bilal")
    for where in (f"/book/?like={theirs.cn}", "/book/?like=IC000000000", f"/book/?to={kept.id}", "/book/?to=999999"):
        answer = client.get(where)
        assert answer.status_code == 404, where
        assert b"Qanary" not in answer.content
    assert client.get("/book/?to=x").status_code == 200


def test_an_entry_of_the_address_book_fills_in_its_consignee(cast: Cast) -> None:
    client = cast.client("bilal")
    client.post("/addresses/new/", FORM)
    bilal = cast.actor("bilal")
    with acting(bilal):
        (kept,) = places.addresses(bilal)
    page = client.get(f"/book/?to={kept.id}").content.decode()
    for shown in ('value="Hina Yousaf"', 'value="0301-4417208"', 'value="Lahore" list="cities"'):
        assert shown in page


def test_each_service_tells_its_day_and_where_it_does_not_go(cast: Cast) -> None:
    quoted = cast.client("bilal").post("/book/quote/", FORM).content.decode()
    assert re.search(r'id="d-overnight"[^>]*>\w{3} \d+ \w{3}<', quoted)
    assert re.search(r'id="d-same_day"[^>]*>not on this way<', quoted)
    assert "Pickup" in quoted


def test_a_smaller_box_is_named_with_what_it_saves(cast: Cast) -> None:
    quoted = cast.client("bilal").post("/book/quote/", FORM).content.decode()
    assert "40 × 30 × 12 cm. With the shortest side at most 6 cm it costs Rs 270 less." in quoted
    kept = cast.client("bilal").post("/book/quote/", {**FORM, "height_cm": "6"}).content.decode()
    assert "Charged by size" not in kept


def test_parcels_that_came_back_and_a_likely_twin_are_told_before_booking(cast: Cast) -> None:
    now = timezone.now()
    (returned,) = book(cast, consignee_phone="+923014417208")
    move(cast, returned.cn, Status.PICKED_UP, Status.RECEIVED_AT_OFFICE, Status.RETURN_CONFIRMED)
    (twin,) = book(cast, consignee_phone="+923014417208", cod_paisa=450_000, now=now)
    quoted = cast.client("bilal").post("/book/quote/", FORM).content.decode()
    assert "1 of 2 parcels to this phone came back." in quoted
    assert "one that comes back costs Rs" in quoted
    assert f"{twin.cn} with the same COD" in quoted
    other = cast.client("bilal").post("/book/quote/", {**FORM, "cod_amount": "4,501"}).content.decode()
    assert "with the same COD" not in other
    theirs = cast.client("zara").post("/book/quote/", {**FORM, "profile": ""}).content.decode()
    assert "came back" not in theirs
    assert twin.cn not in theirs


def test_a_phone_that_is_still_being_typed_is_no_mistake_yet(cast: Cast) -> None:
    client = cast.client("bilal")
    assert (
        "not a phone number" not in client.post("/book/quote/", {**FORM, "consignee_phone": "0301-4"}).content.decode()
    )
    assert "not a phone number" in client.post("/book/quote/", {**FORM, "consignee_phone": "0301-44x"}).content.decode()


def test_the_suggestion_looked_at_is_priced_before_it_is_taken(cast: Cast) -> None:
    part = {"service": "overnight", "peek_city": "Lahore", "weight_kg": "0.5"}
    assert "You receive" in cast.client("bilal").post("/book/quote/", {**part, "cod_amount": "1000"}).content.decode()


def test_the_browser_is_told_which_form_was_booked_and_nothing_else(cast: Cast) -> None:
    client = cast.client("bilal")
    assert "booked" not in client.post("/book/", {**FORM, "product": ""}).cookies
    cookie = client.post("/book/", FORM).cookies["booked"]
    assert (cookie.value, cookie["samesite"]) == ("filling-1", "Lax")


def test_wishes_are_booked_and_a_day_off_is_refused_with_the_next_one(cast: Cast) -> None:
    client = cast.client("bilal")
    today = timezone.localdate()
    sunday = today + timedelta(days=(6 - today.weekday()) % 7 or 7)
    wished = {**FORM, "delivery_window": "15-18", "return_address": "Godown 7, Korangi, Karachi"}
    answer = client.post("/book/", {**wished, "pickup_date": sunday.isoformat()})
    assert answer.status_code == 422
    assert "collect nothing on this day" in answer.content.decode()
    monday = sunday + timedelta(days=1)
    assert client.post("/book/", {**wished, "pickup_date": monday.isoformat()}).status_code == 302
    parcel = row(cast, _booked(cast)[0])
    assert (parcel.pickup_on, parcel.delivery_window) == (monday, "15-18")
    assert parcel.return_address == "Godown 7, Korangi, Karachi"
