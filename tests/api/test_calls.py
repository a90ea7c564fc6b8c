"""The three calls: what they answer, what they refuse, and that a refusal changes nothing."""

import json
import threading
from typing import Any

import msgspec
import pytest
from django.db import connection
from django.test import Client

from icargos.api.call import MOST_BYTES
from icargos.consignments import queries
from icargos.consignments.models import Consignment
from icargos.ground.models import Fact, Once
from icargos.ground.tenancy import acting
from icargos.shapes import v1
from tests.api.conftest import Programme, make_key, order
from tests.cast import Cast
from tests.parcels import enter


def parcels(cast: Cast, who: str = "bilal") -> list[queries.Row]:
    with acting(cast.actor(who)):
        return queries.page(cast.actor(who), queries.Filters()).rows


def fields(answer: Any) -> list[tuple[str, str]]:
    return [(problem["field"], problem["code"]) for problem in answer.json()["errors"]]


def test_a_booking_is_the_one_the_form_would_make(cast: Cast, shop: Programme) -> None:
    answer = shop("bookings", order(order_ref="ZT-1"))
    assert answer.status_code == 201
    booked = msgspec.convert(answer.json(), v1.Booked, strict=True)
    (row,) = parcels(cast)
    assert (row.cn, row.order_ref, row.destination) == (booked.cn, "ZT-1", "Lahore")
    assert row.consignee_phone == "+923014417208"
    assert (row.cod_paisa, row.weight_g, row.status) == (450_000, 1300, "new_booked")
    assert booked.order_ref == "ZT-1"
    assert booked.tracking_url == f"http://testserver/track/{booked.cn}"
    with acting(cast.actor("bilal")):
        parcel = queries.one(cast.actor("bilal"), booked.cn)
        assert (parcel.source, parcel.profile_id) == ("api", cast.profile_a)
        (scan,) = queries.timeline(cast.actor("bilal"), parcel)
        assert scan.actor_name == "API: Shop"
        (fact,) = Fact.objects.filter(kind="consignment.booked")
        assert (fact.actor_kind, fact.request_id) == ("key", answer["X-Request-Id"])


def test_a_parcel_costs_what_its_quote_said(shop: Programme) -> None:
    booked = shop("bookings", order()).json()
    asked = {"profile_id": "4102", "city": "Lahore", "weight_kg": 1.3, "cod_amount": 4500, "service": "overnight"}
    (quote,) = shop("rates", asked).json()["quotes"]
    assert (quote["charges"], quote["payable"]) == (booked["charges"], booked["payable"])


def test_numbers_may_come_as_text_and_empty_fields_as_null(cast: Cast, shop: Programme) -> None:
    sent = order(profile_id="4102", pieces="2", weight_kg="1.3 kg", cod_amount="Rs 4,500/-", remarks=None)
    sent |= {"allow_open": True, "fragile": False, "order_ref": 77}
    assert shop("bookings", sent).status_code == 201
    with acting(cast.actor("bilal")):
        parcel = queries.many(cast.actor("bilal"), [parcels(cast)[0].id])[0]
    assert (parcel.pieces, parcel.weight_g, parcel.cod_paisa, parcel.order_ref) == (2, 1300, 450_000, "77")
    assert (parcel.allow_open, parcel.fragile) == (True, False)


def test_a_list_is_booked_in_its_order(cast: Cast, shop: Programme) -> None:
    answer = shop("bookings", [order(order_ref=f"L-{n}") for n in range(100)])
    assert answer.status_code == 201
    booked = msgspec.convert(answer.json(), list[v1.Booked])
    assert [one.order_ref for one in booked] == [f"L-{n}" for n in range(100)]
    assert len({one.cn for one in booked}) == 100 == booked_in_all(cast)


def booked_in_all(cast: Cast) -> int:
    with acting(cast.actor("dawood")):
        return Consignment.objects.count()


def test_one_bad_order_of_a_list_books_none_and_every_field_is_named(cast: Cast, shop: Programme) -> None:
    bad = order(order_ref="L-2", cod_amount="-5", consignee={"city": "Islamabbd", "phone": "12"})
    answer = shop("bookings", [order(order_ref="L-1"), bad, order(order_ref="L-1")])
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    body = msgspec.convert(answer.json(), v1.Problem)
    assert (body.code, body.status, body.type) == ("booking_refused", 422, "/api/v1/docs#booking_refused")
    assert body.request_id == answer["X-Request-Id"]
    assert set(fields(answer)) == {
        ("1.consignee.city", "CITY_UNKNOWN"),
        ("1.consignee.phone", "PHONE_INVALID"),
        ("1.cod_amount", "RANGE"),
        ("2.order_ref", "DUP_IN_FILE"),
    }
    assert {problem.field: problem.suggestion for problem in body.errors}["1.consignee.city"] == "Islamabad"
    assert booked_in_all(cast) == 0


def test_everything_that_is_missing_is_named_at_once(cast: Cast, shop: Programme) -> None:
    answer = shop("bookings", {})
    assert {field for field, code in fields(answer) if code == "REQUIRED"} == {
        "service", "consignee.city", "consignee.name", "consignee.phone", "consignee.address",
        "pieces", "weight_kg", "cod_amount", "product",
    }  # fmt: skip
    assert booked_in_all(cast) == 0


