"""Who is in the demo: two shippers with their people, and at each station somebody who scans and somebody who rides."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from icargos.accounts import actions as accounts
from icargos.accounts import queries
from icargos.accounts.rules import ROLES, Can, Role, StaffRole
from icargos.dispatch import actions as dispatch
from icargos.dispatch import queries as posts
from icargos.kit.actor import Actor, Kind
from icargos.main.signins import SignIn
from icargos.places import actions as places
from icargos.places import queries as where

ZARQA = "Zarqa Textiles"
NOOR = "Noor Traders"
ROOT = Actor(
    Kind.STAFF, name="Set-up", can=frozenset({Can.APPROVE, Can.MANAGE_PROFILES, Can.SEE_ALL_PARCELS, Can.SEE_ORDERS})
)
_SHIPPERS = ((ZARQA, "KHI-00421"), (NOOR, "LHE-00007"))
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
# Only those with an address get a sign-in; the others work behind the scenes.
_DESKS = {"KHI": ("Dawood Shah", "dawood@safar.example"), "LHE": ("Sadia Noor", "sadia@safar.example")}
_RIDERS = {"KHI": ("Imran Ali", "imran@safar.example"), "LHE": ("Asif Mehmood", "asif@safar.example")}
_NAMES = ("Hamza Tariq", "Usman Gill", "Noman Iqbal", "Saqib Raza", "Waleed Khan", "Kashif Butt", "Junaid Mir",
          "Adnan Baig", "Fahad Lodhi", "Rizwan Dar", "Tahir Abbas", "Shoaib Anwar", "Zeeshan Ali", "Owais Memon",
          "Danish Rauf", "Farhan Awan", "Bilawal Soomro", "Arslan Cheema", "Yasir Kiani", "Haris Jamil")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Station:
    """One station with the actor that scans there and the one that rides."""

    id: int
    code: str
    desk: Actor
    rider: Actor


@dataclass(frozen=True, slots=True)
class Crew:
    """Everybody who acts in the demo: bookers by shipper, stations by code."""

    bookers: dict[str, Actor]
    stations: dict[str, Station]


def hire(make_password: Callable[[], str], *, now: datetime) -> list[SignIn]:
    """Make shippers, people, profiles and posts; returns the sign-ins with their passwords."""
    signins: list[SignIn] = []

    def add(name: str, email: str, as_what: str, staff: StaffRole | None) -> int:
        password = make_password() if email else None
        address = email or f"{name.lower().replace(' ', '.')}@safar.example"
        person = accounts.add_person(
            ROOT, email=address, name=name, password=password, staff_role=staff, demo=bool(email)
        )
        if password is not None:
            signins.append(SignIn(name, as_what, email, password))
        return person

    ids = {name: accounts.open_shipper(ROOT, account_no=number, name=name) for name, number in _SHIPPERS}
    for shipper, name, email, role in _PEOPLE:
        person = add(f"{name}", email, f"{role.value}, {shipper}", None)
        accounts.seat(ROOT, shipper_id=ids[shipper], user_id=person, role=role)
    for shipper, code, name, phone, address, city in _PROFILES:
        places.add_profile(
            ROOT, shipper_id=ids[shipper], code=code, name=name, phone=phone, address=address, city=city, now=now
        )
    names = iter(_NAMES)
    for office in where.stations(ROOT):
        for table, job in ((_DESKS, StaffRole.DISPATCH), (_RIDERS, StaffRole.RIDER)):
            name, email = table.get(office.code) or (next(names), "")
            person = add(name, email, f"{job.value}, {office.name}", job)
            dispatch.post(ROOT, person, office.id)
    return signins


def crew() -> Crew:
    """The demo's people as actors, found again in the database; inside ``acting`` of staff."""
    bookers = {}
    for account in queries.shippers(ROOT):
        if account.name in {ZARQA, NOOR}:
            can = frozenset(c.value for c in ROLES[Role.OWNER])
            bookers[account.name] = Actor(
                Kind.SHIPPER, shipper_id=account.id, role="owner", name=account.name, can=can, request_id="demo"
            )
    stations = {}
    manned = _manned()
    for office in where.stations(ROOT):
        desk, rider = manned[office.id]
        stations[office.code] = Station(office.id, office.code, desk, rider)
    return Crew(bookers, stations)


def _manned() -> dict[int, tuple[Actor, Actor]]:
    at = posts.posted(ROOT)
    found: dict[int, dict[StaffRole, Actor]] = {}
    for role in (StaffRole.DISPATCH, StaffRole.RIDER):
        for person in queries.colleagues(ROOT, role):
            if person.id in at:
                actor = queries.staff_actor(person.id, person.name, role.value, "demo")
                found.setdefault(at[person.id], {})[role] = actor
    return {
        station: (pair[StaffRole.DISPATCH], pair[StaffRole.RIDER]) for station, pair in found.items() if len(pair) == 2
    }
