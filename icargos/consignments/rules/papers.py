"""Papers that must come back signed when a parcel is delivered: a rider brings a photo of each.

A parcel keeps their codes in the order of the table, ``invoice,challan``; "" = none.
"""

from collections.abc import Iterable

from icargos.kit.texts import gettext_noop

PAPERS: dict[str, str] = {
    "invoice": gettext_noop("Signed invoice copy"),
    "challan": gettext_noop("Signed delivery challan"),
    "order": gettext_noop("Signed purchase order"),
    "receipt": gettext_noop("Goods received note"),
}


def asked(kept: str) -> tuple[str, ...]:
    """The codes of the papers that a parcel asks for."""
    return tuple(kept.split(",")) if kept else ()


def written(codes: Iterable[str]) -> str:
    """How the papers with these codes are kept; an unknown code is left out."""
    wanted = set(codes)
    return ",".join(code for code in PAPERS if code in wanted)
