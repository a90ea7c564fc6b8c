"""Bind PDFs from our own press into one that prints at its true size."""

import re
from collections.abc import Sequence
from typing import Final

_REFERENCE: Final = re.compile(rb"(?<![\w.])(\d+) 0 R\b")
_START: Final = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")
_ROOT: Final = re.compile(rb"/Root (\d+) 0 R")
_INFO: Final = re.compile(rb"/Info (\d+) 0 R")
_PAGES: Final = re.compile(rb"/Pages (\d+) 0 R")
_COUNT: Final = re.compile(rb"/Count (\d+)")


class _Part:
    """One finished PDF taken apart: its objects' bodies by number, and which are the catalog and the page tree.

    Reads exactly what the press writes (PDF 1.7, one plain cross-reference table, no object streams, generation 0)
    and raises ValueError for anything else.
    """

    def __init__(self, data: bytes) -> None:
        start = _START.search(data, len(data) - 64)
        if start is None or data[int(start[1]) : int(start[1]) + 5] != b"xref\n":
            raise ValueError("not a PDF with one plain cross-reference table")
        xref = int(start[1])
        table, _, trailer = data[xref:].partition(b"trailer")
        entries = table.split(b"\n", 2)[2].split(b"\n")
        offsets = [(int(entry[:10]), number) for number, entry in enumerate(entries) if entry[17:18] == b"n"]
        offsets.sort()
        ends = [offset for offset, _ in offsets[1:]] + [xref]
        self.objects: dict[int, bytes] = {}
        for (offset, number), end in zip(offsets, ends, strict=True):
            head = b"%d 0 obj\n" % number
            if not data.startswith(head, offset):
                raise ValueError(f"object {number} is not where the table says")
            self.objects[number] = data[offset + len(head) : data.rindex(b"endobj", offset, end)].rstrip()
        self.size = len(entries)
        self.root = self._number(_ROOT, trailer)
        self.pages = self._number(_PAGES, self.objects[self.root])
        self.count = self._number(_COUNT, self.objects[self.pages])
        info = _INFO.search(trailer)
        self.info = int(info[1]) if info else 0

    @staticmethod
    def _number(pattern: re.Pattern[bytes], text: bytes) -> int:
        found = pattern.search(text)
        if found is None:
            raise ValueError(f"the PDF has no {pattern.pattern.decode()}")
        return int(found[1])


def _moved(body: bytes, by: int) -> bytes:
    """An object with its references moved by so many numbers; a stream's content is left alone."""
    head, stream, content = body.partition(b"stream\n")
    return _REFERENCE.sub(lambda found: b"%d 0 R" % (int(found[1]) + by), head) + stream + content


def bind(parts: Sequence[bytes]) -> bytes:
    """All pages of ``parts``, in order, as one PDF that asks its viewer for print scaling none.

    Raises ValueError for no part at all, or one that the press did not write.
    """
    if not parts:
        raise ValueError("nothing to bind")
    out = bytearray(b"%PDF-1.7\n%\x80\x80\x80\x80\n\n")
    offsets: dict[int, int] = {}
    kids: list[int] = []
    pages_in_all, shift, info = 0, 2, b""

    def put(number: int, body: bytes) -> None:
        offsets[number] = len(out)
        out.extend(b"%d 0 obj\n%b\nendobj\n" % (number, body))

    for data in parts:
        part = _Part(data)
        for number, body in part.objects.items():
            if number == part.root:
                continue
            moved = _moved(body, shift)
            if number == part.pages:
                moved = moved.replace(b"/Type/Pages", b"/Type/Pages/Parent 2 0 R", 1)
            put(number + shift, moved)
        kids.append(part.pages + shift)
        info = info or (b"/Info %d 0 R" % (part.info + shift) if part.info else b"")
        pages_in_all += part.count
        shift += part.size
    put(1, b"<</Type/Catalog/Pages 2 0 R/ViewerPreferences<</PrintScaling/None>>>>")
    put(2, b"<</Type/Pages/Count %d/Kids[%b]>>" % (pages_in_all, b" ".join(b"%d 0 R" % kid for kid in kids)))
    xref, size = len(out), max(offsets) + 1
    out += b"xref\n0 %d\n" % size
    rows = (
        b"%010d 00000 n \n" % offsets[number] if number in offsets else b"0000000000 65535 f \n"
        for number in range(size)
    )
    out += b"".join(rows)
    out += b"trailer\n<</Size %d/Root 1 0 R%b>>\nstartxref\n%d\n%%%%EOF\n" % (size, info, xref)
    return bytes(out)
