"""The load sheet on paper: the parcels a shipper hands to the pickup rider, signed by both."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from icargos.kit.money import rupees
from icargos.kit.texts import gettext_noop
from icargos.paper.document import Column, Document, Fact, Facts, Party, Section, Signing, Table, document_pdf
from icargos.paper.tongue import Tongue

_LINES: Final = (
    gettext_noop("Parcels counted"),
    gettext_noop("Name"),
    gettext_noop("Signature"),
    gettext_noop("Date and time"),
)


class LoadSheetLine(msgspec.Struct, frozen=True, kw_only=True):
    """One parcel, as it was signed for. Weight in grams, COD in paisa; ``cancelled`` since the closing."""

    cn: str
    order_ref: str
    consignee: str
    city: str
    pieces: int
    weight_g: int
    cod_paisa: int
    cancelled: bool = False


class LoadSheetPaper(msgspec.Struct, frozen=True, kw_only=True):
    """What is written on one load sheet. Moments are aware and on the reader's clock; weight grams, money paisa."""

    number: str
    link: str
    courier: Party
    shipper: Party
    brand: tuple[float, float]
    place: str
    profile_code: str
    address: str
    city: str
    phone: str
    closed_at: datetime
    closed_by: str
    pieces: int
    weight_g: int
    cod_paisa: int
    lines: Sequence[LoadSheetLine]
    printed_at: datetime
    printed_by: str


def load_sheet_pdf(sheet: LoadSheetPaper, tongue: Tongue | None = None) -> bytes:
    """The sheet as a PDF on A4, in the words of ``tongue`` (English when left alone).

    Raises FontsMissing when the fonts were not built.
    """
    tongue = tongue or Tongue()
    _ = tongue.say
    printed = _("Printed %(when)s by %(who)s. Times are Pakistan Standard Time.")
    figures = {"n": f"{len(sheet.lines):,}", "cod": rupees(sheet.cod_paisa)}
    return document_pdf(
        Document(
            name=_("Load sheet"),
            number=sheet.number,
            headline=(_("1 parcel, %(cod)s COD") if len(sheet.lines) == 1 else _("%(n)s parcels, %(cod)s COD"))
            % figures,
            lead=f"{sheet.place}, {sheet.city}",
            under=_("Closed %(when)s by %(who)s") % {"when": tongue.moment(sheet.closed_at), "who": sheet.closed_by},
            courier=sheet.courier,
            shipper=sheet.shipper,
            link=sheet.link,
            link_says=_("Scan to open this load sheet."),
            foot=printed % {"when": tongue.moment(sheet.printed_at), "who": sheet.printed_by},
            paging=_("Page {page} of {pages}"),
            brand=sheet.brand,
            from_right=tongue.from_right,
            blocks=[
                Facts(((_from(sheet, tongue),), (_totals(sheet, tongue),))),
                Signing((_("Handed over by the shipper"), _("Received by the rider")), [_(one) for one in _LINES]),
                _parcels(sheet, tongue),
            ],
        )
    )


def _from(sheet: LoadSheetPaper, tongue: Tongue) -> Section:
    _ = tongue.say
    facts = [
        Fact(_("Address"), sheet.address),
        Fact(_("Phone"), sheet.phone),
        Fact(_("Profile ID"), sheet.profile_code),
    ]
    return Section(_("Picked up at"), facts)


def _totals(sheet: LoadSheetPaper, tongue: Tongue) -> Section:
    _ = tongue.say
    facts = [
        Fact(_("Parcels"), f"{len(sheet.lines):,}", "strong"),
        Fact(_("Pieces"), f"{sheet.pieces:,}"),
        Fact(_("Weight"), tongue.weight(sheet.weight_g)),
        Fact(_("COD"), rupees(sheet.cod_paisa)),
    ]
    gone = sum(line.cancelled for line in sheet.lines)
    if gone:
        facts.append(Fact(_("Cancelled since"), f"{gone:,}"))
    return Section(_("Totals"), facts)


def _parcels(sheet: LoadSheetPaper, tongue: Tongue) -> Table:
    _ = tongue.say
    columns = (
        Column("#", 0, "end"),
        Column(_("CN"), 0, face="mono"),
        Column(_("Order ref"), 1.2),
        Column(_("Consignee"), 1.6),
        Column(_("City"), 1),
        Column(_("Pieces"), 0, "end"),
        Column(_("Weight"), 0, "end"),
        Column(_("COD"), 0, "end"),
    )
    rows = [
        (
            str(place),
            line.cn,
            line.order_ref,
            line.consignee,
            line.city,
            str(line.pieces),
            tongue.weight(line.weight_g),
            _("Cancelled") if line.cancelled else rupees(line.cod_paisa) if line.cod_paisa else _("Prepaid"),
        )
        for place, line in enumerate(sheet.lines, 1)
    ]
    total = ("", "", "", "", "", f"{sheet.pieces:,}", tongue.weight(sheet.weight_g), rupees(sheet.cod_paisa))
    return Table(_("Parcels"), columns, rows, total)
