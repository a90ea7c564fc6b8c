"""What was booked may change while the parcel is with its shipper: one or a thousand, all or none, with its price."""

from datetime import timedelta
from typing import Any

import msgspec
import psycopg
import pytest

from icargos.booking import actions
from icargos.booking.actions import Change, Changed, ChangeRefused, NotChangeable
from icargos.booking.rules.changes import FIXED_WHEN_READY, PRICED_BY, fixed_fields
from icargos.booking.rules.order import Order
from icargos.booking.rules.printing import Wanted
from icargos.consignments.models import Revision, Tally
from icargos.consignments.rules import SHIPPER_MAY, Can, Status
from icargos.finance.models import EarlierCharge
from icargos.ground.models import Fact
from icargos.ground.tenancy import acting
from icargos.kit.errors import Forbidden, NotFound
from icargos.main.jobs import sum_tallies
from icargos.places import actions as places
from tests.booking.scene import COURIER, book, books, change, charged, everything, move, order, print_label, row
from tests.cast import NOW, Cast
from tests.parcels import city

LATER = NOW + timedelta(hours=1)


def changed(cast: Cast, cn: str, **changes: Any) -> Changed:
    """Change these fields of a parcel that was booked as ``order`` makes it."""
    (one,) = change(cast, [Change(cn=cn, order=order(cast, **changes))], now=LATER)
    return one


def test_a_new_parcel_may_change_in_every_field(cast: Cast) -> None:
    (parcel,) = book(cast, order_ref="ZT-1")
    whole = {
        "service": "overland",
        "destination_city_id": city("Lahore"),
        "consignee_name": "Hina Yousaf",
        "consignee_phone": "+923014417208",
        "alt_phone": "+922134567890",
        "consignee_email": "hina@example.com",
        "address": "House 7, Street 1, Model Town",
        "landmark": "Blue gate",
        "pieces": 2,
        "weight_g": 4000,
        "length_cm": 40,
        "width_cm": 30,
        "height_cm": 20,
        "cod_paisa": 300_000,
        "declared_value_paisa": 900_000,
        "product": "Two suits",
        "remarks": "Ring twice",
        "allow_open": True,
        "fragile": True,
        "proof": "code",
        "order_ref": "ZT-2",
    }
    one = changed(cast, parcel.cn, **whole)
    assert set(one.fields) == set(whole)
    now = row(cast, parcel.cn)
    for name, value in whole.items():
        assert getattr(now, name.replace("destination_city_id", "destination_id")) == value, name
    assert (now.charged_weight_g, now.sort_code) == (5000, "LHE-01")
    assert (now.id, now.booked_at, now.source, now.status) == (parcel.id, NOW, "form", "new_booked")


def test_a_change_is_priced_anew_and_the_earlier_receipt_is_kept(cast: Cast) -> None:
    (parcel,) = book(cast)
    before = charged(cast, parcel.cn)
    one = changed(cast, parcel.cn, weight_g=3000)
    after = charged(cast, parcel.cn)
    assert one.receipt is not None
    assert after.charges_paisa == one.receipt.charges_paisa > before.charges_paisa == parcel.charges_paisa
    assert after.receipt["charged_g"] == 3000
    with acting(COURIER):
        (kept,) = EarlierCharge.objects.all()
        assert (kept.consignment_id, kept.charges_paisa, kept.receipt) == (
            parcel.id,
            before.charges_paisa,
            before.receipt,
        )
        assert (kept.at, kept.replaced_at, kept.replaced_by) == (NOW, LATER, cast.people["bilal"])
        (fact,) = Fact.objects.filter(kind="charge.replaced")
        assert fact.data == {"was_paisa": before.charges_paisa, "becomes_paisa": after.charges_paisa}
    assert books() == []


def test_an_earlier_receipt_is_never_changed_or_deleted(cast: Cast, owner_url: str) -> None:
    (parcel,) = book(cast)
    changed(cast, parcel.cn, weight_g=3000)
    for statement in ("UPDATE finance_earliercharge SET charges_paisa = 0", "DELETE FROM finance_earliercharge"):
        with psycopg.connect(owner_url) as owner, pytest.raises(psycopg.Error, match="never changed or deleted"):
            owner.execute(statement)


