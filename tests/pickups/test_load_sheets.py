"""Load sheets: one place, one sheet for a parcel, final once closed."""

from datetime import timedelta

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from icargos.booking import actions, queries
from icargos.booking.actions import NothingToList, SheetRefused
from icargos.booking.models import LoadSheet, LoadSheetItem
from icargos.booking.queries import Fill
from icargos.ground.once import KeyReused
from icargos.ground.tenancy import acting
from icargos.kit.errors import Forbidden, NotFound
from tests.cast import NOW, Cast
from tests.parcels import city
from tests.pickups.scene import (
    add,
    booked,
    cancel,
    close,
    closed,
    everything,
    facts,
    fates,
    key,
    on_the_way,
    opened,
    ready,
    second_place,
    sheet,
    statuses,
    take,
)


def ids(cns: list[str]) -> list[int]:
    """The parcels' ids, asked as the test's owner would."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM consignments_consignment WHERE cn = ANY(%s) ORDER BY id", [cns])
        return [row for (row,) in cursor.fetchall()]


def test_sheets_are_numbered_by_the_month_in_the_whole_house(cast: Cast) -> None:
    assert opened(cast) == "LS-2611-00001"
    assert opened(cast, who="zara") == "LS-2611-00002"
    bilal = cast.actor("bilal")
    with acting(bilal):
        later = actions.open_sheet(bilal, cast.profile_a, key=key(), now=NOW + timedelta(days=30))
    assert later == "LS-2612-00001"


def test_a_double_click_opens_one_sheet(cast: Cast) -> None:
    bilal = cast.actor("bilal")
    with acting(bilal):
        numbers = {actions.open_sheet(bilal, cast.profile_a, key="click-0001", now=NOW) for _time in range(2)}
        assert len(numbers) == 1
        assert len(queries.load_sheets(bilal)) == 1


def test_parcels_are_scanned_on_ready_or_not_and_count_once(cast: Cast) -> None:
    cns = booked(cast, 3, pieces=2, weight_g=700)
    ready(cast, cns[:1])
    number = opened(cast)
    listed = add(cast, number, [cns[0], cns[1], cns[0].lower(), f" {cns[2][:4]}-{cns[2][4:]} "])
    assert [(one.verdict, one.place) for one in listed] == [("moved", 1), ("moved", 2), ("again", 1), ("moved", 3)]
    found = sheet(cast, number)
    assert (found.parcels, found.pieces, found.weight_g, found.cod_paisa) == (3, 6, 2100, 450_000)
    before = everything(cast)
    assert [one.verdict for one in add(cast, number, cns)] == ["again"] * 3
    assert everything(cast) == before


def test_a_refused_number_says_why_and_stops_no_other(cast: Cast) -> None:
    outlet = second_place(cast)
    good, called_off = booked(cast, 2)
    (elsewhere,) = booked(cast, profile_id=outlet)
    (theirs,) = booked(cast, whose="B")
    cancel(cast, [called_off])
    number = opened(cast)
    told = add(cast, number, [theirs, "IC123", called_off, elsewhere, good])
    assert [one.verdict for one in told] == ["refused"] * 4 + ["moved"]
    assert told[0].message.replace(theirs, "") == told[1].message.replace("IC123", ""), "foreign and unknown alike"
    assert "cancelled" in told[2].message
    assert "Zarqa Outlet" in told[3].message
    assert list(fates(cast, number)) == [good]


def test_a_parcel_is_on_one_sheet_and_the_other_is_named(cast: Cast) -> None:
    cns = booked(cast, 2)
    first, second = opened(cast, cns), opened(cast)
    before = everything(cast)
    (told, _other) = add(cast, second, cns)
    assert told.verdict == "refused"
    assert first in told.message
    assert everything(cast) == before
    close(cast, first)
    assert "closed" in add(cast, second, cns)[0].message
    with acting(cast.actor("bilal")), pytest.raises(IntegrityError, match="on_one"), transaction.atomic():
        item = LoadSheetItem.objects.get(cn=cns[0])
        item.pk, item.sheet_id = None, LoadSheet.objects.get(number=second).id
        LoadSheetItem.objects.bulk_create([item])


def test_what_is_taken_off_is_free_again(cast: Cast) -> None:
    cns = booked(cast, 3)
    number, bilal = opened(cast, cns), cast.actor("bilal")
    with acting(bilal):
        assert actions.take_off_sheet(bilal, number, [cns[1], "IC999"], now=NOW) == 1
        assert actions.take_off_sheet(bilal, number, [cns[1]], now=NOW) == 0
    assert add(cast, opened(cast), [cns[1]])[0].verdict == "moved"
    assert set(fates(cast, number)) == {cns[0], cns[2]}


def test_closing_makes_ready_drops_what_was_called_off_and_writes_the_totals_down(cast: Cast) -> None:
    cns = booked(cast, 3)
    number = opened(cast, cns)
    cancel(cast, cns[:1])
    done = close(cast, number)
    assert (done.parcels, done.pieces, done.weight_g, done.cod_paisa) == (2, 2, 1000, 300_000)
    assert statuses(cast, cns) == ["cancelled", "ready_for_pickup", "ready_for_pickup"]
    found = sheet(cast, number)
    assert (found.state, found.parcels, found.closed_by) == ("closed", 2, "Bilal Raza")
    assert set(fates(cast, number)) == set(cns[1:])


def test_closing_again_gives_the_same_answer_and_changes_nothing(cast: Cast) -> None:
    number = opened(cast, booked(cast, 2))
    first = close(cast, number)
    before = everything(cast)
    assert close(cast, number) == first
    assert everything(cast) == before
    assert facts(cast, "load_sheet.closed") == 1


def test_a_closed_sheet_takes_nothing_loses_nothing_and_is_never_opened(cast: Cast) -> None:
    cns = booked(cast, 3)
    number, bilal = closed(cast, cns[:2]), cast.actor("bilal")
    before = everything(cast)
    for act in (
        lambda: actions.add_to_sheet(bilal, number, cns[2:], now=NOW),
        lambda: actions.take_off_sheet(bilal, number, cns[:1], now=NOW),
        lambda: actions.fill_sheet(bilal, number, Fill(booked=True), now=NOW),
        lambda: actions.discard_sheet(bilal, number, now=NOW),
    ):
        with acting(bilal), pytest.raises(SheetRefused, match=number):
            act()
    assert everything(cast) == before


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM booking_loadsheetitem WHERE cn = %s",
        "UPDATE booking_loadsheetitem SET cod_paisa = 1 WHERE cn = %s",
        "UPDATE booking_loadsheetitem SET seq = 9, left_at = now() WHERE cn = %s",
        "UPDATE booking_loadsheet SET parcels = 1 WHERE id = (SELECT sheet_id FROM booking_loadsheetitem"
        " WHERE cn = %s)",
        "UPDATE booking_loadsheet SET state = 'open' WHERE id = (SELECT sheet_id FROM booking_loadsheetitem"
        " WHERE cn = %s)",
        "DELETE FROM booking_loadsheet WHERE id = (SELECT sheet_id FROM booking_loadsheetitem WHERE cn = %s)",
        "INSERT INTO booking_loadsheetitem (shipper_id, sheet_id, consignment_id, cn, seq, added_at, pieces, weight_g,"
        " cod_paisa) SELECT shipper_id, sheet_id, consignment_id, cn, 7, now(), 1, 1, 0 FROM booking_loadsheetitem"
        " WHERE cn = %s",
    ],
    ids=["delete a line", "change a line", "hide a change", "change totals", "open again", "delete it", "add a line"],
)
def test_the_database_itself_keeps_a_closed_sheet(cast: Cast, owner_url: str, statement: str) -> None:
    cns = booked(cast, 2)
    closed(cast, cns)
    before = everything(cast)
    # Even the tables' owner, whom no row security holds, is refused.
    with psycopg.connect(owner_url) as owner, pytest.raises(psycopg.errors.CheckViolation):
        owner.execute(statement, [cns[0]])
    assert everything(cast) == before


def test_what_was_signed_stays_though_the_parcel_changes(cast: Cast) -> None:
    cns = booked(cast, 2)
    number = closed(cast, cns)
    with acting(cast.actor("adeel")), connection.cursor() as cursor:
        cursor.execute("UPDATE consignments_consignment SET weight_g = 9000, cod_paisa = 0 WHERE cn = %s", [cns[0]])
    bilal = cast.actor("bilal")
    with acting(bilal):
        found = queries.load_sheet(bilal, number)
        lines = queries.sheet_parcels(bilal, found, newest_first=False)
    assert (found.weight_g, found.cod_paisa) == (1000, 300_000)
    assert [(line.weight_g, line.cod_paisa) for line in lines] == [(500, 150_000)] * 2


def test_a_parcel_of_a_closed_sheet_may_be_cancelled_until_it_is_taken_and_the_sheet_says_so(cast: Cast) -> None:
    cns = booked(cast, 2)
    number = closed(cast, cns)
    cancel(cast, cns[:1])
    assert fates(cast, number) == {cns[0]: "cancelled", cns[1]: "waiting"}
    found = sheet(cast, number)
    assert (found.parcels, found.cancelled, found.waiting) == (2, 1, 1)


@pytest.mark.parametrize("how", ["empty", "all called off"])
def test_an_empty_sheet_is_not_closed(cast: Cast, how: str) -> None:
    cns = booked(cast) if how == "all called off" else []
    number = opened(cast, cns)
    if cns:
        cancel(cast, cns)
    before = everything(cast)
    with pytest.raises(SheetRefused, match="empty"):
        close(cast, number)
    assert everything(cast) == before


def test_a_discarded_sheet_is_over_and_its_parcels_are_free(cast: Cast) -> None:
    cns = booked(cast, 2)
    number, bilal = opened(cast, cns), cast.actor("bilal")
    with acting(bilal):
        actions.discard_sheet(bilal, number, now=NOW)
        actions.discard_sheet(bilal, number, now=NOW)
        assert queries.load_sheets(bilal) == []
    for act in (lambda: add(cast, number, cns), lambda: close(cast, number)):
        with pytest.raises(SheetRefused, match="discarded"):
            act()
    assert closed(cast, cns)


def test_a_withdrawn_sheet_keeps_its_list_and_frees_its_parcels(cast: Cast) -> None:
    cns = booked(cast, 2)
    number, bilal = closed(cast, cns), cast.actor("bilal")
    with acting(bilal):
        actions.withdraw_sheet(bilal, number, now=NOW)
        actions.withdraw_sheet(bilal, number, now=NOW)
        assert queries.on_closed_sheets(bilal, ids(cns)) == set()
    assert set(fates(cast, number).values()) == {"left"}
    assert sheet(cast, number).state == "withdrawn"
    assert facts(cast, "load_sheet.ended") == 1
    assert closed(cast, cns) != number


def test_a_sheet_is_not_withdrawn_while_a_rider_has_of_it_or_comes_for_it(cast: Cast) -> None:
    cns = booked(cast, 2)
    number, bilal = closed(cast, cns), cast.actor("bilal")
    request, _more = on_the_way(cast, 1)
    for _stage in ("comes", "has"):
        before = everything(cast)
        with acting(bilal), pytest.raises(SheetRefused, match="cannot be withdrawn"):
            actions.withdraw_sheet(bilal, number, now=NOW)
        assert everything(cast) == before
        take(cast, request, cns)
    with acting(bilal), pytest.raises(SheetRefused, match="not closed"):
        actions.withdraw_sheet(bilal, opened(cast), now=NOW)


def test_the_undo_of_an_import_learns_what_is_on_closed_sheets(cast: Cast) -> None:
    cns = booked(cast, 4)
    closed(cast, cns[:2])
    opened(cast, cns[2:3])
    bilal, zara = cast.actor("bilal"), cast.actor("zara")
    with acting(bilal):
        assert queries.on_closed_sheets(bilal, ids(cns)) == set(ids(cns[:2]))
        known = ids(cns)
    with acting(zara):
        assert queries.on_closed_sheets(zara, known) == set()


def test_a_sheet_is_filled_by_what_was_asked(cast: Cast) -> None:
    outlet = second_place(cast)
    marked, plain = booked(cast, 2), booked(cast, 2, destination_id=city("Lahore"))
    booked(cast, profile_id=outlet)
    ready(cast, marked)
    taken = booked(cast)
    opened(cast, taken)
    number, bilal = opened(cast), cast.actor("bilal")
    with acting(bilal):
        assert actions.fill_sheet(bilal, number, Fill(), now=NOW) == 2
        assert actions.fill_sheet(bilal, number, Fill(booked=True, destination_id=city("Multan")), now=NOW) == 0
        assert actions.fill_sheet(bilal, number, Fill(booked=True, service="overland"), now=NOW) == 0
        later = Fill(booked=True, booked_from=NOW.date() + timedelta(days=1))
        assert actions.fill_sheet(bilal, number, later, now=NOW) == 0
        everywhere = Fill(booked=True, booked_from=NOW.date(), booked_to=NOW.date())
        assert actions.fill_sheet(bilal, number, everywhere, now=NOW) == 2
    assert set(fates(cast, number)) == {*marked, *plain}


def test_ticked_parcels_make_one_sheet_for_each_place(cast: Cast) -> None:
    outlet = second_place(cast)
    here, there = booked(cast, 2), booked(cast, 3, profile_id=outlet)
    (gone,) = booked(cast)
    cancel(cast, [gone])
    bilal = cast.actor("bilal")
    with acting(bilal):
        wanted = ids([*here, *there, gone])
        made = actions.make_sheets(bilal, wanted, key="ticked-1", now=NOW)
        assert (len(made.numbers), made.parcels, list(made.refused)) == (2, 5, [gone])
        assert actions.make_sheets(bilal, wanted, key="ticked-1", now=NOW) == made
        assert len(queries.load_sheets(bilal)) == 2
        with pytest.raises(KeyReused):
            actions.make_sheets(bilal, wanted[:1], key="ticked-1", now=NOW)


def test_when_none_may_be_listed_no_sheet_is_made_and_the_key_is_free(cast: Cast) -> None:
    cns = booked(cast, 2)
    opened(cast, cns)
    bilal = cast.actor("bilal")
    before = everything(cast)
    with acting(bilal), pytest.raises(NothingToList, match="already on LS-"):
        actions.make_sheets(bilal, ids(cns), key="ticked-2", now=NOW)
    after = everything(cast)
    assert after == before
    with acting(bilal):
        assert actions.make_sheets(bilal, ids(booked(cast)), key="ticked-2", now=NOW).parcels == 1


def test_another_shippers_sheet_and_parcels_are_not_there(cast: Cast) -> None:
    theirs = booked(cast, 2, whose="B")
    number, bilal = opened(cast, theirs, who="zara"), cast.actor("bilal")
    with acting(cast.actor("zara")):
        foreign = ids(theirs)
    before = everything(cast)
    for act in (
        lambda: queries.load_sheet(bilal, number),
        lambda: actions.add_to_sheet(bilal, number, [], now=NOW),
        lambda: actions.take_off_sheet(bilal, number, theirs, now=NOW),
        lambda: actions.close_sheet(bilal, number, now=NOW),
        lambda: actions.discard_sheet(bilal, number, now=NOW),
        lambda: actions.withdraw_sheet(bilal, number, now=NOW),
        lambda: actions.make_sheets(bilal, foreign, key=key(), now=NOW),
        lambda: actions.open_sheet(bilal, cast.profile_b, key=key(), now=NOW),
        lambda: queries.load_sheet(bilal, "LS-\x00"),
    ):
        with acting(bilal), pytest.raises(NotFound):
            act()
    assert everything(cast) == before


def test_who_does_not_hand_over_sees_sheets_and_changes_none(cast: Cast) -> None:
    cns = booked(cast, 2)
    number, farah = opened(cast, cns), cast.actor("farah")
    before = everything(cast)
    with acting(farah):
        lines = queries.sheet_parcels(farah, queries.load_sheet(farah, number))
        assert [line.consignee_name for line in lines] == ["", ""]
    for act in (
        lambda: actions.add_to_sheet(farah, number, cns, now=NOW),
        lambda: actions.close_sheet(farah, number, now=NOW),
        lambda: actions.make_sheets(farah, [], key=key(), now=NOW),
    ):
        with acting(farah), pytest.raises(Forbidden):
            act()
    assert everything(cast) == before


def test_five_thousand_parcels_are_one_sheet_and_one_more_is_told(cast: Cast) -> None:
    cns = booked(cast, 5001)
    number, bilal = opened(cast), cast.actor("bilal")
    with acting(bilal):
        assert actions.fill_sheet(bilal, number, Fill(booked=True), now=NOW) == 5000
        (told,) = actions.add_to_sheet(bilal, number, cns[5000:], now=NOW)
        assert "full" in told.message
        assert actions.fill_sheet(bilal, number, Fill(booked=True), now=NOW) == 0
        assert actions.close_sheet(bilal, number, now=NOW).parcels == 5000
    assert statuses(cast, cns).count("ready_for_pickup") == 5000


def test_many_parcels_take_no_more_statements_than_a_few(cast: Cast) -> None:
    bilal, cns = cast.actor("bilal"), booked(cast, 203)
    few, many = opened(cast), opened(cast)

    def counted(number: str, some: list[str]) -> int:
        with acting(bilal), CaptureQueriesContext(connection) as asked:
            actions.add_to_sheet(bilal, number, some, now=NOW)
            actions.close_sheet(bilal, number, now=NOW)
        # From a hundred rows on they go by COPY, which is a few statements more for each table.
        said = [one["sql"] for one in asked.captured_queries]
        return len([one for one in said if "given" not in one and one != "DISCARD PLANS"])

    assert counted(many, cns[3:]) <= counted(few, cns[:3]) + 3
