"""What the rules must know about the shipper and the network: plain data, gathered once per check."""

from collections.abc import Mapping, Sequence, Set
from datetime import date
from enum import StrEnum
from typing import Protocol

import msgspec


class CityFinder(Protocol):
    """Finds a city by the name people write."""

    def find(self, text: str) -> tuple[int | None, str | None]:
        """The city's id when the name is certain, else None and the name it may have meant, or None."""
        ...


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """One service the shipper may use. ``max_weight_g`` in grams, None for no limit of its own;
    ``cities`` are the destination ids it reaches, None for every served city."""

    label: str
    max_weight_g: int | None = None
    cities: frozenset[int] | None = None


class Duplicates(StrEnum):
    """What to do with an order ref that was booked before, or stands twice in the sheet."""

    REJECT = "reject"
    BOOK = "book"
    UPDATE = "update"  # change the earlier parcel while its label is unprinted; a second row of the sheet stays wrong


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """The ground a check stands on.

    ``services`` by code; ``profiles`` by casefolded code and casefolded name to the profile's id;
    ``cod_cap_paisa`` the highest COD of one parcel; ``existing_refs`` the shipper's order refs already booked, each
    with its number (those of ``rows.order_refs(sheet, match)`` are enough), ``changeable`` those of them that may still
    be changed; ``first_rows`` where in the sheet an order ref stands first, as far as rows outside this check have it;
    ``pickup_days`` the local days for which a pickup may be wished, the first to the last.
    """

    cities: CityFinder
    served: Set[int]
    services: Mapping[str, Offer]
    profiles: Mapping[str, int] = {}
    default_profile_id: int | None = None
    default_service: str = ""
    cod_allowed: bool = True
    cod_cap_paisa: int = 200_000_00
    existing_refs: Mapping[str, str] = {}
    changeable: Set[str] = frozenset()
    duplicates: Duplicates = Duplicates.REJECT
    first_rows: Mapping[str, int] = {}
    pickup_days: Sequence[date] = ()
