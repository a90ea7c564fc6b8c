"""Zips that are bombs, lie about themselves, or name what they must not."""

import io
import stat
import struct
import zipfile
from collections.abc import Callable

from tests.booking.corpus.parts import (
    BOOK,
    ENCRYPTED,
    LINKS,
    READ,
    SHEET,
    STYLES,
    TEXTS,
    TOO_BIG,
    UNREADABLE,
    Entry,
    Hostile,
    book,
    good_entries,
    good_parts,
    hostile,
    packed,
    sheet_xml,
    texts_xml,
    zipped,
)

_MB = 1024 * 1024


def _extra(*entries: Entry) -> Callable[[], bytes]:
    return lambda: zipped([*good_entries(), *entries])


def _sheet_claims(**changes: object) -> Callable[[], bytes]:
    return lambda: zipped(good_entries(**changes))


def _with_end(change: Callable[[bytearray, int], None]) -> Callable[[], bytes]:
    def make() -> bytes:
        data = bytearray(packed(good_parts()))
        change(data, data.rindex(b"PK\x05\x06"))
        return bytes(data)

    return make


def _put(place: int, form: str, value: int) -> Callable[[bytearray, int], None]:
    return lambda data, end: struct.pack_into(form, data, end + place, value)


def _in_directory(place: int, form: str, value: int) -> Callable[[], bytes]:
    def make() -> bytes:
        data = bytearray(packed(good_parts()))
        struct.pack_into(form, data, data.index(b"PK\x01\x02") + place, value)
        return bytes(data)

    return make


def _quine() -> bytes:
    """A zip in a zip in a zip, five deep."""
    inner = packed({"a": bytes(5 * _MB)})
    for _ in range(5):
        inner = packed({f"{number}.zip": inner for number in range(10)})
    return inner


def _overlapping() -> bytes:
    """Three hundred names for one entry's data."""
    entries = [Entry(b"xl/media/kernel", bytes(2 * _MB))]
    copies = [Entry(f"xl/media/{n}".encode(), b"", size=2 * _MB, packed_size=2000, offset=0) for n in range(300)]
    return zipped([*entries, *good_entries(), *copies])


def _many(count: int) -> Callable[[], bytes]:
    return lambda: zipped([*good_entries(), *(Entry(b"x%d" % n, b"", 0) for n in range(count))])


def _zip64(size: int) -> Callable[[], bytes]:
    extra = struct.pack("<HHQQ", 1, 16, size, size)
    return _sheet_claims(size=0xFFFFFFFF, packed_size=0xFFFFFFFF, extra=extra)


def _method(method: int) -> Callable[[], bytes]:
    def make() -> bytes:
        data = packed(good_parts())
        for mark, place in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
            parts = data.split(mark)
            data = mark.join(
                [parts[0], *(p[: place - 4] + struct.pack("<H", method) + p[place - 2 :] for p in parts[1:])]
            )
        return data

    return make


def _recompressed(method: int) -> Callable[[], bytes]:
    def make() -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", method) as archive:
            for name, data in good_parts().items():
                archive.writestr(zipfile.ZipInfo(name), data, method)
        return out.getvalue()

    return make


_LINK = (stat.S_IFLNK | 0o777) << 16
_BLANK = b" " * (25 * _MB)
_TEXTS_OF_SPACES = texts_xml([" " * 25 * _MB]).encode()
_DEVICE = (stat.S_IFCHR | 0o666) << 16

NAMES: dict[str, bytes] = {
    "a path that climbs out": b"../../../../etc/passwd",
    "a path from the root": b"/etc/cron.d/evil",
    "a Windows path": b"C:\\Windows\\evil.dll",
    "backslashes that climb": b"..\\..\\evil",
    "a name with NUL": b"xl/media/a\x00.xml",
    "a name with line ends": b"xl/me\r\ndia",
    "a name of 60,000 letters": b"x" * 60_000,
    "an empty name": b"",
    "a name that is no UTF-8": b"\xff\xfe\xfa",
    "a name that turns around": "xl/\u202excod.slx".encode(),
    "only dots": b"....",
    "a directory where a sheet is": b"xl/worksheets/sheet1.xml/",
}

