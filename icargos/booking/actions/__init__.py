"""Every write of booking."""

from icargos.booking.actions.book import Booked, BookingRefused, book, book_form, book_typed, cancel
from icargos.booking.actions.imports import accept, book_imports, check_imports, recheck, upload
from icargos.booking.gateways.sheet import MAX_BYTES

__all__ = [
    "MAX_BYTES",
    "Booked",
    "BookingRefused",
    "accept",
    "book",
    "book_form",
    "book_imports",
    "book_typed",
    "cancel",
    "check_imports",
    "recheck",
    "upload",
]
