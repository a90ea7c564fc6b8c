"""How long the courier waits for a shipper's advice, and what happens when none comes."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from icargos.consignments.rules import Reason, Silence
from icargos.dispatch.rules.advice import next_cut_off
from icargos.kit.texts import gettext_noop as _

WAITS = timedelta(hours=72)
WAITS_BRIEFLY = timedelta(hours=24)
_AT_CUT_OFF = frozenset({Silence.REATTEMPT, Silence.ON_DATE, Silence.FORWARD})
_THEN: Mapping[Silence, str] = {
    Silence.REATTEMPT: _("Without an answer it goes out again."),
    Silence.ON_DATE: _("Without an answer it goes out on the day the consignee asked for."),
    Silence.FORWARD: _("Without an answer it is sent on to the right station."),
    Silence.HOLD_24H: _("It is held for 24 hours for your answer."),
    Silence.HOLD: _("It is held for your answer. 72 hours without one mean return."),
    Silence.RETURN: _("72 hours without an answer mean return."),
}


def answer_by(reason: Reason, opened_at: datetime) -> datetime:
    """Until when an answer is awaited.

    What fires by itself does so at the first cut-off (22:00 local); a hold of 24 h ends then; the 72 h clock is for
    the others.
    """
    if reason.when_silent in _AT_CUT_OFF:
        return next_cut_off(opened_at)
    return opened_at + (WAITS_BRIEFLY if reason.when_silent is Silence.HOLD_24H else WAITS)


def if_silent(reason: Reason) -> str:
    """What happens when the shipper says nothing, as a message template."""
    return _THEN[reason.when_silent]
