"""The few addresses that belong to no door: the way in, the live ticket, language, brand colours, the icon."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.booking import queries as booking
from icargos.dispatch import queries as dispatch
from icargos.ground import live
from icargos.kit.actor import Actor, Kind
from icargos.kit.errors import NotFound
from icargos.ui import brand
from icargos.ui.navigation import first_address
from icargos.ui.page import ANYONE, SIGNED_IN, AskedBy, page


@page("", "", name="home", needs=ANYONE)
def home(request: AskedBy) -> HttpResponse:
    """Each to where their work begins; strangers to the sign-in, people who belong nowhere to tracking."""
    actor = request.actor
    if actor is None and not request.user.is_authenticated:
        return redirect("account_login")
    return redirect(first_address(actor) if actor is not None else "track:home")


@page("", "live-ticket/", name="live_ticket", needs=SIGNED_IN)
def live_ticket(request: AskedBy, actor: Actor) -> HttpResponse:
    """Where this person's page opens its stream, with a token that lives a minute."""
    tenant = actor.shipper_id if actor.kind is Kind.SHIPPER else None
    return JsonResponse({"url": f"{settings.LIVE_ORIGIN}/live?token={live.token(tenant)}"})


@page("", "ls/<str:sheet>/", name="load_sheet_code", needs=SIGNED_IN, owner="load_sheet")
def load_sheet_code(request: AskedBy, actor: Actor, sheet: str) -> HttpResponse:
    """What the code on a printed load sheet opens: the sheet for who may read it, for the rider his visit there."""
    found = booking.load_sheet(actor, sheet)
    if actor.kind is Kind.SHIPPER:
        return redirect("portal:load_sheet", sheet=found.number)
    if actor.may(Can.SEE_ALL_PARCELS):
        return redirect("desk:load_sheet", sheet=found.number)
    visit = booking.visit_of_sheet(actor, found.shipper_id, found.profile_id)
    if visit is None:
        raise NotFound(_("You have no pickup to make there."))
    return redirect("rider:pickup", pickup=visit)


@page("", "drs/<str:run_number>/", name="run_code", needs=SIGNED_IN, owner="run")
def run_code(request: AskedBy, actor: Actor, run_number: str) -> HttpResponse:
    """What the code on a printed run sheet opens: the run at its desk, or the rider's own stops."""
    if not actor.may(Can.SCAN) and not actor.may(Can.DELIVER):
        raise NotFound(_("There is no such run sheet here."))
    found = dispatch.run_numbered(actor, run_number)
    return redirect("desk:run", run=found.id) if actor.may(Can.SCAN) else redirect("rider:run")


@page("", "prs/<str:pickup_run_number>/", name="pickup_run_code", needs=SIGNED_IN, owner="pickup_run")
def pickup_run_code(request: AskedBy, actor: Actor, pickup_run_number: str) -> HttpResponse:
    """What the code on a printed pickup run sheet opens: the sheet at its desk, or the rider's own visits."""
    if not actor.may(Can.SCAN) and not actor.may(Can.DELIVER):
        raise NotFound(_("There is no such pickup run sheet here."))
    found = booking.pickup_run_numbered(actor, pickup_run_number)
    return redirect("desk:pickup_run", pickup_run=found) if actor.may(Can.SCAN) else redirect("rider:run")


@page("", "language/", name="set_language", needs=ANYONE, methods=("POST",))
def set_language(request: AskedBy) -> HttpResponse:
    """Choose the language of this browser; goes back to where it was asked."""
    wanted = request.POST.get("language", "")
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    response = redirect(back)
    if wanted in dict(settings.LANGUAGES) and check_for_language(wanted):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, wanted, max_age=31536000, samesite="Lax")
    return response


@page("", "brand.css", name="brand", needs=ANYONE)
def brand_css(request: HttpRequest) -> HttpResponse:
    """The courier's two colours."""
    return brand.stylesheet(request)


@page("", "favicon.ico", name="icon", needs=ANYONE)
def icon(request: HttpRequest) -> HttpResponse:
    """Where browsers ask for the icon of what cannot name its own: a PDF in a window of its own."""
    answer = redirect(static("icon.svg"))
    answer["Cache-Control"] = "public, max-age=86400"
    return answer
