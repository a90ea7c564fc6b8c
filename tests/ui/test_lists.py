"""A list's address, its pages, its columns."""

from datetime import date

import pytest
from django.http import QueryDict

from icargos.ui.lists.address import Address, pager
from icargos.ui.lists.columns import Column, choices, chosen
from icargos.ui.templatetags.ui import capped

NAMES = ("view", "q", "city", "from")


def address(query: str) -> Address:
    """The address of some list."""
    return Address("/list/", QueryDict(query), NAMES)


def test_it_is_written_as_it_was_read_in_one_order_and_without_what_it_does_not_know() -> None:
    assert address("q=a b&city=Lahore&city=Multan&nonsense=1&view=x&city=Lahore").url() == (
        "/list/?view=x&q=a+b&city=Lahore&city=Multan"
    )
    assert address("").url() == "/list/"


def test_a_change_begins_at_the_first_page() -> None:
    here = address("q=a&before=7&n=51")
    assert here.url(q="b") == "/list/?q=b"
    assert here.url(q="") == "/list/"
    assert here.url(before=3, n=101) == "/list/?q=a&before=3&n=101"
    assert here.query() == "q=a"
    assert here.parts(city=["Lahore", "Multan"]) == [("q", "a"), ("city", "Lahore"), ("city", "Multan")]
    assert address("city=Lahore&city=Multan").without("city", "Lahore") == "/list/?city=Multan"


@pytest.mark.parametrize(
    "query", ["from=2026-02-31", "from=x", "from=", "n=²", "n=-1", "n=1e9", f"n={'9' * 40}", "q=%00"]
)
def test_what_cannot_be_read_is_not_there(query: str) -> None:
    here = address(query)
    assert (here.day("from"), here.number("n"), here.one("q")) == (None, None, "")


def test_it_is_bounded() -> None:
    here = address("&".join(f"city={n}" for n in range(1000)) + "&q=" + "x" * 1000)
    assert len(here.all("city")) == 60
    assert len(here.one("q")) == 100
    assert address("from=2026-11-20").day("from") == date(2026, 11, 20)


def test_pages_are_numbered_from_the_address() -> None:
    here = address("q=a&before=900&n=51")
    shown = pager(here, {"before": 800, "after": 899}, size=50, shown=50, total=1001, most=1000)
    assert (shown["first"], shown["last"], shown["more"]) == (51, 100, True)
    assert shown["next_url"] == "/list/?q=a&before=800&n=101"
    assert shown["previous_url"] == "/list/?q=a&after=899&n=1"
    alone = pager(address(""), {"before": None, "after": None}, size=50, shown=0, total=0, most=1000)
    assert (alone["first"], alone["last"], alone["next_url"], alone["previous_url"]) == (0, 0, "", "")


def test_a_count_is_exact_to_its_most() -> None:
    said = [capped(n, 1000) for n in (0, 999, 1000, 1001, 5000)]
    assert said == [f"<bdi>{text}</bdi>" for text in ("0", "999", "1,000", "1,000+", "1,000+")]


def test_columns_keep_their_order_and_fixed_ones_stay() -> None:
    columns = [
        Column("cn", "CN", fixed=True),
        Column("ref", "Ref", usual=True),
        Column("cod", "COD"),
    ]
    assert [one.name for one in chosen(columns, None)] == ["cn", "ref"]
    assert [one.name for one in chosen(columns, ["cod", "ref", "gone"])] == ["cn", "ref", "cod"]
    assert [one.name for one in chosen(columns, [])] == ["cn"]
    assert [(one["value"], one["ticked"]) for one in choices(columns, chosen(columns, ["cod"]))] == [
        ("ref", False),
        ("cod", True),
    ]
