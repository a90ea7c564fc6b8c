"""Scenes for the tests of pickups: Zarqa's parcels in Karachi, Sadia at the desk there, Asif riding for her."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from django.db import connection

from icargos.booking import actions, queries
from icargos.booking.actions import Asked, Ended, Listed, Marked, Report, Taken
from icargos.booking.queries import LoadSheet, Pickup, Visit
from icargos.booking.rules.pickups import Ask
from icargos.consignments.actions import Moved
from icargos.ground.tenancy import acting
from icargos.places import actions as places
from icargos.places import queries as where

# Friday 20 November 2026, 11:00 in Karachi: four hours before its cut-off.
from tests.cast import NOW, Cast
from tests.parcels import enter

TODAY = date(2026, 11, 20)
TABLES = (
    "consignments_consignment", "consignments_event", "booking_loadsheet", "booking_loadsheetitem",
    "booking_pickuprequest", "booking_pickupschedule", "booking_pickuprun", "booking_pickupparcel", "ground_fact",
    "ground_once", "booking_series",
)  # fmt: skip
_numbers = count(1)


def key(text: str = "key") -> str:
    """A new id as a page would make one."""
    return f"{text}-{next(_numbers):08d}"


def hours(n: float) -> datetime:
    """``n`` hours after the scene began."""
    return NOW + timedelta(hours=n)


def everything(cast: Cast) -> dict[str, str]:
    """The whole content of every table that pickups may touch, to show that nothing changed."""
    found = {}
    # The series and the replay keys are no staff's to read, so each table is asked for as somebody who may.
    for table in TABLES:
        who = "bilal" if table == "ground_once" else "adeel"
        with acting(cast.actor(who)), connection.cursor() as cursor:
            cursor.execute(f"SELECT coalesce(string_agg(t::text, '|' ORDER BY t::text), '') FROM {table} t")
            (found[table],) = cursor.fetchone()
    return found


def statuses(cast: Cast, cns: Sequence[str]) -> list[str]:
    """The status of each parcel, in their order."""
    with acting(cast.actor("adeel")), connection.cursor() as cursor:
        cursor.execute("SELECT cn, status FROM consignments_consignment WHERE cn = ANY(%s)", [list(cns)])
        known = dict(cursor.fetchall())
    return [known[cn] for cn in cns]


def facts(cast: Cast, kind: str) -> int:
    """How many facts of this kind there are."""
    with acting(cast.actor("adeel")), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ground_fact WHERE kind = %s", [kind])
        (n,) = cursor.fetchone()
    return int(n)


def booked(cast: Cast, number: int = 1, *, whose: str = "A", **changes: Any) -> list[str]:
    """New parcels of Zarqa's (or Noor's), by number."""
    return [one.cn for one in enter(cast, number, whose=whose, **changes)]


def ready(cast: Cast, cns: Sequence[str], *, who: str = "bilal", now: datetime = NOW) -> Marked:
    actor = cast.actor(who)
    with acting(actor):
        return actions.mark_ready(actor, cns, now=now)


def not_ready(cast: Cast, cns: Sequence[str], *, who: str = "bilal") -> Marked:
    actor = cast.actor(who)
    with acting(actor):
        return actions.mark_not_ready(actor, cns, now=NOW)


def cancel(cast: Cast, cns: Sequence[str], *, who: str = "bilal") -> list[Moved]:
    actor = cast.actor(who)
    with acting(actor):
        return actions.cancel(actor, cns, now=NOW)


def second_place(cast: Cast, town: str = "Karachi", name: str = "Zarqa Outlet") -> int:
    """A second pickup profile of Zarqa's."""
    actor = cast.actor("bilal")
    with acting(actor):
        return places.add_profile(
            actor, name=name, phone="0300-8224419", address="Shop 5, Tariq Road", city=town, now=NOW
        )


# --- load sheets ---


def opened(cast: Cast, cns: Sequence[str] = (), *, who: str = "bilal", profile_id: int | None = None) -> str:
    """An open sheet with these parcels; returns its number."""
    actor = cast.actor(who)
    profile = profile_id or (cast.profile_a if who != "zara" else cast.profile_b)
    with acting(actor):
        number = actions.open_sheet(actor, profile, key=key("sheet"), now=NOW)
        listed = actions.add_to_sheet(actor, number, cns, now=NOW)
    assert all(one.verdict == "moved" for one in listed), listed
    return number


