"""Reads of charges and of the ledger."""

from icargos.finance.queries.books import check_books
from icargos.finance.queries.charges import Charged, charged
from icargos.finance.queries.cod import Owed, Pending, cod_in_process, expected_of, pending_cod, unpaid

__all__ = [
    "Charged",
    "Owed",
    "Pending",
    "charged",
    "check_books",
    "cod_in_process",
    "expected_of",
    "pending_cod",
    "unpaid",
]
