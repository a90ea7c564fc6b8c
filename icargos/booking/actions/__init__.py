"""Every write of booking."""

from icargos.booking.actions.book import Booked, BookingRefused, book, cancel, priced
from icargos.booking.actions.imports import accept, book_imports, check_imports, recheck, upload

__all__ = [
    "Booked",
    "BookingRefused",
    "accept",
    "book",
    "book_imports",
    "cancel",
    "check_imports",
    "priced",
    "recheck",
    "upload",
]
