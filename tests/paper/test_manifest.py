"""docs/subsystems/manifests.md, the paper: what travels with the bags and is signed at both ends."""

import re

import pytest
import zxingcpp

from icargos.paper.manifest import manifest_pdf
from icargos.paper.tongue import Tongue
from tests.paper.sample_papers import A4, AT, darkest, manifest, margins, opened, shown, text, texts

HEADER = "# CN City Pieces Weight Check-in"


def test_it_says_what_travels_in_which_vehicle_and_has_room_for_both_ends_to_sign() -> None:
    words = text(manifest_pdf(manifest()))
    for part in (
        "Manifest MF-2611-00042", "From Karachi Station to Multan Station", "Vehicle JX-4471, bags: 3",
        "Left Sat 21 Nov 2026, 14:12, sent by Sadia Noor", "Driver Ghulam Rasool", "Route N-55 by Sukkur",
        "Seal S-90017", "Expected Sun 22 Nov 2026, 04:12", "Parcels 2", "Pieces 4", "Weight 2.5 kg", HEADER,
        "1 IC473000001 Multan 2 1.25 kg 2 IC473000002 Multan 2 1.25 kg 4 2.5 kg", "Handed to the driver",
        "Received at the destination", "Printed Sat 21 Nov 2026, 14:17 by Sadia Noor.", "Page 1 of 1",
    ):  # fmt: skip
        assert part in words, part
    for wanted in ("Bags counted", "Seal", "Name", "Signature", "Date and time"):
        assert words.count(wanted) >= 2, wanted
    assert "Checked in" not in words
    assert "Short" not in words


def test_its_code_opens_the_manifest_itself() -> None:
    paper = manifest()
    assert [found.text for found in zxingcpp.read_barcodes(shown(manifest_pdf(paper)))] == [paper.link]


def test_checked_in_it_says_what_was_short_in_excess_and_misrouted() -> None:
    states = ("received", "short", "excess", "misrouted", "received")
    words = text(manifest_pdf(manifest(states, arrived_at=AT, arrived_by="Dawood Shah")))
    for part in (
        "Checked in Sat 21 Nov 2026, 14:12 by Dawood Shah", "Parcels 3", "Pieces 6", "Weight 3.75 kg",
        "Received 2", "Short 1", "Excess 1", "Misrouted 1", "2 IC473000002 Multan 2 1.25 kg Short",
        "3 IC473000003 Multan 2 1.25 kg Excess", "4 IC473000004 Multan 2 1.25 kg Misrouted",
    ):  # fmt: skip
        assert part in words, part


def test_what_is_not_known_has_no_line() -> None:
    words = text(manifest_pdf(manifest(driver="", route="", seal="")))
    assert "Driver" not in words.replace("Handed to the driver", "")
    assert "Route" not in words


@pytest.mark.parametrize("count", [1, 48, 240])
def test_every_parcel_stands_on_it_once_and_both_sign_on_the_first_page(count: int) -> None:
    made = manifest_pdf(manifest(["listed"] * count))
    pages = texts(made)
    assert re.findall(r"IC\d{9}", " ".join(pages)) == [f"IC{473000000 + n}" for n in range(1, count + 1)]
    assert ["Received at the destination" in page for page in pages] == [True] + [False] * (len(pages) - 1)
    assert all(page.count(HEADER) == 1 for page in pages)
    assert all("MF-2611-00042" in page for page in pages)
    with opened(made) as document:
        for page in document:
            assert page.get_mediabox()[2:] == pytest.approx(A4, abs=0.05)


def test_the_longest_of_everything_stays_inside_the_frame() -> None:
    wide = {"vehicle": "W" * 20, "driver": "W" * 80, "route": "W" * 120, "seal": "W" * 40, "departed_by": "P" * 80}
    made = manifest_pdf(manifest(["listed"] * 3, origin="W" * 60, destination="W" * 60, bags=500, **wide))
    assert set(margins(made)) == {255}


def test_an_urdu_manifest_begins_at_the_right_and_keeps_its_figures() -> None:
    said = {"Manifest": "مینی فیسٹ", "From %(origin)s to %(destination)s": "از %(origin)s تا %(destination)s"}
    paper = manifest(origin="کراچی", destination="ملتان")
    urdu = manifest_pdf(paper, Tongue(lambda words: said.get(words, words), True))
    assert darkest(shown(urdu), A4[0] - 150, 96, A4[0] - 42, 140) < 120
    assert set(margins(urdu)) == {255}
    assert [found.text for found in zxingcpp.read_barcodes(shown(urdu))] == [paper.link]
    assert {"473000001", "1.25"} <= set(re.findall(r"[\d.,]+", text(urdu)))
