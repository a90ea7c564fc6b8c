"""Writing the sheet that a shipper fills in."""

import io
from collections.abc import Mapping, Sequence

import xlsxwriter
from django.utils.translation import gettext, override
from xlsxwriter.utility import xl_col_to_name

from icargos.booking.gateways.sample_help import HELP, INTRODUCTION
from icargos.booking.gateways.table_writer import OPTIONS, add_meta
from icargos.booking.gateways.workbook import MAX_ROWS
from icargos.booking.rules.cells import ADDRESS_LENGTH, LONGEST_SIDE_CM, NAME_LENGTH, PIECES, WEIGHT_G
from icargos.booking.rules.columns import COLUMNS, Column
from icargos.booking.rules.examples import EXAMPLES
from icargos.booking.rules.sheet import HELP_SHEET, LISTS_SHEET
from icargos.consignments.rules import WINDOWS
from icargos.kit.texts import gettext_noop

VERSION = "2"
_AS_TEXT = {"order_ref", "profile", "consignee_phone", "alt_phone"}
_AS_NUMBER = {"pieces", "weight_kg", "length_cm", "width_cm", "height_cm", "cod_amount", "declared_value"}
_WIDE = {
    "address": 44,
    "product": 28,
    "remarks": 28,
    "landmark": 24,
    "consignee_email": 24,
    "consignee_name": 24,
    "destination_city": 20,
    "return_address": 40,
}
_NARROW = {"pieces": 10, "length_cm": 13, "width_cm": 13, "height_cm": 13, "weight_kg": 14}
_YES_OR_NO = ["Y", "N"]
_PROOFS = ["none", "signature", "photo", "code"]
_EXAMPLE_CITIES = ("Karachi", "Lahore", "Multan")
_HELP_HEAD = (
    gettext_noop("Column"),
    gettext_noop("Required"),
    gettext_noop("What to write"),
    gettext_noop("Limits"),
    gettext_noop("Example"),
)
_HEAD = {"bold": True, "bottom": 1, "bg_color": "#EFEEEB", "valign": "top"}
_REQUIRED = {**_HEAD, "bg_color": "#FBE9B7"}
_PLACE = {column.key: place for place, column in enumerate(COLUMNS)}


