"""The airway bill, laid out on 4 x 6 inches: where everything stands, and by which rule a long text gives way."""

from typing import Final

from icargos.kit.cn import group
from icargos.paper import codes
from icargos.paper.faces import width_em
from icargos.paper.label import Label
from icargos.paper.parts import (
    amount_in_words,
    cod_caption,
    contents,
    day_of,
    digest,
    flags,
    kilos,
    logo_width,
    origin_of,
    piece_bars,
    reference,
    sender_of,
    urdu_amount,
)
from icargos.paper.sheet import Sheet, clean, is_urdu

WIDTH: Final = 288
HEIGHT: Final = 432
_LEFT: Final = 8
_RIGHT: Final = 280
_INNER: Final = _RIGHT - _LEFT
_REF_LEFT: Final = 170.0


def _header(sheet: Sheet, label: Label) -> None:
    """Who carries, for whom, and how fast (top to 38)."""
    if label.courier_logo:
        sheet.logo(digest(label.courier_logo), _LEFT, 9, 22, 22)
    else:
        sheet.box(_LEFT, 9, 22, 22, 5, filled=True)
        sheet.icon("route", 11.5, 12.5, 15, white=True)
    sheet.line("700", 11.5, 35, 20, clean(label.courier_name), room=102, least=6)
    sheet.line("400", 7, 35, 29.5, clean(label.courier_phone), room=102, least=5.5)
    left = 142.0
    if label.shipper_logo:
        width = logo_width(label.shipper_logo, 64, 22)
        sheet.logo(digest(label.shipper_logo), left, 9, width, 22)
        left += width + 4
        if width < 40:  # a wide logo says the name itself; the sender stands below in any case
            sheet.flow("600", (8.4, 7.6, 6.8, 6), left, 10.5, 206 - left, 20, clean(label.shipper_name))
    else:
        sheet.line("400", 7, left, 20, "From")
        sheet.line("600", 9, left, 29.5, clean(label.shipper_name), room=206 - left, least=6.2)
    sheet.box(212, 9, 68, 22, 3, filled=True)
    sheet.line("700", 10, 246, 23.7, clean(label.service).upper(), room=63, least=6, anchor="center", white=True)
    sheet.rule(0, 38, WIDTH, 38)


def _sorting(sheet: Sheet, label: Label) -> None:
    """Where it goes, readable across a hall (38 to 106)."""
    city = clean(label.destination_city).upper()
    code = clean(label.sort_code).upper() or city
    size = max(16.0, min(59.0, 194 / width_em("800", code)[0]))
    taken = sheet.line("800", size, 6, 72 + 0.355 * size, code, room=194, least=16)
    room = _RIGHT - max(6 + taken + 8, 140)
    sheet.line("700", 15, _RIGHT, 58, city, room=room, least=6.5, anchor="right")
    sheet.line("600", 9.5, _RIGHT, 70.5, clean(label.destination_city_urdu), room=room, least=6, anchor="right")
    sheet.line("400", 8.5, _RIGHT, 83, origin_of(label), room=room, least=5.5, anchor="right")
    sheet.line("500", 8.5, _RIGHT, 95, clean(label.sort_note), room=room, least=5.5, anchor="right")
    sheet.rule(0, 106, WIDTH, 106)


def _scanning(sheet: Sheet, label: Label) -> None:
    """The CN in bars and the QR, each with its own quiet zone (106 to 190)."""
    widths = codes.code128(label.cn)
    modules = sum(map(int, widths))
    module = sheet.dots(196 / (modules + 20), sheet.at_least(0.375 * max(1, sheet.scale)))
    least = 42.6 / sheet.scale  # 15 mm
    if label.pieces == 1:
        sheet.bars(widths, 102 - modules * module / 2, 120, module, max(44, least))
        sheet.line("mono", 13.5, 102, 179.5, group(label.cn), room=180, least=8, anchor="center")
    else:
        height = max(42.6, least)
        sheet.bars(widths, 102 - modules * module / 2, 110, module, height)
        sheet.line("mono", 11.5, 102, 120 + height, group(label.cn), room=180, least=8, anchor="center")
        piece_bars(sheet, label, 102, 123.5 + height, 200, 181)
    rows = codes.qr(label.qr_url)
    module = sheet.dots(74.7 / (len(rows) + 8))
    size = len(rows) * module
    sheet.squares(rows, 237 - size / 2, 143.9 - size / 2, module)
    sheet.line("500", 6.4, 237, 186.4, "Scan: status and exact COD", anchor="center")
    sheet.rule(0, 190, WIDTH, 190)


def _collecting(sheet: Sheet, label: Label) -> None:
    """What the rider takes, in figures, words and Urdu, or that he takes nothing (190 to 242)."""
    if not label.cod_rupees:
        sheet.box(2.5, 192.5, WIDTH - 5, 47, 4, filled=False, line=2.5)
        sheet.line("500", 8, 10, 206, "Paid already, collect nothing")
        sheet.line("800", 27, 10, 232, "PREPAID")
        sheet.line("600", 12, 278, 231, urdu_amount(label), anchor="right")
        return
    sheet.box(0, 190, WIDTH, 52, filled=True)
    caption = sheet.line("500", 8, 10, 206, cod_caption(label), white=True)
    taken = sheet.line("800", 27, 10, 232, f"Rs {label.cod_rupees:,}", room=140, least=18, white=True)
    sheet.line("600", 12, 278, 231, urdu_amount(label), room=262 - taken, least=7, anchor="right", white=True)
    amount_in_words(sheet, label.cod_rupees, 278, 206, min(176, 260 - caption))


