"""Booking's tables, by noun."""

from icargos.booking.models.imports import HeaderMemory, Import, ImportFix, ImportRow
from icargos.booking.models.prints import LabelSettings, Print

__all__ = ["HeaderMemory", "Import", "ImportFix", "ImportRow", "LabelSettings", "Print"]
