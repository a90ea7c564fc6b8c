"""Who holds a parcel may change without its status; what was booked may change and keeps its history."""

from datetime import timedelta

import pytest

from icargos.consignments import actions
from icargos.consignments.actions import Amendment, Handover, Move
from icargos.consignments.models import Consignment, Event, Revision
from icargos.consignments.rules import Custody, Status
from icargos.ground.models import Fact
from icargos.ground.tenancy import acting
from icargos.kit.errors import Conflict, NotFound
from tests.cast import NOW, Cast
from tests.parcels import enter


def handover(cn: str, number: str = "1") -> Handover:
    return Handover(
        cn=cn, custody=Custody.STATION, source="scan", source_event_id=f"back:{cn}:{number}", occurred_at=NOW
    )


def test_a_scan_may_change_custody_alone(cast: Cast) -> None:
    (one,) = enter(cast)
    dawood = cast.actor("dawood")
    with acting(dawood):
        actions.hand_over(dawood, [handover(one.cn)], now=NOW)
        actions.hand_over(dawood, [handover(one.cn)], now=NOW + timedelta(hours=1))
        parcel = Consignment.objects.get(cn=one.cn)
        assert (parcel.status, parcel.custody) == ("new_booked", "station")
        (event,) = Event.objects.filter(source="scan")
        assert (event.code, event.moved, event.public) == ("new_booked", False, False)
        assert Fact.objects.filter(kind="consignment.handed_over").count() == 1


def test_handing_over_an_unknown_parcel_changes_nothing(cast: Cast) -> None:
    (one,) = enter(cast)
    dawood = cast.actor("dawood")
    with acting(dawood):
        with pytest.raises(NotFound, match="IC999999999"), acting(dawood):
            actions.hand_over(dawood, [handover(one.cn), handover("IC999999999")], now=NOW)
        assert Consignment.objects.get(cn=one.cn).custody == "shipper"
        assert not Event.objects.filter(source="scan").exists()


def test_an_amendment_keeps_the_old_value_apart_from_the_trail(cast: Cast) -> None:
    (one,) = enter(cast)
    bilal = cast.actor("bilal")
    change = Amendment(address="House 99, Street 5, Gulgasht Colony", cod_paisa=140_000)
    with acting(bilal):
        assert actions.amend(bilal, one.cn, change, why="advice", now=NOW) == ("address", "cod_paisa")
        assert actions.amend(bilal, one.cn, change, why="advice", now=NOW) == ()
        parcel = Consignment.objects.get(cn=one.cn)
        assert (parcel.address, parcel.cod_paisa, parcel.cod_state) == (change.address, 140_000, "expected")
        kept = list(Revision.objects.order_by("id").values_list("field", "was", "becomes"))
        assert kept == [
            ("address", "House 12, Street 4, Gulgasht Colony", change.address),
            ("cod_paisa", "150000", "140000"),
        ]
        (fact,) = Fact.objects.filter(kind="consignment.amended")
        assert fact.data == {"cn": one.cn, "fields": ["address", "cod_paisa"], "cod_paisa": 140_000}


def test_another_shippers_parcel_and_a_finished_one_are_not_amended(cast: Cast) -> None:
    (one,) = enter(cast)
    change = Amendment(landmark="Blue gate")
    zara, bilal = cast.actor("zara"), cast.actor("bilal")
    with acting(zara), pytest.raises(NotFound):
        actions.amend(zara, one.cn, change, why="advice", now=NOW)
    end = Move(cn=one.cn, to=Status.CANCELLED, source="portal", source_event_id="end", occurred_at=NOW)
    with acting(bilal):
        actions.move(bilal, [end], now=NOW)
        with pytest.raises(Conflict, match="reached its end"):
            actions.amend(bilal, one.cn, change, why="advice", now=NOW)
        assert Consignment.objects.get(cn=one.cn).landmark == ""
        assert not Revision.objects.exists()


def test_a_shipper_sees_no_other_shippers_revisions(cast: Cast) -> None:
    (one,) = enter(cast, whose="B")
    zara, bilal = cast.actor("zara"), cast.actor("bilal")
    with acting(zara):
        actions.amend(zara, one.cn, Amendment(landmark="Blue gate"), why="advice", now=NOW)
        assert Revision.objects.count() == 1
    with acting(bilal):
        assert not Revision.objects.exists()
