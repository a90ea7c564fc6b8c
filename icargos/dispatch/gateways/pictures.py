"""Pictures from phones: looked at before they are decoded, then made anew, so that nothing of the sender's file stays.

EXIF (position, serial numbers, thumbnails) and whatever else hides in a file go with it. What is kept is our own JPEG
for photos and our own PNG for signatures.
"""

import hashlib
from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from icargos.dispatch.rules.proof import File
from icargos.ground import blobs
from icargos.kit.errors import FieldProblem, Invalid

MOST_BYTES = 8 * 1024 * 1024
MOST_SIDE = 16_384
MOST_PIXELS = 64_000_000
MOST_PIXELS_PLAIN = 25_000_000  # PNG and WebP cannot be decoded small, so they must be small
PHOTO_SIDE = 1600
SIGNATURE_SIDE = 1000
FORMATS = ("JPEG", "PNG", "WEBP")
QUALITY = 80

# Pillow's own guard stays on underneath ours.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
_UNREADABLE = (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError, Image.DecompressionBombWarning)


class PictureRefused(Invalid):
    """A picture that is too big, damaged, or none at all."""

    code = "picture_refused"


def keep_photo(file: File) -> str:
    """Make a photo anew (JPEG, longest side 1600) and keep it; returns its key. Raises PictureRefused."""
    opened = _opened(file, "photo")
    try:
        opened.draft("RGB", (PHOTO_SIDE, PHOTO_SIDE))
        upright = ImageOps.exif_transpose(opened)
        upright.thumbnail((PHOTO_SIDE, PHOTO_SIDE))
        out = BytesIO()
        _on_white(upright).save(out, "JPEG", quality=QUALITY, optimize=True)
    except _UNREADABLE as error:
        raise _refusal("photo", _("This photo is damaged. Take it again.")) from error
    return blobs.keep("proof/photos", out.getvalue(), suffix=".jpg")


def keep_signature(file: File) -> str:
    """Make a drawn signature anew (grey PNG) and keep it; returns its key. Raises PictureRefused, also when empty."""
    opened = _opened(file, "signature")
    try:
        grey = _on_white(opened).convert("L")
        grey.thumbnail((SIGNATURE_SIDE, SIGNATURE_SIDE))
        darkest, lightest = grey.getextrema()
        out = BytesIO()
        grey.save(out, "PNG", optimize=True)
    except _UNREADABLE as error:
        raise _refusal("signature", _("This signature is damaged. Sign again.")) from error
    if darkest == lightest:
        raise _refusal("signature", _("The signature is empty. Sign again."))
    return blobs.keep("proof/signatures", out.getvalue(), suffix=".png")


def check(file: File, field: str) -> None:
    """Refuse a picture by its length, its hash and its header alone, without decoding it."""
    _opened(file, field).close()


def fingerprint(file: File) -> str:
    """The SHA-256 (hex) of the file as it was sent, before it was made anew."""
    return hashlib.sha256(file.data).hexdigest()


def _opened(file: File, field: str) -> Image.Image:
    if not file.data:
        raise _refusal(field, _("This picture is empty. Take it again."))
    if len(file.data) > MOST_BYTES:
        raise _refusal(field, _("This picture is larger than 8 MB. Take it again with a lower resolution."))
    if file.sha256 and fingerprint(file) != file.sha256.lower():
        raise _refusal(field, _("This picture was damaged on its way. Send it again."))
    try:
        opened = Image.open(BytesIO(file.data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large(field) from error
    except _UNREADABLE as error:
        raise _refusal(field, _("This is not a picture. Take it again.")) from error
    most = MOST_PIXELS if opened.format == "JPEG" else MOST_PIXELS_PLAIN
    if max(opened.size) > MOST_SIDE or opened.size[0] * opened.size[1] > most:
        raise _too_large(field)
    return opened


def _too_large(field: str) -> PictureRefused:
    return _refusal(field, _("This picture has too many pixels. Take it again with a lower resolution."))


def _refusal(field: str, told: str) -> PictureRefused:
    return PictureRefused(told, problems=[FieldProblem(field, "PICTURE", told)])


def _on_white(picture: Image.Image) -> Image.Image:
    """The pixels alone on white paper: no transparency, and none of the comments and profiles a file carries along."""
    layer = picture.convert("RGBA") if picture.has_transparency_data else picture.convert("RGB")
    paper = Image.new("RGB", layer.size, "white")
    paper.paste(layer, mask=layer if layer.mode == "RGBA" else None)
    return paper