def add(cast: Cast, number: str, cns: Sequence[str], *, who: str = "bilal") -> list[Listed]:
    actor = cast.actor(who)
    with acting(actor):
        return actions.add_to_sheet(actor, number, cns, now=NOW)


def close(cast: Cast, number: str, *, who: str = "bilal") -> Any:
    actor = cast.actor(who)
    with acting(actor):
        return actions.close_sheet(actor, number, now=NOW)


def closed(cast: Cast, cns: Sequence[str], **more: Any) -> str:
    """A closed sheet with these parcels; returns its number."""
    number = opened(cast, cns, **more)
    close(cast, number, who=more.get("who", "bilal"))
    return number


def sheet(cast: Cast, number: str, *, who: str = "bilal") -> LoadSheet:
    actor = cast.actor(who)
    with acting(actor):
        return queries.load_sheet(actor, number)


def fates(cast: Cast, number: str) -> dict[str, str]:
    """What became of each parcel of the sheet."""
    actor = cast.actor("bilal")
    with acting(actor):
        found = queries.sheet_parcels(actor, queries.load_sheet(actor, number))
        return {one.cn: one.fate for one in found}


# --- pickups ---


def ask(**changes: Any) -> Ask:
    """A pickup this Friday from three to six."""
    plain: dict[str, Any] = {
        "profile_id": 0,
        "day": TODAY,
        "slot": "15-18",
        "expected_parcels": 3,
        "expected_weight_g": 1500,
    }
    return Ask(**{**plain, **changes})


def asked(cast: Cast, *, who: str = "bilal", now: datetime = NOW, ready: Sequence[str] = (), **changes: Any) -> Asked:
    actor = cast.actor(who)
    profile = cast.profile_a if who != "zara" else cast.profile_b
    with acting(actor):
        return actions.ask_pickup(actor, ask(**{"profile_id": profile, **changes}), ready_cns=ready, now=now)


def pickup(cast: Cast, pickup_id: int, *, who: str = "bilal") -> Pickup:
    actor = cast.actor(who)
    with acting(actor):
        return queries.pickup(actor, pickup_id)


def to_karachi(cast: Cast, rider: str = "asif") -> int:
    """From now on this rider works for Sadia's station; returns his id."""
    adeel = cast.actor("adeel")
    with acting(adeel):
        offices = {office.code: office.id for office in where.stations(adeel)}
        places.post(adeel, cast.people[rider], offices["KHI"])
    return cast.people[rider]


def assigned(cast: Cast, *pickup_ids: int, rider: str = "asif", day: date = TODAY, now: datetime = NOW) -> int:
    """These requests on the rider's sheet of the day; returns the sheet's id."""
    rider_id = to_karachi(cast, rider)
    sadia = cast.actor("sadia")
    with acting(sadia):
        return actions.assign_pickups(sadia, pickup_ids, rider_id, day=day, now=now)


def go(cast: Cast, run_id: int, *, who: str = "sadia", now: datetime | None = None) -> None:
    actor = cast.actor(who)
    with acting(actor):
        actions.let_pickups_go(actor, run_id, now=now or hours(1))


def on_the_way(cast: Cast, number: int = 3, **changes: Any) -> tuple[int, list[str]]:
    """Asif is on his way to Zarqa, whose parcels are ready: the request's id and their numbers."""
    cns = booked(cast, number, **changes)
    ready(cast, cns)
    request = asked(cast).request_id
    go(cast, assigned(cast, request))
    return request, cns


def take(
    cast: Cast, request: int, cns: Sequence[str], *, who: str = "asif", now: datetime | None = None, **more: Any
) -> list[Taken]:
    actor = cast.actor(who)
    with acting(actor):
        return actions.collect(actor, request, cns, now=now or hours(2), **more)


def end(
    cast: Cast, request: int, reason: str = "", *, who: str = "asif", now: datetime | None = None, **changes: Any
) -> Ended:
    plain: dict[str, Any] = {
        "request_id": request,
        "source_event_id": key("end"),
        "device_at": hours(2.5),
        "reason": reason,
        "lat": 24.91,
        "lng": 67.0,
        "accuracy_m": 9.0,
    }
    actor = cast.actor(who)
    with acting(actor):
        return actions.end_pickup(actor, Report(**{**plain, **changes}), now=now or hours(2.5))


def visit(cast: Cast, request: int, *, who: str = "asif") -> Visit:
    actor = cast.actor(who)
    with acting(actor):
        return queries.rider_visit(actor, request)
