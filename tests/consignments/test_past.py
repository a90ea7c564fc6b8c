"""Steps of the past, written at once: every one is in the history, and the parcel's row ends where they end."""

from collections.abc import Sequence
from datetime import timedelta

import msgspec
import pytest
from django.db import IntegrityError

from icargos.consignments import actions
from icargos.consignments.actions import Handover, Move, MoveRefused, OutOfTime
from icargos.consignments.models import Consignment, Event
from icargos.consignments.queries import tally
from icargos.consignments.rules import Custody, Status
from icargos.ground.models import Fact
from icargos.ground.tenancy import acting
from icargos.kit.actor import Stamp
from icargos.kit.errors import Forbidden, NotFound
from tests.cast import NOW, Cast
from tests.parcels import enter

LATER = NOW + timedelta(days=9)
WAY = (
    Status.RECEIVED_AT_OFFICE,
    Status.IN_TRANSIT,
    Status.RECEIVED_AT_DESTINATION,
    Status.OUT_FOR_DELIVERY,
    Status.DELIVERY_UNSUCCESSFUL,
    Status.OUT_FOR_DELIVERY,
    Status.DELIVERED,
)
Told = tuple[Move | Handover, Stamp]


def steps(cast: Cast, cn: str, way: Sequence[Status], *, first: int = 1) -> list[Told]:
    """One move an hour, each failure one of the attempts that count."""
    by = cast.actor("dawood")
    out: list[Told] = []
    for hour, to in enumerate(way, start=first):
        at, fails = NOW + timedelta(hours=hour), to is Status.DELIVERY_UNSUCCESSFUL
        reason = "CNA" if fails else ""
        move = Move(
            cn=cn, to=to, source="scan", source_event_id=f"{cn}:{hour}", occurred_at=at, reason=reason, counts=fails
        )
        out.append((move, Stamp(by, at)))
    return out


def _known(cn: str, told: Told) -> Told:
    """The step under the id of the parcel's first one."""
    return msgspec.structs.replace(told[0], source_event_id=f"{cn}:1"), told[1]


def record(cast: Cast, told: Sequence[Told], *, who: str = "adeel") -> None:
    actor = cast.actor(who)
    with acting(actor):
        actions.record_past(actor, told, now=LATER)


def test_a_whole_life_is_in_the_history_and_the_row_ends_where_it_ended(cast: Cast) -> None:
    whole, half, still = (one.cn for one in enter(cast, 3))
    record(cast, [*steps(cast, half, WAY[:5]), *steps(cast, whole, WAY)])
    dawood, bilal = cast.actor("dawood"), cast.actor("bilal")
    with acting(dawood):
        rows = {c.cn: (c.status, c.custody, c.attempts, c.reason, c.status_at) for c in Consignment.objects.all()}
        assert rows[whole] == ("delivered", "consignee", 1, "", NOW + timedelta(hours=7))
        assert rows[half] == ("delivery_unsuccessful", "rider", 1, "CNA", NOW + timedelta(hours=5))
        assert rows[still] == ("new_booked", "shipper", 0, "", NOW)
        events = Event.objects.filter(consignment_id=Consignment.objects.get(cn=whole).id).order_by("id")
        assert [(e.code, e.actor_name, e.moved) for e in events][1:] == [(to.value, "Dawood Shah", True) for to in WAY]
        assert Fact.objects.filter(kind="consignment.moved").count() == 12
    with acting(bilal):
        assert tally(bilal) == {Status.DELIVERED: 1, Status.DELIVERY_UNSUCCESSFUL: 1, Status.NEW_BOOKED: 1}


def test_a_parcel_that_comes_round_to_its_status_keeps_the_time_and_who_holds_it(cast: Cast) -> None:
    (cn,) = (one.cn for one in enter(cast))
    record(cast, steps(cast, cn, WAY[:3]))
    round_ = [Status.OUT_FOR_DELIVERY, Status.RECEIVED_AT_DESTINATION]
    at = NOW + timedelta(hours=8)
    back = Handover(cn=cn, custody=Custody.STATION, source="scan", source_event_id=f"{cn}:back", occurred_at=at)
    record(cast, [*steps(cast, cn, round_, first=5), (back, Stamp(cast.actor("dawood"), at))])
    with acting(cast.actor("dawood")):
        parcel = Consignment.objects.get(cn=cn)
        assert (parcel.status, parcel.custody) == ("received_at_destination", "station")
        assert parcel.status_at == NOW + timedelta(hours=6)
        assert Event.objects.filter(consignment_id=parcel.id).count() == 7


def test_what_the_table_or_the_calendar_forbids_is_refused_and_nothing_is_written(cast: Cast) -> None:
    good, bad = (one.cn for one in enter(cast, 2))
    wrong: list[tuple[type[Exception], list[Told]]] = [
        (MoveRefused, steps(cast, bad, [Status.RECEIVED_AT_OFFICE, Status.DELIVERED])),
        (OutOfTime, steps(cast, bad, WAY[:1], first=-1)),
        (OutOfTime, steps(cast, bad, WAY[:1], first=9 * 24)),
        (OutOfTime, [steps(cast, bad, WAY[:1], first=5)[0], steps(cast, bad, [Status.IN_TRANSIT], first=4)[0]]),
        (NotFound, steps(cast, "IC999999999", WAY[:1])),
        (IntegrityError, [steps(cast, bad, WAY)[0], _known(bad, steps(cast, bad, WAY)[1])]),
    ]
    with acting(cast.actor("dawood")):
        before = list(Consignment.objects.order_by("id").values_list("status", "custody")), Event.objects.count()
    for refusal, told in wrong:
        with pytest.raises(refusal):
            record(cast, [*steps(cast, good, WAY), *told])
    with pytest.raises(Forbidden):
        record(cast, steps(cast, good, WAY), who="dawood")
    with acting(cast.actor("dawood")):
        after = list(Consignment.objects.order_by("id").values_list("status", "custody")), Event.objects.count()
        assert after == before
