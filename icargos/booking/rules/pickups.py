"""Pickups: for when one may be asked, what a scan at the shipper's door means, why a visit fails.

Days are local days of the courier.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType

import msgspec

from icargos.consignments.rules import Status
from icargos.kit.texts import gettext_noop as _
from icargos.places.rules import ZONE, Calendar

SLOTS = ("09-12", "12-15", "15-18", "18-21")
WEEKDAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"))
DAYS_OFFERED = 6
DAYS_AHEAD = 14
MOST_NOTE = 250
PARCELS = range(1, 5001)
WEIGHT_G = range(10, 100_000_001)
S = Status


class PickupState(StrEnum):
    """Where a request stands. It is asked, put on a rider's sheet, and started when the rider leaves."""

    ASKED = "asked"
    ASSIGNED = "assigned"
    ON_THE_WAY = "on_the_way"
    COLLECTED = "collected"
    FAILED = "failed"
    CANCELLED = "cancelled"


# What is asked for again at the same time joins one of these; there is one of them for a place, day and slot.
LIVE = frozenset({PickupState.ASKED, PickupState.ASSIGNED, PickupState.ON_THE_WAY})
NOT_STARTED = frozenset({PickupState.ASKED, PickupState.ASSIGNED})


class RunState(StrEnum):
    """Where a pickup run sheet stands: filled, left, every visit ended."""

    OPEN = "open"
    OUT = "out"
    DONE = "done"


class ParcelState(StrEnum):
    """What became of a parcel at a visit."""

    EXPECTED = "expected"
    COLLECTED = "collected"
    LEFT = "left"


class Failure(msgspec.Struct, frozen=True):
    """Why a pickup failed; when the courier is the reason (``ours``), it comes again without being asked."""

    code: str
    label: str
    ours: bool = False


FAILURES: Mapping[str, Failure] = MappingProxyType(
    {
        one.code: one
        for one in (
            Failure("PCL", _("Shipper closed")),
            Failure("PNR", _("Parcels not ready")),
            Failure("PNP", _("No parcels there")),
            Failure("PWA", _("Wrong pickup address")),
            Failure("PRF", _("Shipper refused")),
            Failure("PVH", _("Rider could not come (vehicle)"), ours=True),
            Failure("PWX", _("Rider could not come (weather)"), ours=True),
        )
    }
)

CANCELLED_AT_DOOR = _("%(cn)s was cancelled by the shipper. Leave it there.")
STRANGER = _("%(cn)s is not this shipper's parcel. Leave it there.")
FROM_ELSEWHERE = _("%(cn)s starts in another city. Leave it there.")
AT_THE_STATION = _("%(cn)s is %(status)s already. It needs no pickup.")


def at_the_door(status: Status) -> str:
    """Why the rider may not take a parcel of this status, as a template; empty when he may, or has it already."""
    if status in (S.NEW_BOOKED, S.READY_FOR_PICKUP, S.PICKUP_IN_PROGRESS, S.PICKED_UP):
        return ""
    return CANCELLED_AT_DOOR if status in (S.CANCELLED, S.EXPIRED) else AT_THE_STATION


def begins(day: date, slot: str) -> datetime:
    """When the slot of the day begins."""
    return datetime.combine(day, time(int(slot[:2])), tzinfo=ZONE)


def slots_on(day: date, now: datetime) -> tuple[str, ...]:
    """The slots of the day that have not begun."""
    return tuple(slot for slot in SLOTS if begins(day, slot) > now)


def first_day(calendar: Calendar, now: datetime, cut_off: time) -> date:
    """The earliest day with a slot to ask for: today until the cut-off, then the next working day."""
    first = calendar.first_pickup(now, cut_off)
    return first if slots_on(first, now) else calendar.next_working(first)


def days_offered(calendar: Calendar, now: datetime, cut_off: time) -> list[date]:
    """The next working days that may be asked for, the earliest first."""
    days = [first_day(calendar, now, cut_off)]
    while len(days) < DAYS_OFFERED:
        days.append(calendar.next_working(days[-1]))
    return days


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """A pickup as it is asked for. Weight in grams; ``weekdays`` (0 Monday to 5) make it one for every week.

    ``expected_parcels`` and weight are what the visit is to take in all, not what this ask adds to another one.
    """

    profile_id: int
    day: date | None
    slot: str
    expected_parcels: int
    expected_weight_g: int
    note: str = ""
    weekdays: tuple[int, ...] = ()


class Wrong(msgspec.Struct, frozen=True):
    """What is wrong with a field: a sentence to translate, and the values that go into it."""

    field: str
    template: str
    params: Mapping[str, str] = {}


def wrong_in(ask: Ask, *, calendar: Calendar, now: datetime, cut_off: time, city: str) -> list[Wrong]:
    """Everything that is wrong with an ask; ``cut_off`` is the city's."""
    found: list[Wrong] = []
    if ask.slot not in SLOTS:
        found.append(Wrong("slot", _("Choose a time.")))
    if not ask.weekdays:
        wrong = _wrong_day(ask.day, ask.slot, calendar=calendar, now=now, cut_off=cut_off, city=city)
        found += [wrong] if wrong else []
    elif not set(ask.weekdays) <= set(range(len(WEEKDAYS))):
        found.append(Wrong("weekdays", _("Choose weekdays from Monday to Saturday.")))
    if ask.expected_parcels not in PARCELS:
        found.append(Wrong("parcels", _("Write how many parcels there are, from 1 to 5,000.")))
    if ask.expected_weight_g not in WEIGHT_G:
        found.append(Wrong("weight", _("Write their weight in kilograms, for example 12.5.")))
    if len(ask.note) > MOST_NOTE:
        found.append(Wrong("note", _("A note has at most 250 characters.")))
    return found


def _wrong_day(
    day: date | None, slot: str, *, calendar: Calendar, now: datetime, cut_off: time, city: str
) -> Wrong | None:
    if day is None:
        return Wrong("day", _("Choose a day."))
    today = now.astimezone(ZONE).date()
    if day < today:
        return Wrong("day", _("This day is over. Choose a later one."))
    if day > today + timedelta(days=DAYS_AHEAD):
        return Wrong("day", _("A pickup can be asked for up to 14 days ahead."))
    if day in calendar.holidays:
        return Wrong("day", _("There are no pickups on %(holiday)s."), {"holiday": calendar.holidays[day]})
    if not calendar.is_working(day):
        return Wrong("day", _("There are no pickups on Sundays."))
    if day == today and calendar.first_pickup(now, cut_off) > day:
        told = _("In %(city)s a pickup for the same day is asked for until %(time)s. Choose a later day.")
        return Wrong("day", told, {"city": city, "time": f"{cut_off:%H:%M}"})
    if slot in SLOTS and slot not in slots_on(day, now):
        return Wrong("slot", _("This time has begun already. Choose a later one."))
    return None


def due(weekdays: Iterable[int], after: date, until: date, calendar: Calendar) -> list[date]:
    """The days of a weekly pickup after ``after`` up to and with ``until``; days off are left out."""
    wanted = set(weekdays)
    days = (after + timedelta(days=n) for n in range(1, (until - after).days + 1))
    return [day for day in days if day.weekday() in wanted and calendar.is_working(day)]
