"""The statement of account as a paper, in the language of whoever asks."""

from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from icargos.accounts import queries as accounts
from icargos.finance.queries import Statement, StatementLine
from icargos.finance.rules import Period
from icargos.kit.actor import Actor
from icargos.paper.statement import AccountLine, AccountPaper, statement_pdf
from icargos.ui import papers


def statement(request: HttpRequest, actor: Actor, period: Period, found: Statement, *, now: datetime) -> HttpResponse:
    """The period's statement, ``SA-....pdf``."""
    number = f"SA-{period.since:%y%m%d}-{period.until:%y%m%d}"
    query = urlencode({"from": period.since.isoformat(), "to": period.until.isoformat()})
    urdu = get_language() == "ur"
    made = statement_pdf(
        AccountPaper(
            number=number,
            link=request.build_absolute_uri(f"{reverse('portal:payments')}?{query}"),
            courier=papers.courier(),
            shipper=papers.shipper(actor, actor.tenant),
            account_no=accounts.account(actor).account_no,
            brand=papers.brand(),
            since=period.since,
            until=period.until,
            running=period.until >= timezone.localdate(now),
            opening_paisa=found.balances.opening_paisa,
            collected_paisa=found.balances.collected_paisa,
            taken_back_paisa=found.balances.taken_back_paisa,
            closing_paisa=found.balances.closing_paisa,
            lines=[_line(line, balance, urdu=urdu) for line, balance in found.running()],
            printed_at=timezone.localtime(now),
            printed_by=actor.name,
        ),
        papers.tongue(),
    )
    return papers.attached(made, number)


def outcome(line: StatementLine) -> str:
    """What became of the parcel, in words."""
    if line.cod_paisa < 0:
        return _("Taken back")
    return {"delivered": _("Delivered"), "returned": _("Returned")}.get(line.outcome, "")


def _line(line: StatementLine, balance: int, *, urdu: bool) -> AccountLine:
    return AccountLine(
        day=timezone.localdate(line.at),
        cn=line.cn,
        order_ref=line.order_ref,
        booked=timezone.localdate(line.booked_at),
        outcome="" if line.outcome == "delivered" and line.cod_paisa >= 0 else outcome(line),
        ended=timezone.localdate(line.ended_at) if line.ended_at else None,
        destination=(line.destination_urdu if urdu else "") or line.destination,
        consignee=line.consignee,
        cod_paisa=line.cod_paisa,
        charges_paisa=line.charges_paisa,
        tax_paisa=line.tax_paisa,
        withheld_paisa=line.withheld_paisa,
        net_paisa=line.net_paisa,
        balance_paisa=balance,
    )
