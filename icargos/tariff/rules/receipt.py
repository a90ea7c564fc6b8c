"""The receipt: every line of a price with its basis, rate and rule. Quote, invoice and dispute show the same."""

from collections.abc import Mapping
from types import MappingProxyType

import msgspec

from icargos.kit.texts import gettext_noop as _

LINE_LABEL: Mapping[str, str] = MappingProxyType(
    {
        "freight": _("Freight"),
        "return": _("Return"),
        "fuel": _("Fuel"),
        "handling": _("Cash handling"),
        "insurance": _("Insurance"),
        "osa": _("Out of service area"),
        "fragile": _("Fragile"),
        "peak": _("Peak season"),
    }
)


class Line(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One line: ``basis`` says what was counted, ``rate`` at how much, ``rule`` by which row or flag.

    Stored as an array in the order of the fields: a receipt is written with every booking.
    """

    code: str
    label: str
    basis: str
    rate: str
    amount_paisa: int
    rule: str


class Receipt(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a parcel costs and what its shipper receives. Stored whole with the booking.

    ``charges_paisa`` includes ``tax_paisa``. ``payable_paisa`` = COD - charges - withholding: "You receive"
    (negative: the shipper owes it). ``return_payable_paisa`` is the same figure should the parcel come back.
    """

    card: str
    card_version: int
    service: str
    zone: str
    actual_g: int
    volumetric_g: int
    charged_g: int
    lines: tuple[Line, ...]
    taxable_paisa: int
    tax_paisa: int
    charges_paisa: int
    cod_paisa: int
    payable_paisa: int
    withheld: tuple[Line, ...] = ()
    withholding_paisa: int = 0
    return_payable_paisa: int = 0
    returned: bool = False

    def to_json(self) -> bytes:
        """The stored form, compact."""
        return _ENCODER.encode(self)


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Receipt)


def read_receipt(body: bytes | str | Mapping[str, object]) -> Receipt:
    """A receipt from its stored form, as text or already parsed. Raises msgspec.ValidationError."""
    if isinstance(body, (bytes, str)):
        return _DECODER.decode(body)
    return msgspec.convert(body, Receipt)
