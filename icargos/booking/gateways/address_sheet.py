"""Writing the address book out."""

import io
from collections.abc import Iterable, Sequence

import xlsxwriter

from icargos.booking.rules.addresses import ADDRESS_COLUMNS
from icargos.booking.rules.columns import BY_KEY

_WIDE = {"address": 44, "landmark": 24, "consignee_email": 26}


def write(rows: Iterable[Sequence[str]]) -> bytes:
    """An xlsx with a row of titles and one for each entry, in the columns' order. Every cell is text."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("Addresses")
    head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#EFEEEB"})
    text = book.add_format({"num_format": "@"})
    for place, key in enumerate(ADDRESS_COLUMNS):
        sheet.write_string(0, place, BY_KEY[key].title, head)
        sheet.set_column(place, place, _WIDE.get(key, 18), text)
    for number, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            sheet.write_string(number, place, value, text)
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()
