"""Booking's tables, by noun."""

from icargos.booking.models.imports import Import, ImportRow

__all__ = ["Import", "ImportRow"]
