"""The rate card: one version of every price and rule a quote is made of. Data, never code."""

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType

import msgspec

from icargos.kit.errors import FieldProblem, Invalid
from icargos.kit.texts import gettext_noop as _
from icargos.places.rules import Zone


class Service(StrEnum):
    """How fast. The values are stable API codes."""

    OVERNIGHT = "overnight"
    SAME_DAY = "same_day"
    SECOND_DAY = "second_day"
    OVERLAND = "overland"
    DETAIN = "detain"


SERVICE_LABEL: Mapping[Service, str] = MappingProxyType(
    {
        Service.OVERNIGHT: _("Overnight"),
        Service.SAME_DAY: _("Same Day"),
        Service.SECOND_DAY: _("Second Day"),
        Service.OVERLAND: _("Overland"),
        Service.DETAIN: _("Detain"),
    }
)


class FuelOn(StrEnum):
    """What the fuel percentage is taken of."""

    FREIGHT = "freight"
    FREIGHT_AND_HANDLING = "freight_and_handling"


class ReturnMode(StrEnum):
    """How the way back is charged."""

    NONE = "none"
    PERCENT = "percent"
    TABLE = "table"


class Rate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The price of one service in one zone, by weight.

    ``first_paisa`` up to 500 g; ``kilo_paisa`` up to 1 kg, or None where a kilo is one more step;
    ``step_paisa`` for each further ``step_g`` begun.
    """

    service: Service
    zone: Zone
    first_paisa: int
    step_paisa: int
    step_g: int = 500
    kilo_paisa: int | None = None


class Limit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a service accepts: the heaviest charged weight, and whether and how much cash."""

    service: Service
    max_weight_g: int
    cod: bool = True
    max_cod_paisa: int = 20_000_000


class Peak(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A season's surcharge on freight, first and last day included."""

    label: str
    first: date
    last: date
    bp: int


class Card(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One published version. Amounts in paisa, shares in basis points (1600 = 16 %), weights in grams.

    ``divisor``: cubic centimetres that weigh one kilogram. The validity days are both included;
    ``valid_to`` None means until replaced.
    """

    code: str
    version: int
    valid_from: date
    valid_to: date | None = None
    rates: tuple[Rate, ...]
    limits: tuple[Limit, ...]
    divisor: int = 5000
    fuel_bp: int = 0
    fuel_on: FuelOn = FuelOn.FREIGHT
    fuel_taxed: bool = True
    handling_min_paisa: int = 0
    handling_bp: int = 0
    insurance_bp: int = 0
    osa_paisa: int = 0
    fragile_paisa: int = 0
    peaks: tuple[Peak, ...] = ()
    return_mode: ReturnMode = ReturnMode.NONE
    return_bp: int = 0
    return_rates: tuple[Rate, ...] = ()

    def covers(self, day: date) -> bool:
        """Whether the card is valid on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def read_card(body: object) -> Card:
    """A card from its stored form (plain dicts and lists). Raises msgspec.ValidationError when it is none."""
    return msgspec.convert(body, Card)


def validate(card: Card) -> None:
    """Raise Invalid, naming every fault, unless the card can price what it offers.

    A heavier parcel must never be cheaper, no price is negative, each service offered has a limit, a
    return table covers every pair the card prices.
    """
    problems = [*_table_faults("rates", card.rates), *_table_faults("return_rates", card.return_rates), *_faults(card)]
    if problems:
        raise Invalid("This rate card cannot be published yet.", problems=problems)


def _table_faults(field: str, rates: tuple[Rate, ...]) -> Iterator[FieldProblem]:
    seen = set()
    for rate in rates:
        where = f"{field}.{rate.service}.{rate.zone}"
        if (rate.service, rate.zone) in seen:
            yield FieldProblem(where, "DUPLICATE", _("This service and zone is priced twice."))
        seen.add((rate.service, rate.zone))
        if min(rate.first_paisa, rate.step_paisa) < 0 or rate.step_g <= 0:
            yield FieldProblem(where, "RANGE", _("Prices are not negative and a step weighs something."))
        if rate.kilo_paisa is not None and rate.kilo_paisa < rate.first_paisa:
            yield FieldProblem(where, "RANGE", _("A kilo must not cost less than half a kilo."))


def _faults(card: Card) -> Iterator[FieldProblem]:
    if not card.rates:
        yield FieldProblem("rates", "REQUIRED", _("A card needs at least one price."))
    if card.valid_to is not None and card.valid_to < card.valid_from:
        yield FieldProblem("valid_to", "RANGE", _("The last day is before the first."))
    if card.divisor <= 0:
        yield FieldProblem("divisor", "RANGE", _("The volumetric divisor must be above zero."))
    for name in ("fuel_bp", "handling_bp", "insurance_bp", "return_bp"):
        if not 0 <= getattr(card, name) <= 10_000:
            yield FieldProblem(name, "RANGE", _("A share lies between 0 and 100 %."))
    for name in ("handling_min_paisa", "osa_paisa", "fragile_paisa"):
        if getattr(card, name) < 0:
            yield FieldProblem(name, "RANGE", _("A surcharge is not negative."))
    if any(peak.last < peak.first or not 0 <= peak.bp <= 10_000 for peak in card.peaks):
        yield FieldProblem("peaks", "RANGE", _("A season ends after it begins and costs 0 to 100 %."))
    limited = {limit.service for limit in card.limits}
    for service in sorted({rate.service for rate in card.rates} - limited):
        yield FieldProblem(f"limits.{service}", "REQUIRED", _("This service has a price but no weight limit."))
    if card.return_mode is ReturnMode.TABLE:
        priced = {(rate.service, rate.zone) for rate in card.return_rates}
        for rate in card.rates:
            if (rate.service, rate.zone) not in priced:
                yield FieldProblem(
                    f"return_rates.{rate.service}.{rate.zone}", "REQUIRED", "The way back has no price here."
                )
