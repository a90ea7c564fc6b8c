"""Reads of the tariff: the card that applies and a quoter for it."""

from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from icargos.kit.actor import Actor
from icargos.kit.errors import Refused
from icargos.tariff.models import RateCard, TaxRow, WithholdingRow
from icargos.tariff.rules import Card, Quoter, Tax, Withheld, Withholding, read_card

_KEPT = 64
# The shipper's own card comes before the one for all; among those the one that began last, then the newest version.
_WHICH = """
SELECT c.id, md5(c.body::text),
    (SELECT sum(hashtextextended(t::text, 0)) FROM tariff_taxrow t),
    (SELECT sum(hashtextextended(w::text, 0)) FROM tariff_withholdingrow w)
FROM tariff_ratecard c
WHERE (c.shipper_id = %s OR c.shipper_id IS NULL) AND c.valid_from <= %s AND coalesce(c.valid_to, 'infinity') >= %s
ORDER BY c.shipper_id IS NULL, c.valid_from DESC, c.version DESC, c.id DESC LIMIT 1
"""
_quoters: dict[tuple[object, ...], Quoter] = {}


class NoCard(Refused):
    """No rate card is in force, so nothing can be priced."""

    code = "no_rate_card"
    http_status = 409


def card_for(actor: Actor, on: date) -> Card:
    """The card that prices this actor's bookings on a local day; raises NoCard."""
    return quoter(actor, on).card


def quoter(actor: Actor, on: date, *, filer: bool = True) -> Quoter:
    """A quoter for the actor's bookings on a local day; ``filer``: the seller files tax returns. Raises NoCard.

    One short statement asks which card and tax rows apply; what they compile to is kept in the process.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WHICH, [actor.shipper_id, on, on])
        row = cursor.fetchone()
    if row is None:
        raise NoCard(_("No rate card is in force on this day. Ask your courier to publish one."))
    key = (*row, on, filer)
    known = _quoters.get(key)
    if known is None:
        card = read_card(RateCard.objects.values_list("body", flat=True).get(id=row[0]))
        known = Quoter(card, taxes(actor), withholding(actor), on=on, filer=filer)
        if len(_quoters) >= _KEPT:
            _quoters.clear()
        _quoters[key] = known
    return known


def taxes(actor: Actor) -> list[Tax]:
    """All sales tax rows, past and future."""
    rows = TaxRow.objects.order_by("province", "valid_from").values("province", "label", "bp", "valid_from", "valid_to")
    return [Tax(**row) for row in rows]


def withholding(actor: Actor) -> list[Withholding]:
    """All withholding rows, past and future."""
    rows = WithholdingRow.objects.order_by("kind", "valid_from")
    return [
        Withholding(
            kind=Withheld(row.kind),
            label=row.label,
            bp=row.bp,
            filer=row.filer,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
        for row in rows
    ]
