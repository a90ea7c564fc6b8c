"""What is done with many parcels of the list at once, and what is said of those that were left out."""

import re
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client

from icargos.consignments import queries
from icargos.consignments.queries import Filters
from icargos.ground.tenancy import acting
from icargos.portal.pages.orders import chosen
from tests.cast import Cast
from tests.desk.day import at_multan, fail, sheet
from tests.dispatch import scene
from tests.parcels import city, enter

ONCE = "a" * 32


def said(answer: Any) -> list[str]:
    """The notices that an action leaves for the next page."""
    return [str(message) for message in get_messages(answer.wsgi_request)]


def statuses(cast: Cast, who: str = "bilal") -> dict[str, str]:
    """Where every parcel of the person's shipper stands."""
    actor = cast.actor(who)
    with acting(actor):
        ids = queries.ids(actor, Filters(), most=5000)
        return {row.cn: row.status for row in queries.rows(actor, ids)}


def everything(client: Client, query: str = "") -> dict[str, str]:
    """The fields that the fragment "select all that match" puts into the form."""
    text = client.get(f"/orders-match/?{query}").content.decode()
    return dict(re.findall(r'form="bulk" name="(\w+)" value="([^"]*)"', text.replace("&amp;", "&")))


def events(cast: Cast) -> list[str]:
    """Every scan and fact of the shipper's, to show that nothing changed."""
    return [text for name, text in scene.everything(cast).items() if name != "consignments_consignment"]


def test_those_that_can_be_cancelled_are_and_the_others_are_named(cast: Cast) -> None:
    booked = [one.cn for one in enter(cast, 3)]
    gone = scene.brought(cast)[0].cn
    client = cast.client("bilal")
    client.post(f"/orders/{booked[0]}/cancel/")
    answer = client.post("/orders-cancel/", {"cn": [*booked, gone], "once": ONCE, "back": "view=to_ship&x=1"})
    assert answer.status_code == 302
    assert answer["Location"] == "/orders/?view=to_ship"
    good, bad = [text for text in said(answer) if "Consignment" not in text]
    assert good == "2 consignments cancelled"
    assert bad.startswith("2 of 4 were not cancelled: ")
    assert f"Cancelled ({booked[0]})" in bad
    assert f"Received at Destination ({gone})" in bad
    found = statuses(cast)
    assert [found[cn] for cn in booked] == ["cancelled"] * 3
    assert found[gone] == "received_at_destination"


def test_a_parcel_that_the_rider_has_is_not_the_shippers_to_cancel(cast: Cast) -> None:
    """The courier may hand it back; the shipper can only ask."""
    from icargos.consignments import actions
    from icargos.consignments.actions import Move
    from icargos.consignments.rules import Status
    from tests.cast import NOW

    (one,) = enter(cast)
    sadia = cast.actor("sadia")
    with acting(sadia):
        move = Move(cn=one.cn, to=Status.PICKED_UP, source="scan", source_event_id="pick-1", occurred_at=NOW)
        actions.move(sadia, [move], now=NOW)
    client = cast.client("bilal")
    answer = client.post("/orders-cancel/", {"cn": one.cn, "once": ONCE})
    assert said(answer) == [f"1 of 1 was not cancelled: Picked Up ({one.cn})."]
    assert client.post(f"/orders/{one.cn}/cancel/").status_code == 409
    assert statuses(cast) == {one.cn: "picked_up"}


def test_a_double_click_cancels_once_and_says_the_same(cast: Cast) -> None:
    cns = [one.cn for one in enter(cast, 3)]
    client = cast.client("bilal")
    body = {"cn": cns, "once": ONCE}
    first = client.post("/orders-cancel/", body)
    before = events(cast)
    again = client.post("/orders-cancel/", body)
    assert said(first)[-1] == said(again)[-1] == "3 consignments cancelled"
    assert events(cast) == before
    # The same page after the back button, with other rows ticked, is another wish.
    (more,) = enter(cast)
    assert said(client.post("/orders-cancel/", {"cn": more.cn, "once": ONCE}))[-1] == "1 consignment cancelled"


def test_all_that_match_are_cancelled_and_nothing_that_came_later(cast: Cast) -> None:
    enter(cast, 130, destination_id=city("Lahore"))
    (elsewhere,) = enter(cast)
    enter(cast, 4, whose="B", destination_id=city("Lahore"))
    client = cast.client("bilal")
    wanted = everything(client, "city=Lahore&view=to_ship")
    (later,) = enter(cast, destination_id=city("Lahore"))
    answer = client.post("/orders-cancel/", {**wanted, "cn": elsewhere.cn, "once": ONCE})
    assert said(answer) == ["130 consignments cancelled"]
    left = {cn for cn, status in statuses(cast).items() if status == "new_booked"}
    assert left == {elsewhere.cn, later.cn}
    assert set(statuses(cast, "zara").values()) == {"new_booked"}


