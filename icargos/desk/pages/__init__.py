"""The desk's pages, one module a subject; importing this package declares them all."""

from icargos.desk.pages import advice, conflicts, manifests, parcels, pickups, runs, scanning

__all__ = ["advice", "conflicts", "manifests", "parcels", "pickups", "runs", "scanning"]
