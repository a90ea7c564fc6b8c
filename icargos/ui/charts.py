"""Geometry of the server-rendered charts: numbers in, SVG coordinates out. No Django."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, log10, pi, sin

_LEFT, _TOP, _BOTTOM = 36.0, 18.0, 26.0


@dataclass(frozen=True, slots=True)
class Month:
    """One column. ``label`` is the short month, ``url`` where a click goes, ``unfinished`` the current month."""

    label: str
    delivered: int
    returned: int
    url: str
    unfinished: bool = False


@dataclass(frozen=True, slots=True)
class Slice:
    """One share of the ring. ``hue`` is a status hue (new, move, last, done, warn, ret, bad)."""

    label: str
    count: int
    hue: str
    url: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column's rectangles: delivered from ``base`` up, returned on top of it."""

    month: Month
    x: float
    width: float
    middle: float
    delivered_y: float
    delivered_height: float
    returned_y: float
    returned_height: float
    hit_x: float
    hit_width: float
    total: str


@dataclass(frozen=True, slots=True)
class Bars:
    """A whole bar chart: size, grid lines as (y, label), columns."""

    width: int
    height: int
    base: float
    label_y: float
    rules: list[tuple[float, str]]
    columns: list[Column]
    name: str


@dataclass(frozen=True, slots=True)
class Arc:
    """A slice as an SVG path, with its share of all in percent."""

    slice: Slice
    path: str
    share: str


def _ceiling(highest: int) -> tuple[int, int]:
    """A round top of the scale at or above ``highest`` and its step, so that four or five lines divide it."""
    if highest <= 4:
        return 4, 1
    power = 10 ** int(log10(highest / 4))
    step = next(s * power for s in (1, 2, 2.5, 3, 5, 10) if s * power * 4 >= highest and s * power == int(s * power))
    return int(step) * 4, int(step)


def _short(number: int) -> str:
    """``11700`` as ``11.7k``; below a thousand as it is."""
    if number < 1000:
        return str(number)
    return f"{number / 1000:.1f}".removesuffix(".0") + "k"


def bars(months: Sequence[Month], width: int, height: int) -> Bars:
    """Lay out stacked columns in a box of ``width`` x ``height`` SVG units.

    The highest column and the unfinished one carry their total; an empty list gives an empty chart.
    """
    top, step = _ceiling(max((m.delivered + m.returned for m in months), default=0))
    base = height - _BOTTOM
    scale = (base - _TOP) / top
    rules = [(round(base - value * scale, 1), _short(value)) for value in range(0, top + 1, step)]
    room = (width - _LEFT) / max(len(months), 1)
    bar = min(28.0, room * 0.52) if width > 400 else min(30.0, room * 0.55)
    highest = max((m.delivered + m.returned for m in months), default=0)
    columns = []
    for number, month in enumerate(months):
        middle = _LEFT + room * (number + 0.5)
        tall, cap = month.delivered * scale, month.returned * scale
        total = month.delivered + month.returned
        columns.append(
            Column(
                month=month,
                x=round(middle - bar / 2, 1),
                width=round(bar, 1),
                middle=round(middle, 1),
                delivered_y=round(base - tall, 1),
                delivered_height=round(tall, 1),
                returned_y=round(base - tall - cap, 1),
                returned_height=round(max(cap - 1.5, 0), 1),
                hit_x=round(_LEFT + room * number, 1),
                hit_width=round(room, 1),
                total=_short(total) if total and (total == highest or month.unfinished) else "",
            )
        )
    name = "wide" if width > 400 else "narrow"
    return Bars(width, height, base, height - 8, rules, columns, name)


def donut(slices: Sequence[Slice]) -> list[Arc]:
    """Arcs of a ring of radius 62 to 78 in a box of 168 x 168, clockwise from the top, with a hair between them.

    Shares of zero have no arc but stay in the list beside the ring.
    """
    total = sum(s.count for s in slices)
    arcs, start = [], 0.0
    gap = 0.0 if sum(1 for s in slices if s.count) < 2 else 0.026
    for piece in slices:
        turn = 2 * pi * piece.count / total if total else 0.0
        path = _ring(start + gap / 2, start + max(turn - gap / 2, gap), turn > 2 * pi - 0.001) if turn else ""
        arcs.append(Arc(piece, path, f"{100 * piece.count / total:.1f}%" if total else "0%"))
        start += turn
    return arcs


def _ring(start: float, end: float, whole: bool) -> str:
    """The path of one ring segment between two angles, in radians from the top."""
    if whole:
        return "M84 6A78 78 0 1 1 83.9 6ZM84 27A57 57 0 1 0 84.1 27Z"
    large = 1 if end - start > pi else 0
    points = [(84 + r * sin(a), 84 - r * cos(a)) for r, a in ((78, start), (78, end), (57, end), (57, start))]
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = points
    return (
        f"M{ax:.2f} {ay:.2f}A78 78 0 {large} 1 {bx:.2f} {by:.2f}L{cx:.2f} {cy:.2f}A57 57 0 {large} 0 {dx:.2f} {dy:.2f}Z"
    )
