"""The formats a label is printed in: the true size of the page, what is laid out on it, how many stand on one sheet."""

from typing import Final, Literal, NamedTuple

import msgspec

from icargos.paper.sheet import DOT

Layout = Literal["bill", "copy", "small"]
A4: Final = (595.276, 841.89)
_A5: Final = (419.528, 595.276)
_A6: Final = (297.638, 419.528)
_STRIP: Final = (A4[0], A4[1] / 3)


class Cell(NamedTuple):
    """Where one label's top left corner stands, in points from its sheet's; ``turned`` a quarter to the left."""

    x: float
    y: float
    turned: bool = False


class Format(msgspec.Struct, frozen=True, kw_only=True):
    """One way to print. Sizes in points; ``label`` is one label's own page, ``sheet`` the paper when it holds several.

    ``scale`` is that of the layout, whose middle stands in the label's middle. ``copies`` of each label follow one
    another. ``dots`` to the inch: of the printer that is told in ZPL, 0 for a PDF.
    """

    code: str
    layout: Layout
    label: tuple[float, float]
    scale: float = 1.0
    framed: bool = False
    sheet: tuple[float, float] | None = None
    cells: tuple[Cell, ...] = ()
    copies: int = 1
    dots: int = 0

    @property
    def page(self) -> tuple[float, float]:
        """Width and height of a printed page."""
        return self.sheet or self.label

    @property
    def places(self) -> int:
        """How many labels a page takes; more than one means that a used sheet can be filled up."""
        return max(1, len(self.cells) // self.copies)

    @property
    def cuts(self) -> list[tuple[float, float]]:
        """Where a sheet is cut: (x, 0) for a line from top to foot, (0, y) for one across."""
        across, down = self.page
        columns, rows = len({cell.x for cell in self.cells}), len({cell.y for cell in self.cells})
        upright = [(n * across / columns, 0.0) for n in range(1, columns)]
        return upright + [(0.0, n * down / rows) for n in range(1, rows)]

    @property
    def dot(self) -> float:
        """One dot of the printer in points; a PDF is made for the coarsest, 8 to the millimetre."""
        return 72 / self.dots if self.dots > 203 else DOT


_QUARTER: Final = (A4[0] / 2, A4[1] / 2)
_A6_DOWN: Final = (_QUARTER[1] - _A6[1]) / 2
_ALL: Final = (
    Format(code="4x6", layout="bill", label=(288, 432)),
    Format(code="a6", layout="bill", label=_A6, scale=0.94, framed=True),
    Format(code="a5", layout="bill", label=_A5, scale=1.33, framed=True),
    Format(
        code="a4-2",
        layout="bill",
        label=_A5,
        scale=1.33,
        framed=True,
        sheet=A4,
        cells=tuple(Cell(0, (_QUARTER[1] - _A5[0]) / 2 + row * _QUARTER[1], turned=True) for row in range(2)),
    ),
    Format(
        code="a4-3",
        layout="copy",
        label=_STRIP,
        sheet=A4,
        cells=tuple(Cell(0, row * _STRIP[1]) for row in range(3)),
        copies=3,
    ),
    Format(
        code="a4-4",
        layout="bill",
        label=_A6,
        scale=0.94,
        framed=True,
        sheet=A4,
        cells=tuple(
            Cell(column * _QUARTER[0], _A6_DOWN + row * _QUARTER[1]) for row in range(2) for column in range(2)
        ),
    ),
    Format(code="75x50", layout="small", label=(212.598, 141.732)),
    Format(code="zpl-203", layout="bill", label=(288, 432), dots=203),
    Format(code="zpl-300", layout="bill", label=(288, 432), dots=300),
)
FORMATS: Final = {one.code: one for one in _ALL}
FIRST: Final = FORMATS["4x6"]
