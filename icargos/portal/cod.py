"""Where a parcel's cash on delivery stands, as its page tells it: steps of its own, apart from the parcel's status."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from icargos.consignments.queries import Parcel
from icargos.consignments.rules import FAMILY, CodState, Family, Status
from icargos.finance.queries import CodTimes

# How many steps lie behind the state, and whether the next one is where the money is now.
_AT: dict[CodState, tuple[int, bool]] = {
    CodState.NONE: (0, False),
    CodState.EXPECTED: (0, False),
    CodState.COLLECTED: (0, True),
    CodState.DEPOSITED: (1, True),
    CodState.PAYABLE: (2, True),
    CodState.ON_STATEMENT: (2, True),
    CodState.PAID: (4, False),
    CodState.REVERTED: (0, False),
    CodState.ADJUSTED: (1, False),
    CodState.WRITTEN_OFF: (0, False),
}
_TOLD: dict[CodState, str] = {
    CodState.EXPECTED: gettext_noop("Cash is collected when the parcel is delivered."),
    CodState.COLLECTED: gettext_noop("The rider has it and hands it over at the station when his run ends."),
    CodState.DEPOSITED: gettext_noop("It is in the station's till and is paid to you with a statement."),
    CodState.PAYABLE: gettext_noop("It is ready and is paid to you with the next statement."),
    CodState.ON_STATEMENT: gettext_noop("It stands on a statement that is not paid yet."),
    CodState.REVERTED: gettext_noop("The collection was taken back: it was reported by mistake."),
    CodState.ADJUSTED: gettext_noop("The amount was corrected; the statement shows by how much."),
    CodState.WRITTEN_OFF: gettext_noop("It was written off: nothing is paid for this parcel."),
}
_GONE = gettext_noop("Nothing is collected: the parcel does not go to the consignee.")


def shown(parcel: Parcel, times: CodTimes) -> dict[str, Any]:
    """``paisa``, ``steps`` (label, at, state: done, now or todo), one ``sentence`` ("" where the steps say it all)."""
    state = CodState(parcel.cod_state)
    behind, standing = _AT[state]
    labels = [
        (_("Collected"), times.collected_at if behind or standing else None),
        (_("Deposited"), times.deposited_at if behind + standing > 1 else None),
        (_("On a statement") if state is CodState.ON_STATEMENT else _("Payable"), None),
        (_("Paid"), None),
    ]
    gone = state is CodState.EXPECTED and FAMILY[Status(parcel.status)] in {Family.RETURNS, Family.CLOSED}
    told = _GONE if gone else _TOLD.get(state, "")
    return {
        "paisa": parcel.cod_paisa,
        "steps": [
            {"label": label, "at": at, "state": "done" if n < behind else "now" if n == behind and standing else "todo"}
            for n, (label, at) in enumerate(labels)
        ],
        "sentence": _(told) if told else "",
    }
