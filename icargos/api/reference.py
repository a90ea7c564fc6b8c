"""The reference: an OpenAPI document made from the types of the calls, and a page that shows the same to people."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from icargos.accounts.rules import SCOPES
from icargos.api import problems
from icargos.api.call import MOST_BYTES, call
from icargos.booking.rules.columns import REQUIRED
from icargos.shapes import samples, v1
from icargos.ui.page import ANYONE, ROUTES, Route

_SAMPLE_PROFILE = "4102"
_SAMPLE_CN = "IC473124829"
_NEEDED = {
    v1.NewBooking: [path for key in REQUIRED if "." not in (path := v1.BOOKING_PATHS[key])] + ["consignee"],
    v1.Consignee: [path.partition(".")[2] for key in REQUIRED if "." in (path := v1.BOOKING_PATHS[key])],
    v1.RateRequest: ["city", "weight_kg"],
}
_OFTEN = (401, 403, 429)


@dataclass(frozen=True, slots=True)
class _Operation:
    """What the reference says of a call beyond its route and types."""

    title: str
    text: str
    sends: Any = None
    answers: Any = None
    status: int = 200
    refuses: tuple[int, ...] = ()


_OPERATIONS = {
    "api:bookings": _Operation(
        "Book parcels",
        f"Send one parcel, or a list of up to {v1.MOST_BOOKINGS} to get a list. Every parcel is booked or none is. "
        "With an Idempotency-Key a call may be repeated safely: the same key and body give the first answer again, "
        "with the header “Idempotent-Replayed: true”, and book nothing twice.",
        v1.Bookings,
        v1.Booked | list[v1.Booked],
        201,
        (400, 409, 413, 415, 422),
    ),
    "api:tracking": _Operation(
        "Track a parcel",
        "Where one of your own parcels is, and all that happened to it. A number that is not yours is answered like "
        "one that does not exist.",
        None,
        v1.Tracking,
        200,
        (404,),
    ),
    "api:rates": _Operation(
        "Ask for prices",
        "What a parcel would cost today by your rate card, line by line. Nothing is booked.",
        v1.RateRequest,
        v1.Quotes,
        200,
        (400, 409, 413, 415, 422),
    ),
}


@call("openapi.json", name="openapi", needs=ANYONE)
def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI 3.1 document."""
    answer = HttpResponse(_document(), content_type="application/json")
    answer["Cache-Control"] = "public, max-age=3600"
    return answer


@call("docs", name="docs", needs=ANYONE)
def docs(request: HttpRequest) -> HttpResponse:
    """The same for people."""
    context = {
        "operations": [_shown(request, route, operation) for route, operation in _routes()],
        "problems": problems.TITLES,
        "per_minute": settings.API_PER_MINUTE,
        "most_kb": MOST_BYTES // 1024,
        "sample_key": samples.SAMPLE_KEY,
        # Nobody is signed in here: no messages are read, since they would cost a session.
        "messages": (),
        "language_url": "",
        "home_url": "/",
    }
    return render(request, "api/docs.html", context)


@cache
def _document() -> bytes:
    return json.dumps(document(), indent=1, ensure_ascii=False).encode()


def document() -> dict[str, Any]:
    """The OpenAPI document as data."""
    _refs, components = _schemas()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{settings.COURIER['name']} API",
            "version": "1",
            "description": "Book, track and price parcels. Every refusal is a problem detail (RFC 9457).",
        },
        "servers": [{"url": "/"}],
        "security": [{"key": []}],
        "paths": {
            f"/{_braced(route)}": {route.methods[0].lower(): _described(route, operation)}
            for route, operation in _routes()
        },
        "components": {
            "schemas": components,
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": "An API key made in the portal."}
            },
        },
    }


def _routes() -> Iterator[tuple[Route, _Operation]]:
    for route in ROUTES:
        if route.name in _OPERATIONS:
            yield route, _OPERATIONS[route.name]