def test_a_change_without_a_price_keeps_the_receipt(cast: Cast) -> None:
    (parcel,) = book(cast)
    before = charged(cast, parcel.cn)
    one = changed(cast, parcel.cn, address="House 99, Street 5, Gulgasht Colony", product="Shawl", pieces=2)
    assert one.receipt is None
    assert charged(cast, parcel.cn) == before
    with acting(COURIER):
        assert not EarlierCharge.objects.exists()


def test_what_has_a_price_is_exactly_what_moves_the_price(cast: Cast) -> None:
    (parcel,) = book(cast, length_cm=10, width_cm=10, height_cm=10)
    box = {"length_cm": 10, "width_cm": 10, "height_cm": 10}
    others = {
        "service": "overland", "destination_city_id": city("Karachi"), "weight_g": 3000, "length_cm": 300,
        "width_cm": 300, "height_cm": 300, "cod_paisa": 900_000, "declared_value_paisa": 5_000_000, "fragile": True,
    }  # fmt: skip
    was = parcel.charges_paisa
    for name, value in others.items():
        one = changed(cast, parcel.cn, **{**box, name: value})
        assert one.receipt is not None, name
        assert one.receipt.charges_paisa != was, name
        changed(cast, parcel.cn, **box)
    assert set(others) | {"profile_id"} == PRICED_BY


def test_the_old_and_the_new_values_are_kept_apart_from_the_trail(cast: Cast) -> None:
    (parcel,) = book(cast)
    changed(cast, parcel.cn, consignee_phone="+923014417208", cod_paisa=0)
    with acting(COURIER):
        kept = Revision.objects.order_by("field").values_list("field", "was", "becomes", "why", "actor_name")
        assert list(kept) == [
            ("cod_paisa", "450000", "0", "edit:form", "Bilal Raza"),
            ("consignee_phone", "+923331234567", "+923014417208", "edit:form", "Bilal Raza"),
        ]
        (fact,) = Fact.objects.filter(kind="consignment.amended")
    assert fact.data == {"cn": parcel.cn, "fields": ["consignee_phone", "cod_paisa"], "cod_paisa": 0}


def test_a_change_to_the_same_changes_nothing(cast: Cast) -> None:
    (parcel,) = book(cast)
    before = everything(cast)
    one = changed(cast, parcel.cn)
    assert (one.fields, one.receipt, one.label_stale) == ((), None, False)
    assert everything(cast) == before


def test_cod_comes_and_goes_with_its_state_and_its_counters(cast: Cast) -> None:
    (parcel,) = book(cast)
    for paisa, state in ((0, "none"), (200_000, "expected"), (300_000, "expected")):
        changed(cast, parcel.cn, cod_paisa=paisa)
        assert (row(cast, parcel.cn).cod_paisa, row(cast, parcel.cn).cod_state) == (paisa, state)
        assert charged(cast, parcel.cn).receipt["cod_paisa"] == paisa
        assert books() == []


def test_the_counters_follow_to_another_city(cast: Cast) -> None:
    (parcel,) = book(cast)
    changed(cast, parcel.cn, destination_city_id=city("Lahore"), cod_paisa=100_000)
    sum_tallies(0)
    with acting(COURIER):
        rows = list(Tally.objects.values_list("destination_id", "status", "n", "cod_paisa"))
    assert rows == [(city("Lahore"), "new_booked", 1, 100_000)]
    assert books() == []


def test_the_check_of_the_books_finds_a_price_of_another_cod(cast: Cast, owner_url: str) -> None:
    (parcel,) = book(cast)
    with psycopg.connect(owner_url) as owner:
        owner.execute("UPDATE consignments_consignment SET cod_paisa = 100 WHERE id = %s", [parcel.id])
    (wrong,) = books()
    assert wrong.startswith("A parcel in its shipper's hands was priced for another COD than it carries")


def test_a_printed_label_that_lies_is_marked_until_the_next_print(cast: Cast) -> None:
    (parcel,) = book(cast)
    assert not changed(cast, parcel.cn, landmark="Blue gate").label_stale, "none was printed"
    print_label(cast, parcel)
    assert not changed(cast, parcel.cn, landmark="Blue gate", alt_phone="+923001111111").label_stale, "not on it"
    assert changed(cast, parcel.cn, landmark="Red gate").label_stale
    assert row(cast, parcel.cn).label_stale
    assert changed(cast, parcel.cn, landmark="Red gate").label_stale, "it still lies"
    print_label(cast, parcel)
    assert not row(cast, parcel.cn).label_stale


