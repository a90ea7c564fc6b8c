"""The demo courier: two shippers, their people, and some weeks of parcels, made through the real actions only."""

import random
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from icargos.accounts import actions as accounts
from icargos.accounts.rules import ROLES, Can, Role
from icargos.booking.actions import book
from icargos.booking.rules.order import Order
from icargos.consignments.actions import Move, move
from icargos.consignments.rules import Status
from icargos.ground.tenancy import acting
from icargos.kit.actor import Actor, Kind
from icargos.main.signins import SignIn
from icargos.places import actions as places
from icargos.places import queries as cities
from icargos.places.rules import CityIndex

ZARQA = "Zarqa Textiles"
NOOR = "Noor Traders"
_PEOPLE = (
    (ZARQA, "Ayesha Khan", "ayesha@zarqa.example", Role.OWNER),
    (ZARQA, "Bilal Raza", "bilal@zarqa.example", Role.OPERATIONS),
    (ZARQA, "Farah Siddiqui", "farah@zarqa.example", Role.FINANCE),
    (NOOR, "Zara Malik", "zara@noor.example", Role.OWNER),
)
_PROFILES = (
    (ZARQA, "4102", ZARQA, "0300-8224417", "Plot C-18, SITE Area, Karachi", "Karachi"),
    (ZARQA, "4103", "Zarqa Lahore", "0321-4400112", "12 Ferozepur Road, Lahore", "Lahore"),
    (NOOR, "5001", NOOR, "0333-9007001", "Shop 9, Liberty Market, Lahore", "Lahore"),
)
_TO = (
    "Karachi",
    "Lahore",
    "Islamabad",
    "Rawalpindi",
    "Faisalabad",
    "Multan",
    "Hyderabad",
    "Peshawar",
    "Sialkot",
    "Quetta",
)
_SHARE = (24, 22, 10, 9, 9, 7, 6, 5, 5, 3)
_NAMES = (
    "Hina Yousaf", "Bilal Raza", "Maryam Siddiqui", "Sana Iqbal", "Kamran Akmal", "Umer Farooq", "Zainab Malik",
    "Ahmed Nawaz", "Ali Hassan", "Rabia Anwar", "Faisal Jatoi", "Iqra Shah", "حنا یوسف", "محمد علی", "Noor Fatima",
)  # fmt: skip
_STREETS = ("House {n}, Street {m}, Gulberg III", "Flat {m}-B, Block {n}, Clifton", "مکان نمبر {n}، گلی {m}، صدر",
            "Shop {n}, Main Bazaar, near Jamia Masjid", "Plot {n}-C, Phase {m}, DHA")  # fmt: skip
_GOODS = ("Unstitched lawn suit, 3 pc", "Khussa, size 39", "Cotton bedsheet, king", "Kurta, medium", "Shawl, wool")
# How far parcels of some age have come, with how many of a hundred end there.
_WAYS: tuple[tuple[int, tuple[Status, ...]], ...] = (
    (68, (Status.PICKED_UP, Status.RECEIVED_AT_OFFICE, Status.IN_TRANSIT, Status.RECEIVED_AT_DESTINATION,
          Status.OUT_FOR_DELIVERY, Status.DELIVERED)),
    (6, (Status.PICKED_UP, Status.RECEIVED_AT_OFFICE, Status.IN_TRANSIT, Status.RECEIVED_AT_DESTINATION,
         Status.OUT_FOR_DELIVERY)),
    (7, (Status.PICKED_UP, Status.RECEIVED_AT_OFFICE, Status.IN_TRANSIT, Status.RECEIVED_AT_DESTINATION,
         Status.OUT_FOR_DELIVERY, Status.DELIVERY_UNSUCCESSFUL)),
    (6, (Status.PICKED_UP, Status.RECEIVED_AT_OFFICE, Status.IN_TRANSIT, Status.RECEIVED_AT_DESTINATION,
         Status.OUT_FOR_DELIVERY, Status.DELIVERY_UNSUCCESSFUL, Status.RETURN_CONFIRMED, Status.RETURN_IN_TRANSIT,
         Status.RETURN_RECEIVED_AT_ORIGIN, Status.RETURNED_TO_SHIPPER)),
    (9, (Status.PICKED_UP, Status.RECEIVED_AT_OFFICE, Status.IN_TRANSIT)),
    (4, (Status.CANCELLED,)),
)  # fmt: skip


