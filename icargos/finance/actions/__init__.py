"""The only writer of charges and of the ledger."""

from icargos.finance.actions.cash import Closed, CloseRefused, Collected, Handed, close_cash, collect, take_back
from icargos.finance.actions.charging import ChargeFixed, Priced, charge, recharge
from icargos.finance.actions.past import record_past
from icargos.finance.actions.posting import Posting, PostingRefused, post, sum_balances
from icargos.finance.actions.statement import note_statement

__all__ = [
    "ChargeFixed",
    "CloseRefused",
    "Closed",
    "Collected",
    "Handed",
    "Posting",
    "PostingRefused",
    "Priced",
    "charge",
    "close_cash",
    "collect",
    "note_statement",
    "post",
    "recharge",
    "record_past",
    "sum_balances",
    "take_back",
]
