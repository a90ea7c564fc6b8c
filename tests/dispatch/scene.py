"""Scenes for the tests of dispatch: parcels brought to Multan, put on Imran's run, delivered or failed."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from io import BytesIO
from itertools import count
from typing import Any

from django.db import connection
from PIL import Image

from icargos.consignments.actions import Entered
from icargos.consignments.models import Consignment
from icargos.dispatch import actions
from icargos.dispatch.actions import Reported, Scan, Scanned
from icargos.dispatch.models import Advice, Stop
from icargos.dispatch.rules.advice import AdviceOrder
from icargos.dispatch.rules.manifest import Details
from icargos.dispatch.rules.outcome import Delivery, Failure, NotAttempted
from icargos.dispatch.rules.proof import Call, File
from icargos.finance import queries as finance
from icargos.ground.tenancy import acting
from icargos.places import queries as places

# Friday 20 November 2026, 11:00 in Karachi, as in ``tests.cast``: the courier's day is well under way.
from tests.cast import NOW, Cast
from tests.parcels import city, enter

# NOW is Friday 20 November 2026, 11:00 in Karachi: the courier's day is well under way.
TABLES = (
    "consignments_consignment", "consignments_event", "consignments_correction", "consignments_revision",
    "dispatch_run", "dispatch_stop", "dispatch_report", "dispatch_attempt", "dispatch_proof", "dispatch_advice",
    "dispatch_weighing", "dispatch_conflict", "dispatch_manifest", "dispatch_manifestitem", "finance_transfer",
    "finance_balance", "ground_fact",
)  # fmt: skip
_numbers = count(1)


def event_id(text: str = "event") -> str:
    """A new id as a page or a phone would make one."""
    return f"{text}-{next(_numbers):08d}"


def hours(n: float) -> datetime:
    """``n`` hours after the scene began."""
    return NOW + timedelta(hours=n)


def scans(cns: Sequence[str]) -> list[Scan]:
    """One beep for each number."""
    return [Scan(cn=cn, source_event_id=event_id("scan")) for cn in cns]


def everything(cast: Cast) -> dict[str, str]:
    """The whole content of every table that dispatch may touch, to show that nothing changed."""
    with acting(cast.actor("adeel")), connection.cursor() as cursor:
        found = {}
        for table in TABLES:
            cursor.execute(f"SELECT coalesce(string_agg(t::text, '|' ORDER BY t::text), '') FROM {table} t")
            (text,) = cursor.fetchone()
            found[table] = text
    return found


def status_of(cast: Cast, cn: str) -> tuple[str, str]:
    """Status and custody."""
    with acting(cast.actor("adeel")), connection.cursor() as cursor:
        cursor.execute("SELECT status, custody FROM consignments_consignment WHERE cn = %s", [cn])
        status, custody = cursor.fetchone()
    return status, custody


def receive(cast: Cast, who: str, cns: Sequence[str], *, now: datetime = NOW) -> list[Scanned]:
    actor = cast.actor(who)
    with acting(actor):
        return actions.receive(actor, scans(cns), now=now)


def brought(cast: Cast, number: int = 1, *, whose: str = "A", **changes: Any) -> list[Entered]:
    """Parcels of shipper A from Karachi (B: Lahore, entered in Karachi's stead) that stand at the Multan station."""
    entered = enter(cast, number, whose=whose, **changes)
    cns = [one.cn for one in entered]
    sadia = cast.actor("sadia")
    receive(cast, "sadia", cns, now=hours(-4))
    with acting(sadia):
        actions.send(sadia, scans(cns), now=hours(-3))
    receive(cast, "dawood", cns, now=hours(-1))
    return entered


def at_karachi(cast: Cast, number: int = 1, *, whose: str = "A", **changes: Any) -> list[str]:
    """The numbers of parcels that stand at Karachi's station, bound for Multan unless told otherwise."""
    cns = [one.cn for one in enter(cast, number, whose=whose, **{"origin_id": city("Karachi"), **changes})]
    assert {one.verdict for one in receive(cast, "sadia", cns, now=hours(-4))} == {"moved"}
    return cns


def manifest_of(
    cast: Cast, cns: Sequence[str], *, to: str = "MUX", now: datetime = NOW, leave: bool = True, **details: Any
) -> str:
    """The number of a manifest from Karachi with these parcels; it has left unless told otherwise."""
    sadia = cast.actor("sadia")
    with acting(sadia):
        (there,) = (office.id for office in places.stations(sadia) if office.code == to)
        number = actions.open_manifest(sadia, there, source_event_id=event_id("manifest"), now=now)
        if cns:
            added = actions.add_to_manifest(sadia, number, scans(cns), now=now)
            assert {one.verdict for one in added} == {"moved"}, added
        if leave:
            actions.send_manifest(sadia, number, van(now, **details), now=now)
    return number


def van(leaves_at: datetime = NOW, **changes: Any) -> Details:
    """The vehicle that takes a manifest to Multan overnight."""
    plain: dict[str, Any] = {
        "vehicle": "JX-4471",
        "driver": "Ghulam Rasool",
        "route": "N-55 by Sukkur",
        "seal": "S-90017",
        "bags": 3,
        "expected_at": leaves_at + timedelta(hours=14),
    }
    return Details(**{**plain, **changes})


def check_in(cast: Cast, number: str, cns: Sequence[str], *, now: datetime | None = None) -> list[tuple[str, str]]:
    """Dawood scans these in Multan: each scan's verdict, and how its parcel stands on the manifest."""
    dawood = cast.actor("dawood")
    with acting(dawood):
        checked = actions.check_in(dawood, number, scans(cns), now=now or hours(15))
    return [(one.scanned.verdict.value, one.state) for one in checked]


def run_of(cast: Cast, cns: Sequence[str], *, rider: str = "imran", now: datetime = NOW, leave: bool = True) -> int:
    """A run sheet of Multan with these parcels; it has left unless told otherwise."""
    dawood = cast.actor("dawood")
    with acting(dawood):
        run = actions.open_run(dawood, cast.people[rider], source_event_id=event_id("run"), now=now)
        added = actions.add_to_run(dawood, run.id, scans(cns), now=now)
        assert all(one.verdict == "moved" for one in added), added
        if leave:
            actions.dispatch_run(dawood, run.id, now=now)
    return run.id


def stop_of(cast: Cast, cn: str) -> Stop:
    """The parcel's newest stop."""
    with acting(cast.actor("adeel")):
        return Stop.objects.filter(cn=cn).order_by("-id")[0]


def out(cast: Cast, number: int = 1, **changes: Any) -> tuple[int, list[str]]:
    """Parcels out for delivery with Imran: the run's id and their numbers."""
    cns = [one.cn for one in brought(cast, number, **changes)]
    return run_of(cast, cns), cns


def picture(width: int = 640, height: int = 480, kind: str = "JPEG", **save: Any) -> bytes:
    """A plain photo."""
    made = BytesIO()
    Image.new("RGB", (width, height), (180, 120, 60)).save(made, kind, **save)
    return made.getvalue()


def signature() -> bytes:
    """A PNG with one black line on see-through paper, as a canvas makes it."""
    canvas = Image.new("RGBA", (600, 200), (0, 0, 0, 0))
    for x in range(50, 550):
        canvas.putpixel((x, 100), (0, 0, 0, 255))
    made = BytesIO()
    canvas.save(made, "PNG")
    return made.getvalue()


def file(data: bytes) -> File:
    return File(data, hashlib.sha256(data).hexdigest())


def delivery(cast: Cast, cn: str, **changes: Any) -> Delivery:
    """Imran's report that he handed the parcel over and took its COD."""
    stop = stop_of(cast, cn)
    plain: dict[str, Any] = {
        "stop_id": stop.id,
        "source_event_id": event_id("deliver"),
        "device_at": hours(2),
        "receiver": "Sana Malik",
        "relation": "self",
        "collected_paisa": 150_000,
        "lat": 30.2,
        "lng": 71.45,
        "accuracy_m": 12.0,
        "device": "phone-1",
    }
    return Delivery(**{**plain, **changes})


def failure(cast: Cast, cn: str, reason: str = "CNA", **changes: Any) -> Failure:
    """Imran's report that the visit failed, with two calls and a photo of the door."""
    plain: dict[str, Any] = {
        "stop_id": stop_of(cast, cn).id,
        "source_event_id": event_id("fail"),
        "device_at": hours(2),
        "reason": reason,
        "photos": (file(picture()),),
        "calls": (Call(hours(1.9), 35), Call(hours(1.95), 20)),
        "lat": 30.2,
        "lng": 71.45,
        "accuracy_m": 12.0,
    }
    return Failure(**{**plain, **changes})


def deliver(cast: Cast, report: Delivery, *, who: str = "imran", now: datetime | None = None) -> Reported:
    actor = cast.actor(who)
    with acting(actor):
        return actions.deliver(actor, report, now=now or hours(2))


def fail(cast: Cast, report: Failure, *, who: str = "imran", now: datetime | None = None) -> Reported:
    actor = cast.actor(who)
    with acting(actor):
        return actions.fail(actor, report, now=now or hours(2))


def skip(cast: Cast, cn: str, *, now: datetime | None = None, **changes: Any) -> Reported:
    """Imran could not come."""
    imran = cast.actor("imran")
    plain: dict[str, Any] = {
        "stop_id": stop_of(cast, cn).id,
        "source_event_id": event_id("skip"),
        "device_at": hours(2),
    }
    with acting(imran):
        return actions.not_attempted(imran, NotAttempted(**{**plain, **changes}), now=now or hours(2))


def hand_back(cast: Cast, run_id: int, cns: Sequence[str], *, now: datetime | None = None) -> list[Scanned]:
    dawood = cast.actor("dawood")
    with acting(dawood):
        return actions.hand_back(dawood, run_id, scans(cns), now=now or hours(9))


def advise(cast: Cast, cn: str, *, who: str = "bilal", now: datetime | None = None, **changes: Any) -> int:
    """Bilal asks for a re-attempt on Saturday."""
    plain: dict[str, Any] = {
        "cn": cn,
        "action": "reattempt",
        "source_event_id": event_id("advice"),
        "on_date": date(2026, 11, 21),
    }
    given = {**plain, **changes}
    if given["action"] != "reattempt":
        given["on_date"] = None
    actor = cast.actor(who)
    with acting(actor):
        return actions.advise(actor, AdviceOrder(**given), now=now or hours(3))


def failed(cast: Cast, reason: str = "CNA", **changes: Any) -> tuple[int, str]:
    """A parcel that failed and stands at the station again: the run's id and the parcel's number."""
    run_id, (cn,) = out(cast, **changes)
    fail(cast, failure(cast, cn, reason))
    hand_back(cast, run_id, [cn], now=hours(2.5))
    return run_id, cn


def advice_states(cast: Cast, cn: str) -> list[str]:
    """Every advice on the parcel, in their order."""
    with acting(cast.actor("bilal")):
        return list(Advice.objects.filter(cn=cn).order_by("id").values_list("state", flat=True))


def answer(cast: Cast, advice_id: int, decision: str, comment: str = "", *, who: str = "dawood", **more: Any) -> None:
    """The desk's word."""
    actor = cast.actor(who)
    with acting(actor):
        actions.answer(actor, advice_id, decision, comment, now=hours(4), **more)


def cod_state(cast: Cast, cn: str) -> str:
    """Where the parcel's cash stands."""
    with acting(cast.actor("adeel")):
        return Consignment.objects.get(cn=cn).cod_state


def pending_cod(cast: Cast) -> int:
    """What the ledger says the courier owes shipper A, in paisa."""
    ayesha = cast.actor("ayesha")
    with acting(ayesha):
        return finance.pending_cod(ayesha, today=NOW.date()).total_paisa
