"""Tracking for anyone: by number (tier 1), by the consignee's link (tier 2), by the QR of a label, proof or receipt."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import check_for_language, get_language

from icargos.consignments.queries import tracking
from icargos.consignments.queries.tracking import Tracked
from icargos.consignments.rules import FINAL, Status
from icargos.dispatch import queries as dispatch
from icargos.finance import queries as finance
from icargos.kit import cn as cn_format
from icargos.paper.cod_receipt import entry
from icargos.paper.epod import in_eights
from icargos.track import answers, limits, wording
from icargos.ui import papers, route_map
from icargos.ui.page import ANYONE, page

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
UNKNOWN = msgspec.json.encode(
    {"type": "about:blank#not_found", "title": "There is no parcel with this number.", "status": 404}
)
_ENCODER = msgspec.json.Encoder()


def _for_people(view: View[P]) -> View[P]:
    """Not for search engines; ``?lang=ur`` (as in a message's link) chooses the browser's language and goes away."""

    @wraps(view)
    def shown(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        wanted = request.GET.get("lang", "")
        if wanted in dict(settings.LANGUAGES) and check_for_language(wanted):
            rest = urlencode({key: value for key, value in request.GET.items() if key != "lang"})
            response: HttpResponse = redirect(f"{request.path}?{rest}" if rest else request.path)
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, wanted, max_age=31536000, samesite="Lax")
        else:
            response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return shown


@page("track", "track", name="home", needs=ANYONE)
@_for_people
def home(request: HttpRequest) -> HttpResponse:
    """The search box; a number that was typed goes on to its own address."""
    typed = cn_format.normalise(request.GET.get("cn", "")[: tracking.LONGEST])
    number = "".join(letter for letter in typed if letter.isalnum())
    if number:
        return redirect("track:parcel", cn=number)
    return _show(request, "track/home.html", {"asked": "cn" in request.GET})


@page("track", "track/<str:cn>.json", name="json", needs=ANYONE, owner="cn")
def as_json(request: HttpRequest, cn: str) -> HttpResponse:
    """Tier 1 for programmes."""
    limits.count_lookup(request)
    parcel = tracking.by_number(cn)
    if parcel is None:
        response = HttpResponse(UNKNOWN, status=404, content_type="application/problem+json")
    else:
        response = HttpResponse(_ENCODER.encode(answers.tier1(parcel)), content_type="application/json")
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@page("track", "track/<str:cn>", name="parcel", needs=ANYONE, owner="cn")
@_for_people
def by_number(request: HttpRequest, cn: str) -> HttpResponse:
    """Tier 1: what anyone with the number sees."""
    limits.count_lookup(request)
    parcel = tracking.by_number(cn)
    if parcel is None:
        typed = cn_format.normalise(cn[: tracking.LONGEST])
        return _show(request, "track/home.html", {"unknown": True, "typed": typed}, status=404)
    return _parcel(request, parcel, {})


@page("track", "t/<str:token>", name="link", needs=ANYONE, owner="token")
@_for_people
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Tier 2: what the holder of the consignee's link sees."""
    parcel = tracking.by_link(token)
    if parcel is None:
        return _show(request, "track/home.html", {"unknown": True}, status=404)
    owed = answers.to_pay(parcel.cod_paisa, parcel.cod_state, parcel.status)
    more = {"first_name": parcel.first_name, "masked_phone": parcel.masked_phone, "to_pay": owed}
    return _parcel(request, parcel, more | {"prepaid": parcel.cod_paisa == 0})


@page("track", "q/<str:token>", name="label", needs=ANYONE, owner="token")
@_for_people
def by_label(request: HttpRequest, token: str) -> HttpResponse:
    """What the QR of the label opens: tier 1 and the amount that was booked, whatever is written on the parcel."""
    parcel = tracking.by_label(token)
    if parcel is None:
        return _show(request, "track/home.html", {"unknown": True}, status=404)
    only = answers.on_label(parcel.cod_paisa, parcel.status)
    return _parcel(request, parcel, {"only": only, "prepaid": parcel.cod_paisa == 0})


@page("track", "p/<str:token>", name="proof", needs=ANYONE, owner="token")
@_for_people
def by_proof(request: HttpRequest, token: str) -> HttpResponse:
    """What the QR of a printed proof opens: that it is genuine, whether it still stands, and what to compare."""
    limits.count_lookup(request)
    proof = dispatch.verify(token)
    if proof is None:
        return _show(request, "track/home.html", {"unknown": True}, status=404)
    language = get_language() or "en"
    context = {
        "proof": proof,
        "delivered": papers.tongue().moment(timezone.localtime(proof.delivered_at)),
        "hash": in_eights(proof.sha256),
        "origin": answers.city(proof.origin, language),
        "destination": answers.city(proof.destination, language),
    }
    return _show(request, "track/proof.html", context)


@page("track", "r/<str:token>", name="receipt", needs=ANYONE, owner="token")
@_for_people
def by_receipt(request: HttpRequest, token: str) -> HttpResponse:
    """What the QR of a printed COD receipt opens: that it is genuine, whether it still stands, and what to compare."""
    limits.count_lookup(request)
    receipt = finance.check_receipt(token)
    if receipt is None:
        return _show(request, "track/home.html", {"unknown": True}, status=404)
    context = {
        "receipt": receipt,
        "collected": papers.tongue().moment(timezone.localtime(receipt.at)),
        "entry": entry(receipt.entry, receipt.key),
    }
    return _show(request, "track/receipt.html", context)


def _parcel(request: HttpRequest, parcel: Tracked, more: dict[str, object]) -> HttpResponse:
    status = Status(parcel.status)
    language = get_language() or "en"
    words = wording.WORDS[status]
    expected = answers.expected(parcel)
    now = timezone.now()
    history = [
        {"title": wording.WORDS[Status(milestone.status)].word, "at": milestone.at, "status": milestone.status}
        for milestone in reversed(parcel.milestones)
    ]
    origin, destination = (
        route_map.End(end.name, end.urdu, round(end.lon, 2), round(end.lat, 2))
        for end in (parcel.origin, parcel.destination)
    )
    context = {
        "cn": parcel.cn,
        "status": parcel.status,
        "word": words.word,
        "line": words.line,
        "headline": wording.headline(status, expected, parcel.status_at, now),
        "steps": wording.steps(status),
        "history": history,
        "origin": answers.city(parcel.origin, language),
        "destination": answers.city(parcel.destination, language),
        "expected": expected,
        "map": route_map.of_parcel(status, origin, destination),
        "poll": status not in FINAL,
    }
    template = "track/parcel_parts.html" if request.headers.get("HX-Request") else "track/parcel.html"
    return _show(request, template, context | more)


def _show(request: HttpRequest, template: str, context: dict[str, object], *, status: int = 200) -> HttpResponse:
    # Nobody is signed in here: no messages are read, since they would cost a session.
    base = {"messages": (), "language_url": "", "home_url": reverse("track:home"), "here": request.path}
    return render(request, template, base | context, status=status)