def test_another_shippers_profile_is_unknown(cast: Cast, shop: Programme) -> None:
    answer = shop("bookings", order(profile_id="4103"))
    assert (answer.status_code, fields(answer)) == (422, [("profile_id", "PROFILE_UNKNOWN")])
    assert booked_in_all(cast) == 0


def test_an_order_ref_is_booked_once(cast: Cast, shop: Programme) -> None:
    shop("bookings", order(order_ref="ZT-1"))
    assert fields(shop("bookings", order(order_ref="ZT-1"))) == [("order_ref", "DUP_EXISTING")]
    assert booked_in_all(cast) == 1


@pytest.mark.parametrize(
    ("sent", "status", "code", "field"),
    [
        (b"\n", 400, "bad_json", None),
        (b"{", 400, "bad_json", None),
        (b"\xff\xfe", 400, "bad_json", None),
        (b'{"service": "\xff"}', 400, "bad_json", None),
        (b'{"consignee": {"name": "\\ud800"}}', 400, "bad_json", None),
        (b"[" * 5000, None, None, None),
        (b"null", 422, "invalid", ""),
        (b"[]", 422, "invalid", ""),
        (b"7", 422, "invalid", ""),
        (b"[7]", 422, "invalid", "0"),
        (b'{"cod": 5}', 422, "invalid", "cod"),
        (b'{"consignee": {"nmae": "H"}}', 422, "invalid", "consignee.nmae"),
        (b'[{}, {"consignee": {"phone": true}}]', 422, "invalid", "1.consignee.phone"),
        (b'{"pieces": {"n": 1}}', 422, "invalid", "pieces"),
        (b'{"consignee": null}', 422, "invalid", "consignee"),
        (b'{"weight_kg": NaN}', 400, "bad_json", None),
        (b'{"weight_kg": 1e400}', None, None, None),
        (b'{"pieces": ' + b"9" * 6000 + b"}", None, None, None),
        (b'{"consignee": {"name": "a\\u0000b", "city": "\\u0000"}}', 422, "booking_refused", None),
    ],
)
def test_a_bad_body_is_refused_and_its_field_named(
    cast: Cast, shop: Programme, sent: bytes, status: int | None, code: str | None, field: str | None
) -> None:
    answer = shop("bookings", sent)
    assert 400 <= answer.status_code < 500
    assert answer["Content-Type"] == "application/problem+json"
    if status is not None:
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    if field is not None:
        assert [one for one, _code in fields(answer)] == [field]
    assert booked_in_all(cast) == 0


def test_an_unknown_field_is_told_with_the_one_that_was_meant(shop: Programme) -> None:
    (problem,) = shop("bookings", order() | {"wieght_kg": 1}).json()["errors"]
    assert (problem["code"], problem["suggestion"]) == ("UNKNOWN_FIELD", "weight_kg")
    (problem,) = shop("rates", {"city": "Lahore", "wieght_kg": 1}).json()["errors"]
    assert (problem["field"], problem["suggestion"]) == ("wieght_kg", "weight_kg")


def test_more_than_a_hundred_orders_are_refused(cast: Cast, shop: Programme) -> None:
    answer = shop("bookings", [order() for _ in range(101)])
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert "100" in answer.json()["detail"]
    assert booked_in_all(cast) == 0


def test_a_body_that_is_too_large_or_not_json_is_refused(cast: Cast, shop: Programme) -> None:
    large = shop("bookings", b" " * (MOST_BYTES + 1))
    assert (large.status_code, large.json()["code"]) == (413, "too_large")
    shown = {"Authorization": f"Bearer {shop.token}"}
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
        answer = Client().generic("POST", "/api/v1/bookings", json.dumps(order()), content_type=kind, headers=shown)
        assert (answer.status_code, answer.json()["code"]) == (415, "media_type"), kind
    again = Client().generic(
        "POST", "/api/v1/bookings", json.dumps(order()), content_type="application/json; charset=utf-8", headers=shown
    )
    assert again.status_code == 201


def test_another_method_is_refused_with_the_right_one(shop: Programme) -> None:
    answer = shop("bookings")
    assert (answer.status_code, answer["Allow"], answer.json()["code"]) == (405, "POST", "method")
    assert shop("tracking/IC1", {})["Allow"] == "GET"


def test_an_unknown_address_is_answered_as_a_problem(shop: Programme) -> None:
    for where in ("bookings/", "nothing", "tracking/", "tracking/a/b"):
        answer = shop(where)
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json"), where
        assert answer.json()["code"] == "not_found"


