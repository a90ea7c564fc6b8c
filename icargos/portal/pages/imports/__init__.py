"""Bulk import: send a sheet, say what its columns are, mend what is wrong, book the rest, look it up afterwards."""

from icargos.portal.pages.imports import cities, files, log, mending, sheet

__all__ = ["cities", "files", "log", "mending", "sheet"]
