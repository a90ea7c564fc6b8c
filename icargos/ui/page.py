"""The route registry: a page declares its path, its name and what it needs, and gets its actor and its transaction.

Every route of the portal is declared here, so that the house tests can walk all of them. A page that is not declared
is not mounted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext_noop

from icargos.ground.tenancy import acting
from icargos.kit.actor import Actor, Kind
from icargos.kit.errors import NotFound, WrongMethod

ANYONE = "anyone"  # needs no sign-in
SIGNED_IN = "signed_in"  # needs a sign-in, no capability


class AskedBy(HttpRequest):
    """A request after the middleware: ``actor`` is None for a stranger."""

    actor: Actor | None
    request_id: str


@dataclass(frozen=True, slots=True)
class Route:
    """One declared route. ``owner`` says whose rows its path names: "" none, else the noun ("consignment")."""

    door: str
    path: str
    name: str
    needs: str
    methods: tuple[str, ...]
    owner: str
    view: Callable[..., HttpResponseBase]


ROUTES: list[Route] = []
Page = Callable[..., HttpResponseBase]


def page(
    door: str, where: str, *, name: str, needs: str, methods: tuple[str, ...] = ("GET",), owner: str = ""
) -> Callable[[Page], Page]:
    """Declare a page; ``door`` is "" for the few that belong to no door.

    It is called as ``view(request, actor, **path)`` inside one transaction behind the actor's fence. A stranger is
    sent to sign in; an actor of another kind than the door's gets 404; one without the capability 403.
    Pages with ``needs=ANYONE`` are called as ``view(request, **path)``, in no transaction and behind no fence.
    """

    def declare(view: Page) -> Page:
        @wraps(view)
        def guarded(request: AskedBy, **where_to: Any) -> HttpResponseBase:
            if needs == ANYONE:
                return view(request, **where_to)
            actor = request.actor
            if actor is None:
                to = f"/accounts/login/?{urlencode({'next': _came_from(request)})}"
                if request.headers.get("HX-Request"):
                    return HttpResponse(status=401, headers={"HX-Redirect": to})
                return redirect(to)
            if door in KINDS and actor.kind is not KINDS[door]:
                raise NotFound("There is no such page for your account.")
            if needs != SIGNED_IN:
                actor.require(needs)
            with acting(actor):
                return view(request, actor, **where_to)

        guarded.for_strangers = door in FOR_STRANGERS  # type: ignore[attr-defined]
        ROUTES.append(Route(door, where, f"{door}:{name}" if door else name, needs, methods, owner, guarded))
        return guarded

    return declare


def _came_from(request: HttpRequest) -> str:
    """Where a person goes on after signing in: the page that was asked for, or the one that a form stood on."""
    fragment = request.headers.get("HX-Request")
    if request.method in ("GET", "HEAD") and not fragment:
        return request.get_full_path()
    page = urlsplit(request.headers.get("HX-Current-URL" if fragment else "Referer", ""))
    if page.netloc != request.get_host() or not page.path.startswith("/") or page.path.startswith("//"):
        return "/"
    return urlunsplit(("", "", page.path, page.query, ""))


# Doors whose pages never ask who is there: they cost no look-up of a session or a person.
FOR_STRANGERS = {"track"}
# Doors whose routes answer every method themselves (icargos/api/call.py declares them).
FOR_PROGRAMMES = {"api"}
KINDS = {"portal": Kind.SHIPPER, "desk": Kind.STAFF, "rider": Kind.STAFF}


def urls(door: str) -> list[URLPattern]:
    """The door's URL patterns, from its declared pages (import the door's pages first)."""
    return [
        path(route.path, _only(route), name=route.name.rpartition(":")[2]) for route in ROUTES if route.door == door
    ]


def _only(route: Route) -> Callable[..., HttpResponseBase]:
    if route.door in FOR_PROGRAMMES:
        return route.view
    # Whoever may read a page may ask for its headers alone (RFC 9110, 9.3.2); no view acts on anything but a POST.
    allow = (*route.methods, *(("HEAD",) if "GET" in route.methods else ()))

    @wraps(route.view)
    def answered(request: AskedBy, **where_to: Any) -> HttpResponseBase:
        if request.method not in allow:
            told = gettext_noop("This address takes what a form sends; it shows nothing by itself.")
            raise WrongMethod(told, allow=allow)
        return route.view(request, **where_to)

    return answered
