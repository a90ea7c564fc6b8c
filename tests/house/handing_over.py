"""What both shippers hand over in the walked world: sheets, pickups, weekly ones, a rider at the door, a vehicle."""

from datetime import timedelta

from django.utils import timezone

from icargos.booking import actions, queries
from icargos.booking.rules.pickups import Ask
from icargos.consignments import queries as consignments
from icargos.ground.tenancy import acting
from icargos.places import actions as places
from icargos.places import queries as where
from tests.cast import CANARY, Cast
from tests.dispatch import scene
from tests.parcels import enter

Pair = tuple[int | str, int | str]


def hand_over(cast: Cast) -> tuple[dict[str, Pair], list[int]]:
    """What stands for each name in an address, Zarqa's row and Noor's; and the ids of Noor's new parcels."""
    now = timezone.now()
    found: dict[str, list[int | str]] = {"pickup": [], "schedule": [], "sheet": []}
    for who, profile, mark, whose in (("bilal", cast.profile_a, "", "A"), ("zara", cast.profile_b, CANARY, "B")):
        actor = cast.actor(who)
        entered = enter(cast, 4, whose=whose, now=now, consignee_name=f"{mark} Hina listed".strip())
        cns = [one.cn for one in entered]
        with acting(actor):
            number = actions.open_sheet(actor, profile, key=f"walk-{who}", now=now)
            actions.add_to_sheet(actor, number, cns[:2], now=now)
            actions.mark_ready(actor, cns[2:], now=now)
            note = f"Ring 0301-7654321 at Zinnia Gate {mark}"
            day = where.calendar(actor).next_working(timezone.localdate(now))
            plain = {"profile_id": profile, "expected_parcels": 2, "expected_weight_g": 900, "note": note}
            once = actions.ask_pickup(actor, Ask(day=day, slot="12-15", **plain), now=now)  # type: ignore[arg-type]
            weekly = Ask(day=None, slot="18-21", weekdays=(0, 3), **plain)  # type: ignore[arg-type]
            found["schedule"].append(actions.ask_pickup(actor, weekly, now=now).schedule_id)
        found["sheet"].append(number)
        found["pickup"].append(once.request_id)
    run = _at_the_door(cast, int(found["pickup"][0]))
    pairs: dict[str, Pair] = {name: (mine, theirs) for name, (mine, theirs) in found.items()}
    number, sent = _on_the_road(cast)
    with acting(cast.actor("sadia")):
        run_number = queries.pickup_run(cast.actor("sadia"), run)[0].number
    shared: dict[str, Pair] = {
        "pickup_run": (run, run),
        "pickup_run_number": (run_number, run_number),
        "manifest": (number, number),
    }
    return pairs | shared, [one.id for one in entered] + [sent]


def _on_the_road(cast: Cast) -> tuple[str, int]:
    """A parcel of each shipper travels to Multan on the same manifest: its number, and the id of Noor's."""
    mine = scene.at_karachi(cast)
    theirs = scene.at_karachi(cast, whose="B", consignee_name=f"{CANARY} Hina sent")
    number = scene.manifest_of(cast, mine + theirs)
    zara = cast.actor("zara")
    with acting(zara):
        return number, consignments.one(zara, theirs[0]).id


def _at_the_door(cast: Cast, request: int) -> int:
    """Asif rides for Karachi and is on his way to Zarqa, as soon as it is the day; the run sheet's id."""
    adeel, sadia = cast.actor("adeel"), cast.actor("sadia")
    with acting(adeel):
        offices = {office.code: office.id for office in where.stations(adeel)}
        places.post(adeel, cast.people["asif"], offices["KHI"])
    day = timezone.localdate()
    with acting(sadia):
        day = where.calendar(sadia).next_working(day)
        run = actions.assign_pickups(sadia, [request], cast.people["asif"], day=day, now=timezone.now())
        actions.let_pickups_go(sadia, run, now=timezone.now() + timedelta(days=(day - timezone.localdate()).days))
    return run