def test_many_left_out_are_counted_and_a_few_named(cast: Cast) -> None:
    cns = [one.cn for one in enter(cast, 8)]
    client = cast.client("bilal")
    client.post("/orders-cancel/", {"cn": cns, "once": ONCE})
    (bad,) = said(client.post("/orders-cancel/", {"cn": cns, "once": "b" * 32}))[1:]
    assert bad.count("IC") == 5
    assert "and 3 more" in bad


@pytest.mark.parametrize("where", ["/orders-cancel/", "/orders-tag/", "/orders-advise/", "/orders-take/", "/labels/"])
def test_a_number_that_is_not_ones_own_refuses_all_of_it(cast: Cast, where: str) -> None:
    (mine,) = enter(cast)
    (theirs,) = enter(cast, whose="B")
    client = cast.client("bilal")
    before = scene.everything(cast)
    for wrong in (theirs.cn, "IC000000000", "\x00"):
        body = {"cn": [mine.cn, wrong], "tag": "x", "action": "hold", "once": ONCE, "as": "csv"}
        assert client.post(where, body).status_code == 404
    for nothing in ({}, {"all": "1"}, {"all": "1", "upto": "x", "match": ""}, {"all": "1", "upto": "0", "match": ""}):
        assert client.post(where, {**nothing, "tag": "x", "once": ONCE}).status_code == 422, nothing
    assert client.post(where, {"all": "1", "upto": str(theirs.id), "match": "status=lost"}).status_code == 422
    assert scene.everything(cast) == before


def test_another_shippers_rows_are_never_among_all_that_match(cast: Cast) -> None:
    """Whatever a form claims to match, it is looked up as the one who sent it."""
    (mine,) = enter(cast)
    theirs = enter(cast, 3, whose="B")
    client = cast.client("bilal")
    body = {"all": "1", "upto": str(theirs[-1].id), "match": "", "once": ONCE}
    client.post("/orders-tag/", {**body, "tag": "Eid", "do": "add"})
    client.post("/orders-cancel/", body)
    assert statuses(cast) == {mine.cn: "cancelled"}
    assert set(statuses(cast, "zara").values()) == {"new_booked"}
    zara = cast.actor("zara")
    with acting(zara):
        assert queries.tags(zara) == []


def test_tags_are_put_on_and_taken_off_what_is_chosen(cast: Cast) -> None:
    cns = [one.cn for one in enter(cast, 3)]
    client = cast.client("bilal")
    answer = client.post("/orders-tag/", {"cn": cns[:2], "tag": " Eid  rush ", "do": "add"})
    assert said(answer) == ["“Eid rush” put on 2 parcels"]
    assert client.get("/orders/?tag=eid+rush").content.decode().count('class="tag">Eid rush<') == 2
    answer = client.post("/orders-tag/", {"cn": cns, "tag": "EID RUSH", "do": "remove"})
    assert said(answer)[-1] == "“EID RUSH” taken off 2 parcels"
    assert "Eid rush" not in client.get("/orders/").content.decode()
    for wrong in ("", "x" * 25):
        assert client.post("/orders-tag/", {"cn": cns, "tag": wrong, "do": "add"}).status_code == 422
    assert client.post("/orders-tag/", {"cn": cns, "tag": "never", "do": "remove"}).status_code == 404


def test_one_answer_goes_to_all_that_wait_and_the_others_are_named(cast: Cast) -> None:
    cns = at_multan(cast, 3)
    sheet(cast, cns)
    for cn, reason in zip(cns, ("CNA", "CA", "WCN"), strict=True):
        fail(cast, cn, reason)
    (booked,) = enter(cast)
    client = cast.client("bilal")
    page = client.get("/orders/").content.decode()
    day = re.findall(r'<option value="(\d{4}-\d\d-\d\d)">', page.partition('id="advice-day"')[2])[0]
    body = {"cn": [*cns, booked.cn], "action": "reattempt", "on_date": day, "note": "Call first", "once": ONCE}
    told = said(client.post("/orders-advise/", body))
    assert len(told) == 2, told
    good, bad = told
    assert good == "2 parcels answered"
    assert bad.startswith("2 of 4 were not answered: 1 waits for no answer; ")
    assert f"({cns[2]})" in bad, "a wrong phone needs a new one"
    found = statuses(cast)
    assert [found[cn] for cn in cns] == ["reattempt_requested"] * 2 + ["delivery_unsuccessful"]
    before = scene.everything(cast)
    assert said(client.post("/orders-advise/", body))[-2:] == [good, bad]
    assert scene.everything(cast) == before


