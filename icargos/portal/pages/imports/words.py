"""What the pages of an import call its problems and its states, and which control mends a cell."""

from collections.abc import Sequence
from typing import Any

import msgspec
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icargos.booking import queries
from icargos.booking.rules.columns import BY_KEY
from icargos.booking.rules.mapping import How
from icargos.booking.rules.problems import Code
from icargos.kit.actor import Actor

KINDS = {
    Code.REQUIRED: gettext_lazy("Cell empty"),
    Code.TYPE: gettext_lazy("Not readable"),
    Code.RANGE: gettext_lazy("Out of range"),
    Code.PHONE_INVALID: gettext_lazy("Phone not valid"),
    Code.CITY_UNKNOWN: gettext_lazy("City not known"),
    Code.CITY_NOT_SERVED: gettext_lazy("City not served"),
    Code.SERVICE_NOT_AVAILABLE: gettext_lazy("Service not available"),
    Code.COD_FORBIDDEN: gettext_lazy("No COD on this service"),
    Code.COD_OVER_LIMIT: gettext_lazy("COD over the limit"),
    Code.DUP_IN_FILE: gettext_lazy("Order ref used twice"),
    Code.DUP_EXISTING: gettext_lazy("Order ref booked before"),
    Code.WEIGHT_OVER_SERVICE: gettext_lazy("Weight over service limit"),
    Code.PROFILE_UNKNOWN: gettext_lazy("Pickup profile unknown"),
    Code.HEADER_MISSING: gettext_lazy("Column missing"),
    Code.FILE_ENCRYPTED: gettext_lazy("File has a password"),
    Code.FILE_TOO_BIG: gettext_lazy("File too large"),
    Code.FILE_UNREADABLE: gettext_lazy("Not readable"),
    Code.ADDRESS_WEAK: gettext_lazy("Address looks weak"),
    Code.PHONE_REPAIRED: gettext_lazy("Phone repaired"),
    Code.RISK_HIGH: gettext_lazy("Risk of return"),
}
STATES = {
    "uploaded": gettext_lazy("Waiting"),
    "checking": gettext_lazy("Being checked"),
    "mapping": gettext_lazy("Columns to match"),
    "checked": gettext_lazy("To book"),
    "booking": gettext_lazy("Being booked"),
    "booked": gettext_lazy("Booked"),
    "undoing": gettext_lazy("Being undone"),
    "undone": gettext_lazy("Undone"),
    "merged": gettext_lazy("Joined to the first file"),
    "refused": gettext_lazy("Not readable"),
}
HOW = {
    How.BY_NAME: gettext_lazy("By name"),
    How.IN_GRAMS: gettext_lazy("Grams into kg"),
    How.LOOKS_LIKE: gettext_lazy("Looks like it: please say"),
    How.CHOSEN: gettext_lazy("Your choice"),
    How.REMEMBERED: gettext_lazy("From last time"),
    How.TWICE: gettext_lazy("Another column has it"),
    How.LEFT_OUT: gettext_lazy("Left out"),
}
_NUMBERS = {"weight_kg", "length_cm", "width_cm", "height_cm"}
_WHOLE = {"cod_amount", "declared_value", "pieces"}
_PHONES = {"consignee_phone", "alt_phone"}
_PROOFS = ("none", "signature", "photo", "code")


class Choices(msgspec.Struct, frozen=True):
    """What the columns with a list may hold, for this shipper."""

    services: Sequence[str]
    cities: Sequence[str]
    profiles: Sequence[str]


def choices(actor: Actor) -> Choices:
    """The shipper's services, the served cities and its pickup profiles."""
    on = queries.terms(actor, now=timezone.now())
    return Choices(
        [_(label) for label in on.services.values()],
        [city.name for city in on.index.all() if city.served],
        [profile.code for profile in on.profiles],
    )


def control(key: str, value: str, listed: Choices) -> dict[str, Any]:
    """The control that a cell of this column is mended with: ``options`` of a select, else an input and its hints."""
    options = {
        "service": listed.services,
        "proof": _PROOFS,
        "allow_open": ("Y", "N"),
        "fragile": ("Y", "N"),
    }.get(key)
    return {
        "key": key,
        "title": _(BY_KEY[key].title) if key in BY_KEY else "",
        "value": value,
        "options": options,
        "list": {"destination_city": "cities", "profile": "profiles"}.get(key, ""),
        "mode": "tel" if key in _PHONES else "numeric" if key in _WHOLE else "decimal" if key in _NUMBERS else "",
    }


def letter(place: int) -> str:
    """The name Excel gives to a column, from its 0-based place: A, Z, AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
