"""Wrong cells are mended in the page: one, all that are alike, a pasted column; each change can be taken back."""

import psycopg
from django.test import Client

from icargos.booking import queries
from icargos.booking.rules.problems import Code
from icargos.consignments import queries as consignments
from icargos.consignments.queries import Filters
from icargos.ground.tenancy import acting
from icargos.places import queries as places
from tests.cast import Cast
from tests.portal.importing import all_parcels, csv, parcels, rows_of, send, sheet
from tests.worker import work_off


def misspelt(client: Client, *refs: str) -> str:
    """A sheet in which every city is misspelt."""
    return send(client, csv(*refs).replace(b"Lahore", b"Lahoor"))


def newest(cast: Cast, url: str) -> int:
    """The id of the last change that was made to a sheet."""
    actor = cast.actor("bilal")
    with acting(actor):
        return queries.changes(actor, sheet(cast, url))[0].id


def words(cast: Cast) -> list[tuple[str, str]]:
    actor = cast.actor("bilal")
    with acting(actor):
        return places.own_words(actor)


def states(cast: Cast, url: str) -> list[str]:
    return [row.state.value for row in rows_of(cast, url)]


def test_a_mended_cell_makes_its_row_ready_and_the_sums_follow(cast: Cast) -> None:
    client = cast.client("bilal")
    url = misspelt(client, "A-1", "A-2")
    assert (sheet(cast, url).wrong, sheet(cast, url).cod_paisa) == (2, 0)
    assert client.post(url + "fix/", {"row": "2", "c:destination_city": "Lahore"}).status_code == 302
    found = sheet(cast, url)
    assert (found.ready, found.wrong, found.fixed, found.cod_paisa) == (1, 1, 1, 150_000)
    assert found.charges_paisa > 0
    assert found.sums.errors == {Code.CITY_UNKNOWN: 1}
    (row,) = rows_of(cast, url, 2)
    assert (row.cells["destination_city"], row.original[2], row.edited) == (
        "Lahore",
        "Lahoor",
        frozenset({"destination_city"}),
    )


