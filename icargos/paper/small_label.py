"""The small label, 75 x 50 mm: where it goes, what to collect, its codes, and to whom."""

from typing import Final

from icargos.kit.cn import group
from icargos.paper import codes
from icargos.paper.faces import width_em
from icargos.paper.label import Label
from icargos.paper.parts import piece_bars, urdu_amount
from icargos.paper.sheet import Sheet, clean, is_urdu

WIDTH: Final = 212.598
HEIGHT: Final = 141.732
_LEFT: Final = 7.0
_RIGHT: Final = 205.6
_QR: Final = 152.0  # where the code's own corner begins


def _sorting(sheet: Sheet, label: Label) -> None:
    """Where it goes and how fast, beside the QR (to 53)."""
    city, room = clean(label.destination_city).upper(), _QR - _LEFT - 4
    code = clean(label.sort_code).upper() or city
    size = max(13.0, min(38.0, room / width_em("800", code)[0]))
    sheet.line("800", size, _LEFT - 1, 20.5 + 0.355 * size, code, room=room, least=13)
    taken = sheet.line("700", 7.8, _LEFT, 45.5, clean(label.service).upper(), room=68, least=5)
    sheet.line("600", 8.4, _QR - 4, 45.5, city, room=room - taken - 8, least=5, anchor="right")
    rows = codes.qr(label.qr_url)
    module = sheet.dots((WIDTH - _QR - 2) / (len(rows) + 8), sheet.at_least(0.375))
    size = len(rows) * module
    sheet.squares(rows, (_QR + WIDTH - 2) / 2 - size / 2, 26.5 - size / 2, module)


def _collecting(sheet: Sheet, label: Label) -> None:
    """What the rider takes (53 to 76)."""
    if not label.cod_rupees:
        sheet.box(3.5, 54, WIDTH - 7, 21, 3, filled=False, line=1.8)
        sheet.line("800", 15, _LEFT + 2, 70, "PREPAID")
        sheet.line("600", 9, _RIGHT - 2, 69, urdu_amount(label), anchor="right")
        return
    sheet.box(0, 53, WIDTH, 23, filled=True)
    taken = sheet.line("500", 7, _LEFT, 67.6, "COD", white=True)
    taken += sheet.line("800", 17, _LEFT + taken + 5, 70.6, f"Rs {label.cod_rupees:,}", room=112, least=11, white=True)
    urdu, room = urdu_amount(label), _RIGHT - _LEFT - taken - 12
    if width_em("600", urdu)[0] * 5.5 <= room:  # an amount is never cut
        sheet.line("600", 9, _RIGHT, 69, urdu, room=room, least=5.5, anchor="right", white=True)


def _scanning(sheet: Sheet, label: Label) -> None:
    """The CN in bars, a second row of them with the piece's own number where there are several (76 to 123)."""
    widths = codes.code128(label.cn)
    modules = sum(map(int, widths))
    module = sheet.dots((WIDTH - 2) / (modules + 20), sheet.at_least(0.375))
    middle = WIDTH / 2
    if label.pieces == 1:
        sheet.bars(widths, middle - modules * module / 2, 80, module, 31)
        sheet.line("mono", 9.5, middle, 121, group(label.cn), room=190, least=6, anchor="center")
    else:
        sheet.bars(widths, middle - modules * module / 2, 78.5, module, 19)
        sheet.line("mono", 7, middle, 104.2, group(label.cn), room=190, least=5, anchor="center")
        piece_bars(sheet, label, middle, 106, WIDTH - 2, 116.5)


def _delivering(sheet: Sheet, label: Label) -> None:
    """To whom; the shop's own number (123 to the end)."""
    name = clean(label.consignee_name)
    phone = sheet.line("mono", 7.6, _RIGHT, 132, clean(label.consignee_phone), room=70, least=5.5, anchor="right")
    room = _RIGHT - _LEFT - phone - 6
    if is_urdu(name):
        sheet.line("700", 8.4, _LEFT + room, 131.5, name, room=room, least=5, anchor="right")
    else:
        sheet.line("700", 8.4, _LEFT, 132, name, room=room, least=5)
    foot = ", ".join(filter(None, (f"Ref {clean(label.order_ref)}" if label.order_ref else "", clean(label.landmark))))
    marked = f"REPRINT {label.reprint}" if label.reprint else ""
    taken = sheet.line("600", 5, _RIGHT, 138.2, marked, anchor="right")
    sheet.line("400", 5, _LEFT, 138.2, foot, room=_RIGHT - _LEFT - taken - 6, least=4.6)


def compose(label: Label, sheet: Sheet, copy: int) -> None:
    """Lay one label out on a sheet whose layout is 212.598 x 141.732 points."""
    for part in (_sorting, _collecting, _scanning, _delivering):
        part(sheet, label)
