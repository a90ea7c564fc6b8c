"""Files that mean harm or are merely broken: each is refused by name, in little memory, and nothing is read."""

import os
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

import icargos
from icargos.booking.gateways import reader
from icargos.booking.gateways.sheet import MAX_BYTES, SheetRefused, read
from tests.booking.files import (
    HEADERS,
    ORDER,
    cells,
    compound,
    csv_bytes,
    good_rows,
    nested_zip,
    old_excel,
    workbook,
)

UNREADABLE, ENCRYPTED, TOO_BIG, NO_HEADER = "FILE_UNREADABLE", "FILE_ENCRYPTED", "FILE_TOO_BIG", "HEADER_MISSING"
Make = Callable[[Path], object]


def _bytes(data: bytes) -> Make:
    return lambda path: path.write_bytes(data)


def _rows(rows: str, **more: str | bytes) -> Make:
    return lambda path: workbook(path, rows, **more)


def _truncated(path: Path) -> None:
    workbook(path, good_rows())
    path.write_bytes(path.read_bytes()[:700])


def _torn(path: Path) -> None:
    workbook(path, good_rows())
    data = bytearray(path.read_bytes())
    start = data.index(b"worksheets/sheet1.xml") + 30
    data[start : start + 60] = bytes(60)
    path.write_bytes(data)


def _many_rows(path: Path) -> None:
    workbook(path, cells(1, HEADERS) + "".join(cells(number, ORDER) for number in range(2, 60_002)))


def _many_entries(path: Path) -> None:
    workbook(path, good_rows(), **{f"x{number}": b"" for number in range(3_000)})


def _locked_zip(path: Path) -> None:
    workbook(path, good_rows())
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    path.write_bytes(data)


def _lying_size(path: Path) -> None:
    """400 MB behind a directory that says 1 MB."""
    workbook(path, good_rows() + " " * 400_000_000)
    data = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        true = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    path.write_bytes(data.replace(true.to_bytes(4, "little"), (1_000_000).to_bytes(4, "little")))


def _cell(place: str, row: int = 2) -> str:
    return cells(1, HEADERS) + f'<row r="{row}"><c r="{place}" t="inlineStr"><is><t>x</t></is></c></row>'


CASES: dict[str, tuple[Make, str]] = {
    "empty": (_bytes(b""), UNREADABLE),
    "only spaces": (_bytes(b"   \r\n \r\n"), UNREADABLE),
    "only a byte order mark": (_bytes(b"\xef\xbb\xbf"), UNREADABLE),
    "over 25 MB": (_bytes(b"a" * (MAX_BYTES + 1)), TOO_BIG),
    "a picture": (_bytes(b"\x89PNG\r\n\x1a\n" + bytes(500)), UNREADABLE),
    "a PDF": (_bytes(b"%PDF-1.7\n1 0 obj"), UNREADABLE),
    "a web page named xls": (_bytes(b"<html><table><tr><td>Order</td></tr></table></html>"), UNREADABLE),
    "a Word document": (_bytes(nested_zip()), UNREADABLE),
    "random bytes": (_bytes(random.Random(1).randbytes(5_000)), UNREADABLE),
    "a text without headers": (_bytes(b"Dear courier,\nplease collect my parcels.\n"), NO_HEADER),
    "numbers without headers": (_bytes(b"1,2,3\n4,5,6\n"), NO_HEADER),
    "headers without orders": (_bytes(",".join(HEADERS).encode()), UNREADABLE),
    "csv with NULs": (_bytes(csv_bytes().replace(b"Sana", b"Sa\0na")), UNREADABLE),
    "csv with one cell of 10 MB": (_bytes(csv_bytes() + b"x" * 10_000_000), TOO_BIG),
    "csv with a quote never closed": (_bytes(csv_bytes() + b'"' + b"a,b\n" * 20_000), TOO_BIG),
    "csv with 60,000 rows": (_bytes(csv_bytes() + b"a,b,c\n" * 60_000), TOO_BIG),
    "csv with 5,000 columns": (_bytes(csv_bytes() + b"x," * 5_000), TOO_BIG),
    "broken UTF-16": (_bytes(b"\xff\xfe\x00\xd8a"), UNREADABLE),
    "xlsx cut off": (_truncated, UNREADABLE),
    "xlsx torn inside": (_torn, UNREADABLE),
    "only the zip's signature": (_bytes(b"PK\x03\x04"), UNREADABLE),
    "encrypted xlsx": (_bytes(compound(EncryptionInfo=b"", EncryptedPackage=b"")), ENCRYPTED),
    "xls behind a password": (_bytes(old_excel([HEADERS, ORDER], locked=True)), ENCRYPTED),
    "zip behind a password": (_locked_zip, ENCRYPTED),
    "xls container with nothing inside": (_bytes(compound()), UNREADABLE),
    "xls cut off": (_bytes(old_excel([HEADERS, ORDER])[:1_500]), UNREADABLE),
    "old Word document": (_bytes(compound(WordDocument=b"")), UNREADABLE),
    "zip bomb in an extra entry": (_rows(good_rows(), xl__media__a=bytes(300_000_000)), TOO_BIG),
    "zip bomb in the sheet": (_rows(good_rows() + " " * 100_000_000), TOO_BIG),
    "zip bomb in the texts": (_rows(good_rows(), **{"xl__sharedStrings.xml": bytes(50_000_000)}), TOO_BIG),
    "zip that lies about its size": (_lying_size, UNREADABLE),
    "3,000 entries": (_many_entries, TOO_BIG),
    "one cell at XFD1048576": (_rows(_cell("XFD1048576", 1048576)), TOO_BIG),
    "one cell at A1048576": (_rows(_cell("A1048576", 1048576)), TOO_BIG),
    "one cell at XFD2": (_rows(_cell("XFD2")), TOO_BIG),
    "far cell in a row that says it is near": (_rows(_cell("XFD1048576", 2)), TOO_BIG),
    "far cell in single quotes": (_rows(_cell("XFD1048576").replace('"', "'")), TOO_BIG),
    "60,000 rows": (_many_rows, TOO_BIG),
    "one cell of 10 MB": (_rows(cells(1, HEADERS) + cells(2, ["x" * 10_000_000])), TOO_BIG),
    "one cell of 40,000 letters": (_rows(cells(1, HEADERS) + cells(2, ["x" * 40_000])), TOO_BIG),
    "a sheet that is missing": (lambda path: _renamed(path), UNREADABLE),
    "no sheet data": (_rows(""), UNREADABLE),
    "xlsx without headers": (_rows(cells(1, ["1", "2"]) + cells(2, ["3", "4"])), NO_HEADER),
    "XML that expands itself": (
        _rows(good_rows(), **{"xl__sharedStrings.xml": '<!DOCTYPE a [<!ENTITY b "c">]><sst>' + "&b;" * 10}),
        UNREADABLE,
    ),
}


