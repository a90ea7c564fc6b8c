"""Booking's tables, by noun."""

from icargos.booking.models.imports import HeaderMemory, Import, ImportFix, ImportRow

__all__ = ["HeaderMemory", "Import", "ImportFix", "ImportRow"]
