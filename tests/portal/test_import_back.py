"""The sheet comes back with its bad cells marked; sent again it goes on with the same import."""

import io
from typing import Any

from django.http import HttpResponse
from openpyxl import load_workbook

from tests.cast import Cast
from tests.portal.importing import all_parcels, csv, parcels, rows_of, send, sheet
from tests.worker import work_off


def workbook(answer: HttpResponse) -> Any:
    """The workbook that an answer carries, to read and to change."""
    assert answer.status_code == 200
    return load_workbook(io.BytesIO(answer.content))


def saved(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_wrong_rows_come_back_in_the_senders_columns_with_their_cells_marked(cast: Cast) -> None:
    client = cast.client("bilal")
    url = send(client, csv("A-1", "A-2", "A-3").replace(b"Lahore", b"Lahoor", 1))
    page = workbook(client.get(url + "errors.xlsx")).worksheets[0]
    titles = [cell.value for cell in page[1]]
    assert titles[:3] == ["Order Ref", "Service", "Destination City"]
    assert titles[-2:] == ["__row", "__errors"]
    assert page.max_row == 2
    city = page["C2"]
    assert city.value == "Lahoor"
    assert "Lahore" in city.comment.text
    assert city.fill.fgColor.rgb != page["A2"].fill.fgColor.rgb
    assert page.cell(2, len(titles) - 1).value in (2, "2")
    assert workbook(client.get(url + "errors.xlsx?rows=all")).worksheets[0].max_row == 4


def test_the_mended_file_goes_on_with_its_import_and_books_only_what_was_missing(cast: Cast) -> None:
    client = cast.client("bilal")
    url = send(client, csv("A-1", "A-2", "A-3").replace(b"Lahore", b"Lahoor", 1))
    client.post(url + "accept/")
    work_off()
    book = workbook(client.get(url + "errors.xlsx"))
    book.worksheets[0]["C2"] = "Lahore"
    again = send(client, saved(book), "orders-to-mend.xlsx")
    work_off()
    assert (sheet(cast, again).state, sheet(cast, again).continues_id) == ("merged", sheet(cast, url).id)
    assert client.get(again)["Location"] == url
    found = sheet(cast, url)
    assert (found.booked, found.ready, found.wrong, found.fixed) == (2, 1, 0, 1)
    assert (found.rows, found.checked) == (3, 3)
    client.post(url + "accept/")
    work_off()
    assert (parcels(cast, url), all_parcels(cast)) == (3, 3)


def test_rows_added_in_excel_join_the_import_and_booked_ones_stay_as_they_are(cast: Cast) -> None:
    client = cast.client("bilal")
    url = send(client, csv("A-1", "A-2").replace(b"Lahore", b"Lahoor", 1))
    book = workbook(client.get(url + "errors.xlsx?rows=all"))
    client.post(url + "accept/")
    work_off()
    page = book.worksheets[0]
    page["C2"] = "Multan"
    page["I3"] = "9999"  # A-2 is booked meanwhile
    for place, value in enumerate(cell.value for cell in page[3]):
        page.cell(4, place + 1, value)
    page["A4"], page["I4"] = "A-7", "700"
    page.cell(4, page.max_column - 1).value = None
    send(client, saved(book), "mended.xlsx")
    work_off()
    found = sheet(cast, url)
    assert (found.booked, found.ready, found.wrong) == (1, 2, 0)
    assert [(row.row, row.cells["order_ref"], row.cells["cod_amount"]) for row in rows_of(cast, url)] == [
        (2, "A-1", "1500"),
        (3, "A-2", "1500"),
        (4, "A-7", "700"),
    ]
    client.post(url + "accept/")
    work_off()
    assert parcels(cast, url) == 3


def test_a_file_that_names_another_shippers_import_is_a_sheet_of_its_own(cast: Cast) -> None:
    theirs = cast.client("zara")
    url = send(theirs, csv("Z-1", "Z-2").replace(b"Lahore", b"Lahoor", 1))
    book = workbook(theirs.get(url + "errors.xlsx"))
    book.worksheets[0]["C2"] = "Lahore"
    mine = send(cast.client("bilal"), saved(book), "taken.xlsx")
    found = sheet(cast, mine)
    assert (found.state, found.ready, found.continues_id) == ("checked", 1, None)
    assert (sheet(cast, url, "zara").wrong, sheet(cast, url, "zara").fixed) == (1, 0)


def test_a_file_with_other_columns_than_its_import_is_a_sheet_of_its_own(cast: Cast) -> None:
    client = cast.client("bilal")
    url = send(client, csv("A-1").replace(b"Lahore", b"Lahoor"))
    book = workbook(client.get(url + "errors.xlsx"))
    page = book.worksheets[0]
    page["B1"], page["C1"], page["B2"], page["C2"] = "Destination City", "Service", "Lahore", "Overnight"
    again = send(client, saved(book), "turned.xlsx")
    assert (sheet(cast, again).state, sheet(cast, again).ready) == ("checked", 1)
    assert sheet(cast, url).wrong == 1


def test_what_was_mended_in_the_page_stands_in_the_file(cast: Cast) -> None:
    client = cast.client("bilal")
    data = csv("A-1").replace(b"Lahore", b"Lahoor").replace(b"1500", b"nothing")
    url = send(client, data)
    client.post(url + "fix/", {"row": "2", "take": "destination_city"})
    page = workbook(client.get(url + "errors.xlsx")).worksheets[0]
    assert (page["C2"].value, page["C2"].comment, page["I2"].value) == ("Lahore", None, "nothing")


def test_the_result_names_every_rows_parcel_charges_and_outcome(cast: Cast) -> None:
    client = cast.client("bilal")
    url = send(client, csv("A-1", "=cmd|x", "A-3").replace(b"Lahore", b"Lahoor", 1))
    client.post(url + "accept/")
    work_off()
    page = workbook(client.get(url + "result.xlsx")).worksheets[0]
    titles = [cell.value for cell in page[1]]
    assert titles[-4:] == ["CN", "Charges Rs", "Outcome", "Problems"]
    lines = [[cell.value for cell in row] for row in page.iter_rows(min_row=2)]
    assert [line[-2] for line in lines] == ["Not booked", "Not booked", "Booked"]
    cns = {row.cn for row in rows_of(cast, url) if row.cn}
    assert {line[-4] for line in lines if line[-4]} == cns
    assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row)
    assert lines[2][-3] > 0


