"""The delivery run sheet on paper: the doors one rider goes to, with room for who received what, and when."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

import msgspec

from icargos.kit.money import rupees
from icargos.kit.texts import gettext_noop
from icargos.paper.document import Code, Column, Document, Fact, Facts, Party, Section, Signing, Table, document_pdf
from icargos.paper.tongue import Tongue

_LINES: Final = (
    gettext_noop("Parcels counted"),
    gettext_noop("Cash"),
    gettext_noop("Signature"),
    gettext_noop("Date and time"),
)


class DeliveryStop(msgspec.Struct, frozen=True, kw_only=True):
    """One parcel to deliver. COD in paisa; ``note`` is what the rider must mind there.

    ``status`` and ``time`` are what the sheet's parcel came to, "" while that is still to be written by hand.
    """

    cn: str
    consignee: str
    phone: str
    address: str
    city: str
    pieces: int
    cod_paisa: int
    note: str = ""
    status: str = ""
    time: str = ""


class DeliveryRunPaper(msgspec.Struct, frozen=True, kw_only=True):
    """What is written on one delivery run sheet. Moments are aware and on the reader's clock, ``left_at`` None before.

    ``vehicle`` is "" where none is known: there is room to write it.
    """

    number: str
    link: str
    courier: Party
    station: str
    brand: tuple[float, float]
    day: date
    left_at: datetime | None
    rider: str
    vehicle: str = ""
    stops: Sequence[DeliveryStop]
    printed_at: datetime
    printed_by: str


def delivery_run_pdf(run: DeliveryRunPaper, tongue: Tongue | None = None) -> bytes:
    """The sheet as a PDF on A4 laid on its side, in the words of ``tongue`` (English when left alone).

    Raises FontsMissing when the fonts were not built, ValueError for a number that no barcode holds.
    """
    tongue = tongue or Tongue()
    _ = tongue.say
    printed = _("Printed %(when)s by %(who)s. Times are Pakistan Standard Time.")
    cod = sum(stop.cod_paisa for stop in run.stops)
    lead = _("1 parcel, %(cod)s COD") if len(run.stops) == 1 else _("%(n)s parcels, %(cod)s COD")
    return document_pdf(
        Document(
            name=_("Delivery run sheet"),
            number=run.number,
            headline=run.rider,
            lead=lead % {"n": f"{len(run.stops):,}", "cod": rupees(cod)},
            under=f"{run.station} · {tongue.day(run.day)}",
            courier=run.courier,
            link=run.link,
            link_says=_("Scan to open this run sheet."),
            foot=printed % {"when": tongue.moment(run.printed_at), "who": run.printed_by},
            paging=_("Page {page} of {pages}"),
            brand=run.brand,
            from_right=tongue.from_right,
            wide=True,
            blocks=[
                _figures(run, tongue),
                _stops(run, tongue),
                Signing((_("Taken out by the rider"), _("Handed back to the desk")), [_(one) for one in _LINES]),
            ],
        )
    )


def _figures(run: DeliveryRunPaper, tongue: Tongue) -> Facts:
    _ = tongue.say
    left = tongue.moment(run.left_at) if run.left_at else _("Not yet")
    cod = [stop.cod_paisa for stop in run.stops if stop.cod_paisa]
    columns = (
        (Fact(_("Left"), left), Fact(_("Vehicle"), run.vehicle)),
        (Fact(_("Parcels"), f"{len(run.stops):,}"), Fact(_("Pieces"), f"{sum(stop.pieces for stop in run.stops):,}")),
        (Fact(_("Parcels with COD"), f"{len(cod):,}"), Fact(_("COD to collect"), rupees(sum(cod)), "strong")),
    )
    return Facts([[Section("", facts)] for facts in columns])


def _stops(run: DeliveryRunPaper, tongue: Tongue) -> Table:
    _ = tongue.say
    columns = (
        Column("#", 0, "end"),
        Column(_("CN"), 0),
        Column(_("Consignee"), 1.5),
        Column(_("Address"), 1.7),
        Column(_("Pieces"), 0, "end"),
        Column(_("COD"), 0, "end", "strong"),
        Column(_("Receiver"), 1),
        Column(_("Relation"), 0.7),
        Column(_("Signature"), 1.2),
        Column(_("Time"), 0.55),
        Column(_("Status"), 0.75),
    )
    rows = [
        (
            str(place),
            Code(stop.cn),
            (stop.consignee, stop.phone, stop.note),
            stop.address if stop.city in stop.address else f"{stop.address}, {stop.city}",
            f"{stop.pieces:,}",
            rupees(stop.cod_paisa) if stop.cod_paisa else _("Prepaid"),
            "",
            "",
            "",
            stop.time,
            stop.status,
        )
        for place, stop in enumerate(run.stops, 1)
    ]
    pieces, cod = sum(stop.pieces for stop in run.stops), sum(stop.cod_paisa for stop in run.stops)
    totals = ("", "", "", "", f"{pieces:,}", rupees(cod), "", "", "", "", "")
    return Table("", columns, rows, totals, written=True)
