"""The pickup run sheet on paper: the shippers one rider visits, with room for what he takes and for their signature."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from icargos.paper.document import Column, Document, Party, Signing, Table, document_pdf
from icargos.paper.tongue import Tongue


class PickupStop(msgspec.Struct, frozen=True, kw_only=True):
    """One shipper to visit; ``expected`` is what was asked for, ``ready`` what waits now."""

    slot: str
    number: str
    shipper: str
    address: str
    phone: str
    note: str
    expected: int
    ready: int


class PickupRunPaper(msgspec.Struct, frozen=True, kw_only=True):
    """What is written on one pickup run sheet. Moments are aware and on the reader's clock."""

    number: str
    link: str
    courier: Party
    station: str
    brand: tuple[float, float]
    day: date
    rider: str
    stops: Sequence[PickupStop]
    printed_at: datetime
    printed_by: str


def pickup_run_pdf(run: PickupRunPaper, tongue: Tongue | None = None) -> bytes:
    """The sheet as a PDF on A4, in the words of ``tongue`` (English when left alone).

    Raises FontsMissing when the fonts were not built.
    """
    tongue = tongue or Tongue()
    _ = tongue.say
    printed = _("Printed %(when)s by %(who)s. Times are Pakistan Standard Time.")
    ready = sum(stop.ready for stop in run.stops)
    return document_pdf(
        Document(
            name=_("Pickup run sheet"),
            number=run.number,
            headline=run.rider,
            lead=_("Visits: %(visits)s, parcels ready: %(ready)s") % {"visits": len(run.stops), "ready": f"{ready:,}"},
            under=f"{run.station} · {tongue.day(run.day)}",
            courier=run.courier,
            link=run.link,
            link_says=_("Scan to open this run sheet."),
            foot=printed % {"when": tongue.moment(run.printed_at), "who": run.printed_by},
            paging=_("Page {page} of {pages}"),
            brand=run.brand,
            from_right=tongue.from_right,
            blocks=[
                _visits(run, tongue),
                Signing((_("Rider"), _("Desk")), (_("Parcels brought in"), _("Signature"), _("Date and time"))),
            ],
        )
    )


def _visits(run: PickupRunPaper, tongue: Tongue) -> Table:
    _ = tongue.say
    columns = (
        Column(_("Pickup"), 0, face="mono"),
        Column(_("Time"), 0),
        Column(_("Shipper"), 1.3, face="strong"),
        Column(_("Address"), 2.1),
        Column(_("Ready"), 0, "end"),
        Column(_("Asked for"), 0, "end"),
        Column(_("Taken"), 0.6),
        Column(_("Signature"), 1),
    )
    rows = [
        (
            stop.number,
            stop.slot,
            stop.shipper,
            ", ".join(part for part in (stop.address, stop.phone, stop.note) if part),
            f"{stop.ready:,}",
            f"{stop.expected:,}",
            "",
            "",
        )
        for stop in run.stops
    ]
    return Table("", columns, rows, written=True)
