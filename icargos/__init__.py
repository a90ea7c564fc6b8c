"""The iCargos customer portal: what a courier company gives to its shippers."""

__version__ = "0.1.0"
