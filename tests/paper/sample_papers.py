"""Documents and proofs of delivery for the tests, and what is read back from their pages."""

import io
import random
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pypdfium2
from PIL import Image, ImageDraw
from pypdfium2 import raw

from icargos.paper.cod_receipt import CodReceipt
from icargos.paper.delivery_run import DeliveryRunPaper, DeliveryStop
from icargos.paper.document import Document, Fact, Facts, Party, Section
from icargos.paper.epod import Epod
from icargos.paper.load_sheet import LoadSheetLine, LoadSheetPaper
from icargos.paper.manifest import ManifestPaper, ManifestPaperLine
from icargos.paper.pickup_run import PickupRunPaper, PickupStop
from icargos.paper.statement import AccountLine, AccountPaper

KARACHI = timezone(timedelta(hours=5))
AT = datetime(2026, 11, 21, 14, 12, 5, tzinfo=KARACHI)
LINK = "https://portal.safar.example/p/IC473124829." + "A1b2C3d4-_" * 4 + "xyz"
HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
A4 = (595.28, 841.89)


def photo(width: int = 900, height: int = 1200, *, quality: int = 80, grain: int = 0) -> bytes:
    """A picture as the house keeps them; with ``grain`` as hard to compress as a photo of gravel."""
    plain = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    if grain:
        rough = Image.frombytes("RGB", (width, height), random.Random(grain).randbytes(width * height * 3))
        plain = Image.blend(plain, rough, 0.5)
    made = io.BytesIO()
    plain.save(made, "JPEG", quality=quality)
    return made.getvalue()


def signature() -> bytes:
    """A drawn line on white, as the house keeps signatures."""
    paper = Image.new("L", (600, 200), 255)
    line = [(60, 120), (140, 60), (170, 150), (240, 70), (300, 140), (420, 90), (540, 110)]
    ImageDraw.Draw(paper).line(line, fill=17, width=5)
    made = io.BytesIO()
    paper.save(made, "PNG")
    return made.getvalue()


def document(**changes: Any) -> Document:
    """A short paper with facts, some of it changed."""
    usual: dict[str, Any] = {
        "name": "Load sheet",
        "number": "LS-2611-0087",
        "headline": "162 parcels for Imran Ali",
        "courier": Party("Safar Courier", "021 111 723 270"),
        "shipper": Party("Zarqa Textiles", "KHI-00421"),
        "lead": "Handed over at SITE, Karachi.",
        "link": LINK,
        "link_says": "Scan to open this load sheet.",
        "record": Fact("Record", "9f86d081 884c7d65", "mono"),
        "foot": "Printed Sat 21 Nov 2026, 14:12.",
        "blocks": [Facts([[Section("Handed over", [Fact("Rider", "Imran Ali")])]])],
    }
    return Document(**(usual | changes))


def epod(**changes: Any) -> Epod:
    """A delivery with COD, a signature and one photo, some of it changed."""
    usual: dict[str, Any] = {
        "cn": "IC473124829",
        "link": LINK,
        "courier": Party("Safar Courier", "021 111 723 270"),
        "shipper": Party("Zarqa Textiles", "Shipper"),
        "order_ref": "ZT-10492",
        "service": "Second Day",
        "origin": "Karachi",
        "destination": "Lahore",
        "pieces": 3,
        "product": "Unstitched lawn suit, 3 pc",
        "consignee": "Hina Yousaf",
        "address": "House 14, Street 9, Gulberg III, Lahore",
        "receiver": "Bilal Yousaf",
        "relation": "Family",
        "proof_asked": "signature",
        "no_code_reason": "",
        "cod_expected_paisa": 645_000,
        "cod_collected_paisa": 645_000,
        "method": "cash",
        "lat": 31.5102,
        "lng": 74.3441,
        "accuracy_m": 6.4,
        "centre_m": 2412.0,
        "delivered_at": AT,
        "device_at": AT + timedelta(seconds=3),
        "received_at": AT + timedelta(seconds=9),
        "skew_s": 3,
        "offline": False,
        "rider": "Imran Ali",
        "device": "phone-7",
        "run_number": "DRS-261121-0007",
        "note": "Left at the blue gate",
        "sha256": HASH,
        "signature": signature(),
        "photos": [photo()],
        "visits": [],
        "printed_at": AT + timedelta(days=1),
        "printed_by": "Ayesha Khan",
    }
    return Epod(**(usual | changes))


def cod_receipt(**changes: Any) -> CodReceipt:
    """The receipt of Rs 6,450.50 in cash, some of it changed."""
    usual: dict[str, Any] = {
        "cn": "IC473124829",
        "link": LINK.replace("/p/", "/r/"),
        "courier": Party("Safar Courier", "021 111 723 270"),
        "shipper": Party("Zarqa Textiles", "Shipper"),
        "brand": (184, 0.075),
        "order_ref": "ZT-10492",
        "consignee": "Hina Yousaf",
        "origin": "Karachi",
        "destination": "Lahore",
        "amount_paisa": 645_050,
        "method": "cash",
        "collected_at": AT,
        "rider": "Imran Ali",
        "run_number": "DRS-261121-0007",
        "entry": 1482,
        "key": "cod:IC473124829",
        "printed_at": AT + timedelta(days=1),
        "printed_by": "Ayesha Khan",
    }
    return CodReceipt(**(usual | changes))