def test_script_gets_the_part_that_changed_and_a_plain_browser_its_place_back(cast: Cast) -> None:
    client = cast.client("bilal")
    url = misspelt(client, "A-1", "A-2")
    part = client.post(
        url + "fix/?show=wrong", {"row": "2", "take": "destination_city"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert "<html" not in part
    assert 'id="import"' in part
    assert 'id="row-3"' in part
    assert 'id="row-2"' not in part
    assert client.post(url + "fix/?show=wrong&after=1", {"row": "3", "take": "destination_city"})["Location"] == (
        url + "?show=wrong&after=1"
    )


def test_a_value_that_is_still_wrong_stays_in_its_cell_with_its_new_reason(cast: Cast) -> None:
    client = cast.client("bilal")
    url = misspelt(client, "A-1")
    client.post(url + "fix/", {"row": "2", "c:destination_city": "Atlantis"})
    (row,) = rows_of(cast, url)
    assert (row.state, row.cells["destination_city"]) == ("wrong", "Atlantis")
    assert 'value="Atlantis"' in client.get(url).content.decode()


def test_one_suggestion_mends_all_that_are_wrong_alike_and_only_those(cast: Cast) -> None:
    client = cast.client("bilal")
    data = csv(*(f"A-{n}" for n in range(15))).replace(b"Lahore", b"Lahoor").replace(b"Lahoor", b"Multn", 1)
    url = send(client, data)
    assert "Apply to all 14" in client.get(url + "?after=2").content.decode()
    client.post(url + "fix/", {"row": "3", "alike": "destination_city"})
    found = sheet(cast, url)
    assert (found.ready, found.wrong, found.fixed) == (14, 1, 14)
    assert states(cast, url) == ["wrong"] + ["ready"] * 14


def test_a_remembered_city_is_this_shippers_own_word_from_then_on(cast: Cast) -> None:
    client = cast.client("bilal")
    url = send(client, csv("A-1").replace(b"Lahore", b"Shehr e Dil"))
    client.post(url + "fix/", {"row": "2", "c:destination_city": "Lahore", "remember": "1"})
    assert sheet(cast, send(client, csv("A-2").replace(b"Lahore", b"shehr-e-dil"))).ready == 1
    theirs = send(cast.client("zara"), csv("B-1").replace(b"Lahore", b"Shehr e Dil"))
    assert sheet(cast, theirs, "zara").wrong == 1


def test_a_word_remembered_for_many_rows_is_learnt_once(cast: Cast, owner_url: str) -> None:
    client = cast.client("bilal")
    url = misspelt(client, *(f"A-{n}" for n in range(9)))
    client.post(url + "fix/", {"row": "2", "alike": "destination_city", "remember": "1"})
    assert (sheet(cast, url).ready, sheet(cast, url).fixed) == (9, 9)
    with psycopg.connect(owner_url) as owner:
        assert owner.execute("SELECT count(*) FROM ground_fact WHERE kind = 'city_alias.learnt'").fetchone() == (1,)


def test_taking_a_change_back_forgets_the_word_that_was_remembered_with_it(cast: Cast) -> None:
    client = cast.client("bilal")
    url = misspelt(client, "A-1", "A-2")
    client.post(url + "fix/", {"row": "2", "alike": "destination_city", "remember": "1"})
    assert sheet(cast, url).ready == 2
    client.post(url + f"fixes/{newest(cast, url)}/undo/")
    assert (sheet(cast, url).ready, sheet(cast, url).wrong) == (0, 2)
    assert sheet(cast, misspelt(client, "A-3")).wrong == 1


def test_taking_a_change_back_gives_a_word_its_earlier_meaning_again(cast: Cast) -> None:
    client = cast.client("bilal")
    first = send(client, csv("A-1").replace(b"Lahore", b"Shehr"))
    client.post(first + "fix/", {"row": "2", "c:destination_city": "Multan", "remember": "1"})
    second = send(client, csv("A-2").replace(b"Lahore", b"Shehr"))
    client.post(second + "fix/", {"row": "2", "c:destination_city": "Lahore", "remember": "1"})
    assert words(cast) == [("shehr", "Lahore")]
    client.post(second + f"fixes/{newest(cast, second)}/undo/")
    assert words(cast) == [("shehr", "Multan")]
    # A change that was taken back before, or whose word means another city by now, touches it no more.
    client.post(second + f"fixes/{newest(cast, second)}/undo/")
    assert words(cast) == [("shehr", "Multan")]


def test_a_remembered_word_can_be_looked_up_and_forgotten(cast: Cast) -> None:
    client = cast.client("bilal")
    client.post(misspelt(client, "A-1") + "fix/", {"row": "2", "take": "destination_city", "remember": "1"})
    assert "lahoor" in client.get("/imports/cities/").content.decode()
    cast.client("zara").post("/imports/cities/", {"word": "lahoor"})
    assert words(cast) == [("lahoor", "Lahore")]
    client.post("/imports/cities/", {"word": "Lahoor"}, follow=True)
    assert words(cast) == []
    assert sheet(cast, misspelt(client, "A-2")).wrong == 1


def test_a_city_mended_without_remembering_is_no_alias(cast: Cast) -> None:
    client = cast.client("bilal")
    client.post(misspelt(client, "A-1") + "fix/", {"row": "2", "take": "destination_city"})
    assert sheet(cast, misspelt(client, "A-2")).wrong == 1


def test_a_mended_order_ref_frees_the_row_that_repeated_it(cast: Cast) -> None:
    client = cast.client("bilal")
    url = send(client, csv("A-1", "A-1", "A-1"))
    assert states(cast, url) == ["ready", "wrong", "wrong"]
    client.post(url + "fix/", {"row": "2", "c:order_ref": "A-9"})
    assert states(cast, url) == ["ready", "ready", "wrong"]
    (third,) = rows_of(cast, url, 4)
    assert third.problems[0].params == {"row": "3"}
    client.post(url + "fix/", {"row": "2", "c:order_ref": "A-1"})
    assert states(cast, url) == ["ready", "wrong", "wrong"]


def test_a_mended_order_ref_that_was_booked_before_is_named_with_its_parcel(cast: Cast) -> None:
    client = cast.client("bilal")
    first = send(client, csv("OLD-1"))
    client.post(first + "accept/")
    work_off()
    url = send(client, csv("A-1"))
    client.post(url + "fix/", {"row": "2", "c:order_ref": "OLD-1"})
    (row,) = rows_of(cast, url)
    actor = cast.actor("bilal")
    with acting(actor):
        (old,) = consignments.page(actor, Filters(words="OLD-1")).rows
    assert (row.state, row.problems[0].code, row.problems[0].params) == ("wrong", Code.DUP_EXISTING, {"cn": old.cn})


def test_a_pasted_column_spreads_down_over_the_wrong_cells_only(cast: Cast) -> None:
    client = cast.client("bilal")
    data = csv("A-1", "A-2", "A-3", "A-4").replace(b"1500", b"", 1)
    lines = data.split(b"\n")
    lines[3] = lines[3].replace(b"1500", b"")
    url = send(client, b"\n".join(lines))
    assert states(cast, url) == ["wrong", "ready", "wrong", "ready"]
    answer = client.post(
        url + "paste/", {"row": "2", "key": "cod_amount", "text": "100\r\n300\r\n500\n"}, headers={"HX-Request": "true"}
    )
    assert "1 pasted line was left over" in answer.content.decode()
    assert [row.cells["cod_amount"] for row in rows_of(cast, url)] == ["100", "1500", "300", "1500"]


def test_a_change_is_taken_back_whole_and_once(cast: Cast) -> None:
    client = cast.client("bilal")
    url = misspelt(client, "A-1", "A-2", "A-3")
    client.post(url + "fix/", {"row": "2", "alike": "destination_city"})
    assert sheet(cast, url).ready == 3
    undo = f"{url}fixes/1/undo/"
    assert undo in client.get(url + "?show=warned").content.decode()
    client.post(undo)
    client.post(undo)
    found = sheet(cast, url)
    assert (found.ready, found.wrong, found.fixed) == (0, 3, 0)
    assert {row.cells["destination_city"] for row in rows_of(cast, url)} == {"Lahoor"}
    assert client.post(f"{url}fixes/99/undo/").status_code == 404


def test_a_cell_that_the_sheet_lacks_is_mended_for_its_row_alone(cast: Cast) -> None:
    client = cast.client("bilal")
    url = send(client, csv("A-1", "A-2"))
    client.post(url + "fix/", {"row": "2", "c:remarks": "Ring twice"})
    client.post(url + "recheck/")
    work_off()
    client.post(url + "accept/")
    work_off()
    actor = cast.actor("bilal")
    with acting(actor):
        ids = consignments.ids(actor, Filters(import_id=sheet(cast, url).id), most=9)
        assert {p.order_ref: p.remarks for p in consignments.many(actor, ids)} == {"A-1": "Ring twice", "A-2": ""}


def test_a_row_that_may_have_slipped_is_booked_once_a_person_says_it_has_not(cast: Cast) -> None:
    client = cast.client("bilal")
    url = send(client, csv("A-1").replace(b"Lawn suit", b"Lawn suit,extra"))
    assert "The values are in the right columns" in client.get(url).content.decode()
    client.post(url + "fix/", {"row": "2", "aligned": "1"})
    assert states(cast, url) == ["ready"]
    client.post(f"{url}fixes/1/undo/")
    assert states(cast, url) == ["wrong"]


def test_rows_left_over_are_mended_and_booked_later_in_the_same_import(cast: Cast) -> None:
    client = cast.client("bilal")
    url = send(client, csv("A-1", "A-2").replace(b"Lahore", b"Lahoor", 1))
    client.post(url + "accept/")
    work_off()
    found = sheet(cast, url)
    assert (found.state, found.booked, found.wrong) == ("booked", 1, 1)
    client.post(url + "fix/", {"row": "2", "take": "destination_city"})
    assert "Book 1 ready row" in client.get(url).content.decode()
    client.post(url + "accept/")
    work_off()
    found = sheet(cast, url)
    assert (found.booked, found.wrong, found.bookable, parcels(cast, url)) == (2, 0, 0, 2)


def test_a_booked_row_and_a_busy_sheet_cannot_be_changed(cast: Cast) -> None:
    client = cast.client("bilal")
    url = send(client, csv("A-1", "A-2").replace(b"Lahore", b"Lahoor", 1))
    client.post(url + "accept/")
    answer = client.post(
        url + "fix/", {"row": "2", "take": "destination_city"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert "being worked on" in answer
    work_off()
    answer = client.post(url + "fix/", {"row": "3", "c:cod_amount": "1"}, headers={"HX-Request": "true"})
    assert "Row 3 cannot be changed" in answer.content.decode()
    assert sheet(cast, url).fixed == 0
    actor = cast.actor("bilal")
    with acting(actor):
        (parcel,) = consignments.page(actor, Filters()).rows
    assert parcel.cod_paisa == 150_000


def test_odd_changes_change_nothing(cast: Cast) -> None:
    client = cast.client("bilal")
    url = misspelt(client, "A-1")
    for body in ({}, {"row": "x"}, {"row": "99"}, {"row": "9" * 30}):
        assert client.post(url + "fix/", body).status_code == 404
    for body in (
        {"row": "2"},
        {"row": "2", "c:nothing": "x"},
        {"row": "2", "take": "nothing"},
        {"row": "2", "c:": "x"},
    ):
        assert client.post(url + "fix/", body).status_code == 302
    assert client.post(url + "paste/", {"row": "2", "key": "nothing", "text": "x"}).status_code == 404
    assert client.post(url + "duplicates/", {"policy": "nothing"}).status_code == 404
    client.post(url + "fix/", {"row": "2", "c:destination_city": "La\x00hore"})
    assert states(cast, url) == ["ready"]
    assert sheet(cast, url).fixed == 1


def test_refs_booked_before_are_left_out_booked_again_or_change_the_earlier_parcel(cast: Cast) -> None:
    client = cast.client("bilal")
    first = send(client, csv("A-1", "A-2"))
    client.post(first + "accept/")
    work_off()
    data = csv("A-1", "A-2", "A-3", "A-3").replace(b"1500", b"1700")
    url = send(client, data)
    assert states(cast, url) == ["wrong", "wrong", "ready", "wrong"]
    client.post(url + "duplicates/", {"policy": "book"})
    assert states(cast, url) == ["warned", "warned", "ready", "warned"]
    client.post(url + "duplicates/", {"policy": "update"})
    assert states(cast, url) == ["warned", "warned", "ready", "wrong"]
    assert "That parcel will be changed" in client.get(url + "?show=warned").content.decode()
    client.post(url + "accept/")
    work_off()
    assert all_parcels(cast) == 3
    actor = cast.actor("bilal")
    with acting(actor):
        rows = consignments.page(actor, Filters()).rows
    assert {row.order_ref: row.cod_paisa for row in rows} == {"A-1": 170_000, "A-2": 170_000, "A-3": 170_000}
    assert parcels(cast, first) == 2


def test_duplicates_booked_all_the_same_are_parcels_of_their_own(cast: Cast) -> None:
    client = cast.client("bilal")
    first = send(client, csv("A-1"))
    client.post(first + "accept/")
    work_off()
    url = send(client, csv("A-1", "A-1", "A-2"))
    client.post(url + "duplicates/", {"policy": "book"})
    client.post(url + "accept/")
    work_off()
    assert (parcels(cast, url), all_parcels(cast)) == (3, 4)


def test_a_parcel_whose_label_was_printed_is_not_changed_by_a_sheet(cast: Cast) -> None:
    client = cast.client("bilal")
    first = send(client, csv("A-1"))
    client.post(first + "accept/")
    work_off()
    url = send(client, csv("A-1").replace(b"1500", b"1700"))
    client.post(url + "duplicates/", {"policy": "update"})
    client.post(url + "accept/")
    actor = cast.actor("bilal")
    with acting(actor):
        from icargos.consignments import actions

        ids = consignments.ids(actor, Filters(), most=9)
        actions.count_print(actor, ids, form="4x6", now=sheet(cast, url).at)
    work_off()
    found = sheet(cast, url)
    assert (found.state, found.wrong, found.booked) == ("checked", 1, 0)
    assert "its label is printed already" in client.get(url).content.decode()
    with acting(actor):
        assert [row.cod_paisa for row in consignments.page(actor, Filters()).rows] == [150_000]


def test_all_or_nothing_books_nothing_while_a_row_is_wrong_and_all_afterwards(cast: Cast) -> None:
    client = cast.client("bilal")
    url = send(client, csv("A-1", "A-2").replace(b"Lahore", b"Lahoor", 1))
    assert client.post(url + "accept/", {"all": "on"}).status_code == 409
    work_off()
    assert all_parcels(cast) == 0
    client.post(url + "fix/", {"row": "2", "take": "destination_city"})
    client.post(url + "accept/", {"all": "on"})
    work_off()
    assert (sheet(cast, url).booked, parcels(cast, url)) == (2, 2)


def test_all_or_nothing_that_finds_a_ref_booked_meanwhile_books_nothing(cast: Cast) -> None:
    client = cast.client("bilal")
    url = send(client, csv("A-1", "A-2"))
    other = send(client, csv("A-2", "A-5"))
    client.post(url + "accept/", {"all": "on"})
    with_first = sheet(cast, url).state
    client.post(other + "accept/")
    # The other sheet is booked first: its fact is carried first.
    from icargos.booking.actions.imports import book_imports
    from icargos.ground.relay import FactRow

    book_imports([FactRow(0, "import.accepted", cast.shipper_a, sheet(cast, other).id, None, {})])
    work_off()
    found = sheet(cast, url)
    assert (with_first, found.state, found.booked, found.wrong) == ("booking", "checked", 0, 1)
    assert parcels(cast, url) == 0