@cache
def _schemas() -> tuple[dict[str, Any], dict[str, Any]]:
    """By route and direction the schema of the body, and the named schemas they refer to."""
    wanted = {
        (name, way): shape
        for name, operation in _OPERATIONS.items()
        for way, shape in (("sends", operation.sends), ("answers", operation.answers))
        if shape is not None
    }
    refs, components = msgspec.json.schema_components(
        [*wanted.values(), v1.Problem], ref_template="#/components/schemas/{name}"
    )
    for shape, needed in _NEEDED.items():
        components[shape.__name__]["required"] = needed
    return {f"{name} {way}": ref for (name, way), ref in zip(wanted, refs[:-1], strict=True)}, components


def _described(route: Route, operation: _Operation) -> dict[str, Any]:
    refs, _components = _schemas()
    told: dict[str, Any] = {
        "operationId": route.name.partition(":")[2],
        "summary": operation.title,
        "description": f"{operation.text} Needs the scope “{_scope(route)}”.",
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in re.findall(r"{(\w+)}", _braced(route))
        ],
        "responses": {
            str(operation.status): {
                "description": operation.title,
                "content": {"application/json": {"schema": refs[f"{route.name} answers"]}},
            }
        }
        | {
            str(status): {
                "description": "Refused",
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
            }
            for status in sorted((*operation.refuses, *_OFTEN))
        },
    }
    if operation.status == 201:
        told["parameters"].append(
            {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "maxLength": 100}}
        )
    if operation.sends is not None:
        told["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": refs[f"{route.name} sends"], "example": _sample(route)}},
        }
    return told


def _shown(request: HttpRequest, route: Route, operation: _Operation) -> dict[str, Any]:
    _refs, components = _schemas()
    address = request.build_absolute_uri(f"/{_braced(route)}".replace("{cn}", _SAMPLE_CN))
    shape = {"api:bookings": "NewBooking", "api:rates": "RateRequest"}.get(route.name, "")
    answers = {"api:bookings": "Booked", "api:tracking": "Tracking", "api:rates": "Quotes"}[route.name]
    once = "ZT-10493" if operation.status == 201 else ""
    return {
        "id": route.name.partition(":")[2],
        "title": operation.title,
        "text": operation.text,
        "method": route.methods[0],
        "path": f"/{_braced(route)}",
        "scope": _scope(route),
        "status": operation.status,
        "sends": list(_fields(components, shape)) if shape else [],
        "answers": list(_fields(components, answers)),
        "curl": samples.curl(address, samples.SAMPLE_KEY, _sample(route), once=once),
    }


def _fields(components: dict[str, Any], shape: str, before: str = "") -> Iterator[dict[str, Any]]:
    """Every field of a named schema with those inside it, by path."""
    schema = components[shape]
    for name, field in schema["properties"].items():
        inner = field.get("$ref") or field.get("items", {}).get("$ref") or ""
        inner = inner or next((one["$ref"] for one in field.get("allOf", field.get("anyOf", ())) if "$ref" in one), "")
        mark = "[]" if "items" in field else ""
        text = field.get("description", "")
        if inner:
            inside = inner.rpartition("/")[2]
            yield from _fields(components, inside, f"{before}{name}{mark}.")
            continue
        yield {
            "path": f"{before}{name}",
            "text": text,
            "kind": " | ".join(_kinds(field)),
            "needed": name in schema.get("required", ()) and before in ("", "consignee."),
        }


def _kinds(field: dict[str, Any]) -> list[str]:
    """The JSON types a field takes; null is told by its not being required."""
    if field.get("format") == "date-time":
        return ["date-time"]
    if "type" in field:
        return [str(field["type"])]
    return [kind for one in field.get("anyOf", ()) for kind in _kinds(one) if kind not in ("null", "integer")]


def _sample(route: Route) -> dict[str, object] | None:
    if route.name == "api:bookings":
        return samples.booking(_SAMPLE_PROFILE)
    return samples.rates(_SAMPLE_PROFILE) if route.name == "api:rates" else None


def _scope(route: Route) -> str:
    return next(scope.value for scope, cans in SCOPES.items() if route.needs in cans)


def _braced(route: Route) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.path)
