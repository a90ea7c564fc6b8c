"""What the sample sheet's Help says of each column, in English and Urdu."""

from typing import NamedTuple

from icargos.booking.rules.cells import (
    ADDRESS_LENGTH,
    DECLARED_CAP_PAISA,
    LONGEST_SIDE_CM,
    NAME_LENGTH,
    PIECES,
    WEIGHT_G,
)
from icargos.booking.rules.sheet import Note
from icargos.consignments.rules import WINDOWS
from icargos.kit.texts import gettext_noop


class Help(NamedTuple):
    """What to write into a column, within which limits, and an example that is nobody's."""

    what: str
    limits: Note
    example: str


def _characters(high: int, low: int = 0) -> Note:
    if low:
        return Note(gettext_noop("%(low)s to %(high)s characters"), {"low": str(low), "high": str(high)})
    return Note(gettext_noop("Up to %(high)s characters"), {"high": str(high)})


def _numbers(low: str, high: str) -> Note:
    return Note(gettext_noop("%(low)s to %(high)s"), {"low": low, "high": high})


_FROM_LIST = Note(gettext_noop("From the list"))
_YES_OR_NO = Note(gettext_noop("Y or N"))
_SIDE = _numbers("1", f"{LONGEST_SIDE_CM} cm")

INTRODUCTION = (
    gettext_noop("Write one order in each row of the sheet “Orders”. Columns with a star are required."),
    gettext_noop("The grey rows are examples and are left out when you upload. Write over them or delete them."),
    gettext_noop("Columns may stand in any order; those you do not need may go. Up to 50,000 rows a file."),
)

HELP: dict[str, Help] = {
    "order_ref": Help(
        gettext_noop("Your own number of the order. Each only once: a second row with it is refused."),
        _characters(50),
        "ZT-10482",
    ),
    "service": Help(gettext_noop("How fast it goes. Choose from the list of your services."), _FROM_LIST, "Overnight"),
    "profile": Help(
        gettext_noop("Profile ID of the place we collect from. Empty for your default one."), _FROM_LIST, "MAIN"
    ),
    "destination_city": Help(
        gettext_noop("Choose from the list, or write it your way: LHR and لاہور are understood."),
        _FROM_LIST,
        "Lahore",
    ),
    "consignee_name": Help(
        gettext_noop("Who receives the parcel."), _characters(NAME_LENGTH[1], NAME_LENGTH[0]), "Sana Malik"
    ),
    "consignee_phone": Help(
        gettext_noop("A mobile that the rider can call. The column is text, so that the first 0 stays."),
        Note(gettext_noop("A mobile number")),
        "0300-1234567",
    ),
    "alt_phone": Help(
        gettext_noop("A second number, mobile or landline."), Note(gettext_noop("A phone number")), "042-35761999"
    ),
    "consignee_email": Help(
        gettext_noop("The consignee's e-mail, for news of the parcel."), _characters(120), "sana@example.com"
    ),
    "address": Help(
        gettext_noop("House, street and area. The rider finds it sooner with a house number."),
        _characters(ADDRESS_LENGTH[1], ADDRESS_LENGTH[0]),
        "House 12, Street 5, Block C, Gulshan",
    ),
    "landmark": Help(
        gettext_noop("What stands near it: a mosque, school, shop."), _characters(100), "Opposite Jamia Masjid"
    ),
    "pieces": Help(
        gettext_noop("How many packages travel under this one order."), _numbers(str(PIECES[0]), str(PIECES[1])), "1"
    ),
    "weight_kg": Help(
        gettext_noop("Weight of all pieces together, in kilograms. Write 0.5 for 500 grams."),
        _numbers(f"{WEIGHT_G[0] / 1000:g}", f"{WEIGHT_G[1] // 1000} kg"),
        "0.8",
    ),
    "length_cm": Help(gettext_noop("In centimetres. Length, width and height, or none of the three."), _SIDE, "40"),
    "width_cm": Help(gettext_noop("In centimetres. Length, width and height, or none of the three."), _SIDE, "30"),
    "height_cm": Help(gettext_noop("In centimetres. Length, width and height, or none of the three."), _SIDE, "12"),
    "cod_amount": Help(
        gettext_noop("Whole rupees that the rider collects. 0 when it is prepaid; it may not be empty."),
        _numbers("0", "200,000"),
        "2750",
    ),
    "product": Help(gettext_noop("What is inside. It is printed on the label."), _characters(100), "Lawn suit"),
    "declared_value": Help(
        gettext_noop("What the goods are worth in rupees, for insurance."),
        _numbers("0", f"{DECLARED_CAP_PAISA // 100:,}"),
        "5000",
    ),
    "allow_open": Help(gettext_noop("Y if the consignee may open the parcel before paying."), _YES_OR_NO, "N"),
    "fragile": Help(gettext_noop("Y if it breaks easily. Your card may charge for it."), _YES_OR_NO, "N"),
    "proof": Help(gettext_noop("What the rider brings back: none, signature, photo or code."), _FROM_LIST, "signature"),
    "remarks": Help(gettext_noop("Anything the rider should know."), _characters(250), "Call before coming"),
    "pickup_date": Help(
        gettext_noop("The day you wish it collected, if not the next one. Day before month."),
        Note(gettext_noop("A working day of the next two weeks")),
        "24/11/2026",
    ),
    "delivery_window": Help(gettext_noop("When you wish it delivered."), _FROM_LIST, WINDOWS[2]),
    "return_address": Help(
        gettext_noop("Where it goes if it comes back. Empty for your pickup profile's."),
        _characters(ADDRESS_LENGTH[1], ADDRESS_LENGTH[0]),
        "Shop 4, Liberty Market",
    ),
    "piece_weights": Help(
        gettext_noop("Of several pieces, what each weighs, like 2.5; 1.2. Together they are the Weight."),
        Note(gettext_noop("One for each piece, or empty")),
        "0.8",
    ),
    "signed_papers": Help(
        gettext_noop("Papers that must come back signed: invoice, challan, order, receipt. Several with commas."),
        _FROM_LIST,
        "challan",
    ),
}
