"""Labels as ZPL, the language of label printers: letters where the printer has them, dots where it has none."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from icargos.paper.composing import compose
from icargos.paper.dots import Dots, Item, of_code, of_logo, pictured
from icargos.paper.faces import width_em
from icargos.paper.formats import Format
from icargos.paper.label import Label
from icargos.paper.sheet import Flow, Mark, Sheet, Text

# The printer's own scalable font, condensed and bold: how wide its letters run in parts of their height.
_WIDTHS: Final = {
    letter: width
    for width, letters in {
        0.28: "\\'/:;Ifijlt{|}",
        0.34: '!"(),.[]`r',
        0.40: "z",
        0.45: "Jcksvxy",
        0.51: "#$*+0123456789<=>?ELFTZ^_abdeghnopqu~",
        0.56: "ABCKPSVXY",
        0.62: "DGHNOQRU",
        0.67: "&w",
        0.78: "Mm",
        0.81: "-",
        0.84: "%@W",
        0.26: " ",
    }.items()
    for letter in letters
}
_ROOMY: Final = 1.02  # printers of other makers have fonts a little wider
_TALL: Final = 0.94  # of its size, so that its capitals are as high as ours
_PLAIN: Final = str.maketrans({"×": "x", "…": "...", "–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"'})
_HEX: Final = str.maketrans({"^": "_5E", "~": "_7E", "_": "_5F"})
_LARGEST: Final = 30.0  # points
_LEAD, _RISE, _FALL = 1.14, 0.75, 0.22
_Box = tuple[int, int, int, int]


def zpl(labels: Sequence[Label], form: Format, logos: Mapping[str, bytes]) -> bytes:
    """The labels as one text of ZPL, each ``^XA`` to ``^XZ``, in order, for a printer of ``form.dots`` to the inch.

    Raises FontsMissing when the fonts were not built, PressFailed for a logo that cannot be read.
    """
    scale = 1 / form.dot
    sheets = [compose(label, form) for label in labels]
    asked = [item for sheet in sheets for item in _without_letters(sheet)]
    shown = {item: _placed(item, dots) for item, dots in pictured(asked, scale).items()}
    return "".join(_told(sheet, shown, logos, scale) for sheet in sheets).encode()


def _without_letters(sheet: Sheet) -> list[Item]:
    """What the printer has no letters for."""
    return [
        *(text for text in sheet.texts if not _said(text)),
        *(flow for flow in sheet.flows if not _spoken(flow.text)),
        *(mark for mark in sheet.marks if mark.kind == "icon"),
    ]


def _said(text: Text) -> str:
    """A line in the printer's letters, or nothing: its condensed ones do not fill the room of the largest."""
    return "" if text.size > _LARGEST else _spoken(text.text)


@lru_cache(4096)
def _spoken(text: str) -> str:
    """The text in letters that every printer has, or nothing when it holds others."""
    plain = text.translate(_PLAIN)
    return plain if plain.replace("\u200b", "").isascii() else ""


class _Placed(NamedTuple):
    """A field of dots, and where it needs white around it: in what is black a hole is left there."""

    field: str
    hole: _Box | None = None


def _placed(item: Item, dots: Dots) -> _Placed:
    white = item.filled if isinstance(item, Mark) else item.white
    if not white:
        return _Placed(_dots(dots))
    return _Placed(_dots(dots.reversed()), (dots.x, dots.y, dots.x + dots.width, dots.y + dots.height))


def _dots(dots: Dots) -> str:
    return f"^FO{dots.x},{dots.y}{dots.graphic}^FS"


def _told(sheet: Sheet, shown: Mapping[Item, _Placed], logos: Mapping[str, bytes], scale: float) -> str:
    """One label. A printer only adds black to black, so what is white on black takes a hole for its dots."""
    placed = [shown[item] for item in _without_letters(sheet) if item in shown]
    holes = [one.hole for one in placed if one.hole]
    lines = [f"^XA^CI28^LH0,0^PW{int(sheet.width * scale)}^LL{int(sheet.height * scale)}"]
    for mark in sheet.marks:
        if mark.kind != "icon":
            lines += _drawn(mark, holes, scale)
    for text in sheet.texts:
        if plain := _said(text):
            lines.append(_line(text, plain, scale))
    for flow in sheet.flows:
        if plain := _spoken(flow.text):
            lines += _lines(flow, plain, scale)
    lines += [one.field for one in placed]
    lines += [_dots(of_code(code, scale)) for code in sheet.codes]
    lines += [_dots(of_logo(logos[name], x, y, width, height, scale)) for name, x, y, width, height in sheet.logos]
    return "\n".join([*lines, "^XZ\n"])