def test_a_parcel_that_is_ready_keeps_what_its_pickup_was_asked_for(cast: Cast) -> None:
    (parcel,) = book(cast)
    move(cast, parcel.cn, Status.READY_FOR_PICKUP)
    before = everything(cast)
    other = {
        "service": "overland", "destination_city_id": city("Lahore"), "pieces": 2, "weight_g": 500,
        "piece_weights": "1000,300", "length_cm": 10, "width_cm": 10, "height_cm": 10, "pickup_on": LATER.date(),
    }  # fmt: skip
    for name, value in other.items():
        with pytest.raises(NotChangeable) as refusal:
            changed(cast, parcel.cn, **{name: value})
        assert [problem.code for problem in refusal.value.problems] == ["NOT_CHANGEABLE"], name
    assert set(other) | {"profile_id"} == FIXED_WHEN_READY
    assert refusal.value.problems[0].field == "0.pickup_date"
    assert everything(cast) == before
    one = changed(cast, parcel.cn, consignee_phone="+923014417208", cod_paisa=100_000, fragile=True)
    assert set(one.fields) == {"consignee_phone", "cod_paisa", "fragile"}
    assert books() == []


def test_what_stands_on_a_load_sheet_stays_at_its_pickup_profile(cast: Cast) -> None:
    (parcel,) = book(cast)
    bilal = cast.actor("bilal")
    with acting(bilal):
        other = places.add_profile(
            bilal, name="Liberty", phone="03008224419", address="Shop 21, Liberty Market", city="Lahore", now=NOW
        )
        sheet = actions.open_sheet(bilal, cast.profile_a, key="one", now=NOW)
        actions.add_to_sheet(bilal, sheet, [parcel.cn], now=NOW)
    before = everything(cast)
    with pytest.raises(NotChangeable, match=f"stands on load sheet {sheet}") as refusal:
        changed(cast, parcel.cn, profile_id=other)
    assert [problem.field for problem in refusal.value.problems] == ["0.profile"]
    assert everything(cast) == before
    assert changed(cast, parcel.cn, weight_g=3000).receipt is not None
    with acting(bilal):
        actions.take_off_sheet(bilal, sheet, [parcel.cn], now=NOW)
    assert changed(cast, parcel.cn, profile_id=other).fields == ("profile_id", "weight_g")


def test_who_may_edit_is_what_the_status_says() -> None:
    for status in Status:
        may = SHIPPER_MAY[status]
        fixed = fixed_fields(status)
        assert (fixed == frozenset()) == (Can.EDIT in may)
        assert (fixed == FIXED_WHEN_READY) == (Can.EDIT_LIMITED in may)
        assert (fixed is None) == (not may & {Can.EDIT, Can.EDIT_LIMITED})
    assert set(Order.__struct_fields__) >= FIXED_WHEN_READY | PRICED_BY


@pytest.mark.parametrize("path", [[Status.PICKED_UP], [Status.CANCELLED], [Status.PICKUP_IN_PROGRESS]])
def test_a_parcel_that_was_handed_over_or_cancelled_is_not_changed(cast: Cast, path: list[Status]) -> None:
    (parcel,) = book(cast)
    move(cast, parcel.cn, *path)
    before = everything(cast)
    with pytest.raises(NotChangeable, match="can no longer be changed"):
        changed(cast, parcel.cn, landmark="Blue gate")
    assert everything(cast) == before


def test_one_wrong_change_among_many_changes_none_and_all_are_named(cast: Cast) -> None:
    parcels = book(cast, [order(cast) for _ in range(4)])
    before = everything(cast)
    wrong: list[dict[str, Any]] = [
        {"landmark": "Blue gate"},
        {"weight_g": 99_000},
        {"cod_paisa": 100},
        {"destination_city_id": city("Panjgur")},
    ]
    asked = [Change(cn=p.cn, order=order(cast, **c)) for p, c in zip(parcels, wrong, strict=True)]
    with pytest.raises(ChangeRefused) as refusal:
        change(cast, asked)
    assert [(p.field, p.code) for p in refusal.value.problems] == [
        ("1.weight_kg", "WEIGHT_OVER_SERVICE"),
        ("3.destination_city", "CITY_NOT_SERVED"),
    ]
    assert everything(cast) == before


