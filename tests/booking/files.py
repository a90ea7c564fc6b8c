"""Files for the reading tests, good and hostile, written byte by byte where no library would write them."""

import io
import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path

HEADERS = [
    "Order Ref",
    "Service",
    "Destination City",
    "Consignee Name",
    "Consignee Phone",
    "Consignee Address",
    "Pieces",
    "Weight (kg)",
    "COD Amount",
    "Product Description",
]
ORDER = [
    "ZT-1",
    "Overnight",
    "Karachi",
    "Sana",
    "0300-1234567",
    "House 1, Street 2, Saddar",
    "1",
    "0.8",
    "2750",
    "Suit",
]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_RELS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>'
)
_ROOT = _RELS.replace("relationships/worksheet", "relationships/officeDocument").replace(
    "worksheets/sheet1", "xl/workbook"
)
_BOOK = (
    f'<?xml version="1.0"?><workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
    '<sheet name="Orders" sheetId="1" r:id="rId1"/></sheets></workbook>'
)


def cells(number: int, values: Sequence[str]) -> str:
    """One row of sheet XML with inline texts."""
    inside = "".join(
        f'<c r="{chr(65 + place)}{number}" t="inlineStr"><is><t>{value}</t></is></c>'
        for place, value in enumerate(values)
    )
    return f'<row r="{number}">{inside}</row>'


def workbook(path: Path, rows: str, **more: str | bytes) -> Path:
    """A minimal xlsx whose sheetData is ``rows``; ``more`` are further entries, "__" standing for "/"."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _ROOT)
        archive.writestr("xl/workbook.xml", _BOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", _RELS)
        archive.writestr(
            "xl/worksheets/sheet1.xml",
            f'<?xml version="1.0"?><worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>',
        )
        for name, data in more.items():
            archive.writestr(name.replace("__", "/"), data)
    return path


def good_rows() -> str:
    """Header and one order."""
    return cells(1, HEADERS) + cells(2, ORDER)


def csv_bytes(delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """Header and one order as delimited text; cells with the delimiter are quoted."""
    lines = [[f'"{cell}"' if delimiter in cell else cell for cell in row] for row in (HEADERS, ORDER)]
    return ("\r\n".join(delimiter.join(line) for line in lines) + "\r\n").encode(encoding)


def compound(**streams: bytes) -> bytes:
    """An OLE2 container, the coat of .xls and of encrypted .xlsx, with these streams."""
    end, free = 0xFFFFFFFE, 0xFFFFFFFF
    chain = [0xFFFFFFFD, end]
    entries, content = b"", b""
    names = list(streams)
    for place, name in enumerate(["Root Entry", *names]):
        # Streams of 4,096 bytes and more live in ordinary sectors, which is simpler than the small ones.
        data = streams[name].ljust(4096, b"\0") if place else b""
        data = data.ljust(-(-len(data) // 512) * 512, b"\0")
        first, sectors = len(chain), len(data) // 512
        chain += [first + step + 1 for step in range(sectors - 1)] + [end] * bool(sectors)
        content += data
        text = (name + "\0").encode("utf-16-le")
        links = (free, place + 1 if 0 < place < len(names) else free, 1 if place == 0 and names else free)
        entries += (
            text.ljust(64, b"\0") + struct.pack("<HBB", len(text), 2 if place else 5, 1) + struct.pack("<III", *links)
        )
        entries += bytes(36) + struct.pack("<IQ", first if sectors else end, len(data))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<I", 0)
    fat = struct.pack(f"<{len(chain)}I", *chain)
    return header.ljust(512, b"\xff") + fat.ljust(512, b"\xff") + entries.ljust(512, b"\0") + content


def old_excel(rows: Sequence[Sequence[str | float]], *, locked: bool = False) -> bytes:
    """An .xls of one sheet in the binary format of Excel 97; ``locked`` marks it as behind a password."""

    def record(kind: int, data: bytes) -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    body = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            place = struct.pack("<HHH", row, column, 0)
            if isinstance(value, str):
                text = struct.pack("<HB", len(value), 1) + value.encode("utf-16-le")
                body += record(0x204, place + text)
            else:
                body += record(0x203, place + struct.pack("<d", value))
    body += record(0xA, b"")
    start = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    if locked:
        start += record(0x2F, struct.pack("<HHH", 1, 1, 1) + bytes(48))
    start += record(0x42, struct.pack("<H", 1200))
    bound = struct.pack("<HBB", 0, 6, 0) + b"Orders"
    offset = len(start) + 4 + 4 + len(bound) + 4
    return compound(Workbook=start + record(0x85, struct.pack("<I", offset) + bound) + record(0xA, b"") + body)


def nested_zip() -> bytes:
    """A plain zip that is no workbook."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    return out.getvalue()
