"""What a phone sends, read into the reports of dispatch. Each carries the phone's own id, its clock and its hashes."""

import math
from datetime import datetime
from typing import TypedDict

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from icargos.booking.actions import Report
from icargos.consignments.rules.papers import PAPERS
from icargos.dispatch.rules.outcome import Delivery, Failure, NotAttempted
from icargos.dispatch.rules.proof import MOST_CALLS, MOST_PHOTOS, Call, File
from icargos.kit.errors import FieldProblem, Invalid
from icargos.ui import posted
from icargos.ui.page import AskedBy
from icargos.ui.uploads import MOST_BYTES


class _Common(TypedDict):
    stop_id: int
    source_event_id: str
    device_at: datetime
    sent_at: datetime | None
    lat: float | None
    lng: float | None
    accuracy_m: float | None
    device: str
    note: str


def delivery(request: AskedBy, stop_id: int) -> Delivery:
    """A hand-over as it was filled in. Raises Invalid for an amount that is no number."""
    return Delivery(
        **_common(request, stop_id),
        receiver=_text(request, "receiver"),
        relation=_text(request, "relation"),
        collected_paisa=posted.paisa(request.POST, "cod") or 0,
        method=_text(request, "method") or "cash",
        signature=next(iter(_files(request, "signature", 1)), None),
        photos=_files(request, "photo", MOST_PHOTOS + 1),
        papers={code: file for code in PAPERS for file in _files(request, f"paper_{code}", 1)},
        no_code_reason=_text(request, "no_code_reason"),
    )


def failure(request: AskedBy, stop_id: int) -> Failure:
    """A failed visit as it was filled in."""
    return Failure(
        **_common(request, stop_id),
        reason=_text(request, "reason"),
        photos=_files(request, "photo", MOST_PHOTOS + 1),
        calls=_calls(request),
        later_date=posted.day(request.POST, "later_date"),
    )


def not_attempted(request: AskedBy, stop_id: int) -> NotAttempted:
    """A stop that was not reached."""
    return NotAttempted(**_common(request, stop_id), reason=_text(request, "reason"))


def pickup_end(request: AskedBy, pickup_id: int, *, failed: bool) -> Report:
    """How a visit to a shipper ended; a failed one with its reason, whether it is known or not."""
    common = _common(request, pickup_id)
    return Report(
        request_id=pickup_id,
        source_event_id=common["source_event_id"],
        device_at=common["device_at"],
        sent_at=common["sent_at"],
        reason=(_text(request, "reason") or "none") if failed else "",
        note=common["note"],
        lat=common["lat"],
        lng=common["lng"],
        accuracy_m=common["accuracy_m"],
    )


def _common(request: AskedBy, stop_id: int) -> _Common:
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        told = _("These pictures are too large together. Take fewer, or smaller ones.")
        raise Invalid(told, problems=[FieldProblem("photo", "RANGE", told)])
    lat, lng = _number(request, "lat"), _number(request, "lng")
    placed = lat is not None and lng is not None
    without = _text(request, "no_position")
    note = _text(request, "note")
    if without and not placed:
        note = f"{note} ({_('No position')}: {without})".strip()
    return _Common(
        stop_id=stop_id,
        source_event_id=_text(request, "event"),
        device_at=moment(_text(request, "device_at")) or timezone.now(),
        sent_at=moment(_text(request, "sent_at")),
        lat=lat if placed else None,
        lng=lng if placed else None,
        accuracy_m=_number(request, "accuracy_m") if placed else None,
        device=request.headers.get("User-Agent", "")[:64],
        note=note,
    )


def _text(request: AskedBy, name: str) -> str:
    return posted.words(request.POST, name)


def _number(request: AskedBy, name: str) -> float | None:
    try:
        found = float(_text(request, name))
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def moment(text: str) -> datetime | None:
    """An instant as a phone writes it; None where it cannot be read or names no zone."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def _files(request: AskedBy, name: str, most: int) -> tuple[File, ...]:
    """The pictures of a field, each with the hash the phone made of it, if it made one."""
    hashes = request.POST.getlist(f"{name}_sha256")
    sent = [file for file in request.FILES.getlist(name) if file.size][:most]
    hashes += [""] * len(sent)
    return tuple(File(file.read(), hashes[place]) for place, file in enumerate(sent))


def _calls(request: AskedBy) -> tuple[Call, ...]:
    """Calls as ``moment|seconds away``; what cannot be read is no call."""
    calls = []
    for text in request.POST.getlist("call")[: MOST_CALLS + 1]:
        told, _bar, away = text.partition("|")
        at = moment(told)
        if at is not None and away.isdecimal() and len(away) < 6:
            calls.append(Call(at, int(away)))
    return tuple(calls)
