"""The shipper's pages, one module a subject; importing this package declares them all."""

from icargos.portal.pages import booking, consignment, imports, labels, money, orders, overview, search

__all__ = ["booking", "consignment", "imports", "labels", "money", "orders", "overview", "search"]
