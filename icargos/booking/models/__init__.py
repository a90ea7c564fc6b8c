"""Booking's tables, by noun."""

from icargos.booking.models.documents import Document
from icargos.booking.models.imports import HeaderMemory, Import, ImportFix, ImportRow
from icargos.booking.models.load_sheets import LoadSheet, LoadSheetItem, Series
from icargos.booking.models.pickups import PickupParcel, PickupRequest, PickupRun, PickupSchedule
from icargos.booking.models.prints import LabelSettings, Print

__all__ = [
    "Document",
    "HeaderMemory",
    "Import",
    "ImportFix",
    "ImportRow",
    "LabelSettings",
    "LoadSheet",
    "LoadSheetItem",
    "PickupParcel",
    "PickupRequest",
    "PickupRun",
    "PickupSchedule",
    "Print",
    "Series",
]
