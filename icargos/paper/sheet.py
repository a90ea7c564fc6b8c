"""One page being set: texts that fit by rule, and one drawing under them. Points, from the top left corner."""

import re
import unicodedata
from typing import Final, Literal

from icargos.paper.faces import cut_to, width_em

Anchor = Literal["left", "right", "center"]

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


class Sheet:
    """Collects what one page shows, in the form the template reads.

    A text is ``[face, size, x, baseline, anchor, text, urdu, white, room, least]``: ``room`` 0 means it is known
    to fit; otherwise the typesetter measures it, shrinks it as far as ``least`` and then cuts it with an ellipsis.
    A flow is ``[face, sizes, x, top, width, height, text, urdu, white, wide]``: set in the first size whose lines fit.
    """

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._texts: list[list[object]] = []
        self._flows: list[list[object]] = []
        self._logos: list[list[object]] = []
        self._marks: list[str] = []
        self._codes: list[str] = []

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
        self._texts.append([face, round(size, 2), x, y, anchor, text, is_urdu(text), white, room, least])
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
        self._flows.append([face, worth, x, top, width, height, broken, is_urdu(text), False, wide])

    def draw(self, *svg: str) -> None:
        """Add SVG elements that many pages have alike: rules, boxes, icons. Never a user's text."""
        self._marks.extend(svg)

    def encode(self, svg: str) -> None:
        """Add the SVG of bars or squares that this page alone has."""
        self._codes.append(svg)

    def logo(self, digest: str, x: float, y: float, width: float, height: float) -> None:
        """Show a picture, named by its digest, as large as fits the box."""
        self._logos.append([digest, x, y, width, height])

    def page(self) -> dict[str, object]:
        """What the template reads: two drawings, since the one that pages share is read once for all of them."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{self.height}" '
            f'viewBox="0 0 {self.width} {self.height}">'
        )
        drawings = [f"{head}{''.join(elements)}</svg>" for elements in (self._marks, self._codes)]
        return {"drawings": drawings, "texts": self._texts, "flows": self._flows, "logos": self._logos}
