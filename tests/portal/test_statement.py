"""The statement of account, on the page and in three files that agree: docs/subsystems/ledger.md, papers.md."""

import csv
import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO, StringIO
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

import openpyxl
import pytest
import zxingcpp
from django.utils import timezone
from django.utils.translation import override

from icargos.finance import actions, queries
from icargos.finance.rules import Period, month_of
from icargos.ground.models import Fact
from icargos.ground.tenancy import acting
from icargos.kit.money import exact, grouped
from tests.cast import CANARY, NOW, Cast
from tests.dispatch.scene import everything
from tests.finance.test_ledger import COURIER, deliver, pending
from tests.finance.test_statement import booked, entered, moved
from tests.paper.sample_papers import shown, text

MONEY = ("COD", "Charges", "Sales tax", "Withheld", "Net", "Balance")


def address(period: Period, fmt: str) -> str:
    """Where the statement is taken."""
    days = {"from": period.since.isoformat(), "to": period.until.isoformat(), "as": fmt}
    return f"/payments/statement/?{urlencode(days)}"


def around(now: datetime) -> Period:
    """A month of days before and after."""
    day = timezone.localdate(now)
    return Period(day - timedelta(days=30), day + timedelta(days=30))


def some_months(cast: Cast) -> Period:
    """Collected, taken back, prepaid, one with a name that would start a formula; the period that holds all of them."""
    one, two = booked(cast, 2, cod_paisa=150_000, ref="=ZT")
    (prepaid,) = booked(cast, cod_paisa=0, ref="P")
    (odd,) = booked(cast, cod_paisa=150_000, ref="O")
    deliver(cast, entered([one, two]), now=NOW - timedelta(days=2))
    moved(prepaid.cn, now=NOW - timedelta(days=1))
    deliver(cast, entered([odd]), now=NOW)
    with acting(COURIER):
        actions.take_back(COURIER, key=two.cn, now=NOW)
    return around(NOW)


def read_csv(data: bytes) -> list[dict[str, str]]:
    """The lines of a CSV by heading."""
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(StringIO(data.decode("utf-8-sig"), newline="")))


def read_xlsx(data: bytes) -> list[dict[str, Any]]:
    """The lines of the Excel file by heading."""
    sheet: Any = openpyxl.load_workbook(BytesIO(data)).active
    heads, *lines = sheet.iter_rows(values_only=True)
    return [dict(zip(heads, line, strict=True)) for line in lines]


def test_the_three_files_agree_to_the_paisa_with_each_other_and_the_books(cast: Cast) -> None:
    period = some_months(cast)
    client = cast.client("bilal")
    answers = {fmt: client.get(address(period, fmt)) for fmt in ("pdf", "csv", "xlsx")}
    rows, cells = read_csv(answers["csv"].content), read_xlsx(answers["xlsx"].content)
    words = text(answers["pdf"].content)
    bilal = cast.actor("bilal")
    with acting(bilal):
        found = queries.statement(bilal, period)
    assert len(found.lines) == 4
    assert len(rows) == len(cells) == len(found.lines) + 2
    for row, cell in zip(rows, cells, strict=True):
        for name in MONEY:
            asked = cell[name]
            assert (row[name] or None) == (None if asked is None else f"{Decimal(str(asked)):.2f}"), (row, name)
        for name in ("CN", "Order ref", "Outcome", "Destination", "Consignee"):
            assert row[name].removeprefix("'") == (cell[name] or "")
    for line, (row, balance) in zip(found.lines, zip(rows[1:-1], found.running(), strict=True), strict=True):
        figures = (
            line.cod_paisa, line.charges_paisa, line.tax_paisa, line.withheld_paisa, line.net_paisa, balance[1],
        )  # fmt: skip
        assert [row[name] for name in MONEY] == [exact(paisa) for paisa in figures]
        assert " ".join(grouped(paisa) for paisa in figures) in words
        assert line.cn in words
    total = [sum(Decimal(row[name]) for row in rows[1:-1]) for name in MONEY[:-1]]
    last = rows[-1]
    assert [Decimal(last[name]) for name in MONEY[:-1]] == total
    assert " ".join(f"{figure:,.2f}".replace("-", "−") for figure in total) in words
    assert rows[0]["Balance"] == exact(found.balances.opening_paisa)
    assert last["Balance"] == exact(found.balances.closing_paisa) == exact(pending(cast).total_paisa)
    assert f"Closing balance Rs {grouped(found.balances.closing_paisa)}" in words


