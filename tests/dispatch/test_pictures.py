"""Pictures from phones are made anew, and hostile ones never decoded: docs/subsystems/runs.md."""

import hashlib
import struct
import tracemalloc
import zlib
from io import BytesIO

import pytest
from PIL import Image

from icargos.dispatch import queries
from icargos.dispatch.gateways import pictures
from icargos.dispatch.gateways.pictures import PictureRefused
from icargos.dispatch.models import Proof
from icargos.dispatch.rules.proof import File
from icargos.ground import blobs
from icargos.ground.tenancy import acting
from tests.cast import Cast
from tests.dispatch.scene import deliver, delivery, everything, file, out, picture, signature, stop_of


def huge_png(side: int = 40_000) -> bytes:
    """A small file whose header promises side x side pixels; its data really unpack to rows of that length."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * (1 + side // 8) * 2000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_a_png_of_40000_by_40000_is_refused_without_being_decoded(cast: Cast) -> None:
    _run, (cn,) = out(cast, proof="photo")
    report = delivery(cast, cn, photos=(file(picture()), file(huge_png())))
    before = everything(cast)
    tracemalloc.start()
    with pytest.raises(PictureRefused) as refused:
        deliver(cast, report)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20_000_000
    assert str(refused.value) == "This picture has too many pixels. Take it again with a lower resolution."
    assert refused.value.problems[0].field == "photo"
    assert everything(cast) == before


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "is empty"),
        (b"GIF89a not really", "not a picture"),
        (b"\xff" * (8 * 1024 * 1024 + 1), "larger than 8 MB"),
        (picture()[:1500], "damaged"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a picture"),
        (huge_png(20_000), "too many pixels"),
        (picture(17_000, 10), "too many pixels"),
        (picture(5200, 5200, "PNG"), "too many pixels"),
    ],
)
def test_what_is_no_picture_is_refused_and_changes_nothing(cast: Cast, data: bytes, told: str) -> None:
    _run, (cn,) = out(cast)
    report = delivery(cast, cn, photos=(File(data),))
    before = everything(cast)
    with pytest.raises(PictureRefused, match=told):
        deliver(cast, report)
    assert everything(cast) == before


def test_a_picture_torn_on_its_way_is_refused_by_its_hash(cast: Cast) -> None:
    _run, (cn,) = out(cast)
    whole = picture()
    report = delivery(cast, cn, photos=(File(whole + b"x", hashlib.sha256(whole).hexdigest()),))
    before = everything(cast)
    with pytest.raises(PictureRefused, match="damaged on its way"):
        deliver(cast, report)
    assert everything(cast) == before


def test_a_photo_is_made_anew_small_upright_and_without_exif(cast: Cast) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera lay on its side
    exif[0x010F] = "Canary Camera"
    exif.get_ifd(0x8825)[1] = "N"
    sent = picture(4000, 3000, exif=exif.tobytes(), comment=b"Canary comment")
    assert b"Canary" in sent
    _run, (cn,) = out(cast)
    deliver(cast, delivery(cast, cn, photos=(file(sent),)))
    bilal = cast.actor("bilal")
    with acting(bilal):
        kept = queries.picture(bilal, stop_of(cast, cn).consignment_id, "photo-0")
        proof = Proof.objects.get(cn=cn)
    shown = Image.open(BytesIO(kept))
    assert (shown.format, shown.size) == ("JPEG", (1200, 1600))
    assert not shown.getexif()
    assert b"Canary" not in kept
    assert b"Exif" not in kept
    assert proof.originals == [hashlib.sha256(sent).hexdigest()]


def test_a_signature_is_kept_as_black_on_white(cast: Cast) -> None:
    _run, (cn,) = out(cast)
    deliver(cast, delivery(cast, cn, signature=file(signature())))
    bilal = cast.actor("bilal")
    with acting(bilal):
        kept = queries.picture(bilal, stop_of(cast, cn).consignment_id, "signature")
    shown = Image.open(BytesIO(kept))
    assert (shown.format, shown.mode, shown.size) == ("PNG", "L", (600, 200))
    assert (shown.getpixel((300, 100)), shown.getpixel((300, 20))) == (0, 255)


def test_an_empty_signature_is_none(cast: Cast) -> None:
    blank = BytesIO()
    Image.new("RGBA", (600, 200), (0, 0, 0, 0)).save(blank, "PNG")
    _run, (cn,) = out(cast)
    report = delivery(cast, cn, signature=file(blank.getvalue()))
    before = everything(cast)
    with pytest.raises(PictureRefused, match="signature is empty"):
        deliver(cast, report)
    assert everything(cast) == before


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_each_kind_of_photo_a_phone_sends_is_read(database: str, kind: str) -> None:
    with blobs.opened(pictures.keep_photo(file(picture(kind=kind)))) as kept:
        assert Image.open(kept).format == "JPEG"