FILES: dict[str, Hostile] = {
    **{f"zip: {title}": hostile(_extra(Entry(name, b"x")), READ, UNREADABLE) for title, name in NAMES.items()},
    "zip: a link to /etc/passwd": hostile(_extra(Entry(b"a", b"/etc/passwd", 0, attributes=_LINK)), READ),
    "zip: a link in the sheet's place": hostile(_sheet_claims(data=b"/etc/passwd", method=0, attributes=_LINK)),
    "zip: a device": hostile(_extra(Entry(b"a", b"", 0, attributes=_DEVICE)), READ),
    "zip bomb: 275 MB of media": hostile(_extra(*(Entry(b"m%d" % n, _BLANK) for n in range(11))), TOO_BIG),
    "zip bomb: media at a high ratio": hostile(_extra(Entry(b"xl/media/a", bytes(30 * _MB))), TOO_BIG),
    "zip bomb: sheet of spaces": hostile(lambda: book({SHEET: sheet_xml(" " * 25 * _MB)}), TOO_BIG),
    "zip bomb: texts of spaces": hostile(lambda: book({TEXTS: texts_xml([" " * 25 * _MB])}), TOO_BIG),
    "zip bomb: styles of spaces": hostile(lambda: book({STYLES: b" " * 25 * _MB}), TOO_BIG),
    "zip bomb: workbook of spaces": hostile(lambda: book({BOOK: b" " * 25 * _MB}), TOO_BIG),
    "zip bomb: relations of spaces": hostile(lambda: book({LINKS: b" " * 25 * _MB}), TOO_BIG),
    "zip bomb: one name for each of 300": hostile(_overlapping, TOO_BIG),
    "zip bomb: nested": hostile(_quine),
    "zip bomb: nested beside a sheet": hostile(lambda: book({"xl/media/a.zip": _quine()}), READ),
    "zip: 2,001 entries": hostile(_many(2_001), TOO_BIG),
    "zip: 10,000 entries": hostile(_many(10_000), TOO_BIG),
    "zip: 66,000 entries, counted modulo 65,536": hostile(_many(66_000), TOO_BIG, UNREADABLE),
    "zip: size said smaller": hostile(_sheet_claims(size=10)),
    "zip: size said 0": hostile(_sheet_claims(size=0)),
    "zip: size said larger": hostile(_sheet_claims(size=9_000_000), READ, UNREADABLE),
    "zip: size said negative": hostile(_sheet_claims(size=0xFFFFFFFF), TOO_BIG, UNREADABLE),
    "zip: packed size said 0": hostile(_sheet_claims(packed_size=0)),
    "zip: packed size said past the end": hostile(_sheet_claims(packed_size=900_000_000), READ, UNREADABLE),
    "zip: packed size said negative": hostile(_sheet_claims(packed_size=0xFFFFFFFF), READ, UNREADABLE),
    "zip: sheet lies, 25 MB behind 1 KB": hostile(
        _sheet_claims(data=sheet_xml(" " * 25 * _MB).encode(), size=1000), UNREADABLE, TOO_BIG
    ),
    "zip: texts lie, 25 MB behind 1 KB": hostile(
        lambda: zipped(
            [
                Entry(name.encode(), data) if name != TEXTS else Entry(TEXTS.encode(), _TEXTS_OF_SPACES, size=1000)
                for name, data in good_parts().items()
            ]
        ),
        UNREADABLE,
    ),
    "zip: wrong checksum": hostile(_sheet_claims(crc=1)),
    "zip: 64-bit sizes that are true of nothing": hostile(_zip64(2**40), TOO_BIG),
    "zip: 64-bit sizes near the end of numbers": hostile(_zip64(2**64 - 1), TOO_BIG),
    "zip: offset past the end": hostile(_sheet_claims(offset=0x7FFFFFFF)),
    "zip: offset into another entry": hostile(_sheet_claims(offset=30)),
    "zip: said to be behind a password": hostile(_sheet_claims(flags=1), ENCRYPTED),
    "zip: strongly encrypted": hostile(_sheet_claims(flags=0x41), ENCRYPTED),
    "zip: the same name twice": hostile(lambda: zipped([*good_entries(), *good_entries()[-1:]])),
    "zip: names that differ by case": hostile(_extra(Entry(b"XL/WORKBOOK.XML", b"<x/>")), READ, UNREADABLE),
    "zip: backslashes in all names": hostile(
        lambda: packed({name.replace("/", "\\"): data for name, data in good_parts().items()}), READ, UNREADABLE
    ),
    "zip: stored, not packed": hostile(_recompressed(zipfile.ZIP_STORED), READ),
    "zip: packed by bzip2": hostile(_recompressed(zipfile.ZIP_BZIP2), READ, UNREADABLE),
    "zip: packed by lzma": hostile(_recompressed(zipfile.ZIP_LZMA), READ, UNREADABLE),
    **{f"zip: method {n}": hostile(_method(n)) for n in (1, 6, 9, 12, 93, 98, 99, 65535)},
    "zip: directory starts past the end": hostile(_with_end(_put(16, "<I", 0x7FFFFFFF))),
    "zip: directory starts before the file": hostile(_with_end(_put(12, "<I", 0x7FFFFFFF))),
    "zip: directory of no length": hostile(_with_end(_put(12, "<I", 0))),
    "zip: no entries counted": hostile(_with_end(_put(10, "<H", 0)), READ, UNREADABLE),
    "zip: 65,535 entries counted": hostile(_with_end(_put(10, "<H", 0xFFFF)), READ, UNREADABLE),
    "zip: on another disk": hostile(_with_end(_put(4, "<H", 7)), READ, UNREADABLE),
    "zip: comment longer than the file": hostile(_with_end(_put(20, "<H", 500))),
    "zip: name longer than the file": hostile(_in_directory(28, "<H", 0xFFFF)),
    "zip: extra field longer than the file": hostile(_in_directory(30, "<H", 0xFFFF)),
    "zip: made by version 999": hostile(_in_directory(6, "<H", 999), READ, UNREADABLE),
    "zip: month 15 of no year": hostile(_in_directory(14, "<H", 0xFFFF), READ, UNREADABLE),
    "zip: end record within the comment": hostile(
        lambda: zipped(good_entries(), comment=b"PK\x05\x06" + bytes(18)), READ, UNREADABLE
    ),
    "zip: two workbooks one after the other": hostile(
        lambda: packed(good_parts()) + book({SHEET: sheet_xml("")}), READ, UNREADABLE
    ),
    "zip: rubbish after the end": hostile(lambda: packed(good_parts()) + b"\xde\xad" * 50_000, UNREADABLE),
    "zip: a programme before it": hostile(lambda: b"MZ" + b"\x90\x00\x03" * 300 + packed(good_parts())),
    "zip: only the end record": hostile(lambda: b"PK\x05\x06" + bytes(18)),
    "zip: only a directory": hostile(lambda: packed(good_parts())[packed(good_parts()).index(b"PK\x01\x02") :]),
    "zip: holes in the data": hostile(lambda: packed(good_parts()).replace(b"PK\x03\x04", b"PK\x00\x00")),
}
