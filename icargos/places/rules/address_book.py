"""How large an address book may grow."""

MOST_ADDRESSES = 50_000
