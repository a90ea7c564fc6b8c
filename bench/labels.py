"""1,000 distinct labels, Urdu on a third of them, as one PDF; beside it their codes on empty pages; other formats.

Run as ``python -m bench.labels``. The floor goes the same way (as many processes, the same engine, the same binding),
but its pages hold nothing: what is left is encoding, starting processes and making a page.
"""

import random
import resource
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

import msgspec

from bench.harness import compare
from icargos.paper import codes
from icargos.paper.formats import FIRST, FORMATS
from icargos.paper.label import Label
from icargos.paper.labels import print_labels
from icargos.paper.pdf import bind
from icargos.paper.press import press

COUNT: Final = 1_000
WORKERS: Final = 2
RATIO_MAX: Final = 8.0
_NAMES: Final = ("Hina Yousaf", "Ali Raza", "Muhammad Usman Tariq", "Ayesha Siddiqui", "Bilal Ahmed Khan", "Sana Mir")
_URDU_NAMES: Final = ("حنا یوسف", "محمد علی رضا", "عائشہ صدیقہ", "بلال احمد خان", "ثنا میر")
_AREAS: Final = ("Gulberg III", "DHA Phase 6", "Model Town", "F-10 Markaz", "Saddar", "North Nazimabad Block H")
_URDU_AREAS: Final = ("گلبرگ", "ماڈل ٹاؤن", "اسلام پورہ", "صدر بازار")
_CITIES: Final = (("Lahore", "لاہور", "LHE-07"), ("Karachi", "کراچی", "KHI-12"), ("Islamabad", "اسلام آباد", "ISB-03"))


def made_up(count: int = COUNT) -> list[Label]:
    """Distinct labels of the usual kinds; every third has its name, address and landmark in Urdu."""
    draw = random.Random(7)
    labels = []
    for n in range(count):
        urdu = n % 3 == 0
        city, city_urdu, sort_code = draw.choice(_CITIES)
        if urdu:
            name = f"{draw.choice(_URDU_NAMES)} {draw.choice(_URDU_NAMES)}"
            address = f"مکان نمبر {draw.randrange(900)}، گلی نمبر {draw.randrange(90)}، {draw.choice(_URDU_AREAS)}"
            address += "، نزد جامع مسجد"
            landmark = f"دکان نمبر {draw.randrange(99)} کے سامنے"
        else:
            name = f"{draw.choice(_NAMES)} {draw.randrange(99)}"
            address = f"House {draw.randrange(900)}, Street {draw.randrange(90)}, {draw.choice(_AREAS)}"
            address += ", second floor, near the old post office and the bakery" if n % 5 == 0 else ""
            landmark = f"opposite shop {draw.randrange(999)}"
        labels.append(
            Label(
                cn=f"IC{draw.randrange(10**8):08d}{n % 10}",
                qr_url=f"https://portal.safar.example/q/{draw.getrandbits(88):022x}",
                service=draw.choice(("Overnight", "Second Day", "Overland")),
                sort_code=sort_code,
                courier_name="Safar Courier",
                courier_phone="021 111 723 270",
                shipper_name="Zarqa Textiles",
                shipper_phone="0300-8224417",
                profile_code="4102",
                return_address="Plot C-18, SITE Area, Karachi",
                origin_code="KHI",
                origin_city="Karachi",
                destination_city=city,
                destination_city_urdu=city_urdu,
                consignee_name=name,
                consignee_phone=f"03{draw.randrange(10, 50)}-{draw.randrange(10**7):07d}",
                address=address,
                landmark=landmark,
                cod_rupees=draw.randrange(20_000) if n % 10 else 0,
                weight_g=draw.randrange(100, 9_000),
                booked_on=date(2026, 11, 1) + timedelta(days=n % 20),
                order_ref=f"ZT-{10_000 + n}",
                product=f"Lawn suit {draw.randrange(5_000)}, 3 pc",
                remarks=draw.choice(("Call before coming.", "", "Leave it with the guard.")),
                fragile=n % 4 == 0,
                proof=draw.choice(("none", "code", "photo", "signature")),
            )
        )
    return labels


def empty_pages(labels: Sequence[Label]) -> bytes:
    """Every code of the labels encoded, and an empty page for each."""
    for label in labels:
        codes.code128(label.cn)
        codes.qr(label.qr_url)
        codes.code128(label.order_ref)
    blank: dict[str, object] = {"drawings": [], "texts": [], "flows": [], "logos": []}
    return press([blank] * len(labels), width=FIRST.label[0], height=FIRST.label[1], title="Floor", logos={})


def floor(labels: Sequence[Label]) -> bytes:
    """The empty pages by as many processes as the labels have."""
    size = -(-len(labels) // WORKERS)

    def elsewhere(chunk: Sequence[Label]) -> bytes:
        return subprocess.run(
            [sys.executable, "-m", "bench.labels", "floor"],
            input=msgspec.msgpack.encode(chunk),
            stdout=subprocess.PIPE,
            cwd=Path(__file__).resolve().parents[1],
            check=True,
        ).stdout

    with ThreadPoolExecutor(WORKERS) as threads:
        return bind(list(threads.map(elsewhere, [labels[n : n + size] for n in range(0, len(labels), size)])))


def _singles(labels: Sequence[Label]) -> float:
    """Median milliseconds of one label in a warm process."""
    times = []
    for label in labels[:21]:
        start = perf_counter()
        print_labels([label])
        times.append((perf_counter() - start) * 1000)
    return median(times)


def _others(labels: Sequence[Label]) -> dict[str, object]:
    """Labels a second in each other format, from the median of three, and megabytes of the file."""
    found: dict[str, object] = {}
    for code, form in FORMATS.items():
        if form is FIRST:
            continue
        times = []
        for _ in range(3):
            start = perf_counter()
            size = len(print_labels(labels, form, workers=WORKERS))
            times.append(perf_counter() - start)
        found[code] = f"{len(labels) / median(times):,.0f}/s, {size / 1e6:.1f} MB"
    return found


def main() -> int:
    """Measure, and return the exit status."""
    labels = made_up()

    def memory() -> int:
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        return round((own + WORKERS * child) / 1024)

    def notes() -> dict[str, object]:
        first = {"one_label_ms": round(_singles(labels), 1), "peak_memory_mb": memory()}
        return {**first, **_others(labels), "peak_memory_mb_of_all_formats": memory()}

    return compare(
        "labels",
        lambda: print_labels(labels, workers=WORKERS),
        lambda: floor(labels),
        ratio_max=RATIO_MAX,
        unit="labels",
        amount=COUNT,
        target=700,
        notes=notes,
    )


if __name__ == "__main__":
    if sys.argv[1:] == ["floor"]:
        sys.stdout.buffer.write(empty_pages(msgspec.msgpack.decode(sys.stdin.buffer.read(), type=list[Label])))
    else:
        sys.exit(main())
