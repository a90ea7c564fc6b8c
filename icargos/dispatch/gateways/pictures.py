"""Pictures from phones, made anew: our own JPEG for photos, our own PNG for signatures; nothing of the file stays."""

import hashlib
from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from icargos.dispatch.rules.proof import File
from icargos.ground import blobs, pictures
from icargos.kit.errors import FieldProblem, Invalid

PHOTO_SIDE = 1600
SIGNATURE_SIDE = 1000
QUALITY = 80


class PictureRefused(Invalid):
    """A picture that is too big, damaged, or none at all."""

    code = "picture_refused"


def keep_photo(file: File, field: str = "photo") -> str:
    """Make a photo anew (JPEG, longest side 1600) and keep it; returns its key. Raises PictureRefused."""
    opened = _opened(file, field)
    try:
        opened.draft("RGB", (PHOTO_SIDE, PHOTO_SIDE))
        upright = ImageOps.exif_transpose(opened)
        upright.thumbnail((PHOTO_SIDE, PHOTO_SIDE))
        out = BytesIO()
        pictures.on_white(upright).save(out, "JPEG", quality=QUALITY, optimize=True)
    except pictures.UNREADABLE as error:
        raise _refusal(field, _("This photo is damaged. Take it again.")) from error
    return blobs.keep("proof/photos", out.getvalue(), suffix=".jpg")


def keep_signature(file: File) -> str:
    """Make a drawn signature anew (grey PNG) and keep it; returns its key. Raises PictureRefused, also when empty."""
    opened = _opened(file, "signature")
    try:
        grey = pictures.on_white(opened).convert("L")
        grey.thumbnail((SIGNATURE_SIDE, SIGNATURE_SIDE))
        darkest, lightest = grey.getextrema()
        out = BytesIO()
        grey.save(out, "PNG", optimize=True)
    except pictures.UNREADABLE as error:
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
    if file.data and file.sha256 and fingerprint(file) != file.sha256.lower():
        raise _refusal(field, _("This picture was damaged on its way. Send it again."))
    told = {
        pictures.Fault.EMPTY: _("This picture is empty. Take it again."),
        pictures.Fault.HEAVY: _("This picture is larger than 8 MB. Take it again with a lower resolution."),
        pictures.Fault.NONE: _("This is not a picture. Take it again."),
        pictures.Fault.LARGE: _("This picture has too many pixels. Take it again with a lower resolution."),
    }
    try:
        return pictures.opened(file.data)
    except pictures.Unusable as error:
        raise _refusal(field, told[error.fault]) from error


def _refusal(field: str, told: str) -> PictureRefused:
    return PictureRefused(told, problems=[FieldProblem(field, "PICTURE", told)])