def line(place: int, **changes: Any) -> LoadSheetLine:
    """The parcel that stands at this place of a load sheet."""
    usual: dict[str, Any] = {
        "cn": f"IC{473000000 + place}",
        "order_ref": f"ZT-{place}",
        "consignee": "Hina Yousaf",
        "city": "Lahore",
        "pieces": 2,
        "weight_g": 1250,
        "cod_paisa": 245_000,
    }
    return LoadSheetLine(**(usual | changes))


def load_sheet(lines: Sequence[LoadSheetLine], **changes: Any) -> LoadSheetPaper:
    """A closed load sheet with these parcels."""
    usual: dict[str, Any] = {
        "number": "LS-2611-00042",
        "link": "https://portal.safar.example/ls/LS-2611-00042/",
        "courier": Party("Safar Courier", "021 111 723 270"),
        "shipper": Party("Zarqa Textiles", "Shipper"),
        "brand": (184, 0.075),
        "place": "Zarqa Outlet",
        "profile_code": "4102",
        "address": "Plot C-18, SITE Area",
        "city": "Karachi",
        "phone": "0300-8224417",
        "closed_at": AT,
        "closed_by": "Ayesha Khan",
        "pieces": sum(one.pieces for one in lines),
        "weight_g": sum(one.weight_g for one in lines),
        "cod_paisa": sum(one.cod_paisa for one in lines),
        "lines": lines,
        "printed_at": AT + timedelta(hours=1),
        "printed_by": "Bilal Raza",
    }
    return LoadSheetPaper(**(usual | changes))


def pickup_run(count: int = 2, **changes: Any) -> PickupRunPaper:
    """A rider's sheet with so many shippers to visit."""
    stops = [
        PickupStop(
            slot="09-12",
            number=f"PU-2611-{n:05d}",
            shipper=f"Shop {n}",
            address=f"Gate {n}, SITE Area, Karachi",
            phone=f"0300-{n:07d}",
            note="Ring twice" if n == 1 else "",
            expected=1000 + n,
            ready=n,
        )
        for n in range(1, count + 1)
    ]
    usual: dict[str, Any] = {
        "number": "PRS-261121-0001",
        "link": "https://portal.safar.example/prs/PRS-261121-0001/",
        "courier": Party("Safar Courier", "021 111 723 270"),
        "station": "Karachi Station",
        "brand": (184, 0.075),
        "day": date(2026, 11, 21),
        "rider": "Imran Ali",
        "stops": stops,
        "printed_at": AT,
        "printed_by": "Sadia Noor",
    }
    return PickupRunPaper(**(usual | changes))


def delivery_run(count: int = 2, **changes: Any) -> DeliveryRunPaper:
    """A rider's sheet with so many doors; the second is prepaid."""
    stops = [
        DeliveryStop(
            cn=f"IC{473000000 + n}",
            consignee=f"Hina Yousaf {n}",
            phone=f"0301-{n:07d}",
            address=f"House {n}, Gulgasht Colony",
            city="Multan",
            pieces=n % 3 + 1,
            cod_paisa=0 if n == 2 else 245_000,
            note="Fragile" if n == 1 else "",
        )
        for n in range(1, count + 1)
    ]
    usual: dict[str, Any] = {
        "number": "DRS-261121-0007",
        "link": "https://portal.safar.example/drs/DRS-261121-0007/",
        "courier": Party("Safar Courier", "021 111 723 270"),
        "station": "Multan Station",
        "brand": (184, 0.075),
        "day": date(2026, 11, 21),
        "left_at": AT,
        "rider": "Imran Ali",
        "stops": stops,
        "printed_at": AT,
        "printed_by": "Dawood Shah",
    }
    return DeliveryRunPaper(**(usual | changes))


def account_line(n: int, *, day: int = 21, **changes: Any) -> AccountLine:
    """The parcel of this number on a statement, delivered on a day of November."""
    usual: dict[str, Any] = {
        "day": date(2026, 11, day),
        "cn": f"IC{473000000 + n}",
        "order_ref": f"ZT-{n}",
        "booked": date(2026, 11, 20),
        "outcome": "",
        "ended": date(2026, 11, day),
        "destination": "Lahore",
        "consignee": "Hina Yousaf",
        "cod_paisa": 245_000,
        "charges_paisa": 25_000,
        "tax_paisa": 4_000,
        "withheld_paisa": 2_450,
        "net_paisa": 213_550,
        "balance_paisa": 10_050 + n * 245_000,
    }
    return AccountLine(**(usual | changes))


