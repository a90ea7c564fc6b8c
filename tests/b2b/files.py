"""Documents as shippers send them: PDFs with something in them that must not be, pictures with something hidden."""

import zlib
from io import BytesIO

from PIL import Image


def pdf(
    *, text: str = "Invoice 77", catalog: str = "", trailer: str = "", packed: str = "", filters: str = ""
) -> bytes:
    """A one-page PDF. ``catalog`` and ``trailer`` are added to their dictionaries, ``packed`` is an object stream's."""
    content = f"BT /F1 24 Tf 72 720 Td ({text}) Tj ET".encode("latin-1")
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    ]
    if packed:
        inner = zlib.compress(packed.encode()) if filters != "none" else packed.encode()
        said = b"" if filters == "none" else f"/Filter {filters or '/FlateDecode'}".encode()
        objects.append(
            b"<< /Type /ObjStm /N 1 /First 4 %s /Length %d >>\nstream\n%s\nendstream" % (said, len(inner), inner)
        )
    out = BytesIO(b"%PDF-1.7\n")
    out.seek(0, 2)
    places = []
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, trailer.encode(), start))  # fmt: skip
    return out.getvalue()


def photo(kind: str = "JPEG", size: tuple[int, int] = (1200, 1600), *, comment: bytes = b"") -> bytes:
    """A picture of a paper; ``comment`` is what hides in the file of a JPEG."""
    made = BytesIO()
    more = {"comment": comment} if comment else {}
    Image.new("RGB", size, (240, 238, 230)).save(made, kind, **more)
    return made.getvalue()
