"""Rate cards the tests share: the two of the worked examples."""

from datetime import date

from icargos.tariff.rules import Card, FuelOn, Limit, Rate, ReturnMode, Service, Tax, Withheld, Withholding, Zone

DAY = date(2026, 11, 23)
START = date(2025, 7, 1)

TAXES = (
    Tax(province="PB", label="Punjab sales tax", bp=1600, valid_from=START),
    Tax(province="SD", label="Sindh sales tax", bp=1500, valid_from=START),
)
WITHHOLDING = (
    Withholding(kind=Withheld.INCOME_TAX, label="Income tax withheld", bp=200, valid_from=START),
    Withholding(
        kind=Withheld.INCOME_TAX, label="Income tax withheld", bp=400, valid_from=date(2026, 7, 1), filer=False
    ),
    Withholding(kind=Withheld.SALES_TAX, label="Sales tax withheld", bp=200, valid_from=START),
)

# Example A: fuel on freight and handling, and not taxed.
CARD_A = Card(
    code="KHI-A",
    version=1,
    valid_from=START,
    rates=(Rate(service=Service.OVERNIGHT, zone=Zone.SAME_ZONE, first_paisa=25_000, step_paisa=7_000),),
    limits=(Limit(service=Service.OVERNIGHT, max_weight_g=30_000),),
    fuel_bp=500,
    fuel_on=FuelOn.FREIGHT_AND_HANDLING,
    fuel_taxed=False,
    handling_min_paisa=3_000,
    handling_bp=100,
)

# Examples B and C: fuel on freight, taxed; half the freight for the way back.
CARD_B = Card(
    code="LHE-26B",
    version=3,
    valid_from=START,
    rates=(
        Rate(service=Service.OVERNIGHT, zone=Zone.WITHIN_CITY, first_paisa=18_000, step_paisa=5_000),
        Rate(service=Service.OVERNIGHT, zone=Zone.SAME_ZONE, first_paisa=22_000, step_paisa=6_000),
        Rate(service=Service.OVERNIGHT, zone=Zone.DIFFERENT_ZONE, first_paisa=25_000, step_paisa=7_000),
        Rate(
            service=Service.OVERLAND,
            zone=Zone.DIFFERENT_ZONE,
            first_paisa=20_000,
            kilo_paisa=24_000,
            step_paisa=6_000,
            step_g=1000,
        ),
        Rate(service=Service.SAME_DAY, zone=Zone.WITHIN_CITY, first_paisa=40_000, step_paisa=10_000),
    ),
    limits=(
        Limit(service=Service.OVERNIGHT, max_weight_g=30_000),
        Limit(service=Service.OVERLAND, max_weight_g=100_000),
        Limit(service=Service.SAME_DAY, max_weight_g=5_000, cod=False),
    ),
    fuel_bp=1200,
    handling_min_paisa=3_000,
    handling_bp=100,
    insurance_bp=50,
    osa_paisa=15_000,
    fragile_paisa=10_000,
    return_mode=ReturnMode.PERCENT,
    return_bp=5000,
)
