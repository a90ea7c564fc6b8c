"""Bulk import, through its doors, with the worker's real code."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from icargos.booking import actions
from icargos.booking.actions.imports import checking
from icargos.booking.rules.columns import COLUMNS
from icargos.booking.rules.sheet import Sheet as Sheets
from icargos.consignments import queries as consignments
from icargos.consignments.queries import Filters
from icargos.ground.tenancy import acting
from tests.cast import CANARY, Cast
from tests.portal.importing import HEADERS, ROW, SAMPLES, all_parcels, as_matched, csv, parcels, send, sheet
from tests.worker import work_off


def test_a_clean_sheet_of_500_is_checked_and_booked(cast: Cast) -> None:
    client = cast.client("bilal")
    url = send(client, (SAMPLES / "clean.xlsx").read_bytes(), "clean.xlsx")
    page = client.get(url).content.decode()
    assert "Book 500 ready rows" in page
    assert "Nothing is wrong" in page
    assert client.post(url + "accept/").status_code == 302
    assert "Booking 500 rows" in client.get(url).content.decode()
    work_off()
    page = client.get(url).content.decode()
    assert "500 parcels booked" in page
    assert "Print labels" in page
    assert parcels(cast, url) == 500


def test_progress_is_polled_until_the_check_is_done_and_not_after(cast: Cast) -> None:
    client = cast.client("bilal")
    answer = client.post("/imports/", {"sheet": SimpleUploadedFile("a.csv", csv("A-1"))})
    part = client.get(answer["Location"], headers={"HX-Request": "true"}).content.decode()
    assert "every 400ms" in part
    assert "<html" not in part
    work_off()
    part = client.get(answer["Location"], headers={"HX-Request": "true"}).content.decode()
    assert "every 400ms" not in part
    assert "Book 1 ready row" in part


def test_the_messy_sheet_shows_each_kind_of_problem_at_its_row(cast: Cast) -> None:
    client = cast.client("bilal")
    url = send(client, (SAMPLES / "messy.xlsx").read_bytes(), "messy.xlsx")
    found = sheet(cast, url)
    assert found.bookable + found.wrong == found.rows == 500
    assert found.wrong > 20
    tally = {**found.sums.errors, **found.sums.warnings}
    page = client.get(url).content.decode()
    for code, n in tally.items():
        narrowed = client.get(f"{url}?code={code.value}").content.decode()
        assert f"?code={code.value}" in page
        assert narrowed.count('class="cell-row"') <= n
        assert 'class="cell-row"' in narrowed
    assert page.count('class="cell-row"') == found.wrong
    assert "Hyderabad" in page or "Faisalabad" in page


def test_booking_a_messy_sheet_leaves_the_wrong_rows_out(cast: Cast) -> None:
    client = cast.client("bilal")
    url = send(client, (SAMPLES / "messy.xlsx").read_bytes(), "messy.xlsx")
    client.post(url + "accept/")
    work_off()
    found = sheet(cast, url)
    assert found.booked == parcels(cast, url) == found.rows - found.wrong
    assert f"{found.wrong} rows are left" in client.get(url).content.decode()


@pytest.mark.parametrize("name", ["courier-a.csv", "courier-b.xlsx", "courier-c.csv"])
def test_other_couriers_sheets_map_by_themselves(cast: Cast, name: str) -> None:
    url = send(cast.client("bilal"), (SAMPLES / name).read_bytes(), name)
    found = sheet(cast, url)
    assert found.state == "checked"
    assert found.problems == []
    assert found.bookable > 0


def test_accepting_twice_books_once(cast: Cast) -> None:
    client = cast.client("bilal")
    url = send(client, csv("A-1", "A-2"))
    client.post(url + "accept/")
    client.post(url + "accept/")
    work_off()
    client.post(url + "accept/")
    work_off()
    assert parcels(cast, url) == all_parcels(cast) == 2


def test_the_same_file_twice_is_one_import(cast: Cast) -> None:
    client = cast.client("bilal")
    first = send(client, csv("A-1"))
    second = send(client, csv("A-1"), "the-same-under-another-name.csv")
    assert first == second
    assert "sent this very file before" in client.get(second).content.decode()


def test_another_sheet_with_the_same_order_refs_finds_them_booked(cast: Cast) -> None:
    client = cast.client("bilal")
    first = send(client, csv("A-1", "A-2"))
    client.post(first + "accept/")
    work_off()
    second = send(client, csv("A-1", "A-2", "A-3"))
    assert "Order ref booked before" in client.get(second).content.decode()
    client.post(second + "accept/")
    work_off()
    assert (parcels(cast, first), parcels(cast, second)) == (2, 1)


def test_two_sheets_with_the_same_refs_accepted_before_either_is_booked_book_each_ref_once(cast: Cast) -> None:
    client = cast.client("bilal")
    first = send(client, csv("A-1", "A-2"))
    second = send(client, csv("A-1", "A-2", "A-3"))
    client.post(first + "accept/")
    client.post(second + "accept/")
    work_off()
    assert (parcels(cast, first), parcels(cast, second)) == (2, 1)
    found = sheet(cast, second)
    assert (found.booked, found.wrong) == (1, 2)
    assert "Order ref booked before" in client.get(second).content.decode()


def test_a_missing_column_takes_one_value_for_all_rows(cast: Cast) -> None:
    client = cast.client("bilal")
    rows = "\n".join([HEADERS, *(ROW.format(ref=ref).rsplit(",", 1)[0] for ref in ("A-1", "A-2"))]).encode()
    url = send(client, rows)
    page = client.get(url).content.decode()
    assert "Product Description for all rows" in page
    assert "ready row" not in page
    assert client.post(url + "accept/").status_code == 409
    assert client.post(url + "columns/", {**as_matched(cast, url), "d:product": "Lawn suit"}).status_code == 302
    work_off()
    assert "Book 2 ready rows" in client.get(url).content.decode()
    client.post(url + "accept/")
    work_off()
    actor = cast.actor("bilal")
    with acting(actor):
        page_of = consignments.page(actor, Filters()).rows
        assert {consignments.one(actor, row.cn).product for row in page_of} == {"Lawn suit"}


def test_checking_again_sees_what_was_booked_meanwhile(cast: Cast) -> None:
    client = cast.client("bilal")
    first = send(client, csv("A-1", "A-2"))
    second = send(client, csv("A-2", "A-3"))
    client.post(first + "accept/")
    work_off()
    client.post(second + "recheck/")
    work_off()
    found = sheet(cast, second)
    assert (found.bookable, found.wrong) == (1, 1)


def test_a_booked_import_is_not_checked_again(cast: Cast) -> None:
    client = cast.client("bilal")
    url = send(client, csv("A-1"))
    client.post(url + "accept/")
    work_off()
    assert client.post(url + "recheck/").status_code == 409
    assert sheet(cast, url).state == "booked"


def test_a_profile_closed_after_the_check_books_nothing_and_checks_again(cast: Cast) -> None:
    client = cast.client("bilal")
    url = send(client, csv("A-1"))
    client.post(url + "accept/")
    actor = cast.actor("bilal")
    with acting(actor), connection.cursor() as cursor:
        cursor.execute("UPDATE places_pickupprofile SET active = false WHERE shipper_id = %s", [actor.tenant])
    work_off()
    assert (sheet(cast, url).state, parcels(cast, url)) == ("mapping", 0)
    assert "Pickup Profile for all rows" in client.get(url).content.decode()


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("orders.pdf", b"%PDF-1.7 nothing", "This is a PDF"),
        ("orders.xlsx", b"PK\x03\x04 broken", "file"),
        ("photo.png", b"\x89PNG\r\n\x1a\n" + bytes(200), "file"),
        ("orders.csv", b"just one line of text", "header"),
    ],
)
def test_a_file_that_is_no_sheet_is_refused_with_its_reason(cast: Cast, name: str, data: bytes, told: str) -> None:
    client = cast.client("bilal")
    url = send(client, data, name)
    page = client.get(url).content.decode()
    assert sheet(cast, url).state == "refused"
    assert "This file was not read" in page
    assert told in page
    assert "Upload another file" in page
    assert client.post(url + "accept/").status_code == 409
    assert all_parcels(cast) == 0


def test_an_empty_or_absent_file_is_refused_on_the_spot(cast: Cast) -> None:
    client = cast.client("bilal")
    assert client.post("/imports/").status_code == 422
    answer = client.post("/imports/", {"sheet": SimpleUploadedFile("a.csv", b"")})
    assert answer.status_code == 422
    assert "empty" in answer.content.decode()
    assert "No sheet yet" in client.get("/imports/").content.decode()


def test_a_request_that_is_too_long_is_not_kept(cast: Cast) -> None:
    client = cast.client("bilal")
    answer = client.post("/imports/", {"sheet": SimpleUploadedFile("a.csv", bytes(27 * 1024 * 1024))})
    assert answer.status_code == 422
    assert "larger than 25 MB" in answer.content.decode()
    assert "No sheet yet" in client.get("/imports/").content.decode()


@pytest.mark.parametrize("who", ["farah", "vahid"])
def test_finance_and_viewers_may_not_import(cast: Cast, who: str) -> None:
    url = send(cast.client("bilal"), csv("A-1"))
    client = cast.client(who)
    assert {client.get(at).status_code for at in ("/imports/", "/imports/sample.xlsx", url)} == {403}
    assert {client.post(at).status_code for at in ("/imports/", url + "accept/", url + "recheck/")} == {403}
    assert sheet(cast, url).state == "checked"


def test_another_shippers_import_is_not_there(cast: Cast) -> None:
    url = send(cast.client("bilal"), csv("A-1"))
    client = cast.client("zara")
    assert {client.get(url).status_code, client.get(url + "?show=ready").status_code} == {404}
    assert {client.post(url + "accept/").status_code, client.post(url + "recheck/").status_code} == {404}
    work_off()
    assert sheet(cast, url).state == "checked"
    assert all_parcels(cast) == 0
    assert "orders.csv" not in client.get("/imports/").content.decode()


def test_two_shippers_may_send_the_same_file(cast: Cast) -> None:
    first = send(cast.client("bilal"), csv("A-1"))
    second = send(cast.client("zara"), csv("A-1"))
    assert first != second
    page = cast.client("bilal").get("/imports/").content.decode()
    assert CANARY not in page


def test_rows_are_paged_by_their_number(cast: Cast) -> None:
    client = cast.client("bilal")
    url = send(client, csv(*(f"A-{n}" for n in range(120))))
    first = client.get(url + "?show=ready").content.decode()
    assert first.count('class="cell-row"') == 30
    assert "?show=ready&amp;after=31" in first
    last = client.get(url + "?show=ready&after=101").content.decode()
    assert last.count('class="cell-row"') == 20
    assert 'rel="next"' not in last


def test_odd_queries_of_the_page_are_ignored(cast: Cast) -> None:
    client = cast.client("bilal")
    url = send(client, csv("A-1"))
    for query in ("?after=-1", "?after=9" * 9, "?show=%00", "?code='; DROP", "?after=99999999999999999999"):
        assert client.get(url + query).status_code == 200


def test_headers_of_no_use_are_named(cast: Cast) -> None:
    data = b"\n".join(line + b",x" for line in csv("A-1").replace(b"Product Description", b"Product").split(b"\n"))
    data = data.replace(b",x", b",Packed By", 1)
    page = cast.client("bilal").get(send(cast.client("bilal"), data)).content.decode()
    assert "Left out:" in page
    assert "Packed By" in page


def test_markup_in_a_sheet_is_shown_as_text(cast: Cast) -> None:
    client = cast.client("bilal")
    data = csv("A-1").replace(b"Lahore", b"<script>x</script>")
    page = client.get(send(client, data, "<b>name</b>.csv")).content
    assert b"<script>x" not in page
    assert b"<b>name" not in page
    assert b"&lt;script&gt;x" in page


def test_the_sample_is_made_for_the_shipper_and_reads_back(cast: Cast) -> None:
    client = cast.client("bilal")
    answer = client.get("/imports/sample.xlsx")
    book = load_workbook(io.BytesIO(answer.content))
    data = book.worksheets[0]
    titles = [str(cell.value).removesuffix(" *") for cell in data[1]]
    assert titles == [column.title for column in COLUMNS]
    assert book["Lists"].sheet_state == "hidden"
    assert "4102" in [cell.value for cell in book["Lists"]["B"]]
    assert "4103" not in [c.value for c in book["Lists"]["B"]]
    assert data.column_dimensions["F"].width >= 17
    values = "A-1,Overnight,4102,Lahore,Hina,03014417208,,,House 12 Street 4 Model Town,,1,0.5,,,,1500,Suit,,N,N,none,"
    for place, value in enumerate(values.split(","), start=1):
        data.cell(2, place, value or None)
    out = io.BytesIO()
    book.save(out)
    assert sheet(cast, send(client, out.getvalue(), "filled.xlsx")).ready == 1


def test_an_untouched_sample_has_no_orders(cast: Cast) -> None:
    client = cast.client("bilal")
    url = send(client, client.get("/imports/sample.xlsx").content, "sample.xlsx")
    assert sheet(cast, url).bookable == 0


def test_a_sheet_of_formulas_is_not_run(cast: Cast) -> None:
    book = Workbook()
    orders = book.create_sheet("Orders", 0)
    orders.append(csv().decode().split(","))
    orders.append(["=1+1", "Overnight", "Lahore", "Hina", "03014417208", "House 12 Street 4", 1, 0.5, "=A1", "Suit"])
    out = io.BytesIO()
    book.save(out)
    url = send(cast.client("bilal"), out.getvalue(), "formulas.xlsx")
    assert sheet(cast, url).bookable == 0


def test_characters_that_no_table_takes_do_not_stop_an_import(cast: Cast) -> None:
    actor = cast.actor("bilal")
    with acting(actor):
        import_id, _known = actions.upload(actor, file_name="a\x00b.csv", data=csv("A-1"), now=timezone.now())
        held = Sheets(
            name="Or\x00ders",
            kind="xls",
            header_row=1,
            headers=[*HEADERS.split(","), "Product", "O\x00dd"],
            numbers=[2, 3],
            rows=[
                [*ROW.format(ref="A\x00-1").split(","), "\x00"],
                [*ROW.format(ref="A-2").split(",")[:-1], "\x00", "x"],
            ],
        )
    with acting(actor):
        mine = checking.claim(actor, import_id, now=timezone.now())
    assert mine is not None
    checking.check(actor, mine, checking.Rows(held), now=timezone.now())
    found = sheet(cast, f"/imports/{import_id}/")
    assert (found.state, found.ready, found.wrong) == ("checked", 1, 1)
