"""The rider's pages, one module a subject; importing this package declares them all."""

from icargos.rider.pages import run, stops

__all__ = ["run", "stops"]