def test_the_paper_says_whose_account_it_is_and_opens_the_period_by_its_code(cast: Cast) -> None:
    period = some_months(cast)
    answer = cast.client("farah").get(address(period, "pdf"))
    assert re.fullmatch(r'attachment; filename="SA-\d{6}-\d{6}\.pdf"', answer["Content-Disposition"])
    assert answer["Cache-Control"] == "no-store"
    words = text(answer.content)
    for part in (
        "Statement of account", "Zarqa Textiles", "Account KHI-00421", "21 Oct 2026 to 20 Dec 2026",
        "Opening balance 0.00", "COD collected 4,500.00", "Taken back −1,500.00", "Closing balance 3,000.00",
        "Charges and taxes are not taken from it yet", "by Farah Siddiqui",
    ):  # fmt: skip
        assert part in words, part
    assert "Sana" not in words, "finance reads no names"
    (code,) = zxingcpp.read_barcodes(shown(answer.content))
    assert code.text == "http://testserver/payments/?from=2026-10-21&to=2026-12-20"


@pytest.mark.parametrize("fmt", ["csv", "xlsx"])
def test_the_sheets_are_saved_under_the_days_and_hold_no_names_for_finance(cast: Cast, fmt: str) -> None:
    answer = cast.client("farah").get(address(some_months(cast), fmt))
    assert answer["Content-Disposition"] == f'attachment; filename="statement-2026-10-21-2026-12-20.{fmt}"'
    assert answer["Cache-Control"] == "no-store"
    rows = read_csv(answer.content) if fmt == "csv" else read_xlsx(answer.content)
    assert "Consignee" not in rows[0]
    assert len(rows) == 6


def test_no_cell_starts_a_formula_and_figures_below_zero_stay_figures(cast: Cast) -> None:
    period = some_months(cast)
    rows = read_csv(cast.client("bilal").get(address(period, "csv")).content)
    refs = [row["Order ref"] for row in rows]
    assert "'=ZT-0" in refs
    assert all(not ref.startswith("=") for ref in refs)
    (prepaid,) = [row for row in rows if row["Order ref"] == "P-0"]
    assert Decimal(prepaid["Net"]) < 0
    sheet: Any = openpyxl.load_workbook(BytesIO(cast.client("bilal").get(address(period, "xlsx")).content)).active
    assert {cell.data_type for line in sheet.iter_rows() for cell in line} <= {"s", "n", "d", "inlineStr"}


def test_moments_in_the_sheets_are_on_the_clock_of_the_place(cast: Cast) -> None:
    period = some_months(cast)
    row = read_csv(cast.client("bilal").get(address(period, "csv")).content)[-2]
    assert row["Ended"] == "2026-11-20 11:00"
    cell = read_xlsx(cast.client("bilal").get(address(period, "xlsx")).content)[-2]
    assert cell["Ended"] == datetime(2026, 11, 20, 11, 0)  # noqa: DTZ001


def test_the_page_shows_the_period_its_balances_and_the_files(cast: Cast) -> None:
    period = some_months(cast)
    client = cast.client("bilal")
    page = client.get("/payments/", {"from": period.since.isoformat(), "to": period.until.isoformat()}).content.decode()
    for fmt in ("pdf", "csv", "xlsx"):
        assert address(period, fmt).replace("&", "&amp;") in page
    balances = page.partition('id="account"')[2].partition("</section>")[0]
    for figure in ("4,500.00", "1,500.00", "3,000.00", 'value="2026-10-21"', 'value="2026-12-20"'):
        assert figure in balances, figure


