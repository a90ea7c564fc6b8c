"""Proofs of many deliveries in one zip: how many, for how long, and how its files are named."""

from typing import Final

MOST_PROOFS: Final = 500
TWICE_SECONDS: Final = 5  # the same asked again so soon is a double click
KEPT_HOURS: Final = 24
_LONGEST_REF = 50


def file_name(cn: str, order_ref: str) -> str:
    """``EPOD-IC473124829-ZT-77.pdf``: by number and order ref, with nothing in it that no file system likes."""
    plain = "".join(letter if letter.isalnum() or letter in "._-" else "-" for letter in order_ref[:_LONGEST_REF])
    ref = plain.strip(".-_")
    return f"EPOD-{cn}-{ref}.pdf" if ref else f"EPOD-{cn}.pdf"
