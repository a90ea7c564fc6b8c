"""When a pickup may be asked for, which parcels may go where: the pure rules."""

from datetime import date, datetime, time

import pytest

from icargos.booking.rules import pickups, sheets
from icargos.booking.rules.pickups import FAILURES, Ask
from icargos.consignments.rules import MOVES, REASONS, Status
from icargos.places.rules import ZONE, Calendar

CALENDAR = Calendar({date(2026, 11, 24): "Long March"})
S = Status


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


def wrong(now: datetime, **changes: object) -> list[str]:
    """The fields that are wrong, asked for Karachi."""
    plain = {
        "profile_id": 1,
        "day": date(2026, 11, 20),
        "slot": "15-18",
        "expected_parcels": 1,
        "expected_weight_g": 10,
    }
    found = pickups.wrong_in(
        Ask(**{**plain, **changes}),  # type: ignore[arg-type]
        calendar=CALENDAR,
        now=now,
        cut_off=time(15),
        city="Karachi",
    )
    assert all(one.template % one.params for one in found)
    return [one.field for one in found]


@pytest.mark.parametrize(
    ("now", "day", "slot", "fields"),
    [
        (at(20, 14, 59), 20, "15-18", []),
        (at(20, 15), 20, "15-18", ["day"]),
        (at(20, 15), 21, "09-12", []),
        (at(20, 11), 20, "09-12", ["slot"]),
        (at(20, 11), 19, "15-18", ["day"]),
        (at(20, 11), 22, "15-18", ["day"]),
        (at(20, 11), 24, "15-18", ["day"]),
        (at(20, 11), 30, "15-18", []),
        (at(10, 11), 25, "15-18", ["day"]),
        (at(20, 11), 21, "", ["slot"]),
        (at(20, 11), 21, "15-19", ["slot"]),
        (at(20, 16), 20, "15-18", ["day"]),
    ],
    ids=[
        "before the cut-off", "at the cut-off", "after it, tomorrow", "a slot that has begun", "yesterday", "a Sunday",
        "a holiday", "ten days ahead", "fifteen days ahead", "no slot", "an unknown slot", "late and begun",
    ],
)  # fmt: skip
def test_which_day_and_time_may_be_asked_for(now: datetime, day: int, slot: str, fields: list[str]) -> None:
    assert wrong(now, day=date(2026, 11, day), slot=slot) == fields


def test_every_wrong_field_is_named_at_once() -> None:
    told = wrong(at(20, 11), day=None, slot="", expected_parcels=0, expected_weight_g=9, note="x" * 251)
    assert told == ["slot", "day", "parcels", "weight", "note"]
    assert wrong(at(20, 11), expected_parcels=5001, expected_weight_g=100_000_001) == ["parcels", "weight"]
    assert wrong(at(20, 11), weekdays=(0, 6)) == ["weekdays"]
    assert wrong(at(20, 11), weekdays=(0, 5), day=None) == []


def test_the_days_offered_are_working_days_and_the_first_has_time_left() -> None:
    offered = pickups.days_offered(CALENDAR, at(20, 11), time(15))
    assert [day.day for day in offered] == [20, 21, 23, 25, 26, 27]
    assert pickups.slots_on(offered[0], at(20, 11)) == ("12-15", "15-18", "18-21")
    # A cut-off later than the last slot's beginning gives no slot of today.
    assert pickups.first_day(CALENDAR, at(20, 19), time(23)) == date(2026, 11, 21)


def test_a_weekly_pickup_is_due_on_its_weekdays_without_days_off() -> None:
    found = pickups.due([1, 4, 0], date(2026, 11, 19), date(2026, 11, 27), CALENDAR)
    assert [day.day for day in found] == [20, 23, 27]
    assert pickups.due([1], date(2026, 11, 19), date(2026, 11, 19), CALENDAR) == []


@pytest.mark.parametrize("status", list(Status))
def test_a_parcel_goes_on_a_sheet_while_its_shipper_holds_it(status: Status) -> None:
    may = status in (S.NEW_BOOKED, S.READY_FOR_PICKUP)
    assert (sheets.refusal(status) == "") is may


@pytest.mark.parametrize("status", list(Status))
def test_a_rider_takes_what_may_become_picked_up(status: Status) -> None:
    may = S.PICKED_UP in MOVES[status] or status is S.PICKED_UP
    assert (pickups.at_the_door(status) == "") is may


def test_the_reasons_are_those_of_the_trade_and_clash_with_no_reason_of_a_delivery() -> None:
    assert set(FAILURES) == {"PCL", "PNR", "PNP", "PWA", "PRF", "PVH", "PWX"}
    assert not set(FAILURES) & set(REASONS)
    assert {code for code, one in FAILURES.items() if one.ours} == {"PVH", "PWX"}


def test_papers_are_numbered_by_month_and_by_day() -> None:
    day = date(2026, 11, 3)
    assert sheets.number(sheets.series("LS", day), 42) == "LS-2611-00042"
    assert sheets.number(sheets.series("PRS", day, daily=True), 7, digits=4) == "PRS-261103-0007"
    assert sheets.number("LS-2611", 123456) == "LS-2611-123456"
    assert sheets.read_number(" ls-2611-00042\x00") == "LS-2611-00042"
