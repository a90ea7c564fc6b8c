"""The limiter, the map and the rules of what is shown, each alone."""

import csv
import re
from dataclasses import astuple
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.test import RequestFactory

from icargos.consignments.rules import FAMILY, FINAL, Family, Status
from icargos.track import answers, limits, wording
from icargos.ui import route_map
from icargos.ui.route_map import HEIGHT, WIDTH, End
from tests.cast import NOW

CITIES = Path(__file__).resolve().parents[2] / "icargos" / "places" / "pk_cities.csv"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "peer", "counted"),
    [
        (0, "1.2.3.4", "10.0.0.1", "10.0.0.1"),
        (1, "9.9.9.9, 1.2.3.4", "10.0.0.1", "1.2.3.4"),
        (2, "9.9.9.9, 1.2.3.4, 10.0.0.2", "10.0.0.1", "1.2.3.4"),
        (3, "1.2.3.4", "10.0.0.1", "10.0.0.1"),
        (0, "", "2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002"),
    ],
)
def test_the_address_is_the_peer_or_what_our_own_proxies_say(
    monkeypatch: pytest.MonkeyPatch, proxies: int, forwarded: str, peer: str, counted: str
) -> None:
    monkeypatch.setattr(settings, "TRUSTED_PROXIES", proxies)
    request = RequestFactory().get("/track", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded)
    assert limits._client(request) == counted


def ends() -> list[End]:
    """Every city of the data file."""
    with CITIES.open(encoding="utf-8", newline="") as file:
        return [End(row["name"], row["urdu"], float(row["lon"]), float(row["lat"])) for row in csv.DictReader(file)]


def test_the_way_between_any_two_cities_lies_inside_the_picture() -> None:
    cities = ends()
    for one, other in zip(cities, [*cities[37:], *cities[:37]], strict=True):
        drawing = route_map.draw(one, other, 0.5)
        numbers = [float(number) for number in re.findall(r"-?\d+\.\d", drawing.way)]
        assert all(-80 < x < WIDTH + 80 for x in numbers[::2]), (one.name, other.name)
        assert all(-80 < y < HEIGHT + 80 for y in numbers[1::2]), (one.name, other.name)
        assert all(0 < end.x < WIDTH and 0 < end.y < HEIGHT for end in drawing.ends)
        assert "nan" not in str(astuple(drawing))


def test_a_way_begins_and_ends_with_its_cities_and_is_cut_where_the_parcel_is() -> None:
    karachi, lahore = End("Karachi", "کراچی", 67.01, 24.86), End("Lahore", "لاہور", 74.35, 31.55)
    start, half, done = (route_map.draw(karachi, lahore, share) for share in (0.0, 0.5, 1.0))
    assert (start.gone, start.togo) == ("", start.way)
    assert (done.gone, done.togo) == (done.way, "")
    assert half.gone
    assert half.togo
    assert (start.at, done.at) == ((start.ends[0].x, start.ends[0].y), (done.ends[1].x, done.ends[1].y))
    assert half.at is None


def test_no_town_is_named_twice_or_over_an_end() -> None:
    karachi, lahore = End("Karachi", "کراچی", 67.01, 24.86), End("Lahore", "لاہور", 74.35, 31.55)
    drawing = route_map.draw(karachi, lahore, 1.0)
    names = [label.name for label in (*drawing.towns, *drawing.ends)]
    assert len(names) == len(set(names))


def test_only_a_parcel_on_its_way_to_its_consignee_asks_for_its_cod() -> None:
    for status in Status:
        owed = answers.to_pay(5000, "expected", status)
        back = FAMILY[status] in {Family.RETURNS, Family.CLOSED}
        assert owed == (0 if back or status in FINAL else 5000), status
        assert answers.to_pay(5000, "collected", status) == 0
        assert answers.on_label(5000, status) == (0 if back else 5000)


def test_a_day_that_has_passed_is_not_promised() -> None:
    late = wording.headline(Status.IN_TRANSIT, date(2026, 11, 19), NOW, NOW)
    today = wording.headline(Status.IN_TRANSIT, date(2026, 11, 20), NOW, NOW)
    later = wording.headline(Status.IN_TRANSIT, date(2026, 11, 24), NOW, NOW)
    assert (late, today, later) == ("Taking longer than planned", "Expected today", "Expected Tuesday, 24 Nov")
