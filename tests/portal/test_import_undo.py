"""An import is taken back while nobody has scanned its parcels; what was scanned stays and is named."""

from datetime import timedelta

from icargos.consignments import actions as consigning
from icargos.consignments import queries as consignments
from icargos.consignments.actions import Move
from icargos.consignments.queries import Filters
from icargos.consignments.rules import Status
from icargos.ground.tenancy import acting
from tests.cast import Cast
from tests.portal.importing import all_parcels, csv, parcels, rows_of, send, sheet
from tests.worker import work_off


def booked(cast: Cast, *refs: str) -> str:
    client = cast.client("bilal")
    url = send(client, csv(*refs))
    client.post(url + "accept/")
    work_off()
    return url


def statuses(cast: Cast) -> dict[str, str]:
    actor = cast.actor("bilal")
    with acting(actor):
        return {row.order_ref: row.status for row in consignments.page(actor, Filters()).rows}


def scan(cast: Cast, ref: str) -> str:
    actor, staff = cast.actor("bilal"), cast.actor("dawood")
    with acting(actor):
        (row,) = consignments.page(actor, Filters(words=ref)).rows
    with acting(staff):
        at = row.booked_at + timedelta(minutes=1)
        move = Move(cn=row.cn, to=Status.RECEIVED_AT_OFFICE, source="scan", source_event_id=ref, occurred_at=at)
        consigning.move(staff, [move], now=at)
    return row.cn


def test_an_untouched_import_is_undone_whole_and_its_file_may_come_again(cast: Cast) -> None:
    client = cast.client("bilal")
    url = booked(cast, "A-1", "A-2", "A-3")
    assert "Cancel 3 parcels of this import?" in client.get(url + "undo/").content.decode()
    client.post(url + "undo/")
    client.post(url + "undo/")
    work_off()
    found = sheet(cast, url)
    assert (found.state, found.undone, found.booked) == ("undone", 3, 0)
    assert set(statuses(cast).values()) == {"cancelled"}
    assert {row.state for row in rows_of(cast, url)} == {"undone"}
    assert "3 parcels cancelled" in client.get(url).content.decode()
    again = booked(cast, "A-1", "A-2", "A-3")
    assert again != url
    assert (parcels(cast, again), all_parcels(cast)) == (3, 6)


def test_what_was_scanned_stays_is_named_and_needs_a_second_word(cast: Cast) -> None:
    client = cast.client("bilal")
    url = booked(cast, "A-1", "A-2")
    cn = scan(cast, "A-2")
    page = client.get(url + "undo/").content.decode()
    assert "1 parcel stays" in page
    assert cn in page
    assert client.post(url + "undo/").status_code == 409
    assert statuses(cast) == {"A-1": "new_booked", "A-2": "received_at_office"}
    client.post(url + "undo/", {"partial": "1"})
    work_off()
    found = sheet(cast, url)
    assert (found.state, found.undone, found.booked) == ("undone", 1, 1)
    assert statuses(cast) == {"A-1": "cancelled", "A-2": "received_at_office"}
    assert cn in client.get(url).content.decode()


def test_nothing_is_undone_of_an_import_that_is_on_its_way_or_not_booked(cast: Cast) -> None:
    client = cast.client("bilal")
    unbooked = send(client, csv("B-1"))
    assert client.post(unbooked + "undo/").status_code == 409
    url = booked(cast, "A-1")
    scan(cast, "A-1")
    assert client.get(url + "undo/")["Location"] == url
    assert client.post(url + "undo/", {"partial": "1"}).status_code == 409
    assert sheet(cast, url).state == "booked"


def test_another_shipper_undoes_nothing(cast: Cast) -> None:
    url = booked(cast, "A-1")
    client = cast.client("zara")
    assert {client.get(url + "undo/").status_code, client.post(url + "undo/").status_code} == {404}
    work_off()
    assert statuses(cast) == {"A-1": "new_booked"}


def test_a_parcel_cancelled_by_hand_neither_stays_nor_goes(cast: Cast) -> None:
    client = cast.client("bilal")
    url = booked(cast, "A-1", "A-2")
    actor = cast.actor("bilal")
    from icargos.booking import actions

    with acting(actor):
        (row,) = consignments.page(actor, Filters(words="A-1")).rows
        actions.cancel(actor, [row.cn], now=row.booked_at + timedelta(minutes=1))
    assert "stays" not in client.get(url + "undo/").content.decode()
    client.post(url + "undo/")
    work_off()
    found = sheet(cast, url)
    assert (found.state, found.undone) == ("undone", 1)
