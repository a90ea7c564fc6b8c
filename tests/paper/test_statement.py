"""docs/subsystems/papers.md, the statement of account."""

import re
from typing import Any

import pytest

from icargos.paper import statement
from icargos.paper.statement import statement_pdf
from icargos.paper.tongue import Tongue
from tests.paper.sample_papers import A4, account, account_line, collisions, darkest, opened, shown, text, texts

HEADER = "# CN Order ref Booked Delivered Destination Consignee COD Charges Sales tax Withheld Net Balance"


def test_it_says_what_was_owed_before_what_each_parcel_moved_and_what_is_owed_after() -> None:
    words = text(statement_pdf(account(2)))
    for part in (
        "Statement of account SA-261101-261130", "Closing balance Rs 5,000.50", "1 Nov 2026 to 30 Nov 2026",
        "Account KHI-00421", "Opening balance 100.50", "COD collected 4,900.00", "Taken back 0.00",
        "Parcels 2", "Charges 500.00", "Sales tax 80.00", "Withheld 49.00", "Net of charges 4,271.00", HEADER,
        "1 IC473000001 ZT-1 20 Nov 2026 21 Nov 2026 Lahore Hina Yousaf "
        "2,450.00 250.00 40.00 24.50 2,135.50 2,550.50",
        "4,900.00 500.00 80.00 49.00 4,271.00 5,000.50", "Page 1 of 1",
    ):  # fmt: skip
        assert part in words, part


def test_a_period_that_is_not_over_says_so() -> None:
    assert "not over yet" in text(statement_pdf(account(1, running=True)))
    assert "not over yet" not in text(statement_pdf(account(1)))


def test_without_names_there_is_no_column_for_them() -> None:
    words = text(statement_pdf(account(lines=[account_line(1, consignee=None)])))
    assert "Consignee" not in words
    assert "Hina" not in words


def test_a_period_without_parcels_is_a_paper_too() -> None:
    words = text(statement_pdf(account(0)))
    assert "Opening balance" in words
    assert "Parcels 0" in words


@pytest.mark.parametrize("count", [1, 60, 300])
def test_every_parcel_stands_on_it_once_under_a_header_on_every_page(count: int) -> None:
    pages = texts(statement_pdf(account(count)))
    assert re.findall(r"IC\d{9}", " ".join(pages)) == [f"IC{473000000 + n}" for n in range(1, count + 1)]
    assert all(page.count(HEADER) == 1 for page in pages if "IC473" in page)
    assert all("SA-261101-261130" in page for page in pages)


def test_very_many_parcels_stand_by_day_with_the_same_totals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statement, "MOST_LINES", 10)
    lines = [account_line(n, day=n % 3 + 19) for n in sorted(range(1, 31), key=lambda n: n % 3)]
    words = text(statement_pdf(account(lines=lines)))
    assert "IC473" not in words
    assert len(re.findall(r"(?:Thu 19|Fri 20|Sat 21) Nov 2026 10 24,500.00", words)) == 3
    assert "30 73,500.00 7,500.00 1,200.00 735.00 64,065.00" in words
    assert "each parcel stands in the CSV" in words


def test_the_longest_of_everything_stays_inside_the_frame() -> None:
    wide: dict[str, Any] = {
        "order_ref": "#" * 50, "destination": "Dera Ghazi Khan", "consignee": "W" * 50, "cod_paisa": 2_000_000_050,
        "charges_paisa": 200_000_050, "net_paisa": -2_000_000_050, "balance_paisa": 99_000_000_050,
    }  # fmt: skip
    made = statement_pdf(account(lines=[account_line(n, **wide) for n in range(1, 9)]))
    with opened(made) as pages:
        count = len(pages)
    for page in range(count):
        image = shown(made, page, dpi=72)
        assert darkest(image, 0, 0, 40, A4[0], across=A4[1]) == 255
        assert darkest(image, A4[1] - 40, 0, A4[1], A4[0], across=A4[1]) == 255


def test_an_urdu_statement_begins_at_the_right() -> None:
    urdu = statement_pdf(account(2), Tongue(lambda words: words, True))
    assert darkest(shown(urdu), A4[1] - 150, 96, A4[1] - 42, 140, across=A4[1]) < 120


@pytest.mark.parametrize("length", [9, 12, 16, 17, 50])
def test_a_long_order_ref_keeps_to_its_column(length: int) -> None:
    lines = [account_line(n, order_ref=("S025157875558-0012345" * 3)[:length]) for n in range(1, 9)]
    assert collisions(statement_pdf(account(lines=lines))) == []