def test_another_shippers_parcel_is_no_parcel_and_its_profile_no_profile(cast: Cast) -> None:
    (mine,) = book(cast)
    (theirs,) = book(cast, whose="B")
    before = everything(cast)
    with pytest.raises(NotFound):
        change(cast, [Change(cn=mine.cn, order=order(cast)), Change(cn=theirs.cn, order=order(cast))])
    with pytest.raises(ChangeRefused, match="no such pickup profile"):
        changed(cast, mine.cn, profile_id=cast.profile_b)
    assert everything(cast) == before


@pytest.mark.parametrize("who", ["farah", "vahid"])
def test_finance_and_viewers_change_nothing(cast: Cast, who: str) -> None:
    (parcel,) = book(cast)
    before = everything(cast)
    with pytest.raises(Forbidden):
        change(cast, [Change(cn=parcel.cn, order=order(cast, landmark="Blue gate"))], who=who)
    assert everything(cast) == before


def test_a_parcel_named_twice_is_a_mistake_of_the_caller(cast: Cast) -> None:
    (parcel,) = book(cast)
    with pytest.raises(ValueError, match="once at a time"):
        change(cast, [Change(cn=parcel.cn, order=order(cast))] * 2)


def test_a_parcel_of_a_profile_that_is_out_of_use_may_still_change(cast: Cast, owner_url: str) -> None:
    (parcel,) = book(cast)
    with psycopg.connect(owner_url) as owner:
        owner.execute("UPDATE places_pickupprofile SET active = false WHERE id = %s", [cast.profile_a])
    assert changed(cast, parcel.cn, weight_g=3000).receipt is not None
    assert row(cast, parcel.cn).weight_g == 3000


def statements(cast: Cast, asked: list[Change]) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    bilal = cast.actor("bilal")
    with acting(bilal), CaptureQueriesContext(connection) as seen:
        actions.change(bilal, asked, source="sheet", now=LATER)
    return len(seen)


def test_a_thousand_changes_take_as_many_statements_as_two_hundred(cast: Cast) -> None:
    parcels = book(cast, [order(cast, order_ref=f"N{n}") for n in range(1200)])
    asked = [
        Change(cn=p.cn, order=order(cast, order_ref=f"N{n}", cod_paisa=100 * (n + 1), landmark=f"Gate {n}"))
        for n, p in enumerate(parcels)
    ]
    few, many = statements(cast, asked[:200]), statements(cast, asked[200:])
    assert few == many
    with acting(COURIER):
        assert EarlierCharge.objects.count() == 1200
        assert Revision.objects.count() == 2400
    third = row(cast, parcels[2].cn)
    assert (third.landmark, third.cod_paisa) == ("Gate 2", 300)
    assert charged(cast, parcels[2].cn).receipt["cod_paisa"] == 300
    assert books() == []


def test_an_order_survives_the_way_into_the_parcel_and_back(cast: Cast) -> None:
    from icargos.booking.actions.drafts import drafted, order_of

    one = order(cast, landmark="Blue gate", order_ref="ZT-1", declared_value_paisa=100, proof="code", fragile=True)
    draft = drafted(one, origin_id=1, sort_code="KHI-01", charged_weight_g=500)
    assert order_of(draft) == one
    assert msgspec.structs.asdict(draft)["destination_id"] == one.destination_city_id


def test_a_label_printed_right_after_a_change_is_a_new_one(cast: Cast) -> None:
    """A print asked for twice in five seconds is one, but not across a change of what stands on it."""
    (parcel,) = book(cast, consignee_name="Sana Malik")
    bilal = cast.actor("bilal")

    def printed() -> int:
        with acting(bilal):
            return actions.print_labels(bilal, [parcel.id], Wanted(), base_url="https://portal.example", now=LATER)

    first = printed()
    assert printed() == first
    changed(cast, parcel.cn, consignee_name="Hina Yousaf")
    second = printed()
    assert second != first
    assert printed() == second
    assert (row(cast, parcel.cn).labels_printed, row(cast, parcel.cn).label_stale) == (2, False)
