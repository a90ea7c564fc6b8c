"""The electronic proof of delivery on paper: who received what, where, when, for how much, and what shows it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from icargos.kit.money import rupees
from icargos.kit.texts import gettext_noop
from icargos.paper.document import (
    Block,
    Column,
    Document,
    Fact,
    Facts,
    Party,
    Picture,
    Pictures,
    Section,
    Table,
    document_pdf,
)
from icargos.paper.tongue import Tongue

_PROOFS: Final = {
    "none": gettext_noop("Receiver's name"),
    "signature": gettext_noop("Signature"),
    "photo": gettext_noop("Photo"),
    "code": gettext_noop("Delivery code"),
}
_METHODS: Final = {"cash": gettext_noop("Cash"), "raast": gettext_noop("Raast")}
_TAKEN: Final = {
    "cash": gettext_noop("%(sum)s collected in cash."),
    "raast": gettext_noop("%(sum)s collected by Raast."),
}


_GONE: Final = gettext_noop("This picture is not in our files as it was kept.")


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """One earlier visit that failed; ``outcome`` in words."""

    at: datetime
    outcome: str
    rider: str


class Epod(msgspec.Struct, frozen=True, kw_only=True):
    """What is written on one proof of delivery.

    Moments are aware and on the clock of the reader's place; money is paisa; position in degrees, accuracy and
    distances in metres, None = not known; ``skew_s`` is how many seconds the phone's clock was ahead. ``service`` and
    ``relation`` are words, ``proof_asked`` and ``method`` codes of the house. ``signature`` and each of ``photos`` are
    JPEG or PNG bytes; empty ones were kept once and cannot be shown, which the paper says; a ``signature`` of None was
    never given. ``papers`` are photos of papers that came back signed, each with what it is.
    """

    cn: str
    link: str
    courier: Party
    shipper: Party
    order_ref: str
    service: str
    origin: str
    destination: str
    pieces: int
    product: str
    consignee: str
    address: str
    receiver: str
    relation: str
    proof_asked: str
    no_code_reason: str
    cod_expected_paisa: int
    cod_collected_paisa: int
    method: str
    lat: float | None
    lng: float | None
    accuracy_m: float | None
    centre_m: float | None
    delivered_at: datetime
    device_at: datetime
    received_at: datetime
    skew_s: int
    offline: bool
    rider: str
    device: str
    run_number: str
    note: str
    sha256: str
    signature: bytes | None
    photos: Sequence[bytes]
    visits: Sequence[Visit]
    printed_at: datetime
    printed_by: str
    distance_m: float | None = None
    papers: Sequence[tuple[str, bytes]] = ()
    brand: tuple[float, float] = (184, 0.075)


def epod_pdf(proof: Epod, tongue: Tongue | None = None) -> bytes:
    """The proof as a PDF on A4, in the words of ``tongue`` (English when left alone).

    Raises FontsMissing when the fonts were not built, PressFailed for a logo that cannot be read.
    """
    tongue = tongue or Tongue()
    _ = tongue.say
    paid = _TAKEN.get(proof.method, "") if proof.cod_collected_paisa else ""
    taken = _(paid) % {"sum": rupees(proof.cod_collected_paisa)} if paid else _("Prepaid, nothing was collected.")
    received = _("Received by %(name)s (%(relation)s).") % {"name": proof.receiver, "relation": proof.relation}
    way = _("%(origin)s to %(destination)s") % {"origin": proof.origin, "destination": proof.destination}
    ref = _("Order ref %(ref)s") % {"ref": proof.order_ref} if proof.order_ref else ""
    printed = _("Printed %(when)s by %(who)s. Times are Pakistan Standard Time.")
    blocks: list[Block] = [
        Facts(((_handed_over(proof, tongue), _money(proof, tongue)), (_place(proof, tongue), _people(proof, tongue)))),
        Pictures(_("Evidence"), _pictures(proof, tongue)),
    ]
    if proof.papers:
        gone = _(_GONE)
        blocks.append(Pictures(_("Signed papers"), [Picture(title, data, gone) for title, data in proof.papers]))
    if proof.visits:
        blocks.append(_visits(proof, tongue))
    return document_pdf(
        Document(
            name=_("Proof of delivery"),
            number=proof.cn,
            headline=_("Delivered %(when)s") % {"when": tongue.moment(proof.delivered_at)},
            lead=f"{received} {taken}",
            under=" · ".join(part for part in (ref, proof.service, way) if part),
            courier=proof.courier,
            shipper=proof.shipper,
            link=proof.link,
            link_says=_("Scan to check that this proof is genuine and still stands."),
            record=Fact(_("Record"), in_eights(proof.sha256), "mono"),
            foot=printed % {"when": tongue.moment(proof.printed_at), "who": proof.printed_by},
            paging=_("Page {page} of {pages}"),
            brand=proof.brand,
            from_right=tongue.from_right,
            blocks=blocks,
        )
    )


def in_eights(digest: str) -> str:
    """A hash in groups of eight, so that two people can compare it by eye."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


