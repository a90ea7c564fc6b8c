from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone, translation

from icargos.ui import wording

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("paisa", "whole", "exact"),
    [
        (0, "0", "0.00"),
        (49, "0", "0.49"),
        (50, "1", "0.50"),
        (275_000, "2,750", "2,750.00"),
        (348_828, "3,488", "3,488.28"),
        (-116_928, "−1,169", "−1,169.28"),
        (-50, "−1", "−0.50"),
    ],
)
def test_an_amount_is_grouped_and_rounded_half_up(paisa: int, whole: str, exact: str) -> None:
    assert wording.amount(paisa) == whole
    assert wording.amount(paisa, exact=True) == exact


@pytest.mark.parametrize(
    ("grams", "text"),
    [(1200, "1.2 kg"), (500, "0.5 kg"), (18000, "18.0 kg"), (50, "0.05 kg"), (1234567, "1,234.567 kg")],
)
def test_a_weight_has_no_more_decimals_than_it_needs(grams: int, text: str) -> None:
    assert wording.kilos(grams) == text


@pytest.mark.parametrize(
    ("since", "text"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=4), "4 min ago"),
        (timedelta(hours=3, minutes=59), "3 h ago"),
        (timedelta(days=1), "21 Nov 2026"),
        (-timedelta(seconds=5), "just now"),
    ],
)
def test_a_distance_turns_into_a_date_after_a_day(since: timedelta, text: str) -> None:
    assert wording.ago(NOON - since, NOON) == text


def test_days_are_local_days() -> None:
    late_evening_in_greenwich = datetime(2026, 11, 21, 20, 30, tzinfo=UTC)
    assert wording.day(late_evening_in_greenwich) == "22 Nov 2026"
    assert wording.local_day(date(2026, 11, 2)) == "2 Nov 2026"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (20, "0 min"),
        (12 * 60, "12 min"),
        (3 * 3600, "3 h"),
        (3 * 3600 + 5 * 60, "3 h 5 min"),
        (26 * 3600, "26 h"),
        (3 * 86400, "3 days"),
        (2520 * 86400, "2,520 days"),
    ],
)
def test_a_length_of_time_is_said_as_people_say_it(seconds: int, text: str) -> None:
    assert wording.span(seconds) == text


def test_a_moment_is_told_in_the_readers_words_and_its_own_minute() -> None:
    year = timezone.localtime().year
    early = datetime(year, 11, 21, 9, 12, tzinfo=UTC)
    later = datetime(year, 11, 21, 12, 5, tzinfo=UTC)
    last_year = datetime(year - 1, 11, 21, 9, 12, tzinfo=UTC)
    for _twice in range(2):
        with translation.override("en"):
            assert wording.day_and_time(early) == f"{early:%a} 21 Nov, 14:12"
            assert wording.day_and_time(later) == f"{later:%a} 21 Nov, 17:05"
            assert wording.day_and_time(last_year) == f"21 Nov {year - 1}, 14:12"
        with translation.override("ur"):
            said = wording.day_and_time(early)
            assert said.endswith("، 14:12")
            assert "Nov" not in said
