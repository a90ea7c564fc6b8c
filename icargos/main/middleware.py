"""What surrounds every request: its id, its log line, its security headers, who is asking, and refusals as pages."""

import secrets
from collections.abc import Callable
from time import perf_counter

import structlog
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from icargos.accounts import queries as accounts
from icargos.accounts.queries import Seat
from icargos.kit.errors import Refused
from icargos.main import failures, health
from icargos.ui.toasts import warn

Next = Callable[[HttpRequest], HttpResponseBase]
log = structlog.get_logger("web")


class RequestId:
    """Gives each request an id, ties log lines to it and writes one line when it is answered."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the id in ``X-Request-Id``."""
        request.request_id = secrets.token_hex(8)  # type: ignore[attr-defined]
        request.actor = None  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request.request_id)  # type: ignore[attr-defined]
        began = perf_counter()
        response = self.get_response(request)
        response["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
        if not request.path.startswith("/static/"):
            took = round((perf_counter() - began) * 1000, 1)
            log.info("request", method=request.method, path=_loggable(request), status=response.status_code, ms=took)
        return response


def _loggable(request: HttpRequest) -> str:
    """The path; where it carries a token, which opens a page to whoever has it, the page's pattern."""
    match = request.resolver_match
    return f"/{match.route}" if match is not None and "token" in match.kwargs else request.path


class Health:
    """Answers the probes before anything else, so that they need neither a host name nor a session."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """``/healthz`` and ``/readyz``."""
        if request.path == "/healthz":
            return health.healthz(request)
        if request.path == "/readyz":
            return health.readyz(request)
        return self.get_response(request)


class SecurityHeaders:
    """A strict Content-Security-Policy and its companions on every answer."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        connect = " ".join(filter(None, ["'self'", settings.LIVE_ORIGIN]))
        self.policy = (
            "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data: blob:; "
            f"connect-src {connect}; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
            "object-src 'none'"
        )

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Add the headers; pages about people are never stored by caches."""
        response = self.get_response(request)
        # A file that people sent is given out behind a tighter policy of its own.
        response.headers.setdefault("Content-Security-Policy", self.policy)
        response["Permissions-Policy"] = "camera=(self), geolocation=(self), microphone=()"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        if not request.path.startswith("/static/") and "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        return response


def _seat(request: HttpRequest, person_id: int) -> Seat | None:
    """The seat this sign-in acts in: chosen at its first page and kept for its life, whatever seats come and go.

    None once it is gone, even where the person has another: somebody half-way through a task would finish it in the
    wrong shipper.
    """
    seats = accounts.seats(person_id)
    held = request.session.setdefault("shipper", seats[0].shipper_id if seats else None)
    seat = next((seat for seat in seats if seat.shipper_id == held), None)
    if seat is None:
        warn(request, _("You do not belong to this account any more. If you work for another one, sign in again."))
    return seat


class WhoIsAsking:
    """Turns the signed-in person into an Actor, and a refusal into a page."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Go on; who is asking is looked up once the page is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: object, kwargs: object
    ) -> None:
        """Set ``request.actor``: None for a stranger, a person who belongs nowhere, and on pages that never ask."""
        if getattr(view, "for_strangers", False):
            return
        person = request.user
        if person.is_authenticated:
            request_id = request.request_id  # type: ignore[attr-defined]
            if person.staff_role:
                actor = accounts.staff_actor(person.pk, person.name, person.staff_role, request_id)
                request.actor = actor  # type: ignore[attr-defined]
            else:
                seat = _seat(request, person.pk)
                if seat is None:
                    logout(request)
                else:
                    actor = accounts.seated_actor(person.pk, person.name, seat, request_id)
                    request.actor = actor  # type: ignore[attr-defined]
                    request.seat = seat  # type: ignore[attr-defined]

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        """Render a refusal; anything else goes on to be an error 500."""
        return failures.refused(request, error) if isinstance(error, Refused) else None
