"""Proofs of delivery with a signature and photos, one after another as people ask for them; beside it an empty frame.

Run as ``python -m bench.papers``. Every proof and every photo is another, so that nothing is remembered from the last.
The floor is the same engine setting the page's frame and its QR, without facts and pictures.
"""

import io
import random
import resource
import sys
from datetime import datetime, timedelta, timezone
from statistics import median
from time import perf_counter
from typing import Final

from PIL import Image

from bench.harness import compare
from icargos.paper.document import Document, Party, document_pdf
from icargos.paper.epod import Epod, Visit, epod_pdf

COUNT: Final = 20
RATIO_MAX: Final = 12.0
_AT: Final = datetime(2026, 11, 21, 14, 12, 5, tzinfo=timezone(timedelta(hours=5)))
_DRAW: Final = random.Random(11)


def photo(width: int = 1200, height: int = 1600) -> bytes:
    """A photo as the house keeps them, about 300 KB, like no other."""
    grain = Image.frombytes("L", (width // 4, height // 4), _DRAW.randbytes(width * height // 16))
    plain = Image.linear_gradient("L").resize((width, height))
    made = io.BytesIO()
    Image.blend(plain, grain.resize((width, height)), 0.3).convert("RGB").save(made, "JPEG", quality=80)
    return made.getvalue()


def proof(photos: int) -> Epod:
    """A delivery of its own, its names in Urdu, after one visit that failed."""
    return Epod(
        cn=f"IC{_DRAW.randrange(10**9):09d}",
        link=f"https://portal.safar.example/p/IC473124829.{_DRAW.getrandbits(168):043x}",
        courier=Party("Safar Courier", "021 111 723 270"),
        shipper=Party("Zarqa Textiles", "Shipper"),
        order_ref=f"ZT-{_DRAW.randrange(10**6)}",
        service="Overnight",
        origin="Karachi",
        destination="Lahore",
        pieces=1,
        product="Lawn suit, 3 pc",
        consignee="حنا یوسف",
        address=f"مکان نمبر {_DRAW.randrange(900)}، گلی نمبر {_DRAW.randrange(90)}، اسلام پورہ، نزد جامع مسجد",
        receiver="محمد علی رضا",
        relation="Family",
        proof_asked="signature",
        no_code_reason="",
        cod_expected_paisa=645_000,
        cod_collected_paisa=645_000,
        method="cash",
        lat=31.5102,
        lng=74.3441,
        accuracy_m=6.0,
        centre_m=2412.0,
        delivered_at=_AT,
        device_at=_AT,
        received_at=_AT,
        skew_s=0,
        offline=False,
        rider="Imran Ali",
        device="phone-7",
        run_number="DRS-261121-0007",
        note="",
        sha256=f"{_DRAW.getrandbits(256):064x}",
        signature=_line(),
        photos=[photo() for _ in range(photos)],
        visits=[Visit(at=_AT, outcome="Premises closed", rider="Asif Mehmood")],
        printed_at=_AT,
        printed_by="Ayesha Khan",
    )


def _line() -> bytes:
    paper = Image.new("L", (600, 200), 255)
    for x in range(40, 560):
        paper.putpixel((x, 100 + _DRAW.randrange(9)), 0)
    made = io.BytesIO()
    paper.save(made, "PNG")
    return made.getvalue()


def _frame() -> bytes:
    link = f"https://portal.safar.example/p/IC473124829.{_DRAW.getrandbits(168):043x}"
    return document_pdf(
        Document(name="Floor", number=link[-9:], headline="Floor", courier=Party("Safar"), link=link, blocks=[])
    )


def _one(photos: int) -> dict[str, object]:
    """Median milliseconds and kilobytes of one proof in a warm process."""
    times, sizes = [], []
    for asked in [proof(photos) for _ in range(11)]:
        start = perf_counter()
        made = epod_pdf(asked)
        times.append((perf_counter() - start) * 1000)
        sizes.append(len(made) / 1024)
    return {"ms": round(median(times), 1), "kb": round(median(sizes))}


def main() -> int:
    """Measure, and return the exit status."""
    turns = [iter([proof(1) for _ in range(COUNT)]) for _ in range(6)]

    def figure() -> None:
        for asked in turns.pop():
            epod_pdf(asked)

    def notes() -> dict[str, object]:
        each = {f"one_with_{n}_photos": _one(n) for n in (0, 1, 3, 5)}
        return each | {"peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)}

    return compare(
        "papers",
        figure,
        lambda: [_frame() for _ in range(COUNT)],
        ratio_max=RATIO_MAX,
        unit="proofs",
        amount=COUNT,
        target=1000 / 150,
        notes=notes,
    )


if __name__ == "__main__":
    sys.exit(main())
