"""The 4 x 6 inch airway bill: where everything stands, and by which rule a long text gives way."""

from hashlib import sha256
from typing import Final

from icargos.kit.cn import group
from icargos.paper import codes
from icargos.paper.faces import width_em
from icargos.paper.label import Label
from icargos.paper.marks import box, icon, rule, strokes
from icargos.paper.sheet import Sheet, clean, is_urdu
from icargos.paper.words import rupees_in_words

WIDTH: Final = 288
HEIGHT: Final = 432
DOT: Final = 72 / 203.2  # one dot of a thermal head, 8 to the millimetre
MODULE: Final = 3 * DOT  # 0.375 mm
_LEFT: Final = 8
_RIGHT: Final = 280
_INNER: Final = _RIGHT - _LEFT
_REF_LEFT: Final = 170.0
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_PROOFS: Final = {"signature": "SIGNATURE", "photo": "PHOTO", "code": "CODE"}


def _header(sheet: Sheet, label: Label) -> None:
    """Who carries, for whom, and how fast (top to 38)."""
    if label.courier_logo:
        sheet.logo(digest(label.courier_logo), _LEFT, 9, 22, 22)
    else:
        sheet.draw(box(_LEFT, 9, 22, 22, 5, filled=True), icon("route", 11.5, 12.5, 15, white=True))
    sheet.line("700", 11.5, 35, 20, clean(label.courier_name), room=102, least=6)
    sheet.line("400", 7, 35, 29.5, clean(label.courier_phone), room=102, least=5.5)
    left = 142.0
    if label.shipper_logo:
        sheet.logo(digest(label.shipper_logo), left, 11, 18, 18)
        left += 22
    sheet.line("400", 7, left, 20, "From")
    sheet.line("600", 9, left, 29.5, clean(label.shipper_name), room=206 - left, least=6.2)
    sheet.draw(box(212, 9, 68, 22, 3, filled=True))
    sheet.line("700", 10, 246, 23.7, clean(label.service).upper(), room=63, least=6, anchor="center", white=True)
    sheet.draw(rule(0, 38, WIDTH, 38))


def _sorting(sheet: Sheet, label: Label) -> None:
    """Where it goes, readable across a hall (38 to 106)."""
    city = clean(label.destination_city).upper()
    code = clean(label.sort_code).upper() or city
    size = max(16.0, min(59.0, 194 / width_em("800", code)[0]))
    taken = sheet.line("800", size, 6, 72 + 0.355 * size, code, room=194, least=16)
    room = _RIGHT - max(6 + taken + 8, 140)
    sheet.line("700", 15, _RIGHT, 58, city, room=room, least=6.5, anchor="right")
    sheet.line("600", 9.5, _RIGHT, 70.5, clean(label.destination_city_urdu), room=room, least=6, anchor="right")
    origin = ", ".join(filter(None, (clean(label.origin_code), clean(label.origin_city))))
    sheet.line("400", 8.5, _RIGHT, 83, f"from {origin}" if origin else "", room=room, least=5.5, anchor="right")
    sheet.line("500", 8.5, _RIGHT, 95, clean(label.sort_note), room=room, least=5.5, anchor="right")
    sheet.draw(rule(0, 106, WIDTH, 106))


def _scanning(sheet: Sheet, label: Label) -> None:
    """The CN in bars and the QR, each with its own quiet zone (106 to 190)."""
    widths = codes.code128(label.cn)
    modules = sum(map(int, widths))
    module = min(MODULE, int(196 / (modules + 20) / DOT) * DOT)
    height = 44.0  # 15.5 mm
    left = 102 - modules * module / 2
    sheet.encode(strokes(codes.bars_path(widths, height / module), left, 120, module, height / module))
    sheet.line("mono", 13.5, 102, 179.5, group(label.cn), room=180, least=8, anchor="center")
    rows = codes.qr(label.qr_url)
    module = int(74.7 / (len(rows) + 8) / DOT) * DOT
    size = len(rows) * module
    sheet.encode(strokes(codes.rows_path(rows), 237 - size / 2, 143.9 - size / 2, module, 1.02))
    sheet.line("500", 6.4, 237, 186.4, "Scan: status and exact COD", anchor="center")
    sheet.draw(rule(0, 190, WIDTH, 190))


def _collecting(sheet: Sheet, label: Label) -> None:
    """What the rider takes, in figures, words and Urdu, or that he takes nothing (190 to 242)."""
    if not label.cod_rupees:
        sheet.draw(box(2.5, 192.5, WIDTH - 5, 47, 4, filled=False, line=2.5))
        sheet.line("500", 8, 10, 206, "Paid already, collect nothing")
        sheet.line("800", 27, 10, 232, "PREPAID")
        sheet.line("600", 12, 278, 231, "کوئی رقم نہ لیں", anchor="right")
        return
    sheet.draw(f'<path d="M0 190h{WIDTH}v52h-{WIDTH}z"/>')
    sheet.line("500", 8, 10, 206, "COD, collect exactly", white=True)
    figures = f"{label.cod_rupees:,}"
    taken = sheet.line("800", 27, 10, 232, f"Rs {figures}", room=140, least=18, white=True)
    urdu = f"صرف {figures} روپے ادا کریں"
    sheet.line("600", 12, 278, 231, urdu, room=262 - taken, least=7, anchor="right", white=True)
    words = rupees_in_words(label.cod_rupees)
    if width_em("500", words)[0] * 6.8 <= 176:
        sheet.line("500", 7.6, 278, 206, words, room=176, least=6.8, anchor="right", white=True)
        return
    middle = min((i for i, letter in enumerate(words) if letter == " "), key=lambda i: abs(2 * i - len(words)))
    for y, half in ((201, words[:middle]), (210, words[middle + 1 :])):
        sheet.line("500", 7.2, 278, y, half, room=176, least=5, anchor="right", white=True)


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
    sheet.draw(rule(0, 311, WIDTH, 311))


