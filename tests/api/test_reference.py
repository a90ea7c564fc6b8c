"""The OpenAPI document and the page: made from the types, and true."""

import re
from typing import Any

import pytest
from django.test import Client

import icargos.main.urls
from icargos.api.reference import document
from icargos.shapes import samples, v1
from icargos.ui.page import ANYONE, ROUTES
from tests.api.conftest import Programme
from tests.cast import Cast

assert icargos.main.urls.urlpatterns
CALLS = [route for route in ROUTES if route.door == "api" and route.needs != ANYONE]


def test_the_document_names_every_call_and_only_those() -> None:
    described = document()
    assert described["openapi"].startswith("3.1")
    assert set(described["paths"]) == {re.sub(r"<\w+:(\w+)>", r"{\1}", f"/{r.path}") for r in CALLS}
    ids = [one["operationId"] for path in described["paths"].values() for one in path.values()]
    assert len(set(ids)) == len(ids) == len(CALLS)


def test_every_reference_inside_the_document_leads_somewhere() -> None:
    described = document()

    def refs(part: Any) -> list[str]:
        if isinstance(part, dict):
            own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
            return own + [ref for value in part.values() for ref in refs(value)]
        return [ref for value in part for ref in refs(value)] if isinstance(part, list) else []

    found = refs(described)
    assert found
    for ref in found:
        part: Any = described
        for name in ref.removeprefix("#/").split("/"):
            part = part[name]


def test_the_document_says_what_a_booking_needs() -> None:
    schemas = document()["components"]["schemas"]
    assert set(schemas["NewBooking"]["required"]) == {
        "service", "consignee", "pieces", "weight_kg", "cod_amount", "product"
    }  # fmt: skip
    assert set(schemas["Consignee"]["required"]) == {"name", "phone", "address", "city"}
    assert schemas["NewBooking"]["additionalProperties"] is False


@pytest.mark.parametrize("name", ["bookings", "rates"])
def test_the_samples_of_the_reference_run(shop: Programme, name: str) -> None:
    (one,) = [o for path, of in document()["paths"].items() for o in of.values() if o["operationId"] == name]
    body = one["requestBody"]["content"]["application/json"]["example"]
    assert shop(name, body).status_code in (200, 201)


def test_every_field_of_every_answer_is_in_the_document(shop: Programme) -> None:
    schemas = document()["components"]["schemas"]
    booked = shop("bookings", samples.booking("4102")).json()
    assert set(booked) == set(schemas["Booked"]["properties"])
    assert set(shop(f"tracking/{booked['cn']}").json()) == set(schemas["Tracking"]["properties"])
    assert set(shop("bookings", {}).json()) == set(schemas["Problem"]["properties"])
    assert set(v1.NewBooking.__struct_fields__) == set(schemas["NewBooking"]["properties"])


def test_anyone_reads_the_reference_without_a_session(cast: Cast) -> None:
    client = Client()
    page = client.get("/api/v1/docs")
    assert page.status_code == 200
    assert page["Content-Security-Policy"].startswith("default-src 'none'")
    said = page.content.decode()
    for words in ("Book parcels", "consignee.phone", "Idempotency-Key", "POST /api/v1/bookings", "key_revoked"):
        assert words in said
    answer = client.get("/api/v1/openapi.json")
    assert answer.json() == document()
    assert "sessionid" not in client.cookies
