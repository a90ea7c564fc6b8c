"""A CSV in which nothing runs: texts are made inert, figures of our own stay figures."""

import csv
import io

from icargos.kit.csv_file import write_csv


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