def test_the_same_key_and_body_book_once_and_answer_alike(cast: Cast, shop: Programme) -> None:
    first = shop("bookings", order(), headers={"Idempotency-Key": "k-1"})
    again = shop("bookings", json.dumps(order(), indent=3).encode(), headers={"Idempotency-Key": "k-1"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content or first.json() == again.json()
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    assert booked_in_all(cast) == 1
    listed = [shop("bookings", [order()], headers={"Idempotency-Key": "k-2"}).json() for _ in range(2)]
    assert listed[0] == listed[1]
    assert booked_in_all(cast) == 2


def test_the_same_key_with_another_body_is_refused(cast: Cast, shop: Programme) -> None:
    shop("bookings", order(), headers={"Idempotency-Key": "k-1"})
    for other in (order(pieces=2), [order()]):
        answer = shop("bookings", other, headers={"Idempotency-Key": "k-1"})
        assert (answer.status_code, answer.json()["code"]) == (409, "key_reused")
    assert booked_in_all(cast) == 1


def test_a_refused_booking_leaves_its_key_free(cast: Cast, shop: Programme) -> None:
    assert shop("bookings", order(pieces=0), headers={"Idempotency-Key": "k-1"}).status_code == 422
    with acting(cast.actor("bilal")):
        assert Once.objects.count() == 0
    assert shop("bookings", order(pieces=1), headers={"Idempotency-Key": "k-1"}).status_code == 201


def test_the_keys_of_two_shippers_do_not_meet(cast: Cast, shop: Programme) -> None:
    other = Programme(make_key(cast, "zara").token)
    shop("bookings", order(), headers={"Idempotency-Key": "k-1"})
    answer = other("bookings", order(profile_id=4103), headers={"Idempotency-Key": "k-1"})
    assert answer.status_code == 201
    assert "Idempotent-Replayed" not in answer


@pytest.mark.parametrize("key", ["k" * 101, "schlüssel", "a\tb"])
def test_an_odd_idempotency_key_is_refused(cast: Cast, shop: Programme, key: str) -> None:
    answer = shop("bookings", order(), headers={"Idempotency-Key": key})
    assert fields(answer) == [("Idempotency-Key", "RANGE")]
    assert booked_in_all(cast) == 0


def test_the_same_call_eight_times_at_once_books_once(cast: Cast, shop: Programme) -> None:
    answers: list[Any] = []

    def ask() -> None:
        try:
            answers.append(shop("bookings", order(order_ref="AT-ONCE"), headers={"Idempotency-Key": "k-1"}))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [201] * 8
    assert len({answer.json()["cn"] for answer in answers}) == 1
    assert sum("Idempotent-Replayed" in answer for answer in answers) == 7
    assert booked_in_all(cast) == 1


def test_tracking_tells_where_an_own_parcel_is_without_its_consignee(cast: Cast, shop: Programme) -> None:
    booked = shop("bookings", order(order_ref="ZT-1")).json()
    answer = shop(f"tracking/{booked['cn'].lower()}")
    assert answer.status_code == 200
    told = msgspec.convert(answer.json(), v1.Tracking)
    assert (told.cn, told.order_ref, told.status, told.weight_kg) == (booked["cn"], "ZT-1", "new_booked", 1.3)
    assert (told.origin, told.destination, told.attempts) == ("Karachi", "Lahore", 0)
    assert (told.cod.amount, told.cod.state) == ("4500.00", "expected")
    assert [event.code for event in told.events] == ["new_booked"]
    for private in (b"Hina", b"4417208", b"Gulshan", b"Lawn"):
        assert private not in answer.content


def test_an_unknown_and_a_foreign_number_are_answered_alike(cast: Cast, shop: Programme) -> None:
    foreign = enter(cast, whose="B")[0].cn
    said = []
    for number in (foreign, "IC000000000", "x", "%25", "..%2f", "%00", "IC%F0%9F%9A%9A", "9" * 400):
        answer = shop(f"tracking/{number}")
        assert answer.status_code == 404, number
        said.append({key: value for key, value in answer.json().items() if key != "request_id"})
    assert all(one == said[0] for one in said if one["detail"] == said[0]["detail"])
    assert said[0] == said[1]


def test_rates_tell_each_service_that_carries_the_parcel(shop: Programme) -> None:
    quotes = msgspec.convert(shop("rates", {"city": "Lahore", "weight_kg": 2}).json(), v1.Quotes).quotes
    assert len({quote.service for quote in quotes}) == len(quotes) > 1
    assert "same_day" not in {quote.service for quote in quotes}
    for quote in quotes:
        total = sum(round(float(line.amount) * 100) for line in quote.lines)
        assert total == round(float(quote.charges) * 100)
        assert round(float(quote.payable) * 100) == -total


def test_a_parcel_that_no_service_carries_is_refused(shop: Programme) -> None:
    answer = shop("rates", {"city": "Lahore", "weight_kg": 1, "service": "same_day"})
    assert (answer.status_code, answer.json()["code"]) == (422, "quote_refused")
    assert fields(answer) == [("service", "SERVICE_NOT_AVAILABLE")]
    answer = shop("rates", {"weight_kg": 0, "city": "Islamabbd"})
    assert set(fields(answer)) == {("city", "CITY_UNKNOWN"), ("weight_kg", "RANGE")}
    assert set(fields(shop("rates", {}))) == {("city", "REQUIRED"), ("weight_kg", "REQUIRED")}
