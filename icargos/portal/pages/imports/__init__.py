"""Bulk import: send a sheet, say what its columns are, mend what is wrong, book the rest, look it up afterwards."""

from icargos.portal.pages.imports import files, log, mending, sheet

__all__ = ["files", "log", "mending", "sheet"]
