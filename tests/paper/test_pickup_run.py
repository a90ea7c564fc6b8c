"""docs/subsystems/pickups.md, the papers: the sheet of shippers that a rider visits."""

import pytest

from icargos.paper.pickup_run import pickup_run_pdf
from icargos.paper.tongue import Tongue
from tests.paper.sample_papers import A4, darkest, margins, pickup_run, shown, text, texts

HEADER = "Pickup Time Shipper Address Ready Asked for Taken Signature"


def test_it_says_whom_the_rider_visits_and_what_waits_there() -> None:
    words = text(pickup_run_pdf(pickup_run()))
    for part in (
        "Pickup run sheet PRS-261121-0001", "Imran Ali", "Visits: 2, parcels ready: 3",
        "Karachi Station · Sat 21 Nov 2026", HEADER,
        "PU-2611-00001 09-12 Shop 1 Gate 1, SITE Area, Karachi, 0300-0000001, Ring twice 1 1,001",
        "PU-2611-00002 09-12 Shop 2 Gate 2, SITE Area, Karachi, 0300-0000002 2 1,002",
        "Printed Sat 21 Nov 2026, 14:12 by Sadia Noor.", "Page 1 of 1",
    ):  # fmt: skip
        assert part in words, part
    assert words.count("Parcels brought in") == 2
    assert words.count("Signature") == 3


@pytest.mark.parametrize("count", [1, 40, 100])
def test_every_visit_stands_on_it_once(count: int) -> None:
    pages = texts(pickup_run_pdf(pickup_run(count)))
    for n in range(1, count + 1):
        assert sum(page.count(f"PU-2611-{n:05d}") for page in pages) == 1
    assert sum(page.count("Parcels brought in") for page in pages) == 2
    assert all("PRS-261121-0001" in page for page in pages)


def test_an_urdu_sheet_begins_at_the_right() -> None:
    run = pickup_run(rider="عمران علی")
    urdu = pickup_run_pdf(run, Tongue(lambda words: words, True))
    assert set(margins(urdu)) == {255}
    assert darkest(shown(urdu), A4[0] - 150, 96, A4[0] - 42, 140) < 120
    assert {"1,001", "1,002"} <= set(text(urdu).split())
