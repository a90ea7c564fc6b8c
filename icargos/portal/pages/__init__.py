"""The shipper's pages, one module a subject; importing this package declares them all."""

from icargos.portal.pages import (
    advice,
    api_settings,
    booking,
    consignment,
    imports,
    label_settings,
    labels,
    load_sheets,
    money,
    orders,
    overview,
    pickups,
    ready,
    search,
)

__all__ = [
    "advice",
    "api_settings",
    "booking",
    "consignment",
    "imports",
    "label_settings",
    "labels",
    "load_sheets",
    "money",
    "orders",
    "overview",
    "pickups",
    "ready",
    "search",
]
