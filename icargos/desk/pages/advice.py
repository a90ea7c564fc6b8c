"""The courier's side of shipper advice: what shippers asked for, and what waits for them."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.consignments.rules import REASONS, WINDOWS
from icargos.dispatch import actions, queries
from icargos.dispatch.queries import AdviceRow
from icargos.dispatch.rules.advice import AdviceState, allowed_dates
from icargos.dispatch.rules.silence import answer_by, if_silent
from icargos.kit.actor import Actor
from icargos.kit.errors import NotFound
from icargos.ui import posted
from icargos.ui.page import AskedBy, page
from icargos.ui.toasts import toast

_TABS = {
    "submitted": (AdviceState.SUBMITTED,),
    "open": (AdviceState.OPEN,),
    "answered": (AdviceState.ACCEPTED, AdviceState.REJECTED, AdviceState.OVERRIDDEN),
}


@page("desk", "desk/advice/", name="advice", needs=Can.ANSWER_ADVICE)
def advice(request: AskedBy, actor: Actor) -> HttpResponse:
    """The station's advice queue."""
    tab = request.GET.get("tab", "submitted")
    tab = tab if tab in _TABS else "submitted"
    counts = queries.advice_tally(actor)
    labels = {"submitted": _("To answer"), "open": _("With the shipper"), "answered": _("Answered")}
    here = queries.post_of(actor)
    context = {
        "station_name": here.name if here else "",
        "tab": tab,
        "tabs": [
            {
                "label": labels[name],
                "url": f"{reverse('desk:advice')}?tab={name}",
                "count": sum(counts[state] for state in states),
                "current": name == tab,
            }
            for name, states in _TABS.items()
        ],
        "rows": [_row(row) for row in queries.advice_queue(actor, _TABS[tab])],
    }
    return render(request, "desk/advice.html", context)


@page("desk", "desk/advice/count/", name="advice_count", needs=Can.ANSWER_ADVICE)
def advice_count(request: AskedBy, actor: Actor) -> HttpResponse:
    """A fragment: how many advices wait for the desk."""
    waiting = queries.advice_waiting(actor)[AdviceState.SUBMITTED] if queries.post_of(actor) else 0
    return render(request, "ui/parts/menu_count.html", {"n": waiting})


@page("desk", "desk/advice/<int:advice>/", name="answer", needs=Can.ANSWER_ADVICE, methods=("POST",), owner="advice")
def answer(request: AskedBy, actor: Actor, advice: int) -> HttpResponse:
    """Accept, reject or override; back to the page it was answered on."""
    decision = request.POST.get("decision", "")
    row = queries.advice(actor, advice)
    if row is None:
        raise NotFound(_("There is no such advice at your station."))
    overrides, window = decision == "override", request.POST.get("window", "")
    actions.answer(
        actor,
        advice,
        decision,
        posted.words(request.POST, "comment"),
        now=timezone.now(),
        action=request.POST.get("action", "") if overrides else "",
        on_date=posted.day(request.POST, "on_date") if overrides else None,
        window=window if overrides and window in WINDOWS else "",
    )
    told = {
        "accept": _("%(cn)s: advice accepted"),
        "reject": _("%(cn)s: advice rejected, the shipper is asked again"),
        "override": _("%(cn)s: advice overridden"),
    }
    toast(request, told[decision] % {"cn": row.cn})
    if request.POST.get("back") == "parcel":
        return redirect("desk:parcel", cn=row.cn)
    return redirect("desk:advice")


def answering() -> dict[str, Any]:
    """What the answer form offers."""
    return {
        "days": allowed_dates(timezone.now()),
        "windows": WINDOWS,
        "actions": [
            ("reattempt", _("Re-attempt")),
            ("return", _("Return")),
            ("hold", _("Hold")),
            ("self_collection", _("Self-collect")),
        ],
    }


def _row(row: AdviceRow) -> dict[str, Any]:
    reason = REASONS[row.reason]
    until = answer_by(reason, row.opened_at)
    return {
        "it": row,
        "reason": _(reason.label),
        "url": reverse("desk:parcel", args=[row.cn]),
        "until": until,
        "late": row.state == AdviceState.OPEN and until < timezone.now(),
        "silent": _(if_silent(reason)),
    }
