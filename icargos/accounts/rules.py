"""Roles and capabilities: the one table that says who may do what."""

from enum import StrEnum


class Can(StrEnum):
    """A capability. Pages, queries and actions name the one they need."""

    SEE_OVERVIEW = "see_overview"
    SEE_ORDERS = "see_orders"
    SEE_CONSIGNEE = "see_consignee"  # phone, address, photo and position of the person who receives
    BOOK = "book"
    IMPORT = "import"
    CANCEL = "cancel"
    PRINT_LABELS = "print_labels"
    SEE_CHARGES = "see_charges"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_PROFILES = "manage_profiles"
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


class StaffRole(StrEnum):
    """What a person is at the courier."""

    ADMIN = "admin"
    DISPATCH = "dispatch"
    STATION = "station"
    FINANCE = "finance"
    SUPPORT = "support"
    RIDER = "rider"


_SEES = {Can.SEE_OVERVIEW, Can.SEE_ORDERS}
_WORKS = _SEES | {
    Can.SEE_CONSIGNEE,
    Can.BOOK,
    Can.IMPORT,
    Can.CANCEL,
    Can.PRINT_LABELS,
    Can.SEE_CHARGES,
    Can.MANAGE_PROFILES,
    Can.ADVISE,
}

ROLES: dict[Role, frozenset[Can]] = {
    Role.OWNER: frozenset(_WORKS | {Can.MANAGE_PEOPLE}),
    Role.OPERATIONS: frozenset(_WORKS),
    # Finance never receives a consignee's phone, address, photo or position, so it holds no SEE_CONSIGNEE.
    Role.FINANCE: frozenset(_SEES | {Can.SEE_CHARGES}),
    Role.VIEWER: frozenset(_SEES | {Can.SEE_CONSIGNEE}),
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
