"""The address book and the pickup profiles, through their doors."""

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from icargos.ground.tenancy import acting
from icargos.places import queries
from icargos.places.queries import Address, Profile
from tests.cast import Cast

ENTRY = {
    "consignee_phone": "3014417208",
    "consignee_name": "Hina Yousaf",
    "destination_city": "لاہور",
    "address": "House 12, Street 4, Model Town",
    "landmark": "Blue gate",
}


def book(cast: Cast, who: str = "bilal") -> list[Address]:
    actor = cast.actor(who)
    with acting(actor):
        return queries.addresses(actor)


def profiles(cast: Cast, who: str = "bilal") -> list[Profile]:
    actor = cast.actor(who)
    with acting(actor):
        return queries.all_profiles(actor)


def send(cast: Cast, data: bytes, name: str = "book.csv", who: str = "bilal") -> Any:
    return cast.client(who).post("/addresses/import/", {"sheet": SimpleUploadedFile(name, data)})


def sheet(*rows: tuple[str, ...]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["Customer Name", "Mobile", "City", "Full Address", "Near"])
    writer.writerows(rows)
    return out.getvalue().encode()


def test_an_entry_is_kept_as_it_was_understood(cast: Cast) -> None:
    assert cast.client("bilal").post("/addresses/new/", ENTRY)["Location"] == "/addresses/"
    (one,) = book(cast)
    assert (one.phone, one.city, one.landmark) == ("+923014417208", "Lahore", "Blue gate")
    page = cast.client("bilal").get("/addresses/?q=hina").content.decode()
    assert "0301-4417208" in page
    assert f"/book/?to={one.id}" in page
    assert "No match" in cast.client("bilal").get("/addresses/?q=nobody").content.decode()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"consignee_phone": "12"}, "not a phone number"),
        ({"consignee_name": ""}, "empty"),
        ({"destination_city": "Hydrabad"}, "Hyderabad"),
        ({"destination_city": "Panjgur"}, "do not deliver"),
        ({"address": "here"}, "characters"),
        ({"consignee_email": "x"}, "not an e-mail"),
    ],
)
def test_a_wrong_entry_is_refused_at_its_field_and_kept_in_the_form(
    cast: Cast, change: dict[str, str], told: str
) -> None:
    answer = cast.client("bilal").post("/addresses/new/", {**ENTRY, **change})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert told in page
    assert 'value="Blue gate"' in page
    assert book(cast) == []


def test_an_entry_is_changed_but_not_into_another_one(cast: Cast) -> None:
    client = cast.client("bilal")
    client.post("/addresses/new/", ENTRY)
    client.post("/addresses/new/", {**ENTRY, "consignee_phone": "0333 1234567", "consignee_name": "Sana"})
    first, second = book(cast)
    assert client.get(f"/addresses/{first.id}/").status_code == 200
    assert client.post(f"/addresses/{first.id}/", {**ENTRY, "landmark": "Red gate"}).status_code == 302
    answer = client.post(f"/addresses/{second.id}/", ENTRY)
    assert answer.status_code == 409
    assert "Merge the two" in answer.content.decode()
    assert [one.landmark for one in book(cast)] == ["Red gate", "Blue gate"]


def test_ticked_entries_are_merged_into_the_first(cast: Cast) -> None:
    client = cast.client("bilal")
    client.post("/addresses/new/", ENTRY)
    client.post("/addresses/new/", {**ENTRY, "consignee_phone": "0333 1234567", "consignee_name": "Hina again"})
    ids = [one.id for one in book(cast)]
    assert client.post("/addresses/merge/", {"id": ids[:1]}).status_code == 409
    assert client.post("/addresses/merge/", {"id": ids})["Location"] == f"/addresses/{ids[0]}/"
    (one,) = book(cast)
    assert (one.phone, one.alt_phone) == ("+923014417208", "+923331234567")


def test_deleting_asks_once_more(cast: Cast) -> None:
    client = cast.client("bilal")
    client.post("/addresses/new/", ENTRY)
    (one,) = book(cast)
    asked = client.post("/addresses/remove/", {"id": one.id}).content.decode()
    assert "gone for good" in asked
    assert "Hina Yousaf" in asked
    assert book(cast) == [one]
    client.post("/addresses/remove/", {"id": one.id, "sure": "1"})
    assert book(cast) == []
    assert client.post("/addresses/remove/", {}).status_code == 422


def test_a_sheet_in_anybodys_columns_is_read_and_its_wrong_rows_are_named(cast: Cast) -> None:
    data = sheet(
        ("Hina Yousaf", "3014417208", "LHR", "House 12, Street 4, Model Town", "Blue gate"),
        ("Hina Yousaf", "0301-4417208", "Lahore", "House 12, Street 4, Model Town", "Red gate"),
        ("Sana Malik", "0333-1234567 / 021-34567890", "ملتان", "House 9, Gulgasht Colony", ""),
        ("", "12", "Hydrabad", "here", ""),
    )
    page = send(cast, data).content.decode()
    assert "2 new entries" in page
    assert "1 row left out" in page
    for told in ("Row 5", "“<bdi>12</bdi>”", "Did you mean Hyderabad", "required"):
        assert told in page, told
    assert [(one.name, one.landmark, one.alt_phone) for one in book(cast)] == [
        ("Hina Yousaf", "Red gate", ""),
        ("Sana Malik", "", "+922134567890"),
    ]
    assert "2 were there and are up to date" in send(cast, data).content.decode()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "empty"),
        (b"\x00\x01\x02" * 50, "sheet"),
        (b"Customer Name,City\nHina,Lahore\n", "lacks these columns: Consignee Phone, Consignee Address"),
        (b"a,b\n" + b"x" * (2 * 1024 * 1024), "larger than 2 MB"),
    ],
)
def test_a_file_that_is_no_address_book_keeps_nobody(cast: Cast, data: bytes, told: str) -> None:
    answer = send(cast, data)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert book(cast) == []


