"""The orders list: the list itself, what is done with many of its parcels at once, what a person keeps of it."""

from icargos.portal.pages.orders import acting, export, keeping, listing

__all__ = ["acting", "export", "keeping", "listing"]
