"""Reads of charges and of the ledger."""

from icargos.finance.queries.books import check_books
from icargos.finance.queries.charges import Charged, charged
from icargos.finance.queries.cod import (
    CodTimes,
    Owed,
    Pending,
    cod_in_process,
    cod_times,
    expected_of,
    pending_cod,
    unpaid,
)

__all__ = [
    "Charged",
    "CodTimes",
    "Owed",
    "Pending",
    "charged",
    "check_books",
    "cod_in_process",
    "cod_times",
    "expected_of",
    "pending_cod",
    "unpaid",
]
