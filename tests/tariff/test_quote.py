"""The arithmetic of a price: three worked examples to the paisa, and what must hold for any parcel."""

import time
from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from icargos.kit.errors import Invalid
from icargos.tariff.rules import (
    Card,
    Line,
    Parcel,
    Peak,
    Quoter,
    QuoteRefused,
    Rate,
    ReturnMode,
    Service,
    Zone,
    read_card,
    read_receipt,
    validate,
)
from tests.tariff.cards import CARD_A, CARD_B, DAY, TAXES, WITHHOLDING

A = Quoter(CARD_A, TAXES, WITHHOLDING, on=DAY)
B = Quoter(CARD_B, TAXES, WITHHOLDING, on=DAY)
LAWN_SUIT = Parcel(
    service="overnight",
    zone="different_zone",
    province="PB",
    weight_g=1_300,
    length_cm=40,
    width_cm=30,
    height_cm=12,
    cod_paisa=450_000,
)
PARCELS = st.builds(
    Parcel,
    service=st.just("overnight"),
    zone=st.sampled_from([zone.value for zone in Zone]),
    province=st.sampled_from(["PB", "SD", "JK"]),
    weight_g=st.integers(10, 30_000),
    cod_paisa=st.integers(0, 200_000).map(lambda rupees: rupees * 100),
    length_cm=st.integers(0, 50),
    width_cm=st.integers(0, 50),
    height_cm=st.integers(0, 50),
    declared_value_paisa=st.integers(0, 10_000_000),
    fragile=st.booleans(),
    osa=st.booleans(),
)


def _amounts(lines: tuple[Line, ...]) -> dict[str, int]:
    return {line.code: line.amount_paisa for line in lines}


def test_example_a_untaxed_fuel_on_freight_and_handling() -> None:
    parcel = Parcel(service="overnight", zone="same_zone", province="SD", weight_g=500, cod_paisa=100_000)
    receipt = A.quote(parcel)
    assert _amounts(receipt.lines) == {"freight": 25_000, "fuel": 1_400, "handling": 3_000, "tax": 4_200}
    assert receipt.taxable_paisa == 28_000
    assert receipt.charges_paisa == 33_600


def test_example_b_charged_by_size_lahore_to_karachi() -> None:
    receipt = B.quote(LAWN_SUIT)
    assert (receipt.volumetric_g, receipt.charged_g) == (2_880, 3_000)
    assert _amounts(receipt.lines) == {"freight": 60_000, "fuel": 7_200, "handling": 4_500, "tax": 11_472}
    assert receipt.taxable_paisa == 71_700
    assert receipt.charges_paisa == 83_172
    assert _amounts(receipt.withheld) == {"income_tax": 9_000, "sales_tax": 9_000}
    assert receipt.payable_paisa == 348_828


def test_example_c_the_same_parcel_returned() -> None:
    receipt = B.returned(LAWN_SUIT)
    assert _amounts(receipt.lines) == {"freight": 60_000, "return": 30_000, "fuel": 10_800, "tax": 16_128}
    assert receipt.taxable_paisa == 100_800
    assert receipt.payable_paisa == -116_928
    assert receipt.withholding_paisa == 0
    assert B.quote(LAWN_SUIT).return_payable_paisa == -116_928


def test_each_line_says_what_was_counted() -> None:
    lines = {line.code: line for line in B.quote(LAWN_SUIT).lines}
    assert lines["freight"].counted() == "3.0 kg: first 0.5 at 250 + 5 × 70"
    assert lines["fuel"].counted() == "12 % of 600"
    assert lines["handling"].counted() == "1 % of 4,500, at least 30"
    assert lines["tax"].counted() == "16 % of 717"
    assert lines["fuel"].rule == "LHE-26B v3: on freight"
    assert lines["tax"].label == "Punjab sales tax"


def test_what_was_counted_is_said_in_any_language() -> None:
    (fuel,) = [line for line in B.quote(LAWN_SUIT).lines if line.code == "fuel"]
    assert fuel.counted(lambda sentence: sentence.replace("of", "von")) == "12 % von 600"


