"""Documents that a shipper attaches to a parcel, and what a PDF must not be."""

import re
import zlib
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

import msgspec

from icargos.consignments.rules import Status
from icargos.kit.texts import gettext_noop

KINDS: Final[dict[str, str]] = {
    "invoice": gettext_noop("Invoice"),
    "challan": gettext_noop("Delivery challan"),
    "order": gettext_noop("Purchase order"),
    "other": gettext_noop("Other document"),
}
# Until the hand-over a document may be taken off again; afterwards it stays with its parcel.
NOT_HANDED_OVER: Final = frozenset({Status.NEW_BOOKED, Status.READY_FOR_PICKUP, Status.PICKUP_IN_PROGRESS})
MOST_BYTES: Final = 5 * 1024 * 1024
MOST_DOCUMENTS: Final = 10  # of one parcel
LONGEST_NAME: Final = 100

_MOST_UNPACKED = 16 * 1024 * 1024  # of all object streams of one PDF together
_BEGIN = re.compile(rb"(?<!end)stream\r?\n")
_HEAD = 2000  # bytes before a stream in which its dictionary stands
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
_END = rb"(?=[\x00\t\n\f\r ()<>\[\]{}/%]|$)"
_LOCKED = re.compile(rb"/Encrypt" + _END)
_ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch)" + _END)
_PACKED = re.compile(rb"/ObjStm" + _END)
_FILTERED = re.compile(rb"/(?:Filter|F)" + _END)
_DEFLATED = re.compile(rb"/(?:Filter|F)\s*\[?\s*/(?:FlateDecode|Fl)\s*(?:\]|/(?!\w*Decode)|>>|\s)")


class File(msgspec.Struct, frozen=True):
    """A document as it was sent: what it is said to be, its name there, its bytes."""

    kind: str
    name: str
    data: bytes


class PdfFault(StrEnum):
    """Why a PDF is not kept."""

    DAMAGED = "damaged"
    LOCKED = "locked"
    ACTIVE = "active"


def is_pdf(data: bytes) -> bool:
    """Whether the bytes say of themselves that they are a PDF."""
    return data.startswith(b"%PDF-")


def fault_in_pdf(data: bytes) -> PdfFault | None:
    """Why this PDF is not kept, as far as it can be told without drawing it: torn, encrypted, or with script in it.

    Names are looked for in the file's own words and in its packed objects, however they are spelt. What hides deeper
    is met by how the file is given out: never shown by us, and behind a policy that runs nothing.
    """
    if b"startxref" not in data[-2048:]:
        return PdfFault.DAMAGED
    for words in _words(data):
        if words is None:
            return PdfFault.DAMAGED
        if _LOCKED.search(words):
            return PdfFault.LOCKED
        if _ACTIVE.search(words):
            return PdfFault.ACTIVE
    return None


def _words(data: bytes) -> Iterator[bytes | None]:
    """What stands outside the streams, and inside those that hold objects; None for one that cannot be unpacked."""
    at, left = 0, _MOST_UNPACKED
    while at < len(data):
        begin = _BEGIN.search(data, at)
        if begin is None:
            yield _spelt(data[at:])
            return
        words = _spelt(data[at : begin.start()])
        yield words
        end = data.find(b"endstream", begin.end())
        end = len(data) if end < 0 else end
        head = words[-_HEAD:].rpartition(b"obj")[2]
        if _PACKED.search(head):
            inner = _unpacked(data[begin.end() : end], head, left)
            left -= len(inner or b"")
            yield inner if inner is None else _spelt(inner)
        at = end + len(b"endstream")


def _spelt(words: bytes) -> bytes:
    """The words with every ``#4a`` in a name as the letter it is."""
    return _HEX.sub(lambda found: bytes([int(found[1], 16)]), words) if b"#" in words else words


def _unpacked(packed: bytes, head: bytes, most: int) -> bytes | None:
    if not _FILTERED.search(head):
        return packed
    if not _DEFLATED.search(head):
        return None
    unpacker = zlib.decompressobj()
    try:
        words = unpacker.decompress(packed, max(1, most))
    except zlib.error:
        return None
    return None if unpacker.unconsumed_tail else words
