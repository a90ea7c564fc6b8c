"""A shipper's logo, made anew for the label: grey, without the white around it, no larger than a label can show."""

from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image, ImageChops

from icargos.ground import blobs, pictures
from icargos.kit.errors import FieldProblem, Invalid

MOST_SIZE = (800, 320)


class LogoRefused(Invalid):
    """A logo that is too big, damaged, empty, or no picture at all."""

    code = "picture_refused"


def keep_logo(data: bytes) -> str:
    """Make the picture anew (grey PNG) and keep it; returns its key. Raises LogoRefused."""
    told = {
        pictures.Fault.EMPTY: _("Choose the picture of your logo first."),
        pictures.Fault.HEAVY: _("This picture is larger than 8 MB. Choose a smaller one."),
        pictures.Fault.NONE: _("This is not a picture. Choose a PNG or a JPEG."),
        pictures.Fault.LARGE: _("This picture has too many pixels. Choose a smaller one."),
    }
    try:
        found = pictures.opened(data)
        found.draft("L", MOST_SIZE)
        grey = pictures.on_white(found).convert("L")
    except pictures.Unusable as error:
        raise _refusal(told[error.fault]) from error
    except pictures.UNREADABLE as error:
        raise _refusal(_("This picture is damaged. Choose another file.")) from error
    ink = ImageChops.invert(grey).point(lambda value: 255 if value > 12 else 0).getbbox()
    if ink is None:
        raise _refusal(_("This picture is all white. Choose another file."))
    logo = grey.crop(ink)
    logo.thumbnail(MOST_SIZE, Image.Resampling.LANCZOS)
    out = BytesIO()
    logo.save(out, "PNG", optimize=True)
    return blobs.keep("logos", out.getvalue(), suffix=".png")


def _refusal(told: str) -> LogoRefused:
    return LogoRefused(told, problems=[FieldProblem("logo", "PICTURE", told)])