def test_a_receipt_of_the_first_days_keeps_its_sentence() -> None:
    old = Line("fuel", "Fuel", "12 % of 600", "12 %", 7_200, "LHE-26B v3: on freight")
    receipt = msgspec.structs.replace(B.quote(LAWN_SUIT), lines=(old,))
    (read,) = read_receipt(receipt.to_json()).lines
    assert read == old
    assert read.counted(lambda sentence: f"[{sentence}]") == "12 % of 600"


def test_a_kilo_has_its_own_price_where_the_card_says_so() -> None:
    def freight(grams: int) -> tuple[int, int]:
        receipt = B.quote(Parcel(service="overland", zone="different_zone", province="PB", weight_g=grams))
        return receipt.charged_g, receipt.lines[0].amount_paisa

    assert [freight(g) for g in (10, 500, 501, 1_000, 1_001, 2_000, 2_001)] == [
        (500, 20_000),
        (500, 20_000),
        (1_000, 24_000),
        (1_000, 24_000),
        (2_000, 30_000),
        (2_000, 30_000),
        (3_000, 36_000),
    ]


def test_remote_fragile_and_insured_parcels_pay_their_lines_taxed() -> None:
    parcel = msgspec.structs.replace(LAWN_SUIT, osa=True, fragile=True, declared_value_paisa=1_000_000)
    receipt = B.quote(parcel)
    amounts = _amounts(receipt.lines)
    assert (amounts["osa"], amounts["fragile"], amounts["insurance"]) == (15_000, 10_000, 5_000)
    assert receipt.taxable_paisa == 71_700 + 30_000


def test_a_season_costs_more_only_on_its_days() -> None:
    card = msgspec.structs.replace(
        CARD_B, peaks=(Peak(label="11.11 sale", first=date(2026, 11, 10), last=date(2026, 11, 12), bp=1000),)
    )
    inside = Quoter(card, TAXES, on=date(2026, 11, 12)).quote(LAWN_SUIT)
    outside = Quoter(card, TAXES, on=date(2026, 11, 13)).quote(LAWN_SUIT)
    assert _amounts(inside.lines)["peak"] == 6_000
    assert "peak" not in _amounts(outside.lines)


def test_the_way_back_may_have_its_own_table_or_cost_nothing() -> None:
    table = msgspec.structs.replace(
        CARD_B,
        return_mode=ReturnMode.TABLE,
        return_rates=(Rate(service=Service.OVERNIGHT, zone=Zone.DIFFERENT_ZONE, first_paisa=10_000, step_paisa=2_000),),
    )
    free = msgspec.structs.replace(CARD_B, return_mode=ReturnMode.NONE)
    assert _amounts(Quoter(table, TAXES, on=DAY).returned(LAWN_SUIT).lines)["return"] == 20_000
    assert "return" not in _amounts(Quoter(free, TAXES, on=DAY).returned(LAWN_SUIT).lines)


def test_a_seller_who_files_no_tax_returns_loses_four_per_cent_from_july_2026() -> None:
    def income_tax(day: date, *, filer: bool) -> int:
        quoter = Quoter(CARD_B, TAXES, WITHHOLDING, on=day, filer=filer)
        return _amounts(quoter.quote(LAWN_SUIT).withheld)["income_tax"]

    assert income_tax(date(2026, 6, 30), filer=False) == 9_000
    assert income_tax(date(2026, 7, 1), filer=False) == 18_000
    assert income_tax(date(2026, 7, 1), filer=True) == 9_000


def test_a_prepaid_parcel_has_no_cash_lines_and_the_shipper_owes_its_charges() -> None:
    receipt = B.quote(msgspec.structs.replace(LAWN_SUIT, cod_paisa=0))
    assert "handling" not in _amounts(receipt.lines)
    assert receipt.withheld == ()
    assert receipt.payable_paisa == -receipt.charges_paisa


@given(PARCELS)
def test_lines_always_sum_to_the_charges_and_the_rest_is_payable(parcel: Parcel) -> None:
    for receipt in (B.quote(parcel), B.returned(parcel)):
        assert sum(line.amount_paisa for line in receipt.lines) == receipt.charges_paisa
        assert sum(line.amount_paisa for line in receipt.withheld) == receipt.withholding_paisa
        assert receipt.payable_paisa == receipt.cod_paisa - receipt.charges_paisa - receipt.withholding_paisa
        assert receipt.charged_g >= max(receipt.actual_g, receipt.volumetric_g, 500)
        assert min((line.amount_paisa for line in receipt.lines), default=0) >= 0


