"""Old workbooks (.xls) whose container runs in circles or whose records lie."""

import struct
from collections.abc import Callable
from typing import Any

from tests.booking.corpus.parts import (
    ENCRYPTED,
    HEADERS,
    NO_HEADER,
    ORDER,
    READ,
    TOO_BIG,
    UNREADABLE,
    Hostile,
    hostile,
)
from tests.booking.files import compound, old_excel

_FAT, _DIRECTORY, _ENTRY = 512, 1024, 128
_STREAM = 1536
_END, _FREE = 0xFFFFFFFE, 0xFFFFFFFF
_START = struct.pack("<HHHHHHII", 0x809, 16, 0x600, 5, 0, 0, 0, 0)


def _good() -> bytearray:
    return bytearray(old_excel([HEADERS, ORDER, ORDER]))


def _patched(place: int, form: str, *values: int) -> Callable[[], bytes]:
    def make() -> bytes:
        data = _good()
        struct.pack_into(form, data, place, *values)
        return bytes(data)

    return make


def _in_entry(number: int, place: int, form: str, *values: int) -> Callable[[], bytes]:
    return _patched(_DIRECTORY + number * _ENTRY + place, form, *values)


def _record(kind: int, data: bytes = b"", length: int | None = None) -> bytes:
    return struct.pack("<HH", kind, len(data) if length is None else length) + data


def _sheet_record(kind: int, data: bytes, length: int | None = None) -> Callable[[], bytes]:
    """The good workbook with one more record before the end of its sheet."""

    def make() -> bytes:
        globals_, sheet = _streams()
        return compound(Workbook=globals_ + sheet + _record(kind, data, length) + _record(0xA))

    return make


def _book_record(kind: int, data: bytes, length: int | None = None) -> Callable[[], bytes]:
    """The good workbook with one more record at its start, where everything else is described."""

    def make() -> bytes:
        globals_, sheet = _streams(_record(kind, data, length))
        return compound(Workbook=globals_ + sheet + _record(0xA))

    return make


def _streams(more: bytes = b"") -> tuple[bytes, bytes]:
    body = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
    for row, values in enumerate((HEADERS, ORDER)):
        for column, text in enumerate(values):
            place = struct.pack("<HHHHB", row, column, 0, len(text), 1)
            body += _record(0x204, place + text.encode("utf-16-le"))
    start = _START + _record(0x42, struct.pack("<H", 1200)) + more
    bound = struct.pack("<HBB", 0, 6, 0) + b"Orders"
    start += _record(0x85, struct.pack("<I", len(start) + 4 + 4 + len(bound) + 4) + bound) + _record(0xA)
    return start, body


def _older(kind: int) -> Callable[[], bytes]:
    """What Excel wrote before 1997."""
    return lambda: _record(kind, struct.pack("<HH", 0, 0x10)) + _record(4, bytes(7) + b"\x05Hello") + _record(0xA)


def _text(row: int, column: int, length: int, data: bytes) -> bytes:
    return struct.pack("<HHHHB", row, column, 0, length, 1) + data


