"""What a smaller box would save."""

import msgspec

from icargos.tariff.rules import Receipt


class Saving(msgspec.Struct, frozen=True, kw_only=True):
    """Packed so that its weight counts and not its size, the parcel costs ``paisa`` less.

    The two longer sides as they are, the shortest may then be ``shortest_cm`` at most; None when it would have to be
    under one centimetre. ``sides`` are as given, in cm.
    """

    paisa: int
    sides: tuple[int, int, int]
    shortest_cm: int | None


def saving(sides: tuple[int, int, int], by_size: Receipt, by_weight: Receipt, *, divisor: int) -> Saving | None:
    """The saving between two receipts of one parcel, with its size and without; None when its size costs nothing.

    ``divisor`` is the card's: cubic cm to a kilogram.
    """
    paisa = by_size.charges_paisa - by_weight.charges_paisa
    if paisa <= 0 or not all(sides):
        return None
    _shortest, middle, longest = sorted(sides)
    most = by_weight.charged_g * divisor // (1000 * middle * longest)
    return Saving(paisa=paisa, sides=sides, shortest_cm=most or None)
