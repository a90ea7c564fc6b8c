"""The only writer of charges and of the ledger."""

from icargos.finance.actions.cash import Closed, CloseRefused, Collected, close_cash, collect, take_back
from icargos.finance.actions.charging import ChargeFixed, Priced, charge, recharge
from icargos.finance.actions.posting import Posting, PostingRefused, post, sum_balances

__all__ = [
    "ChargeFixed",
    "CloseRefused",
    "Closed",
    "Collected",
    "Posting",
    "PostingRefused",
    "Priced",
    "charge",
    "close_cash",
    "collect",
    "post",
    "recharge",
    "sum_balances",
    "take_back",
]
