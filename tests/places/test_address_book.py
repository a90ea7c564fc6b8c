"""The address book: kept, brought up to date, merged, deleted; each shipper's own."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from icargos.ground.models import Fact
from icargos.ground.tenancy import acting
from icargos.kit.actor import Actor, Kind
from icargos.kit.errors import Conflict, Forbidden, NotFound
from icargos.places import actions, queries
from icargos.places.actions import Entry
from icargos.places.queries import Address
from tests.cast import NOW, Cast
from tests.parcels import city


def entry(**changes: Any) -> Entry:
    plain: dict[str, Any] = {
        "name": "Hina Yousaf",
        "phone": "+923014417208",
        "address": "House 12, Street 4, Model Town",
        "city_id": city("Lahore"),
    }
    return Entry(**{**plain, **changes})


def keep(cast: Cast, *entries: Entry, who: str = "bilal") -> tuple[int, int]:
    actor = cast.actor(who)
    with acting(actor):
        return actions.keep_addresses(actor, entries, now=NOW)


def book(cast: Cast, words: str = "", *, who: str = "bilal") -> list[Address]:
    actor = cast.actor(who)
    with acting(actor):
        return queries.addresses(actor, words)


def test_the_same_phone_and_address_is_one_entry_and_another_address_another(cast: Cast) -> None:
    with_city = keep(cast, entry(), entry(address="Shop 7, Liberty Market, Gulberg"))
    again = keep(cast, entry(name="Hina Yousaf Khan"), entry(name="Hina Y. Khan", landmark="Blue gate"))
    assert (with_city, again) == ((2, 0), (0, 1))
    assert [(one.name, one.landmark) for one in book(cast)] == [("Hina Y. Khan", "Blue gate"), ("Hina Yousaf", "")]


def test_it_is_found_by_name_and_by_the_beginning_of_a_phone(cast: Cast) -> None:
    keep(
        cast, entry(), entry(name="Sana Malik", phone="+923331234567"), entry(name="100% Cotton", phone="+923009999999")
    )
    for words, names in (
        ("hina", ["Hina Yousaf"]),
        ("0301-44", ["Hina Yousaf"]),
        ("+92 333 1", ["Sana Malik"]),
        ("%", ["100% Cotton"]),
        ("0302-44", []),
        ("", ["100% Cotton", "Hina Yousaf", "Sana Malik"]),
        ("\x00", ["100% Cotton", "Hina Yousaf", "Sana Malik"]),
    ):
        assert [one.name for one in book(cast, words)] == names, words


def test_it_is_paged_by_name_without_losing_or_repeating_anybody(cast: Cast) -> None:
    keep(cast, *(entry(name=f"Name {n % 7}", address=f"House {n}, Street 4, Model Town") for n in range(25)))
    bilal = cast.actor("bilal")
    seen: list[int] = []
    after = None
    with acting(bilal):
        while found := queries.addresses(bilal, after=after, size=4):
            seen += [one.id for one in found]
            after = (found[-1].name, found[-1].id)
    assert len(seen) == len(set(seen)) == 25


def test_merging_keeps_the_first_and_takes_over_what_it_lacks(cast: Cast) -> None:
    keep(
        cast,
        entry(name="A"),
        entry(name="B", phone="+923019999999", email="hina@example.com"),
        entry(name="C", phone="+923018888888", landmark="Blue gate", email="other@example.com"),
    )
    first, second, third = book(cast)
    bilal = cast.actor("bilal")
    with acting(bilal):
        actions.merge_addresses(bilal, first.id, [second.id, third.id], now=NOW + timedelta(hours=1))
        (one,) = queries.addresses(bilal)
        assert Fact.objects.filter(kind="addresses.merged").get().data == {"n": 2}
    assert (one.id, one.name, one.phone) == (first.id, "A", "+923014417208")
    assert (one.alt_phone, one.email, one.landmark) == ("+923019999999", "hina@example.com", "Blue gate")


def test_what_it_has_is_never_written_over_by_merging(cast: Cast) -> None:
    keep(cast, entry(name="A", alt_phone="+922134567890"), entry(name="B", phone="+923019999999"))
    first, second = book(cast)
    bilal = cast.actor("bilal")
    with acting(bilal):
        actions.merge_addresses(bilal, first.id, [second.id], now=NOW)
        assert queries.address(bilal, first.id).alt_phone == "+922134567890"


def test_one_entry_alone_is_not_merged(cast: Cast) -> None:
    keep(cast, entry())
    (one,) = book(cast)
    bilal = cast.actor("bilal")
    with acting(bilal), pytest.raises(Conflict, match="at least two"):
        actions.merge_addresses(bilal, one.id, [one.id], now=NOW)
    assert book(cast) == [one]


def test_an_entry_cannot_become_another_one(cast: Cast) -> None:
    keep(cast, entry(name="A"), entry(name="B", phone="+923019999999"))
    first, second = before = book(cast)
    bilal = cast.actor("bilal")
    with acting(bilal):
        actions.change_address(bilal, first.id, entry(name="A2"), now=NOW)
        with pytest.raises(Conflict, match="Merge"), acting(bilal):
            actions.change_address(bilal, second.id, entry(), now=NOW)
    assert [one.name for one in book(cast)] == ["A2", "B"]
    assert book(cast)[1] == before[1]


def test_what_is_deleted_is_gone_for_good(cast: Cast, owner_url: str) -> None:
    import psycopg

    keep(cast, entry(), entry(name="Sana", phone="+923331234567"))
    first, _second = book(cast)
    bilal = cast.actor("bilal")
    with acting(bilal):
        assert actions.remove_addresses(bilal, [first.id], now=NOW) == 1
    with psycopg.connect(owner_url) as owner:
        left = owner.execute("SELECT name, phone FROM places_consignee").fetchall()
        trail = owner.execute("SELECT string_agg(data::text, ' ') FROM ground_fact").fetchone()
    assert left == [("Sana", "+923331234567")]
    assert trail is not None
    assert "Hina" not in str(trail)
    assert "4417208" not in str(trail)


@pytest.mark.parametrize("verb", ["change", "merge", "remove"])
def test_another_shippers_entry_is_no_entry(cast: Cast, verb: str) -> None:
    keep(cast, entry())
    keep(cast, entry(name="Qanary Hina"), who="zara")
    (mine,), (theirs,) = book(cast), book(cast, who="zara")
    bilal = cast.actor("bilal")
    with acting(bilal):
        with pytest.raises(NotFound), acting(bilal):
            if verb == "change":
                actions.change_address(bilal, theirs.id, entry(name="X"), now=NOW)
            elif verb == "merge":
                actions.merge_addresses(bilal, mine.id, [theirs.id], now=NOW)
            else:
                actions.remove_addresses(bilal, [mine.id, theirs.id], now=NOW)
        with pytest.raises(NotFound):
            queries.address(bilal, theirs.id)
    assert (book(cast), book(cast, who="zara")) == ([mine], [theirs])


def test_each_fence_alone_hides_another_shippers_book(cast: Cast) -> None:
    keep(cast, entry(name="Qanary Hina"), who="zara")
    bilal = cast.actor("bilal")
    with acting(bilal), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM places_consignee")
        assert cursor.fetchone() == (0,)
    with acting(cast.actor("zara")):
        assert queries.addresses(bilal) == []


@pytest.mark.parametrize("who", ["farah", "vahid"])
def test_who_may_not_book_keeps_nobody(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden):
        keep(cast, entry(), who=who)
    assert book(cast) == []


def test_finance_and_the_couriers_people_do_not_read_it(cast: Cast) -> None:
    keep(cast, entry())
    with pytest.raises(Forbidden):
        book(cast, who="farah")
    with acting(Actor(Kind.STAFF)), connection.cursor() as cursor, pytest.raises(Exception, match="permission denied"):
        cursor.execute("SELECT 1 FROM places_consignee")


def test_the_book_has_an_end(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("icargos.places.actions.address_book.MOST_ADDRESSES", 2)
    keep(cast, entry(), entry(phone="+923331234567"))
    with pytest.raises(Conflict, match="up to 2"):
        keep(cast, entry(phone="+923337777777"))
    assert len(book(cast)) == 2
