"""The rider's pages, one module a subject; importing this package declares them all."""

from icargos.rider.pages import pickups, run, stops

__all__ = ["pickups", "run", "stops"]
