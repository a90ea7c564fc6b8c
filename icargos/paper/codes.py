"""Bars and squares: Code 128 as bar widths, QR and Data Matrix as rows of modules."""

from collections.abc import Sequence
from typing import Final

import zint

# Widths of the bars and spaces of symbols 0 to 105, six digits each; 104 starts set B, 105 starts set C.
_PATTERNS: Final = (
    "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222123122123221"
    "223211221132221231213212223112312131311222321122321221312212322112322211212123212321232121111323131123131321"
    "112313132113132311211313231113231311112133112331132131113123113321133121313121211331231131213113213311213131"
    "311123311321331121312113312311332111314111221411431111111224111422121124121421141122141221112214112412122114"
    "122411142112142211241211221114413111241112134111111242121142121241114212124112124211411212421112421211212141"
    "214121412121111143111341131141114113114311411113411311113141114131311141411131211412211214211232"
)
_STOP: Final = "2331112"
_TO_C, _TO_B, _START_B, _START_C = 99, 100, 104, 105


def _symbols(text: str) -> list[int]:
    """The fewest Code 128 symbols, sets B and C, that say ``text``: start, data, check (stop is drawn only).

    Worked from the end: the best way to say the rest from set B and from set C, a change costing one symbol.
    """
    after_b: list[int] = []  # for the text from i + 1 on
    after_c: list[int] = []
    later_c: list[int] | None = None  # for the text from i + 2 on
    for i in range(len(text) - 1, -1, -1):
        pair = text[i : i + 2]
        say_b = [ord(text[i]) - 32, *after_b]
        say_c = [int(pair), *later_c] if later_c is not None and pair.isdigit() else None
        if say_c is None:
            best_b, best_c = say_b, [_TO_B, *say_b]
        else:
            best_b = min(say_b, [_TO_C, *say_c], key=len)
            best_c = min(say_c, [_TO_B, *say_b], key=len)
        later_c, after_b, after_c = after_c, best_b, best_c
    data = [_START_C, *after_c] if len(after_c) < len(after_b) else [_START_B, *after_b]
    check = sum(value * max(place, 1) for place, value in enumerate(data)) % 103
    return [*data, check]


def is_code128(text: str) -> bool:
    """Whether every character is printable ASCII, the part of Code 128 that every scanner's set-up keeps."""
    return bool(text) and text.isascii() and text.isprintable()


def code128(text: str) -> str:
    """Widths in modules, bar first, bars and spaces by turns, one digit each; no quiet zone.

    Raises ValueError for an empty text or one with anything but printable ASCII.
    """
    if not is_code128(text):
        raise ValueError("Code 128 takes printable ASCII only")
    return "".join(_PATTERNS[6 * value : 6 * value + 6] for value in _symbols(text)) + _STOP


def _rows(symbol: zint.Symbol) -> list[int]:
    """One integer per row of modules; bit 0 is the leftmost, a set bit is dark."""
    raw, size = symbol.encoded_data.tobytes(), (symbol.width + 7) // 8
    stride = len(raw) // len(symbol.encoded_data)
    return [int.from_bytes(raw[y * stride : y * stride + size], "little") for y in range(symbol.rows)]


def qr(payload: str) -> list[int]:
    """A QR code of ``payload`` with error correction M (15 %), as rows of modules, no quiet zone."""
    symbol = zint.Symbol()
    symbol.symbology = zint.Symbology.QRCODE
    symbol.option_1 = 2
    symbol.encode(payload)
    return _rows(symbol)


def data_matrix(text: str) -> list[int]:
    """A square Data Matrix of ``text`` (any script: UTF-8 is announced where it is needed), as rows of modules."""
    symbol = zint.Symbol()
    symbol.symbology = zint.Symbology.DATAMATRIX
    symbol.option_3 = zint.DataMatrixOptions.SQUARE
    symbol.input_mode = zint.InputMode.UNICODE
    if not text.isascii():
        symbol.eci = 26  # UTF-8; left to itself the library chooses it too, and complains on the standard error
    symbol.encode(text)
    return _rows(symbol)


def bars_path(widths: str, height: float) -> str:
    """SVG path data for one stroke of width ``height``: the bars are its dashes, in modules, from (0, 0) down."""
    turns = [f"h{width}" if i % 2 == 0 else f"m{width} 0" for i, width in enumerate(widths)]
    return f"M0 {height / 2:.4f}{''.join(turns)}"


def rows_path(rows: Sequence[int]) -> str:
    """SVG path data for one stroke of width 1: each run of dark modules is a dash, from (0, 0) down.

    Whole runs are replaced at once, longest first: five times quicker than walking the bits.
    """
    size = len(rows)
    written = "|".join(f"{row:0{size}b}"[::-1] for row in rows).replace("1", "#").replace("0", " ")
    for run in range(size if "#" * 8 in written or " " * 8 in written else 7, 0, -1):
        written = written.replace("#" * run, f"h{run}").replace(" " * run, f"m{run}_0")
    path = "".join(f"M0 {y}.5{row}" for y, row in enumerate(written.split("|")))
    return path.replace("_", " ")
