"""Public tracking: each tier shows exactly its own, and tells nothing of what is not there."""

import json
import re
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError, connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from structlog.testing import capture_logs

from icargos.consignments import actions, queries
from icargos.consignments.actions import Move
from icargos.consignments.queries import tracking
from icargos.consignments.rules import MOVES, Status
from icargos.ground.tenancy import acting
from icargos.track.wording import WORDS
from tests.cast import NOW, Cast
from tests.parcels import enter

SECRET: dict[str, Any] = {
    "consignee_name": "Canaryname Canarysurname",
    "consignee_phone": "+923331234567",
    "consignee_email": "canary@example.com",
    "alt_phone": "+923217654321",
    "address": "Canaryaddress 12, Street 4",
    "landmark": "Canarylandmark",
    "product": "Canaryproduct",
    "remarks": "Canaryremark",
    "order_ref": "CANARY-REF-1",
    "cod_paisa": 214_700,
}
CANARIES = ("canary", "1234567", "7654321", "2,147", "2147", "214700", "zarqa", "house 12")
TIER_1 = {"cn", "status", "status_at", "origin", "destination", "expected_on", "milestones"}


@pytest.fixture
def parcel(cast: Cast) -> queries.Parcel:
    """A parcel of shipper A full of canaries."""
    (entered,) = enter(cast, 1, **SECRET)
    bilal = cast.actor("bilal")
    with acting(bilal):
        return queries.one(bilal, entered.cn)


def move(cast: Cast, cn: str, *path: Status) -> None:
    """Scan the parcel along the path, an hour apart."""
    dawood = cast.actor("dawood")
    for step, status in enumerate(path):
        at = NOW + timedelta(hours=step + 1)
        scan = Move(cn=cn, to=status, source="scan", source_event_id=f"{cn}-{step}", occurred_at=at)
        with acting(dawood):
            actions.move(dawood, [scan], now=at)


def text(client: Client, path: str, status: int = 200, headers: dict[str, str] | None = None) -> str:
    """The page's HTML after its status was checked."""
    response = client.get(path, headers=headers)
    assert response.status_code == status
    return response.content.decode()


