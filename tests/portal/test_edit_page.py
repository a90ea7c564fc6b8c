"""Changing a booking through its door."""

import re
from typing import Any

import pytest
from django.test import Client

from icargos.consignments.rules import Status
from tests.booking.scene import book, books, charged, everything, move, order, print_label, row
from tests.cast import Cast

FORM = {
    "service": "overnight", "profile": "4102", "consignee_phone": "0333-1234567", "consignee_name": "Sana Malik",
    "destination_city": "Multan", "address": "House 12, Street 4, Gulgasht Colony", "pieces": "1", "weight_kg": "1.3",
    "cod_amount": "4500", "product": "Cotton suit", "proof": "none",
}  # fmt: skip


def opened(cast: Cast, cn: str, who: str = "bilal") -> str:
    answer = cast.client(who).get(f"/orders/{cn}/edit/")
    assert answer.status_code == 200
    page: str = answer.content.decode()
    return page


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{16})"', page)
    assert found is not None
    return found[1]


def send(
    cast: Cast, cn: str, *, version: str = "", who: str = "bilal", client: Client | None = None, **changes: str
) -> Any:
    posted = {**FORM, "seen": version or seen(opened(cast, cn, who)), **changes}
    return (client or cast.client(who)).post(f"/orders/{cn}/edit/", posted)


def test_the_form_opens_with_what_is_booked(cast: Cast) -> None:
    (parcel,) = book(cast, length_cm=40, width_cm=30, height_cm=12, fragile=True, remarks="Ring twice", proof="code")
    page = opened(cast, parcel.cn)
    for shown in (
        'value="0333-1234567"', 'value="Sana Malik"', 'value="Multan"', 'value="1.3"', 'value="40"', 'value="4500"',
        'value="Ring twice"', 'name="fragile" value="Y" checked', '<option value="code" selected>',
    ):  # fmt: skip
        assert shown in page, shown
    assert "The price stays as it was" in page
    assert f"{parcel.charges_paisa / 100:,.2f}" in page


@pytest.mark.parametrize(("paisa", "shown"), [(125000000, "1250000"), (12345678, "123456.78"), (150050, "1500.50")])
def test_a_large_declared_value_opens_as_it_was_written(cast: Cast, paisa: int, shown: str) -> None:
    (parcel,) = book(cast, declared_value_paisa=paisa)
    assert f'value="{shown}"' in opened(cast, parcel.cn)
    assert send(cast, parcel.cn, declared_value=shown, product="Shawl").status_code == 302
    assert row(cast, parcel.cn).declared_value_paisa == paisa


def test_sent_as_it_opened_nothing_changes(cast: Cast) -> None:
    (parcel,) = book(cast)
    before = everything(cast)
    answer = send(cast, parcel.cn)
    assert answer["Location"] == f"/orders/{parcel.cn}/"
    assert everything(cast) == before


def test_a_change_is_kept_and_told_with_its_price(cast: Cast) -> None:
    (parcel,) = book(cast)
    quoted = cast.client("bilal").post(f"/orders/{parcel.cn}/edit/quote/", {**FORM, "weight_kg": "3"}).content.decode()
    assert "Before: charges" in quoted
    client = cast.client("bilal")
    assert send(cast, parcel.cn, client=client, weight_kg="3", consignee_phone="0301 4417208").status_code == 302
    now = row(cast, parcel.cn)
    assert (now.weight_g, now.consignee_phone) == (3000, "+923014417208")
    charges = f"{charged(cast, parcel.cn).charges_paisa / 100:,.2f}"
    assert charges in quoted
    page = client.get(f"/orders/{parcel.cn}/").content.decode()
    assert "2 fields of" in page
    assert "Changed" in page
    for text in ("0333-1234567", "0301-4417208", "1.3 kg", "3.0 kg", f"now {charges}", "Bilal Raza"):
        assert text in page, text
    assert books() == []


