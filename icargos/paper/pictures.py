"""Pictures for papers: no larger than paper shows."""

from io import BytesIO
from typing import Final

from PIL import Image

SIDE: Final = 800  # pixels; 230 to the inch where a picture takes half of an A4 page's width
_QUALITY: Final = 80
_UNREADABLE: Final = (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning)


def fitted(data: bytes) -> bytes:
    """The picture with its longer side at most SIDE: a JPEG, or a PNG where it came as one; empty if unreadable.

    A photo is decoded at a fraction of its size, so that a large one costs little more than a small one.
    """
    out = BytesIO()
    try:
        with Image.open(BytesIO(data), formats=("JPEG", "PNG")) as picture:
            kind = picture.format
            part = SIDE / max(picture.size)
            picture.draft(None, (int(picture.width * part) or 1, int(picture.height * part) or 1))
            picture.thumbnail((SIDE, SIDE), reducing_gap=None)
            shown = picture if picture.mode in {"L", "RGB"} else picture.convert("RGB")
            shown.save(out, kind, quality=_QUALITY)
    except _UNREADABLE:
        return b""
    return out.getvalue()
