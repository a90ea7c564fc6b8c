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
from icargos.booking.actions.printing import (
    choose_labels,
    forget_prints,
    make_prints,
    print_labels,
    set_label_style,
    set_logo,
)
from icargos.booking.gateways.logo import LogoRefused
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
    "LogoRefused",
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
    "choose_labels",
    "fix",
    "fix_alike",
    "forget_prints",
    "make_prints",
    "print_labels",
    "recheck",
    "set_duplicates",
    "set_label_style",
    "set_logo",
    "undo",
    "undo_fix",
    "undo_imports",
    "upload",
]
