"""What a person at the belt sees of a scan: one colour, one huge word, one sentence; and the tally of their session."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone
from django.utils.translation import gettext as _

from icargos.consignments.rules import LABEL, Status
from icargos.dispatch.actions import Scan, Scanned, Verdict
from icargos.kit.texts import gettext_noop
from icargos.ui.scans import Shown, read_numbers, wrong

LAST = 12
_KEY = "belt"
S = Status

Look = Callable[[Scanned], tuple[str, str]]


# The one word that stops a hand, by the status of the parcel in it. What is not here is simply somewhere else's.
_STOPS: Mapping[Status, str] = {
    S.CANCELLED: gettext_noop("Cancelled"),
    S.EXPIRED: gettext_noop("Expired"),
    S.OUT_FOR_DELIVERY: gettext_noop("On a run"),
    S.DELIVERY_UNSUCCESSFUL: gettext_noop("On a run"),
    S.DELIVERED: gettext_noop("Delivered"),
    S.RETURNED_TO_SHIPPER: gettext_noop("Returned"),
    S.SHIPPER_ADVICE_PENDING: gettext_noop("Advice"),
    S.ON_HOLD: gettext_noop("On hold"),
    S.HOLD_SELF_COLLECTION: gettext_noop("Counter"),
    S.LOST: gettext_noop("Lost"),
    S.DAMAGED: gettext_noop("Damaged"),
    S.CLAIM_IN_PROCESS: gettext_noop("Claim"),
    S.CLAIM_SETTLED: gettext_noop("Claim"),
}
# The shelf for a parcel that came back from a run.
_SHELVES: Mapping[Status, str] = {
    S.SHIPPER_ADVICE_PENDING: gettext_noop("Advice"),
    S.REATTEMPT_REQUESTED: gettext_noop("Re-attempt"),
    S.RETURN_CONFIRMED: gettext_noop("Return"),
    S.ON_HOLD: gettext_noop("Hold"),
    S.HOLD_SELF_COLLECTION: gettext_noop("Counter"),
}


def read_scans(posted: Mapping[str, str]) -> list[Scan]:
    """The scans of a form: ``cns`` (one number or up to 1,000, apart by any space or comma), ``event``, ``weight``.

    One number keeps the form's event id; of many each gets its place added. Raises Invalid for none, too many, or a
    weight that is no number of kilograms.
    """
    numbers = read_numbers(posted)
    event = posted.get("event", "")
    grams = _grams(posted.get("weight", ""))
    if len(numbers) == 1:
        return [Scan(cn=numbers[0], source_event_id=event, weight_g=grams)]
    return [Scan(cn=number, source_event_id=f"{event}-{place}") for place, number in enumerate(numbers)]


def _grams(text: str) -> int | None:
    typed = text.strip().replace(",", ".")
    if not typed:
        return None
    try:
        kilos = Decimal(typed)
    except InvalidOperation as error:
        raise wrong("weight", _("The weight must be a number of kilograms, for example 1.2.")) from error
    if not kilos.is_finite() or not 0 <= kilos <= 1000:
        raise wrong("weight", _("The weight must be a number of kilograms, for example 1.2."))
    return int(kilos * 1000)


def sorting(stations: Mapping[str, str]) -> Look:
    """At the belt: the sort code, huge; ``stations`` are names by code."""

    def look(one: Scanned) -> tuple[str, str]:
        if one.status in (S.RETURN_RECEIVED_AT_ORIGIN, S.RETURN_IN_TRANSIT, S.RETURN_CONFIRMED):
            return _("Return"), _("Back to %(shipper)s.") % {"shipper": one.shipper}
        return one.sort_code, stations.get(one.sort_code.partition("-")[0], "")

    return look


def placing(places: Mapping[str, int]) -> Look:
    """Onto a run sheet: the parcel's place on it; ``places`` are the sheet's, by number."""

    def look(one: Scanned) -> tuple[str, str]:
        return str(places.get(one.cn, "")), one.sort_code

    return look


def shelving(one: Scanned) -> tuple[str, str]:
    """Back from a run: the shelf."""
    shelf, status = _(_SHELVES.get(Status(one.status), gettext_noop("Next run"))), _(LABEL[Status(one.status)])
    return shelf, "" if shelf == status else status


def shown(answers: Sequence[Scanned], look: Look, said: Mapping[Verdict, str], scans: Sequence[Scan]) -> list[Shown]:
    """The answers as the page shows them; ``said`` is the short sentence over the big word for each verdict."""
    at = timezone.localtime().strftime("%H:%M:%S")
    rows = []
    for one, scan in zip(answers, scans, strict=True):
        stopped = one.verdict is Verdict.REFUSED
        big, text = (_stop_word(one), one.message) if stopped else look(one)
        rows.append(
            Shown(
                at=at,
                cn=one.cn,
                tone="stop" if stopped else "again" if one.verdict is Verdict.AGAIN else "good",
                say=said[one.verdict],
                big=big,
                is_word=stopped or not (big == one.sort_code or big.isdecimal()),
                text=text if stopped else " ".join(part for part in (text, one.message) if part),
                shipper=one.shipper,
                status=one.status,
                weight_g=scan.weight_g or 0,
                booked_g=one.booked_weight_g,
                differs=one.weight_differs and not stopped,
            )
        )
    return rows


def _stop_word(one: Scanned) -> str:
    if not one.status:
        return _("Unknown")
    return _(_STOPS.get(Status(one.status), gettext_noop("Not here")))


def tally(session: SessionBase) -> dict[str, Any]:
    """The session's counts and its last scans; kept with the sign-in, so that a reload loses nothing."""
    kept: dict[str, Any] = session.get(_KEY) or {}
    counts = {name: kept.get(name, 0) for name in ("good", "again", "stop", "differs")}
    since = kept.get("since")
    minutes = max(1.0, (timezone.now() - datetime.fromisoformat(since)).total_seconds() / 60) if since else 1.0
    total = counts["good"] + counts["again"] + counts["stop"]
    return {
        **counts,
        "total": total,
        "since": datetime.fromisoformat(since) if since else None,
        "pace": round(total / minutes),
        "last": kept.get("last", []),
    }


def count(session: SessionBase, rows: Sequence[Shown]) -> None:
    """Add scans to the session's tally."""
    kept: dict[str, Any] = session.get(_KEY) or {"since": timezone.now().isoformat()}
    for row in rows:
        kept[row["tone"]] = kept.get(row["tone"], 0) + 1
        kept["differs"] = kept.get("differs", 0) + row["differs"]
    kept["last"] = [*reversed(rows[-LAST:]), *kept.get("last", [])][:LAST]
    session[_KEY] = kept


def forget(session: SessionBase) -> None:
    """Begin a new tally."""
    session.pop(_KEY, None)
