"""Writing the sheet that a shipper fills in."""

import io
from collections.abc import Sequence

import xlsxwriter
from django.utils.translation import gettext as _

from icargos.booking.rules.columns import COLUMNS, Column
from icargos.kit.texts import gettext_noop

_ROWS = 5000
_AS_TEXT = {"order_ref", "profile", "consignee_phone", "alt_phone"}
_WIDE = {"address": 40, "product": 28, "remarks": 28, "landmark": 22, "consignee_email": 24}
_YES_OR_NO = ["Y", "N"]
_PROOFS = ["none", "signature", "photo", "code"]
_HELP = {
    "order_ref": gettext_noop("Your own number of the order, once only."),
    "service": gettext_noop("Choose from the list."),
    "profile": gettext_noop("Profile ID of the place we collect from; empty for your default one."),
    "destination_city": gettext_noop("Choose from the list, or write it your way: LHR and لاہور are understood."),
    "consignee_phone": gettext_noop("A mobile, as 0300-1234567."),
    "address": gettext_noop("House, street and area; 10 to 250 characters."),
    "pieces": gettext_noop("1 to 99."),
    "weight_kg": gettext_noop("0.01 to 100 kg."),
    "length_cm": gettext_noop("In cm; length, width and height, or none of the three."),
    "cod_amount": gettext_noop("Whole rupees; 0 when it is prepaid. It may not be empty."),
    "allow_open": gettext_noop("Y if the consignee may open the parcel before paying."),
    "proof": gettext_noop("What the rider brings back: none, signature, photo or code."),
}


def write(*, services: Sequence[str], profiles: Sequence[str], cities: Sequence[str]) -> bytes:
    """An xlsx with our columns, drop-downs for what has a list, and a help sheet. Nothing in it is a formula."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    data = book.add_worksheet("Orders")
    told = book.add_worksheet(_("Help"))
    lists = book.add_worksheet("Lists")
    lists.hide()
    head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#EFEEEB"})
    required = book.add_format({"bold": True, "bottom": 1, "bg_color": "#FBE9B7"})
    text = book.add_format({"num_format": "@"})
    choices = {
        "service": services,
        "profile": profiles,
        "destination_city": cities,
        "allow_open": _YES_OR_NO,
        "fragile": _YES_OR_NO,
        "proof": _PROOFS,
    }
    for place, column in enumerate(COLUMNS):
        data.write_string(0, place, _title(column), required if column.required else head)
        data.set_column(place, place, _WIDE.get(column.key, 17), text if column.key in _AS_TEXT else None)
    for place, (key, options) in enumerate(choices.items()):
        lists.write_column(0, place, list(options))
        at = next(i for i, column in enumerate(COLUMNS) if column.key == key)
        letter = xlsxwriter.utility.xl_col_to_name(place)
        rule = {
            "validate": "list",
            "source": f"=Lists!${letter}$1:${letter}${max(1, len(options))}",
            # A city may be written in many ways, so a text outside the list only asks.
            "error_type": "warning",
        }
        data.data_validation(1, at, _ROWS, at, rule)
    data.freeze_panes(1, 0)
    told.set_column(0, 0, 34)
    told.set_column(1, 1, 12)
    told.set_column(2, 2, 80)
    told.write_row(0, 0, [_("Column"), _("Required"), _("What to write")], head)
    for row, column in enumerate(COLUMNS, start=1):
        told.write_row(row, 0, [column.title, "*" if column.required else "", _(_HELP.get(column.key, " ")).strip()])
    book.close()
    return out.getvalue()


def _title(column: Column) -> str:
    return f"{column.title} *" if column.required else column.title
