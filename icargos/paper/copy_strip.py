"""A third of an A4 sheet: the same consignment for the parcel, for the shipper's file and for the office."""

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

WIDTH: Final = 595.276
HEIGHT: Final = 280.63
_TITLES: Final = ("CONSIGNEE COPY", "SHIPPER COPY", "OFFICE COPY")
_SIGNED: Final = (
    "Received in good order: name, signature",
    "Picked up by the rider: name, signature",
    "Received at the office: name, signature",
)
_LEFT: Final = 18.0  # the frame; what printers leave white lies outside it
_RIGHT: Final = 577.0
_TOP: Final = 12.0
_END: Final = 268.0
_SECOND: Final = 212.0  # where the columns begin
_THIRD: Final = 418.0
_FOOT: Final = 232.0


def _header(sheet: Sheet, label: Label, copy: int) -> None:
    """Who carries, for whom, how fast, and whose copy this is (to 43)."""
    sheet.box(_LEFT, _TOP, _RIGHT - _LEFT, _END - _TOP, 5, filled=False, line=0.9)
    if label.courier_logo:
        sheet.logo(digest(label.courier_logo), _LEFT + 6, _TOP + 5, 21, 21)
    else:
        sheet.box(_LEFT + 6, _TOP + 5, 21, 21, 5, filled=True)
        sheet.icon("route", _LEFT + 9, _TOP + 8, 15, white=True)
    sheet.line("700", 12, _LEFT + 32, 26, clean(label.courier_name), room=150, least=6)
    sheet.line("400", 7.2, _LEFT + 32, 36, clean(label.courier_phone), room=150, least=5.5)
    left = _SECOND + 8
    if label.shipper_logo:
        width = logo_width(label.shipper_logo, 64, 22)
        sheet.logo(digest(label.shipper_logo), left, _TOP + 4.5, width, 22)
        left += width + 5
    sheet.line("400", 7, left, 25, "From")
    sheet.line("600", 9, left, 35, clean(label.shipper_name), room=_THIRD - 82 - left, least=6)
    sheet.box(_THIRD - 76, _TOP + 5, 70, 21, 3, filled=True)
    service = clean(label.service).upper()
    sheet.line("700", 9.5, _THIRD - 41, 30.8, service, room=64, least=6, anchor="center", white=True)
    sheet.line("700", 11, _RIGHT - 8, 31.5, _TITLES[copy], room=110, least=6, anchor="right")
    if label.reprint:
        sheet.line("600", 6.5, _THIRD + 8, 30.5, f"REPRINT {label.reprint}")
    sheet.rule(_LEFT, 43, _RIGHT, 43)


def _sorting(sheet: Sheet, label: Label) -> None:
    """Where it goes, and its CN in bars (first column, 43 to 188)."""
    city, room = clean(label.destination_city).upper(), _SECOND - _LEFT - 14
    code = clean(label.sort_code).upper() or city
    size = max(14.0, min(44.0, room / width_em("800", code)[0]))
    sheet.line("800", size, _LEFT + 6, 66 + 0.355 * size, code, room=room, least=14)
    taken = sheet.line("700", 10.5, _LEFT + 7, 96, city, room=108, least=6)
    origin = origin_of(label)
    sheet.line("400", 7.4, _SECOND - 7, 96, origin, room=room - taken - 6, least=5, anchor="right")
    sheet.rule(_LEFT, 102, _SECOND, 102)
    middle = (_LEFT + _SECOND) / 2
    widths = codes.code128(label.cn)
    modules = sum(map(int, widths))
    module = sheet.dots((_SECOND - _LEFT - 4) / (modules + 20), sheet.at_least(0.375))
    if label.pieces == 1:
        sheet.bars(widths, middle - modules * module / 2, 113, module, 45)
        sheet.line("mono", 13, middle, 176, group(label.cn), room=180, least=8, anchor="center")
    else:
        sheet.bars(widths, middle - modules * module / 2, 106, module, 42.6)
        sheet.line("mono", 11, middle, 158.5, group(label.cn), room=180, least=8, anchor="center")
        piece_bars(sheet, label, middle, 162.5, _SECOND - _LEFT - 4, 177)
    sheet.rule(_LEFT, 188, _SECOND, 188)


def _facts(sheet: Sheet, label: Label) -> None:
    """Pieces, weight, date, size and proof (first column, 188 to 232)."""
    for x, room, caption, value in (
        (_LEFT + 7, 44, "Pieces", f"{label.piece} of {label.pieces}"),
        (_LEFT + 56, 56, "Weight", kilos(label.weight_g)),
        (_LEFT + 117, 72, "Booked", day_of(label.booked_on)),
    ):
        sheet.line("400", 6.8, x, 198, caption)
        sheet.line("700", 10, x, 210, value, room=room, least=6)
    said = []
    if label.length_cm and label.width_cm and label.height_cm:
        said.append(f"Size {label.length_cm} × {label.width_cm} × {label.height_cm} cm")
    if label.proof != "none":
        said.append(f"Proof: {label.proof}")
    sheet.line("400", 6.8, _LEFT + 7, 223, ", ".join(said), room=_SECOND - _LEFT - 14, least=5)


