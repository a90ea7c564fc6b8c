"""The route map: sea, rivers, our corridors and the parcel's way, as figures for one SVG.

Everything is approximate and our own: longitude and latitude in degrees, north up, no farther than 37 N. No border of
any kind is drawn. Corridors join junctions; a city that is not one hangs on the nearest.
"""

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import cos, hypot, radians

from icargos.consignments.rules import FAMILY, Family, Status

Point = tuple[float, float]  # longitude, latitude

WIDTH, HEIGHT = 720, 560
_MARGIN = 84
_SQUEEZE = cos(radians(29.5))  # a degree of longitude is this much of a degree of latitude
_LEAST_SPAN = 2.6  # degrees of latitude: a way inside one city still shows where in the country it is
_NORTH = 37.0

TOWNS: dict[str, tuple[Point, str]] = {
    "Karachi": ((67.01, 24.86), "کراچی"),
    "Hyderabad": ((68.37, 25.39), "حیدرآباد"),
    "Nawabshah": ((68.41, 26.25), "نوابشاہ"),
    "Larkana": ((68.21, 27.56), "لاڑکانہ"),
    "Sukkur": ((68.86, 27.70), "سکھر"),
    "Rahim Yar Khan": ((70.30, 28.42), "رحیم یار خان"),
    "Bahawalpur": ((71.68, 29.40), "بہاولپور"),
    "Multan": ((71.47, 30.20), "ملتان"),
    "Dera Ghazi Khan": ((70.64, 30.06), "ڈیرہ غازی خان"),
    "Sahiwal": ((73.10, 30.67), "ساہیوال"),
    "Lahore": ((74.35, 31.55), "لاہور"),
    "Faisalabad": ((73.09, 31.42), "فیصل آباد"),
    "Sargodha": ((72.67, 32.08), "سرگودھا"),
    "Gujranwala": ((74.19, 32.16), "گوجرانوالہ"),
    "Jhelum": ((73.73, 32.93), "جہلم"),
    "Islamabad": ((73.05, 33.69), "اسلام آباد"),
    "Peshawar": ((71.58, 34.01), "پشاور"),
    "Dera Ismail Khan": ((70.90, 31.83), "ڈیرہ اسماعیل خان"),
    "Bannu": ((70.60, 32.99), "بنوں"),
    "Mingora": ((72.36, 34.77), "مینگورہ"),
    "Abbottabad": ((73.22, 34.15), "ایبٹ آباد"),
    "Gilgit": ((74.31, 35.92), "گلگت"),
    "Skardu": ((75.55, 35.30), "سکردو"),
    "Quetta": ((66.99, 30.18), "کوئٹہ"),
    "Khuzdar": ((66.61, 27.81), "خضدار"),
    "Gwadar": ((62.33, 25.13), "گوادر"),
    "Turbat": ((63.06, 26.00), "تربت"),
}
# Towns worth a name on any map, the ones that matter most first.
_NAMED: tuple[str, ...] = ("Karachi", "Lahore", "Islamabad", "Quetta", "Peshawar", "Multan", "Faisalabad", "Sukkur")
_NAMED += ("Hyderabad", "Bahawalpur", "Gwadar", "Gilgit", "Dera Ismail Khan", "Khuzdar", "Gujranwala", "Skardu")