def _returning(sheet: Sheet, label: Label) -> None:
    """Who sent it and where it goes back to (311 to 349). A long address takes the caption's line as well."""
    sender = ", ".join(filter(None, (clean(label.shipper_name), clean(label.shipper_phone))))
    if label.profile_code:
        sender += f", Profile {clean(label.profile_code)}"
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
    sheet.draw(rule(0, 349, WIDTH, 349))


def _facts(sheet: Sheet, label: Label) -> None:
    """Pieces, weight, date, size, proof, and the shop's own number (349 to 390)."""
    grams = (label.weight_g + 5) // 10 * 10 if label.weight_g >= 10 else 10
    day = label.booked_on
    for x, room, caption, value in (
        (_LEFT, 43, "Pieces", f"{label.piece} of {label.pieces}"),
        (54, 47, "Weight", f"{grams // 1000}.{grams % 1000 // 10:02d} kg"),
        (104, 62, "Booked", f"{day.day} {_MONTHS[day.month - 1]} {day.year}"),
    ):
        sheet.line("400", 6.8, x, 359, caption)
        sheet.line("700", 10, x, 371, value, room=room, least=6)
    if label.length_cm and label.width_cm and label.height_cm:
        size = f"Size {label.length_cm} × {label.width_cm} × {label.height_cm} cm"
        sheet.line("400", 6.8, _LEFT, 382, size, room=92, least=5)
    if label.proof != "none":
        sheet.line("400", 6.8, 104, 382, f"Proof: {label.proof}", room=62, least=5)
    if ref := clean(label.order_ref):
        sheet.draw(rule(_REF_LEFT, 349, _REF_LEFT, 390))
        _reference(sheet, ref)
    sheet.draw(rule(0, 390, WIDTH, 390))


def _reference(sheet: Sheet, ref: str) -> None:
    """The order ref: Code 128 where a module of two dots and both quiet zones fit, else a Data Matrix."""
    left, right, module = _REF_LEFT + 0.4, 286.0, 2 * DOT
    widths = codes.code128(ref) if codes.is_code128(ref) else ""
    modules = sum(map(int, widths))
    if widths and (modules + 20) * module <= right - left:
        sheet.line("400", 6.8, _REF_LEFT + 7, 358, "Order ref")
        sheet.line("mono", 9, _REF_LEFT + 7, 368, ref, room=_RIGHT - _REF_LEFT - 7, least=6)
        start = left + 10 * module
        sheet.encode(strokes(codes.bars_path(widths, 15 / module), start, 371.5, module, 15 / module))
        return
    rows = codes.data_matrix(ref)
    module = min(int(39.5 / (len(rows) + 4) / DOT), 4) * DOT
    size = len(rows) * module
    start = right - 2 * module - size
    sheet.encode(strokes(codes.rows_path(rows), start, 369.5 - size / 2, module, 1.02))
    sheet.line("400", 6.8, _REF_LEFT + 7, 358, "Order ref")
    room = start - max(2 * module, 4) - _REF_LEFT - 7
    sheet.flow("mono", (8, 7, 6, 5.4), _REF_LEFT + 7, 360, room, 29, ref, anywhere=True)


def _contents(sheet: Sheet, label: Label) -> None:
    """Product and remarks (390 to 406). Where they do not fit one line the product gives way first."""
    product, remarks = clean(label.product), clean(label.remarks)
    both = ". ".join(filter(None, (product.rstrip("."), remarks)))
    if width_em("400", both)[0] * 6.6 <= _INNER:
        sheet.line("400", 7.6, _LEFT, 400.5, both, room=_INNER, least=6)
    else:
        if remarks and len(product) > 60:
            product = product[:59].rstrip() + "…"
            both = f"{product} {remarks}"
        sheet.flow("400", (6.4, 6, 5.7), _LEFT, 391.4, _INNER, 14.4, both)
    sheet.draw(rule(0, 406, WIDTH, 406))


def _flags(sheet: Sheet, label: Label) -> None:
    """May it be opened, must it be handled with care, what proves delivery, which print is this (406 to the end)."""
    flags = [("open", "ALLOW OPEN", False)] if label.allow_open else [("lock", "DO NOT OPEN", True)]
    if label.fragile:
        flags.append(("fragile", "FRAGILE", False))
    if label.proof != "none":
        flags.append((label.proof, _PROOFS[label.proof], False))
    x = float(_LEFT)
    for name, text, filled in flags:
        width = 22.5 + width_em("700", text)[0] * 8
        sheet.draw(box(x, 410.5, width, 17, 3, filled=filled), icon(name, x + 4, 413.5, 11, white=filled))
        sheet.line("700", 8, x + 18, 421.9, text, white=filled)
        x += width + 4
    if label.reprint:
        sheet.line("600", 6.2, 281, 417.5, "REPRINT", anchor="right")
        sheet.line("700", 8.5, 281, 426.5, str(label.reprint), anchor="right")


def digest(logo: bytes) -> str:
    """The name a logo goes by within one job."""
    return sha256(logo).hexdigest()[:32]


def compose(label: Label) -> dict[str, object]:
    """The page of one label, in the form the press reads."""
    sheet = Sheet(WIDTH, HEIGHT)
    for part in (
        _header, _sorting, _scanning, _collecting, _delivering, _returning, _facts, _contents, _flags,
    ):  # fmt: skip
        part(sheet, label)
    return sheet.page()