def _renamed(path: Path) -> None:
    workbook(path, good_rows())
    path.write_bytes(path.read_bytes().replace(b"worksheets/sheet1.xml", b"worksheets/sheet9.xml"))


@pytest.mark.parametrize("name", CASES)
def test_a_bad_file_is_refused_by_name_with_a_sentence(name: str, tmp_path: Path) -> None:
    make, code = CASES[name]
    path = tmp_path / "file"
    make(path)
    with pytest.raises(SheetRefused) as refused:
        read(path, f"{name}.xlsx")
    assert refused.value.code == code
    assert refused.value.message.endswith(".")
    assert refused.value.http_status == 422


def test_the_readers_memory_is_limited(tmp_path: Path) -> None:
    root = Path(icargos.__file__).parent.parent
    code = "from icargos.booking.gateways import reader; reader._limit(); bytearray(reader.MEMORY_BYTES)"
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, check=False)
    assert b"MemoryError" in done.stderr
    assert reader.MEMORY_BYTES <= 512 * 1024 * 1024


def test_the_reader_holds_nothing_of_the_portal() -> None:
    root = Path(icargos.__file__).parent.parent
    code = "import sys, icargos.booking.gateways.reader; print(*{name.split('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, check=True, text=True)
    assert not {"django", "psycopg", "phonenumbers", "rapidfuzz"} & set(done.stdout.split())


def test_the_largest_sheet_we_take_fits_into_that_memory(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", cells(1, HEADERS) + "".join(cells(row, ORDER) for row in range(2, 50_002)))
    assert len(read(path, "a.xlsx").rows) == 50_000


def _instead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Let another programme stand where the interpreter is looked for."""
    other = tmp_path / "python"
    other.write_text(f"#!/bin/sh\n{script}\n")
    os.chmod(other, 0o755)
    monkeypatch.setattr(sys, "executable", str(other))


def test_a_reader_that_dies_is_a_damaged_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _instead(tmp_path, monkeypatch, "kill -9 $$")
    with pytest.raises(SheetRefused) as refused:
        read(workbook(tmp_path / "a.xlsx", good_rows()), "a.xlsx")
    assert refused.value.code == UNREADABLE


@pytest.mark.parametrize(
    "answer",
    [
        {"code": "", "template": "", "params": {}},
        {"code": "DOOM", "template": "x", "params": {}},
        {"code": "FILE_TOO_BIG", "template": "%(doom)s and %d.", "params": {}},
        {"sheet": {"name": "", "kind": "", "header_row": 1, "headers": ["a"], "numbers": [1], "rows": []}},
        {"sheet": {"name": "", "kind": "", "header_row": 1, "headers": ["a"], "numbers": [1], "rows": [["x", "y"]]}},
        {"sheet": {"name": "", "kind": "", "header_row": 1, "headers": ["a"], "numbers": ["1"], "rows": [["x"]]}},
        ["sheet"],
    ],
)
def test_a_reader_that_a_file_has_taken_over_is_not_believed(
    answer: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "answer").write_bytes(msgspec.msgpack.encode(answer))
    _instead(tmp_path, monkeypatch, f"cat '{tmp_path}/answer'")
    with pytest.raises(SheetRefused) as refused:
        read(workbook(tmp_path / "a.xlsx", good_rows()), "a.xlsx")
    assert refused.value.code == UNREADABLE
    assert "damaged" in refused.value.message


def test_a_name_that_looks_like_an_option_is_only_a_name(tmp_path: Path) -> None:
    path = tmp_path / "-c import os"
    path.write_bytes(csv_bytes())
    assert read(path, "--help\n; rm -rf /").rows == [ORDER]