def _handed_over(proof: Epod, tongue: Tongue) -> Section:
    _ = tongue.say
    code = _("Not asked for")
    if proof.proof_asked == "code":
        code = _("Not given: %(why)s") % {"why": proof.no_code_reason}
    facts = [
        Fact(_("Received by"), proof.receiver, "strong"),
        Fact(_("Relation"), proof.relation),
        Fact(_("Consignee"), proof.consignee),
        Fact(_("Address"), proof.address),
        Fact(_("Product"), proof.product),
        Fact(_("Pieces"), str(proof.pieces)),
        Fact(_("Proof asked for"), _(_PROOFS.get(proof.proof_asked, proof.proof_asked))),
        Fact(_("Delivery code"), code),
    ]
    return Section(_("Handed over"), facts)


def _money(proof: Epod, tongue: Tongue) -> Section:
    _ = tongue.say
    facts = [
        Fact(_("COD expected"), rupees(proof.cod_expected_paisa) if proof.cod_expected_paisa else _("Prepaid")),
        Fact(_("COD collected"), rupees(proof.cod_collected_paisa), "strong"),
    ]
    if proof.method:
        facts.append(Fact(_("Method"), _(_METHODS.get(proof.method, proof.method))))
    return Section(_("Money"), facts)


def _place(proof: Epod, tongue: Tongue) -> Section:
    _ = tongue.say
    position = _("The phone gave no position")
    if proof.lat is not None and proof.lng is not None:
        position = f"{proof.lat:.5f}, {proof.lng:.5f}"
    away = _("Not known: the address has no pin on the map")
    if proof.distance_m is not None:
        away = tongue.length(proof.distance_m)
    facts = [Fact(_("Position"), position)]
    if proof.accuracy_m is not None:
        facts.append(Fact(_("Accuracy"), f"± {tongue.length(proof.accuracy_m)}"))
    facts.append(Fact(_("Distance to address"), away))
    if proof.centre_m is not None:
        facts.append(Fact(_("From the city's centre"), tongue.length(proof.centre_m)))
    facts += [
        Fact(_("Phone's time"), tongue.moment(proof.device_at, seconds=True)),
        Fact(_("Server's time"), tongue.moment(proof.received_at, seconds=True)),
        Fact(_("Phone's clock"), _skew(proof.skew_s, tongue)),
        Fact(_("Sent"), _("Later, the phone was offline") if proof.offline else _("At once, the phone was online")),
    ]
    return Section(_("Where and when"), facts)


def _skew(seconds: int, tongue: Tongue) -> str:
    _ = tongue.say
    if not seconds:
        return _("Right to the second")
    if abs(seconds) < 120:
        return (_("%(n)d s fast") if seconds > 0 else _("%(n)d s slow")) % {"n": abs(seconds)}
    return (_("%(n)d min fast") if seconds > 0 else _("%(n)d min slow")) % {"n": round(abs(seconds) / 60)}


def _people(proof: Epod, tongue: Tongue) -> Section:
    _ = tongue.say
    facts = [Fact(_("Rider"), proof.rider), Fact(_("Run sheet"), proof.run_number)]
    if proof.device:
        facts.append(Fact(_("Phone"), proof.device))
    if proof.note:
        facts.append(Fact(_("Rider's note"), proof.note))
    return Section(_("By whom"), facts)


def _pictures(proof: Epod, tongue: Tongue) -> list[Picture]:
    _ = tongue.say
    gone = _(_GONE)
    shown = [Picture(_("Photo %(n)d") % {"n": n}, data, gone) for n, data in enumerate(proof.photos, 1)]
    if proof.signature is not None:
        shown.insert(0, Picture(_("Signature"), proof.signature, gone, proof.receiver))
    return shown


def _visits(proof: Epod, tongue: Tongue) -> Table:
    _ = tongue.say
    tried = [(tongue.moment(one.at), one.outcome, one.rider) for one in proof.visits]
    tried.append((tongue.moment(proof.delivered_at), _("Delivered"), proof.rider))
    columns = (Column(_("Visit"), 0, "end"), Column(_("When"), 1.2), Column(_("Outcome"), 2), Column(_("Rider"), 1))
    return Table(_("Visits"), columns, [(str(n), *told) for n, told in enumerate(tried, 1)])
