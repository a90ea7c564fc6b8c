"""The public tracking door."""
