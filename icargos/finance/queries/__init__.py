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
from icargos.finance.queries.receipts import (
    Collection,
    NothingCollected,
    Receipted,
    check_receipt,
    collection,
    receipt_token,
)
from icargos.finance.queries.statement import Balances, Statement, StatementLine, balances, statement

__all__ = [
    "Balances",
    "Charged",
    "CodTimes",
    "Collection",
    "NothingCollected",
    "Owed",
    "Pending",
    "Receipted",
    "Statement",
    "StatementLine",
    "balances",
    "charged",
    "check_books",
    "check_receipt",
    "cod_in_process",
    "cod_times",
    "collection",
    "expected_of",
    "pending_cod",
    "receipt_token",
    "statement",
    "unpaid",
]
