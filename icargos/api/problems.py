"""Refusals as problem details (RFC 9457), and the ones that only a programme can meet."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import msgspec
from django.http import HttpRequest, HttpResponse

from icargos.kit.errors import FieldProblem, Forbidden, Refused, TooMany, WrongMethod
from icargos.shapes.v1 import Problem, ProblemField

_ENCODE = msgspec.json.Encoder().encode
# What each code means; the reference shows the same table.
TITLES: Mapping[str, str] = MappingProxyType(
    {
        "bad_json": "The body is not JSON",
        "key_missing": "No API key",
        "key_unknown": "Unknown API key",
        "key_revoked": "Revoked API key",
        "account_closed": "The account is closed",
        "scope_missing": "The key may not do this",
        "not_found": "Nothing here",
        "method": "Another method is needed",
        "key_reused": "Idempotency-Key used for another body",
        "no_rate_card": "No prices today",
        "too_large": "The body is too large",
        "media_type": "The body is of another type",
        "invalid": "The body breaks a rule",
        "booking_refused": "Nothing was booked",
        "quote_refused": "No price",
        "too_many": "Too many calls",
        "error": "Our own failure",
    }
)


class BadJson(Refused):
    """A body that cannot be read."""

    code = "bad_json"
    http_status = 400


class KeyMissing(Refused):
    """No key was shown, or not in the header where it belongs."""

    code = "key_missing"
    http_status = 401


class ScopeMissing(Forbidden):
    """A good key that was not made for this."""

    code = "scope_missing"


class TooLarge(Refused):
    """A body beyond the limit."""

    code = "too_large"
    http_status = 413


class MediaType(Refused):
    """A body that does not say that it is JSON."""

    code = "media_type"
    http_status = 415


def at_paths(problem: FieldProblem, paths: Mapping[str, str], *, listed: bool) -> FieldProblem:
    """The problem with its column, ``index.column`` or ``column``, turned into the path of what was sent."""
    index, dot, column = problem.field.rpartition(".")
    path = paths.get(column, column)
    return replace(problem, field=f"{index}{dot}{path}" if listed else path)


def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    """The answer to a call that is refused."""
    problem = Problem(
        type=f"/api/v1/docs#{error.code}",
        title=TITLES.get(error.code, "Refused"),
        status=error.http_status,
        detail=error.message,
        code=error.code,
        request_id=getattr(request, "request_id", ""),
        errors=[
            ProblemField(field=p.field, code=p.code, message=p.message, suggestion=p.suggestion) for p in error.problems
        ],
    )
    answer = HttpResponse(_ENCODE(problem), status=error.http_status, content_type="application/problem+json")
    if isinstance(error, TooMany):
        answer["Retry-After"] = str(error.retry_after)
    if error.http_status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="api"'
    if isinstance(error, WrongMethod):
        answer["Allow"] = ", ".join(error.allow)
    return answer
