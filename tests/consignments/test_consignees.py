"""Whom a shipper has sent to before, by the beginning of a phone; the notes its people keep at a parcel."""

from typing import Any

import pytest

from icargos.consignments import actions, queries
from icargos.consignments.actions import Move
from icargos.consignments.models import Note
from icargos.consignments.rules import Status
from icargos.ground.models import Fact
from icargos.ground.tenancy import acting
from icargos.kit.actor import Actor, Kind
from icargos.kit.errors import Forbidden, Invalid, NotFound
from tests.cast import NOW, Cast
from tests.parcels import enter

COURIER = Actor(Kind.STAFF, name="Desk", can=frozenset({"scan"}))
HOME = (Status.PICKED_UP, Status.RECEIVED_AT_OFFICE, Status.OUT_FOR_DELIVERY, Status.DELIVERED)
BACK = (Status.PICKED_UP, Status.RECEIVED_AT_OFFICE, Status.RETURN_CONFIRMED)


def send(cast: Cast, phone: str, *ways: tuple[Status, ...], **changes: Any) -> list[str]:
    """A parcel to the phone for each way it went."""
    cns = []
    for way in ways:
        (one,) = enter(cast, consignee_phone=phone, **changes)
        moves = [
            Move(cn=one.cn, to=to, source="scan", source_event_id=f"{one.cn}:{to.value}", occurred_at=NOW) for to in way
        ]
        with acting(COURIER):
            actions.move(COURIER, moves, now=NOW)
        cns.append(one.cn)
    return cns


def earlier(cast: Cast, begun: str, who: str = "bilal") -> list[queries.Earlier]:
    actor = cast.actor(who)
    with acting(actor):
        return queries.earlier(actor, begun)


def test_earlier_consignees_stand_as_their_newest_parcel_names_them(cast: Cast) -> None:
    send(cast, "+923014417208", HOME, consignee_name="Hina Y", address="Old house 1, Street 9")
    send(cast, "+923014490033", ())
    send(cast, "+923014417208", BACK, (), consignee_name="Hina Yousaf", address="House 12, Street 4", landmark="Gate 2")
    found = earlier(cast, "+92301441")
    assert [(one.name, one.phone, one.address, one.landmark) for one in found] == [
        ("Hina Yousaf", "+923014417208", "House 12, Street 4", "Gate 2")
    ]
    record = found[0].record
    assert (record.parcels, record.delivered, record.returned, record.last_status) == (3, 1, 1, "new_booked")
    assert [one.phone for one in earlier(cast, "+923014")] == ["+923014417208", "+923014490033"]
    assert earlier(cast, "+923015") == []


def test_a_phone_that_only_contains_the_digits_is_not_begun_so(cast: Cast) -> None:
    send(cast, "+923001301441", ())
    assert earlier(cast, "+92301441") == []


def test_another_shippers_consignees_are_never_among_them(cast: Cast) -> None:
    enter(cast, whose="B", consignee_phone="+923014417208", consignee_name="Qanary Hina")
    assert earlier(cast, "+92301441") == []
    zara = cast.actor("zara")
    with acting(zara):
        assert [one.name for one in queries.earlier(zara, "+92301441")] == ["Qanary Hina"]
        assert queries.earlier(cast.actor("bilal"), "+92301441") == [], "the queries' fence alone"
    bilal = cast.actor("bilal")
    with acting(bilal):
        assert queries.record_of(bilal, "+923014417208") is None


def test_finance_learns_of_no_consignee(cast: Cast) -> None:
    send(cast, "+923014417208", ())
    farah = cast.actor("farah")
    with acting(farah):
        with pytest.raises(Forbidden):
            queries.earlier(farah, "+92301441")
        with pytest.raises(Forbidden):
            queries.record_of(farah, "+923014417208")


def test_a_record_counts_the_newest_hundred(cast: Cast) -> None:
    enter(cast, 130, consignee_phone="+923014417208")
    bilal = cast.actor("bilal")
    with acting(bilal):
        record = queries.record_of(bilal, "+923014417208")
    assert record is not None
    assert record.parcels == queries.MOST_REMEMBERED


