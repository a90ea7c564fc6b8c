"""A parcel's page: where its cash stands, told apart from where the parcel stands; what it costs, in both languages."""

import re

import psycopg
import pytest
from django.utils import translation

from icargos.consignments.rules import COD_MOVES, CodState, Status
from icargos.finance import actions as finance
from icargos.ground.tenancy import acting
from tests.booking.scene import book, move
from tests.cast import Cast
from tests.dispatch.scene import advise, answer, deliver, delivery, failed, hours, out
from tests.parcels import enter
from tests.portal.test_book_page import FORM

STEP = re.compile(r'<li class="is-(\w+)"[^>]*>(?:(?!</li>).)*?<span>([^<]*)(<small><time)?', re.DOTALL)


def cod(cast: Cast, cn: str) -> tuple[list[str], list[str], str]:
    """The steps' states, which of them carry a time, and the sentence below."""
    page = cast.client("bilal").get(f"/orders/{cn}/").content.decode()
    steps = page.partition('<ol class="cod-steps">')[2].partition("</ol>")[0]
    found = STEP.findall(steps)
    assert [label for _state, label, _at in found][:2] == ["Collected", "Deposited"]
    after = page.partition('<ol class="cod-steps">')[2].partition("</section>")[0]
    said = re.search(r'<p class="muted">([^<]*)</p>', after)
    return [state for state, _, _ in found], [label for _, label, at in found if at], said[1] if said else ""


def test_nothing_is_collected_before_the_delivery(cast: Cast) -> None:
    (entered,) = enter(cast)
    booked: tuple[list[str], list[str], str] = (["todo"] * 4, [], "Cash is collected when the parcel is delivered.")
    assert cod(cast, entered.cn) == booked
    _run, (cn,) = out(cast)
    assert cod(cast, cn) == booked, "on the rider's bike"
    _run, cn = failed(cast)
    assert cod(cast, cn) == booked, "refused at the door"


def test_the_steps_follow_the_cash_from_the_door_to_the_till(cast: Cast) -> None:
    run, (cn,) = out(cast)
    deliver(cast, delivery(cast, cn))
    states, dated, said = cod(cast, cn)
    assert (states, dated) == (["now", "todo", "todo", "todo"], ["Collected"])
    assert said.startswith("The rider has it")
    assert cast.client("dawood").post(f"/desk/runs/{run}/close/", {"cash": "1500"}).status_code == 302
    states, dated, said = cod(cast, cn)
    assert (states, dated) == (["done", "now", "todo", "todo"], ["Collected", "Deposited"])
    assert said.startswith("It is in the station")


def test_a_collection_that_was_taken_back_is_no_collection(cast: Cast, owner_url: str) -> None:
    _run, (cn,) = out(cast)
    deliver(cast, delivery(cast, cn))
    with psycopg.connect(owner_url) as owner:
        found = owner.execute("SELECT key FROM finance_transfer WHERE cause = 'collect'").fetchone()
    assert found is not None
    adeel = cast.actor("adeel")
    with acting(adeel):
        finance.take_back(adeel, key=found[0], now=hours(3))
    states, dated, said = cod(cast, cn)
    assert (states, dated) == (["todo"] * 4, [])
    assert said.startswith("The collection was taken back")


def test_a_parcel_that_goes_back_brings_no_cash(cast: Cast) -> None:
    (entered,) = enter(cast)
    cast.client("bilal").post(f"/orders/{entered.cn}/cancel/")
    states, _dated, said = cod(cast, entered.cn)
    assert states == ["todo"] * 4
    assert said.startswith("Nothing is collected")


def _way(to: CodState) -> list[CodState]:
    """The shortest legal way of the cash from the delivery to a state."""
    ways = [[CodState.COLLECTED]]
    for way in ways:
        if way[-1] is to:
            return way
        ways += [[*way, step] for step in sorted(COD_MOVES[way[-1]]) if step not in way]
    raise AssertionError(to)


# How many steps lie behind, and whether the next one is marked as the money's place.
LATER = {
    CodState.PAYABLE: (2, True),
    CodState.ON_STATEMENT: (2, True),
    CodState.PAID: (4, False),
    CodState.ADJUSTED: (1, False),
    CodState.WRITTEN_OFF: (0, False),
}


@pytest.mark.parametrize("state", LATER)
def test_each_later_state_is_told(cast: Cast, owner_url: str, state: CodState) -> None:
    _run, (cn,) = out(cast)
    deliver(cast, delivery(cast, cn))
    with psycopg.connect(owner_url, autocommit=True) as owner:
        for step in _way(state)[1:]:
            owner.execute("UPDATE consignments_consignment SET cod_state = %s WHERE cn = %s", [step.value, cn])
    behind, standing = LATER[state]
    wanted = ["done"] * behind + ["now"] * standing
    states, _dated, said = cod(cast, cn)
    assert states == wanted + ["todo"] * (4 - len(wanted))
    assert bool(said) is (state is not CodState.PAID)


