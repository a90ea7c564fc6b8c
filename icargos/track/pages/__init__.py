"""Public tracking's pages; importing them declares their routes."""

from icargos.track.pages import parcels

__all__ = ["parcels"]
