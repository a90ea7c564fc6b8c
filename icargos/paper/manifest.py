"""The manifest on paper: what travels from one station to another in one vehicle, signed at both ends."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Final

import msgspec

from icargos.kit.texts import gettext_noop
from icargos.paper.document import Column, Document, Fact, Facts, Party, Section, Signing, Table, document_pdf
from icargos.paper.tongue import Tongue

_LINES: Final = (
    gettext_noop("Bags counted"),
    gettext_noop("Seal"),
    gettext_noop("Name"),
    gettext_noop("Signature"),
    gettext_noop("Date and time"),
)
# What a line says of its parcel; one that is not checked in yet has room for a tick.
_MARKS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "listed": "",
        "received": gettext_noop("Received"),
        "short": gettext_noop("Short"),
        "excess": gettext_noop("Excess"),
        "misrouted": gettext_noop("Misrouted"),
    }
)


class ManifestPaperLine(msgspec.Struct, frozen=True, kw_only=True):
    """One parcel; weight in grams, ``state`` listed, received, short, excess or misrouted."""

    cn: str
    city: str
    pieces: int
    weight_g: int
    state: str = "listed"


class ManifestPaper(msgspec.Struct, frozen=True, kw_only=True):
    """What is written on one manifest. Moments are aware and on the reader's clock; totals are of what was listed."""

    number: str
    link: str
    courier: Party
    brand: tuple[float, float]
    origin: str
    destination: str
    vehicle: str
    driver: str
    route: str
    seal: str
    bags: int
    departed_at: datetime
    departed_by: str
    expected_at: datetime
    arrived_at: datetime | None
    arrived_by: str
    pieces: int
    weight_g: int
    lines: Sequence[ManifestPaperLine]
    printed_at: datetime
    printed_by: str


def manifest_pdf(paper: ManifestPaper, tongue: Tongue | None = None) -> bytes:
    """The manifest as a PDF on A4, in the words of ``tongue`` (English when left alone).

    Raises FontsMissing when the fonts were not built.
    """
    tongue = tongue or Tongue()
    _ = tongue.say
    printed = _("Printed %(when)s by %(who)s. Times are Pakistan Standard Time.")
    return document_pdf(
        Document(
            name=_("Manifest"),
            number=paper.number,
            headline=_("From %(origin)s to %(destination)s")
            % {"origin": paper.origin, "destination": paper.destination},
            lead=_("Vehicle %(vehicle)s, bags: %(bags)s") % {"vehicle": paper.vehicle, "bags": paper.bags},
            under=_("Left %(when)s, sent by %(who)s")
            % {"when": tongue.moment(paper.departed_at), "who": paper.departed_by},
            courier=paper.courier,
            link=paper.link,
            link_says=_("Scan to open this manifest."),
            foot=printed % {"when": tongue.moment(paper.printed_at), "who": paper.printed_by},
            paging=_("Page {page} of {pages}"),
            brand=paper.brand,
            from_right=tongue.from_right,
            blocks=[
                Facts(((_way(paper, tongue),), (_totals(paper, tongue),))),
                Signing((_("Handed to the driver"), _("Received at the destination")), [_(one) for one in _LINES]),
                _parcels(paper, tongue),
            ],
        )
    )


def _way(paper: ManifestPaper, tongue: Tongue) -> Section:
    _ = tongue.say
    facts = [
        Fact(_("Vehicle"), paper.vehicle, "strong"),
        Fact(_("Driver"), paper.driver),
        Fact(_("Route"), paper.route),
        Fact(_("Bags"), f"{paper.bags:,}", "strong"),
        Fact(_("Seal"), paper.seal, "mono"),
        Fact(_("Expected"), tongue.moment(paper.expected_at)),
    ]
    if paper.arrived_at is not None:
        checked = _("%(when)s by %(who)s") % {"when": tongue.moment(paper.arrived_at), "who": paper.arrived_by}
        facts.append(Fact(_("Checked in"), checked))
    return Section(_("On the way"), [fact for fact in facts if fact.value])


def _totals(paper: ManifestPaper, tongue: Tongue) -> Section:
    _ = tongue.say
    listed = sum(line.state not in ("excess", "misrouted") for line in paper.lines)
    facts = [
        Fact(_("Parcels"), f"{listed:,}", "strong"),
        Fact(_("Pieces"), f"{paper.pieces:,}"),
        Fact(_("Weight"), tongue.weight(paper.weight_g)),
    ]
    for state in ("received", "short", "excess", "misrouted"):
        n = sum(line.state == state for line in paper.lines)
        if n:
            facts.append(Fact(_(_MARKS[state]), f"{n:,}"))
    return Section(_("Totals"), facts)


def _parcels(paper: ManifestPaper, tongue: Tongue) -> Table:
    _ = tongue.say
    columns = (
        Column("#", 0, "end"),
        Column(_("CN"), 0, face="mono"),
        Column(_("City"), 1.4),
        Column(_("Pieces"), 0, "end"),
        Column(_("Weight"), 0, "end"),
        Column(_("Check-in"), 1),
    )
    rows = [
        (
            str(place),
            line.cn,
            line.city,
            str(line.pieces),
            tongue.weight(line.weight_g),
            _(_MARKS[line.state]) if _MARKS[line.state] else "",
        )
        for place, line in enumerate(paper.lines, 1)
    ]
    total = ("", "", "", f"{paper.pieces:,}", tongue.weight(paper.weight_g), "")
    return Table(_("Parcels"), columns, rows, total)
