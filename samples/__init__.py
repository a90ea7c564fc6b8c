"""Sheets to try the import with, and the programme that makes them."""