def test_the_file_as_it_was_sent_is_given_back_to_the_byte(cast: Cast) -> None:
    client = cast.client("bilal")
    data = csv("A-1")
    url = send(client, data, "November & co.csv")
    answer = client.get(url + "file/")
    assert b"".join(answer.streaming_content) == data
    assert "attachment" in answer["Content-Disposition"]


def test_the_log_of_imports_is_narrowed_and_taken_out(cast: Cast) -> None:
    client = cast.client("bilal")
    first = send(client, csv("A-1"), "=first.csv")
    client.post(first + "accept/")
    work_off()
    send(client, csv("B-1").replace(b"Lahore", b"Lahoor"), "second.csv")
    page = client.get("/imports/?state=booked").content.decode()
    assert "=first.csv" in page
    assert "second.csv" not in page
    assert "second.csv" in client.get("/imports/?q=secon").content.decode()
    assert "No import matches" in client.get("/imports/?q=nobody").content.decode()
    assert client.get("/imports/?before=x&from=2026-13-45&state=odd").status_code == 200
    lines = client.get("/imports/log.csv").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert "'=first.csv" in lines[2]
    assert sheet(cast, first).sha256 in lines[2]
    assert "zara" not in client.get("/imports/log.csv").content.decode()
    assert cast.client("zara").get("/imports/log.csv").content.decode("utf-8-sig").splitlines() == lines[:1]
