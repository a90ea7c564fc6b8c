"""A person's say on which header stands for which column, and how each one came to be understood."""

import hashlib
from collections.abc import Mapping, Sequence
from enum import StrEnum

import msgspec

from icargos.booking.rules.columns import BY_KEY, squeeze
from icargos.booking.rules.headers import Match
from icargos.booking.rules.sheet import is_ours

IN_GRAMS = "weight_g"  # a choice for the weight column whose numbers are grams
LEFT_OUT = ""


class How(StrEnum):
    """Why a header is taken for a column, or is not."""

    BY_NAME = "by_name"
    IN_GRAMS = "in_grams"
    LOOKS_LIKE = "looks_like"  # waits for a person's yes
    CHOSEN = "chosen"
    REMEMBERED = "remembered"
    TWICE = "twice"  # another header has this column already
    LEFT_OUT = "left_out"


class Understood(msgspec.Struct, frozen=True, kw_only=True):
    """One header: its 0-based place, its text, the column it fills or may fill (a key, IN_GRAMS or ""), and why."""

    place: int
    header: str
    choice: str
    how: How


def headers_key(headers: Sequence[str]) -> str:
    """The same for two sheets with the same headers in the same order, whatever their case and spacing."""
    return hashlib.sha256("\x1f".join(map(squeeze, headers)).encode()).hexdigest()


def choose(match: Match, choices: Mapping[int, str]) -> Match:
    """The match with a person's choices: 0-based place to a column's key, IN_GRAMS or LEFT_OUT.

    Unknown keys count as LEFT_OUT. Where two places choose one column the later one has it: see ``chosen_twice``.
    """
    columns = {key: place for key, place in match.columns.items() if place not in choices}
    for place, choice in choices.items():
        key = "weight_kg" if choice == IN_GRAMS else choice
        if key in BY_KEY:
            columns[key] = place
    weight = columns.get("weight_kg")
    chosen = choices.get(weight) if weight is not None else None
    return msgspec.structs.replace(
        match,
        columns=columns,
        unsure=[one for one in match.unsure if one.index not in choices and one.column not in columns],
        weight_in_grams=match.weight_in_grams if chosen is None else chosen == IN_GRAMS,
    )


def chosen_twice(choices: Mapping[int, str]) -> list[str]:
    """The columns that more than one place chooses."""
    keys = ["weight_kg" if choice == IN_GRAMS else choice for choice in choices.values() if choice != LEFT_OUT]
    return sorted({key for key in keys if keys.count(key) > 1})


def understood(
    headers: Sequence[str], match: Match, choices: Mapping[int, str], *, remembered: bool
) -> list[Understood]:
    """Each header that has a name, in the sheet's order, with how it was understood."""
    by_place = {place: key for key, place in match.columns.items()}
    unsure = {guess.index: guess.column for guess in match.unsure}
    twice = {guess.index: guess.column for guess in match.duplicates}
    found = []
    for place, header in enumerate(headers):
        key = by_place.get(place, LEFT_OUT)
        grams = key == "weight_kg" and match.weight_in_grams
        if place in choices:
            how = How.REMEMBERED if remembered else How.CHOSEN
        elif place in unsure:
            key, how = unsure[place], How.LOOKS_LIKE
        elif key:
            how = How.IN_GRAMS if grams else How.BY_NAME
        else:
            how = How.TWICE if place in twice else How.LEFT_OUT
        if (header.strip() or key) and not is_ours(header):
            found.append(Understood(place=place, header=header, choice=IN_GRAMS if grams else key, how=how))
    return found
