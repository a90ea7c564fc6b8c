"""How a refusal looks: one plain sentence on a page, a fragment for htmx, problem details for programmes."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from icargos.api import problems
from icargos.kit.errors import Refused, TooMany, WrongMethod


def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    """The answer to a request that the rules do not allow."""
    answer = _answer(request, error.http_status, error.code, _(error.message) if error.message else "")
    if isinstance(error, TooMany):
        answer["Retry-After"] = str(error.retry_after)
    if isinstance(error, WrongMethod):
        answer["Allow"] = ", ".join(error.allow)
    return answer


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """No such address, or not this person's."""
    return _answer(request, 404, "not_found", _("There is no such page here. Check the address."))


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: the page was open too long, or comes from elsewhere."""
    return _answer(request, 403, "csrf", _("This page was open too long. Go back, reload it and send the form again."))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A request that cannot be read."""
    return _answer(request, 400, "bad_request", _("This request could not be read."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A known person without the right."""
    return _answer(request, 403, "forbidden", _("Your role does not allow this."))


def server_error(request: HttpRequest) -> HttpResponse:
    """Our own failure; the request id finds it in the log."""
    return _answer(request, 500, "error", _("Something went wrong on our side. Nothing was changed. Try again."))


def _answer(request: HttpRequest, status: int, code: str, message: str) -> HttpResponse:
    request_id = getattr(request, "request_id", "")
    if request.path.startswith("/api/"):
        refusal = Refused(message)
        refusal.code, refusal.http_status = code, status
        return problems.refused(request, refusal)
    if request.headers.get("Accept", "").startswith("application/json") or request.path.endswith(".json"):
        body = {"type": f"about:blank#{code}", "title": message, "status": status, "request_id": request_id}
        return JsonResponse(body, status=status, content_type="application/problem+json")
    context = {"status": status, "code": code, "message": message, "request_id": request_id}
    template = "ui/refusal_fragment.html" if request.headers.get("HX-Request") else "ui/refusal.html"
    return HttpResponse(render_to_string(template, context, request=request), status=status)