_ROADS: tuple[tuple[str, str, tuple[Point, ...]], ...] = (
    ("Karachi", "Hyderabad", ((67.6, 25.05),)),
    ("Hyderabad", "Nawabshah", ()),
    ("Nawabshah", "Sukkur", ((68.6, 27.0),)),
    ("Larkana", "Sukkur", ()),
    ("Sukkur", "Rahim Yar Khan", ((69.5, 28.15),)),
    ("Rahim Yar Khan", "Bahawalpur", ((71.0, 29.05),)),
    ("Bahawalpur", "Multan", ()),
    ("Dera Ghazi Khan", "Multan", ()),
    ("Multan", "Sahiwal", ((72.3, 30.38),)),
    ("Sahiwal", "Lahore", ((73.7, 31.0),)),
    ("Multan", "Faisalabad", ((72.2, 30.85),)),
    ("Faisalabad", "Lahore", ((73.8, 31.45),)),
    ("Faisalabad", "Sargodha", ()),
    ("Sargodha", "Islamabad", ((72.8, 32.75),)),
    ("Lahore", "Gujranwala", ()),
    ("Gujranwala", "Jhelum", ((73.95, 32.6),)),
    ("Jhelum", "Islamabad", ((73.3, 33.3),)),
    ("Islamabad", "Peshawar", ((72.4, 33.85),)),
    ("Peshawar", "Bannu", ((71.35, 33.5),)),
    ("Bannu", "Dera Ismail Khan", ((70.75, 32.4),)),
    ("Dera Ismail Khan", "Dera Ghazi Khan", ((70.7, 31.0),)),
    ("Peshawar", "Mingora", ((72.0, 34.35),)),
    ("Islamabad", "Abbottabad", ()),
    ("Abbottabad", "Gilgit", ((73.1, 34.8), (73.2, 35.3), (74.1, 35.45), (74.6, 35.6))),
    ("Gilgit", "Skardu", ((74.85, 35.72),)),
    ("Quetta", "Sukkur", ((67.6, 29.5), (68.2, 28.5))),
    ("Quetta", "Multan", ((68.6, 30.4), (69.8, 30.25), (70.64, 30.06))),
    ("Quetta", "Khuzdar", ((66.6, 29.0),)),
    ("Khuzdar", "Karachi", ((66.5, 26.4), (66.75, 25.4))),
    ("Khuzdar", "Larkana", ((67.5, 27.75),)),
    ("Karachi", "Gwadar", ((66.3, 25.45), (64.65, 25.32))),
    ("Gwadar", "Turbat", ((62.9, 25.5),)),
)
_RIVERS: tuple[tuple[Point, ...], ...] = (
    (
        (81.5, 31.2),
        (79.0, 33.0),
        (77.4, 34.2),
        (76.2, 34.7),
        (75.5, 35.3),
        (74.7, 35.75),
        (73.7, 35.4),
        (72.9, 34.8),
        (72.7, 34.1),
        (72.1, 33.5),
        (71.5, 32.7),
    )
    + ((71.1, 31.7), (70.8, 30.7), (70.7, 29.9), (70.6, 29.1), (69.8, 28.4), (68.95, 27.75), (68.1, 27.1), (67.9, 26.4))
    + ((68.2, 25.6), (68.2, 25.0), (67.8, 24.4), (67.5, 24.0)),
    (
        (75.3, 33.6),
        (74.9, 34.0),
        (74.0, 34.25),
        (73.5, 34.3),
        (73.6, 33.5),
        (73.75, 32.9),
        (72.8, 32.4),
        (72.2, 31.7),
        (72.1, 31.15),
    ),
    (
        (77.2, 32.6),
        (76.2, 33.2),
        (75.2, 33.1),
        (74.6, 32.7),
        (73.9, 32.35),
        (72.9, 31.7),
        (72.1, 31.15),
        (71.6, 30.6),
        (71.3, 30.0),
        (71.0, 29.4),
    )
    + ((70.6, 29.05),),
    ((76.8, 32.3), (75.6, 32.4), (74.5, 31.75), (73.8, 31.2), (72.9, 30.8), (71.9, 30.55)),
    (
        (80.9, 30.8),
        (78.6, 31.7),
        (77.0, 31.4),
        (75.1, 31.1),
        (74.5, 30.85),
        (73.5, 30.2),
        (72.4, 29.7),
        (71.6, 29.3),
        (71.0, 29.4),
    ),
    ((68.4, 34.5), (69.3, 34.5), (70.5, 34.4), (71.6, 34.1), (72.2, 33.95)),
)
_COAST: tuple[Point, ...] = (
    ((50.0, 26.5), (54.0, 26.0), (57.3, 25.7), (59.0, 25.4), (61.6, 25.1), (62.4, 25.15), (63.4, 25.3), (64.6, 25.25))
    + ((65.6, 25.35), (66.35, 25.5), (66.6, 25.15), (66.7, 24.85), (67.05, 24.75), (67.35, 24.2), (67.9, 23.8))
    + ((68.5, 23.45), (69.0, 22.85), (70.1, 22.6), (69.1, 22.3), (69.6, 21.6), (70.6, 20.8), (72.0, 21.1), (72.7, 20.0))
)
_FAR_SOUTH = 10.0


@dataclass(frozen=True, slots=True)
class Label:
    """A dot at x, y with its name at tx, ty; ``anchor`` is the SVG text-anchor."""

    x: float
    y: float
    name: str
    urdu: str
    anchor: str
    tx: float
    ty: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """SVG paths in the box 0 0 WIDTH HEIGHT; ``gone`` is the part of the way that is done, ``togo`` the rest."""

    sea: str
    rivers: tuple[str, ...]
    roads: tuple[str, ...]
    way: str
    gone: str
    togo: str
    towns: tuple[Label, ...]
    ends: tuple[Label, ...]
    at: Point | None


