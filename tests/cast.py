"""The fixed cast: built once into the template through the actions, read back by every test.

Shipper A is Zarqa Textiles (Ayesha owner, Bilal operations, Farah finance, Vahid viewer); shipper B is Noor Traders
(Zara owner), whose every text carries CANARY. Adeel administers; Sadia scans in Karachi; in Multan Dawood dispatches,
Imran and Asif ride.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

CANARY = "Qanary"
PASSWORD = "correct-horse-battery"
NOW = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
PEOPLE = {
    "ayesha": ("Ayesha Khan", "A", "owner"),
    "bilal": ("Bilal Raza", "A", "operations"),
    "farah": ("Farah Siddiqui", "A", "finance"),
    "vahid": ("Vahid Anwar", "A", "viewer"),
    "zara": (f"Zara {CANARY}", "B", "owner"),
    "adeel": ("Adeel Ahmed", "", "admin"),
    "dawood": ("Dawood Shah", "", "dispatch"),
    "imran": ("Imran Ali", "", "rider"),
    "sadia": ("Sadia Noor", "", "station"),
    "asif": ("Asif Mehmood", "", "rider"),
}
# Who works where: parcels of the cast go from Karachi (Sadia's station) to Multan.
POSTS = {"sadia": "KHI", "dawood": "MUX", "imran": "MUX", "asif": "MUX"}


@dataclass(frozen=True)
class Cast:
    """Ids of the cast; ``actor`` and ``client`` act as one of them."""

    shipper_a: int
    shipper_b: int
    profile_a: int
    profile_b: int
    people: dict[str, int]

    def actor(self, who: str):  # type: ignore[no-untyped-def]
        """The person as an Actor of the house."""
        from icargos.accounts import queries

        name, shipper, role = PEOPLE[who]
        if not shipper:
            return queries.staff_actor(self.people[who], name, role, "test")
        tenant = self.shipper_a if shipper == "A" else self.shipper_b
        return queries.seated_actor(self.people[who], name, queries.Seat(tenant, shipper, shipper, role), "test")

    def client(self, who: str | None = None):  # type: ignore[no-untyped-def]
        """A browser signed in as the person, or a stranger's."""
        from django.contrib.auth import get_user_model
        from django.test import Client

        client = Client()
        if who:
            client.force_login(get_user_model().objects.get(pk=self.people[who]))
        return client


def _file() -> Path:
    from django.conf import settings

    return Path(settings.HOME) / "cast.json"


def read() -> Cast:
    """The cast that the template holds."""
    return Cast(**json.loads(_file().read_text()))


def build() -> Cast:
    """Write the cast through the actions, as an administrator."""
    from icargos.accounts import actions
    from icargos.accounts.rules import Role, StaffRole
    from icargos.dispatch import actions as dispatch
    from icargos.ground.tenancy import acting
    from icargos.kit.actor import Actor, Kind
    from icargos.places import actions as places
    from icargos.places import queries as where

    root = Actor(Kind.STAFF, name="Set-up", can=frozenset({"approve", "manage_profiles"}))
    with acting(root):
        a = actions.open_shipper(root, account_no="KHI-00421", name="Zarqa Textiles")
        b = actions.open_shipper(root, account_no="LHE-00007", name=f"Noor {CANARY} Traders")
        people = {}
        for who, (name, shipper, role) in PEOPLE.items():
            staff = StaffRole(role) if not shipper else None
            people[who] = actions.add_person(
                root, email=f"{who}@example.com", name=name, password=PASSWORD, staff_role=staff
            )
            if shipper:
                actions.seat(root, shipper_id=a if shipper == "A" else b, user_id=people[who], role=Role(role))
        stations = {office.code: office.id for office in where.stations(root)}
        for who, code in POSTS.items():
            dispatch.post(root, people[who], stations[code])
        profile_a = places.add_profile(
            root,
            shipper_id=a,
            code="4102",
            name="Zarqa Textiles",
            phone="+923008224417",
            address="Plot C-18, SITE Area, Karachi",
            city="Karachi",
            is_default=True,
            now=NOW,
        )
        profile_b = places.add_profile(
            root,
            shipper_id=b,
            code="4103",
            name=f"Noor {CANARY} Traders",
            phone="+923008224418",
            address=f"{CANARY} House 9, Gulberg, Lahore",
            city="Lahore",
            is_default=True,
            now=NOW,
        )
    return Cast(a, b, profile_a, profile_b, people)


if __name__ == "__main__":
    import dataclasses

    import django

    django.setup()
    _file().write_text(json.dumps(dataclasses.asdict(build())))
