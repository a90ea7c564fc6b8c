"""The kit of every paper on A4: a page frame with whose it is, what opens it, and a record of blocks.

A paper says what it holds (``Document``) in facts, tables and pictures; how they are set is the same for all of them.
Texts are printed as they stand, never read as markup; each reads from the side its own first letter does.
"""

import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Final, Literal

import msgspec

from icargos.paper import codes
from icargos.paper.marks import icon, strokes
from icargos.paper.pictures import fitted
from icargos.paper.sheet import clean, is_urdu
from icargos.paper.typesetting import typeset

Face = Literal["plain", "strong", "mono"]

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_LONGEST_LINK: Final = 150
# The value of a fact holds 16 letters on one line, however wide they are: longer runs may break after each six.
_LONG_RUN: Final = re.compile(r"[!-~]{17,}")
# A column that shares the width may hold nine: numbers break there too, words of a language do not.
_LONG_NUMBER: Final = re.compile(r"(?<![!-~])(?=[!-~]*[0-9])[!-~]{9,}")
_SIX: Final = re.compile(r"[!-~]{6}(?=[!-~])")
_SIDE_BY_SIDE: Final = {1: 2, 2: 2, 3: 3, 4: 4}  # so many pictures in one row; of more, three and three
_LONG: Final = 250  # rows that are set in the asking process
_HEIGHT: Final = 152  # points: in a row of four, the shape of a phone's photo
_MODULE: Final = 0.85  # points, 0.3 mm: what the scanners of a station read from any printer
_BARS: Final = 26  # modules high


class Party(msgspec.Struct, frozen=True):
    """Who stands at the head of a paper; ``note`` is a phone or an account number, ``logo`` PNG bytes or empty."""

    name: str
    note: str = ""
    logo: bytes = b""


class Fact(msgspec.Struct, frozen=True):
    """One line: what it is, and what it says."""

    label: str
    value: str
    face: Face = "plain"


class Section(msgspec.Struct, frozen=True):
    """Facts under one heading."""

    title: str
    facts: Sequence[Fact]


class Facts(msgspec.Struct, frozen=True):
    """Sections below one another, in as many columns as are given."""

    columns: Sequence[Sequence[Section]]


class Column(msgspec.Struct, frozen=True):
    """One column of a table: ``share`` of the width that is left, 0 = as wide as its longest text needs."""

    title: str
    share: float = 1
    side: Literal["start", "end"] = "start"
    face: Face = "plain"


class Code(msgspec.Struct, frozen=True):
    """A cell with a Code 128 that a station's scanner reads, and its text below; printable ASCII only."""

    text: str


Cell = str | Code | tuple[str, ...]


class Table(msgspec.Struct, frozen=True):
    """Rows under a header that comes again on each page; ``totals`` is a last row in strong letters.

    A cell of several texts has them below one another, the first in strong letters; none of its lines is torn off.

    ``written`` gives each row the height that a hand needs.
    """

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    totals: Sequence[str] = ()
    written: bool = False


class Picture(msgspec.Struct, frozen=True):
    """A JPEG or PNG with its caption; where there are no bytes, or none that can be read, ``missing`` says so."""

    title: str
    data: bytes
    missing: str
    text: str = ""


class Pictures(msgspec.Struct, frozen=True):
    """Pictures side by side, each shown whole."""

    title: str
    items: Sequence[Picture]


class Signing(msgspec.Struct, frozen=True):
    """People side by side, each by what they do here, with the same lines to write on; never torn between pages."""

    people: Sequence[str]
    lines: Sequence[str]


