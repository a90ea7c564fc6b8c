"""The sample sheets, read and checked with the real cities: what a person trying the portal will see."""

import csv
from pathlib import Path

import pytest

from icargos.booking.gateways.sheet import read
from icargos.booking.rules.headers import match_headers
from icargos.booking.rules.reference import Offer, Reference
from icargos.booking.rules.rows import Checked, check_rows
from icargos.booking.rules.sheet import Sheet
from icargos.places.rules import CityIndex, CityRow
from samples import make

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "samples"


@pytest.fixture(scope="module")
def ref() -> Reference:
    with (ROOT / "icargos" / "places" / "pk_cities.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            CityRow(
                id=number,
                name=line["name"],
                code=line["code"],
                province=line["province"],
                zone="",
                metro="",
                urdu=line["urdu"],
                aliases=tuple(alias.strip() for alias in line["aliases"].split(",")),
                served=line["code"] not in {"PAJ", "PJG"},
            )
            for number, line in enumerate(csv.DictReader(file), start=1)
        ]
    cities = CityIndex(rows)
    labels = {"overnight": "Overnight", "same_day": "Same Day", "second_day": "Second Day", "overland": "Overland"}
    return Reference(
        cities=cities,
        served=cities.served(),
        services={code: Offer(label=label, max_weight_g=30_000) for code, label in labels.items()},
        default_profile_id=1,
        default_service="overnight",
    )


def _checked(name: str, ref: Reference) -> tuple[Sheet, Checked]:
    sheet = read(SAMPLES / name, name)
    return sheet, check_rows(sheet, match_headers(sheet.headers), ref)


def test_every_row_of_the_clean_sheet_is_ready_without_a_word(ref: Reference) -> None:
    _, checked = _checked("clean.xlsx", ref)
    assert len(checked.ready) == 500
    assert checked.all_problems == []


def test_the_messy_sheet_has_its_26_bad_rows_told_by_code_and_the_rest_ready(ref: Reference) -> None:
    sheet, checked = _checked("messy.xlsx", ref)
    assert sheet.header_row == 3
    assert len(checked.ready) == 474
    told = [{problem.code.value for problem in row.problems} for row in checked.failing]
    assert len(told) == len(make.BAD)
    for (_cells, code), codes in zip(make.BAD, told, strict=True):
        assert code in codes
    assert told[-1] == {"CITY_UNKNOWN", "PHONE_INVALID"}
    assert [note.split(":")[0] for note in sheet.notes[:1]] == ["Hidden rows were read like the others"]


@pytest.mark.parametrize("name", ["courier-a.csv", "courier-b.xlsx", "courier-c.csv"])
def test_other_couriers_sheets_map_by_themselves(name: str, ref: Reference) -> None:
    sheet, checked = _checked(name, ref)
    match = match_headers(sheet.headers)
    assert not match.unsure
    assert set(match.missing) <= {"service"}
    assert len(checked.ready) == 40
    weights = [row.order.weight_g for row in checked.ready if row.order is not None]
    assert all(100 <= weight <= 20_000 for weight in weights)


def test_the_samples_are_what_their_programme_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make, "HERE", tmp_path)
    make.main()
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (SAMPLES / path.name).read_bytes(), path.name
