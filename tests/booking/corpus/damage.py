"""Good files that were cut off, or in which bytes were changed on the way."""

import functools
import random
from collections.abc import Callable

from tests.booking.corpus.parts import (
    BOOK,
    HEADERS,
    LINKS,
    NO_HEADER,
    ORDER,
    READ,
    SHEET,
    STYLES,
    TEXTS,
    TOO_BIG,
    UNREADABLE,
    Hostile,
    book,
    good_parts,
    hostile,
    packed,
)
from tests.booking.files import old_excel

_ANY = (READ, UNREADABLE, NO_HEADER, TOO_BIG)


@functools.cache
def _new() -> bytes:
    return packed(good_parts())


@functools.cache
def _old() -> bytes:
    return old_excel([HEADERS, ORDER, ORDER])


def _cut(whole: Callable[[], bytes], share: float) -> Callable[[], bytes]:
    return lambda: whole()[: max(2, int(len(whole()) * share))]


def _changed(data: bytes, seed: int) -> bytes:
    """A few bytes changed, or a run of them, or one taken out or put in; the first eight stay."""
    pick = random.Random(seed)
    new = bytearray(data)
    for _ in range(pick.choice((1, 1, 2, 5, 20))):
        place = pick.randrange(8, len(new) - 1)
        match pick.randrange(5):
            case 0:
                new[place] ^= 1 << pick.randrange(8)
            case 1:
                new[place] = pick.randrange(256)
            case 2:
                new[place : place + pick.randrange(64)] = b""
            case 3:
                new[place:place] = pick.randbytes(pick.randrange(64))
            case _:
                run = min(pick.randrange(256), len(new) - place)
                new[place : place + run] = bytes(run)
    return bytes(new)


def _flipped(whole: Callable[[], bytes], seed: int) -> Callable[[], bytes]:
    return lambda: _changed(whole(), seed)


def _flipped_part(part: str, seed: int) -> Callable[[], bytes]:
    return lambda: book({part: _changed(good_parts()[part], seed)})


FILES: dict[str, Hostile] = {
    **{f"cut: xlsx after {n / 16:.1%}": hostile(_cut(_new, n / 16), UNREADABLE) for n in range(16)},
    **{f"cut: xls after {n / 12:.1%}": hostile(_cut(_old, n / 12), READ, UNREADABLE, NO_HEADER) for n in range(1, 12)},
    **{f"changed: xlsx {seed}": hostile(_flipped(_new, seed), *_ANY, "FILE_ENCRYPTED") for seed in range(14)},
    **{f"changed: xls {seed}": hostile(_flipped(_old, seed), *_ANY, "FILE_ENCRYPTED") for seed in range(14)},
    **{
        f"changed: {part} {seed}": hostile(_flipped_part(part, seed), *_ANY)
        for part in (SHEET, TEXTS, BOOK, LINKS, STYLES)
        for seed in range(4)
    },
}
