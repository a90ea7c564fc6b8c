"""The arithmetic of a price. One quoter prices one form or ten thousand rows with the same lines.

Order of things: charged weight, freight, return, fuel, handling, insurance, remote area, fragile, peak,
sales tax, withholding. Each line is rounded half-up once and never again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

import msgspec

from icargos.kit.errors import FieldProblem, Invalid
from icargos.kit.money import PAISA, grouped, share
from icargos.kit.texts import gettext_noop as _
from icargos.places.rules import Zone
from icargos.tariff.rules.card import SERVICE_LABEL, Card, FuelOn, Rate, ReturnMode, Service
from icargos.tariff.rules.receipt import LINE_LABEL, Basis, Line, Receipt
from icargos.tariff.rules.taxes import Tax, Withholding, tax_on, withholdings_on

FIRST_G = 500
KILO_G = 1000
_MEMO = 50_000
_SERVICES = frozenset(Service)
_NOT_OFFERED = {
    Zone.WITHIN_CITY: _("%(service)s is not offered within the city. Offered: %(offered)s."),
    Zone.SAME_ZONE: _("%(service)s is not offered in the same zone. Offered: %(offered)s."),
    Zone.DIFFERENT_ZONE: _("%(service)s is not offered to another zone. Offered: %(offered)s."),
}
_TOO_HEAVY = _("%(service)s carries at most %(kg)s kg, by weight or by size.")
_NO_CASH = _("%(service)s does not collect cash.")
_TOO_MUCH_CASH = _("Cash on delivery is at most Rs %(most)s on one parcel.")


@dataclass(frozen=True, slots=True)
class Unpriced(FieldProblem):
    """One reason why a card does not price a parcel. ``template`` and ``params`` make the sentence in any language."""

    template: str = ""
    params: Mapping[str, str] = field(default_factory=dict)


def _unpriced(name: str, code: str, template: str, **params: str) -> Unpriced:
    return Unpriced(name, code, template % params, template=template, params=params)


class QuoteRefused(Invalid):
    """The card does not price this parcel; ``problems`` says which field and why."""

    code = "quote_refused"


class Parcel(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What decides a price. Grams, whole centimetres (0 = not given), paisa; ``osa`` is the destination's."""

    service: str
    zone: str
    province: str
    weight_g: int
    cod_paisa: int = 0
    length_cm: int = 0
    width_cm: int = 0
    height_cm: int = 0
    declared_value_paisa: int = 0
    fragile: bool = False
    osa: bool = False


