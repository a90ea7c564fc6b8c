"""Text files of mixed encodings, of open quotes, of endless rows and cells."""

from collections.abc import Callable

from tests.booking.corpus.parts import HEADERS, NO_HEADER, ORDER, READ, TOO_BIG, UNREADABLE, Hostile, hostile
from tests.booking.files import csv_bytes

_GOOD = csv_bytes()
_HEAD = ",".join(HEADERS).encode() + b"\r\n"
_UTF16 = csv_bytes(encoding="utf-16")
_LINE = ",".join(f'"{cell}"' for cell in ORDER).encode() + b"\r\n"


def _bytes(data: bytes) -> Callable[[], bytes]:
    return lambda: data


def _with_cell(cell: bytes) -> Callable[[], bytes]:
    return lambda: _HEAD + _LINE.replace(b'"Suit"', cell)


def _with_byte(byte: int) -> Callable[[], bytes]:
    return lambda: _GOOD.replace(b"Sana", b"Sa" + bytes([byte]) + b"na")


def _cut_utf16(length: int, encoding: str) -> Callable[[], bytes]:
    return lambda: csv_bytes(encoding=encoding)[:length]


MARKS = {
    "half a mark": b"\xef\xbb",
    "a mark of two": b"\xff",
    "two marks": b"\xef\xbb\xbf\xef\xbb\xbf",
    "UTF-16's mark before UTF-8": b"\xff\xfe",
    "the other mark before UTF-8": b"\xfe\xff",
    "UTF-32's mark": b"\xff\xfe\0\0",
    "UTF-7's mark": b"+/v8-",
    "EBCDIC's mark": b"\xdd\x73\x66\x73",
    "ten line ends": b"\r\n" * 10,
    "two hundred line ends": b"\r\n" * 200,
    "a lone quote": b'"',
    "two lone quotes": b'"\n"\n',
}
CELLS = {
    "a formula": b"=1+1",
    "a formula after a space": b" =1+1",
    "a formula after a tab": b'"\t=1+1"',
    "a call of a programme": b"=cmd|' /C calc'!A0",
    "a link that tells": b'"=HYPERLINK(""http://127.0.0.1:1/?""&A1)"',
    "a plus": b"+1+cmd|' /C calc'!A0",
    "a minus": b"-2+3+cmd|' /C calc'!A0",
    "an at sign": b"@SUM(1+1)*cmd|' /C calc'!A0",
    "a wide equals sign": "＝1+1".encode(),
    "a script": b"<script>alert(1)</script>",
    "an SQL sentence": b"'); DROP TABLE booking_import; --",
    "a template": b"{{ 7 * 7 }}{% debug %}${7*7}",
    "a path": b"../../../../etc/passwd",
    "a text that turns around": "\u202etiuS\u202c".encode(),
    "a hundred marks on one letter": ("S" + "\u0301" * 100).encode(),
    "letters nobody sees": ("\u200b\u200d\u2060" * 200).encode(),
    "letters outside the first plane": "👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿".encode() * 20,
    "a half pair": b"\xed\xa0\x80",
    "an overlong slash": b"\xc0\xaf",
    "a byte of Windows": b"Ren\xe9e",
    "Urdu in the old alphabet": "سوٹ".encode("cp1256", "replace"),
    "lines": b'"one\ntwo\r\nthree\rfour"',
    "a million letters": b"x" * 1_000_000,
    "32,768 letters": b"x" * 32_768,
    "a quote within": b'"Su"it"',
    "quotes, all of them open": b'"' * 4_999,
}

