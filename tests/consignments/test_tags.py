"""A shipper's own words on its parcels."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from icargos.consignments import actions, queries
from icargos.consignments.rules import MOST_TAGS, TAG_LENGTH
from icargos.ground.tenancy import acting
from icargos.kit.errors import Conflict, Forbidden, Invalid, NotFound
from tests.cast import NOW, Cast
from tests.parcels import enter


def carried(cast: Cast, who: str = "bilal") -> dict[int, list[str]]:
    """The tags of every parcel of the person's shipper."""
    actor = cast.actor(who)
    with acting(actor):
        return queries.tags_of(actor, queries.ids(actor, queries.Filters(), most=100))


def facts() -> list[str]:
    """What was recorded of tags, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM ground_fact WHERE kind = 'parcels.tagged' ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def test_a_tag_is_put_on_once_and_letter_case_does_not_tell_tags_apart(cast: Cast) -> None:
    a, b = (one.id for one in enter(cast, 2))
    bilal = cast.actor("bilal")
    with acting(bilal):
        assert actions.tag(bilal, [a], "  Eid   sale ", now=NOW) == 1
        assert actions.tag(bilal, [a, b], "EID SALE", now=NOW) == 1
        assert actions.tag(bilal, [a, b], "Eid sale", now=NOW) == 0
        assert [tag.name for tag in queries.tags(bilal)] == ["Eid sale"]
        told = facts()
    assert carried(cast) == {a: ["Eid sale"], b: ["Eid sale"]}
    assert [json.loads(data) for data in told] == [{"parcels": 1, "removed": False}] * 2
    assert "Eid" not in repr(told), "a tag is the shipper's own text: the trail holds its id"


def test_a_tag_that_no_parcel_carries_any_more_is_gone(cast: Cast) -> None:
    a, b = (one.id for one in enter(cast, 2))
    bilal = cast.actor("bilal")
    with acting(bilal):
        actions.tag(bilal, [a, b], "Hold", now=NOW)
        assert actions.untag(bilal, [a], "hold", now=NOW) == 1
        assert [tag.name for tag in queries.tags(bilal)] == ["Hold"]
        assert actions.untag(bilal, [a, b], "hold", now=NOW) == 1
        assert queries.tags(bilal) == []
        with pytest.raises(NotFound):
            actions.untag(bilal, [a], "hold", now=NOW)


def test_another_shippers_parcel_is_never_tagged(cast: Cast) -> None:
    (mine,), (theirs,) = enter(cast), enter(cast, whose="B")
    bilal = cast.actor("bilal")
    with acting(bilal):
        assert actions.tag(bilal, [mine.id, theirs.id], "Ours", now=NOW) == 1
    assert carried(cast) == {mine.id: ["Ours"]}
    assert carried(cast, "zara") == {}


def test_only_who_works_on_parcels_tags_them(cast: Cast) -> None:
    (mine,) = enter(cast)
    with acting(cast.actor("bilal")):
        actions.tag(cast.actor("bilal"), [mine.id], "Ours", now=NOW)
    for who in ("farah", "vahid"):
        actor = cast.actor(who)
        with acting(actor):
            with pytest.raises(Forbidden):
                actions.tag(actor, [mine.id], "Theirs", now=NOW)
            with pytest.raises(Forbidden):
                actions.untag(actor, [mine.id], "Ours", now=NOW)
    assert carried(cast) == {mine.id: ["Ours"]}


def test_a_name_has_its_length_and_a_shipper_its_number_of_tags(cast: Cast) -> None:
    (mine,) = enter(cast)
    bilal = cast.actor("bilal")
    with acting(bilal):
        for name in ("", "  ", "x" * (TAG_LENGTH + 1)):
            with pytest.raises(Invalid):
                actions.tag(bilal, [mine.id], name, now=NOW)
        for n in range(MOST_TAGS):
            actions.tag(bilal, [mine.id], f"Tag {n}", now=NOW)
        with pytest.raises(Conflict):
            actions.tag(bilal, [mine.id], "One more", now=NOW)
        actions.tag(bilal, [mine.id], "tag 3", now=NOW)
        assert len(queries.tags(bilal)) == MOST_TAGS


def test_two_people_who_make_the_same_tag_share_it(cast: Cast) -> None:
    ids = [one.id for one in enter(cast, 8)]

    def put(n: int) -> int:
        actor = cast.actor("bilal" if n % 2 else "ayesha")
        try:
            with acting(actor):
                return actions.tag(actor, [ids[n]], "Rush" if n % 3 else "RUSH", now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(put, range(8))) == [1] * 8
    bilal = cast.actor("bilal")
    with acting(bilal):
        assert len(queries.tags(bilal)) == 1
    assert sorted(carried(cast)) == sorted(ids)
