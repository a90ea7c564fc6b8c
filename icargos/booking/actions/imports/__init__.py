"""A sheet's way to parcels: upload, match columns, check, mend, accept, book, undo.

The worker does the long steps, in transactions of a few thousand rows each; one that is killed is followed by another
that goes on where the last finished transaction left off.
"""

from icargos.booking.actions.imports.accepting import accept, book_imports
from icargos.booking.actions.imports.checking import check_imports
from icargos.booking.actions.imports.mending import NOT_SLIPPED, Cell, Fixed, fix, fix_alike, set_duplicates, undo_fix
from icargos.booking.actions.imports.undoing import undo, undo_imports
from icargos.booking.actions.imports.uploading import choose_columns, recheck, upload

__all__ = [
    "NOT_SLIPPED",
    "Cell",
    "Fixed",
    "accept",
    "book_imports",
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
