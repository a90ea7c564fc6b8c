"""Consignment numbers: check digit, shuffle, and how people type them."""

import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icargos.kit.cn import allot, check_digit, group, is_valid, normalise, permute, piece_code

KEY = b"a key of the tests, thirty-two b"
FIRST = 10**8


def test_the_worked_example_of_the_postal_union_checks_out() -> None:
    assert check_digit("47312482") == "9"
    assert is_valid("IC473124829")
    assert group("IC473124829") == "IC 4731 2482 9"


@given(st.sets(st.integers(min_value=0, max_value=10**10), max_size=300))
@settings(max_examples=50)
def test_different_counters_never_share_a_number_even_when_numbers_grow(counters: set[int]) -> None:
    cns = allot(sorted(counters), KEY, "IC")
    assert len(set(cns)) == len(counters)
    assert all(is_valid(cn) for cn in cns)


@pytest.mark.parametrize("digits", [2, 3, 4])
def test_the_shuffle_is_one_to_one_over_a_whole_small_domain(digits: int) -> None:
    assert sorted(permute(n, KEY, digits) for n in range(10**digits)) == list(range(10**digits))


def test_the_ninth_digit_comes_exactly_when_eight_run_out() -> None:
    last, first = allot([FIRST - 1, FIRST], KEY, "IC")
    assert (len(last), len(first)) == (11, 12)
    assert is_valid(first)
    assert group(first).count(" ") == 4


def test_neighbours_in_the_counter_are_never_neighbours_on_the_label() -> None:
    numbers = [int(cn[2:-1]) for cn in allot(range(20_000), KEY, "IC")]
    steps = [abs(b - a) for a, b in itertools.pairwise(numbers)]
    assert min(steps) > 1
    # a shuffle that forgot to mix would show a few favourite steps
    assert len(set(steps)) > 19_900
    assert 0.3 < sum(steps) / len(steps) / FIRST < 0.37


def test_another_key_gives_other_numbers() -> None:
    assert not set(allot(range(2_000), KEY, "IC")) & set(allot(range(2_000), b"another key", "IC"))


@given(st.integers(min_value=0, max_value=FIRST - 1), st.integers(min_value=0, max_value=7), st.integers(1, 9))
def test_one_mistyped_digit_before_the_check_is_nearly_always_caught(counter: int, place: int, shift: int) -> None:
    (cn,) = allot([counter], KEY, "IC")
    digits = cn[2:-1]
    wrong = digits[:place] + str((int(digits[place]) + shift) % 10) + digits[place + 1 :]
    caught = not is_valid("IC" + wrong + cn[-1])
    # 0 and 5 each stand for two remainders: the standard's own blind spot
    assert caught or cn[-1] in "05"


@pytest.mark.parametrize("typed", ["ic 4731 2482 9", " IC-47312482-9", "ic۴۷۳۱۲۴۸۲۹", "IC\u00a0473124829"])
def test_a_number_is_found_however_it_is_typed(typed: str) -> None:
    assert normalise(typed) == "IC473124829"


@pytest.mark.parametrize("typed", [piece_code("IC473124829", 2, 3), "ic 4731 2482 9 - 02/03", "IC473124829-1/99"])
def test_a_piece_s_code_stands_for_its_consignment(typed: str) -> None:
    assert normalise(typed) == "IC473124829"


@pytest.mark.parametrize("typed", ["IC473124829/02", "IC473124829-02/", "INV-02/03/26", "02/03"])
def test_what_only_looks_like_a_piece_is_no_number(typed: str) -> None:
    assert not is_valid(normalise(typed))


@pytest.mark.parametrize("bad", ["", "IC473124828", "473124829", "I1473124829", "IC4731248", "IC4731248299"])
def test_what_is_not_a_number_is_refused(bad: str) -> None:
    assert not is_valid(bad)


def test_a_bad_prefix_key_or_counter_is_refused() -> None:
    for counters, key, prefix in (([1], KEY, "ic"), ([1], KEY, "ICX"), ([1], b"", "IC"), ([-1], KEY, "IC")):
        with pytest.raises(ValueError):
            allot(counters, key, prefix)


def test_ten_thousand_numbers_take_a_blink() -> None:
    allot([0], KEY, "IC")
    best = min(_timed() for _ in range(3))
    assert best < 0.2


def _timed() -> float:
    start = time.perf_counter()
    allot(range(10_000), KEY, "IC")
    return time.perf_counter() - start
