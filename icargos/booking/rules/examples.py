"""The example rows of the sample sheet, and how they are told from orders.

An example is known by what it says, not by where it stands or what the file says of itself: it may be sorted away,
saved as csv or copied into another sheet. A parcel to an example's own consignee, phone and address is no order.
Once one of the three is changed the row counts as an order, so that nobody who writes over an example loses it.
"""

from collections.abc import Sequence

from icargos.booking.rules.columns import named
from icargos.booking.rules.text import clean

# Examples that were once published stay here for ever, for the sheets that people kept.
EXAMPLES: tuple[dict[str, str], ...] = (
    {
        "order_ref": "EXAMPLE-1",
        "consignee_name": "Ayesha Khan (example)",
        "consignee_phone": "0300-1234567",
        "address": "House 12, Street 5, Block C, near Example Park",
        "landmark": "Opposite the example mosque",
        "pieces": "1",
        "weight_kg": "0.8",
        "cod_amount": "2750",
        "product": "Lawn suit, 3 pieces",
        "allow_open": "Y",
    },
    {
        "order_ref": "EXAMPLE-2",
        "consignee_name": "Bilal Ahmed (example)",
        "consignee_phone": "0321-7654321",
        "alt_phone": "042-35761999",
        "address": "Shop 4, First Floor, Example Plaza, Main Boulevard",
        "pieces": "2",
        "weight_kg": "3.5",
        "length_cm": "40",
        "width_cm": "30",
        "height_cm": "12",
        "cod_amount": "0",
        "product": "Kitchen set, prepaid",
        "declared_value": "5000",
        "fragile": "Y",
        "proof": "signature",
        "remarks": "0 in COD Amount means prepaid",
    },
    {
        "order_ref": "EXAMPLE-3",
        "consignee_name": "صائمہ بی بی (example)",
        "consignee_phone": "03331239876",
        "address": "مکان 7، گلی 2، محلہ مثال",
        "pieces": "1",
        "weight_kg": "0.5",
        "cod_amount": "1500",
        "product": "Shoes",
    },
)

_TELLING = ("consignee_name", "consignee_phone", "address")
_PRINTS = [frozenset(clean(example[key]) for key in _TELLING) for example in EXAMPLES]
_WORDS = {key: frozenset(example[key] for example in EXAMPLES) for key in ("order_ref", "address")}


def find_examples(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[list[int], list[int]]:
    """Places in ``rows`` of the examples as they were published, and of rows that only began as an example."""
    untouched: list[int] = []
    changed: list[int] = []
    for place in sorted(_candidates(headers, rows)):
        texts = set(map(clean, rows[place]))
        (untouched if any(print_ <= texts for print_ in _PRINTS) else changed).append(place)
    return untouched, changed


def _candidates(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> set[int]:
    """Rows with an example's order ref or address: the two columns are enough, so that long sheets cost little."""
    found: set[int] = set()
    for index, header in enumerate(headers):
        column = named(header)
        words = _WORDS.get(column[0]) if column is not None else None
        if words is not None:
            found.update(place for place, row in enumerate(rows) if row[index] in words)
    return found
