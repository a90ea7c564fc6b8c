"""docs/subsystems/labels.md, case by case: a print is counted once, and its file stays the same."""

import threading
from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
from django.db import connection

from icargos.booking import actions, queries
from icargos.booking.models import LabelSettings, Print
from icargos.booking.queries import Printed
from icargos.booking.rules.printing import AT_ONCE, Wanted, masked, sorted_as
from icargos.consignments import actions as consignments
from icargos.consignments import queries as parcels
from icargos.ground import blobs
from icargos.ground.models import Fact
from icargos.ground.tenancy import acting
from icargos.kit.errors import Forbidden, Invalid, NotFound
from icargos.paper.formats import FORMATS
from tests.cast import CANARY, NOW, Cast
from tests.parcels import city, enter
from tests.worker import work_off

URL = "https://portal.example"
LATER = timedelta(minutes=1)


def print_of(cast: Cast, ids: list[int], *, who: str = "bilal", after: timedelta = LATER * 0, **wanted: Any) -> Printed:
    actor = cast.actor(who)
    with acting(actor):
        made = actions.print_labels(actor, ids, Wanted(**wanted), base_url=URL, now=NOW + after)
        return queries.one_print(actor, made)


def file_of(cast: Cast, found: Printed) -> bytes:
    with blobs.opened(found.file_key) as file:
        return file.read()


