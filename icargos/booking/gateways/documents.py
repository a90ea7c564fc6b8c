"""Documents that people send: known by what is in them, never by their names; pictures are made anew."""

import hashlib
import secrets
from io import BytesIO
from pathlib import PurePosixPath

import msgspec
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from icargos.booking.rules.documents import KINDS, LONGEST_NAME, MOST_BYTES, File, PdfFault, fault_in_pdf, is_pdf
from icargos.booking.rules.text import clean
from icargos.ground import blobs, pictures
from icargos.kit.errors import FieldProblem, Invalid

SIDE = 2400  # pixels: small print stays readable
QUALITY = 85
PDF = "application/pdf"
JPEG = "image/jpeg"
_SUFFIX = {PDF: ".pdf", JPEG: ".jpg"}
_TAKEN = {"JPEG", "PNG"}


class DocumentRefused(Invalid):
    """A file that is no PDF, JPEG or PNG, too big, damaged, locked, or with script in it; or one too many."""

    code = "document_refused"


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """A document fit to be kept: its name with the suffix it deserves, media type, hash as sent, bytes as kept."""

    what: str
    name: str
    media: str
    sha256: str
    data: bytes


def check(file: File) -> None:
    """Raise DocumentRefused by the file's length and its own first words; pictures are not decoded here."""
    if file.kind not in KINDS:
        raise refusal(_("Say what the document is: choose from the list."))
    if not file.data:
        raise refusal(_("%(name)s is empty."), file)
    if len(file.data) > MOST_BYTES:
        raise refusal(_("%(name)s is larger than 5 MB."), file)
    if not is_pdf(file.data):
        _opened(file).close()
        return
    told = {
        PdfFault.DAMAGED: _("%(name)s is a damaged PDF. Save it anew and attach that."),
        PdfFault.LOCKED: _("%(name)s is locked by a password. Save it without one and attach that."),
        PdfFault.ACTIVE: _("%(name)s has a script or starts a programme. Print it to a new PDF and attach that."),
    }
    fault = fault_in_pdf(file.data)
    if fault is not None:
        raise refusal(told[fault], file)


def ready(file: File) -> Ready:
    """A document that was checked, made fit to be kept. Raises DocumentRefused for a damaged picture."""
    pdf = is_pdf(file.data)
    return Ready(
        what=file.kind,
        name=_name(file.name, _SUFFIX[PDF if pdf else JPEG]),
        media=PDF if pdf else JPEG,
        sha256=hashlib.sha256(file.data).hexdigest(),
        data=file.data if pdf else _anew(file),
    )


def keep(document: Ready, shipper_id: int) -> str:
    """Store a document in a folder of its own; returns its key."""
    folder = f"documents/{shipper_id}/{secrets.token_hex(8)}"
    return blobs.keep(folder, document.data, suffix=_SUFFIX[document.media])


def drop(file_key: str) -> None:
    """Delete a kept document for good."""
    blobs.drop("/".join(PurePosixPath(file_key).parts[:3]))


def refusal(told: str, file: File | None = None) -> DocumentRefused:
    """The refusal of a file, which ``told`` may name."""
    said = told % {"name": _name(file.name, "")} if file is not None else told
    return DocumentRefused(said, problems=[FieldProblem("documents", "DOCUMENT", said)])


def _opened(file: File) -> Image.Image:
    kinds = _("%(name)s is no PDF, JPEG or PNG.")
    told = {
        pictures.Fault.EMPTY: _("%(name)s is empty."),
        pictures.Fault.HEAVY: _("%(name)s is larger than 5 MB."),
        pictures.Fault.NONE: kinds,
        pictures.Fault.LARGE: _("%(name)s has too many pixels. Save it smaller."),
    }
    try:
        found = pictures.opened(file.data)
    except pictures.Unusable as error:
        raise refusal(told[error.fault], file) from error
    if found.format not in _TAKEN:
        raise refusal(kinds, file)
    return found


def _anew(file: File) -> bytes:
    found = _opened(file)
    try:
        found.draft("RGB", (SIDE, SIDE))
        upright = ImageOps.exif_transpose(found)
        upright.thumbnail((SIDE, SIDE))
        out = BytesIO()
        pictures.on_white(upright).save(out, "JPEG", quality=QUALITY, optimize=True)
    except pictures.UNREADABLE as error:
        raise refusal(_("%(name)s is a damaged picture."), file) from error
    return out.getvalue()


def _name(sent: str, suffix: str) -> str:
    """The last part of a file's name without what no file system likes, and with our suffix in place of its own."""
    last = clean(sent.replace("\\", "/").rpartition("/")[2])
    plain = "".join("-" if letter in '<>:"|?*%/' else letter for letter in last).strip(". ") or "document"
    stem = plain.rpartition(".")[0] or plain if suffix else plain
    return f"{stem[: LONGEST_NAME - len(suffix)]}{suffix}"