def _delivering(sheet: Sheet, label: Label) -> None:
    """To whom and where (242 to 311). A long address takes the phone's line; the phone moves up beside the name."""
    name, phone, address = clean(label.consignee_name), clean(label.consignee_phone), clean(label.address)
    one_line = width_em("500", address)[0] * 7.8 <= _INNER
    urdu_name = is_urdu(name)
    sheet.line("400", 6.8, _LEFT, 253.5, "TO")
    name_y, phone_x, room = 268.0, float(_LEFT), float(_INNER)
    if not one_line:
        name_y, room = 266.0, _INNER - 84.0
        phone_x = _LEFT if urdu_name else _RIGHT - 76
    elif urdu_name:
        room = 190.0
    if urdu_name:
        sheet.line("nastaliq", 13, _RIGHT, name_y - 1, name, room=room, least=7, anchor="right")
    else:
        sheet.line("700", 13.5, _LEFT, name_y, name, room=room, least=6.5)
    sheet.line("mono", 10.5, phone_x, 281 if one_line else name_y, phone, room=110 if one_line else 80, least=7)
    if one_line:
        if is_urdu(address):
            sheet.line("500", 9.5, _RIGHT, 293, address, room=_INNER, least=7, anchor="right")
        else:
            sheet.line("500", 9.5, _LEFT, 293, address, room=_INNER, least=7)
    taken = sheet.line("700", 12, _RIGHT, 305.5, clean(label.destination_city), room=130, least=8, anchor="right")
    room, landmark = _INNER - taken - 8, f"Landmark: {clean(label.landmark)}" if clean(label.landmark) else ""
    two_lines = width_em("400", landmark)[0] * 6.8 > room
    if two_lines:
        sheet.flow("400", (6.4, 6), _LEFT, 296.4, room, 13.8, landmark)
    else:
        sheet.line("400", 8.8, _LEFT, 305.5, landmark, room=room, least=6)
    if not one_line:
        height = (295.6 if two_lines else 298.0) - 269.5
        sheet.flow("500", (8.8, 8, 7.4, 6.8, 6.4, 6, 5.7), _LEFT, 269.5, _INNER, height, address)
    sheet.rule(0, 311, WIDTH, 311)


def _returning(sheet: Sheet, label: Label) -> None:
    """Who sent it and where it goes back to (311 to 349). A long address takes the caption's line as well."""
    sender = sender_of(label)
    address = clean(label.return_address)
    caption = "FROM AND RETURN TO"
    if width_em("400", address)[0] * 7 <= _INNER:
        sheet.line("400", 6.8, _LEFT, 321, caption)
        sheet.line("600", 8.6, _LEFT, 332, sender, room=_INNER, least=5.8)
        sheet.line("400", 8.2, _LEFT, 342.5, address, room=_INNER, least=6)
    else:
        sheet.line("400", 5.2, _RIGHT, 316, caption, anchor="right")
        sheet.line("600", 8.6, _LEFT, 323, sender, room=_INNER, least=5.5)
        sheet.flow("400", (7.8, 7.2, 6.6, 6, 5.7), _LEFT, 325, _INNER, 23.4, address)
    sheet.rule(0, 349, WIDTH, 349)


def _facts(sheet: Sheet, label: Label) -> None:
    """Pieces, weight, date, size, proof, and the shop's own number (349 to 390)."""
    for x, room, caption, value in (
        (_LEFT, 43, "Pieces", f"{label.piece} of {label.pieces}"),
        (54, 47, "Weight", kilos(label.weight_g)),
        (104, 62, "Booked", day_of(label.booked_on)),
    ):
        sheet.line("400", 6.8, x, 359, caption)
        sheet.line("700", 10, x, 371, value, room=room, least=6)
    if label.length_cm and label.width_cm and label.height_cm:
        size = f"Size {label.length_cm} × {label.width_cm} × {label.height_cm} cm"
        sheet.line("400", 6.8, _LEFT, 382, size, room=92, least=5)
    if label.proof != "none":
        sheet.line("400", 6.8, 104, 382, f"Proof: {label.proof}", room=62, least=5)
    if label.order_ref:
        sheet.rule(_REF_LEFT, 349, _REF_LEFT, 390)
        reference(sheet, clean(label.order_ref), _REF_LEFT, 349)
    sheet.rule(0, 390, WIDTH, 390)


def _contents(sheet: Sheet, label: Label) -> None:
    """Product and remarks (390 to 406). Where they do not fit one line the product gives way first."""
    both = contents(label)
    if width_em("400", both)[0] * 6.6 <= _INNER:
        sheet.line("400", 7.6, _LEFT, 400.5, both, room=_INNER, least=6)
    else:
        sheet.flow("400", (6.4, 6, 5.7), _LEFT, 391.4, _INNER, 14.4, contents(label, 60))
    sheet.rule(0, 406, WIDTH, 406)


def _flags(sheet: Sheet, label: Label) -> None:
    """May it be opened, must it be handled with care, what proves delivery, which print is this (406 to the end)."""
    flags(sheet, label, _LEFT, 410.5)
    if label.reprint:
        sheet.line("600", 6.2, 281, 417.5, "REPRINT", anchor="right")
        sheet.line("700", 8.5, 281, 426.5, str(label.reprint), anchor="right")


_PARTS: Final = (_header, _sorting, _scanning, _collecting, _delivering, _returning, _facts, _contents, _flags)


def compose(label: Label, sheet: Sheet, copy: int) -> None:
    """Lay one label out on a sheet whose layout is 288 x 432 points."""
    for part in _PARTS:
        part(sheet, label)