@given(PARCELS, st.integers(0, 5_000))
def test_a_heavier_parcel_never_costs_less(parcel: Parcel, more: int) -> None:
    heavier = msgspec.structs.replace(parcel, weight_g=min(30_000, parcel.weight_g + more))
    assert B.quote(heavier).charges_paisa >= B.quote(parcel).charges_paisa
    assert B.returned(heavier).charges_paisa >= B.returned(parcel).charges_paisa


@given(PARCELS)
def test_the_promised_cost_of_a_return_is_what_a_return_costs(parcel: Parcel) -> None:
    assert B.quote(parcel).return_payable_paisa == B.returned(parcel).payable_paisa


@given(PARCELS)
def test_a_stored_receipt_reads_back_unchanged(parcel: Parcel) -> None:
    receipt = B.quote(parcel)
    assert read_receipt(receipt.to_json()) == receipt
    assert all(line.counted() for line in (*receipt.lines, *receipt.withheld))
    assert read_receipt(msgspec.json.decode(receipt.to_json())) == receipt


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"service": "same_day"}, "service", "SERVICE_NOT_AVAILABLE"),
        ({"service": "teleport"}, "service", "SERVICE_NOT_AVAILABLE"),
        ({"weight_g": 30_001}, "weight_g", "WEIGHT_OVER_SERVICE"),
        ({"length_cm": 100, "width_cm": 100}, "weight_g", ""),
        ({"length_cm": 200, "width_cm": 100}, "weight_g", "WEIGHT_OVER_SERVICE"),
        ({"cod_paisa": 20_000_100}, "cod_paisa", "COD_OVER_LIMIT"),
        ({"service": "same_day", "zone": "within_city"}, "cod_paisa", "COD_FORBIDDEN"),
    ],
)
def test_what_the_card_does_not_price_is_refused_by_field(change: dict[str, object], field: str, code: str) -> None:
    parcel = msgspec.structs.replace(LAWN_SUIT, **change)
    problems = [(p.field, p.code) for p in B.problems(parcel)]
    assert problems == ([(field, code)] if code else [])
    if code:
        with pytest.raises(QuoteRefused) as refusal:
            B.quote(parcel)
        assert refusal.value.problems[0].code == code


def test_a_quoter_refuses_a_day_its_card_does_not_cover() -> None:
    card = msgspec.structs.replace(CARD_B, valid_to=date(2026, 1, 1))
    with pytest.raises(ValueError):
        Quoter(card, TAXES, on=DAY)


def test_a_card_survives_its_stored_form() -> None:
    for card in (CARD_A, CARD_B):
        validate(card)
        assert read_card(msgspec.to_builtins(card)) == card


@pytest.mark.parametrize(
    ("fault", "field"),
    [
        ({"rates": ()}, "rates"),
        ({"rates": CARD_B.rates * 2}, "rates.overnight.within_city"),
        ({"limits": ()}, "limits.overland"),
        ({"fuel_bp": 20_000}, "fuel_bp"),
        ({"osa_paisa": -1}, "osa_paisa"),
        ({"divisor": 0}, "divisor"),
        ({"valid_to": date(2020, 1, 1)}, "valid_to"),
        ({"return_mode": ReturnMode.TABLE}, "return_rates.overnight.within_city"),
    ],
)
def test_a_faulty_card_is_refused_with_every_fault_named(fault: dict[str, object], field: str) -> None:
    card: Card = msgspec.structs.replace(CARD_B, **fault)
    with pytest.raises(Invalid) as refusal:
        validate(card)
    assert field in {problem.field for problem in refusal.value.problems}


def test_ten_thousand_different_parcels_are_priced_in_a_moment() -> None:
    parcels = [
        msgspec.structs.replace(LAWN_SUIT, weight_g=10 + n % 29_000, cod_paisa=100 * n, length_cm=0)
        for n in range(10_000)
    ]
    quoter = Quoter(CARD_B, TAXES, WITHHOLDING, on=DAY)
    start = time.perf_counter()
    for parcel in parcels:
        quoter.quote(parcel).to_json()
    assert time.perf_counter() - start < 1.0
