"""Today's run: pickups, then what is left to deliver, what was done, how much cash is in the pocket."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from icargos.accounts.rules import Can
from icargos.booking import queries as booking
from icargos.dispatch import queries
from icargos.dispatch.queries import StopRow
from icargos.kit.actor import Actor
from icargos.ui import papers
from icargos.ui.page import AskedBy, page


@page("rider", "rider/", name="run", needs=Can.DELIVER)
def run(request: AskedBy, actor: Actor) -> HttpResponse:
    """The stops in their order: first those that wait, below them what they came to."""
    cards = queries.runs(actor)
    stops = queries.stops(actor)
    waiting = [stop for stop in stops if stop.state == "pending"]
    delivered = [stop for stop in stops if stop.state == "delivered"]
    failed = [stop for stop in stops if stop.state in ("failed", "not_attempted")]
    back = [stop for stop in stops if stop.state == "handed_back"]
    visits = booking.rider_visits(actor)
    context: dict[str, Any] = {
        "visits": [one for one in visits if one.is_open],
        "visited": [one for one in visits if not one.is_open],
        "runs": cards,
        "today": timezone.localdate(),
        "total": len(stops),
        "done": len(stops) - len(waiting),
        "waiting": [_line(stop) for stop in waiting],
        "groups": [
            ("delivered", delivered, sum(stop.cod_paisa for stop in delivered)),
            ("failed", failed, sum(stop.cod_paisa for stop in failed)),
            ("back", back, sum(stop.cod_paisa for stop in back)),
        ],
        "with_you": sum(card.collected_paisa for card in cards),
        "to_take": sum(stop.cod_paisa for stop in waiting),
        "delivered": len(delivered),
        "failed": len(failed) + len(back),
    }
    return render(request, "rider/run.html", context)


@page("rider", "rider/runs/<int:run>/sheet.pdf", name="run_pdf", needs=Can.DELIVER, owner="run")
def run_pdf(request: AskedBy, actor: Actor, run: int) -> HttpResponse:
    """His own run sheet as a paper."""
    return papers.delivery_run(request, actor, run)


def _line(stop: StopRow) -> dict[str, Any]:
    wish = stop.wish
    return {
        "it": stop,
        "again": stop.attempts + 1 if stop.attempts else 0,
        "window": wish.window if wish and wish.action == "reattempt" else "",
        "wished": bool(wish),
    }