_STRINGS = struct.pack("<II", 0x7FFFFFFF, 0x7FFFFFFF) + b"\x05\0\0Hello"
HEADER_FIELDS: dict[str, tuple[Any, ...]] = {
    "sectors of 2^0 bytes": (30, "<H", 0),
    "sectors of 2^40 bytes": (30, "<H", 40),
    "sectors of 2^65535 bytes": (30, "<H", 65535),
    "small sectors of 2^0 bytes": (32, "<H", 0),
    "small sectors of 2^65535 bytes": (32, "<H", 65535),
    "version 77": (26, "<H", 77),
    "the other end first": (28, "<H", 0xFEFF),
    "4 thousand million tables": (44, "<I", 0xFFFFFFFF),
    "no table": (44, "<I", 0),
    "directory past the end": (48, "<I", 0x00FFFFFF),
    "directory that is the header": (48, "<I", 0xFFFFFFFD),
    "small streams up to 4 thousand million": (56, "<I", 0xFFFFFFFF),
    "small table past the end": (60, "<II", 0x00FFFFFF, 5),
    "small table in a circle": (60, "<II", 0, 0xFFFFFF),
    "table of tables past the end": (68, "<II", 0x00FFFFFF, 9),
    "table of tables in a circle": (68, "<II", 0, 0xFFFFFF),
    "table of itself": (76, "<I", 1),
    "table past the end": (76, "<I", 0x00FFFFFF),
}
TABLE: dict[str, tuple[Any, ...]] = {
    "a stream that circles": (_FAT + 4 * 3, "<II", 3, 2),
    "a stream of one sector for ever": (_FAT + 4 * 2, "<I", 2),
    "a directory for ever": (_FAT + 4, "<I", 1),
    "a directory that goes on in the stream": (_FAT + 4, "<I", 2),
    "a stream that leaves the file": (_FAT + 4 * 2, "<I", 0x00ABCDEF),
    "a stream that is free": (_FAT + 4 * 2, "<I", _FREE),
    "a stream that ends at once": (_FAT + 4 * 2, "<I", _END),
}
ENTRIES: dict[str, tuple[Any, ...]] = {
    "stream of 16 million TB": (1, 120, "<Q", 2**63),
    "stream of 4 GB": (1, 120, "<Q", 0xFFFFFFFF),
    "stream of 0 bytes": (1, 120, "<Q", 0),
    "stream of 3 bytes": (1, 120, "<Q", 3),
    "stream that starts past the end": (1, 116, "<I", 0x00FFFFFF),
    "stream that starts nowhere": (1, 116, "<I", _FREE),
    "a name of 65,535 letters": (1, 64, "<H", 0xFFFF),
    "a name of no letters": (1, 64, "<H", 0),
    "a child that is itself": (0, 76, "<I", 0),
    "a child that does not exist": (0, 76, "<I", 0x7FFFFFFF),
    "neighbours in a circle": (1, 68, "<II", 1, 1),
    "a root that is a stream": (0, 66, "<B", 2),
    "a kind nobody knows": (1, 66, "<B", 99),
}
IN_SHEET: dict[str, tuple[Any, ...]] = {
    "text at the last row and column": (0x204, _text(65535, 65535, 1, b"x\0"), None),
    "text at the last row": (0x204, _text(65535, 0, 1, b"x\0"), None),
    "text at the last column": (0x204, _text(1, 255, 1, b"x\0"), None),
    "text longer than its record": (0x204, _text(2, 0, 65535, b"x\0"), None),
    "text of half a letter": (0x204, _text(2, 0, 1, b"x"), None),
    "text of half a pair": (0x204, _text(2, 0, 1, b"\x00\xd8"), None),
    "text number 4 thousand million": (0xFD, struct.pack("<HHHI", 2, 0, 0, 0xFFFFFFFF), None),
    "number cut off": (0x203, struct.pack("<HHH", 2, 0, 0) + b"\0\0", None),
    "number that is none": (0x203, struct.pack("<HHHd", 2, 0, 0, float("nan")), None),
    "numbers in a row backwards": (0xBD, struct.pack("<HH", 2, 9) + bytes(6) + struct.pack("<H", 1), None),
    "numbers in a row of nothing": (0xBD, b"", None),
    "formula of nothing": (0x6, b"", None),
    "formula of rubbish": (0x6, struct.pack("<HHH", 2, 0, 0) + b"\xff" * 40, None),
    "formula that counts too far": (0x6, struct.pack("<HHH", 2, 0, 0) + bytes(14) + struct.pack("<H", 60_000), None),
    "text result of nothing": (0x207, b"", None),
    "merges by the thousand, said": (0xE5, struct.pack("<H", 0xFFFF), None),
    "dimensions of all numbers": (0x200, struct.pack("<IIHHH", 0, 0xFFFFFFFF, 0, 0xFFFF, 0), None),
    "record longer than the file": (0x203, b"", 0xFFFF),
    "record nobody knows": (0xDEAD, b"\xff" * 8000, None),
    "continuation of nothing": (0x3C, b"\xff" * 100, None),
    "a sheet within the sheet": (0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0), None),
}
IN_BOOK: dict[str, tuple[Any, ...]] = {
    "2 thousand million texts": (0xFC, _STRINGS, None),
    "texts of nothing": (0xFC, b"", None),
    "texts minus one": (0xFC, struct.pack("<ii", -1, -1), None),
    "rich text of 65,535 runs": (0xFC, struct.pack("<IIHBH", 1, 1, 5, 8, 0xFFFF) + b"Hello", None),
    "text with 2 GB of sounds": (0xFC, struct.pack("<IIHBI", 1, 1, 5, 4, 0x7FFFFFFF) + b"Hello", None),
    "alphabet nobody knows": (0x42, struct.pack("<H", 0xFFFF), None),
    "alphabet of nothing": (0x42, b"", None),
    "a sheet that starts past the end": (0x85, struct.pack("<IHBB", 0x7FFFFFFF, 0, 1, 0) + b"x", None),
    "a sheet that starts at the start": (0x85, struct.pack("<IHBB", 0, 0, 1, 0) + b"x", None),
    "a sheet of no name": (0x85, b"", None),
    "a name longer than its record": (0x85, struct.pack("<IHBB", 99, 0, 255, 1) + b"x", None),
    "formats of nothing": (0x41E, b"", None),
    "styles of nothing": (0xE0, b"", None),
    "names of nothing": (0x18, b"", None),
    "names of rubbish": (0x18, b"\xff" * 60, None),
    "links of rubbish": (0x17, b"\xff\xff" + b"\x01" * 20, None),
    "another start": (0x809, struct.pack("<HHHHII", 0x500, 5, 0, 0, 0, 0), None),
}

