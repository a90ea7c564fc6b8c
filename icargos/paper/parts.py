"""What more than one layout shows: codes, logos, dates, amounts in words."""

from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from typing import Final

from icargos.paper import codes
from icargos.paper.faces import width_em
from icargos.paper.label import Label
from icargos.paper.sheet import Sheet, clean
from icargos.paper.words import rupees_in_words

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_PROOFS: Final = {"signature": "SIGNATURE", "photo": "PHOTO", "code": "CODE"}


def digest(logo: bytes) -> str:
    """The name a logo goes by within one job."""
    return sha256(logo).hexdigest()[:32]


def logos_of(labels: Iterable[Label]) -> dict[str, bytes]:
    """Every picture the labels show, by its digest."""
    pictures = {logo for label in labels for logo in (label.courier_logo, label.shipper_logo) if logo}
    return {digest(logo): logo for logo in pictures}


def logo_width(logo: bytes, most: float, height: float) -> float:
    """How wide a PNG runs at this height, at most ``most``."""
    across, down = int.from_bytes(logo[16:20]), int.from_bytes(logo[20:24])
    return min(most, height * across / max(1, down))


def day_of(day: date) -> str:
    """``18 Nov 2026``."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def kilos(grams: int) -> str:
    """``1.20 kg``, half up, at least a hundredth."""
    grams = (grams + 5) // 10 * 10 if grams >= 10 else 10
    return f"{grams // 1000}.{grams % 1000 // 10:02d} kg"


def origin_of(label: Label) -> str:
    """``from KHI, Karachi``, or nothing."""
    origin = ", ".join(filter(None, (clean(label.origin_code), clean(label.origin_city))))
    return f"from {origin}" if origin else ""


def sender_of(label: Label) -> str:
    """The shipper, its phone and the profile the parcel was booked from."""
    sender = ", ".join(filter(None, (clean(label.shipper_name), clean(label.shipper_phone))))
    return f"{sender}, Profile {clean(label.profile_code)}" if label.profile_code else sender


def contents(label: Label, most: int = 0) -> str:
    """Product and remarks in one; with ``most`` the product gives way to the remarks at so many letters."""
    product, remarks = clean(label.product), clean(label.remarks)
    if most and remarks and len(product) > most:
        return f"{product[: most - 1].rstrip()}… {remarks}"
    return ". ".join(filter(None, (product.rstrip("."), remarks)))


def flags(sheet: Sheet, label: Label, x: float, y: float) -> None:
    """May it be opened, must it be handled with care, what proves delivery: a row of boxes 17 points high."""
    shown = [("open", "ALLOW OPEN", False)] if label.allow_open else [("lock", "DO NOT OPEN", True)]
    if label.fragile:
        shown.append(("fragile", "FRAGILE", False))
    if label.proof != "none":
        shown.append((label.proof, _PROOFS[label.proof], False))
    for name, text, filled in shown:
        width = 22.5 + width_em("700", text)[0] * 8
        sheet.box(x, y, width, 17, 3, filled=filled)
        sheet.icon(name, x + 4, y + 3, 11, white=filled)
        sheet.line("700", 8, x + 18, y + 11.4, text, white=filled)
        x += width + 4


def cod_caption(label: Label) -> str:
    """What stands over the amount: of several pieces any rider may have one, and only one collects."""
    return f"COD for all {label.pieces} pieces, collect once" if label.pieces > 1 else "COD, collect exactly"


def urdu_amount(label: Label) -> str:
    """What to pay, in Urdu: only this much, or nothing."""
    return f"صرف {label.cod_rupees:,} روپے ادا کریں" if label.cod_rupees else "کوئی رقم نہ لیں"


def amount_in_words(sheet: Sheet, rupees: int, right: float, y: float, room: float) -> None:
    """The amount in words, white, ending at ``right``; words that do not fit one line take two around ``y``."""
    words = rupees_in_words(rupees)
    if width_em("500", words)[0] * 6.8 <= room:
        sheet.line("500", 7.6, right, y, words, room=room, least=6.8, anchor="right", white=True)
        return
    middle = min((i for i, letter in enumerate(words) if letter == " "), key=lambda i: abs(2 * i - len(words)))
    for line, half in ((y - 5, words[:middle]), (y + 4, words[middle + 1 :])):
        sheet.line("500", 7.2, right, line, half, room=room, least=5, anchor="right", white=True)


def piece_bars(sheet: Sheet, label: Label, middle: float, top: float, room: float, bottom: float) -> None:
    """The piece's own number in bars, from ``top`` to ``bottom``, and in print below; ``room`` holds its white too."""
    widths = codes.code128(label.piece_code)
    modules = sum(map(int, widths))
    module = sheet.dots(room / (modules + 20), sheet.at_least(0.25))
    sheet.bars(widths, middle - modules * module / 2, top, module, bottom - top)
    said = f"Piece {label.piece} of {label.pieces}: {label.piece_code}"
    sheet.line("mono", 6.8, middle, bottom + 6.6, said, room=room - 24, least=5, anchor="center")


def reference(sheet: Sheet, ref: str, left: float, top: float, width: float = 116) -> None:
    """The order ref in a box 41 points high: Code 128 where a module of 0.25 mm and both quiet zones fit, else a Data
    Matrix of 0.25 to 0.5 mm a module."""
    inner, right, least = left + 0.4, left + width, sheet.at_least(0.25)
    widths = codes.code128(ref) if codes.is_code128(ref) else ""
    modules = sum(map(int, widths))
    sheet.line("400", 6.8, left + 7, top + 9, "Order ref")
    module = sheet.dots((right - inner) / (modules + 20), sheet.at_least(0.25 * max(1, sheet.scale)))
    if widths and module >= least:
        sheet.line("mono", 9, left + 7, top + 19, ref, room=width - 13, least=6)
        sheet.bars(widths, inner + 10 * module, top + 22.5, module, 15)
        return
    rows = codes.data_matrix(ref)
    module = sheet.dots(39.5 / (len(rows) + 4), sheet.at_least(0.5 * max(1, sheet.scale)))
    size = len(rows) * module
    start = right - 2 * module - size
    sheet.squares(rows, start, top + 20.5 - size / 2, module)
    sheet.flow(
        "mono", (8, 7, 6, 5.4), left + 7, top + 11, start - max(2 * module, 4) - left - 7, 29, ref, anywhere=True
    )
