"""The receipt: every line of a price with its basis, rate and rule. Quote, invoice and dispute show the same."""

import re
from collections.abc import Callable, Mapping
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


# What was counted, as sentences that are translated where they are shown. A line keeps the name of its sentence and
# what stands in the blanks, in their order here.
BASIS: Mapping[str, str] = MappingProxyType(
    {
        "half": _("0.5 kg at %(first)s"),
        "first": _("%(kg)s kg: first 0.5 at %(first)s + %(steps)s × %(step)s"),
        "kilo": _("%(kg)s kg: up to 1 at %(kilo)s"),
        "kilo_more": _("%(kg)s kg: up to 1 at %(kilo)s + %(steps)s × %(step)s"),
        "share": _("%(rate)s of %(amount)s"),
        "share_least": _("%(rate)s of %(amount)s, at least %(least)s"),
        "cod": _("%(rate)s of COD %(amount)s"),
        "season": _("%(season)s: %(rate)s of %(amount)s"),
        "remote": _("remote destination"),
        "careful": _("careful handling"),
    }
)
_BLANKS = {name: re.findall(r"%\((\w+)\)s", sentence) for name, sentence in BASIS.items()}
Basis = str | tuple[str, ...]


class Line(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One line: ``basis`` says what was counted, ``rate`` at how much, ``rule`` by which row or flag.

    ``basis`` is the name of a sentence in ``BASIS`` and what fills its blanks; ``counted`` says it. Receipts of the
    first days hold the English sentence itself. Stored as an array in the order of the fields: a receipt is written
    with every booking.
    """

    code: str
    label: str
    basis: Basis
    rate: str
    amount_paisa: int
    rule: str

    def counted(self, translate: Callable[[str], str] = str) -> str:
        """What was counted, in the reader's language; ``translate`` is gettext."""
        if isinstance(self.basis, str):
            return self.basis
        name, *given = self.basis
        return translate(BASIS[name]) % dict(zip(_BLANKS[name], given, strict=True))


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