def test_without_days_it_is_this_month(cast: Cast) -> None:
    month = month_of(timezone.localdate())
    page = cast.client("bilal").get("/payments/").content.decode()
    assert f'value="{month.since}"' in page
    assert f'value="{month.until}"' in page
    assert "as it stands now" in page
    answer = cast.client("bilal").get("/payments/statement/?as=csv")
    assert f"statement-{month.since}-{month.until}.csv" in answer["Content-Disposition"]


@pytest.mark.parametrize(
    "days",
    [
        {"from": "2026-11-20", "to": "2026-11-19"},
        {"from": "2026-11-20"},
        {"to": "2026-11-20"},
        {"from": "x", "to": "y"},
        {"from": "2026-02-30", "to": "2026-03-01"},
        {"from": "2025-01-01", "to": "2026-11-20"},
        {"from": "0001-01-01", "to": "0001-01-02"},
        {"from": "9999-12-01", "to": "9999-12-31"},
    ],
)
def test_days_that_are_no_period_are_told_and_nothing_is_noted(cast: Cast, days: dict[str, str]) -> None:
    client = cast.client("bilal")
    before = everything(cast)
    answer = client.get("/payments/statement/", {**days, "as": "csv"})
    assert answer.status_code == 422
    page = client.get("/payments/", days)
    assert page.status_code == 200
    assert 'role="alert"' in page.content.decode()
    assert everything(cast) == before


@pytest.mark.parametrize(("who", "status"), [("ayesha", 200), ("bilal", 200), ("farah", 200), ("vahid", 403)])
def test_who_may_see_charges_gets_it(cast: Cast, who: str, status: int) -> None:
    for fmt in ("pdf", "csv", "xlsx"):
        assert cast.client(who).get(f"/payments/statement/?as={fmt}").status_code == status


def test_it_is_noted_who_took_which_days_out(cast: Cast) -> None:
    period = some_months(cast)
    cast.client("farah").get(address(period, "xlsx"))
    with acting(cast.actor("adeel")):
        told = Fact.objects.get(kind="statement.taken")
    assert (told.actor_id, told.shipper_id) == (cast.people["farah"], cast.shipper_a)
    assert told.data == {"format": "xlsx", "since": "2026-10-21", "until": "2026-12-20", "lines": 4}


def test_another_shippers_parcels_are_on_no_statement_of_ours(cast: Cast) -> None:
    deliver(cast, entered(booked(cast, 2, who="zara", ref=CANARY)), now=NOW)
    period = around(NOW)
    for fmt in ("pdf", "csv", "xlsx"):
        made = cast.client("bilal").get(address(period, fmt)).content
        said = text(made) if fmt == "pdf" else str(read_csv(made) if fmt == "csv" else read_xlsx(made))
        assert CANARY not in said


def test_it_is_written_in_the_language_of_whoever_asks(cast: Cast) -> None:
    period = some_months(cast)
    client = cast.client("bilal")
    client.cookies["django_language"] = "ur"
    with override("en"):  # a request leaves its language behind in this thread
        rows = read_csv(client.get(address(period, "csv")).content)
        paper = client.get(address(period, "pdf")).content
    assert any("ملتان" in row.values() for row in rows)
    assert rows[-1] != {}
    assert "Opening balance" not in text(paper)


def test_a_period_after_another_opens_with_its_closing_balance(cast: Cast) -> None:
    some_months(cast)
    cuts = [date(2026, 10, 1), date(2026, 11, 18), date(2026, 11, 19), date(2026, 11, 20), date(2026, 12, 1)]
    closing = None
    for since, until in pairwise(cuts):
        rows = read_csv(cast.client("bilal").get(address(Period(since, until - timedelta(days=1)), "csv")).content)
        assert closing is None or rows[0]["Balance"] == closing
        closing = rows[-1]["Balance"]
    assert closing == exact(pending(cast).total_paisa)