def write(*, services: Sequence[str], profiles: Sequence[str], cities: Sequence[str], shipper: str) -> bytes:
    """An xlsx with our columns, three example rows, drop-downs for what has a list, and a help sheet in two languages.

    ``services`` and ``cities`` are names, ``profiles`` are codes, the default one first; ``shipper`` is the account
    number. A value outside a list or a limit only asks, since our reader understands more than the list holds. No
    cell holds a formula. The hidden sheet names the template, its version and the shipper.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, OPTIONS)
    data = book.add_worksheet("Orders")
    help_sheet = book.add_worksheet(HELP_SHEET)
    lists = book.add_worksheet(LISTS_SHEET)
    lists.hide()
    choices = {
        "service": services,
        "profile": profiles,
        "destination_city": cities,
        "allow_open": _YES_OR_NO,
        "fragile": _YES_OR_NO,
        "proof": _PROOFS,
        "delivery_window": WINDOWS,
    }
    _write_columns(book, data)
    _write_examples(data, services, profiles, cities)
    _add_choices(data, lists, choices)
    _add_limits(data)
    _add_hints(book, data)
    _write_help(book, help_sheet)
    add_meta(book, {"template": "orders", "version": VERSION, "shipper": shipper})
    book.close()
    return out.getvalue()


def _write_columns(book: xlsxwriter.Workbook, data: xlsxwriter.worksheet.Worksheet) -> None:
    head, required = book.add_format(dict(_HEAD)), book.add_format(dict(_REQUIRED))
    text = book.add_format({"num_format": "@"})
    english, urdu = _help_rows("en"), _help_rows("ur")
    for place, column in enumerate(COLUMNS):
        data.write_string(0, place, _title(column), required if column.required else head)
        told = [f"{rows[place][2]}\n{rows[place][3]}" for rows in (english, urdu)]
        data.write_comment(0, place, "\n".join(told), {"x_scale": 2.2, "y_scale": 1.6})
        width = _WIDE.get(column.key) or _NARROW.get(column.key, 17)
        data.set_column(place, place, width, text if column.key in _AS_TEXT else None)
    data.freeze_panes(1, 0)


def _write_examples(
    data: xlsxwriter.worksheet.Worksheet, services: Sequence[str], profiles: Sequence[str], cities: Sequence[str]
) -> None:
    for row, example in enumerate(EXAMPLES, start=1):
        wished = _EXAMPLE_CITIES[row - 1]
        chosen = {
            "service": services[(row - 1) % len(services)] if services else "",
            "destination_city": wished if wished in cities else next(iter(cities), ""),
            "profile": profiles[0] if profiles and row == 1 else "",
        }
        for key, value in {**example, **chosen}.items():
            if key in _AS_NUMBER:
                data.write_number(row, _PLACE[key], float(value))
            elif value:
                data.write_string(row, _PLACE[key], value)


def _add_choices(
    data: xlsxwriter.worksheet.Worksheet,
    lists: xlsxwriter.worksheet.Worksheet,
    choices: Mapping[str, Sequence[str]],
) -> None:
    for place, (key, options) in enumerate(choices.items()):
        lists.write_column(0, place, list(options))
        letter = xl_col_to_name(place)
        source = f"={LISTS_SHEET}!${letter}$1:${letter}${max(1, len(options))}"
        _validate(data, key, {"validate": "list", "source": source})


def _add_limits(data: xlsxwriter.worksheet.Worksheet) -> None:
    between = {"criteria": "between"}
    pieces = {"minimum": PIECES[0], "maximum": PIECES[1]}
    weight = {"minimum": WEIGHT_G[0] / 1000, "maximum": WEIGHT_G[1] / 1000}
    _validate(data, "pieces", {"validate": "integer", **between, **pieces})
    _validate(data, "weight_kg", {"validate": "decimal", **between, **weight})
    _validate(data, "cod_amount", {"validate": "integer", **between, "minimum": 0, "maximum": 200_000})
    for key in ("length_cm", "width_cm", "height_cm"):
        _validate(data, key, {"validate": "decimal", **between, "minimum": 0, "maximum": LONGEST_SIDE_CM})
    for key, (low, high) in {"consignee_name": NAME_LENGTH, "address": ADDRESS_LENGTH}.items():
        _validate(data, key, {"validate": "length", **between, "minimum": low, "maximum": high})


def _validate(data: xlsxwriter.worksheet.Worksheet, key: str, rule: dict[str, object]) -> None:
    place = _PLACE[key]
    data.data_validation(1, place, MAX_ROWS, place, {**rule, "error_type": "warning"})


def _add_hints(book: xlsxwriter.Workbook, data: xlsxwriter.worksheet.Worksheet) -> None:
    """Grey for a row as long as it is an example, and a tint for a required cell that a started row still lacks."""
    last = len(COLUMNS) - 1
    example = book.add_format({"italic": True, "font_color": "#8A8780"})
    lacking = book.add_format({"bg_color": "#FDF3D7"})
    reference = xl_col_to_name(_PLACE["order_ref"])
    rule = {"type": "formula", "criteria": f'=LEFT(${reference}2,8)="EXAMPLE-"', "format": example}
    data.conditional_format(1, 0, MAX_ROWS, last, rule)
    for column in COLUMNS:
        if column.required:
            place = _PLACE[column.key]
            letter = xl_col_to_name(place)
            started = f"COUNTA($A2:${xl_col_to_name(last)}2)>0"
            rule = {"type": "formula", "criteria": f"=AND({started},ISBLANK({letter}2))", "format": lacking}
            data.conditional_format(1, place, MAX_ROWS, place, rule)


def _write_help(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    leftward = book.add_format({"text_wrap": True, "valign": "top", "align": "right", "reading_order": 2})
    head = book.add_format(dict(_HEAD))
    leftward_head = book.add_format({**_HEAD, "align": "right", "reading_order": 2})
    for place, width in enumerate((24, 10, 56, 20, 36, 56, 22)):
        sheet.set_column(place, place, width)
    with override("en"):
        lines = [gettext(line) for line in INTRODUCTION]
        english_head = [gettext(word) for word in _HELP_HEAD]
    with override("ur"):
        urdu_lines = [gettext(line) for line in INTRODUCTION]
        urdu_head = [gettext(word) for word in _HELP_HEAD[2:4]]
    for row, (line, urdu) in enumerate(zip(lines, urdu_lines, strict=True)):
        sheet.merge_range(row, 0, row, 4, line, wrapped)
        sheet.merge_range(row, 5, row, 6, urdu, leftward)
        sheet.set_row(row, 32)
    top = len(lines) + 1
    sheet.write_row(top, 0, english_head, head)
    sheet.write_row(top, 5, urdu_head, leftward_head)
    for row, (english, urdu_row) in enumerate(zip(_help_rows("en"), _help_rows("ur"), strict=True), start=top + 1):
        for place, text in enumerate(english):
            sheet.write_string(row, place, text, wrapped)
        for place, text in enumerate(urdu_row[2:4], start=5):
            sheet.write_string(row, place, text, leftward)
    sheet.freeze_panes(top + 1, 1)


def _help_rows(language: str) -> list[tuple[str, str, str, str, str]]:
    """For each column its title, whether it is required, what to write, the limits, an example."""
    with override(language):
        return [
            (
                column.title,
                "*" if column.required else "",
                gettext(HELP[column.key].what),
                HELP[column.key].limits.say(gettext),
                HELP[column.key].example,
            )
            for column in COLUMNS
        ]


def _title(column: Column) -> str:
    return f"{column.title} *" if column.required else column.title
