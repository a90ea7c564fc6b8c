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
from icargos.booking.queries.labels import LabelStyle, label_style, labels, printable, sample_label
from icargos.booking.queries.prices import Preview, Priced, Terms, preview, priced, quotes, reference, terms
from icargos.booking.queries.prints import Printed, one_print
from icargos.booking.queries.sample import sample
from icargos.booking.rules.printing import MOST_LABELS

__all__ = [
    "MOST_LABELS",
    "Change",
    "ImportFilter",
    "LabelStyle",
    "Preview",
    "Priced",
    "Printed",
    "Sheet",
    "SheetRow",
    "Terms",
    "Undoable",
    "alike",
    "changes",
    "city_names",
    "errors_sheet",
    "imports",
    "label_style",
    "labels",
    "last_change",
    "one_import",
    "one_print",
    "preview",
    "priced",
    "printable",
    "quotes",
    "reference",
    "result_sheet",
    "rows",
    "sample",
    "sample_label",
    "terms",
    "undoable",
    "wrong_in",
]
