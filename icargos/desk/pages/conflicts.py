"""Reports that contradict the scans: a rider says one thing, the parcel was seen elsewhere. The desk decides."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.consignments.rules import LABEL, REASONS, Status
from icargos.dispatch import actions, queries
from icargos.dispatch.queries import ConflictRow
from icargos.kit.actor import Actor
from icargos.ui import posted
from icargos.ui.page import AskedBy, page
from icargos.ui.toasts import toast


@page("desk", "desk/conflicts/", name="conflicts", needs=Can.ANSWER_ADVICE)
def conflicts(request: AskedBy, actor: Actor) -> HttpResponse:
    """Open conflicts, oldest first; who approves for the courier settles them here."""
    here = queries.post_of(actor)
    context = {
        "station_name": here.name if here else "",
        "rows": [_row(row) for row in queries.conflicts(actor)],
        "held_paisa": queries.held_cod(actor),
        "settles": actor.may(Can.APPROVE),
    }
    return render(request, "desk/conflicts.html", context)


@page("desk", "desk/conflicts/count/", name="conflict_count", needs=Can.ANSWER_ADVICE)
def conflict_count(request: AskedBy, actor: Actor) -> HttpResponse:
    """A fragment: how many conflicts are open."""
    return render(request, "ui/parts/menu_count.html", {"n": len(queries.conflicts(actor))})


@page("desk", "desk/conflicts/<int:conflict>/", name="settle", needs=Can.APPROVE, methods=("POST",), owner="conflict")
def settle(request: AskedBy, actor: Actor, conflict: int) -> HttpResponse:
    """Apply what the rider reported, or dismiss it."""
    decision = request.POST.get("decision", "")
    actions.settle(actor, conflict, decision, posted.words(request.POST, "comment"), now=timezone.now())
    toast(request, _("The report was applied") if decision == "apply" else _("The report was dismissed"))
    return redirect("desk:conflicts")


def _row(row: ConflictRow) -> dict[str, Any]:
    report = row.report
    said = _("Delivered to %(name)s") % {"name": report.get("receiver_name", "")}
    if row.kind != "delivered":
        said = _("Failed: %(reason)s") % {"reason": _(REASONS[report["reason"]].label)}
    return {
        "it": row,
        "said": said,
        "found": _(LABEL[Status(row.found)]),
        "rider": report.get("rider", ""),
        "at": _moment(report.get("occurred_at", "")),
        "url": reverse("desk:parcel", args=[row.cn]),
        "pictures": [
            reverse("desk:picture", args=[row.cn, name]) for name in queries.conflict_pictures(row.id, report)
        ],
    }


def _moment(text: str) -> datetime | None:
    return parse_datetime(text)