def test_a_sheet_with_too_many_rows_is_refused(cast: Cast) -> None:
    row = ("Hina Yousaf", "3014417208", "LHR", "House 12, Street 4, Model Town", "")
    answer = send(cast, sheet(*[row] * 5001))
    assert answer.status_code == 422
    assert "more than 5,000 rows" in answer.content.decode()
    assert book(cast) == []


def test_what_is_exported_is_text_and_reads_back_as_it_was(cast: Cast) -> None:
    from python_calamine import CalamineWorkbook

    client = cast.client("bilal")
    client.post("/addresses/new/", {**ENTRY, "consignee_name": "@Hina+SUM(A1)", "landmark": "+1+cmd"})
    client.post("/addresses/new/", {**ENTRY, "consignee_phone": "0333 1234567", "consignee_name": "-Sana"})
    before = [(one.name, one.phone, one.landmark, one.city) for one in book(cast)]
    answer = client.get("/addresses/addresses.xlsx")
    assert answer["Content-Disposition"] == 'attachment; filename="address-book.xlsx"'
    cells = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert ["@Hina+SUM(A1)", "0301-4417208"] in [row[:2] for row in cells]
    import zipfile

    inside = zipfile.ZipFile(io.BytesIO(answer.content)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in inside
    for one in book(cast):
        client.post("/addresses/remove/", {"id": one.id, "sure": "1"})
    send(cast, answer.content, "address-book.xlsx")
    after = [(one.name, one.phone, one.landmark, one.city) for one in book(cast)]
    assert after == before


def test_viewers_see_the_book_and_change_nothing_finance_sees_none(cast: Cast) -> None:
    cast.client("bilal").post("/addresses/new/", ENTRY)
    (one,) = before = book(cast)
    viewer, farah = cast.client("vahid"), cast.client("farah")
    page = viewer.get("/addresses/").content.decode()
    assert "Hina Yousaf" in page
    assert "/addresses/new/" not in page
    for where in ("/addresses/new/", f"/addresses/{one.id}/", "/addresses/merge/", "/addresses/remove/"):
        assert viewer.post(where, {**ENTRY, "id": one.id, "sure": "1"}).status_code == 403, where
    assert viewer.post("/addresses/import/", {}).status_code == 403
    for where in ("/addresses/", "/addresses/addresses.xlsx", f"/addresses/{one.id}/"):
        assert farah.get(where).status_code == 403, where
    assert book(cast) == before


def test_markup_in_an_entry_is_shown_as_text(cast: Cast) -> None:
    client = cast.client("bilal")
    client.post("/addresses/new/", {**ENTRY, "consignee_name": "<b>Hina</b>", "landmark": '"><i>x'})
    page = client.get("/addresses/").content + client.post("/book/consignees/", {"consignee_phone": "030144"}).content
    assert b"<b>Hina" not in page
    assert b"<i>x" not in page


PROFILE = {
    "name": "Liberty outlet",
    "phone": "0300 8224419",
    "address": "Shop 21, Liberty Market, Gulberg III",
    "city": "Lahore",
    "return_address": "",
}


def test_a_profile_is_added_changed_and_chosen(cast: Cast) -> None:
    client = cast.client("bilal")
    assert client.post("/profile-new/", PROFILE)["Location"] == "/profiles/"
    page = client.get("/profiles/").content.decode()
    assert "4103" in page
    assert "until 15:00" in page
    client.post("/profiles/4103/", {**PROFILE, "city": "Faisalabad"})
    assert "until 14:00" in client.get("/profiles/").content.decode()
    client.post("/profile-choice/", {"code": "4103"})
    assert '<option value="4103" selected>' in client.get("/book/").content.decode()
    assert '<option value="4102" selected>' in cast.client("ayesha").get("/book/").content.decode()
    client.post("/profiles/4103/use/", {"to": "default"})
    client.post("/profiles/4102/use/", {"to": "retired"})
    assert [(p.code, p.active, p.is_default) for p in profiles(cast)] == [("4103", True, True), ("4102", False, False)]
    assert 'value="4102"' not in client.get("/book/").content.decode()
    client.post("/profiles/4102/use/", {"to": "active"})
    assert all(p.active for p in profiles(cast))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name": "x"}, "2 to 50"),
        ({"phone": "1"}, "not a phone"),
        ({"city": "Karachii"}, "Karachi"),
        ({"code": "4102"}, "already have"),
    ],
)
def test_a_wrong_profile_is_refused_at_its_field(cast: Cast, change: dict[str, str], told: str) -> None:
    answer = cast.client("bilal").post("/profile-new/", {**PROFILE, **change})
    assert answer.status_code in {409, 422}
    page = answer.content.decode()
    assert told in page
    assert "Shop 21, Liberty Market" in page
    assert [p.code for p in profiles(cast)] == ["4102"]


def test_the_default_profile_is_not_taken_out_of_use(cast: Cast) -> None:
    before = profiles(cast)
    client = cast.client("bilal")
    assert client.post("/profiles/4102/use/", {"to": "retired"}).status_code == 409
    assert client.post("/profiles/4102/use/", {"to": "burnt"}).status_code == 422
    assert client.post("/profiles/4103/use/", {"to": "default"}).status_code == 404
    assert client.post("/profile-choice/", {"code": "4103"}).status_code == 404
    assert profiles(cast) == before
