"""What may be asked of a print of labels, and in which order they come."""

from collections.abc import Sequence
from typing import Final, Protocol, TypeVar

import msgspec

MOST_LABELS: Final = 1000
MOST_PAGES: Final = 2000  # a parcel may have 99 pieces, each with a label of its own
AT_ONCE: Final = 200  # pages that are made while the person waits; more are made by the worker, with progress
SORTINGS: Final = ("listed", "destination")
TWICE_SECONDS: Final = 5  # the same print asked again so soon is a double click
KEPT_HOURS: Final = 24


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """How labels are to be printed. ``form`` is a code of ``paper.formats``; ``start`` places of the first sheet stay
    empty, which are used already."""

    form: str = "4x6"
    sorting: str = "listed"
    mask_phone: bool = False
    hide_product: bool = False
    start: int = 0


class Going(Protocol):
    """A parcel on its way somewhere."""

    @property
    def sort_code(self) -> str: ...
    @property
    def destination(self) -> str: ...


_Going = TypeVar("_Going", bound=Going)


def sorted_as(parcels: Sequence[_Going], sorting: str) -> list[_Going]:
    """The parcels as listed, or by where they go: station and route, then city, each as listed within."""
    if sorting != "destination":
        return list(parcels)
    return sorted(parcels, key=lambda parcel: (parcel.sort_code or parcel.destination, parcel.destination))


def masked(shown: str) -> str:
    """A phone as people read it with its middle hidden: ``0301-4417208`` is ``0301-***7208``.

    The last four digits stay, by which the consignee is asked on the tracking page.
    """
    digits = sum(letter.isdigit() for letter in shown)
    hidden = range(min(4, max(0, digits - 4)), digits - 4)
    out = []
    seen = 0
    for letter in shown:
        if letter.isdigit():
            out.append("*" if seen in hidden else letter)
            seen += 1
        else:
            out.append(letter)
    return "".join(out)