def _drawn(mark: Mark, holes: Sequence[_Box], scale: float) -> list[str]:
    x, y, width, height = (round(side * scale) for side in (mark.x, mark.y, mark.width, mark.height))
    line = max(1, round(mark.weight * scale))
    if mark.kind == "rule":
        # A rule's middle is where it was laid; the printer asks for its corner.
        return [
            f"^FO{max(0, x - line // 2 if not width else x)},{max(0, y - line // 2 if not height else y)}"
            f"^GB{max(width, line)},{max(height, line)},{line}^FS"
        ]
    if not mark.filled:
        # A drawn line lies on both sides of its box, the printer's within it.
        half = line // 2
        return [f"^FO{x - half},{y - half}^GB{width + line},{height + line},{line},B,{_rounding(mark)}^FS"]
    inside = [
        hole for hole in holes if x <= hole[0] and y <= hole[1] and hole[2] <= x + width and hole[3] <= y + height
    ]
    if not inside:
        return [f"^FO{x},{y}^GB{width},{height},{min(width, height)},B,{_rounding(mark)}^FS"]
    return [
        f"^FO{left},{top}^GB{right - left},{bottom - top},{min(right - left, bottom - top)}^FS"
        for left, top, right, bottom in _around((x, y, x + width, y + height), inside)
    ]


def _rounding(mark: Mark) -> int:
    """The printer's measure of a corner, 0 to 8: eighths of half the shorter side."""
    return min(8, round(16 * mark.radius / min(mark.width, mark.height)))


def _around(box: _Box, holes: Sequence[_Box]) -> list[_Box]:
    """The box without the holes, as boxes."""
    left, top, right, bottom = box
    if not holes:
        return [box] if left < right and top < bottom else []
    (hole, *others) = holes
    parts = [
        (left, top, right, hole[1]),
        (left, hole[3], right, bottom),
        (left, hole[1], hole[0], hole[3]),
        (hole[2], hole[1], right, hole[3]),
    ]
    found = []
    for part in parts:
        clipped = [(max(h[0], part[0]), max(h[1], part[1]), min(h[2], part[2]), min(h[3], part[3])) for h in others]
        found += _around(part, [h for h in clipped if h[0] < h[2] and h[1] < h[3]])
    return found


@lru_cache(4096)
def _run(text: str) -> float:
    """How wide the printer sets a text, in parts of its height."""
    return _ROOMY * sum([_WIDTHS[letter] for letter in text])


def _letters(size: float, room: float, text: str, scale: float) -> str:
    """The font at this size in points, narrower where the text would take more than ``room`` points."""
    height = max(10, round(size * _TALL * scale))
    width = min(height, int(room * scale / max(0.01, _run(text))))
    return f"^A0N,{height},{width}"


def _field(text: str) -> str:
    return f"^FH^FD{text.translate(_HEX)}^FS"


def _line(text: Text, plain: str, scale: float) -> str:
    font = _letters(text.size, text.taken, plain, scale)
    reverse = "^FR" if text.white else ""
    x, y, room = round(text.x * scale), round(text.y * scale), round(text.taken * scale) + 2
    if text.anchor == "left":
        return f"^FT{x},{y}{reverse}{font}{_field(plain)}"
    # In a block a backslash would begin a new line.
    side, x = ("R", x - room) if text.anchor == "right" else ("C", x - room // 2)
    return f"^FT{x},{y}{reverse}{font}^FB{room},1,0,{side}{_field(plain.replace(chr(92), '/'))}"


def _lines(flow: Flow, plain: str, scale: float) -> list[str]:
    size, lines = _broken(flow.face, flow.sizes, flow.width, flow.height, plain)
    return [
        f"^FT{round(flow.x * scale)},{round((flow.y + (_RISE + n * _LEAD) * size) * scale)}"
        f"{_letters(size, flow.width, line, scale)}{_field(line)}"
        for n, line in enumerate(lines)
    ]


def _broken(face: str, sizes: Sequence[float], width: float, height: float, text: str) -> tuple[float, list[str]]:
    """The first size in which the lines fit, and the lines; in the last one what is too much ends in dots."""
    for size in sizes:
        lines = _filled(face, width / size, text)
        most = int((height / size - _RISE - _FALL) / _LEAD + 1.001)
        if len(lines) <= most:
            break
    else:
        lines = lines[: max(1, most)]
        last = lines[-1]
        while last and width_em(face, f"{last}...")[0] * size > width:
            last = last[:-1]
        lines[-1] = f"{last.rstrip(' ,.-')}..."
    return size, lines


def _filled(face: str, em: float, text: str) -> list[str]:
    """Lines as full as they go: broken at spaces, and where the sheet allows it inside a long run."""
    lines: list[str] = []
    taken = em + 1
    space = width_em(face, " ")[0]
    for word in text.split(" "):
        glue = " "
        for part in word.split("\u200b"):
            wide = width_em(face, part)[0]
            lead = space if glue else 0.0
            if lines and taken + lead + wide <= em:
                lines[-1] += glue + part
                taken += lead + wide
            else:
                lines.append(part)
                taken = wide
            glue = ""
    return lines