def build(home: Path) -> list[SignIn]:
    """Make the demo world and return its sign-ins, each with a new random password. ``home`` is unused state room.

    Safe to repeat after a kill: all of it is one transaction.
    """
    del home
    now = timezone.now()
    root = Actor(Kind.STAFF, name="Set-up", can=frozenset({Can.APPROVE, Can.MANAGE_PROFILES}))
    signins = []
    with acting(root):
        ids = {
            ZARQA: accounts.open_shipper(root, account_no="KHI-00421", name=ZARQA),
            NOOR: accounts.open_shipper(root, account_no="LHE-00007", name=NOOR),
        }
        for shipper, name, email, role in _PEOPLE:
            password = secrets.token_urlsafe(9)
            person = accounts.add_person(root, email=email, name=name, password=password, demo=True)
            accounts.seat(root, shipper_id=ids[shipper], user_id=person, role=role)
            signins.append(SignIn(f"{name}, {shipper}", role.value, email, password))
        for shipper, code, name, phone, address, city in _PROFILES:
            places.add_profile(
                root,
                shipper_id=ids[shipper],
                code=code,
                name=name,
                phone=phone,
                address=address,
                city=city,
                now=now,
            )
        for name, per_day in ((ZARQA, 6), (NOOR, 2)):
            _weeks(ids[name], name, per_day=per_day, now=now)
    return signins


def _weeks(shipper_id: int, name: str, *, per_day: int, now: datetime, days: int = 45) -> None:
    dice = random.Random(shipper_id)  # noqa: S311  the same demo world every time
    can = frozenset(c.value for c in ROLES[Role.OWNER])
    booker = Actor(Kind.SHIPPER, shipper_id=shipper_id, role="owner", name=name, can=can)
    courier = Actor(Kind.STAFF, role="dispatch", name="Safar Courier", can=frozenset({Can.SCAN}))
    with acting(booker):
        profile = next(p for p in cities.profiles(booker) if p.is_default)
        index = cities.city_index(booker)
    for back in range(days, -1, -1):
        at = min(now, now - timedelta(days=back, hours=dice.randint(1, 9)))
        orders = [
            _order(dice, profile.id, index, f"{name[:2].upper()}-{10000 + back * 20 + n}") for n in range(per_day)
        ]
        with acting(booker):
            booked = book(booker, orders, source="sheet", now=at)
        if back:
            _travel(courier, dice, [one.cn for one in booked], at, back, now)


def _order(dice: random.Random, profile_id: int, index: CityIndex, ref: str) -> Order:
    town = dice.choices(_TO, weights=_SHARE)[0]
    city_id = index.find(town).city_id
    assert city_id is not None
    return Order(
        service=dice.choices(("overnight", "second_day", "overland"), weights=(7, 2, 1))[0],
        profile_id=profile_id,
        destination_city_id=city_id,
        consignee_name=dice.choice(_NAMES),
        consignee_phone=f"+923{dice.randint(0, 49):02d}{dice.randint(1000000, 9999999)}",
        address=dice.choice(_STREETS).format(n=dice.randint(1, 240), m=dice.randint(1, 30)),
        pieces=1,
        weight_g=dice.choice((400, 500, 800, 1000, 1200, 1800)),
        cod_paisa=dice.choice((0, 1650, 2199, 2750, 3780, 4250, 5340, 6450)) * 100,
        product=dice.choice(_GOODS),
        order_ref=ref,
    )


def _travel(
    courier: Actor, dice: random.Random, cns: Sequence[str], booked: datetime, age_days: int, now: datetime
) -> None:
    """Scans for parcels booked ``age_days`` ago, some hours apart, none of them later than now."""
    ways = [way for share, way in _WAYS for _ in range(share)]
    plans = {cn: dice.choice(ways)[: age_days * 3] for cn in cns}
    for step in range(max(len(plan) for plan in plans.values())):
        at = min(now, booked + timedelta(hours=7 * (step + 1)))
        moves = [
            Move(
                cn=cn,
                to=plan[step],
                source="scan",
                source_event_id=f"demo:{cn}:{step}",
                occurred_at=at,
                reason="CNA" if plan[step] is Status.DELIVERY_UNSUCCESSFUL else "",
            )
            for cn, plan in plans.items()
            if step < len(plan)
        ]
        with acting(courier):
            move(courier, moves, now=at)
