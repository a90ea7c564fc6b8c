"""What the law takes, as dated rows an administrator edits: service sales tax and withholding."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

import msgspec


class Withheld(StrEnum):
    """Which tax is withheld from collected cash."""

    INCOME_TAX = "income_tax"
    SALES_TAX = "sales_tax"


class Tax(msgspec.Struct, frozen=True, kw_only=True):
    """Sales tax on courier charges of one province of origin; both days included."""

    province: str
    label: str
    bp: int
    valid_from: date
    valid_to: date | None = None


class Withholding(msgspec.Struct, frozen=True, kw_only=True):
    """A share of the COD amount withheld for the state; ``filer`` None means from everybody."""

    kind: Withheld
    label: str
    bp: int
    valid_from: date
    valid_to: date | None = None
    filer: bool | None = None


def _covers(row: Tax | Withholding, day: date) -> bool:
    return row.valid_from <= day and (row.valid_to is None or day <= row.valid_to)


def tax_on(taxes: Iterable[Tax], day: date) -> dict[str, Tax]:
    """The sales tax of each province on a day; the row that began last wins."""
    rows = sorted((row for row in taxes if _covers(row, day)), key=lambda row: row.valid_from)
    return {row.province: row for row in rows}


def withholdings_on(rows: Iterable[Withholding], day: date, *, filer: bool) -> tuple[Withholding, ...]:
    """What is withheld on a day from a seller who files tax returns or does not, one row per kind.

    The row that began last wins; of two that began together, the one made for filers or non-filers.
    """
    fitting = [row for row in rows if _covers(row, day) and row.filer in (None, filer)]
    fitting.sort(key=lambda row: (row.valid_from, row.filer is not None))
    latest = {row.kind: row for row in fitting}
    return tuple(latest[kind] for kind in Withheld if kind in latest)
