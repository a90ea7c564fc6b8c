"""What is done with parcels ticked in a list: mark them ready, put them on load sheets."""

import secrets
from collections.abc import Sequence

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from icargos.accounts.rules import Can
from icargos.booking import actions
from icargos.booking.actions import MadeSheets
from icargos.consignments import queries as consignments
from icargos.kit.actor import Actor
from icargos.kit.errors import Invalid
from icargos.portal.pages.orders.chosen import chosen
from icargos.ui import posted
from icargos.ui.page import AskedBy, page
from icargos.ui.toasts import toast, warn

MOST = 5000


@page("portal", "hand-over/ready/", name="ready", needs=Can.HAND_OVER, methods=("POST",))
def ready(request: AskedBy, actor: Actor) -> HttpResponse:
    """Mark the posted ``cn``s ready for pickup; with ``ready=no`` take that back."""
    takes_back = request.POST.get("ready") == "no"
    mark = actions.mark_not_ready if takes_back else actions.mark_ready
    done = mark(actor, ticked(request, actor), now=timezone.now())
    if done.marked:
        told = (
            ngettext("%(n)d parcel is not ready any more", "%(n)d parcels are not ready any more", done.marked)
            if takes_back
            else ngettext("%(n)d parcel is ready for pickup", "%(n)d parcels are ready for pickup", done.marked)
        )
        toast(request, told % {"n": done.marked})
    _tell_refused(request, list(done.refused.values()))
    if not done.marked and not done.refused:
        toast(request, _("They were so already; nothing was changed"))
    return back(request)


@page("portal", "hand-over/load-sheets/", name="sheets_make", needs=Can.HAND_OVER, methods=("POST",))
def sheets_make(request: AskedBy, actor: Actor) -> HttpResponse:
    """New load sheets of the posted ``cn``s, one for each pickup place; or of the posted ``import``."""
    import_id = posted.number(request.POST, "import")
    key, now = posted.words(request.POST, "once", most=100) or secrets.token_urlsafe(16), timezone.now()
    if import_id is not None:
        made = actions.make_sheets_of_import(actor, import_id, key=key, now=now)
    else:
        made = actions.make_sheets(actor, consignments.numbered(actor, ticked(request, actor)), key=key, now=now)
    return tell_made(request, made)


def tell_made(request: AskedBy, made: MadeSheets) -> HttpResponseRedirect:
    """Say what became of the parcels, and go to the sheet, or to the list when there are several."""
    told = ngettext("%(n)d parcel listed", "%(n)d parcels listed", made.parcels)
    toast(request, told % {"n": made.parcels})
    _tell_refused(request, list(made.refused.values()))
    if len(made.numbers) == 1:
        return redirect("portal:load_sheet", sheet=made.numbers[0])
    return redirect("portal:load_sheets")


def ticked(request: AskedBy, actor: Actor) -> list[str]:
    """The numbers of the posted form, or of all that match its list. Raises Invalid for none and more than 5,000."""
    if request.POST.get("all"):
        cns = consignments.numbers(actor, chosen(actor, request.POST))
    else:
        cns = [cn.replace("\x00", "") for cn in request.POST.getlist("cn")]
    if not cns:
        raise Invalid(_("Tick the parcels first."))
    if len(cns) > MOST:
        raise Invalid(_("At most 5,000 parcels at once. Do it in parts."))
    return cns


def back(request: AskedBy) -> HttpResponseRedirect:
    """To the page of ours that the form names, or to the orders."""
    where = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(where, allowed_hosts={request.get_host()})
    return redirect(where if ours else "portal:orders")


def _tell_refused(request: AskedBy, told: Sequence[str]) -> None:
    for message in told[:3]:
        warn(request, message)
    if len(told) > 3:
        warn(request, ngettext("And %(n)d more.", "And %(n)d more.", len(told) - 3) % {"n": len(told) - 3})
