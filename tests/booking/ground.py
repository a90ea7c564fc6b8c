"""A small network for the rules of booking: four cities, three services, two profiles."""

from datetime import date

from icargos.booking.rules.columns import COLUMNS
from icargos.booking.rules.headers import match_headers
from icargos.booking.rules.reference import Offer, Reference
from icargos.booking.rules.rows import Checked, check_rows
from icargos.booking.rules.sheet import Sheet

KARACHI, LAHORE, MULTAN, GWADAR = 1, 2, 3, 4


class Cities:
    """Finds four cities, and suggests Karachi for anything that starts like it."""

    names = {"karachi": KARACHI, "کراچی": KARACHI, "khi": KARACHI, "lahore": LAHORE, "multan": MULTAN, "gwadar": GWADAR}

    def find(self, text: str) -> tuple[int | None, str | None]:
        found = self.names.get(text.casefold())
        return found, "Karachi" if found is None and text.casefold().startswith("kara") else None


REF = Reference(
    cities=Cities(),
    served={KARACHI, LAHORE, MULTAN},
    services={
        "overnight": Offer(label="Overnight", max_weight_g=30_000),
        "same_day": Offer(label="Same Day", cities=frozenset({KARACHI})),
        "overland": Offer(label="Overland"),
    },
    profiles={"main": 7, "main warehouse": 7, "lhr": 8},
    default_profile_id=7,
    default_service="overnight",
    existing_refs={"OLD-1": "IC473124829"},
    pickup_days=tuple(date(2026, 11, day) for day in (20, 21, 23, 24, 25)),
)

GOOD = {
    "order_ref": "ZT-1",
    "service": "Overnight",
    "destination_city": "Karachi",
    "consignee_name": "Sana Malik",
    "consignee_phone": "0300-1234567",
    "address": "House 12, Street 5, Block C, Gulshan",
    "pieces": "1",
    "weight_kg": "0.8",
    "cod_amount": "2750",
    "product": "Lawn suit",
}


def sheet_of(*rows: dict[str, str], first: int = 2) -> Sheet:
    """A sheet in our own columns with these cells by column key."""
    return Sheet(
        name="Orders",
        kind="xlsx",
        header_row=first - 1,
        headers=[column.title for column in COLUMNS],
        numbers=list(range(first, first + len(rows))),
        rows=[[row.get(column.key, "") for column in COLUMNS] for row in rows],
    )


def checked(*rows: dict[str, str], ref: Reference = REF) -> Checked:
    """The outcome of a sheet with these rows."""
    sheet = sheet_of(*rows)
    return check_rows(sheet, match_headers(sheet.headers), ref)


def told(row: dict[str, str], ref: Reference = REF) -> list[tuple[str, str, str]]:
    """Column, code and suggestion of each problem of one row."""
    return [(p.column, p.code.value, p.suggestion) for p in checked(row, ref=ref).rows[0].problems]