@dataclass(frozen=True, slots=True)
class End:
    """A city at one end of the way."""

    name: str
    urdu: str
    lon: float
    lat: float


# Where on its way a parcel is, as far as its status tells: not yet gone, or arrived; else somewhere between.
_START = frozenset(
    {Status.NEW_BOOKED, Status.READY_FOR_PICKUP, Status.PICKUP_IN_PROGRESS, Status.PICKED_UP}
    | {Status.RECEIVED_AT_OFFICE, Status.RETURN_CONFIRMED}
)
_THERE = frozenset(
    {Status.RECEIVED_AT_DESTINATION, Status.OUT_FOR_DELIVERY, Status.DELIVERED, Status.DELIVERY_UNSUCCESSFUL}
    | {Status.SHIPPER_ADVICE_PENDING, Status.REATTEMPT_REQUESTED, Status.HOLD_SELF_COLLECTION}
    | {Status.RETURN_RECEIVED_AT_ORIGIN, Status.RETURN_OUT_FOR_DELIVERY, Status.RETURNED_TO_SHIPPER}
)


def way_done(status: Status) -> float | None:
    """The share of the way that is done: 0, a half or 1; of the way back for a return. None for a parcel on no way."""
    if FAMILY[status] is Family.CLOSED:
        return None
    return 0.0 if status in _START else 1.0 if status in _THERE else 0.5


def of_parcel(status: Status, origin: End, destination: End) -> Drawing | None:
    """The map of a parcel's way, of its way back once it returns; None for a parcel on no way."""
    done = way_done(status)
    if done is None:
        return None
    back = FAMILY[status] is Family.RETURNS
    return draw(destination, origin, done) if back else draw(origin, destination, done)


@lru_cache(maxsize=2048)
def draw(origin: End, destination: End, progress: float) -> Drawing:
    """The map of a way, framed so that all of it shows; ``progress`` from 0 (at the origin) to 1 (arrived)."""
    way = _way((origin.lon, origin.lat), (destination.lon, destination.lat))
    frame = _frame(way)
    points = [frame.at(point) for point in way]
    cut = _cut(points, progress)
    ends = tuple(_end(frame, end, other) for end, other in ((origin, destination), (destination, origin)))
    near = ends if origin.name != destination.name else ends[:1]
    return Drawing(
        sea=_curve(frame.many(_COAST)) + "".join(f"L{x:.1f} {y:.1f}" for x, y in frame.many(_south())) + "Z",
        rivers=tuple(_curve(frame.many(river)) for river in _RIVERS),
        roads=tuple(_curve(frame.many(_road(*road))) for road in _ROADS),
        way=_curve(points),
        gone=_curve(points[: cut + 1]),
        togo=_curve(points[cut:]),
        towns=_towns(frame, near, points),
        ends=near,
        at=points[0] if progress == 0 else points[-1] if progress == 1 else None,
    )


class _Frame:
    """Degrees to units of the box: one scale for the whole map, its middle on the middle of the way."""

    def __init__(self, west: float, south: float, east: float, north: float) -> None:
        tall = max(north - south, _LEAST_SPAN)
        wide = max((east - west) * _SQUEEZE, _LEAST_SPAN)
        self.scale = min((HEIGHT - 2 * _MARGIN) / tall, (WIDTH - 2 * _MARGIN) / wide)
        self.lon, self.lat = (west + east) / 2, (south + north) / 2

    def at(self, point: Point) -> Point:
        lon, lat = point
        x = WIDTH / 2 + (lon - self.lon) * _SQUEEZE * self.scale
        return round(x, 1), round(HEIGHT / 2 - (min(lat, _NORTH) - self.lat) * self.scale, 1)

    def many(self, points: Iterable[Point]) -> list[Point]:
        return [self.at(point) for point in points]


def _frame(way: Sequence[Point]) -> _Frame:
    lons, lats = [lon for lon, _ in way], [lat for _, lat in way]
    return _Frame(min(lons), min(lats), max(lons), max(lats))


def _south() -> tuple[Point, Point]:
    return (_COAST[-1][0], _FAR_SOUTH), (_COAST[0][0], _FAR_SOUTH)


def _road(a: str, b: str, between: tuple[Point, ...]) -> list[Point]:
    return [TOWNS[a][0], *between, TOWNS[b][0]]


