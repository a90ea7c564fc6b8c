"""Every write of places: pickup profiles, the address book, a shipper's own city words, who works where."""

from icargos.places.actions.address_book import (
    Entry,
    change_address,
    keep_addresses,
    merge_addresses,
    remove_addresses,
)
from icargos.places.actions.city_words import LONGEST_ALIAS, forget_alias, learn_alias
from icargos.places.actions.posts import post
from icargos.places.actions.profiles import (
    add_profile,
    change_profile,
    choose_profile,
    make_default,
    restore_profile,
    retire_profile,
)

__all__ = [
    "LONGEST_ALIAS",
    "Entry",
    "add_profile",
    "change_address",
    "change_profile",
    "choose_profile",
    "forget_alias",
    "keep_addresses",
    "learn_alias",
    "make_default",
    "merge_addresses",
    "post",
    "remove_addresses",
    "restore_profile",
    "retire_profile",
]
