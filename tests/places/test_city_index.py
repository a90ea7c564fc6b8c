"""How people write a city's name, and which zone two cities are in."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import icargos.places
from icargos.places.rules import Aliased, CityIndex, CityRow, Zone, key_of, sort_code

CSV = Path(icargos.places.__file__).with_name("pk_cities.csv")


def _rows() -> list[CityRow]:
    with CSV.open(encoding="utf-8", newline="") as file:
        return [
            CityRow(
                id=number,
                name=line["name"],
                code=line["code"],
                province=line["province"],
                zone="south" if line["province"] == "Sindh" else "central",
                metro="ISB" if line["code"] in ("ISB", "RWP") else line["code"],
                urdu=line["urdu"],
                aliases=tuple(alias.strip() for alias in line["aliases"].split(",") if alias.strip()),
            )
            for number, line in enumerate(csv.DictReader(file), start=1)
        ]


ROWS = _rows()
INDEX = CityIndex(ROWS)
ID = {row.name: row.id for row in ROWS}


@pytest.mark.parametrize(
    ("typed", "city"),
    [
        ("Karachi", "Karachi"),
        ("  KARACHI ", "Karachi"),
        ("khi", "Karachi"),
        ("Pindi", "Rawalpindi"),
        ("rawal-pindi", "Rawalpindi"),
        ("R.Y.Khan", "Rahim Yar Khan"),
        ("D.G.Khan", "Dera Ghazi Khan"),
        ("Lyallpur", "Faisalabad"),
        ("Lahore, Pakistan", "Lahore"),
        ("Lahore, Punjab, Pakistan", "Lahore"),
        ("Hyderabad\u00a0Sindh", "Hyderabad"),
        ("کراچی", "Karachi"),
        ("كراچي", "Karachi"),
        ("کَراچی", "Karachi"),
        ("راولپنڈي", "Rawalpindi"),
        ("فیصل‌آباد", "Faisalabad"),
        ("کوئٹہ", "Quetta"),
        ("لاهور", "Lahore"),
    ],
)
def test_a_city_is_found_however_it_is_written(typed: str, city: str) -> None:
    assert INDEX.find(typed).city_id == ID[city]


def test_every_city_is_found_by_its_own_name_and_its_urdu_name() -> None:
    for row in ROWS:
        assert INDEX.find(row.name).city_id == row.id
        if row.urdu:
            assert INDEX.find(row.urdu).city_id == row.id


@pytest.mark.parametrize(
    ("typed", "suggestion"),
    [("Karachii", "Karachi"), ("Gujranwalla", "Gujranwala"), ("Islamabd", "Islamabad"), ("Abbotabaad", "Abbottabad")],
)
def test_a_misspelling_is_only_ever_a_suggestion(typed: str, suggestion: str) -> None:
    found = INDEX.find(typed)
    assert (found.city_id, found.suggestion) == (None, suggestion)


@pytest.mark.parametrize("typed", ["", "   ", "—", "London", "xyz", "12345"])
def test_what_names_no_city_finds_nothing(typed: str) -> None:
    found = INDEX.find(typed)
    assert (found.city_id, found.suggestion) == (None, None)


def test_the_shippers_own_word_wins_over_everybody_elses() -> None:
    own = INDEX.with_own([Aliased("Model Town", ID["Lahore"]), Aliased("Hyd", ID["Haripur"]), Aliased("—", 1)])
    assert own.find("model town").city_id == ID["Lahore"]
    assert own.find("HYD").city_id == ID["Haripur"]
    assert INDEX.find("model town").city_id is None
    assert INDEX.find("HYD").city_id == ID["Hyderabad"]


def test_a_word_that_two_cities_claim_finds_neither() -> None:
    twins = [
        CityRow(id=1, name="Khanpur", code="KH1", province="PB", zone="c", metro="KH1", aliases=("KP Town",)),
        CityRow(id=2, name="Khanewal", code="KH2", province="PB", zone="c", metro="KH2", aliases=("kp-town",)),
    ]
    assert CityIndex(twins).find("KP Town").city_id is None


def test_twin_cities_count_as_one_and_zones_are_the_same_both_ways() -> None:
    assert INDEX.zone(ID["Rawalpindi"], ID["Islamabad"]) is Zone.WITHIN_CITY
    assert INDEX.zone(ID["Lahore"], ID["Lahore"]) is Zone.WITHIN_CITY
    assert INDEX.zone(ID["Lahore"], ID["Multan"]) is Zone.SAME_ZONE
    assert INDEX.zone(ID["Lahore"], ID["Karachi"]) is Zone.DIFFERENT_ZONE
    for a in ROWS[:20]:
        for b in ROWS[:20]:
            assert INDEX.zone(a.id, b.id) is INDEX.zone(b.id, a.id)


@given(st.text(max_size=40))
def test_any_text_gets_an_answer_and_the_same_one_twice(text: str) -> None:
    assert INDEX.find(text) == INDEX.find(text)
    assert key_of(key_of(text)) == key_of(text)


def test_the_sort_code_names_station_and_route() -> None:
    assert sort_code("LHE", 7) == "LHE-07"
    row = CityRow(id=1, name="Okara", code="OKR", province="PB", zone="c", metro="OKR", station="LHE", route=12)
    assert row.sort_code == "LHE-12"
    assert INDEX.all()[0].sort_code == "KHI"


def test_a_city_knows_how_far_a_position_is_from_its_centre() -> None:
    """One degree of latitude is 111.2 km; of longitude, at the 30th parallel, 96.3 km."""
    city = CityRow(id=1, name="Somewhere", code="SWE", province="Punjab", zone="central", metro="SWE", lat=30, lon=70)
    assert city.metres_from(30, 70) == 0
    assert city.metres_from(31, 70) == pytest.approx(111_200, rel=0.001)
    assert city.metres_from(30, 71) == pytest.approx(96_300, rel=0.001)
    assert city.metres_from(30.001, 70.001) == pytest.approx(147.1, rel=0.01)