def test_what_was_sent_most_lately_is_suggested_first(cast: Cast) -> None:
    for product, n in (("Shawl", 1), ("Lawn suit", 3), ("Kurta", 2)):
        enter(cast, n, product=product)
    (last,) = enter(cast, product="Bag")
    enter(cast, whose="B", product="Qanary")
    bilal = cast.actor("bilal")
    with acting(bilal):
        assert queries.recent_products(bilal) == ["Lawn suit", "Kurta", "Bag", "Shawl"]
        assert queries.last_booked(bilal) == last.cn
    ayesha = cast.actor("ayesha")
    with acting(ayesha):
        assert queries.last_booked(ayesha) == ""


def notes(cast: Cast, cn: str, who: str = "bilal") -> list[tuple[str, str, bool]]:
    actor = cast.actor(who)
    with acting(actor):
        return [(one.by_name, one.text, one.mine) for one in queries.notes(actor, queries.one(actor, cn))]


def test_a_note_is_the_shippers_own_and_only_its_writer_deletes_it(cast: Cast) -> None:
    (one,) = enter(cast)
    bilal, ayesha = cast.actor("bilal"), cast.actor("ayesha")
    with acting(bilal):
        note = actions.add_note(bilal, one.cn, "  Call  first\n0301 4417208\x00 ", now=NOW)
    assert notes(cast, one.cn) == [("Bilal Raza", "Call first 0301 4417208", True)]
    assert notes(cast, one.cn, "ayesha") == [("Bilal Raza", "Call first 0301 4417208", False)]
    assert notes(cast, one.cn, "vahid") != []
    assert notes(cast, one.cn, "farah") == []
    with acting(ayesha), pytest.raises(NotFound):
        actions.remove_note(ayesha, one.cn, note, now=NOW)
    assert len(notes(cast, one.cn)) == 1
    with acting(bilal):
        actions.remove_note(bilal, one.cn, note, now=NOW)
        assert not Note.objects.exists()
        told = list(Fact.objects.filter(kind__startswith="note.").order_by("id").values_list("kind", "data"))
    assert told == [("note.added", {"note_id": note}), ("note.removed", {"note_id": note})]


@pytest.mark.parametrize("text", ["", "  ", "x" * 501])
def test_a_note_needs_some_words_but_not_too_many(cast: Cast, text: str) -> None:
    (one,) = enter(cast)
    bilal = cast.actor("bilal")
    with acting(bilal), pytest.raises(Invalid):
        actions.add_note(bilal, one.cn, text, now=NOW)
    assert notes(cast, one.cn) == []


def test_nobody_notes_at_another_shippers_parcel(cast: Cast) -> None:
    (theirs,) = enter(cast, whose="B")
    (mine,) = enter(cast)
    bilal, zara = cast.actor("bilal"), cast.actor("zara")
    with acting(bilal), pytest.raises(NotFound):
        actions.add_note(bilal, theirs.cn, "Hello", now=NOW)
    with acting(zara):
        note = actions.add_note(zara, theirs.cn, "Qanary", now=NOW)
    for cn in (theirs.cn, mine.cn):
        with acting(bilal), pytest.raises(NotFound):
            actions.remove_note(bilal, cn, note, now=NOW)
    assert notes(cast, theirs.cn, "zara") == [("Zara Qanary", "Qanary", True)]
    with acting(Actor(Kind.STAFF)), pytest.raises(Exception, match="permission denied"):
        Note.objects.count()


@pytest.mark.parametrize("who", ["farah", "vahid"])
def test_finance_and_viewers_write_no_notes(cast: Cast, who: str) -> None:
    (one,) = enter(cast)
    actor = cast.actor(who)
    with acting(actor), pytest.raises(Forbidden):
        actions.add_note(actor, one.cn, "Hello", now=NOW)
    assert notes(cast, one.cn) == []
