"""A statement of account of the days that are asked for: on the page, and as PDF, CSV and Excel."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import dateformat, timezone
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.finance import actions, queries
from icargos.finance.queries import Statement, StatementLine
from icargos.finance.rules import LONGEST_PERIOD, Period, month_of
from icargos.kit import xlsx
from icargos.kit.actor import Actor
from icargos.kit.csv_file import write_csv
from icargos.kit.errors import FieldProblem, Invalid
from icargos.kit.money import exact
from icargos.kit.xlsx import Cell
from icargos.ui import posted, statement_paper
from icargos.ui.page import AskedBy, page

_MONTHS: Final = 4  # that are one click away; any other is typed
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_EPOCH: Final = datetime(1899, 12, 30, tzinfo=UTC)  # Excel's day 0; its moments know no zone
_FIGURES: Final = 6


@page("portal", "payments/statement/", name="statement", needs=Can.SEE_CHARGES)
def statement(request: AskedBy, actor: Actor) -> HttpResponse:
    """The statement from ``from`` to ``to``, this month where they are missing, as ``as=pdf``, ``csv`` or ``xlsx``."""
    period = asked(request)
    now = timezone.now()
    fmt = request.GET.get("as", "")
    fmt = fmt if fmt in {"csv", "xlsx"} else "pdf"
    found = queries.statement(actor, period)
    actions.note_statement(actor, period, fmt=fmt, lines=len(found.lines), now=now)
    name = f"statement-{period.since}-{period.until}"
    if fmt == "pdf":
        return statement_paper.statement(request, actor, period, found, now=now)
    columns = _columns(actor)
    if fmt == "csv":
        figures = range(len(columns) - _FIGURES, len(columns))
        made = write_csv([title for title, _kind in columns], _rows(actor, found, _in_csv), figures=figures)
        answer = HttpResponse(made, content_type="text/csv; charset=utf-8")
    else:
        rows = _rows(actor, found, _in_xlsx)
        pieces = xlsx.stream(_("Statement of account"), columns, rows, rightwards=not get_language_bidi())
        answer = HttpResponse(b"".join(pieces), content_type=_XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}.{fmt}"'
    answer["Cache-Control"] = "no-store"
    return answer


def asked(request: HttpRequest) -> Period:
    """The days that the address names, or this month. Raises Invalid for none, too many, or what is no day."""
    if not request.GET.get("from") and not request.GET.get("to"):
        return month_of(timezone.localdate())
    since, until = posted.day(request.GET, "from"), posted.day(request.GET, "to")
    if since is None or until is None or not date(2000, 1, 1) <= since <= until <= date(2099, 12, 31):
        raise _wrong(_("Choose a first day and a last day that is not before it."))
    period = Period(since, until)
    if period.days > LONGEST_PERIOD:
        raise _wrong(_("A statement covers at most one year. Choose fewer days."))
    return period


def account(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    """What the page of COD & payouts shows of the days asked for; days that cannot be shown are told."""
    problem = ""
    try:
        period = asked(request)
    except Invalid as refusal:
        period, problem = month_of(timezone.localdate()), refusal.message
    query = urlencode({"from": period.since.isoformat(), "to": period.until.isoformat()})
    where = reverse("portal:statement")
    files = [("pdf", _("Download PDF"), "download"), ("xlsx", "Excel", "file-sheet"), ("csv", "CSV", "file-down")]
    return {
        "since": period.since,
        "until": period.until,
        "running": period.until >= timezone.localdate(),
        "months": list(_months(period)),
        "balances": queries.balances(actor, period),
        "problem": problem,
        "files": [{"url": f"{where}?{query}&as={fmt}", "label": label, "icon": icon} for fmt, label, icon in files],
    }


def _months(period: Period) -> Iterator[dict[str, Any]]:
    found = []
    month = month_of(timezone.localdate())
    for _n in range(_MONTHS):
        found.append(month)
        month = month_of(month.since - timedelta(days=1))
    for month in reversed(found):
        query = urlencode({"from": month.since.isoformat(), "to": month.until.isoformat()})
        yield {"url": f"?{query}", "label": dateformat.format(month.since, "M"), "current": month == period}


def _wrong(told: str) -> Invalid:
    return Invalid(told, problems=[FieldProblem("from", "RANGE", told)])


def _columns(actor: Actor) -> list[tuple[str, Cell]]:
    named = [(_("Consignee"), Cell.TEXT)] if actor.may(Can.SEE_CONSIGNEE) else []
    money = (_("COD"), _("Charges"), _("Sales tax"), _("Withheld"), _("Net"), _("Balance"))
    return [
        (_("CN"), Cell.TEXT),
        (_("Order ref"), Cell.TEXT),
        (_("Booked"), Cell.MOMENT),
        (_("Outcome"), Cell.TEXT),
        (_("Ended"), Cell.MOMENT),
        (_("Destination"), Cell.TEXT),
        *named,
        *((title, Cell.MONEY) for title in money),
    ]


def _rows(actor: Actor, found: Statement, moment: Any) -> Iterator[list[str]]:
    """The opening balance, each parcel, the totals with the closing balance. Money to the paisa."""
    balances, lines = found.balances, found.lines
    named = [""] if actor.may(Can.SEE_CONSIGNEE) else []
    urdu = get_language() == "ur"

    def beside(words: str) -> list[str]:
        return ["", "", "", words, "", "", *named]

    yield [*beside(_("Opening balance")), "", "", "", "", "", exact(balances.opening_paisa)]
    for line, balance in found.running():
        yield [
            line.cn,
            line.order_ref,
            moment(line.booked_at),
            statement_paper.outcome(line),
            moment(line.ended_at) if line.ended_at else "",
            (line.destination_urdu if urdu else "") or line.destination,
            *([line.consignee or ""] if named else []),
            *(exact(paisa) for paisa in (*_figures(line), balance)),
        ]
    sums = (sum(column) for column in zip(*(_figures(line) for line in lines), strict=True)) if lines else (0,) * 5
    yield [*beside(_("Closing balance")), *(exact(paisa) for paisa in (*sums, balances.closing_paisa))]


def _figures(line: StatementLine) -> tuple[int, ...]:
    return line.cod_paisa, line.charges_paisa, line.tax_paisa, line.withheld_paisa, line.net_paisa


def _in_csv(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def _in_xlsx(at: datetime) -> str:
    return f"{(timezone.localtime(at).replace(tzinfo=UTC) - _EPOCH) / timedelta(days=1):.9f}"
