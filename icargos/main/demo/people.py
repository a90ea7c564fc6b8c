"""Who is in the demo: three shippers with their people, and at each station who scans and who rides."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from icargos.accounts import actions as accounts
from icargos.accounts import queries
from icargos.accounts.rules import Can, Role, StaffRole
from icargos.dispatch import actions as dispatch
from icargos.dispatch import queries as posts
from icargos.kit.actor import Actor, Kind
from icargos.kit.errors import NotFound
from icargos.main.signins import SignIn
from icargos.places import actions as places
from icargos.places import queries as where

ZARQA = "Zarqa Textiles"  # fashion, mostly cash on delivery
BARQ = "Barq Electronics"
NOOR = "Noor Traders"  # sends to other businesses, prepaid, many pieces
ROOT = Actor(
    Kind.STAFF, name="Set-up", can=frozenset({Can.APPROVE, Can.MANAGE_PROFILES, Can.SEE_ALL_PARCELS, Can.SEE_ORDERS})
)
_SHIPPERS = {ZARQA: "KHI-00421", BARQ: "LHE-00233", NOOR: "LHE-00007"}
_PEOPLE = (
    (ZARQA, "Ayesha Khan", "ayesha@zarqa.example", Role.OWNER),
    (ZARQA, "Bilal Raza", "bilal@zarqa.example", Role.OPERATIONS),
    (ZARQA, "Farah Siddiqui", "farah@zarqa.example", Role.FINANCE),
    (BARQ, "Hamid Mirza", "hamid@barq.example", Role.OWNER),
    (NOOR, "Zara Malik", "zara@noor.example", Role.OWNER),
)
_PROFILES = (
    (ZARQA, "4102", ZARQA, "0300-8224417", "Plot C-18, SITE Area, Karachi", "Karachi"),
    (ZARQA, "4103", "Zarqa Lahore", "0321-4400112", "12 Ferozepur Road, Lahore", "Lahore"),
    (BARQ, "6001", BARQ, "0322-4119008", "Shop 214, Hafeez Centre, Gulberg III, Lahore", "Lahore"),
    (BARQ, "6002", "Barq Islamabad", "0333-5127700", "31 Jinnah Avenue, Blue Area, Islamabad", "Islamabad"),
    (NOOR, "5001", NOOR, "0333-9007001", "Shop 9, Liberty Market, Lahore", "Lahore"),
)
# Only those with an address get a sign-in; the others work behind the scenes.
_DESKS = {"KHI": ("Dawood Shah", "dawood@safar.example"), "LHE": ("Sadia Noor", "sadia@safar.example")}
_RIDERS = {"KHI": ("Imran Ali", "imran@safar.example"), "LHE": ("Asif Mehmood", "asif@safar.example")}
_MORE_RIDERS = {"KHI": 3, "LHE": 2, "ISB": 2}  # one at every other station
_NAMES = ("Hamza Tariq", "Usman Gill", "Noman Iqbal", "Saqib Raza", "Waleed Khan", "Kashif Butt", "Junaid Mir",
          "Adnan Baig", "Fahad Lodhi", "Rizwan Dar", "Tahir Abbas", "Shoaib Anwar", "Zeeshan Ali", "Owais Memon",
          "Danish Rauf", "Farhan Awan", "Bilawal Soomro", "Arslan Cheema", "Yasir Kiani", "Haris Jamil",
          "Nadeem Akram", "Salman Qureshi", "Umair Bhatti", "Faizan Sheikh")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Station:
    """One station with the actor that scans there and those that ride."""

    id: int
    code: str
    desk: Actor
    riders: tuple[Actor, ...]


@dataclass(frozen=True, slots=True)
class Crew:
    """Everybody who acts in the demo: bookers by shipper, stations by code, who approves."""

    bookers: Mapping[str, Actor]
    stations: Mapping[str, Station]
    admin: Actor


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

    ids = {name: accounts.open_shipper(ROOT, account_no=number, name=name) for name, number in _SHIPPERS.items()}
    for shipper, name, email, role in _PEOPLE:
        person = add(f"{name}", email, f"{role.value}, {shipper}", None)
        accounts.seat(ROOT, shipper_id=ids[shipper], user_id=person, role=role)
    for shipper, code, name, phone, address, city in _PROFILES:
        places.add_profile(
            ROOT, shipper_id=ids[shipper], code=code, name=name, phone=phone, address=address, city=city, now=now
        )
    offices = {office.code: office for office in where.stations(ROOT)}
    dispatch.post(ROOT, add("Adeel Ahmed", "adeel@safar.example", "admin", StaffRole.ADMIN), offices["KHI"].id)
    names = iter(_NAMES)
    for code, office in offices.items():
        jobs = [(_DESKS, StaffRole.DISPATCH)] + [(_RIDERS, StaffRole.RIDER)] * _MORE_RIDERS.get(code, 1)
        named = {StaffRole.DISPATCH: _DESKS.get(code), StaffRole.RIDER: _RIDERS.get(code)}
        for _table, job in jobs:
            name, email = named.pop(job, None) or (next(names), "")
            dispatch.post(ROOT, add(name, email, f"{job.value}, {office.name}", job), office.id)
    return signins


def crew() -> Crew:
    """The demo's people as actors, found again in the database; inside ``acting`` of staff. Raises NotFound."""
    bookers = {}
    for account in queries.shippers(ROOT):
        if _SHIPPERS.get(account.name) == account.account_no:
            # Who works with parcels books them; where there is nobody, the owner.
            people = sorted(queries.members(ROOT, account.id), key=lambda one: one[2].role != Role.OPERATIONS)
            bookers[account.name] = queries.seated_actor(*people[0], "demo")
    if len(bookers) < len(_SHIPPERS):
        raise NotFound("There is no demo world here. `icargos demo` makes one.")
    at = posts.posted(ROOT)
    staff = {role: _posted(at, role) for role in (StaffRole.DISPATCH, StaffRole.RIDER, StaffRole.ADMIN)}
    stations = {
        office.code: Station(office.id, office.code, desks[0], tuple(riders))
        for office in where.stations(ROOT)
        if (desks := staff[StaffRole.DISPATCH].get(office.id)) and (riders := staff[StaffRole.RIDER].get(office.id))
    }
    admin = next(one for people in staff[StaffRole.ADMIN].values() for one in people)
    return Crew(bookers, stations, admin)


def _posted(at: Mapping[int, int], role: StaffRole) -> dict[int, list[Actor]]:
    """The active people of a role by the station they work at, in the order they came."""
    found: dict[int, list[Actor]] = {}
    for person in sorted(queries.colleagues(ROOT, role), key=lambda one: one.id):
        if person.id in at:
            actor = queries.staff_actor(person.id, person.name, role.value, "demo")
            found.setdefault(at[person.id], []).append(actor)
    return found
