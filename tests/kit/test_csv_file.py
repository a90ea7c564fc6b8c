"""A CSV in which nothing runs: texts are made inert, figures of our own stay figures."""

import csv
import io

from django.db import connection

from icargos.kit.csv_file import inert_sql, write_csv


def read(data: bytes) -> list[list[str]]:
    """The rows as a reader of CSV sees them."""
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_a_text_that_would_start_a_formula_follows_an_apostrophe() -> None:
    assert read(write_csv(["=1"], [["-5"], [" +1"], ["@a"], ["plain"]])) == [
        ["'=1"],
        ["'-5"],
        ["'+1"],
        ["'@a"],
        ["plain"],
    ]


def test_a_figure_below_zero_stays_one_and_only_in_its_own_column() -> None:
    rows = read(write_csv(["ref", "net"], [["-5", "-150.00"], ["=1+1", "12.00"]], figures=[1]))
    assert rows[1:] == [["'-5", "-150.00"], ["'=1+1", "12.00"]]


def test_the_database_writes_a_text_as_we_do_whatever_it_begins_with(database: str) -> None:
    letters = [chr(code) for code in (*range(1, 0x3100), *range(0xFE00, 0xFFFE)) if chr(code) not in "\r\n"]
    texts = [start + rest for start in letters for rest in ("", "=1", " -5", "\u00a0＋923", "a")]
    (*ours,) = (row[0] for row in read(write_csv(["text"], [[text] for text in texts]))[1:])
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {inert_sql('t')} FROM unnest(%s::text[]) WITH ORDINALITY AS u (t, n) ORDER BY n", [texts]
        )
        theirs = [row[0] for row in cursor.fetchall()]
    assert theirs == ours
    assert sum(text.startswith("'") for text in ours) > 100
