"""Every read of booking: the ground a check stands on, prices, imports and their rows, labels ready to print."""

from icargos.booking.queries.back import errors_sheet, result_sheet
from icargos.booking.queries.imports import (
    Change,
    ImportFilter,
    Sheet,
    SheetRow,
    Undoable,
    alike,
    changes,
    city_names,
    imports,
    last_change,
    one_import,
    rows,
    undoable,
    wrong_in,
)
from icargos.booking.queries.labels import MOST_LABELS, labels
from icargos.booking.queries.prices import Preview, Priced, Terms, preview, priced, quotes, reference, terms
from icargos.booking.queries.sample import sample

__all__ = [
    "MOST_LABELS",
    "Change",
    "ImportFilter",
    "Preview",
    "Priced",
    "Sheet",
    "SheetRow",
    "Terms",
    "Undoable",
    "alike",
    "changes",
    "city_names",
    "errors_sheet",
    "imports",
    "labels",
    "last_change",
    "one_import",
    "preview",
    "priced",
    "quotes",
    "reference",
    "result_sheet",
    "rows",
    "sample",
    "terms",
    "undoable",
    "wrong_in",
]
