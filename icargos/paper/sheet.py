"""One page being set: texts that fit by rule, and one drawing under them. Points, from the top left corner."""

import re
import unicodedata
from collections.abc import Sequence
from math import ceil, inf
from typing import Final, Literal, NamedTuple

from icargos.paper import marks
from icargos.paper.codes import bars_path, rows_path
from icargos.paper.faces import cut_to, width_em

Anchor = Literal["left", "right", "center"]

DOT: Final = 72 / 203.2  # one dot of a thermal head, 8 to the millimetre

_CONTROLS: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u206f\ufeff\ufff0-\ufffb\ud800-\udfff]")
_PICTURES: Final = re.compile("[\u2600-\u27bf\ufe0f\u20e3\U0001f000-\U0001faff\U000e0000-\U000e007f]")
_LONG_RUN: Final = re.compile(r"[!-~]{25,}")
_SIX: Final = re.compile(r"[!-~]{6}(?=[!-~])")
_ARABIC: Final = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_STRONG: Final = re.compile(
    "[A-Za-z\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02b8\u0370-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]"
)


def clean(text: str) -> str:
    """One line of printable text: controls, direction overrides and emoji out, white space collapsed, NFC."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept = _PICTURES.sub("", _CONTROLS.sub("", unicodedata.normalize("NFC", text)))
    return " ".join(kept.split())


def is_urdu(text: str) -> bool:
    """Whether the text reads from right to left: its first letter is of the Arabic (or Hebrew) script."""
    first = None if text.isascii() else _STRONG.search(text)
    return first is not None and _ARABIC.match(first.group()) is not None


class Text(NamedTuple):
    """One line; ``room`` 0 means it is known to fit, otherwise the typesetter measures it, shrinks it as far as
    ``least`` and then cuts it with an ellipsis. ``taken``, the width it takes at most, is not for the template."""

    face: str
    size: float
    x: float
    y: float
    anchor: Anchor
    text: str
    urdu: bool
    white: bool
    room: float
    least: float
    taken: float


class Flow(NamedTuple):
    """Lines inside a box, set in the first of ``sizes`` in which they fit; ``wide`` ones hold Arabic letters."""

    face: str
    sizes: tuple[float, ...]
    x: float
    y: float
    width: float
    height: float
    text: str
    urdu: bool
    white: bool
    wide: bool


class Mark(NamedTuple):
    """A rule (``weight`` is its line), a box (filled, or with such a line) or an icon, in points of the page."""

    kind: Literal["rule", "box", "icon"]
    x: float
    y: float
    width: float
    height: float
    radius: float = 0.0
    filled: bool = False
    weight: float = 0.75
    name: str = ""


class Code(NamedTuple):
    """A code in points of the page: the widths of its bars and spaces, or its rows of modules, each ``module`` wide."""

    widths: str
    rows: Sequence[int]
    x: float
    y: float
    module: float
    height: float


class Sheet:
    """Collects what one page shows, in the form the template reads, and in one that other printers can be told.

    What is laid out is ``scale`` times as large on the page and begins at (left, top) of it; a code's modules are whole
    dots of the printer all the same: ``dot`` is one of them, in points of the layout.
    """

    def __init__(
        self, width: float, height: float, *, scale: float = 1.0, left: float = 0.0, top: float = 0.0, dot: float = DOT
    ) -> None:
        self.width, self.height = width, height
        self.scale, self.left, self.top = scale, left, top
        self.dot = dot / scale
        self.texts: list[Text] = []
        self.flows: list[Flow] = []
        self.logos: list[tuple[str, float, float, float, float]] = []
        self.marks: list[Mark] = []
        self.codes: list[Code] = []
        self._drawn: list[str] = []
        self._encoded: list[str] = []

    def line(
        self, face: str, size: float, x: float, y: float, text: str, *,
        room: float = 0.0, least: float = 0.0, anchor: Anchor = "left", white: bool = False,
    ) -> float:  # fmt: skip
        """Set one line on the baseline ``y``; return the width it takes at most.

        With ``room`` the text shrinks continuously from ``size`` to ``least`` to fit, then ends in an ellipsis.
        """
        if not text:
            return 0.0
        em, known = width_em(face, text)
        if not room or em * size <= room:
            room, taken = 0.0, em * size
        elif known:
            size = max(least, room / em)
            if em * size > room * 1.001:
                text = cut_to(face, text, room / size)
            room, taken = 0.0, room
        else:
            taken = room
        k = self.scale
        self.texts.append(
            Text(
                face,
                round(size * k, 2),
                self.left + x * k,
                self.top + y * k,
                anchor,
                text,
                is_urdu(text),
                white,
                room * k,
                least * k,
                taken * k,
            )
        )
        return taken

    def flow(
        self, face: str, sizes: tuple[float, ...], x: float, top: float, width: float, height: float, text: str,
        *, anywhere: bool = False,
    ) -> None:  # fmt: skip
        """Set a text over several lines inside a box, in the first of ``sizes`` that fits, else cut at the last.

        Lines break at spaces and inside runs of more than 24 letters; with ``anywhere`` after any letter.
        """
        if not text:
            return
        broken = "\u200b".join(text) if anywhere else _LONG_RUN.sub(lambda run: _SIX.sub("\\g<0>\u200b", run[0]), text)
        # Sizes that cannot fit even when every line is full are not worth measuring.
        em, known = width_em(face, text)
        least = 0.94 * em if known else 0.0
        worth = tuple(size for size in sizes if least * size * size * 1.1 <= width * height) or sizes[-1:]
        wide = _ARABIC.search(text) is not None
        k = self.scale
        self.flows.append(
            Flow(
                face,
                tuple(size * k for size in worth),
                self.left + x * k,
                self.top + top * k,
                width * k,
                height * k,
                broken,
                is_urdu(text),
                False,
                wide,
            )
        )

    def at_least(self, mm: float) -> float:
        """The least whole number of the printer's dots that is not under ``mm`` on paper, in points of the layout."""
        return ceil(mm * 72 / 25.4 / self.scale / self.dot - 0.001) * self.dot

    def dots(self, most: float, cap: float = inf) -> float:
        """The greatest whole number of the printer's dots within ``most`` and ``cap``, in points of the layout."""
        return int(min(most, cap) / self.dot + 0.001) * self.dot

    def rule(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """Draw a line, level or upright, of 0.75 pt: two dots of a 203 dpi head."""
        self._drawn.append(marks.rule(x1, y1, x2, y2))
        self._mark("rule", x1, y1, x2 - x1, y2 - y1)

    def box(
        self, x: float, y: float, width: float, height: float, radius: float = 0.0, *, filled: bool, line: float = 0.9
    ) -> None:
        """Draw a rectangle, black or outlined."""
        self._drawn.append(marks.box(x, y, width, height, radius, filled=filled, line=line))
        self._mark("box", x, y, width, height, radius=radius, filled=filled, weight=line)

    def icon(self, name: str, x: float, y: float, size: float, *, white: bool = False) -> None:
        """Draw an icon in a square of ``size``."""
        self._drawn.append(marks.icon(name, x, y, size, white=white))
        self._mark("icon", x, y, size, size, filled=white, name=name)

    def _mark(
        self, kind: Literal["rule", "box", "icon"], x: float, y: float, width: float, height: float, *,
        radius: float = 0.0, filled: bool = False, weight: float = 0.75, name: str = "",
    ) -> None:  # fmt: skip
        k = self.scale
        self.marks.append(
            Mark(kind, self.left + x * k, self.top + y * k, width * k, height * k, radius * k, filled, weight * k, name)
        )

    def bars(self, widths: str, x: float, y: float, module: float, height: float) -> None:
        """Draw Code 128 from the widths of its bars and spaces; this page alone has it."""
        self._encoded.append(marks.strokes(bars_path(widths, height / module), x, y, module, height / module))
        self._code(widths, (), x, y, module, height)

    def squares(self, rows: Sequence[int], x: float, y: float, module: float) -> None:
        """Draw a QR code or a Data Matrix from its rows of modules; this page alone has it."""
        self._encoded.append(marks.strokes(rows_path(rows), x, y, module, 1.02))
        self._code("", rows, x, y, module, module * len(rows))

    def _code(self, widths: str, rows: Sequence[int], x: float, y: float, module: float, height: float) -> None:
        k = self.scale
        self.codes.append(Code(widths, rows, self.left + x * k, self.top + y * k, module * k, height * k))

    def draw(self, *svg: str) -> None:
        """Add SVG elements that many pages have alike: rules, boxes, icons. Never a user's text."""
        self._drawn.extend(svg)

    def encode(self, svg: str) -> None:
        """Add the SVG of bars or squares that this page alone has."""
        self._encoded.append(svg)

    def logo(self, digest: str, x: float, y: float, width: float, height: float) -> None:
        """Show a picture, named by its digest, as large as fits the box."""
        k = self.scale
        self.logos.append((digest, self.left + x * k, self.top + y * k, width * k, height * k))

    def page(self) -> dict[str, object]:
        """What the template reads: two drawings, since the one that pages share is read once for all of them."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{self.height}" '
            f'viewBox="0 0 {self.width} {self.height}">'
        )
        tail = "</svg>"
        if self.scale != 1 or self.left or self.top:
            head += f'<g transform="translate({self.left:.3f} {self.top:.3f}) scale({self.scale:.5f})">'
            tail = "</g></svg>"
        drawings = [f"{head}{''.join(elements)}{tail}" for elements in (self._drawn, self._encoded)]
        return {
            "drawings": drawings,
            "texts": [text[:10] for text in self.texts],
            "flows": self.flows,
            "logos": self.logos,
        }
