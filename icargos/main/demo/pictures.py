"""A few drawn signatures and photos, made on the spot, which the demo's visits share."""

import hashlib
import random
from io import BytesIO

from PIL import Image, ImageDraw

from icargos.dispatch.rules.proof import File

_SIZE = (480, 360)
_WALLS = ((214, 202, 182), (188, 196, 204), (222, 213, 205), (176, 190, 178))
_WOOD = ((96, 62, 38), (58, 74, 92), (120, 84, 52), (72, 92, 70))


def signatures(dice: random.Random, number: int = 6) -> list[File]:
    """Lines that look written."""
    return [_signature(dice) for _ in range(number)]


def doors(dice: random.Random, number: int = 4) -> list[File]:
    """A closed door each: what a rider photographs when nobody opens."""
    return [_scene(dice, place, parcel=False) for place in range(number)]


def handovers(dice: random.Random, number: int = 4) -> list[File]:
    """A door with a parcel before it."""
    return [_scene(dice, place, parcel=True) for place in range(number)]


def _signature(dice: random.Random) -> File:
    picture = Image.new("L", (420, 140), 255)
    pen = ImageDraw.Draw(picture)
    x, y = 30.0, 80.0
    while x < 380:
        there = (x + dice.uniform(8, 26), 80 + dice.uniform(-48, 40))
        pen.line([(x, y), there], fill=20, width=3)
        x, y = there
    pen.line([(40, 118), (360, 108)], fill=20, width=2)
    return _file(picture, "PNG")


def _scene(dice: random.Random, place: int, *, parcel: bool) -> File:
    picture = Image.new("RGB", _SIZE, _WALLS[place % len(_WALLS)])
    pen = ImageDraw.Draw(picture)
    left = 150 + dice.randint(-40, 40)
    pen.rectangle((0, 300, 480, 360), fill=(150, 146, 140))
    pen.rectangle((left - 10, 40, left + 170, 305), fill=(236, 232, 226))
    pen.rectangle((left, 50, left + 160, 305), fill=_WOOD[place % len(_WOOD)])
    pen.ellipse((left + 138, 170, left + 150, 182), fill=(206, 178, 84))
    if parcel:
        pen.rectangle((left + 20, 245, left + 125, 330), fill=(186, 142, 92), outline=(140, 100, 60), width=2)
        pen.rectangle((left + 64, 245, left + 80, 330), fill=(214, 184, 138))
        pen.rectangle((left + 30, 256, left + 58, 284), fill=(250, 250, 250))
    return _file(picture, "JPEG")


def _file(picture: Image.Image, kind: str) -> File:
    made = BytesIO()
    picture.save(made, kind)
    return File(made.getvalue(), hashlib.sha256(made.getvalue()).hexdigest())