def test_a_change_without_a_price_quotes_the_receipt_it_has(cast: Cast) -> None:
    (parcel,) = book(cast)
    quoted = cast.client("bilal").post(f"/orders/{parcel.cn}/edit/quote/", {**FORM, "product": "Shawl"})
    assert "The price stays as it was" in quoted.content.decode()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"consignee_phone": "12"}, "not a phone number"),
        ({"destination_city": "Hydrabad"}, "Use Hyderabad"),
        ({"weight_kg": "99"}, "carries up to"),
        ({"order_ref": "TAKEN"}, "booked this order ref before"),
        ({"profile": "4103"}, "no pickup profile"),
    ],
)
def test_a_wrong_field_changes_nothing_and_keeps_what_was_typed(cast: Cast, change: dict[str, str], told: str) -> None:
    (parcel,) = book(cast, order_ref="MINE")
    book(cast, order_ref="TAKEN")
    before = everything(cast)
    posted = {
        **FORM,
        "order_ref": "MINE",
        "consignee_name": "Somebody",
        **change,
        "seen": seen(opened(cast, parcel.cn)),
    }
    answer = cast.client("bilal").post(f"/orders/{parcel.cn}/edit/", posted)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert told in page
    assert "nothing was changed" in page
    assert 'value="Somebody"' in page
    assert everything(cast) == before


def test_its_own_order_ref_is_not_in_its_way(cast: Cast) -> None:
    (parcel,) = book(cast, order_ref="MINE")
    assert send(cast, parcel.cn, order_ref="MINE", product="Shawl").status_code == 302
    assert row(cast, parcel.cn).product == "Shawl"


def test_what_somebody_else_changed_meanwhile_is_not_written_over(cast: Cast) -> None:
    (parcel,) = book(cast)
    version = seen(opened(cast, parcel.cn))
    send(cast, parcel.cn, who="ayesha", landmark="Blue gate")
    before = everything(cast)
    answer = send(cast, parcel.cn, version=version, product="Shawl")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "You typed “Shawl” here." in page, "what was typed is not lost"
    assert page.count("You typed “") == 2, "in the summary and at its field, and no other field was typed in"
    assert "changed by somebody else" in page
    assert 'value="Blue gate"' in page
    assert everything(cast) == before
    assert send(cast, parcel.cn, version=seen(page), landmark="Blue gate", product="Shawl").status_code == 302


def test_of_a_parcel_that_is_ready_the_form_holds_what_its_pickup_was_asked_for(cast: Cast) -> None:
    (parcel,) = book(cast)
    version = seen(opened(cast, parcel.cn))
    move(cast, parcel.cn, Status.READY_FOR_PICKUP)
    page = opened(cast, parcel.cn)
    assert re.search(r'<input id="f-weight_kg"[^>]* disabled', page)
    assert re.search(r'<input id="f-destination_city"[^>]* disabled', page)
    # A disabled field is not sent; one that is sent all the same is not taken.
    answer = send(cast, parcel.cn, version=version, weight_kg="9", destination_city="Lahore", landmark="Blue gate")
    assert answer.status_code == 302
    now = row(cast, parcel.cn)
    assert (now.weight_g, now.landmark, now.sort_code) == (1300, "Blue gate", "MUX-01")


@pytest.mark.parametrize("path", [[Status.PICKED_UP], [Status.CANCELLED]])
def test_a_parcel_that_is_gone_has_no_form(cast: Cast, path: list[Status]) -> None:
    (parcel,) = book(cast)
    version = seen(opened(cast, parcel.cn))
    move(cast, parcel.cn, *path)
    before = everything(cast)
    client = cast.client("bilal")
    assert client.get(f"/orders/{parcel.cn}/edit/").status_code == 409
    posted = {**FORM, "seen": version, "product": "Shawl"}
    assert client.post(f"/orders/{parcel.cn}/edit/", posted).status_code == 409
    assert f"/orders/{parcel.cn}/edit/" not in client.get(f"/orders/{parcel.cn}/").content.decode()
    assert everything(cast) == before


def test_a_parcel_of_a_retired_profile_keeps_it(cast: Cast, owner_url: str) -> None:
    import psycopg

    (parcel,) = book(cast)
    with psycopg.connect(owner_url) as owner:
        owner.execute(
            "INSERT INTO places_pickupprofile (shipper_id, code, name, phone, address, city_id, return_address,"
            " is_default, active) SELECT shipper_id, '4199', name, phone, address, city_id, '', false, true"
            " FROM places_pickupprofile WHERE id = %s",
            [cast.profile_a],
        )
        owner.execute(
            "UPDATE places_pickupprofile SET is_default = false, active = false WHERE id = %s", [cast.profile_a]
        )
    page = opened(cast, parcel.cn)
    assert '<option value="4102" selected>' in page
    assert send(cast, parcel.cn, weight_kg="2").status_code == 302
    assert row(cast, parcel.cn).profile_id == cast.profile_a