def test_an_answer_that_is_none_changes_nothing(cast: Cast) -> None:
    (cn,) = at_multan(cast)
    sheet(cast, [cn])
    fail(cast, cn, "CNA")
    client = cast.client("bilal")
    before = scene.everything(cast)
    (bad,) = said(client.post("/orders-advise/", {"cn": cn, "action": "burn", "once": ONCE}))
    assert bad.startswith("1 of 1 was not answered: ")
    assert scene.everything(cast) == before


def test_labels_of_more_than_a_file_holds_come_in_parts(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from icargos.portal.pages import labels

    cns = [one.cn for one in reversed(enter(cast, 7))]
    monkeypatch.setattr(labels, "MOST", 3)
    monkeypatch.setattr(chosen, "MOST_LABELS", 3)
    client = cast.client("bilal")
    text = client.get("/orders-match/").content.decode()
    assert re.findall(r'name="part" value="(\d)">([^<]+)<', text) == [
        ("1", "Labels 1–3"),
        ("2", "Labels 4–6"),
        ("3", "Labels 7–7"),
    ]
    wanted = everything(client)
    printed: list[str] = []
    for part in ("1", "2", "3"):
        answer = client.post("/labels/", {**wanted, "part": part, "format": "4x6"})
        assert answer.status_code == 302
        printed += _numbers(client.get(answer["Location"]).content)
    assert printed == cns
    assert client.post("/labels/", wanted).status_code == 422
    assert client.post("/labels/", {**wanted, "part": "4"}).status_code == 422


def _numbers(pdf: bytes) -> list[str]:
    pages = pypdfium2.PdfDocument(BytesIO(pdf))
    texts = [re.sub(r"\s", "", page.get_textpage().get_text_range()) for page in pages]
    return [re.findall(r"IC\d{9}", text)[0] for text in texts]


def test_no_more_than_the_most_is_chosen_at_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from icargos.portal.pages.orders import listing

    cns = [one.cn for one in enter(cast, 5)]
    for module in (chosen, listing):
        monkeypatch.setattr(module, "MOST", 4)
    client = cast.client("bilal")
    assert "The newest 4 selected; more match" in client.get("/orders-match/").content.decode()
    assert client.post("/orders-cancel/", {"cn": cns, "once": ONCE}).status_code == 422
    assert set(statuses(cast).values()) == {"new_booked"}
    client.post("/orders-cancel/", {**everything(client), "once": ONCE})
    assert sorted(statuses(cast).values()) == ["cancelled"] * 4 + ["new_booked"]
    assert statuses(cast)[cns[0]] == "new_booked", "the oldest is left"


def test_all_that_match_are_made_ready_and_listed_too(cast: Cast) -> None:
    enter(cast, 70)
    enter(cast, whose="B")
    client = cast.client("bilal")
    wanted = everything(client, "view=to_ship")
    client.post("/hand-over/ready/", {**wanted, "next": "/orders/?view=to_ship"})
    assert set(statuses(cast).values()) == {"ready_for_pickup"}
    assert set(statuses(cast, "zara").values()) == {"new_booked"}
    assert client.post("/hand-over/load-sheets/", {**wanted, "once": ONCE}).status_code == 302


@pytest.mark.parametrize(("who", "may"), [("bilal", 302), ("farah", 403), ("vahid", 403), ("dawood", 404), (None, 302)])
def test_who_may_do_it(cast: Cast, who: str | None, may: int) -> None:
    (mine,) = enter(cast)
    for where, body in (
        ("/orders-cancel/", {}),
        ("/orders-tag/", {"tag": "x"}),
        ("/orders-advise/", {"action": "hold"}),
    ):
        answer = cast.client(who).post(where, {"cn": mine.cn, "once": ONCE, **body})
        assert answer.status_code == may, where
    assert (statuses(cast)[mine.cn] == "cancelled") is (who == "bilal")


def test_thousands_take_few_statements(cast: Cast) -> None:
    from django.test.utils import CaptureQueriesContext

    enter(cast, 1500)
    client = cast.client("bilal")
    wanted = everything(client)
    with CaptureQueriesContext(connection) as statements:
        answer = client.post("/orders-cancel/", {**wanted, "once": ONCE})
    assert said(answer) == ["1,500 consignments cancelled"]
    assert len(statements) < 40
    _none_left(cast, ["new_booked"])


def _none_left(cast: Cast, gone: Sequence[str]) -> None:
    assert not set(statuses(cast).values()) & set(gone)
