"""What each actor is shown of parcels: own ones only, found by what people type, complete by pages, without what
finance must not have."""

from datetime import timedelta
from typing import Any

import pytest

from icargos.consignments import queries
from icargos.consignments.actions import Entered
from icargos.consignments.models import Consignment
from icargos.consignments.queries import Filters
from icargos.consignments.rules import Status
from icargos.ground.tenancy import acting
from icargos.kit.errors import Forbidden, NotFound
from tests.cast import CANARY, NOW, Cast
from tests.parcels import city, enter


def found(cast: Cast, who: str, words: str) -> list[str]:
    actor = cast.actor(who)
    with acting(actor):
        return [row.cn for row in queries.page(actor, Filters(words=words)).rows]


def cns(entered: list[Entered]) -> list[str]:
    return [e.cn for e in reversed(entered)]


def test_search_finds_by_number_ref_phone_and_name(cast: Cast) -> None:
    mine = enter(cast, order_ref="ZT-1042", consignee_name="Muhammad Usman Ghani", consignee_phone="+923001112223")
    enter(cast, 2, order_ref="QX-1", consignee_name="Hina Javed", consignee_phone="+923009998887")
    cn = mine[0].cn
    typed = [cn, cn.lower(), f"{cn[:2]} {cn[2:6]}-{cn[6:]}", "ZT-1042", "zt-10", "0300-1112223", "+92 300 1112223"]
    typed += ["usman", "MUHAMMAD USMAN", "d usman gh"]
    for words in typed:
        assert found(cast, "bilal", words) == [cn], words
    assert found(cast, "bilal", "xyzzy") == []
    assert len(found(cast, "bilal", "  ")) == 3


def test_search_finds_a_number_by_its_beginning(cast: Cast) -> None:
    (mine,) = enter(cast, order_ref="ZT-1042")
    (theirs,) = enter(cast, whose="B")
    for words in (mine.cn[:6], mine.cn[:6].lower(), f"{mine.cn[:2]} {mine.cn[2:7]}", mine.cn[2:8], mine.cn[:-1]):
        assert found(cast, "bilal", words) == [mine.cn], words
    assert found(cast, "bilal", theirs.cn[:8]) == []
    assert found(cast, "bilal", mine.cn[3:]) == []


@pytest.mark.parametrize("words", ["%", "_", "%%%", "___", "\\", "'", "a'; --", "ZT_1042", "Z%2", "\\%"])
def test_search_takes_no_character_for_a_pattern(cast: Cast, words: str) -> None:
    enter(cast, order_ref="ZT-1042", consignee_name="Muhammad Usman")
    assert found(cast, "bilal", words) == []
    (odd,) = enter(cast, order_ref=words, consignee_name="Muhammad Usman")
    assert found(cast, "bilal", words) == [odd.cn]


def test_search_never_crosses_shippers(cast: Cast) -> None:
    more: dict[str, Any] = {"order_ref": "BOTH-1", "consignee_name": "Same Person", "consignee_phone": "+923001112223"}
    mine, theirs = enter(cast, **more), enter(cast, whose="B", **more)
    for words in ("BOTH-1", "same person", "03001112223"):
        assert found(cast, "bilal", words) == cns(mine)
        assert found(cast, "zara", words) == cns(theirs)
    assert found(cast, "bilal", theirs[0].cn) == []


def test_finance_finds_nobody_by_phone(cast: Cast) -> None:
    mine = enter(cast, consignee_phone="+923001112223")
    assert found(cast, "farah", "03001112223") == []
    assert found(cast, "farah", mine[0].cn) == cns(mine)


def test_finance_gets_none_for_a_consignees_phone_address_and_mail(cast: Cast) -> None:
    private: dict[str, Any] = {
        "consignee_phone": "+923001112223",
        "alt_phone": "+922134567890",
        "consignee_email": "canary@example.com",
        "address": "Canary House 7, Street 7",
        "landmark": "Canary Gate",
    }
    (parcel,) = enter(cast, **private)
    for who, sees in {"ayesha": True, "bilal": True, "vahid": True, "farah": False}.items():
        actor = cast.actor(who)
        with acting(actor):
            shown = queries.one(actor, parcel.cn)
            (again,) = queries.many(actor, [parcel.id])
            (row,) = queries.page(actor, Filters()).rows
        assert shown == again
        assert {name: getattr(shown, name) for name in private} == (private if sees else dict.fromkeys(private))
        assert row.consignee_phone == ("+923001112223" if sees else None)
        assert ("Canary" in repr(shown)) is sees
    assert "3001112223" not in repr(row) or sees