def account(count: int = 2, **changes: Any) -> AccountPaper:
    """A statement of November with so many parcels."""
    lines = changes.pop("lines", [account_line(n) for n in range(1, count + 1)])
    collected = sum(line.cod_paisa for line in lines)
    usual: dict[str, Any] = {
        "number": "SA-261101-261130",
        "link": "https://portal.safar.example/payments/?from=2026-11-01&to=2026-11-30",
        "courier": Party("Safar Courier", "021 111 723 270"),
        "shipper": Party("Zarqa Textiles", "Shipper"),
        "account_no": "KHI-00421",
        "brand": (184, 0.075),
        "since": date(2026, 11, 1),
        "until": date(2026, 11, 30),
        "running": False,
        "opening_paisa": 10_050,
        "collected_paisa": collected,
        "taken_back_paisa": 0,
        "closing_paisa": 10_050 + collected,
        "lines": lines,
        "printed_at": AT,
        "printed_by": "Farah Siddiqui",
    }
    return AccountPaper(**(usual | changes))


@contextmanager
def opened(made: bytes) -> Iterator[pypdfium2.PdfDocument]:
    """The PDF, closed at the end."""
    pages = pypdfium2.PdfDocument(made)
    try:
        yield pages
    finally:
        pages.close()


def texts(made: bytes) -> list[str]:
    """The text of each page, white space collapsed and places to break taken out."""
    with opened(made) as pages:
        read = [page.get_textpage().get_text_range() for page in pages]
    return [re.sub(r"\s+", " ", re.sub("[\u200b\ufffe]", "", text)) for text in read]


def text(made: bytes) -> str:
    """The text of all pages."""
    return " ".join(texts(made))


def shown(made: bytes, page: int = 0, *, dpi: float = 150) -> Image.Image:
    """A page as a printer sees it."""
    with opened(made) as pages:
        image: Image.Image = pages[page].render(scale=dpi / 72, grayscale=True).to_pil()
        return image


def pictures(made: bytes) -> list[list[tuple[int, int]]]:
    """The sizes in pixels of the pictures on each page; drawings are not among them."""
    with opened(made) as pages:
        return [
            [one.get_px_size() for one in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=9)]
            for page in pages
        ]


def darkest(image: Image.Image, left: float, top: float, right: float, bottom: float, *, across: float = A4[0]) -> int:
    """The darkest grey (0 to 255) inside a region given in points, of a page so many points across."""
    scale = image.width / across
    box = (round(left * scale), round(top * scale), min(round(right * scale), image.width))
    region = image.crop((*box, min(round(bottom * scale), image.height)))
    lowest, _highest = region.getextrema()
    assert isinstance(lowest, int)
    return lowest


def margins(made: bytes) -> list[int]:
    """The darkest grey in the four margins of each page: 255 where nothing leaves the page's frame."""
    found = []
    with opened(made) as pages:
        count = len(pages)
    for page in range(count):
        image = shown(made, page, dpi=72)
        strips: Sequence[tuple[float, float, float, float]] = (
            (0, 0, 40, A4[1]),
            (A4[0] - 40, 0, A4[0], A4[1]),
            (0, 0, A4[0], 18),
            (0, A4[1] - 14, A4[0], A4[1]),
        )
        found += [darkest(image, *strip) for strip in strips]
    return found


def manifest(states: Sequence[str] = ("listed", "listed"), **changes: Any) -> ManifestPaper:
    """A manifest from Karachi to Multan with a parcel of each of these states."""
    lines = [
        ManifestPaperLine(cn=f"IC{473000000 + n}", city="Multan", pieces=2, weight_g=1250, state=state)
        for n, state in enumerate(states, 1)
    ]
    listed = [line for line in lines if line.state not in ("excess", "misrouted")]
    usual: dict[str, Any] = {
        "number": "MF-2611-00042",
        "link": "https://portal.safar.example/desk/manifests/MF-2611-00042/",
        "courier": Party("Safar Courier", "021 111 723 270"),
        "brand": (184, 0.075),
        "origin": "Karachi Station",
        "destination": "Multan Station",
        "vehicle": "JX-4471",
        "driver": "Ghulam Rasool",
        "route": "N-55 by Sukkur",
        "seal": "S-90017",
        "bags": 3,
        "departed_at": AT,
        "departed_by": "Sadia Noor",
        "expected_at": AT + timedelta(hours=14),
        "arrived_at": None,
        "arrived_by": "",
        "pieces": sum(line.pieces for line in listed),
        "weight_g": sum(line.weight_g for line in listed),
        "lines": lines,
        "printed_at": AT + timedelta(minutes=5),
        "printed_by": "Sadia Noor",
    }
    return ManifestPaper(**(usual | changes))


def collisions(made: bytes) -> list[str]:
    """The letters of each page that stand on another one, two by two: none where every text keeps to its place."""
    found: list[str] = []
    with opened(made) as pages:
        for page in pages:
            read = page.get_textpage()
            every = [(read.get_charbox(n), read.get_text_range(n, 1)) for n in range(read.count_chars())]
            lines: dict[int, list[tuple[float, float, str]]] = {}
            for (left, bottom, right, _top), letter in every:
                if letter.isalnum() and right - left > 1:
                    lines.setdefault(round(bottom), []).append((left, right, letter))
            for line in lines.values():
                beside = zip(sorted(line), sorted(line)[1:], strict=False)
                found += [a[2] + b[2] for a, b in beside if b[0] < a[1] - 1.5 and a[0] < b[0]]
    return found