def visible(html: str) -> str:
    """The words of a page without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


def test_the_json_of_a_number_holds_exactly_the_first_tier(cast: Cast, parcel: queries.Parcel) -> None:
    move(cast, parcel.cn, Status.PICKED_UP, Status.RECEIVED_AT_OFFICE, Status.IN_TRANSIT)
    told = json.loads(text(Client(), f"/track/{parcel.cn}.json"))
    assert set(told) == TIER_1
    assert told["cn"] == parcel.cn
    assert told["status"] == "in_transit"
    assert (told["origin"], told["destination"]) == ("Karachi", "Multan")
    assert told["expected_on"] == "2026-11-23"
    assert [set(milestone) for milestone in told["milestones"]] == [{"status", "at"}] * 4
    assert [m["status"] for m in told["milestones"]] == ["new_booked", "picked_up", "received_at_office", "in_transit"]
    assert told["milestones"][0]["at"].startswith("2026-11-20T06:00:00")


@pytest.mark.parametrize("suffix", ["", ".json"])
def test_a_number_tells_nothing_of_the_people_the_goods_or_the_money(
    cast: Cast, parcel: queries.Parcel, suffix: str
) -> None:
    move(cast, parcel.cn, Status.PICKED_UP, Status.RECEIVED_AT_OFFICE)
    told = text(Client(), f"/track/{parcel.cn}{suffix}").lower()
    assert [canary for canary in (*CANARIES, parcel.tracking_token, parcel.label_token) if canary.lower() in told] == []


def test_the_page_of_a_number_shows_status_cities_day_and_milestones(cast: Cast, parcel: queries.Parcel) -> None:
    move(cast, parcel.cn, Status.PICKED_UP, Status.RECEIVED_AT_OFFICE, Status.IN_TRANSIT)
    words = visible(text(Client(), f"/track/{parcel.cn}"))
    for part in ("In transit", parcel.cn, "Karachi", "Multan", "Picked up", "At our office", "Call us"):
        assert part in words, part


def test_the_link_adds_first_name_masked_phone_and_amount_and_nothing_else(cast: Cast, parcel: queries.Parcel) -> None:
    html = text(Client(), f"/t/{parcel.tracking_token}")
    words = visible(html)
    assert "Canaryname" in words
    assert "0333-•••••67" in words
    assert "Keep Rs 2,147 ready" in words
    rest = html.replace("Canaryname", "").replace("2,147", "").replace("0333-•••••67", "").lower()
    assert [c for c in (*CANARIES, "0333", parcel.label_token.lower()) if c in rest] == []


def test_the_label_code_adds_the_exact_amount_and_nothing_else(cast: Cast, parcel: queries.Parcel) -> None:
    html = text(Client(), f"/q/{parcel.label_token}")
    assert "Pay only Rs 2,147" in visible(html)
    rest = html.replace("2,147", "").lower()
    assert [c for c in (*CANARIES, "0333", parcel.tracking_token.lower()) if c in rest] == []


def test_the_label_code_of_a_prepaid_parcel_says_pay_nothing(cast: Cast) -> None:
    (entered,) = enter(cast, 1, **SECRET | {"cod_paisa": 0})
    bilal = cast.actor("bilal")
    with acting(bilal):
        token = queries.one(bilal, entered.cn).label_token
    assert "Pay nothing" in visible(text(Client(), f"/q/{token}"))


def test_nothing_is_asked_for_once_the_parcel_is_delivered_but_the_label_keeps_the_amount(
    cast: Cast, parcel: queries.Parcel
) -> None:
    move(cast, parcel.cn, Status.PICKED_UP, Status.RECEIVED_AT_OFFICE, Status.OUT_FOR_DELIVERY, Status.DELIVERED)
    assert "Nothing to pay" in visible(text(Client(), f"/t/{parcel.tracking_token}"))
    assert "Pay only Rs 2,147" in visible(text(Client(), f"/q/{parcel.label_token}"))


def test_a_returning_parcel_asks_nobody_for_money_and_promises_no_day(cast: Cast, parcel: queries.Parcel) -> None:
    move(cast, parcel.cn, Status.PICKED_UP, Status.RECEIVED_AT_OFFICE, Status.RETURN_CONFIRMED)
    assert "Pay nothing" in visible(text(Client(), f"/q/{parcel.label_token}"))
    assert "Nothing to pay" in visible(text(Client(), f"/t/{parcel.tracking_token}"))
    assert json.loads(text(Client(), f"/track/{parcel.cn}.json"))["expected_on"] is None


WRONG = [
    "IC473124829",
    "IC473124820",
    "x",
    "IC47312482900000000000000000000000000000000000000000",
    "0",
    "'; --",
    "%00",
    "۱",
]


@pytest.mark.parametrize("number", WRONG)
def test_unknown_and_malformed_numbers_get_one_and_the_same_answer_from_one_and_the_same_statement(
    database: str, number: str
) -> None:
    client = Client()
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(f"/track/{number}.json")
    assert (answer.status_code, answer.content) == (
        404,
        b'{"type":"about:blank#not_found","title":"There is no parcel with this number.","status":404}',
    )
    assert answer["Content-Type"] == "application/problem+json"
    assert [re.sub(r"'.*'", "?", query["sql"]) for query in asked] == ["SELECT consignments_track(?)"]


def test_the_pages_of_unknown_and_malformed_numbers_differ_by_the_number_alone(database: str) -> None:
    client = Client()
    client.get("/track")
    blank = {
        re.sub(r'value="[^"]*"|/track/[^"?]*|data-csrf="[^"]*"', "", text(client, f"/track/{n}", 404)) for n in WRONG
    }
    assert len(blank) == 1


def test_wrong_links_and_label_codes_are_answered_like_wrong_numbers(cast: Cast, parcel: queries.Parcel) -> None:
    for path in (
        f"/t/{parcel.label_token}",
        f"/q/{parcel.tracking_token}",
        f"/t/{parcel.cn}",
        "/t/x",
        "/q/x",
        "/t/%00",
    ):
        assert "No parcel found" in visible(text(Client(), path, 404))


def test_tokens_are_random_texts_of_128_bits_that_no_number_leads_to(cast: Cast) -> None:
    bilal = cast.actor("bilal")
    with acting(bilal):
        parcels = queries.many(bilal, [one.id for one in enter(cast, 50)])
    tokens = [token for one in parcels for token in (one.tracking_token, one.label_token)]
    assert len(set(tokens)) == 100
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{22}", token) for token in tokens)


def test_a_look_up_is_one_statement_in_no_transaction_even_for_someone_signed_in(
    cast: Cast, parcel: queries.Parcel
) -> None:
    client = cast.client("bilal")
    for path in (
        f"/track/{parcel.cn}.json",
        f"/track/{parcel.cn}",
        f"/t/{parcel.tracking_token}",
        f"/q/{parcel.label_token}",
    ):
        with CaptureQueriesContext(connection) as asked:
            text(client, path)
        assert len(asked) == 1, path
        assert asked[0]["sql"].startswith("SELECT consignments_track"), path


def test_a_number_typed_in_any_way_finds_its_parcel(cast: Cast, parcel: queries.Parcel) -> None:
    typed = f" {parcel.cn[:2].lower()} {parcel.cn[2:6]}-{parcel.cn[6:]} "
    response = Client().get("/track", {"cn": typed})
    assert (response.status_code, response["Location"]) == (302, f"/track/{parcel.cn}")
    assert tracking.by_number(parcel.cn[:2].lower() + parcel.cn[2:]) is not None


def test_an_empty_search_asks_for_the_number(database: str) -> None:
    assert "Type the tracking number first." in visible(text(Client(), "/track?cn=+"))


@override_settings(TRACKING_PER_MINUTE=6)
def test_one_look_up_too_many_is_refused_with_the_time_to_wait(cast: Cast, parcel: queries.Parcel) -> None:
    client = Client()
    for _ in range(6):
        assert client.get("/track/x.json").status_code == 404
    asked = []
    for path in ("/track/x.json", f"/track/{parcel.cn}.json", f"/track/{parcel.cn}"):
        with CaptureQueriesContext(connection) as seen:
            refused = client.get(path)
        assert refused.status_code == 429
        assert 1 <= int(refused["Retry-After"]) <= 11
        asked.append(len(seen))
    assert asked == [1, 0, 0], "the bucket is asked once, no parcel is looked for"
    assert client.get(f"/t/{parcel.tracking_token}").status_code == 200
    assert client.get(f"/track/{parcel.cn}.json", REMOTE_ADDR="10.0.0.9").status_code == 200


def test_nothing_of_tracking_is_kept_indexed_or_told_to_other_sites(cast: Cast, parcel: queries.Parcel) -> None:
    for path in (f"/track/{parcel.cn}", f"/t/{parcel.tracking_token}", f"/q/{parcel.label_token}"):
        answer = Client().get(path)
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert '<meta name="referrer" content="no-referrer">' in answer.content.decode()
        assert answer["Cache-Control"] == "no-store"


def test_a_token_never_reaches_the_log(cast: Cast, parcel: queries.Parcel) -> None:
    with capture_logs() as lines:
        text(Client(), f"/t/{parcel.tracking_token}")
        text(Client(), f"/q/{parcel.label_token}")
    assert [line["path"] for line in lines] == ["/t/<str:token>", "/q/<str:token>"]
    assert parcel.tracking_token not in str(lines)
    assert parcel.label_token not in str(lines)


def test_a_page_asks_for_its_parts_again_until_the_parcel_has_arrived(cast: Cast, parcel: queries.Parcel) -> None:
    assert 'hx-trigger="every 30s"' in text(Client(), f"/track/{parcel.cn}")
    part = text(Client(), f"/track/{parcel.cn}", headers={"HX-Request": "true"})
    assert part.lstrip().startswith('<div class="track-grid"')
    move(cast, parcel.cn, Status.PICKED_UP, Status.RECEIVED_AT_OFFICE, Status.OUT_FOR_DELIVERY, Status.DELIVERED)
    assert "hx-trigger" not in text(Client(), f"/track/{parcel.cn}")


def test_every_status_has_its_words_and_its_page(cast: Cast) -> None:
    assert set(WORDS) == set(Status)
    paths: dict[Status, tuple[Status, ...]] = {Status.NEW_BOOKED: ()}
    for status in paths_in_order(paths):
        (entered,) = enter(cast, 1)
        move(cast, entered.cn, *paths[status])
        limits_free = Client(REMOTE_ADDR=f"10.0.1.{len(paths[status])}")
        assert str(WORDS[status].word) in visible(text(limits_free, f"/track/{entered.cn}")), status
    assert set(paths) == set(Status)


def paths_in_order(paths: dict[Status, tuple[Status, ...]]) -> list[Status]:
    """Fill in a shortest path to every status; returns the statuses nearest first."""
    queue = list(paths)
    for status in queue:
        for target in sorted(MOVES[status]):
            if target not in paths:
                paths[target] = (*paths[status], target)
                queue.append(target)
    return queue


def test_the_page_in_urdu_runs_from_right_to_left_with_its_numbers_and_map_kept_in_order(
    cast: Cast, parcel: queries.Parcel
) -> None:
    client = Client()
    answer = client.get(f"/track/{parcel.cn}?lang=ur")
    assert (answer.status_code, answer["Location"]) == (302, f"/track/{parcel.cn}")
    html = text(client, f"/track/{parcel.cn}")
    assert '<html lang="ur" dir="rtl"' in html
    for part in ("بک ہوا", "کراچی", "ملتان", "سفر کی روداد"):
        assert part in visible(html), part
    assert f'<bdi class="mono">{parcel.cn}</bdi>' in html
    english = text(Client(), f"/track/{parcel.cn}")
    assert '<html lang="en" dir="ltr"' in english


def test_the_app_role_may_run_the_functions_and_not_read_the_table(cast: Cast, parcel: queries.Parcel) -> None:
    assert tracking.by_number(parcel.cn) is not None
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="permission denied"):
        cursor.execute("SELECT 1 FROM consignments_consignment")


def test_each_look_up_goes_by_an_index(cast: Cast, owner_url: str) -> None:
    with psycopg.connect(owner_url) as owner:
        owner.execute("SET enable_seqscan = off")
        for column in ("cn", "tracking_token", "label_token"):
            plan = owner.execute(f"EXPLAIN SELECT 1 FROM consignments_consignment WHERE {column} = 'x'").fetchall()
            assert "Index" in plan[0][0], column
        plan = owner.execute("EXPLAIN SELECT 1 FROM consignments_event WHERE consignment_id = 1").fetchall()
        assert "consignments_event_of" in str(plan)