def _far(a: Point, b: Point) -> float:
    return hypot((a[0] - b[0]) * _SQUEEZE, a[1] - b[1])


def _way(start: Point, finish: Point) -> list[Point]:
    """From city to city by the shortest corridors; the nearest junctions give way to the cities themselves."""
    first, last = (min(TOWNS, key=lambda town: _far(TOWNS[town][0], point)) for point in (start, finish))
    if first == last:
        return [start, finish]
    paths: dict[str, list[tuple[str, list[Point]]]] = {town: [] for town in TOWNS}
    for a, b, between in _ROADS:
        points = _road(a, b, between)
        paths[a].append((b, points))
        paths[b].append((a, points[::-1]))
    queue: list[tuple[float, str, list[Point]]] = [(0.0, first, [TOWNS[first][0]])]
    seen: set[str] = set()
    while queue:
        far, town, way = heapq.heappop(queue)
        if town == last:
            return [start, *way[1:-1], finish]
        if town in seen:
            continue
        seen.add(town)
        for other, points in paths[town]:
            length = sum(_far(a, b) for a, b in pairwise(points))
            heapq.heappush(queue, (far + length, other, way + points[1:]))
    return [start, finish]


def _cut(points: Sequence[Point], progress: float) -> int:
    """The index of the point nearest to that share of the way; 0 and the last one for none and all of it."""
    if progress in (0, 1):
        return 0 if progress == 0 else len(points) - 1
    return max(1, min(len(points) - 1, round(progress * (len(points) - 1))))


def _curve(points: Sequence[Point]) -> str:
    """A smooth path through the points (Catmull-Rom as Bezier curves); empty for fewer than two."""
    if len(points) < 2:
        return ""
    parts = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for i in range(len(points) - 1):
        before, a, b, after = points[max(i - 1, 0)], points[i], points[i + 1], points[min(i + 2, len(points) - 1)]
        parts.append(
            f"C{a[0] + (b[0] - before[0]) / 6:.1f} {a[1] + (b[1] - before[1]) / 6:.1f}"
            f" {b[0] - (after[0] - a[0]) / 6:.1f} {b[1] - (after[1] - a[1]) / 6:.1f} {b[0]:.1f} {b[1]:.1f}"
        )
    return "".join(parts)


def _end(frame: _Frame, end: End, other: End) -> Label:
    """The name of an end stands on the side away from the way: above a northern end, below a southern one."""
    x, y = frame.at((end.lon, end.lat))
    return Label(x, y, end.name, end.urdu, "middle", x, round(y + (-24 if end.lat >= other.lat else 38), 1))


def _towns(frame: _Frame, ends: tuple[Label, ...], way: Sequence[Point]) -> tuple[Label, ...]:
    """Named towns inside the picture whose names cover neither an end, nor each other, nor the way."""
    taken = [_box(end, 13) for end in ends]
    line = [
        (a[0] + (b[0] - a[0]) * part / 12, a[1] + (b[1] - a[1]) * part / 12)
        for a, b in pairwise(way)
        for part in range(13)
    ]
    kept: list[Label] = []
    for name in _NAMED:
        point, urdu = TOWNS[name]
        x, y = frame.at(point)
        if any(abs(x - end.x) + abs(y - end.y) < 40 for end in ends):
            continue
        for anchor, tx in (("start", x + 10), ("end", x - 10)):
            label = Label(x, y, name, urdu, anchor, round(tx, 1), round(y + 4, 1))
            box = _box(label, 10)
            inside = box[0] > 8 and box[2] < WIDTH - 8 and box[1] > 4 and box[3] < HEIGHT - 4
            if inside and not any(_meet(box, other) for other in taken) and not any(_holds(box, p) for p in line):
                taken.append(box)
                kept.append(label)
                break
    return tuple(kept)


def _box(label: Label, letter: float) -> tuple[float, float, float, float]:
    """West, north, east, south of a name and its dot, as large as phones show it."""
    wide = letter * len(label.name) + 6
    west = label.tx - {"start": 0.0, "middle": wide / 2, "end": wide}[label.anchor]
    return min(west, label.x - 5), min(label.ty - 20, label.y - 5), max(west + wide, label.x + 5), label.ty + 6


def _meet(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _holds(box: tuple[float, float, float, float], point: Point) -> bool:
    # The dot's own surroundings do not count: a town may well stand on the way.
    return box[0] + 14 < point[0] < box[2] - 14 and box[1] < point[1] < box[3]
