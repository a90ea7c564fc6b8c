"""Run sheets through the desk's door: loaded by scan, dispatched, scanned back, closed with their cash."""

import pytest

from icargos.finance import queries as finance
from icargos.ground.tenancy import acting
from tests.cast import Cast
from tests.desk.day import at_multan, delivered, event, fail, scan, sheet, stop
from tests.dispatch.scene import everything, status_of


def test_a_sheet_is_opened_loaded_and_let_go(cast: Cast) -> None:
    cns = at_multan(cast, 2)
    run = sheet(cast, [], leave=False)
    first = scan(cast, "dawood", f"/desk/runs/{run}/", [cns[0]]).content.decode()
    second = scan(cast, "dawood", f"/desk/runs/{run}/", [cns[1]]).content.decode()
    assert "<bdi>1</bdi>" in first
    assert "<bdi>2</bdi>" in second
    cast.client("dawood").post(f"/desk/runs/{run}/off/", {"cn": cns[0]})
    cast.client("dawood").post(f"/desk/runs/{run}/dispatch/")
    assert status_of(cast, cns[0])[0] == "received_at_destination"
    assert status_of(cast, cns[1])[0] == "out_for_delivery"
    assert "Imran Ali" in cast.client("dawood").get("/desk/runs/").content.decode()


def test_opening_the_same_sheet_twice_opens_one(cast: Cast) -> None:
    client, body = cast.client("dawood"), {"rider": str(cast.people["imran"]), "event": event()}
    assert client.post("/desk/runs/", body)["Location"] == client.post("/desk/runs/", body)["Location"]


@pytest.mark.parametrize("rider", ["", "x", "9" * 5000, "999999"])
def test_nobody_gets_a_sheet_who_is_no_rider_here(cast: Cast, rider: str) -> None:
    before = everything(cast)
    answer = cast.client("dawood").post("/desk/runs/", {"rider": rider, "event": event()})
    assert answer.status_code in {404, 422}
    assert everything(cast) == before


def test_a_parcel_is_on_one_sheet_only(cast: Cast) -> None:
    cns = at_multan(cast)
    sheet(cast, cns, leave=False)
    other = sheet(cast, [], rider="asif", leave=False)
    before = everything(cast)
    said = scan(cast, "dawood", f"/desk/runs/{other}/", cns).content.decode()
    assert 'data-sound="stop"' in said
    assert "Imran" in said or "DRS-" in said
    assert everything(cast) == before


def test_another_stations_sheet_is_no_sheet(cast: Cast) -> None:
    run = sheet(cast, at_multan(cast))
    before = everything(cast)
    client = cast.client("sadia")
    assert client.get(f"/desk/runs/{run}/").status_code == 404
    for what in ("", "off/", "dispatch/", "close/"):
        assert client.post(f"/desk/runs/{run}/{what}", {"cns": "IC1", "event": event()}).status_code == 404
    assert everything(cast) == before


def test_the_close_waits_for_what_is_out_then_takes_the_cash(cast: Cast) -> None:
    cns = at_multan(cast, 2)
    run = sheet(cast, cns)
    rider = cast.client("imran")
    assert rider.post(f"/rider/stops/{stop(cast, cns[0])}/delivered/", delivered()).status_code == 302
    fail(cast, cns[1], "UL")
    desk = cast.client("dawood")
    page = desk.get(f"/desk/runs/{run}/").content.decode()
    assert "1 parcel is neither delivered nor scanned back" in page
    assert "Rs 1,500" in page
    before = everything(cast)
    assert desk.post(f"/desk/runs/{run}/close/", {"cash": "1500"}).status_code == 409
    assert everything(cast) == before
    with acting(cast.actor("dawood")):
        assert finance.expected_of(cast.actor("dawood"), cast.people["imran"]) == 150_000

    said = scan(cast, "dawood", f"/desk/runs/{run}/", [cns[1]]).content.decode()
    assert "<bdi>Advice</bdi>" in said
    short = desk.post(f"/desk/runs/{run}/close/", {"cash": "1000"})
    assert short.status_code == 409
    assert "500 short" in short.content.decode()
    assert 'value="1000"' in short.content.decode()
    answer = desk.post(f"/desk/runs/{run}/close/", {"cash": "1,500"}, follow=True)
    assert "1 delivered, 1 back, 0 missing, Rs 1,500 taken over" in answer.content.decode()
    with acting(cast.actor("dawood")):
        assert finance.expected_of(cast.actor("dawood"), cast.people["imran"]) == 0


def test_a_run_is_closed_short_only_when_told(cast: Cast) -> None:
    cns = at_multan(cast)
    run = sheet(cast, cns)
    answer = cast.client("dawood").post(f"/desk/runs/{run}/close/", {"cash": "0", "short": "yes"}, follow=True)
    assert "0 delivered, 0 back, 1 missing" in answer.content.decode()
    # The rider's late word still counts, and its cash is asked for at his next close.
    rider = cast.client("imran")
    assert rider.post(f"/rider/stops/{stop(cast, cns[0])}/delivered/", delivered()).status_code == 302
    assert status_of(cast, cns[0])[0] == "delivered"


def test_an_odd_amount_is_no_amount(cast: Cast) -> None:
    run = sheet(cast, at_multan(cast))
    before = everything(cast)
    for cash in ("-5", "1e3", "12.50", "9" * 40, "\x00a"):
        answer = cast.client("dawood").post(f"/desk/runs/{run}/close/", {"cash": cash, "short": "yes"})
        assert answer.status_code == 422, cash
    assert everything(cast) == before
