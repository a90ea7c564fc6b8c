"""The shipper's pages, one module a subject; importing this package declares them all."""

from icargos.portal.pages import api_settings, booking, consignment, imports, labels, money, orders, overview, search

__all__ = ["api_settings", "booking", "consignment", "imports", "labels", "money", "orders", "overview", "search"]
