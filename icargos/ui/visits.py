"""Visits to a consignee as every door shows them: attempts with their evidence and advice, the proof of a delivery."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from icargos.consignments.rules import REASONS
from icargos.consignments.rules.papers import PAPERS
from icargos.dispatch.queries import Advised, Proven, Tried
from icargos.dispatch.rules.advice import AdviceState
from icargos.kit.texts import gettext_noop
from icargos.ui import wording

WRONG_CLOCK_S = 300
_ACTION = {
    "reattempt": gettext_noop("Re-attempt"),
    "return": gettext_noop("Return"),
    "hold": gettext_noop("Hold"),
    "self_collection": gettext_noop("Self-collect"),
}
_STATE = {
    AdviceState.OPEN: gettext_noop("Waits for the shipper"),
    AdviceState.SUBMITTED: gettext_noop("Sent to the courier"),
    AdviceState.ACCEPTED: gettext_noop("Accepted"),
    AdviceState.REJECTED: gettext_noop("Rejected"),
    AdviceState.OVERRIDDEN: gettext_noop("Overridden by the courier"),
    AdviceState.REPLACED: gettext_noop("Replaced by a later answer"),
    AdviceState.EXPIRED: gettext_noop("Past"),
}
_STATE_HUE = {
    AdviceState.OPEN: "warn",
    AdviceState.SUBMITTED: "move",
    AdviceState.ACCEPTED: "done",
    AdviceState.REJECTED: "bad",
    AdviceState.OVERRIDDEN: "ret",
}
_RELATION = {
    "self": gettext_noop("Consignee"),
    "family": gettext_noop("Family"),
    "guard": gettext_noop("Guard"),
    "neighbour": gettext_noop("Neighbour"),
    "office": gettext_noop("Office"),
    "other": gettext_noop("Other"),
}


def action_word(code: str) -> str:
    """What an advice asks for, as a word."""
    return _(_ACTION[code]) if code in _ACTION else ""


def relation_word(code: str) -> str:
    """Who a receiver is to the consignee."""
    return _(_RELATION.get(code, code))


def relations() -> list[tuple[str, str]]:
    """Every relation with its word."""
    return [(code, _(word)) for code, word in _RELATION.items()]


def attempt(tried: Tried, cn: str, view: str, *, notes: bool) -> dict[str, Any]:
    """One failed visit for ``ui/parts/attempts.html``; ``view`` is the door's route for pictures.

    Without ``notes`` free text is left out too: people write phones and addresses into it.
    """
    return {
        "n": tried.n,
        "reason": _(REASONS[tried.reason].label),
        "counted": tried.counted,
        "at": tried.occurred_at,
        "rider": tried.rider,
        "note": tried.note if notes else "",
        "evidence": _evidence(tried) if notes else [],
        "pictures": [reverse(view, args=[cn, name]) for name in tried.photos],
        "advice": [advised(one, notes=notes) for one in reversed(tried.advice)],
    }


def advised(advice: Advised, *, notes: bool) -> dict[str, Any]:
    """One advice for ``ui/parts/attempts.html``."""
    state = AdviceState(advice.state)
    action = advice.decided or advice.action
    day = advice.decided_date if advice.decided else advice.on_date
    changes = [
        (_("New phone"), advice.new_phone or "", "phone"),
        (_("New address"), advice.new_address or "", ""),
        (_("Landmark"), advice.landmark or "", ""),
    ]
    return {
        "state": state.value,
        "state_word": _(_STATE[state]),
        "hue": _STATE_HUE.get(state, "new"),
        "action": action_word(action),
        "day": day,
        "window": "" if advice.decided else advice.window,
        "note": advice.note if notes else "",
        "changes": [change for change in changes if change[1]],
        "cod_paisa": advice.cod_paisa,
        "by": advice.by_name,
        "at": advice.at,
        "answered_by": advice.answered_by,
        "answered_at": advice.answered_at,
        "answer": advice.answer if notes else "",
    }


def proof(proven: Proven, view: str, *, notes: bool) -> dict[str, Any]:
    """The proof of a delivery for ``ui/parts/proof.html``."""
    methods = {"cash": _("Cash"), "raast": _("Raast")}
    lines = [(_("Run sheet"), proven.run_number), (_("Rider"), proven.rider)]
    if proven.lat is not None and proven.lng is not None:
        lines.append((_("Position"), f"{proven.lat:.5f}, {proven.lng:.5f}" + _within(proven.accuracy_m)))
    if abs(proven.skew_s) > WRONG_CLOCK_S:
        lines.append((_("Phone's clock"), _skew(proven.skew_s)))
    if proven.no_code_reason and notes:
        lines.append((_("Without a code because"), proven.no_code_reason))
    if proven.note and notes:
        lines.append((_("Rider's note"), proven.note))
    return {
        "receiver": proven.receiver_name if notes else "",
        "relation": relation_word(proven.relation),
        "at": proven.occurred_at,
        "received_at": proven.received_at,
        "collected_paisa": proven.cod_collected_paisa,
        "method": methods.get(proven.method, ""),
        "lines": lines,
        "sha256": proven.sha256,
        "pictures": [(name, reverse(view, args=[proven.cn, name]), picture_word(name)) for name in proven.pictures],
    }


def picture_word(name: str) -> str:
    """What a picture of a proof shows, by its name there."""
    kind, _dash, code = name.partition("-")
    if kind == "paper":
        return _(PAPERS.get(code, code))
    return _("Signature") if kind == "signature" else _("Photo by the rider")


def picture_response(data: bytes) -> HttpResponse:
    """One of our own pictures: a JPEG, or a PNG where it is a signature."""
    kind = "image/png" if data.startswith(b"\x89PNG") else "image/jpeg"
    response = HttpResponse(data, content_type=kind)
    response["Content-Disposition"] = "inline"
    response["Cache-Control"] = "private, max-age=600"
    return response


def _evidence(tried: Tried) -> list[dict[str, str]]:
    lines = []
    if tried.lat is not None and tried.lng is not None:
        where = f"{tried.lat:.5f}, {tried.lng:.5f}" + _within(tried.accuracy_m)
        lines.append({"icon": "map-pin", "hue": "done", "text": where})
    else:
        lines.append({"icon": "map-pin-x", "hue": "warn", "text": _("No position")})
    if tried.calls:
        lines.append({"icon": "phone", "hue": "done" if any(tried.calls) else "warn", "text": _calls(tried.calls)})
    if not tried.photos:
        lines.append({"icon": "camera", "hue": "warn", "text": _("No photo")})
    if tried.later_date:
        day = wording.local_day(date.fromisoformat(tried.later_date))
        lines.append({"icon": "calendar", "hue": "new", "text": _("Asked for %(day)s") % {"day": day}})
    if abs(tried.skew_s) > WRONG_CLOCK_S:
        lines.append(
            {"icon": "clock-alert", "hue": "warn", "text": _("Phone's clock: %(skew)s") % {"skew": _skew(tried.skew_s)}}
        )
    return lines


def _calls(seconds: Sequence[int]) -> str:
    each = ", ".join(_("%(n)d s") % {"n": away} for away in seconds)
    told = ngettext("%(n)d call, %(each)s away from the page", "%(n)d calls, %(each)s away from the page", len(seconds))
    return told % {"n": len(seconds), "each": each}


def _within(accuracy_m: float | None) -> str:
    return f" (± {round(accuracy_m)} m)" if accuracy_m is not None else ""


def _skew(seconds: int) -> str:
    told = _("%(far)s fast") if seconds > 0 else _("%(far)s slow")
    return told % {"far": wording.span(abs(seconds))}
