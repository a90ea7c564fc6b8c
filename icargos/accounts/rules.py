"""Roles, capabilities and API keys: the one table that says who, or what, may do what."""

import hashlib
import re
from enum import StrEnum

from icargos.kit.texts import gettext_noop


class Can(StrEnum):
    """A capability. Pages, queries and actions name the one they need."""

    SEE_OVERVIEW = "see_overview"
    SEE_ORDERS = "see_orders"
    SEE_CONSIGNEE = "see_consignee"  # phone, address, photo and position of the person who receives
    BOOK = "book"
    IMPORT = "import"
    CANCEL = "cancel"
    PRINT_LABELS = "print_labels"
    HAND_OVER = "hand_over"  # mark parcels ready, make load sheets, ask for pickups
    TAG = "tag"  # put the shipper's own words on parcels
    SEE_CHARGES = "see_charges"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_PROFILES = "manage_profiles"
    MANAGE_KEYS = "manage_keys"  # API keys: whoever holds one acts without a person
    SCAN = "scan"
    SEE_ALL_PARCELS = "see_all_parcels"
    DELIVER = "deliver"
    APPROVE = "approve"
    ADVISE = "advise"  # answer a failed attempt, for the shipper
    ANSWER_ADVICE = "answer_advice"  # accept, reject or override it, for the courier


class Role(StrEnum):
    """What a person is within one shipper."""

    OWNER = "owner"
    FINANCE = "finance"
    OPERATIONS = "operations"
    VIEWER = "viewer"


class Scope(StrEnum):
    """What an API key may be used for."""

    BOOK = "book"
    TRACK = "track"
    RATES = "rates"


class StaffRole(StrEnum):
    """What a person is at the courier."""

    ADMIN = "admin"
    DISPATCH = "dispatch"
    STATION = "station"
    FINANCE = "finance"
    SUPPORT = "support"
    RIDER = "rider"


ROLE_LABEL: dict[str, str] = {
    Role.OWNER: gettext_noop("Owner"),
    Role.FINANCE: gettext_noop("Finance"),
    Role.OPERATIONS: gettext_noop("Operations"),
    Role.VIEWER: gettext_noop("Viewer"),
    StaffRole.ADMIN: gettext_noop("Administrator"),
    StaffRole.DISPATCH: gettext_noop("Dispatch"),
    StaffRole.STATION: gettext_noop("Station"),
    StaffRole.SUPPORT: gettext_noop("Support"),
    StaffRole.RIDER: gettext_noop("Rider"),
}

_SEES = {Can.SEE_OVERVIEW, Can.SEE_ORDERS}
_WORKS = _SEES | {
    Can.SEE_CONSIGNEE,
    Can.BOOK,
    Can.IMPORT,
    Can.CANCEL,
    Can.PRINT_LABELS,
    Can.HAND_OVER,
    Can.TAG,
    Can.SEE_CHARGES,
    Can.MANAGE_PROFILES,
    Can.ADVISE,
}

ROLES: dict[Role, frozenset[Can]] = {
    Role.OWNER: frozenset(_WORKS | {Can.MANAGE_PEOPLE, Can.MANAGE_KEYS}),
    Role.OPERATIONS: frozenset(_WORKS),
    # Finance never receives a consignee's phone, address, photo or position, so it holds no SEE_CONSIGNEE.
    Role.FINANCE: frozenset(_SEES | {Can.SEE_CHARGES}),
    Role.VIEWER: frozenset(_SEES | {Can.SEE_CONSIGNEE}),
}

# A key never receives a consignee's phone or address: no scope holds SEE_CONSIGNEE.
SCOPES: dict[Scope, frozenset[Can]] = {
    Scope.BOOK: frozenset({Can.BOOK}),
    Scope.TRACK: frozenset({Can.SEE_ORDERS}),
    Scope.RATES: frozenset({Can.SEE_CHARGES}),
}

STAFF_ROLES: dict[StaffRole, frozenset[Can]] = {
    StaffRole.ADMIN: frozenset(
        {Can.SEE_ALL_PARCELS, Can.SEE_CONSIGNEE, Can.SEE_CHARGES, Can.SCAN, Can.APPROVE, Can.ANSWER_ADVICE}
    ),
    StaffRole.DISPATCH: frozenset({Can.SEE_ALL_PARCELS, Can.SEE_CONSIGNEE, Can.SCAN, Can.ANSWER_ADVICE}),
    StaffRole.STATION: frozenset({Can.SEE_ALL_PARCELS, Can.SEE_CONSIGNEE, Can.SCAN}),
    StaffRole.FINANCE: frozenset({Can.SEE_ALL_PARCELS, Can.SEE_CHARGES}),
    StaffRole.SUPPORT: frozenset({Can.SEE_ALL_PARCELS, Can.SEE_CONSIGNEE}),
    StaffRole.RIDER: frozenset({Can.DELIVER}),
}

KEY_SIGN = "ic"
KEY_NAME_LENGTH = (2, 40)
MOST_KEYS = 20
VIEW_NAME_LENGTH = 30
VIEW_QUERY_LENGTH = 1500
MOST_VIEWS = 12  # of one person, of one list: they are tabs
_KEY = re.compile(rf"{KEY_SIGN}_([a-z2-9]{{12}})_([A-Za-z0-9]{{43}})")


def key_prefix(token: str) -> str:
    """The part of an API key that may be shown and looked up; "" for a text that is not shaped like a key."""
    match = _KEY.fullmatch(token)
    return match[1] if match else ""


def key_token(prefix: str, secret: str) -> str:
    """The whole key: ``ic_<prefix>_<secret>``. The prefix is public, the secret holds 256 random bits."""
    return f"{KEY_SIGN}_{prefix}_{secret}"


def key_hash(token: str) -> bytes:
    """What is kept of a key. One round of SHA-256 is enough, for nobody can guess 256 random bits."""
    return hashlib.sha256(token.encode()).digest()
