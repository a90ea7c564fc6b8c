"""Columns that are not sure are asked once, on a page of their own, and remembered for sheets with the same headers."""

import pytest

from icargos.ground.tenancy import acting
from icargos.places import actions as places
from tests.cast import Cast
from tests.portal.importing import HEADERS, all_parcels, as_matched, csv, parcels, rows_of, send, sheet
from tests.worker import work_off

ODD = HEADERS.replace("Consignee Address", "Consigne Adress").replace("Weight (kg)", "Wt in pounds (lb)") + ",Product"


def test_an_unsure_header_is_asked_about_with_three_sample_rows_and_books_nothing_until_then(cast: Cast) -> None:
    client = cast.client("bilal")
    url = send(client, csv("A-1", "A-2", "A-3", "A-4", headers=ODD))
    found = sheet(cast, url)
    assert (found.state, found.rows) == ("mapping", 4)
    page = client.get(url).content.decode()
    assert "Looks like it" in page
    assert ["A-1" in page, "A-2" in page, "A-3" in page, "A-4" in page] == [True, True, True, False]
    assert client.post(url + "accept/").status_code == 409
    work_off()
    assert all_parcels(cast) == 0


def test_a_choice_of_columns_is_checked_by_and_shown_as_the_persons_own(cast: Cast) -> None:
    client = cast.client("bilal")
    url = send(client, csv("A-1", headers=ODD))
    choices = as_matched(cast, url) | {"h7": "weight_g", "h5": "address"}
    assert client.post(url + "columns/", choices).status_code == 302
    work_off()
    found = sheet(cast, url)
    assert found.state == "checked"
    assert found.columns["weight_kg"] == 7
    (row,) = rows_of(cast, url)
    assert [problem.code.value for problem in row.problems] == ["RANGE"]  # 0.5 g
    page = client.get(url + "columns/").content.decode()
    assert "Your choice" in page
    assert '<option value="weight_g" selected>' in page


def test_a_remembered_sheet_skips_the_question_and_one_with_other_headers_does_not(cast: Cast) -> None:
    client = cast.client("bilal")
    url = send(client, csv("A-1", headers=ODD))
    choices = as_matched(cast, url) | {"h7": "weight_kg", "h5": "address", "remember": "1"}
    client.post(url + "columns/", choices)
    work_off()
    again = send(client, csv("A-2", headers=ODD.upper()))
    found = sheet(cast, again)
    assert (found.state, found.ready, found.remembered) == ("checked", 1, True)
    assert "From last time" in client.get(again + "columns/").content.decode()
    other = send(client, csv("A-3", headers=ODD.replace("COD Amount", "COD")))
    assert sheet(cast, other).state == "mapping"


def test_what_one_shipper_has_remembered_is_nothing_to_another(cast: Cast) -> None:
    client = cast.client("bilal")
    url = send(client, csv("A-1", headers=ODD))
    client.post(url + "columns/", as_matched(cast, url) | {"h7": "weight_kg", "h5": "address", "remember": "1"})
    work_off()
    theirs = send(cast.client("zara"), csv("B-1", headers=ODD))
    assert sheet(cast, theirs, "zara").state == "mapping"


def test_a_value_for_all_rows_is_remembered_with_the_columns(cast: Cast) -> None:
    client = cast.client("bilal")
    bare = HEADERS  # no product column
    data = b"\n".join(
        line.rsplit(b",", 1)[0] if n else line for n, line in enumerate(csv("A-1", headers=bare).split(b"\n"))
    )
    url = send(client, data)
    client.post(url + "columns/", as_matched(cast, url) | {"d:product": "Lawn suit", "remember": "1"})
    work_off()
    assert sheet(cast, url).ready == 1
    found = sheet(cast, send(client, data.replace(b"A-1", b"A-2")))
    assert (found.state, found.ready, found.defaults) == ("checked", 1, {"product": "Lawn suit"})


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"h5": ""}, "has no column “Consignee Address”"),
        ({"h5": "consignee_name"}, "Two columns are “Consignee Name”"),
        ({"h5": "address", "h2": "", "d:destination_city": "Atlantis"}, "We do not know the city “Atlantis”"),
    ],
)
def test_columns_that_cannot_be_are_refused_with_the_choices_kept(cast: Cast, more: dict[str, str], told: str) -> None:
    client = cast.client("bilal")
    url = send(client, csv("A-1", headers=ODD))
    answer = client.post(url + "columns/", as_matched(cast, url) | {"h7": "weight_g"} | more)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert told in page
    assert '<option value="weight_g" selected>' in page
    assert sheet(cast, url).state == "mapping"


def test_odd_choices_are_read_as_left_out(cast: Cast) -> None:
    client = cast.client("bilal")
    url = send(client, csv("A-1", headers=ODD))
    answer = client.post(url + "columns/", {"h0": "no_such", "h99": "address", "hx": "1", "d:nothing": "x"})
    assert answer.status_code == 422
    assert sheet(cast, url).state == "mapping"


def test_columns_changed_after_the_check_keep_what_was_mended(cast: Cast) -> None:
    client = cast.client("bilal")
    url = send(client, csv("A-1", "A-2").replace(b"Lahore", b"Atlantis", 1))
    client.post(url + "fix/", {"row": "2", "c:destination_city": "Multan"})
    client.post(url + "columns/", as_matched(cast, url) | {"h0": "remarks"})
    work_off()
    first, second = rows_of(cast, url)
    assert (first.cells["destination_city"], first.cells["remarks"]) == ("Multan", "A-1")
    assert (first.state, second.state) == ("ready", "ready")
    client.post(url + "accept/")
    work_off()
    assert parcels(cast, url) == 2


def test_a_profile_added_later_is_seen_by_checking_again(cast: Cast) -> None:
    client = cast.client("bilal")
    data = csv("A-1", headers=HEADERS + ",Product,Pickup Profile").replace(b"Lawn suit", b"Lawn suit,North")
    url = send(client, data)
    assert sheet(cast, url).wrong == 1
    owner = cast.actor("ayesha")
    with acting(owner):
        places.add_profile(
            owner, name="North", phone="03001234567", address="Street 1, Model Town", city="Lahore",
            code="North", now=sheet(cast, url).at,
        )  # fmt: skip
    client.post(url + "recheck/")
    work_off()
    assert sheet(cast, url).ready == 1