def texts(cast: Cast, found: Printed) -> list[str]:
    document = pypdfium2.PdfDocument(file_of(cast, found))
    said = [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    document.close()
    return said


def counts(cast: Cast) -> list[int]:
    actor = cast.actor("bilal")
    with acting(actor):
        rows = parcels.page(actor, parcels.Filters()).rows
        return [row.labels_printed for row in reversed(rows)]


def facts(cast: Cast) -> list[Fact]:
    with acting(cast.actor("bilal")):
        return list(Fact.objects.filter(kind="label.printed").order_by("id"))


def test_a_print_counts_each_label_once_and_says_who_when_and_how(cast: Cast) -> None:
    one, two = enter(cast, 2)
    found = print_of(cast, [one.id, two.id], form="a4-4")
    assert found.state == "ready"
    assert dict(found.times) == {one.id: 1, two.id: 1}
    assert counts(cast) == [1, 1]
    told = facts(cast)
    assert [fact.subject_id for fact in told] == [one.id, two.id]
    assert {(fact.actor_id, fact.at, fact.data["form"], fact.data["times"]) for fact in told} == {
        (cast.people["bilal"], NOW, "a4-4", 1)
    }
    assert "REPRINT" not in texts(cast, found)[0]


def test_the_second_print_says_reprint_1_and_each_parcel_has_its_own_number(cast: Cast) -> None:
    one, two = enter(cast, 2)
    print_of(cast, [one.id])
    found = print_of(cast, [one.id, two.id], after=LATER)
    first, second = texts(cast, found)
    assert "REPRINT 1" in first
    assert "REPRINT" not in second
    assert "REPRINT 2" in texts(cast, print_of(cast, [one.id], after=2 * LATER))[0]
    assert counts(cast) == [3, 1]


def test_opening_the_file_again_is_no_reprint(cast: Cast) -> None:
    (one,) = enter(cast)
    found = print_of(cast, [one.id])
    before = file_of(cast, found)
    actor = cast.actor("bilal")
    with acting(actor):
        for _again in range(3):
            assert queries.one_print(actor, found.id).file_key == found.file_key
    assert file_of(cast, found) == before
    assert counts(cast) == [1]


def test_a_double_click_is_one_print_and_a_later_one_another(cast: Cast) -> None:
    (one,) = enter(cast)
    first = print_of(cast, [one.id])
    assert print_of(cast, [one.id], after=timedelta(seconds=2)).id == first.id
    assert print_of(cast, [one.id], after=timedelta(seconds=2), form="a6").id != first.id
    assert print_of(cast, [one.id], after=timedelta(seconds=2), who="ayesha").id != first.id
    assert print_of(cast, [one.id], after=timedelta(seconds=9)).id != first.id
    assert counts(cast) == [4]


def test_two_clicks_at_the_very_same_time_are_one_print(cast: Cast) -> None:
    entered = [one.id for one in enter(cast, 12)]
    made: list[int] = []
    begin = threading.Barrier(4)

    def click() -> None:
        begin.wait()
        try:
            made.append(print_of(cast, entered).id)
        finally:
            connection.close()

    clicks = [threading.Thread(target=click) for _ in range(4)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()
    assert len(made) == 4
    assert len(set(made)) == 1
    assert counts(cast) == [1] * 12


def test_two_people_who_print_the_same_parcels_at_once_get_numbers_of_their_own(cast: Cast) -> None:
    """Each in another order: their locks never cross, and no number is given twice."""
    entered = [one.id for one in enter(cast, 40)]
    made: list[Printed] = []
    begin = threading.Barrier(2)

    def click(who: str, ids: list[int]) -> None:
        begin.wait()
        try:
            made.append(print_of(cast, ids, who=who))
        finally:
            connection.close()

    both = [
        threading.Thread(target=click, args=args) for args in (("bilal", entered), ("ayesha", list(reversed(entered))))
    ]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert len(made) == 2
    assert all({made[0].times[one], made[1].times[one]} == {1, 2} for one in entered)
    assert counts(cast) == [2] * 40


def test_a_print_of_many_is_made_by_the_worker_and_counted_when_it_was_asked_for(cast: Cast) -> None:
    many = enter(cast, 3, pieces=90)
    found = print_of(cast, [one.id for one in many])
    assert found.labels == 270 > AT_ONCE
    assert (found.state, found.done, found.file_key) == ("waiting", 0, "")
    assert counts(cast) == [1, 1, 1]
    work_off()
    actor = cast.actor("bilal")
    with acting(actor):
        made = queries.one_print(actor, found.id)
    assert (made.state, made.done) == ("ready", 270)
    said = texts(cast, made)
    assert len(said) == 270
    assert "Piece 90 of 90" in said[89]
    assert "Piece 1 of 90" in said[90]
    assert "REPRINT" not in "".join(said)


def test_the_worker_makes_a_print_once_however_often_it_is_told(cast: Cast) -> None:
    from icargos.ground.relay import FactRow

    (one,) = enter(cast, pieces=99)
    two = enter(cast, 2, pieces=99)
    found = print_of(cast, [one.id, *(each.id for each in two)])
    work_off()
    actor = cast.actor("bilal")
    with acting(actor):
        first = queries.one_print(actor, found.id)
    actions.make_prints([FactRow(1, "print.asked", cast.shipper_a, found.id, None, {})] * 2)
    with acting(actor):
        assert queries.one_print(actor, found.id) == first
    assert counts(cast) == [1, 1, 1]


def test_parcels_cancelled_while_the_worker_has_them_are_left_out(cast: Cast) -> None:
    kept, gone = enter(cast, pieces=99)[0], enter(cast, 2, pieces=99)
    found = print_of(cast, [kept.id, *(one.id for one in gone)])
    actor = cast.actor("bilal")
    with acting(actor):
        actions.cancel(actor, [one.cn for one in gone], now=NOW)
    work_off()
    with acting(actor):
        made = queries.one_print(actor, found.id)
    assert made.state == "ready"
    assert len(texts(cast, made)) == 99


def test_labels_that_cannot_be_set_are_said_to_have_failed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A logo that was damaged where it is kept."""
    from icargos.paper.press import PressFailed

    key = blobs.keep("logos", b"\x89PNG\r\n\x1a\nnothing more", suffix=".png")
    with acting(cast.actor("bilal")):
        actions.set_label_style(cast.actor("bilal"), Wanted(), now=NOW)
        LabelSettings.objects.update(logo_key=key)
    many = enter(cast, 3, pieces=90)
    found = print_of(cast, [one.id for one in many])
    with pytest.raises(PressFailed):
        work_off()
    actor = cast.actor("bilal")
    with acting(actor):
        assert queries.one_print(actor, found.id).state == "failed"
    with pytest.raises(PressFailed):
        print_of(cast, [enter(cast)[0].id])
    assert counts(cast) == [1, 1, 1, 0], "what was not printed is not counted"


@pytest.mark.parametrize("wrong", [{"form": "A0"}, {"form": ""}, {"sorting": "up"}, {"form": "a4-4", "start": 4}])
def test_what_cannot_be_printed_is_refused_and_counts_nothing(cast: Cast, wrong: dict[str, Any]) -> None:
    (one,) = enter(cast)
    with pytest.raises(Invalid) as refused:
        print_of(cast, [one.id], **wrong)
    assert refused.value.problems
    assert counts(cast) == [0]
    assert facts(cast) == []


@pytest.mark.parametrize("who", ["farah", "vahid"])
def test_finance_and_viewers_print_nothing(cast: Cast, who: str) -> None:
    (one,) = enter(cast)
    with pytest.raises(Forbidden):
        print_of(cast, [one.id], who=who)
    with acting(cast.actor(who)), pytest.raises(Forbidden):
        actions.set_label_style(cast.actor(who), Wanted(form="a6"), now=NOW)
    with acting(cast.actor(who)), pytest.raises(Forbidden):
        actions.set_logo(cast.actor(who), b"", now=NOW)
    assert counts(cast) == [0]


def test_another_shipper_s_print_is_not_there(cast: Cast) -> None:
    (theirs,) = enter(cast, whose="B")
    found = print_of(cast, [theirs.id], who="zara")
    actor = cast.actor("bilal")
    with acting(actor), pytest.raises(NotFound):
        queries.one_print(actor, found.id)
    with pytest.raises(NotFound):
        print_of(cast, [theirs.id])


def test_the_order_is_the_listed_one_or_by_where_parcels_go(cast: Cast) -> None:
    lahore, multan = city("Lahore"), city("Multan")
    routes = (("MUX-02", multan), ("LHE-07", lahore), ("MUX-01", multan), ("LHE-07", lahore))
    entered = [enter(cast, sort_code=code, destination_id=where)[0] for code, where in routes]
    ids = [one.id for one in entered]
    listed = print_of(cast, ids)
    assert list(listed.times) == ids
    sorted_print = print_of(cast, ids, sorting="destination")
    assert list(sorted_print.times) == [ids[1], ids[3], ids[2], ids[0]]
    assert [text.partition(" ")[0] for text in texts(cast, sorted_print)] == ["Safar"] * 4
    for text, code in zip(texts(cast, sorted_print), ("LHE-07", "LHE-07", "MUX-01", "MUX-02"), strict=True):
        assert code in text


def test_parcels_without_a_sort_code_stand_among_the_others_by_city() -> None:
    class At:
        def __init__(self, sort_code: str, destination: str) -> None:
            self.sort_code, self.destination = sort_code, destination

    them = [At("MUX-01", "Multan"), At("", "Lahore"), At("LHE-07", "Lahore")]
    assert sorted_as(them, "listed") == them
    assert sorted_as(them, "destination") == [them[2], them[1], them[0]]


@pytest.mark.parametrize(
    ("shown", "hidden"),
    [
        ("0301-4417208", "0301-***7208"),
        ("021-34567890", "021-3***7890"),
        ("+44 20 7946 0958", "+44 20 **** 0958"),
        ("1234567", "1234567"),
        ("", ""),
    ],
)
def test_a_masked_phone_keeps_its_ends(shown: str, hidden: str) -> None:
    assert masked(shown) == hidden


def test_phone_and_product_are_hidden_where_that_is_asked(cast: Cast) -> None:
    (one,) = enter(cast)
    (open_text,) = texts(cast, print_of(cast, [one.id]))
    (hidden,) = texts(cast, print_of(cast, [one.id], mask_phone=True, hide_product=True))
    assert "0333-1234567" in open_text
    assert "Cotton suit" in open_text
    assert "0333-***4567" in hidden
    assert "1234567" not in hidden
    assert "Cotton suit" not in hidden


def test_every_format_is_made_and_kept_under_its_kind(cast: Cast) -> None:
    (one,) = enter(cast)
    for n, (code, form) in enumerate(FORMATS.items()):
        found = print_of(cast, [one.id], after=n * LATER, form=code)
        data = file_of(cast, found)
        assert data.startswith(b"^XA" if form.dots else b"%PDF")
        assert found.file_key.endswith(".zpl" if form.dots else ".pdf")
    assert counts(cast) == [len(FORMATS)]


def test_a_draft_counts_nothing_and_is_printed_as_often_as_one_likes(cast: Cast) -> None:
    (one,) = enter(cast)
    actor = cast.actor("bilal")
    with acting(actor):
        draft = queries.one_print(actor, actions.choose_labels(actor, [one.id], now=NOW))
    assert (draft.state, draft.ids, dict(draft.times), draft.file_key) == ("draft", [one.id], {}, "")
    assert counts(cast) == [0]
    assert facts(cast) == []


def test_a_print_is_over_after_a_day_and_its_file_with_it(cast: Cast) -> None:
    (one,) = enter(cast)
    old = print_of(cast, [one.id])
    new = print_of(cast, [one.id], after=timedelta(hours=60))
    actions.forget_prints(now=NOW + timedelta(hours=61))
    actor = cast.actor("bilal")
    with acting(actor):
        with pytest.raises(NotFound):
            queries.one_print(actor, old.id)
        assert queries.one_print(actor, new.id) == new
    with pytest.raises(FileNotFoundError):
        file_of(cast, old)
    assert file_of(cast, new)
    assert counts(cast) == [2]
    with acting(actor):
        assert Print.objects.count() == 1


def test_a_print_of_today_outlives_the_night(cast: Cast) -> None:
    (one,) = enter(cast)
    found = print_of(cast, [one.id])
    actions.forget_prints(now=NOW + timedelta(hours=23, minutes=59))
    assert file_of(cast, found)


def test_a_printed_label_is_up_to_date_again(cast: Cast) -> None:
    (one,) = enter(cast)
    print_of(cast, [one.id])
    with acting(cast.actor("bilal")), connection.cursor() as cursor:
        cursor.execute("UPDATE consignments_consignment SET label_stale = true WHERE id = %s", [one.id])
    print_of(cast, [one.id], after=LATER)
    with acting(cast.actor("bilal")), connection.cursor() as cursor:
        cursor.execute("SELECT label_stale FROM consignments_consignment WHERE id = %s", [one.id])
        assert cursor.fetchone() == (False,)


def test_settings_are_the_shipper_s_own_and_the_change_is_recorded(cast: Cast) -> None:
    actor, other = cast.actor("ayesha"), cast.actor("zara")
    with acting(actor):
        assert queries.label_style(actor).wanted == Wanted()
        actions.set_label_style(actor, Wanted(form="a4-4", sorting="destination", mask_phone=True), now=NOW)
        style = queries.label_style(actor)
        (fact,) = Fact.objects.filter(kind="labels.set")
    assert style.wanted == Wanted(form="a4-4", sorting="destination", mask_phone=True)
    assert style.changed_by == "Ayesha Khan"
    assert (fact.actor_id, fact.shipper_id) == (cast.people["ayesha"], cast.shipper_a)
    with acting(other):
        assert queries.label_style(other).wanted == Wanted()
        assert CANARY in queries.sample_label(other, Wanted(), today=NOW.date()).shipper_name


def test_no_door_takes_the_sample_for_a_parcel(cast: Cast) -> None:
    from icargos.kit.cn import is_valid

    actor = cast.actor("bilal")
    with acting(actor):
        assert not is_valid(queries.sample_label(actor, Wanted(), today=NOW.date()).cn)


def test_more_parcels_than_one_print_holds_are_refused(cast: Cast) -> None:
    actor = cast.actor("bilal")
    with acting(actor), pytest.raises(ValueError, match="1000"):
        actions.print_labels(actor, list(range(1001)), Wanted(), base_url=URL, now=NOW)


def test_counting_is_the_print_s_own_and_not_the_caller_s(cast: Cast) -> None:
    """Only the shipper's own rows are counted, whatever ids are given."""
    (mine,), (theirs,) = enter(cast), enter(cast, whose="B")
    with acting(cast.actor("bilal")):
        times = consignments.count_print(cast.actor("bilal"), [mine.id, theirs.id], form="4x6", now=NOW)
    assert times == {mine.id: 1}