Block = Facts | Table | Pictures | Signing


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """One paper. ``name`` and ``number`` say which, ``headline``, ``lead`` and ``under`` what it comes to.

    ``link`` is what the QR opens ("" = none), ``link_says`` what a scan tells. At the foot of each page stand
    ``record``, which ties the pages to our books, ``foot``, and ``paging``, in which {page} and {pages} are filled in.
    ``brand`` is hue and chroma of the courier's colour, ``wide`` lays the paper on its side. Raises ValueError for a
    link over 150 characters or not ASCII, a row that does not fit its table, a logo that is not PNG.
    """

    name: str
    number: str
    headline: str
    courier: Party
    blocks: Sequence[Block]
    shipper: Party = Party("")
    lead: str = ""
    under: str = ""
    link: str = ""
    link_says: str = ""
    record: Fact | None = None
    foot: str = ""
    paging: str = "Page {page} of {pages}"
    brand: tuple[float, float] = (184, 0.075)
    from_right: bool = False
    wide: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be set; see the class."""
        if len(self.link) > _LONGEST_LINK or not self.link.isascii():
            raise ValueError(f"link: at most {_LONGEST_LINK} ASCII characters")
        if any(party.logo and not party.logo.startswith(_PNG) for party in (self.courier, self.shipper)):
            raise ValueError("a logo must be a PNG image")
        for block in self.blocks:
            if isinstance(block, Table):
                widths = {len(row) for row in (*block.rows, block.totals) if row}
                if widths - {len(block.columns)}:
                    raise ValueError(f"each row of “{block.title}” needs {len(block.columns)} cells")


def document_pdf(paper: Document) -> bytes:
    """The paper as one PDF on A4, as many pages as it takes.

    Over 250 rows it is set in a process of its own, and not tagged for screen readers. Raises FontsMissing when the
    fonts were not built, PressFailed for a logo that cannot be read.
    """
    files: dict[str, bytes] = {}

    def keep(data: bytes) -> str:
        if not data:
            return ""
        name = sha256(data).hexdigest()[:32]
        files[name] = data
        return name

    def party(who: Party) -> dict[str, object]:
        return {"name": _said(who.name), "note": _said(who.note), "logo": keep(who.logo)}

    def framed(picture: Picture) -> dict[str, object]:
        file = keep(fitted(picture.data)) if picture.data else ""
        texts = {name: _said(getattr(picture, name)) for name in ("title", "text", "missing")}
        return {**texts, "file": file}

    def blocks() -> Iterator[dict[str, object]]:
        for block in paper.blocks:
            if isinstance(block, Facts):
                yield {"kind": "facts", "columns": [[_section(one) for one in column] for column in block.columns]}
            elif isinstance(block, Table):
                yield _table(block)
            elif isinstance(block, Signing):
                people, lines = ([_said(one) for one in words] for words in (block.people, block.lines))
                yield {"kind": "signing", "people": people, "lines": lines}
            elif block.items:
                shape = {"across": _SIDE_BY_SIDE.get(len(block.items), 3), "height": _HEIGHT}
                shown = [framed(one) for one in block.items]
                yield {"kind": "pictures", "title": _said(block.title), "items": shown, **shape}

    said = ("name", "headline", "lead", "under", "foot", "paging")
    job = {
        "title": f"{clean(paper.name)} {clean(paper.number)}",
        "number": clean(paper.number),
        "brand": paper.brand,
        "from_right": paper.from_right,
        "wide": paper.wide,
        "courier": party(paper.courier),
        "shipper": party(paper.shipper),
        "mark": _svg(24, icon("route", 0, 0, 24, white=True)),
        "code": _qr(paper.link) if paper.link else "",
        "code_says": _said(paper.link_says),
        "record": _fact(paper.record) if paper.record else None,
        "blocks": list(blocks()),
        **{name: _said(getattr(paper, name)) for name in said},
    }
    rows = sum(len(block.rows) for block in paper.blocks if isinstance(block, Table))
    return typeset(job, files, long=rows > _LONG)


def _said(text: str, *, narrow: bool = False) -> tuple[str, bool]:
    """A text as the template reads it, with places to break, and whether it reads from the right."""
    plain = clean(text)
    broken = _LONG_RUN.sub(_breaking, plain)
    return _LONG_NUMBER.sub(_breaking, broken) if narrow else broken, is_urdu(plain)


def _breaking(run: re.Match[str]) -> str:
    return _SIX.sub("\\g<0>\u200b", run[0])


def _fact(fact: Fact) -> dict[str, object]:
    return {"label": _said(fact.label), "value": _said(fact.value), "face": fact.face}


def _section(section: Section) -> dict[str, object]:
    return {"title": _said(section.title), "facts": [_fact(one) for one in section.facts]}


def _table(table: Table) -> dict[str, object]:
    return {
        "kind": "table",
        "title": _said(table.title),
        "columns": [
            {"title": _said(one.title), "share": one.share, "side": one.side, "face": one.face}
            for one in table.columns
        ],
        "rows": [[_cell(*pair) for pair in zip(row, table.columns, strict=True)] for row in table.rows],
        "totals": [_said(cell) for cell in table.totals],
        "written": table.written,
    }  # fmt: skip


def _cell(cell: Cell, column: Column) -> object:
    """A plain text stays as small as it is: there may be tens of thousands."""
    if isinstance(cell, str):
        return _said(cell, narrow=column.share > 0)
    if isinstance(cell, Code):
        widths = codes.code128(cell.text)
        modules = sum(map(int, widths))
        bars = _svg(modules, strokes(codes.bars_path(widths, _BARS), 0, 0, 1, _BARS), _BARS)
        return {"bars": bars, "width": modules * _MODULE, "lines": [_said(cell.text)]}
    return {"lines": [_said(line) for line in cell if line]}


def _svg(width: int, inside: str, height: int = 0) -> str:
    high = height or width
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {high}" width="{width}" height="{high}">'
    return f"{head}{inside}</svg>"


def _qr(link: str) -> str:
    rows = codes.qr(link)
    return _svg(len(rows), strokes(codes.rows_path(rows), 0, 0, 1, 1.02))
