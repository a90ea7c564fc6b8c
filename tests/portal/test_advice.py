"""The shipper's advice page, through its door."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from icargos.dispatch import queries
from icargos.dispatch.rules.advice import allowed_dates
from icargos.ground.tenancy import acting
from tests.cast import Cast
from tests.desk.day import at_multan, event, fail, sheet
from tests.dispatch.scene import advice_states, everything, status_of


def _failed(cast: Cast, *reasons: str) -> list[tuple[str, int]]:
    """Parcels that failed, each for its reason: number and the id of the question."""
    cns = at_multan(cast, len(reasons))
    sheet(cast, cns)
    for cn, reason in zip(cns, reasons, strict=True):
        fail(cast, cn, reason, note="Shutter was down")
    actor = cast.actor("bilal")
    with acting(actor):
        ids = {row.cn: row.id for row in queries.advice_queue(actor)}
    return [(cn, ids[cn]) for cn in cns]


def _answer(**fields: Any) -> dict[str, str]:
    day = allowed_dates(timezone.now())[0].isoformat()
    return {"event": event(), "action": "reattempt", "on_date": day, "window": "12-15", "then": "stay", **fields}


def test_the_queue_has_what_expires_first_on_top_and_counts(cast: Cast) -> None:
    (held, _h), (soon, _s) = _failed(cast, "NSC", "CNA")
    page = cast.client("bilal").get("/advice/").content.decode()
    assert "2 waiting" in page
    first = page.partition('class="advice-queue"')[2].partition("</li>")[0]
    assert "Consignee not available" in first
    assert soon in page.partition('class="card advice-detail"')[2]
    assert held not in page.partition('class="card advice-detail"')[2]
    assert ">2</b>" in cast.client("bilal").get("/advice/count/").content.decode()
    for text in ("Shutter was down", "/pictures/attempt-1-0/", "30.20000", "Cut-off for the next run"):
        assert text in page


def test_an_answer_is_sent_once_and_kept_with_its_changes(cast: Cast) -> None:
    ((cn, advice),) = _failed(cast, "UL")
    client, body = (
        cast.client("bilal"),
        _answer(landmark="Behind Al-Khair Bakery", new_phone="0300 1112223", note="Ring"),
    )
    assert client.post(f"/advice/{advice}/answer/", body).status_code == 302
    before = everything(cast)
    assert client.post(f"/advice/{advice}/answer/", body).status_code == 302
    assert everything(cast) == before
    assert status_of(cast, cn)[0] == "reattempt_requested"
    page = client.get(f"/orders/{cn}/").content.decode()
    for text in ("Behind Al-Khair Bakery", "0300-1112223", "Re-attempt", "12-15", "Sent to the courier"):
        assert text in page
    assert "1 answer" in client.get("/advice/?tab=sent").content.decode()


def test_a_second_answer_replaces_the_first(cast: Cast) -> None:
    ((cn, advice),) = _failed(cast, "CNA")
    client = cast.client("bilal")
    later = allowed_dates(timezone.now())[-1].isoformat()
    client.post(f"/advice/{advice}/answer/", _answer(on_date=later))
    page = client.get(f"/advice/{advice}/").content.decode()
    assert "Change your answer" in page
    client.post(f"/advice/{advice}/answer/", _answer(action="return"))
    assert advice_states(cast, cn) == ["replaced", "submitted"]
    assert status_of(cast, cn)[0] == "return_confirmed"


@pytest.mark.parametrize(
    ("reason", "fields", "told"),
    [
        ("CNA", {"action": ""}, "Choose what shall happen"),
        ("CNA", {"on_date": ""}, "Choose the day"),
        ("CNA", {"on_date": "2020-01-01"}, "next one to six days later"),
        ("CNA", {"on_date": "2026-13-99"}, "Choose the day"),
        ("CNA", {"window": "03-04"}, "time windows"),
        ("UL", {}, "give the address or a landmark"),
        ("WCN", {"new_phone": "021-35678901"}, "must be a mobile"),
        ("CNA", {"note": "x" * 501}, "at most 500"),
        ("CNA", {"cod": "12.50"}, "whole rupees"),
        ("CNA", {"event": ""}, "without a proper id"),
    ],
)
def test_what_is_wrong_is_named_and_what_was_typed_stays(
    cast: Cast, reason: str, fields: dict[str, str], told: str
) -> None:
    ((_cn, advice),) = _failed(cast, reason)
    before = everything(cast)
    body = _answer(**{"landmark": "", "note": "Ring the upper bell", **fields})
    answer = cast.client("bilal").post(f"/advice/{advice}/answer/", body)
    assert answer.status_code == 422
    said = answer.content.decode()
    assert told in said
    assert body["note"][:500] in said
    assert everything(cast) == before


def test_send_and_next_goes_on_to_the_next_one(cast: Cast) -> None:
    (_a, first), (_b, second) = _failed(cast, "CNA", "NSC")
    client = cast.client("bilal")
    answer = client.post(f"/advice/{first}/answer/", _answer(then="next"))
    assert answer["Location"] == f"/advice/{second}/"
    answer = client.post(f"/advice/{second}/answer/", _answer(action="return", then="next"))
    assert answer["Location"] == "/advice/"
    assert "Nothing needs your answer" in client.get("/advice/").content.decode()


def test_finance_and_viewers_read_but_do_not_answer(cast: Cast) -> None:
    ((cn, advice),) = _failed(cast, "UL")
    before = everything(cast)
    for who in ("farah", "vahid"):
        client = cast.client(who)
        page = client.get(f"/advice/{advice}/").content.decode()
        assert "Address not located" in page
        assert 'id="advise"' not in page
        assert client.post(f"/advice/{advice}/answer/", _answer(landmark="x")).status_code == 403
    said = b"".join(
        cast.client("farah").get(where).content for where in ("/advice/", f"/advice/{advice}/", f"/orders/{cn}/")
    )
    for private in (b"Shutter", b"Gulgasht", b"1234567", b"30.2000", b"/pictures/", b"Sana"):
        assert private not in said
    assert cast.client("farah").get(f"/orders/{cn}/pictures/attempt-1-0/").status_code == 403
    assert everything(cast) == before


def test_another_shippers_question_is_no_question(cast: Cast) -> None:
    ((cn, advice),) = _failed(cast, "CNA")
    before = everything(cast)
    client = cast.client("zara")
    assert client.get(f"/advice/{advice}/").status_code == 404
    assert client.post(f"/advice/{advice}/answer/", _answer()).status_code == 404
    assert client.get(f"/orders/{cn}/pictures/attempt-1-0/").status_code == 404
    assert "Nothing needs your answer" in client.get("/advice/").content.decode()
    assert everything(cast) == before


def test_the_clock_says_until_when(cast: Cast) -> None:
    ((_cn, advice),) = _failed(cast, "WCN")
    page = cast.client("bilal").get(f"/advice/{advice}/").content.decode()
    assert "held for 24 hours" in page
    until = timezone.localtime(timezone.now() + timedelta(hours=24))
    assert until.strftime("%H:") in page.partition("Answer by")[2][:120]
