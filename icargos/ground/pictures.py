"""Pictures that people send: looked at before they are decoded, and given out as bare pixels to be made anew.

Position, serial numbers, thumbnails and whatever else hides in a file stay behind. Each place that takes pictures says
in its own words what is wrong with one.
"""

from enum import StrEnum
from io import BytesIO

from PIL import Image

MOST_BYTES = 8 * 1024 * 1024
MOST_SIDE = 16_384
MOST_PIXELS = 64_000_000
MOST_PIXELS_PLAIN = 25_000_000  # PNG and WebP cannot be decoded small, so they must be small
FORMATS = ("JPEG", "PNG", "WEBP")

# Pillow's own guard stays on underneath ours.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
UNREADABLE = (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError, Image.DecompressionBombWarning)


class Fault(StrEnum):
    """Why a file is not taken as a picture."""

    EMPTY = "empty"
    HEAVY = "heavy"
    NONE = "none"
    LARGE = "large"


class Unusable(Exception):
    """A file that is not taken; ``fault`` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def opened(data: bytes) -> Image.Image:
    """The picture, of which only the header was read; decoding it may still raise one of UNREADABLE.

    Raises Unusable for no bytes, more than MOST_BYTES, another kind of file, or too many pixels.
    """
    if not data:
        raise Unusable(Fault.EMPTY)
    if len(data) > MOST_BYTES:
        raise Unusable(Fault.HEAVY)
    try:
        found = Image.open(BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unusable(Fault.LARGE) from error
    except UNREADABLE as error:
        raise Unusable(Fault.NONE) from error
    most = MOST_PIXELS if found.format == "JPEG" else MOST_PIXELS_PLAIN
    if max(found.size) > MOST_SIDE or found.size[0] * found.size[1] > most:
        raise Unusable(Fault.LARGE)
    return found


def on_white(picture: Image.Image) -> Image.Image:
    """The pixels alone on white paper: no transparency, and none of the comments and profiles a file carries along."""
    layer = picture.convert("RGBA") if picture.has_transparency_data else picture.convert("RGB")
    paper = Image.new("RGB", layer.size, "white")
    paper.paste(layer, mask=layer if layer.mode == "RGBA" else None)
    return paper