def charges(cast: Cast, cn: str, language: str) -> str:
    """The receipt on the page."""
    client = cast.client("bilal")
    client.cookies["django_language"] = language
    with translation.override("en"):  # a request leaves its language behind in this thread
        page: str = client.get(f"/orders/{cn}/").content.decode()
    return page.partition('<ul class="receipt">')[2].partition("</ul>")[0]


def test_the_receipt_says_what_was_counted_in_the_readers_language(cast: Cast, owner_url: str) -> None:
    cast.client("bilal").post("/book/", FORM)
    with psycopg.connect(owner_url, autocommit=True) as owner:
        found = owner.execute("SELECT cn FROM consignments_consignment").fetchone()
        assert found is not None
        english, urdu = charges(cast, found[0], "en"), charges(cast, found[0], "ur")
        for sentence in ("3.0 kg: first 0.5 at", "1 % of 4,500, at least", "2 % of COD 4,500"):
            assert sentence in english
        assert "سی او ڈی 4,500 کا" in urdu
        assert re.findall("[A-Za-z]{2,}", re.sub("<[^>]*>", "", urdu)) == ["Rs"]
        # One that was stored when receipts held the sentence itself is shown as it is.
        owner.execute(
            "UPDATE finance_charge SET receipt = jsonb_set(receipt, '{lines,0,2}', '\"3.0 kg: first 0.5 at 99\"')"
        )
    assert "3.0 kg: first 0.5 at 99" in charges(cast, found[0], "ur")


def test_the_receipt_tells_only_what_can_still_happen(cast: Cast) -> None:
    (parcel,) = book(cast)
    way = (Status.PICKED_UP, Status.RECEIVED_AT_OFFICE, Status.RETURN_CONFIRMED)
    before = charges(cast, parcel.cn, "en")
    assert "When delivered" in before
    assert "You receive" in before
    back = re.search(r"If it comes back:\D*?−([\d,.]+)", before)
    assert back is not None
    move(cast, parcel.cn, *way)
    after = charges(cast, parcel.cn, "en")
    assert f"Rs <bdi>{back[1]}</bdi>" in after
    assert "You pay" in after
    for gone in ("When delivered", "You receive", "If it comes back", "COD collected"):
        assert gone not in after, gone


def test_a_cancelled_parcel_brings_nothing(cast: Cast) -> None:
    (parcel,) = book(cast)
    cast.client("bilal").post(f"/orders/{parcel.cn}/cancel/")
    after = charges(cast, parcel.cn, "en")
    assert "Charges" in after
    for gone in ("You receive", "You pay", "If it comes back"):
        assert gone not in after, gone


def page(cast: Cast, who: str, cn: str, language: str = "en") -> str:
    client = cast.client(who)
    client.cookies["django_language"] = language
    shown: str = client.get(f"/orders/{cn}/").content.decode()
    return shown


def test_the_way_stands_on_a_map_in_the_readers_language_and_turns_round_with_the_parcel(cast: Cast) -> None:
    (entered,) = enter(cast)
    assert 'aria-label="The approximate way from Karachi to Multan"' in page(cast, "bilal", entered.cn)
    urdu = page(cast, "bilal", entered.cn, "ur").partition('<div class="route-map">')[2].partition("</svg>")[0]
    assert "ملتان" in urdu
    assert "Multan" not in urdu
    assert "The approximate way" in page(cast, "farah", entered.cn), "cities are no secret of the consignee's"
    _run, cn = failed(cast)
    answer(cast, advise(cast, cn, action="return"), "accept")
    assert 'aria-label="The approximate way from Multan to Karachi"' in page(cast, "bilal", cn)
    cast.client("bilal").post(f"/orders/{entered.cn}/cancel/")
    assert "route-map" not in page(cast, "bilal", entered.cn), "what is cancelled is on no way"


def test_the_history_tells_where_each_line_comes_from(cast: Cast) -> None:
    _run, (cn,) = out(cast)
    deliver(cast, delivery(cast, cn))
    history = page(cast, "bilal", cn).partition('<ol class="timeline')[2].partition("</ol>")[0]
    found = re.findall(r"<b>([^<]*)</b><small>([^<]*)</small>", history)
    assert found[0] == ("Delivered", "Imran Ali · rider&#x27;s phone")
    assert all(detail.endswith((" · scan", " · sheet", " · form")) for title, detail in found[1:]), found


def test_one_printing_is_one_time(cast: Cast) -> None:
    (entered,) = enter(cast)
    assert cast.client("bilal").post("/labels/", {"cn": entered.cn}).status_code == 302
    assert "Printed 1 time<" in page(cast, "bilal", entered.cn)
