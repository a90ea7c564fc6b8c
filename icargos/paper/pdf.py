"""Bind PDFs from our own press into one that prints at its true size, a page each or several on one sheet."""

import re
from collections.abc import Sequence
from typing import Final

from icargos.paper.formats import Format

_REFERENCE: Final = re.compile(rb"(?<![\w.])(\d+) 0 R\b")
_START: Final = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")
_ROOT: Final = re.compile(rb"/Root (\d+) 0 R")
_INFO: Final = re.compile(rb"/Info (\d+) 0 R")
_PAGES: Final = re.compile(rb"/Pages (\d+) 0 R")
_COUNT: Final = re.compile(rb"/Count (\d+)")
_KIDS: Final = re.compile(rb"/Kids\[([^\]]*)\]")
_RESOURCES: Final = re.compile(rb"/Resources (\d+) 0 R")
_CONTENTS: Final = re.compile(rb"/Contents (\d+) 0 R")


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
        self.root = self.number(_ROOT, trailer)
        self.pages = self.number(_PAGES, self.objects[self.root])
        self.count = self.number(_COUNT, self.objects[self.pages])
        info = _INFO.search(trailer)
        self.info = int(info[1]) if info else 0

    def each_page(self) -> list[int]:
        """The numbers of the page objects, in order."""
        kids = _KIDS.search(self.objects[self.pages])
        found = [int(number) for number in re.findall(rb"(\d+) 0 R", kids[1])] if kids else []
        if len(found) != self.count:
            raise ValueError("the PDF's pages do not hang on one branch")
        return found

    @staticmethod
    def number(pattern: re.Pattern[bytes], text: bytes) -> int:
        found = pattern.search(text)
        if found is None:
            raise ValueError(f"the PDF has no {pattern.pattern.decode()}")
        return int(found[1])


def _moved(body: bytes, by: int) -> bytes:
    """An object with its references moved by so many numbers; a stream's content is left alone."""
    head, stream, content = body.partition(b"stream\n")
    return _REFERENCE.sub(lambda found: b"%d 0 R" % (int(found[1]) + by), head) + stream + content


class _Book:
    """A PDF being written: objects 1 (catalog) and 2 (page tree) come last."""

    def __init__(self) -> None:
        self.out = bytearray(b"%PDF-1.7\n%\x80\x80\x80\x80\n\n")
        self.offsets: dict[int, int] = {}
        self.kids: list[int] = []
        self.count = 0
        self.next = 3  # the first free number
        self.info = b""

    def put(self, number: int, body: bytes) -> None:
        self.offsets[number] = len(self.out)
        self.out += b"%d 0 obj\n%b\nendobj\n" % (number, body)

    def finish(self) -> bytes:
        kids = b" ".join(b"%d 0 R" % kid for kid in self.kids)
        self.put(1, b"<</Type/Catalog/Pages 2 0 R/ViewerPreferences<</PrintScaling/None>>>>")
        self.put(2, b"<</Type/Pages/Count %d/Kids[%b]>>" % (self.count, kids))
        xref, size = len(self.out), max(self.offsets) + 1
        self.out += b"xref\n0 %d\n" % size
        rows = (
            b"%010d 00000 n \n" % self.offsets[number] if number in self.offsets else b"0000000000 65535 f \n"
            for number in range(size)
        )
        self.out += b"".join(rows)
        self.out += b"trailer\n<</Size %d/Root 1 0 R%b>>\nstartxref\n%d\n%%%%EOF\n" % (size, self.info, xref)
        return bytes(self.out)


def bind(parts: Sequence[bytes], form: Format | None = None, *, start: int = 0) -> bytes:
    """All pages of ``parts``, in order, as one PDF that asks its viewer for print scaling none.

    With a ``form`` that has cells the pages are drawn into them, sheet after sheet; the first ``start`` cells of the
    first sheet stay empty. Raises ValueError for no part at all, or one that the press did not write.
    """
    if not parts:
        raise ValueError("nothing to bind")
    book = _Book()
    drawn: list[int] = []
    for data in parts:
        part = _Part(data)
        shift = book.next - 1
        pages = set(part.each_page()) if form is not None and form.cells else set()
        left_out = pages | {part.root} | ({part.pages} if pages else set())
        streams = {}
        for page in part.each_page() if pages else ():
            body = part.objects[page]
            streams[part.number(_CONTENTS, body)] = part.number(_RESOURCES, body) + shift
        for number, body in part.objects.items():
            if number in left_out:
                continue
            moved = _moved(body, shift)
            if number == part.pages:
                moved = moved.replace(b"/Type/Pages", b"/Type/Pages/Parent 2 0 R", 1)
            elif number in streams and form is not None:
                moved = moved.replace(b"<<", _FORM_HEAD % (*form.label, streams[number]), 1)
            book.put(number + shift, moved)
        if pages:
            drawn += [number + shift for number in streams]
        else:
            book.kids.append(part.pages + shift)
            book.count += part.count
        book.info = book.info or (b"/Info %d 0 R" % (part.info + shift) if part.info else b"")
        book.next += part.size
    if form is not None and form.cells:
        _lay_out(book, drawn, form, start)
    return book.finish()


_FORM_HEAD: Final = b"<</Type/XObject/Subtype/Form/BBox[0 0 %.3f %.3f]/Resources %d 0 R"


def _lay_out(book: _Book, drawn: Sequence[int], form: Format, start: int) -> None:
    """Sheets with the drawn pages in their cells, and dashed lines to cut along."""
    width, height = form.page
    places: list[int | None] = [*[None] * start, *drawn]
    size = len(form.cells)
    for first in range(0, len(places), size):
        shown = {place: number for place, number in enumerate(places[first : first + size]) if number is not None}
        lines = [_cuts(form)]
        for place in shown:
            x, y, turned = form.cells[place]
            across, down = form.label
            # Down from the top on paper is up from the foot in a PDF; a turn to the left swaps the label's sides.
            turn = b"0 1 -1 0 %.3f %.3f" % (x + down, height - y - across)
            matrix = turn if turned else b"1 0 0 1 %.3f %.3f" % (x, height - y - down)
            lines.append(b"q %b cm /L%d Do Q" % (matrix, place))
        content = b"\n".join(lines)
        names = b"".join(b"/L%d %d 0 R" % pair for pair in shown.items())
        page, stream = book.next, book.next + 1
        book.put(
            page,
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %.3f %.3f]/Resources<</XObject<<%b>>>>/Contents %d 0 R>>"
            % (width, height, names, stream),
        )
        book.put(stream, b"<</Length %d>>\nstream\n%b\nendstream" % (len(content), content))
        book.kids.append(page)
        book.count += 1
        book.next += 2


def _cuts(form: Format) -> bytes:
    """Dashed hairlines to cut along."""
    width, height = form.page
    drawn = [
        b"%.3f 0 m %.3f %.3f l S" % (x, x, height) if x else b"0 %.3f m %.3f %.3f l S" % (height - y, width, height - y)
        for x, y in form.cuts
    ]
    return b"q .4 w [2 3] 0 d .45 G %b Q" % b" ".join(drawn)
