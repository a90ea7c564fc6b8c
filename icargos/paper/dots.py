"""Black dots: texts, icons and logos that a label printer has no letters for, as the bits it can be sent."""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from PIL import Image, ImageChops

from icargos.paper import marks
from icargos.paper.press import PressFailed, picture
from icargos.paper.sheet import Code, Flow, Mark, Text

_BOARD: Final = (2000, 2000)  # dots, wider than any page's own text
_BLACK: Final = 128
_AIR: Final = 3.0  # points around a line, for letters that lean out of their room
_REACH: Final = {"nastaliq": (2.1, 1.4)}  # how far up and down letters go, in parts of their size
_USUAL_REACH: Final = (1.2, 0.65)
_RUN: Final = re.compile(r"(.)\1{3,}")
_ONES: Final = ("", *"GHIJKLMNOPQRSTUVWXY")  # 1 to 19 times
_TWENTIES: Final = ("", *"ghijklmnopqrstuvwxyz")  # 20 to 400 times
_TIMES: Final = [_TWENTIES[n // 20] + _ONES[n % 20] for n in range(420)]


Item = Text | Flow | Mark


class Dots(NamedTuple):
    """A picture in dots of the page: its corner and width and height, and its rows from the top, the left dot first."""

    x: int
    y: int
    width: int
    height: int
    rows: tuple[int, ...]

    @property
    def graphic(self) -> str:
        """The picture as a field of ZPL: ``^GFA`` in the shortened hexadecimal that every printer reads."""
        across = -(-self.width // 8)
        size = across * self.height
        drawn = []
        last = -1
        for row in self.rows:
            drawn.append(":" if row == last else _shortened(f"{row:0{2 * across}X}"))
            last = row
        return f"^GFA,{size},{size},{across},{''.join(drawn)}"

    def reversed(self) -> "Dots":
        """White on black, the rest of the last byte of each row aside."""
        padding = -self.width % 8
        full = ((1 << self.width) - 1) << padding
        return self._replace(rows=tuple(row ^ full for row in self.rows))


def _shortened(row: str) -> str:
    """A row of hexadecimal digits with runs counted, and its end left out when it is all white."""
    plain = row.rstrip("0")
    short = _RUN.sub(_counted, plain)
    return short if len(plain) == len(row) else f"{short},"


def _counted(run: re.Match[str]) -> str:
    return f"{_TIMES[run.end() - run.start()]}{run[1]}"


def of_code(code: Code, scale: float) -> Dots:
    """A code with each module a whole number of dots; ``scale`` is dots to the point."""
    module = round(code.module * scale)
    if code.widths:
        turns = (("1" if turn % 2 == 0 else "0") * (int(width) * module) for turn, width in enumerate(code.widths))
        lines = ["".join(turns)]
        height = round(code.height * scale)
    else:
        size = len(code.rows)
        ones, white = "1" * module, "0" * module
        lines = [f"{row:0{size}b}"[::-1].replace("0", "w").replace("1", ones).replace("w", white) for row in code.rows]
        height = size * module
    width = len(lines[0])
    rows = [int(line, 2) << (-width % 8) for line in lines]
    return Dots(
        round(code.x * scale),
        round(code.y * scale),
        width,
        height,
        tuple(row for row in rows for _ in range(height // len(rows))),
    )


def of_logo(data: bytes, x: float, y: float, width: float, height: float, scale: float) -> Dots:
    """A PNG as large as fits the box, its greys as scattered dots. Raises PressFailed when it cannot be read."""
    try:
        with Image.open(io.BytesIO(data), formats=("PNG",)) as opened:
            layer = opened.convert("RGBA")
    except (OSError, SyntaxError, ValueError) as error:
        raise PressFailed(f"a logo is no picture that can be read: {error}") from error
    paper = Image.new("L", layer.size, 255)
    paper.paste(layer.convert("L"), mask=layer.getchannel("A"))
    ratio = min(width * scale / paper.width, height * scale / paper.height)
    across, down = max(1, int(paper.width * ratio)), max(1, int(paper.height * ratio))
    drawn = paper.resize((across, down), Image.Resampling.LANCZOS).convert("1").convert("L")
    left, top = round((x + width / 2) * scale - across / 2), round((y + height / 2) * scale - down / 2)
    return _bits(ImageChops.invert(drawn), left, top)


def pictured(asked: Iterable[Item], scale: float) -> Mapping[Item, Dots]:
    """What the press makes of each text and icon, all of them set close together on a few boards.

    ``scale`` is dots to the point. What shows nothing is left out.
    """
    boards: list[list[_Slot]] = [[]]
    wide, tallest = _BOARD
    x = y = 0
    for slot in sorted((_slot(item, scale) for item in dict.fromkeys(asked)), key=lambda slot: slot.height):
        if x + slot.width > wide:  # sorted by height, so that a row ends with its tallest
            x, y = 0, y + boards[-1][-1].height
        if y + slot.height > tallest:
            boards.append([])
            x = y = 0
        boards[-1].append(slot._replace(at_x=x, at_y=y))
        x += slot.width
    if not boards[0]:
        return {}
    tall = max(slot.at_y + slot.height for board in boards for slot in board)
    pages = [_page(board, wide / scale, tall / scale, scale) for board in boards]
    images = picture(pages, width=wide / scale, height=tall / scale, dpi=72 * scale, logos={})
    found = {}
    for board, data in zip(boards, images, strict=True):
        with Image.open(io.BytesIO(data), formats=("PNG",)) as opened:
            ink = opened.convert("L").point(lambda value: 255 if value < _BLACK else 0)
        for slot in board:
            part = ink.crop((slot.at_x, slot.at_y, slot.at_x + slot.width, slot.at_y + slot.height))
            if box := part.getbbox():
                found[slot.item] = _bits(part.crop(box), slot.x + box[0], slot.y + box[1])
    return found


class _Slot(NamedTuple):
    """Where an item's ink lies on its page, and where on the board, in dots."""

    item: Item
    x: int
    y: int
    width: int
    height: int
    at_x: int = 0
    at_y: int = 0


def _slot(item: Item, scale: float) -> _Slot:
    if isinstance(item, Text):
        up, down = _REACH.get(item.face, _USUAL_REACH)
        taken = item.taken + 2 * _AIR
        left = {"left": item.x, "right": item.x - item.taken, "center": item.x - item.taken / 2}[item.anchor] - _AIR
        top, height = item.y - up * item.size, (up + down) * item.size
    else:
        left, taken, top, height = item.x - 1, item.width + 2, item.y, item.height + 2
    left = max(0.0, left)
    return _Slot(item, int(left * scale), int(top * scale), int(taken * scale), int(height * scale) + 1)


def _page(board: Sequence[_Slot], width: float, height: float, scale: float) -> dict[str, object]:
    texts, flows, icons = [], [], []
    for slot in board:
        item = slot.item
        x, y = item.x + (slot.at_x - slot.x) / scale, item.y + (slot.at_y - slot.y) / scale
        if isinstance(item, Text):
            texts.append(item._replace(x=x, y=y, white=False)[:10])
        elif isinstance(item, Flow):
            flows.append(item._replace(x=x, y=y))
        else:
            icons.append(marks.icon(item.name, x, y, item.width))
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
    return {"drawings": [f"{head}{''.join(icons)}</svg>"], "texts": texts, "flows": flows, "logos": []}


def _bits(ink: Image.Image, x: int, y: int) -> Dots:
    """A picture whose ink is 255, as rows of bits."""
    bits = ink.convert("1", dither=Image.Dither.NONE).tobytes()
    across = -(-ink.width // 8)
    rows = tuple(int.from_bytes(bits[n : n + across]) for n in range(0, len(bits), across))
    return Dots(x, y, ink.width, ink.height, rows)
