"""What the door shows of a parcel, by tier. Whatever is not named here never reaches a page or a programme."""

from datetime import date, datetime

import msgspec
from django.utils import timezone

from icargos.consignments.queries.tracking import Milestone, Place, Tracked
from icargos.consignments.rules import FAMILY as FAMILY_OF
from icargos.consignments.rules import FINAL, Family, Status
from icargos.places.rules import zone_between
from icargos.tariff.rules import Service
from icargos.tariff.rules.transit import expected_on

_HANDED_OVER = frozenset({Status.PICKED_UP, Status.RECEIVED_AT_OFFICE, Status.IN_TRANSIT})
_BACK = frozenset({Family.RETURNS, Family.CLOSED})


class Tier1(msgspec.Struct, frozen=True, kw_only=True):
    """The JSON of a parcel for anyone: codes as in the rule book, cities by their names, the expected local day."""

    cn: str
    status: str
    status_at: datetime
    origin: str
    destination: str
    expected_on: date | None
    milestones: tuple[Milestone, ...]


def tier1(parcel: Tracked) -> Tier1:
    """The parcel as anyone may see it."""
    return Tier1(
        cn=parcel.cn,
        status=parcel.status,
        status_at=parcel.status_at,
        origin=parcel.origin.name,
        destination=parcel.destination.name,
        expected_on=expected(parcel),
        milestones=parcel.milestones,
    )


def expected(parcel: Tracked) -> date | None:
    """The local day the parcel is promised for, counted from its booking until it is handed over.

    A parcel that is out for delivery is expected on that day. None once it has arrived, and when it goes back or goes
    nowhere.
    """
    status = Status(parcel.status)
    if status in FINAL or FAMILY_OF[status] in _BACK:
        return None
    if status is Status.OUT_FOR_DELIVERY:
        return timezone.localdate(parcel.status_at)
    began = next((m.at for m in parcel.milestones if m.status in _HANDED_OVER), parcel.booked_at)
    zone = zone_between(parcel.origin, parcel.destination)
    return expected_on(Service(parcel.service), zone, timezone.localdate(began))


def city(place: Place, language: str) -> str:
    """The city's name as the reader's language writes it."""
    return place.urdu if language == "ur" and place.urdu else place.name


def on_label(cod_paisa: int, status: str) -> int:
    """The amount that was booked, in paisa; 0 when the parcel is not (or no longer) for its consignee.

    It stays after the delivery: a rider may mark the parcel delivered before he asks for the money.
    """
    return 0 if FAMILY_OF[Status(status)] in _BACK else cod_paisa


def to_pay(cod_paisa: int, cod_state: str, status: str) -> int:
    """What the consignee still has to pay, in paisa: 0 for a prepaid, paid, returning or lost parcel."""
    gone = Status(status) in FINAL or FAMILY_OF[Status(status)] in _BACK
    return 0 if gone or cod_state != "expected" else cod_paisa
