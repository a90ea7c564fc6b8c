"""Prices that are asked for without anything to be booked."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.booking.queries.preview import UNPRICED
from icargos.booking.queries.prices import priced, reference, terms
from icargos.booking.queries.telling import told
from icargos.booking.rules.problems import Severity
from icargos.booking.rules.rows import check_many
from icargos.booking.rules.text import clean
from icargos.kit.actor import Actor
from icargos.kit.errors import FieldProblem
from icargos.tariff.rules import QuoteRefused, Receipt


def quotes(actor: Actor, values: Mapping[str, str], *, now: datetime) -> list[Receipt]:
    """What a parcel would cost; ``values`` are column keys to text as typed. Needs SEE_CHARGES.

    By the service that is named, or by each one that carries the parcel, in the courier's order. Raises QuoteRefused
    naming every column that is wrong, or why no service carries it.
    """
    actor.require(Can.SEE_CHARGES)
    on = terms(actor, now=now)
    ref = reference(actor, now=now, on=on)
    given = UNPRICED | {key: value for key, value in values.items() if clean(value)} | {"order_ref": ""}
    asked = [given["service"]] if "service" in given else list(on.services)
    checked = check_many([{**given, "service": service} for service in asked], ref)
    ready = priced(actor, [row.order for row in checked if row.order is not None], now=now, on=on)
    receipts = [one.receipt for one in ready if one.receipt is not None]
    if receipts:
        return receipts
    found = [problem for row in checked for problem in row.problems if problem.severity is Severity.ERROR]
    wrong = {
        (problem.column, problem.code): told(problem, problem.column)
        for problem in found or [problem for one in ready for problem in one.problems]
    }
    first = next(iter(wrong.values()), FieldProblem("service", "SERVICE_NOT_AVAILABLE", _("No service is offered.")))
    raise QuoteRefused(first.message, problems=list(wrong.values()) or [first])
