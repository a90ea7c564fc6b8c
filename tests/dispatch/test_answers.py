"""The desk's answer to an advice: docs/subsystems/advice.md."""

from datetime import date
from typing import Any

import pytest

from icargos.dispatch import actions, queries
from icargos.dispatch.actions import AdviceRefused
from icargos.dispatch.models import Advice
from icargos.ground.tenancy import acting
from icargos.kit import errors
from icargos.kit.errors import Forbidden, NotFound
from icargos.places import queries as places
from tests.cast import Cast
from tests.dispatch.scene import (
    advice_states,
    advise,
    answer,
    everything,
    failed,
    status_of,
)

SATURDAY, MONDAY = date(2026, 11, 21), date(2026, 11, 23)


def test_the_desk_rejects_with_a_reason_and_asks_again(cast: Cast) -> None:
    _run, cn = failed(cast)
    advice_id = advise(cast, cn, action="return")
    answer(cast, advice_id, "reject", "The return was booked by mistake twice")
    assert status_of(cast, cn) == ("shipper_advice_pending", "destination_station")
    assert advice_states(cast, cn) == ["rejected", "open"]
    bilal = cast.actor("bilal")
    with acting(bilal):
        (row,) = queries.advice_queue(bilal)
        assert (row.cn, row.state) == (cn, "open")
        (tried,) = queries.attempts(bilal, row.consignment_id)
        assert tried.advice[0].answer == "The return was booked by mistake twice"
    advise(cast, cn)
    assert advice_states(cast, cn) == ["rejected", "submitted"]


def test_the_desk_overrides_with_a_comment_the_shipper_sees(cast: Cast) -> None:
    _run, cn = failed(cast)
    advice_id = advise(cast, cn, action="hold")
    answer(cast, advice_id, "override", "Our shelf is full", action="reattempt", on_date=SATURDAY, window="09-12")
    assert status_of(cast, cn)[0] == "reattempt_requested"
    bilal = cast.actor("bilal")
    with acting(bilal):
        row = queries.advice(bilal, advice_id)
        assert row is not None
        assert (row.state, row.action, row.decided, row.decided_date, row.answer) == (
            "overridden", "hold", "reattempt", SATURDAY, "Our shelf is full",
        )  # fmt: skip
    before = everything(cast)
    with pytest.raises(errors.Conflict, match="The courier decided otherwise: Our shelf is full"):
        advise(cast, cn, action="return")
    assert everything(cast) == before


def test_the_desk_decides_where_the_shipper_is_silent(cast: Cast) -> None:
    _run, cn = failed(cast, "RFD")
    with acting(cast.actor("bilal")):
        (open_row,) = Advice.objects.filter(cn=cn)
    answer(cast, open_row.id, "override", "The consignee came to the counter", action="self_collection")
    assert status_of(cast, cn)[0] == "hold_self_collection"


@pytest.mark.parametrize(
    ("decision", "comment", "more", "field"),
    [
        ("maybe", "", {}, "decision"),
        ("reject", " ", {}, "comment"),
        ("override", "x", {"action": "return"}, "comment"),
        ("override", "Because we can", {"action": "burn"}, "action"),
        ("accept", "x" * 501, {}, "comment"),
    ],
)
def test_an_answer_that_breaks_a_rule_changes_nothing(
    cast: Cast, decision: str, comment: str, more: dict[str, Any], field: str
) -> None:
    _run, cn = failed(cast)
    advice_id = advise(cast, cn)
    before = everything(cast)
    with pytest.raises(AdviceRefused) as refused:
        answer(cast, advice_id, decision, comment, **more)
    assert [p.field for p in refused.value.problems] == [field]
    assert everything(cast) == before


def test_the_same_answer_twice_changes_nothing_and_another_one_is_refused(cast: Cast) -> None:
    _run, cn = failed(cast)
    advice_id = advise(cast, cn)
    answer(cast, advice_id, "accept", "Will do")
    before = everything(cast)
    answer(cast, advice_id, "accept", "Will do")
    with pytest.raises(errors.Conflict, match="answered or past"):
        answer(cast, advice_id, "accept", "Second thoughts")
    assert everything(cast) == before


def test_an_advice_is_answered_by_its_own_stations_desk_only(cast: Cast) -> None:
    _run, cn = failed(cast)
    advice_id = advise(cast, cn)
    before = everything(cast)
    for who in ("sadia", "imran", "bilal"):
        with pytest.raises(Forbidden):
            answer(cast, advice_id, "accept", who=who)
    adeel, dawood = cast.actor("adeel"), cast.actor("dawood")
    with acting(adeel):
        karachi = next(office.id for office in places.stations(adeel) if office.code == "KHI")
        actions.post(adeel, dawood.user_id or 0, karachi)
    with pytest.raises(NotFound):
        answer(cast, advice_id, "accept")
    with pytest.raises(NotFound):
        answer(cast, 999_999, "accept")
    with acting(dawood):
        assert queries.advice_queue(dawood) == []
    assert everything(cast) == before
    answer(cast, advice_id, "accept", who="adeel")
    assert advice_states(cast, cn) == ["accepted"]
