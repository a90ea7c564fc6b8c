"""The shipper's advice after a failed attempt: which days, until when, what each reason asks for.

Days are local days of the courier (Asia/Karachi); Sundays and holidays have no run.
"""

from collections.abc import Set
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import msgspec

from icargos.consignments.rules import WINDOWS, Reason, Silence, Status, may_move
from icargos.kit.errors import FieldProblem
from icargos.kit.texts import gettext_noop as _

ZONE = ZoneInfo("Asia/Karachi")
CUT_OFF = time(22, 0)
DAYS = 6
MOST_NOTE = 500
MOST_AT_ONCE = 200
MOST_COD = 20_000_000
_SUNDAY = 6


class Action(StrEnum):
    """What a shipper may ask for."""

    REATTEMPT = "reattempt"
    RETURN = "return"
    HOLD = "hold"
    SELF_COLLECTION = "self_collection"


class AdviceState(StrEnum):
    """Where an advice stands. Open waits for the shipper, submitted for the desk; the others are answered or past."""

    OPEN = "open"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    OVERRIDDEN = "overridden"
    REPLACED = "replaced"
    EXPIRED = "expired"


TARGET = {
    Action.REATTEMPT: Status.REATTEMPT_REQUESTED,
    Action.RETURN: Status.RETURN_CONFIRMED,
    Action.HOLD: Status.ON_HOLD,
    Action.SELF_COLLECTION: Status.HOLD_SELF_COLLECTION,
}


class AdviceOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What a shipper answers to the last failed attempt of one of its parcels.

    A day and a window belong to a reattempt. New phone in any form that ``kit.phone`` reads; the new address lies in
    the same city; COD in paisa, None = unchanged. ``source_event_id`` made by the page, 8 to 48 characters.
    """

    cn: str
    action: str
    source_event_id: str
    on_date: date | None = None
    window: str = ""
    note: str = ""
    new_phone: str = ""
    new_address: str = ""
    landmark: str = ""
    cod_paisa: int | None = None


def allowed_dates(now: datetime, holidays: Set[date] = frozenset()) -> list[date]:
    """The days a reattempt may be asked for: the next working day and the six days after it, without Sundays.

    The cut-off for a day's run is 22:00 on the evening before; after it the next day is one later.
    """
    local = now.astimezone(ZONE)
    first = local.date() + timedelta(days=1 if local.time() < CUT_OFF else 2)
    while _has_no_run(first, holidays):
        first += timedelta(days=1)
    days = (first + timedelta(days=n) for n in range(DAYS + 1))
    return [day for day in days if not _has_no_run(day, holidays)]


def _has_no_run(day: date, holidays: Set[date]) -> bool:
    return day.weekday() == _SUNDAY or day in holidays


def cut_off(day: date) -> datetime:
    """Until when advice for this day's run is taken: 22:00 local on the evening before."""
    return datetime.combine(day - timedelta(days=1), CUT_OFF, tzinfo=ZONE)


def next_cut_off(now: datetime) -> datetime:
    """The cut-off the shipper's clock counts down to."""
    local = now.astimezone(ZONE)
    return cut_off(local.date() + timedelta(days=1 if local.time() < CUT_OFF else 2))


def is_fixed(action: str, on_date: date | None, now: datetime) -> bool:
    """Whether an advice can no longer be replaced: from the cut-off for its day until that day is over.

    Only a reattempt is bound to a run; a hold, a return or a self-collection may be changed while the parcel is there.
    """
    if action != Action.REATTEMPT or on_date is None:
        return False
    over = datetime.combine(on_date + timedelta(days=1), time.min, tzinfo=ZONE)
    return cut_off(on_date) <= now < over


def asks(reason: Reason) -> bool:
    """Whether the parcel stands still until the shipper answers, or fires by itself at the next cut-off."""
    return reason.when_silent in (Silence.HOLD, Silence.HOLD_24H, Silence.RETURN)


# What a reattempt needs after some reasons: one field of each named group must be given.
_MUST_GIVE = {
    "WCN": (("new_phone",), _("The number was wrong: give the new phone.")),
    "ICA": (("new_address", "landmark"), _("The address was incomplete: give the address or a landmark.")),
    "UL": (("new_address", "landmark"), _("The address was not found: give the address or a landmark.")),
    "NSC": (("new_address",), _("Nobody of that name lives there: give the new address.")),
    "SHF": (("new_address",), _("The consignee moved: give the new address in the same city.")),
}


def problems(
    order: AdviceOrder, reason_code: str, now: datetime, holidays: Set[date] = frozenset()
) -> list[FieldProblem]:
    """Everything that is wrong with an advice, except its phone, which ``kit.phone`` reads."""
    found = []
    if order.action not in set(Action):
        found.append(FieldProblem("action", "REQUIRED", _("Choose what shall happen with the parcel.")))
    if order.action == Action.REATTEMPT:
        found += _when(order, now, holidays)
        fields, told = _MUST_GIVE.get(reason_code, ((), ""))
        if fields and not any(getattr(order, name).strip() for name in fields):
            found.append(FieldProblem(fields[0], "REQUIRED", told))
    elif order.on_date or order.window:
        found.append(FieldProblem("on_date", "RANGE", _("A day belongs to a re-attempt only.")))
    if len(order.note) > MOST_NOTE:
        found.append(FieldProblem("note", "RANGE", _("A note has at most 500 characters.")))
    if order.new_address and not 10 <= len(order.new_address.strip()) <= 250:
        found.append(FieldProblem("new_address", "RANGE", _("An address has 10 to 250 characters.")))
    if len(order.landmark) > 100:
        found.append(FieldProblem("landmark", "RANGE", _("A landmark has at most 100 characters.")))
    if order.cod_paisa is not None and (not 0 <= order.cod_paisa <= MOST_COD or order.cod_paisa % 100):
        found.append(FieldProblem("cod", "RANGE", _("COD is whole rupees, from 0 to 200,000.")))
    return found


def _when(order: AdviceOrder, now: datetime, holidays: Set[date]) -> list[FieldProblem]:
    days = allowed_dates(now, holidays)
    found = []
    if order.on_date is None:
        found.append(FieldProblem("on_date", "REQUIRED", _("Choose the day of the re-attempt.")))
    elif order.on_date not in days:
        tomorrow = now.astimezone(ZONE).date() + timedelta(days=1)
        late = order.on_date == tomorrow and now >= cut_off(tomorrow)
        told = (
            _("The cut-off for tomorrow's run was 22:00. Choose a later day.")
            if late
            else _("Choose a working day from the next one to six days later.")
        )
        code = "AFTER_CUT_OFF" if late else "RANGE"
        found.append(FieldProblem("on_date", code, told, days[0].isoformat()))
    if order.window and order.window not in WINDOWS:
        found.append(FieldProblem("window", "RANGE", _("Choose one of the time windows.")))
    return found


def route(was: Status, becomes: Status) -> tuple[Status, ...] | None:
    """The legal moves from one advised status to another: none, one, or two by way of the re-attempt.

    A return or a hold that is taken back becomes a re-attempt first. None where no such way exists.
    """
    if was is becomes:
        return ()
    if may_move(was, becomes):
        return (becomes,)
    between = Status.REATTEMPT_REQUESTED
    if may_move(was, between) and may_move(between, becomes):
        return (between, becomes)
    return None
