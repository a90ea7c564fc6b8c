"""Booking by the API, through the web server with one worker. ``python -m bench.api``.

The figure is a call with a key, each another parcel, over 8 keep-alive connections: key, limit, JSON, checks, price,
number, charge, event, fact, commit. The floor is the one of ``bench.book``: one bare insert with its commit through the
same server. The notes tell what else a programme asks, and what reading into types costs beside bare ``json``.
"""

import json
import os
import random
import sys
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from statistics import median
from time import perf_counter
from typing import Final

from bench import book, database, load
from bench.harness import compare

BOOKINGS: Final = 400
CONNECTIONS: Final = 8
LIST: Final = 100
TARGET: Final = 150
RATIO_MAX: Final = 60.0
_CITIES: Final = ("Lahore", "khi", "Multan", "Peshawar", "Quetta", "Faisalabad", "Sialkot", "Sukkur")


def key() -> str:
    """A key with every scope, made by the shipper's owner."""
    from django.utils import timezone

    from icargos.accounts import actions
    from icargos.ground.tenancy import acting
    from tests import cast

    owner = cast.read().actor("ayesha")
    with acting(owner):
        return actions.create_key(owner, name="Bench", scopes=["book", "track", "rates"], now=timezone.now()).token


def order(number: int, pick: random.Random) -> dict[str, object]:
    """Another order each time."""
    return {
        "profile_id": "4102",
        "service": "overnight",
        "order_ref": f"A-{number}",
        "consignee": {
            "name": "Hina Yousaf",
            "phone": f"0301-{pick.randint(1_000_000, 9_999_999)}",
            "address": f"House {number}, Street 4, Model Town",
            "city": pick.choice(_CITIES),
        },
        "pieces": 1,
        "weight_kg": 0.8,
        "cod_amount": pick.randint(500, 9000),
        "product": "Lawn suit 3 pc",
    }


def call(token: str, where: str, body: object = None, *, once: str = "") -> bytes:
    """One request; a GET without a body."""
    sent = b"" if body is None else json.dumps(body).encode()
    head = f"{'GET' if body is None else 'POST'} /api/v1/{where} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    head += f"Authorization: Bearer {token}\r\n"
    if once:
        head += f"Idempotency-Key: {once}\r\n"
    if body is not None:
        head += f"Content-Type: application/json\r\nContent-Length: {len(sent)}\r\n"
    return f"{head}\r\n".encode() + sent


def bookings(token: str, amount: int, serial: Iterator[int]) -> list[bytes]:
    """Calls that book one parcel each, with an Idempotency-Key as programmes should."""
    pick = random.Random(amount)
    return [
        call(token, "bookings", order(n, pick), once=f"bench-{n}") for n, _ in zip(serial, range(amount), strict=False)
    ]


def lists(token: str, amount: int, serial: Iterator[int]) -> list[bytes]:
    """Calls that book a hundred parcels each."""
    pick = random.Random(amount)
    return [call(token, "bookings", [order(next(serial), pick) for _ in range(LIST)]) for _ in range(amount)]


def _per_second(act: Callable[[], object], amount: int) -> str:
    began = perf_counter()
    act()
    return f"{amount / (perf_counter() - began):,.0f}/s"


def _reading() -> Mapping[str, object]:
    """Microseconds for one body: read into types and checked, and read into bare dictionaries."""
    import msgspec

    from icargos.shapes import v1

    body = json.dumps(order(1, random.Random(1))).encode()
    decode = msgspec.json.Decoder(v1.Bookings).decode
    times = {}
    for name, read in (("typed (msgspec)", decode), ("bare json.loads", json.loads)):
        began = perf_counter()
        for _ in range(20_000):
            read(body)
        times[f"body read, {name}"] = f"{(perf_counter() - began) / 20_000 * 1e6:.1f} us"
    return times


def main() -> int:
    """Measure; the exit status is 1 when the ratio is over its limit."""
    os.environ["ICARGOS_API_PER_MINUTE"] = "10000000"
    with database.fresh() as home:
        book.prepare(home)
        token = key()
        serial = count(1)
        with book.server(home / "web.log") as port:
            floor = ["/floor"] * BOOKINGS
            load.send(port, bookings(token, 200, serial), connections=1, status=201)
            book.prepare(home)

            def run() -> None:
                load.send(port, bookings(token, BOOKINGS, serial), connections=CONNECTIONS, status=201)

            def notes() -> Mapping[str, object]:
                alone = load.send(port, bookings(token, 200, serial), connections=1, status=201)
                many = lists(token, 20, serial)
                cn = _a_number()
                track = [call(token, f"tracking/{cn}")] * 1000
                rates = [call(token, "rates", {"city": "Lahore", "weight_kg": 1.3, "cod_amount": 4500})] * 1000
                one = [call(token, "rates", {"city": "Lahore", "weight_kg": 1.3, "service": "overnight"})] * 1000
                eight = {"connections": CONNECTIONS}
                return {
                    "one at a time, p50": f"{median(alone) * 1000:.1f} ms",
                    "one at a time, p95": f"{sorted(alone)[len(alone) * 95 // 100] * 1000:.1f} ms",
                    "lists of 100": _per_second(lambda: load.send(port, many, status=201, **eight), LIST * len(many)),
                    "tracking": _per_second(lambda: load.send(port, track, status=200, **eight), len(track)),
                    "rates, every service": _per_second(
                        lambda: load.send(port, rates, status=200, **eight), len(rates)
                    ),
                    "rates, one service": _per_second(lambda: load.send(port, one, status=200, **eight), len(one)),
                    **_reading(),
                }

            status = compare(
                "api",
                run,
                lambda: load.get(port, floor, connections=CONNECTIONS),
                ratio_max=RATIO_MAX,
                unit="bookings",
                amount=BOOKINGS,
                target=TARGET,
                notes=notes,
            )
    os.environ.pop("DATABASE_URL", None)
    return status


def _a_number() -> str:
    """The number of a parcel that was booked."""
    from icargos.consignments import queries
    from icargos.ground.tenancy import acting
    from tests import cast

    owner = cast.read().actor("ayesha")
    with acting(owner):
        return queries.page(owner, queries.Filters(), size=1).rows[0].cn


if __name__ == "__main__":
    sys.exit(main())