class Quoter:
    """A card and the day's taxes, compiled. Safe to share between threads; keeps what it has computed."""

    def __init__(
        self,
        card: Card,
        taxes: Iterable[Tax],
        withholding: Iterable[Withholding] = (),
        *,
        on: date,
        filer: bool = True,
    ) -> None:
        """Raises ValueError when the card is not valid on the day."""
        if not card.covers(on):
            raise ValueError(f"card {card.code} v{card.version} is not valid on {on}")
        self.card = card
        self.on = on
        self._rates = {(r.service.value, r.zone.value): r for r in card.rates}
        self._back = {(r.service.value, r.zone.value): r for r in card.return_rates}
        self._limits = {limit.service.value: limit for limit in card.limits}
        self._taxes = tax_on(taxes, on)
        self._withholding = withholdings_on(withholding, on, filer=filer)
        self._peaks = tuple(peak for peak in card.peaks if peak.first <= on <= peak.last)
        self._rule = f"{card.code} v{card.version}"
        self._fuel_on_both = card.fuel_on is FuelOn.FREIGHT_AND_HANDLING
        on_what = "on freight and handling" if self._fuel_on_both else "on freight"
        self._fuel_rule = on_what if card.fuel_taxed else f"{on_what}, untaxed"
        least = card.handling_min_paisa
        self._handling_floor = _rupees(least) if least else ""
        self._freights: dict[tuple[str, str, int, bool], tuple[Line, int]] = {}
        self._returns: dict[tuple[object, ...], int] = {}

    def services(self, zone: str | None = None) -> tuple[Service, ...]:
        """The services the card offers, in all zones or in one."""
        return tuple(s for s in Service if any(k[0] == s and zone in (None, k[1]) for k in self._rates))

    def volumetric_g(self, length_cm: int, width_cm: int, height_cm: int) -> int:
        """What the box would weigh by its size, in grams, rounded up; 0 unless all three sides are given."""
        return -(-length_cm * width_cm * height_cm * 1000 // self.card.divisor)

    def problems(self, parcel: Parcel) -> list[Unpriced]:
        """Every reason why the card does not price this parcel; empty when it does."""
        service = SERVICE_LABEL[Service(parcel.service)] if parcel.service in _SERVICES else parcel.service
        if (parcel.service, parcel.zone) not in self._rates:
            offered = ", ".join(SERVICE_LABEL[s] for s in self.services(parcel.zone))
            told = _NOT_OFFERED[Zone(parcel.zone)]
            return [_unpriced("service", "SERVICE_NOT_AVAILABLE", told, service=service, offered=offered)]
        limit = self._limits[parcel.service]
        found = []
        if self._grams(parcel) > limit.max_weight_g:
            most = f"{limit.max_weight_g / 1000:g}"
            found.append(_unpriced("weight_g", "WEIGHT_OVER_SERVICE", _TOO_HEAVY, service=service, kg=most))
        if parcel.cod_paisa and not limit.cod:
            found.append(_unpriced("cod_paisa", "COD_FORBIDDEN", _NO_CASH, service=service))
        elif parcel.cod_paisa > limit.max_cod_paisa:
            most = _rupees(limit.max_cod_paisa)
            found.append(_unpriced("cod_paisa", "COD_OVER_LIMIT", _TOO_MUCH_CASH, most=most))
        return found

    def quote(self, parcel: Parcel) -> Receipt:
        """The receipt of a delivered parcel. Raises QuoteRefused when the card does not price it."""
        self._refuse(parcel)
        lines, taxable, tax, charges, charged_g = self._charge(parcel, returned=False)
        withheld = tuple([_withhold(row, parcel.cod_paisa) for row in self._withholding]) if parcel.cod_paisa else ()
        withholding = sum([line.amount_paisa for line in withheld])
        return Receipt(
            card=self.card.code,
            card_version=self.card.version,
            service=parcel.service,
            zone=parcel.zone,
            actual_g=parcel.weight_g,
            volumetric_g=self.volumetric_g(parcel.length_cm, parcel.width_cm, parcel.height_cm),
            charged_g=charged_g,
            lines=lines,
            taxable_paisa=taxable,
            tax_paisa=tax,
            charges_paisa=charges,
            cod_paisa=parcel.cod_paisa,
            withheld=withheld,
            withholding_paisa=withholding,
            payable_paisa=parcel.cod_paisa - charges - withholding,
            return_payable_paisa=-self._return_charges(parcel),
        )

    def returned(self, parcel: Parcel) -> Receipt:
        """The receipt of the same parcel come back: no cash, no handling, nothing withheld, the way back charged."""
        self._refuse(parcel)
        lines, taxable, tax, charges, charged_g = self._charge(parcel, returned=True)
        return Receipt(
            card=self.card.code,
            card_version=self.card.version,
            service=parcel.service,
            zone=parcel.zone,
            actual_g=parcel.weight_g,
            volumetric_g=self.volumetric_g(parcel.length_cm, parcel.width_cm, parcel.height_cm),
            charged_g=charged_g,
            lines=lines,
            taxable_paisa=taxable,
            tax_paisa=tax,
            charges_paisa=charges,
            cod_paisa=0,
            payable_paisa=-charges,
            return_payable_paisa=-charges,
            returned=True,
        )

    def _refuse(self, parcel: Parcel) -> None:
        problems = self.problems(parcel)
        if problems:
            raise QuoteRefused(problems[0].message, problems=problems)

    def _grams(self, parcel: Parcel) -> int:
        return max(parcel.weight_g, self.volumetric_g(parcel.length_cm, parcel.width_cm, parcel.height_cm))

    def _return_charges(self, parcel: Parcel) -> int:
        # A return costs the same whatever the COD, so most rows of a sheet share it.
        key = (parcel.service, parcel.zone, parcel.province, self._grams(parcel), parcel.declared_value_paisa,
               parcel.fragile, parcel.osa)  # fmt: skip
        known = self._returns.get(key)
        if known is None:
            if len(self._returns) >= _MEMO:
                self._returns.clear()
            known = self._returns[key] = self._charge(parcel, returned=True)[3]
        return known

    def _freight(self, service: str, zone: str, grams: int, *, back: bool) -> tuple[Line, int]:
        """The freight line and the charged weight in grams."""
        key = (service, zone, grams, back)
        known = self._freights.get(key)
        if known is None:
            if len(self._freights) >= _MEMO:
                self._freights.clear()
            rate = (self._back if back else self._rates)[service, zone]
            code = "return" if back else "freight"
            amount, charged_g, basis = _price(rate, grams)
            line = Line(code, LINE_LABEL[code], basis, "", amount, f"{self._rule}: {service}, {zone}")
            known = self._freights[key] = (line, charged_g)
        return known

    def _charge(self, parcel: Parcel, *, returned: bool) -> tuple[tuple[Line, ...], int, int, int, int]:
        """Lines, taxable, tax and all charges in paisa, and the charged weight in grams."""
        card, rule = self.card, self._rule
        grams = self._grams(parcel)
        freight, charged_g = self._freight(parcel.service, parcel.zone, grams, back=False)
        carried = freight.amount_paisa
        lines = [freight]

        def add(code: str, basis: Basis, rate: str, amount: int, why: str) -> None:
            lines.append(Line(code, LINE_LABEL[code], basis, rate, amount, f"{rule}: {why}"))

        def add_share(code: str, of: int, bp: int, amount: int, why: str, *, least: str = "", season: str = "") -> None:
            if amount:
                rate, whole = _percent(bp), _rupees(of)
                basis = ("share_least", rate, whole, least) if least else ("share", rate, whole)
                add(code, ("season", season, rate, whole) if season else basis, rate, amount, why)

        if returned and card.return_mode is ReturnMode.TABLE:
            back = self._freight(parcel.service, parcel.zone, grams, back=True)[0]
            lines.append(back)
            carried += back.amount_paisa
        elif returned and card.return_mode is ReturnMode.PERCENT:
            way_back = share(freight.amount_paisa, card.return_bp)
            add_share("return", freight.amount_paisa, card.return_bp, way_back, "share of freight")
            carried += way_back

        cod = 0 if returned else parcel.cod_paisa
        handling = max(card.handling_min_paisa, share(cod, card.handling_bp)) if cod else 0
        fuelled = carried + handling if self._fuel_on_both else carried
        fuel = share(fuelled, card.fuel_bp)
        add_share("fuel", fuelled, card.fuel_bp, fuel, self._fuel_rule)
        add_share("handling", cod, card.handling_bp, handling, "share of COD", least=self._handling_floor)
        value = parcel.declared_value_paisa
        add_share("insurance", value, card.insurance_bp, share(value, card.insurance_bp), "of declared value")
        if parcel.osa and card.osa_paisa:
            add("osa", ("remote",), "", card.osa_paisa, "per parcel")
        if parcel.fragile and card.fragile_paisa:
            add("fragile", ("careful",), "", card.fragile_paisa, "per parcel")
        for peak in self._peaks:
            surcharge = share(freight.amount_paisa, peak.bp)
            add_share("peak", freight.amount_paisa, peak.bp, surcharge, "on freight", season=peak.label)

        before_tax = sum([line.amount_paisa for line in lines])
        taxable = before_tax if card.fuel_taxed else before_tax - fuel
        tax = 0
        row = self._taxes.get(parcel.province)
        if row is not None:
            tax = share(taxable, row.bp)
            rate = _percent(row.bp)
            why = f"origin {row.province} from {row.valid_from}"
            lines.append(Line("tax", row.label, ("share", rate, _rupees(taxable)), rate, tax, why))
        return tuple(lines), taxable, tax, before_tax + tax, charged_g


def _price(rate: Rate, grams: int) -> tuple[int, int, Basis]:
    """Freight in paisa, charged grams and how it was counted, for a weight in grams."""
    if grams <= FIRST_G:
        return rate.first_paisa, FIRST_G, ("half", _rupees(rate.first_paisa))
    kilo = rate.kilo_paisa
    slab, slab_g = (rate.first_paisa, FIRST_G) if kilo is None else (kilo, KILO_G)
    steps = max(0, -(-(grams - slab_g) // rate.step_g))
    charged_g = slab_g + steps * rate.step_g
    kilos = f"{charged_g / 1000:g}" if charged_g % 1000 else f"{charged_g // 1000}.0"
    if not steps:
        return slab, charged_g, ("kilo", kilos, _rupees(slab))
    name = "first" if kilo is None else "kilo_more"
    basis = (name, kilos, _rupees(slab), str(steps), _rupees(rate.step_paisa))
    return slab + steps * rate.step_paisa, charged_g, basis


def _withhold(row: Withholding, cod_paisa: int) -> Line:
    rate = _percent(row.bp)
    basis = ("cod", rate, _rupees(cod_paisa))
    return Line(row.kind.value, row.label, basis, rate, share(cod_paisa, row.bp), f"from {row.valid_from}")


@lru_cache(maxsize=4096)
def _rupees(paisa: int) -> str:
    return grouped(paisa) if paisa % PAISA else f"{paisa // PAISA:,}"


@lru_cache(maxsize=256)
def _percent(bp: int) -> str:
    return f"{bp / 100:g} %"