FILES: dict[str, Hostile] = {
    **{f"xls header: {title}": hostile(_patched(*field), READ, UNREADABLE) for title, field in HEADER_FIELDS.items()},
    **{f"xls table: {title}": hostile(_patched(*field), READ, UNREADABLE) for title, field in TABLE.items()},
    **{f"xls entry: {title}": hostile(_in_entry(*field), READ, UNREADABLE) for title, field in ENTRIES.items()},
    **{
        f"xls sheet: {title}": hostile(_sheet_record(*field), READ, UNREADABLE, TOO_BIG)
        for title, field in IN_SHEET.items()
    },
    **{
        f"xls book: {title}": hostile(_book_record(*field), READ, UNREADABLE, NO_HEADER)
        for title, field in IN_BOOK.items()
    },
    **{f"xls before 1997: {kind:#x}": hostile(_older(kind), UNREADABLE) for kind in (0x9, 0x209, 0x409)},
    "xls: locked by a weak key": hostile(_book_record(0x2F, struct.pack("<HHH", 0, 7, 9)), ENCRYPTED),
    "xls: locked by RC4": hostile(_book_record(0x2F, struct.pack("<HHH", 1, 1, 1) + bytes(48)), ENCRYPTED),
    "xls: locked by RC4 and its own module": hostile(
        _book_record(0x2F, struct.pack("<HHH", 1, 2, 2) + bytes(100)), ENCRYPTED
    ),
    "xlsx locked by AES, agile": hostile(
        lambda: compound(EncryptionInfo=b"\4\0\4\0\x40\0\0\0<encryption/>", EncryptedPackage=bytes(9000)), ENCRYPTED
    ),
    "xlsx locked by AES, standard": hostile(
        lambda: compound(EncryptionInfo=b"\4\0\2\0\x24\0\0\0" + bytes(200), EncryptedPackage=bytes(9000)), ENCRYPTED
    ),
    "xls: only the container's mark": hostile(lambda: bytes(_good()[:8]), UNREADABLE),
    "xls: only the header": hostile(lambda: bytes(_good()[:512]), UNREADABLE),
    "xls: a message of Outlook": hostile(lambda: compound(__properties_version1_0=bytes(5000)), UNREADABLE),
    "xls: a Word document": hostile(lambda: compound(WordDocument=b"\xec\xa5" + bytes(5000)), UNREADABLE),
    "xls: macros beside the workbook": hostile(
        lambda: compound(Workbook=b"".join(_streams()) + _record(0xA), _VBA_PROJECT_CUR=b"\xcc\x61" + bytes(5000)), READ
    ),
    "xls: a stream of zeros": hostile(lambda: compound(Workbook=bytes(20_000)), UNREADABLE),
    "xls: 4 MB of empty records": hostile(lambda: compound(Workbook=_START + _record(0x99) * 15_000), UNREADABLE),
}
