"""What a parcel costs: cards, dated taxes, and the receipt that explains every rupee."""

from icargos.places.rules import Zone
from icargos.tariff.rules.card import (
    SERVICE_LABEL,
    Card,
    FuelOn,
    Limit,
    Peak,
    Rate,
    ReturnMode,
    Service,
    read_card,
    validate,
)
from icargos.tariff.rules.quote import Parcel, Quoter, QuoteRefused, Unpriced
from icargos.tariff.rules.receipt import LINE_LABEL, Line, Receipt, read_receipt
from icargos.tariff.rules.taxes import Tax, Withheld, Withholding, tax_on, withholdings_on

__all__ = [
    "LINE_LABEL",
    "SERVICE_LABEL",
    "Card",
    "FuelOn",
    "Limit",
    "Line",
    "Parcel",
    "Peak",
    "QuoteRefused",
    "Quoter",
    "Rate",
    "Receipt",
    "ReturnMode",
    "Service",
    "Tax",
    "Unpriced",
    "Withheld",
    "Withholding",
    "Zone",
    "read_card",
    "read_receipt",
    "tax_on",
    "validate",
    "withholdings_on",
]
