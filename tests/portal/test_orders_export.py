"""The orders list as a file: what is in it, for whom, and that nothing in it runs."""

import csv
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client

from icargos.consignments import actions
from icargos.consignments.rules import LABEL, Status
from icargos.ground.tenancy import acting
from tests.cast import CANARY, NOW, Cast
from tests.parcels import city, enter

NIGHT = datetime(2026, 11, 19, 20, 30, tzinfo=UTC)  # half past one in the night of the 20th in Karachi


def body(answer: Any) -> bytes:
    """All bytes of a file that is streamed."""
    assert answer.status_code == 200, answer.content[:300]
    assert answer.streaming
    return b"".join(answer.streaming_content)


def read_csv(answer: Any) -> list[dict[str, str]]:
    """The lines of a CSV by heading."""
    data = body(answer)
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(StringIO(data.decode("utf-8-sig"), newline="")))


def sheet_of(answer: Any) -> Any:
    """The sheet of an answer, as openpyxl reads it."""
    return openpyxl.load_workbook(BytesIO(body(answer))).active


def read_xlsx(answer: Any) -> list[dict[str, Any]]:
    """The lines of a sheet by heading, as Excel reads them."""
    heads, *lines = sheet_of(answer).iter_rows(values_only=True)
    return [dict(zip(heads, line, strict=True)) for line in lines]


