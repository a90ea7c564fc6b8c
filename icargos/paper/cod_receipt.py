"""The receipt of cash on delivery: what was collected for a parcel, how, when, by whom, and where it is booked."""

from datetime import datetime
from typing import Final

import msgspec

from icargos.kit.money import grouped
from icargos.kit.texts import gettext_noop
from icargos.paper.document import Document, Fact, Facts, Party, Section, document_pdf
from icargos.paper.tongue import Tongue
from icargos.paper.words import amount_in_words
from icargos.paper.words_urdu import amount_in_urdu

_METHODS: Final = {"cash": gettext_noop("Cash"), "raast": gettext_noop("Raast")}


class CodReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """What is written on one receipt. The amount in paisa; moments are aware and on the reader's clock.

    ``method`` is a code of the house; it, ``rider`` and ``run_number`` are "" where no proof of the delivery was kept.
    ``consignee`` is "" where the reader may not see him. ``entry`` is the number of the ledger's row, ``key`` its key.
    """

    cn: str
    link: str
    courier: Party
    shipper: Party
    brand: tuple[float, float]
    order_ref: str
    consignee: str
    origin: str
    destination: str
    amount_paisa: int
    method: str
    collected_at: datetime
    rider: str
    run_number: str
    entry: int
    key: str
    printed_at: datetime
    printed_by: str


def cod_receipt_pdf(receipt: CodReceipt, tongue: Tongue | None = None) -> bytes:
    """The receipt as a PDF on A4, in the words of ``tongue`` (English when left alone), the amount in both languages.

    Raises FontsMissing when the fonts were not built, PressFailed for a logo that cannot be read.
    """
    tongue = tongue or Tongue()
    _ = tongue.say
    printed = _("Printed %(when)s by %(who)s. Times are Pakistan Standard Time.")
    way = _("%(origin)s to %(destination)s") % {"origin": receipt.origin, "destination": receipt.destination}
    ref = _("Order ref %(ref)s") % {"ref": receipt.order_ref} if receipt.order_ref else ""
    return document_pdf(
        Document(
            name=_("COD receipt"),
            number=receipt.cn,
            headline=_("Rs %(amount)s received") % {"amount": grouped(receipt.amount_paisa)},
            lead=_("Collected on delivery %(when)s.") % {"when": tongue.moment(receipt.collected_at)},
            under=" · ".join(part for part in (ref, way) if part),
            courier=receipt.courier,
            shipper=receipt.shipper,
            link=receipt.link,
            link_says=_("Scan to check that this receipt is genuine and still stands."),
            record=Fact(_("Ledger entry"), entry(receipt.entry, receipt.key), "mono"),
            foot=printed % {"when": tongue.moment(receipt.printed_at), "who": receipt.printed_by},
            paging=_("Page {page} of {pages}"),
            brand=receipt.brand,
            from_right=tongue.from_right,
            blocks=[Facts(((_money(receipt, tongue),), (_parcel(receipt, tongue),)))],
        )
    )


def entry(number: int, key: str) -> str:
    """A row of the ledger as people read it out and find it again: ``0000 1482 · cod:IC473124829``."""
    digits = f"{number:08d}"
    return f"{digits[:-4]} {digits[-4:]} · {key}"


def _money(receipt: CodReceipt, tongue: Tongue) -> Section:
    _ = tongue.say
    facts = [
        Fact(_("Amount"), f"Rs {grouped(receipt.amount_paisa)}", "strong"),
        Fact(_("In words"), amount_in_words(receipt.amount_paisa)),
        Fact(_("In Urdu"), amount_in_urdu(receipt.amount_paisa)),
        Fact(_("Collected"), tongue.moment(receipt.collected_at)),
    ]
    if receipt.method:
        facts.append(Fact(_("Method"), _(_METHODS.get(receipt.method, receipt.method))))
    if receipt.rider:
        facts += [Fact(_("Rider"), receipt.rider), Fact(_("Run sheet"), receipt.run_number)]
    return Section(_("Money"), facts)


def _parcel(receipt: CodReceipt, tongue: Tongue) -> Section:
    _ = tongue.say
    facts = [
        Fact(_("CN"), receipt.cn, "mono"),
        Fact(_("Shipper"), receipt.shipper.name),
        Fact(_("Origin"), receipt.origin),
        Fact(_("Destination"), receipt.destination),
    ]
    if receipt.order_ref:
        facts.insert(1, Fact(_("Order ref"), receipt.order_ref))
    if receipt.consignee:
        facts.append(Fact(_("Consignee"), receipt.consignee))
    return Section(_("Parcel"), facts)
