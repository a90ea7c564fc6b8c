"""The list of parcels narrowed, searched, counted and walked through in both directions."""

from collections.abc import Iterator

import pytest

from icargos.consignments import actions, queries
from icargos.consignments.queries import Filters, View
from icargos.consignments.rules import COD_OWED, Status
from icargos.ground.tenancy import acting
from tests.cast import NOW, Cast
from tests.parcels import city, enter

MANY = 4_300  # more than the search looks through before it goes by its indexes


@pytest.fixture
def crowd(cast: Cast) -> Cast:
    """A shipper with thousands of parcels: rare ones among the oldest, "Muhammad" every fifth, another's in between."""
    enter(cast, order_ref="OLD-1", consignee_name="Zubaida Khanum", consignee_phone="+923451112223")
    enter(cast, 3, order_ref="OLD-2", consignee_name="Zubaida Khatoon")
    enter(cast, whose="B", order_ref="OLD-1", consignee_name="Zubaida Khanum", consignee_phone="+923451112223")
    for _hundreds in range(MANY // 500):
        enter(cast, 100, consignee_name="Muhammad Usman", order_ref="ZT-1")
        enter(cast, 400, consignee_name="Sana Malik", order_ref="ZT-2")
    return cast


def walk(cast: Cast, filters: Filters, *, size: int, oldest_first: bool = False) -> Iterator[list[int]]:
    """The pages of a list from its first to its last, as ids."""
    bilal = cast.actor("bilal")
    with acting(bilal):
        before = after = None
        while True:
            shown = queries.page(bilal, filters, size=size, before=before, after=after, oldest_first=oldest_first)
            yield [row.id for row in shown.rows]
            before, after = (None, shown.newer) if oldest_first else (shown.older, None)
            if before is None and after is None:
                return


def found(cast: Cast, words: str, **more: object) -> int:
    """How many of Bilal's parcels the words find, counted to the end."""
    bilal = cast.actor("bilal")
    with acting(bilal):
        return queries.count(bilal, Filters(words=words, **more), most=100_000)  # type: ignore[arg-type]


def test_what_is_rare_is_found_among_the_oldest_of_thousands(crowd: Cast) -> None:
    assert found(crowd, "zubaida") == 4
    assert found(crowd, "zubaida khanum") == 1
    assert found(crowd, "OLD-1") == 1
    assert found(crowd, "old-") == 4
    assert found(crowd, "0345 1112223") == 1
    assert found(crowd, "0345-111") == 1
    assert found(crowd, "nobody here") == 0
    bilal = crowd.actor("bilal")
    with acting(bilal):
        oldest = queries.ids(bilal, Filters(words="OLD-1"), most=1)
        cn = queries.numbers(bilal, oldest)[0]
        assert [row.cn for row in queries.page(bilal, Filters(words=cn[:8])).rows] == [cn]


def test_what_is_frequent_is_counted_to_three_hundred_and_shown_from_the_newest(crowd: Cast) -> None:
    bilal = crowd.actor("bilal")
    with acting(bilal):
        shown = queries.page(bilal, Filters(words="sana"), size=50, counted=True)
        assert (shown.total, shown.counted_to) == (301, 300)
        assert [row.consignee_name for row in shown.rows] == ["Sana Malik"] * 50
        assert shown.rows[0].id == max(queries.ids(bilal, Filters(), most=1))
        narrowed = queries.page(bilal, Filters(words="muhammad", sources=("form",)), size=50, counted=True)
    assert (narrowed.total, narrowed.counted_to) == (MANY // 500 * 100, 1000)
    assert found(crowd, "muhammad", statuses=(Status.NEW_BOOKED,)) == MANY // 500 * 100
    assert found(crowd, "muhammad", statuses=(Status.LOST,)) == 0


@pytest.mark.parametrize("words", ["muhammad", "zubaida", "ZT-1", "sana m"])
@pytest.mark.parametrize("oldest_first", [False, True])
def test_a_search_is_walked_through_to_its_end_in_either_order(crowd: Cast, words: str, oldest_first: bool) -> None:
    pages = list(walk(crowd, Filters(words=words), size=700, oldest_first=oldest_first))
    seen = [one for page in pages for one in page]
    assert seen == sorted(seen, reverse=not oldest_first)
    assert len(set(seen)) == len(seen) == found(crowd, words)


@pytest.mark.parametrize("oldest_first", [False, True])
def test_a_page_has_its_neighbours_on_both_sides(cast: Cast, oldest_first: bool) -> None:
    enter(cast, 10)
    bilal = cast.actor("bilal")
    pages = list(walk(cast, Filters(), size=4, oldest_first=oldest_first))
    assert [len(page) for page in pages] == [4, 4, 2]
    with acting(bilal):
        key = pages[2][0]
        back = queries.page(
            bilal,
            Filters(),
            size=4,
            before=key if oldest_first else None,
            after=None if oldest_first else key,
            oldest_first=oldest_first,
        )
        assert [row.id for row in back.rows] == pages[1]
        assert back.older is not None
        assert back.newer is not None
        edge = pages[1][0]
        first = queries.page(
            bilal,
            Filters(),
            size=4,
            before=edge if oldest_first else None,
            after=None if oldest_first else edge,
            oldest_first=oldest_first,
        )
    assert [row.id for row in first.rows] == pages[0]
    assert (first.older if oldest_first else first.newer) is None


def test_several_of_one_kind_are_any_of_them_and_kinds_are_all_of_them(cast: Cast) -> None:
    lahore, multan = city("Lahore"), city("Multan")
    a = enter(cast, destination_id=lahore, service="overnight", cod_paisa=0)[0].id
    b = enter(cast, destination_id=multan, service="overland")[0].id
    c = enter(cast, destination_id=city("Quetta"), service="overnight")[0].id
    enter(cast, whose="B", destination_id=lahore)
    bilal = cast.actor("bilal")
    cases = [
        (Filters(destinations=(lahore, multan)), {a, b}),
        (Filters(destinations=(lahore, multan), services=("overland",)), {b}),
        (Filters(services=("overnight", "overland"), cod="cod"), {b, c}),
        (Filters(sources=("form",)), {a, b, c}),
        (Filters(sources=("api", "sheet")), set()),
        (Filters(profiles=(cast.profile_a,)), {a, b, c}),
        (Filters(profiles=(cast.profile_b,)), set()),
        (Filters(reasons=("CNA",)), set()),
        (Filters(upto=b), {a, b}),
        (Filters(only=(a, c)), {a, c}),
        (Filters(view=View.TO_SHIP), {a, b, c}),
        (Filters(view=View.TO_SHIP, statuses=(Status.LOST,)), set()),
        (Filters(view=View.MOVING), set()),
    ]
    with acting(bilal):
        for filters, wanted in cases:
            assert set(queries.ids(bilal, filters, most=10)) == wanted, filters
        assert queries.counts(bilal, [filters for filters, _wanted in cases]) == [len(w) for _filters, w in cases]


def test_every_view_shows_its_statuses_and_no_parcel_stands_in_two_of_them(cast: Cast) -> None:
    seen: list[Status] = [status for statuses in queries.VIEW_STATUSES.values() for status in statuses]
    assert len(seen) == len(set(seen))
    assert set(Status) - set(seen) == {
        Status.DELIVERED,
        Status.CANCELLED,
        Status.EXPIRED,
        Status.LOST,
        Status.DAMAGED,
        Status.CLAIM_IN_PROCESS,
        Status.CLAIM_SETTLED,
    }
    assert set(View) - set(queries.VIEW_STATUSES) == {View.COD_PENDING}
    assert COD_OWED


def test_counting_stops_just_over_what_was_asked(cast: Cast) -> None:
    enter(cast, 12)
    bilal = cast.actor("bilal")
    with acting(bilal):
        assert queries.counts(bilal, [Filters(), Filters(cod="cod"), Filters(cod="prepaid")], most=10) == [11, 11, 0]
        assert queries.counts(bilal, []) == []


def test_who_does_not_see_consignees_finds_nobody_by_name_or_phone(cast: Cast) -> None:
    (mine,) = enter(cast, order_ref="ZT-9", consignee_name="Hina Yousaf", consignee_phone="+923001112223")
    farah = cast.actor("farah")
    with acting(farah):
        for words in ("hina", "0300-1112223", "0300-111"):
            assert queries.page(farah, Filters(words=words)).rows == [], words
        for words in ("zt-9", mine.cn):
            assert [row.cn for row in queries.page(farah, Filters(words=words)).rows] == [mine.cn], words


def test_tags_narrow_the_list_and_only_the_shippers_own(cast: Cast) -> None:
    red, blue, plain = (one.id for one in enter(cast, 3))
    (theirs,) = enter(cast, whose="B")
    bilal, zara = cast.actor("bilal"), cast.actor("zara")
    with acting(bilal):
        actions.tag(bilal, [red, plain], "Red", now=NOW)
        actions.tag(bilal, [blue], "Blue", now=NOW)
    with acting(zara):
        actions.tag(zara, [theirs.id], "Red", now=NOW)
    with acting(bilal):
        tags = {tag.name: tag.id for tag in queries.tags(bilal)}
        assert sorted(tags) == ["Blue", "Red"]
        assert set(queries.ids(bilal, Filters(tags=(tags["Red"],)), most=9)) == {red, plain}
        assert set(queries.ids(bilal, Filters(tags=tuple(tags.values())), most=9)) == {red, blue, plain}
    with acting(zara):
        assert queries.ids(zara, Filters(tags=tuple(tags.values())), most=9) == []
