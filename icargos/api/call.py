"""How every call is answered: key, limit, scope, transaction; and how its body is read.

A call stands in the same registry as the pages. It never looks at a cookie, so it needs no token against forged forms.
"""

import re
from collections.abc import Callable
from difflib import get_close_matches
from functools import wraps
from typing import Any, TypeVar

import msgspec
from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone, translation

from icargos.accounts import actions, queries
from icargos.accounts.rules import SCOPES
from icargos.api import problems
from icargos.ground.limits import Limit
from icargos.ground.tenancy import acting
from icargos.kit.actor import Actor
from icargos.kit.errors import FieldProblem, Invalid, Refused, TooMany, WrongMethod
from icargos.ui.page import ANYONE, ROUTES, AskedBy, Route

MOST_BYTES = 512 * 1024
_Call = Callable[..., HttpResponse]
_T = TypeVar("_T")
_SCOPE_OF = {can.value: scope.value for scope, cans in SCOPES.items() for can in cans}
_WHERE = re.compile(r" - at `\$(.*)`$")
_UNKNOWN = re.compile(r"Object contains unknown field `(.*?)`")
calls = Limit("api")


def call(
    where: str, *, name: str, needs: str, methods: tuple[str, ...] = ("GET",), owner: str = ""
) -> Callable[[_Call], _Call]:
    """Declare a call under ``api/v1/``; ``needs`` is the capability a key's scope gives, or ANYONE.

    It is called as ``view(request, actor, **path)`` inside one transaction behind the fence of the key's shipper, with
    ANYONE as ``view(request, **path)`` in none. A refusal undoes all and is answered as problem details, in English.
    """

    def declare(view: _Call) -> _Call:
        @wraps(view)
        def answered(request: AskedBy, **path: Any) -> HttpResponse:
            with translation.override("en"):
                try:
                    method = "GET" if request.method == "HEAD" else request.method
                    if method not in methods:
                        told = f"Send {' or '.join(methods)} to this address."
                        raise WrongMethod(told, allow=methods)
                    if needs == ANYONE:
                        return view(request, **path)
                    actor = _known(request)
                    if not actor.may(needs):
                        told = f"This key lacks the scope “{_SCOPE_OF[needs]}”. Make a key that has it in the portal."
                        raise problems.ScopeMissing(told)
                    with acting(actor):
                        return view(request, actor, **path)
                except Refused as refusal:
                    return problems.refused(request, refusal)

        answered.for_strangers = True  # type: ignore[attr-defined]
        answered.csrf_exempt = True  # type: ignore[attr-defined]
        ROUTES.append(Route("api", f"api/v1/{where}", f"api:{name}", needs, methods, owner, answered))
        return answered

    return declare


def _known(request: AskedBy) -> Actor:
    """Whose key was shown. Raises a refusal 401 for none and for a bad one, TooMany for one that asks too often."""
    scheme, _space, token = request.headers.get("Authorization", "").strip().partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise problems.KeyMissing("Show your API key in the header: “Authorization: Bearer ic_…”.")
    actor, used = queries.key_actor(token.strip(), request.request_id)
    wait = calls.take(str(actor.key_id), settings.API_PER_MINUTE)
    if wait:
        told = f"This key has called more than {settings.API_PER_MINUTE} times in a minute. Slow down and try again."
        raise TooMany(told, retry_after=int(wait) + 1)
    now = timezone.now()
    if used is None or now - used >= actions.USED_EVERY:
        with acting(actor):
            actions.note_key_use(actor, now=now)
    return actor


def body(request: AskedBy, decoder: msgspec.json.Decoder[_T], known: frozenset[str]) -> _T:
    """What was sent; ``known`` are the names of all fields, for a hint at one that was misspelt.

    Raises MediaType, TooLarge, BadJson, Invalid (naming the field).
    """
    if request.content_type != "application/json":
        raise problems.MediaType("Send JSON, with the header “Content-Type: application/json”.")
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > MOST_BYTES or len(request.body) > MOST_BYTES:
        raise problems.TooLarge(f"Send at most {MOST_BYTES // 1024} KB at a time.")
    try:
        return decoder.decode(request.body)
    except msgspec.ValidationError as error:
        raise _invalid(str(error), known) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise problems.BadJson(f"The body is not JSON: {error}.") from None


def _invalid(said: str, known: frozenset[str]) -> Invalid:
    where = _WHERE.search(said)
    path = where[1].replace("[", ".").replace("]", "").strip(".") if where else ""
    said = _WHERE.sub("", said)
    unknown = _UNKNOWN.match(said)
    if unknown is None:
        return Invalid(f"{path or 'body'}: {said}.", problems=[FieldProblem(path, "TYPE", f"{said}.")])
    name = unknown[1]
    near = next(iter(get_close_matches(name, known, 1)), "")
    told = f"There is no field “{name}”."
    field = f"{path}.{name}".strip(".")
    return Invalid(told, problems=[FieldProblem(field, "UNKNOWN_FIELD", told, near)])