def _people(sheet: Sheet, label: Label) -> None:
    """To whom, from whom, and what is in it (second column)."""
    left, right = _SECOND + 8, _THIRD - 8
    room = right - left
    name = clean(label.consignee_name)
    sheet.line("400", 6.8, left, 54, "TO")
    if is_urdu(name):
        sheet.line("nastaliq", 13, right, 66, name, room=room - 24, least=7, anchor="right")
    else:
        sheet.line("700", 13, left, 68, name, room=room, least=6.5)
    sheet.line("mono", 10.5, left, 81.5, clean(label.consignee_phone), room=100, least=7)
    sheet.line("700", 11.5, right, 81.5, clean(label.destination_city), room=room - 108, least=6, anchor="right")
    sheet.flow("500", (9, 8.4, 7.8, 7.2, 6.6, 6.2, 5.8), left, 86, room, 45.5, clean(label.address))
    if landmark := clean(label.landmark):
        sheet.flow("400", (7.6, 7, 6.4, 6), left, 132, room, 15.6, f"Landmark: {landmark}")
    sheet.rule(_SECOND, 149, _THIRD, 149)
    sheet.line("400", 5.6, right, 156.5, "FROM AND RETURN TO", anchor="right")
    sheet.line("600", 8.2, left, 165.5, sender_of(label), room=room, least=5.2)
    sheet.flow("400", (7.8, 7.2, 6.6, 6.2, 5.8, 5.5), left, 169.5, room, 32, clean(label.return_address))
    sheet.rule(_SECOND, 203, _THIRD, 203)
    both = contents(label, 55)
    sheet.flow("400", (7.6, 7, 6.4, 6, 5.7), left, 206, room, 25.5, both)


def _collecting(sheet: Sheet, label: Label) -> None:
    """What the rider takes (third column, 43 to 115)."""
    left, right = _THIRD + 8, _RIGHT - 8
    if label.cod_rupees:
        sheet.box(_THIRD, 43, _RIGHT - _THIRD, 72, filled=True)
        sheet.line("500", 7.6, left, 55, cod_caption(label), white=True)
        sheet.line("800", 25, left, 77.5, f"Rs {label.cod_rupees:,}", room=right - left, least=14, white=True)
        amount_in_words(sheet, label.cod_rupees, right, 95, right - left)
        sheet.line("600", 9, right, 110.5, urdu_amount(label), room=right - left, least=6, anchor="right", white=True)
        return
    sheet.box(_THIRD + 3, 46, _RIGHT - _THIRD - 6, 66, 4, filled=False, line=2.5)
    sheet.line("500", 7.6, left + 2, 59, "Paid already, collect nothing")
    sheet.line("800", 25, left + 2, 84, "PREPAID")
    sheet.line("600", 10, right - 2, 103, urdu_amount(label), anchor="right")


def _scanning(sheet: Sheet, label: Label) -> None:
    """The QR and the order ref (third column, 115 to 232)."""
    rows = codes.qr(label.qr_url)
    module = sheet.dots(72 / (len(rows) + 8), sheet.at_least(0.5))
    size = len(rows) * module
    sheet.squares(rows, _THIRD + 38 - size / 2, 152 - size / 2, module)
    sheet.flow("500", (8, 7.4), _THIRD + 76, 132, 78, 40, "Scan: status and exact COD")
    sheet.rule(_THIRD, 188, _RIGHT, 188)
    if label.order_ref:
        reference(sheet, clean(label.order_ref), _THIRD + 1, 189, _RIGHT - _THIRD - 2)


def _foot(sheet: Sheet, label: Label, copy: int) -> None:
    """Flags, and where it is signed for (232 to the end)."""
    sheet.rule(_LEFT, _FOOT, _RIGHT, _FOOT)
    flags(sheet, label, _LEFT + 6, _FOOT + 9.5)
    for x1, x2, caption in ((270.0, 440.0, _SIGNED[copy]), (452.0, _RIGHT - 8, "Date, time")):
        sheet.rule(x1, 257, x2, 257)
        sheet.line("400", 6.2, x1, 264.5, caption)


def compose(label: Label, sheet: Sheet, copy: int) -> None:
    """Lay one copy out on a sheet whose layout is 595.276 x 280.63 points."""
    _header(sheet, label, copy)
    for part in (_sorting, _facts, _people, _collecting, _scanning):
        part(sheet, label)
    sheet.rule(_SECOND, 43, _SECOND, _FOOT)
    sheet.rule(_THIRD, 43, _THIRD, _FOOT)
    _foot(sheet, label, copy)
