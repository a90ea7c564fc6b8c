"""Every write of booking."""

from icargos.booking.actions.book import Booked, BookingRefused, book, book_form, book_typed, cancel
from icargos.booking.actions.changing import Change, Changed, ChangeRefused, NotChangeable, change
from icargos.booking.actions.imports import (
    NOT_SLIPPED,
    Cell,
    Fixed,
    accept,
    book_imports,
    check_imports,
    choose_columns,
    fix,
    fix_alike,
    recheck,
    set_duplicates,
    undo,
    undo_fix,
    undo_imports,
    upload,
)
from icargos.booking.gateways.sheet import MAX_BYTES

__all__ = [
    "MAX_BYTES",
    "NOT_SLIPPED",
    "Booked",
    "BookingRefused",
    "Cell",
    "Change",
    "ChangeRefused",
    "Changed",
    "Fixed",
    "NotChangeable",
    "accept",
    "book",
    "book_form",
    "book_imports",
    "book_typed",
    "cancel",
    "change",
    "check_imports",
    "choose_columns",
    "fix",
    "fix_alike",
    "recheck",
    "set_duplicates",
    "undo",
    "undo_fix",
    "undo_imports",
    "upload",
]
