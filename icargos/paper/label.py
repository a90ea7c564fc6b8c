"""What is written on one label: every text already decided by the caller."""

from datetime import date
from typing import Final

import msgspec

from icargos.kit.cn import piece_code
from icargos.paper.codes import is_code128

PROOFS: Final = ("none", "signature", "photo", "code")
_PNG: Final = b"\x89PNG\r\n\x1a\n"


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """One airway bill for one piece. Texts are printed as they stand, never read as markup.

    ``cod_rupees`` is whole rupees, 0 = prepaid; ``weight_g`` grams; sizes cm, 0 = not given; phones in the form
    people read (``0301-4417208``); logos PNG bytes or empty; ``reprint`` 0 on the first print.
    Raises ValueError for what no label can say: see ``__post_init__``.
    """

    cn: str
    qr_url: str
    service: str
    sort_code: str
    courier_name: str
    shipper_name: str
    return_address: str
    destination_city: str
    consignee_name: str
    consignee_phone: str
    address: str
    cod_rupees: int
    weight_g: int
    booked_on: date
    pieces: int = 1
    piece: int = 1
    courier_phone: str = ""
    courier_logo: bytes = b""
    shipper_logo: bytes = b""
    shipper_phone: str = ""
    profile_code: str = ""
    origin_code: str = ""
    origin_city: str = ""
    destination_city_urdu: str = ""
    sort_note: str = ""
    landmark: str = ""
    length_cm: int = 0
    width_cm: int = 0
    height_cm: int = 0
    order_ref: str = ""
    product: str = ""
    remarks: str = ""
    fragile: bool = False
    allow_open: bool = False
    proof: str = "none"
    reprint: int = 0

    @property
    def piece_code(self) -> str:
        """This piece's own number: ``IC473124829-02/03``."""
        return piece_code(self.cn, self.piece, self.pieces)

    def __post_init__(self) -> None:
        """Refuse a CN that is not 4 to 20 printable ASCII characters, a QR text over 150 characters or not ASCII, an
        amount, weight or count out of its range, an unknown proof, a logo that is not PNG."""
        if not (4 <= len(self.cn) <= 20 and is_code128(self.cn)):
            raise ValueError(f"cn: 4 to 20 printable ASCII characters, not {self.cn!r}")
        if not (1 <= len(self.qr_url) <= 150 and self.qr_url.isascii()):
            raise ValueError("qr_url: 1 to 150 ASCII characters")
        if not 0 <= self.cod_rupees < 100_000_000:
            raise ValueError("cod_rupees: 0 to 99,999,999")
        if not 1 <= self.piece <= self.pieces <= 99:
            raise ValueError("piece: 1 to pieces, and pieces 1 to 99")
        if self.weight_g <= 0 or self.reprint < 0 or min(self.length_cm, self.width_cm, self.height_cm) < 0:
            raise ValueError("weight_g must be positive; reprint and sizes never negative")
        if self.proof not in PROOFS:
            raise ValueError(f"proof: one of {', '.join(PROOFS)}")
        if any(logo and not logo.startswith(_PNG) for logo in (self.courier_logo, self.shipper_logo)):
            raise ValueError("a logo must be a PNG image")