def exports() -> Iterator[dict[str, Any]]:
    """What was recorded of files taken out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT actor_id, data::text FROM ground_fact WHERE kind = 'parcels.exported' ORDER BY id")
        for actor_id, data in cursor.fetchall():
            yield {"by": actor_id, **json.loads(data)}


def test_a_file_holds_all_that_matches_and_says_it_as_the_list_does(cast: Cast) -> None:
    more: dict[str, Any] = {"consignee_name": "حنا یوسف", "consignee_phone": "+923014417208", "order_ref": "ZT-7"}
    (mine,) = enter(cast, destination_id=city("Lahore"), weight_g=1250, cod_paisa=645_050, now=NIGHT, **more)
    enter(cast, 2)
    enter(cast, 3, whose="B", destination_id=city("Lahore"))
    bilal = cast.actor("bilal")
    with acting(bilal):
        actions.tag(bilal, [mine.id], "Eid", now=NOW)
        actions.tag(bilal, [mine.id], "A-list", now=NOW)
    client = cast.client("bilal")
    answer = client.get("/orders-export/?as=csv&city=Lahore")
    assert re.fullmatch(r'attachment; filename="orders-[\d-]+\.csv"', answer["Content-Disposition"])
    (line,) = read_csv(answer)
    assert line == {
        "CN": mine.cn,
        "Order ref": "ZT-7",
        "Status": "New Booked",
        "Updated": "2026-11-20 01:30",
        "Rider outcome": "",
        "Attempts": "0",
        "Consignee": "حنا یوسف",
        "Phone": "0301-4417208",
        "Address": "House 12, Street 4, Gulgasht Colony",
        "Landmark": "",
        "Origin": "Karachi",
        "Destination": "Lahore",
        "Service": "Overnight",
        "Pieces": "1",
        "Weight (kg)": "1.25",
        "COD (Rs)": "6450.50",
        "COD stands": "To be collected",
        "Product": "Cotton suit",
        "Pickup profile": "4102",
        "Source": "Form",
        "Import": "",
        "Tags": "A-list, Eid",
        "Labels printed": "0",
        "Booked": "2026-11-20 01:30",
    }
    (same,) = read_xlsx(client.get("/orders-export/?as=xlsx&city=Lahore"))
    assert (same["CN"], same["Consignee"], same["Phone"]) == (mine.cn, "حنا یوسف", "0301-4417208")
    assert (same["Weight (kg)"], same["COD (Rs)"], same["Pieces"]) == (1.25, 6450.5, 1)
    assert same["Booked"].isoformat() == "2026-11-20T01:30:00"
    assert list(same) == list(line)


FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("x")',
    '=1,"2"\n3',
    " =1",
    "\u3000＝1",
]


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_text_of_anybody_becomes_a_formula(cast: Cast, formula: str) -> None:
    enter(cast, consignee_name=formula, address=formula, order_ref=formula, product=formula)
    client = cast.client("bilal")
    (line,) = read_csv(client.get("/orders-export/?as=csv"))
    for name in ("Consignee", "Address", "Order ref", "Product"):
        assert line[name] == f"'{formula.lstrip()}"
    cells = [cell for row in sheet_of(client.get("/orders-export/?as=xlsx")).iter_rows(min_row=2) for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert formula in [cell.value for cell in cells]


def test_signs_within_a_text_are_left_alone(cast: Cast) -> None:
    enter(cast, consignee_name="Ali + Sons = 2", address='Flat "9", <Block> A & B, 50%')
    (line,) = read_csv(cast.client("bilal").get("/orders-export/?as=csv"))
    assert (line["Consignee"], line["Address"]) == ("Ali + Sons = 2", 'Flat "9", <Block> A & B, 50%')
    (line,) = read_xlsx(cast.client("bilal").get("/orders-export/?as=xlsx"))
    assert (line["Consignee"], line["Address"]) == ("Ali + Sons = 2", 'Flat "9", <Block> A & B, 50%')


def test_the_file_is_whole_and_in_the_lists_order_beyond_any_page(cast: Cast) -> None:
    cns = [one.cn for one in reversed(enter(cast, 1234))]
    client = cast.client("bilal")
    assert [line["CN"] for line in read_csv(client.get("/orders-export/?as=csv&before=5"))] == cns
    assert [line["CN"] for line in read_xlsx(client.get("/orders-export/?as=xlsx"))] == cns
    assert [line["CN"] for line in read_csv(client.get(f"/orders-export/?as=csv&q={cns[7]}"))] == [cns[7]]


def test_chosen_rows_are_taken_out_alone(cast: Cast) -> None:
    cns = [one.cn for one in enter(cast, 5)]
    client = cast.client("bilal")
    for fmt, read in (("csv", read_csv), ("xlsx", read_xlsx)):
        lines = read(client.post("/orders-take/", {"cn": cns[1:3], "as": fmt}))
        assert sorted(line["CN"] for line in lines) == sorted(cns[1:3])


@pytest.mark.parametrize("fmt", ["csv", "xlsx"])
def test_a_body_that_is_sent_later_still_stands_behind_its_fence(cast: Cast, fmt: str) -> None:
    """The request's transaction is over when the body is written; another shipper's is begun in between."""
    mine = {one.cn for one in enter(cast, 20)}
    enter(cast, 20, whose="B", consignee_name=f"{CANARY} Khan")
    answer = cast.client("bilal").get(f"/orders-export/?as={fmt}")
    assert not connection.in_atomic_block
    cast.client("zara").get("/orders/")
    lines = (read_csv if fmt == "csv" else read_xlsx)(answer)
    assert {line["CN"] for line in lines} == mine
    assert CANARY not in repr(lines)
    assert not connection.in_atomic_block


def test_a_download_that_is_given_up_leaves_nothing_open(cast: Cast) -> None:
    enter(cast, 2000)
    client = cast.client("bilal")
    answer: Any = client.get("/orders-export/?as=csv")
    parts = iter(answer.streaming_content)
    next(parts)
    next(parts)
    assert connection.in_atomic_block
    answer.close()
    del parts
    assert not connection.in_atomic_block
    assert client.get("/orders/").status_code == 200


def test_finance_takes_out_no_consignee(cast: Cast) -> None:
    enter(cast, consignee_name="Hina Yousaf", consignee_phone="+923001112223", address="House 7 Zinnia Lane")
    (line,) = read_csv(cast.client("farah").get("/orders-export/?as=csv"))
    assert not {"Consignee", "Phone", "Address", "Landmark"} & set(line)
    for private in ("Hina", "0300-1112223", "Zinnia"):
        assert private not in repr(line)
        assert private not in repr(read_xlsx(cast.client("farah").get("/orders-export/?as=xlsx")))


def test_it_is_recorded_who_took_out_how_many(cast: Cast) -> None:
    enter(cast, 3)
    enter(cast, 2, destination_id=city("Lahore"))
    body(cast.client("bilal").get("/orders-export/?as=csv&city=Lahore"))
    body(cast.client("farah").get("/orders-export/?as=xlsx"))
    with acting(cast.actor("adeel")):
        told = list(exports())
    assert told == [
        {"by": cast.people["bilal"], "format": "csv", "parcels": 2, "consignees": True},
        {"by": cast.people["farah"], "format": "xlsx", "parcels": 5, "consignees": False},
    ]


def test_an_urdu_reader_gets_urdu_words_and_a_sheet_from_the_right(cast: Cast) -> None:
    from django.utils import translation

    enter(cast)
    client: Client = cast.client("bilal")
    client.cookies["django_language"] = "ur"
    answer = client.get("/orders-export/?as=xlsx")
    with translation.override("ur"):
        word = translation.gettext(LABEL[Status.NEW_BOOKED])
    sheet = sheet_of(answer)
    assert sheet.sheet_view.rightToLeft
    assert word in [cell.value for cell in sheet[2]]
    assert word != "New Booked"