def test_a_suggestion_is_taken_into_the_form_without_changing_anything(cast: Cast) -> None:
    (parcel,) = book(cast)
    before = everything(cast)
    answer = send(cast, parcel.cn, destination_city="Hydrabad", take="destination_city:Hyderabad")
    assert 'value="Hyderabad" list="cities"' in answer.content.decode()
    assert everything(cast) == before


@pytest.mark.parametrize("who", ["farah", "vahid"])
def test_finance_and_viewers_find_no_way_to_change(cast: Cast, who: str) -> None:
    (parcel,) = book(cast)
    client = cast.client(who)
    assert client.get(f"/orders/{parcel.cn}/edit/").status_code == 403
    page = client.get(f"/orders/{parcel.cn}/").content.decode()
    assert f"/orders/{parcel.cn}/edit/" not in page
    assert "?like=" not in page


def test_a_label_that_lies_is_marked_on_the_parcels_page_until_it_is_printed_again(cast: Cast) -> None:
    (parcel,) = book(cast)
    print_label(cast, parcel)
    client = cast.client("bilal")
    where = f"/orders/{parcel.cn}/"
    assert "out of date" not in client.get(where).content.decode()
    assert "Its label is printed" in opened(cast, parcel.cn)
    send(cast, parcel.cn, landmark="Red gate")
    assert "The printed label is out of date" in client.get(where).content.decode()
    assert client.post("/labels/", {"cn": parcel.cn}).status_code == 302
    page = client.get(where).content.decode()
    assert "out of date" not in page
    assert "2 times by now" in page


def test_finance_sees_that_a_phone_changed_but_neither_phone(cast: Cast) -> None:
    (parcel,) = book(cast)
    send(cast, parcel.cn, consignee_phone="0301 4417208", weight_kg="3", remarks="Ring 0301-4417208")
    page = cast.client("farah").get(f"/orders/{parcel.cn}/").content.decode()
    assert "Consignee Phone" in page
    assert "1.3 kg" in page
    for private in ("4417208", "1234567"):
        assert private not in page


def test_notes_are_kept_and_deleted_on_the_parcels_page(cast: Cast) -> None:
    (parcel,) = book(cast)
    client = cast.client("bilal")
    where = f"/orders/{parcel.cn}/"
    assert client.post(f"{where}notes/", {"note": "Customer asked for <b>blue</b>"})["Location"] == where
    page = client.get(where).content.decode()
    assert "Customer asked for &lt;b&gt;blue&lt;/b&gt;" in page
    assert "Customer asked" not in cast.client("farah").get(where).content.decode()
    found = re.search(rf"{where}notes/(\d+)/", page)
    assert found is not None
    assert cast.client("ayesha").post(found[0]).status_code == 404
    client.post(found[0])
    assert "Customer asked for &lt;b" not in client.get(where).content.decode()
    assert client.post(f"{where}notes/", {"note": ""}).status_code == 422


def test_wishes_stand_on_the_page_and_the_return_address_on_the_label(cast: Cast) -> None:
    from datetime import date

    import pypdfium2

    (parcel,) = book(
        cast,
        [
            order(
                cast, return_address="Godown 7, Korangi, Karachi", delivery_window="15-18", pickup_on=date(2026, 11, 24)
            )
        ],
    )
    client = cast.client("bilal")
    page = client.get(f"/orders/{parcel.cn}/").content.decode()
    for text in ("Godown 7, Korangi, Karachi", "15-18", "24 Nov 2026"):
        assert text in page
    answer = client.post("/labels/", {"cn": parcel.cn}, follow=True)
    pdf = pypdfium2.PdfDocument(answer.content)
    assert "Godown 7, Korangi, Karachi" in " ".join(pdf[0].get_textpage().get_text_range().split())
