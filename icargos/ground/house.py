"""The courier's own logo, as its labels and papers show it."""

from functools import cache
from io import BytesIO
from pathlib import Path

from django.conf import settings
from PIL import Image

from icargos.ground import pictures

_MOST_SIDE = 480  # pixels: an inch of paper at 480 dpi


def courier_logo() -> bytes:
    """The PNG of the file that ``ICARGOS_COURIER_LOGO`` names, made anew; nothing where it names none.

    Raises Unusable, or one of ``pictures.UNREADABLE``, for a file that is no picture.
    """
    return _made(settings.COURIER["logo"])


@cache
def _made(path: str) -> bytes:
    if not path:
        return b""
    shown = pictures.on_white(pictures.opened(Path(path).read_bytes()))
    shown.thumbnail((_MOST_SIDE, _MOST_SIDE), Image.Resampling.LANCZOS)
    # Labels keep a square for it.
    square = Image.new("RGB", (max(shown.size),) * 2, "white")
    square.paste(shown, ((square.width - shown.width) // 2, (square.height - shown.height) // 2))
    out = BytesIO()
    square.save(out, "PNG", optimize=True)
    return out.getvalue()
