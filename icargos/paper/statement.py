"""The statement of account on paper: what was owed before, each parcel of the period, what is owed after."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Final

import msgspec

from icargos.kit.money import grouped
from icargos.paper.document import Column, Document, Fact, Facts, Party, Section, Table, document_pdf
from icargos.paper.tongue import Tongue

MOST_LINES: Final = 2500  # beyond, the paper has a line for each day: about 90 pages are enough to leaf through


class AccountLine(msgspec.Struct, frozen=True, kw_only=True):
    """One parcel. Money in paisa, ``balance_paisa`` after it; ``day`` is when it was posted.

    ``outcome`` says in words what became of it, "" for a plain delivery. ``consignee`` is None where the reader may not
    see him.
    """

    day: date
    cn: str
    order_ref: str
    booked: date
    outcome: str
    ended: date | None
    destination: str
    consignee: str | None
    cod_paisa: int
    charges_paisa: int
    tax_paisa: int
    withheld_paisa: int
    net_paisa: int
    balance_paisa: int


class AccountPaper(msgspec.Struct, frozen=True, kw_only=True):
    """What is written on one statement of account, of the days ``since`` to ``until``, both included. Money in paisa.

    ``running`` says that the period is not over. Moments are aware and on the reader's clock.
    """

    number: str
    link: str
    courier: Party
    shipper: Party
    account_no: str
    brand: tuple[float, float]
    since: date
    until: date
    running: bool
    opening_paisa: int
    collected_paisa: int
    taken_back_paisa: int
    closing_paisa: int
    lines: Sequence[AccountLine]
    printed_at: datetime
    printed_by: str


def statement_pdf(account: AccountPaper, tongue: Tongue | None = None) -> bytes:
    """The statement as a PDF on A4 laid on its side, in the words of ``tongue`` (English when left alone).

    Over MOST_LINES parcels it has a line for each day, with the same totals. Raises FontsMissing when the fonts were
    not built.
    """
    tongue = tongue or Tongue()
    _ = tongue.say
    printed = _("Printed %(when)s by %(who)s. Times are Pakistan Standard Time.")
    days = {"since": tongue.date(account.since), "until": tongue.date(account.until)}
    under = [_("%(since)s to %(until)s") % days, _("Account %(number)s") % {"number": account.account_no}]
    if account.running:
        under.append(_("not over yet: as it stands now"))
    return document_pdf(
        Document(
            name=_("Statement of account"),
            number=account.number,
            headline=_("Closing balance Rs %(amount)s") % {"amount": grouped(account.closing_paisa)},
            lead=_("COD that we hold for you. Charges and taxes are not taken from it yet: a settlement does that."),
            under=" · ".join(under),
            courier=account.courier,
            shipper=account.shipper,
            link=account.link,
            link_says=_("Scan to open this period."),
            foot=printed % {"when": tongue.moment(account.printed_at), "who": account.printed_by},
            paging=_("Page {page} of {pages}"),
            brand=account.brand,
            from_right=tongue.from_right,
            wide=True,
            blocks=[
                Facts(((_balances(account, tongue),), (_parcels(account, tongue),))),
                _by_day(account, tongue) if len(account.lines) > MOST_LINES else _lines(account, tongue),
            ],
        )
    )


def _balances(account: AccountPaper, tongue: Tongue) -> Section:
    _ = tongue.say
    facts = [
        Fact(_("Opening balance"), grouped(account.opening_paisa)),
        Fact(_("COD collected"), grouped(account.collected_paisa)),
        Fact(_("Taken back"), grouped(-account.taken_back_paisa)),
        Fact(_("Closing balance"), grouped(account.closing_paisa), "strong"),
    ]
    return Section(_("Balance in rupees"), facts)


def _parcels(account: AccountPaper, tongue: Tongue) -> Section:
    _ = tongue.say
    _cod, charges, tax, withheld, net = _sums(account.lines)
    facts = [
        Fact(_("Parcels"), f"{len(account.lines):,}"),
        Fact(_("Charges"), grouped(charges)),
        Fact(_("Sales tax"), grouped(tax)),
        Fact(_("Withheld"), grouped(withheld)),
        Fact(_("Net of charges"), grouped(net), "strong"),
    ]
    return Section(_("These parcels in rupees"), facts)


def _sums(lines: Sequence[AccountLine]) -> tuple[int, int, int, int, int]:
    return (
        sum(line.cod_paisa for line in lines),
        sum(line.charges_paisa for line in lines),
        sum(line.tax_paisa for line in lines),
        sum(line.withheld_paisa for line in lines),
        sum(line.net_paisa for line in lines),
    )


def _money(tongue: Tongue) -> tuple[Column, ...]:
    _ = tongue.say
    titles = (_("COD"), _("Charges"), _("Sales tax"), _("Withheld"), _("Net"))
    return (*(Column(title, 0, "end") for title in titles), Column(_("Balance"), 0, "end", "strong"))


def _totals(account: AccountPaper) -> tuple[str, ...]:
    return tuple(grouped(paisa) for paisa in (*_sums(account.lines), account.closing_paisa))


def _lines(account: AccountPaper, tongue: Tongue) -> Table:
    _ = tongue.say
    named = any(line.consignee is not None for line in account.lines)
    columns = (
        Column("#", 0, "end"),
        Column(_("CN"), 0, face="mono"),
        Column(_("Order ref"), 1.3),
        Column(_("Booked"), 0),
        Column(_("Delivered"), 1.2),
        Column(_("Destination"), 0.9),
        *((Column(_("Consignee"), 1),) if named else ()),
        *_money(tongue),
    )
    start = ("", "", "", "", _("Opening balance"), "", *(("",) if named else ()))
    rows: list[tuple[str, ...]] = [(*start, "", "", "", "", "", grouped(account.opening_paisa))]
    for place, line in enumerate(account.lines, 1):
        ended = f"{line.outcome} {tongue.date(line.ended)}".strip() if line.ended else line.outcome
        parcel = (str(place), line.cn, line.order_ref, tongue.date(line.booked), ended, line.destination)
        figures = (*_sums((line,)), line.balance_paisa)
        who = (line.consignee or "",) if named else ()
        rows.append((*parcel, *who, *(grouped(paisa) for paisa in figures)))
    blank = ("",) * (len(columns) - 6)
    return Table(_("Parcels"), columns, rows, (*blank, *_totals(account)))


def _by_day(account: AccountPaper, tongue: Tongue) -> Table:
    _ = tongue.say
    columns = (Column(_("Day"), 1), Column(_("Parcels"), 0, "end"), *_money(tongue))
    rows: list[tuple[str, ...]] = [(_("Opening balance"), *("",) * 6, grouped(account.opening_paisa))]
    for day, group in groupby(account.lines, key=lambda line: line.day):
        lines = list(group)
        figures = (grouped(paisa) for paisa in (*_sums(lines), lines[-1].balance_paisa))
        rows.append((tongue.day(day), f"{len(lines):,}", *figures))
    title = _("By day, since there are many: each parcel stands in the CSV and the Excel file")
    return Table(title, columns, rows, ("", f"{len(account.lines):,}", *_totals(account)))