def test_a_foreign_parcel_and_an_unknown_one_are_answered_alike(cast: Cast) -> None:
    (theirs,) = enter(cast, whose="B", consignee_name=CANARY)
    bilal = cast.actor("bilal")
    with acting(bilal):
        told = []
        for cn in (theirs.cn, "IC000000005"):
            with pytest.raises(NotFound) as refused:
                queries.one(bilal, cn)
            told.append(refused.value.message.replace(cn, ""))
        assert told[0] == told[1]
        with pytest.raises(NotFound):
            queries.many(bilal, [theirs.id])
        assert queries.page(bilal, Filters()).rows == []
        assert queries.known_refs(bilal, [""]) == {}


def test_one_list_with_a_foreign_parcel_among_own_ones_is_refused_whole(cast: Cast) -> None:
    (mine,), (theirs,) = enter(cast), enter(cast, whose="B")
    bilal = cast.actor("bilal")
    with acting(bilal), pytest.raises(NotFound):
        queries.many(bilal, [mine.id, theirs.id])


@pytest.mark.parametrize("size", [1, 3, 7, 50])
def test_the_pages_of_a_list_are_complete_and_have_no_doubles(cast: Cast, size: int) -> None:
    entered = enter(cast, 23)
    enter(cast, 5, whose="B")
    bilal = cast.actor("bilal")
    with acting(bilal):
        pages: list[list[str]] = []
        before: int | None = None
        while not pages or before is not None:
            shown = queries.page(bilal, Filters(), size=size, before=before)
            assert len(shown.rows) <= size
            pages.append([row.cn for row in shown.rows])
            assert (shown.newer is None) is (len(pages) == 1)
            before = shown.older
        assert [cn for page in pages for cn in page] == cns(entered)
        # And back again, from the last page to the first.
        last = [row.id for row in queries.page(bilal, Filters(), size=50).rows][-len(pages[-1]) :]
        after, backwards = last[0], [pages[-1]]
        while len(backwards) < len(pages):
            shown = queries.page(bilal, Filters(), size=size, after=after)
            backwards.append([row.cn for row in shown.rows])
            assert shown.newer is not None or len(backwards) == len(pages)
            after = shown.rows[0].id
        assert [cn for page in reversed(backwards) for cn in page] == cns(entered)
        assert queries.count(bilal, Filters()) == 23
        assert queries.count(bilal, Filters(), most=10) == 11


def test_a_parcel_booked_between_two_pages_shifts_nothing(cast: Cast) -> None:
    entered = enter(cast, 6)
    bilal = cast.actor("bilal")
    with acting(bilal):
        first = queries.page(bilal, Filters(), size=3)
    enter(cast, 2)
    with acting(bilal):
        second = queries.page(bilal, Filters(), size=3, before=first.older)
    assert [r.cn for r in first.rows + second.rows] == cns(entered)


def test_filters_narrow_the_list_and_the_count_alike(cast: Cast) -> None:
    old = enter(cast, 2, now=NOW - timedelta(days=3), cod_paisa=0)
    lahore = enter(cast, 3, destination_id=city("Lahore"), service="overland")
    bilal = cast.actor("bilal")
    today = NOW.date()
    cases = [
        (Filters(statuses=(Status.NEW_BOOKED,)), old + lahore),
        (Filters(statuses=(Status.DELIVERED, Status.LOST)), []),
        (Filters(destinations=(city("Lahore"),)), lahore),
        (Filters(services=("overland",)), lahore),
        (Filters(cod="prepaid"), old),
        (Filters(cod="cod"), lahore),
        (Filters(booked_from=today), lahore),
        (Filters(booked_to=today - timedelta(days=1)), old),
        (Filters(booked_from=today, booked_to=today), lahore),
    ]
    with acting(bilal):
        for filters, wanted in cases:
            assert [r.cn for r in queries.page(bilal, filters).rows] == cns(wanted), filters
            assert queries.count(bilal, filters) == len(wanted)
            assert queries.ids(bilal, filters, most=100) == [e.id for e in reversed(wanted)]


def test_a_day_of_the_list_is_a_local_day(cast: Cast) -> None:
    # 20:30 UTC on the 19th is half past one in the night of the 20th in Karachi.
    night = NOW.replace(day=19, hour=20, minute=30)
    (late,) = enter(cast, now=night)
    bilal = cast.actor("bilal")
    with acting(bilal):
        assert [r.cn for r in queries.page(bilal, Filters(booked_from=NOW.date())).rows] == [late.cn]
        assert queries.tally(bilal, since=NOW.date()) == {Status.NEW_BOOKED: 1}
        assert queries.page(bilal, Filters(booked_to=night.date())).rows == []


def test_a_rider_is_shown_no_list(cast: Cast) -> None:
    enter(cast)
    imran = cast.actor("imran")
    with acting(imran):
        for ask in (queries.page, queries.count):
            with pytest.raises(Forbidden):
                ask(imran, Filters())
        with pytest.raises(Forbidden):
            queries.tally(imran)
        assert Consignment.objects.count() == 1
