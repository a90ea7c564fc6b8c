"""The shipper's pages, one module a subject; importing this package declares them all."""

from icargos.portal.pages import consignment, labels, orders, overview, search

__all__ = ["consignment", "labels", "orders", "overview", "search"]
