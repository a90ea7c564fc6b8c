"""Every read of booking: the ground a check stands on, prices, imports and their rows, labels ready to print."""

from icargos.booking.queries.imports import Sheet, SheetRow, imports, one_import, problem_tally, rows
from icargos.booking.queries.labels import MOST_LABELS, labels
from icargos.booking.queries.prices import Preview, Priced, Terms, preview, priced, quotes, reference, terms
from icargos.booking.queries.sample import sample

__all__ = [
    "MOST_LABELS",
    "Preview",
    "Priced",
    "Sheet",
    "SheetRow",
    "Terms",
    "imports",
    "labels",
    "one_import",
    "preview",
    "priced",
    "problem_tally",
    "quotes",
    "reference",
    "rows",
    "sample",
    "terms",
]