FILES: dict[str, Hostile] = {
    **{
        f"csv after {title}": hostile(_bytes(mark + _GOOD), READ, UNREADABLE, NO_HEADER)
        for title, mark in MARKS.items()
    },
    **{f"csv with {title}": hostile(_with_cell(cell), READ, UNREADABLE, TOO_BIG) for title, cell in CELLS.items()},
    **{f"csv with byte {byte:#04x}": hostile(_with_byte(byte), UNREADABLE) for byte in (0, 1, 7, 8, 14, 25, 28, 31)},
    **{
        f"csv in {encoding}, cut after {length}": hostile(_cut_utf16(length, encoding), UNREADABLE, NO_HEADER, READ)
        for encoding in ("utf-16", "utf-16-le", "utf-16-be")
        for length in (101, 400)
    },
    "csv: half UTF-8, half UTF-16": hostile(_bytes(_GOOD + _UTF16[2:]), UNREADABLE),
    "csv: half UTF-16, half UTF-8": hostile(_bytes(_UTF16 + _GOOD), UNREADABLE, READ),
    "csv: half UTF-8, half Windows": hostile(_bytes(_GOOD + _LINE.replace(b"Suit", "Soße".encode("cp1252"))), READ),
    "csv: a UTF-16 half pair": hostile(_bytes(_UTF16.replace("Suit".encode("utf-16-le"), b"\x00\xdc" * 4)), UNREADABLE),
    "csv: UTF-32": hostile(_bytes(csv_bytes(encoding="utf-32")), UNREADABLE, NO_HEADER),
    "csv: UTF-7": hostile(_bytes(_GOOD.replace(b"Suit", b"+AD0-1")), READ),
    "csv: cut within a letter": hostile(_bytes(_GOOD.replace(b"Suit", "سوٹ".encode()[:-1])), READ),
    "csv: a quote opened in the header": hostile(_bytes(b'"' + _GOOD), READ, UNREADABLE, NO_HEADER, TOO_BIG),
    "csv: a quote opened in the last cell": hostile(_bytes(_GOOD.replace(b"Suit", b'"Suit')), READ),
    "csv: a quote opened above 50,000 rows": hostile(
        _bytes(_HEAD + b'"' + _LINE[1:-3] + _LINE * 50_000), TOO_BIG, READ
    ),
    "csv: only quotes": hostile(_bytes(b'"' * 100_001), UNREADABLE, NO_HEADER, TOO_BIG),
    "csv: only commas": hostile(_bytes(b"," * 2_000_000), UNREADABLE, TOO_BIG),
    "csv: only line ends": hostile(_bytes(b"\n" * 2_000_000), UNREADABLE, TOO_BIG),
    "csv: only separators, line by line": hostile(_bytes(b";;;;\n" * 200_000), UNREADABLE, TOO_BIG),
    "csv: lines ended by CR": hostile(_bytes(_GOOD.replace(b"\r\n", b"\r")), READ),
    "csv: lines ended by LF CR": hostile(_bytes(_GOOD.replace(b"\r\n", b"\n\r")), READ),
    "csv: lines ended by what Unicode calls so": hostile(
        _bytes(_GOOD.replace(b"\r\n", "\u2028".encode())), UNREADABLE, NO_HEADER
    ),
    "csv: one line of 20 MB": hostile(_bytes(b"a" * 20_000_000), TOO_BIG),
    "csv: one line of a million cells": hostile(_bytes(b"a," * 1_000_000), TOO_BIG),
    "csv: header of 100,000 columns": hostile(_bytes(b"Phone," * 100_000), TOO_BIG),
    "csv: rows of 100,000 empty cells": hostile(_bytes(_GOOD + (b"," * 100_000 + b"\n") * 20), READ),
    "csv: 50,101 rows": hostile(_bytes(_HEAD + _LINE * 50_101), TOO_BIG),
    "csv: 500,000 rows of a letter": hostile(_bytes(_GOOD + b"a\n" * 500_000), TOO_BIG),
    "csv: rows that grow": hostile(_bytes(_HEAD + b"".join(b"a," * n + b"\n" for n in range(400))), TOO_BIG),
    "csv: sep that is a letter": hostile(_bytes(b"sep=e\r\n" + _GOOD), NO_HEADER, UNREADABLE),
    "csv: sep that is a quote": hostile(_bytes(b'sep="\r\n' + _GOOD), READ, NO_HEADER, UNREADABLE),
    "csv: sep that is a line end": hostile(_bytes(b"sep=\n\n" + _GOOD), READ, UNREADABLE, NO_HEADER),
    "csv: sep that is a letter of Urdu": hostile(_bytes("sep=ے\r\n".encode() + _GOOD), NO_HEADER),
    "csv: sep alone": hostile(_bytes(b"sep=,"), UNREADABLE),
    "csv: header twice, no order": hostile(_bytes(_HEAD * 2), UNREADABLE),
    "csv: header a thousand times, no order": hostile(_bytes(_HEAD * 1000), UNREADABLE),
    "csv: header of one word": hostile(_bytes(b"Phone\n0300-1234567\n"), NO_HEADER),
    "csv: header below 200 titles": hostile(_bytes(b"a title\n" * 200 + _GOOD), NO_HEADER),
    "csv: header of brackets": hostile(_bytes(b",".join([b"(" * 30_000] * 90) + b"\n" + _LINE), NO_HEADER),
    "csv: the same header ninety times": hostile(_bytes(b",".join([b"Phone"] * 90) + b"\n" + _LINE), NO_HEADER),
    "csv: our own columns only": hostile(_bytes(b"__row,__errors\n1,x\n"), NO_HEADER),
    "csv: our own columns full of nonsense": hostile(
        _bytes(_HEAD.replace(b"\r\n", b",__row,__errors\r\n") + _LINE[:-2] + b",-1e99,=1+1\r\n"), READ
    ),
    "csv: only the example rows": hostile(
        _bytes(
            _HEAD + b"EXAMPLE-1,Overnight,Karachi,Ayesha Khan (example),0300-1234567,"
            b'"House 12, Street 5, Block C, near Example Park",1,0.8,2750,x'
        ),
        UNREADABLE,
    ),
}
