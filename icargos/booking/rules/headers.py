"""Which header of a sheet stands for which column."""

from collections.abc import Sequence

import msgspec
from rapidfuzz import fuzz, process

from icargos.booking.rules.columns import BY_KEY, COLUMNS, IN_GRAMS, REQUIRED, named, squeeze

_CLOSE_ENOUGH = 80.0
# The sender's own details look like the consignee's: a near match here would send parcels back to the shop.
_SENDERS_WORDS = ("shipper", "sender", "origin", "return", "billing", "vendor", "from", "rider", "status", "date")


class Guess(msgspec.Struct, frozen=True, kw_only=True):
    """A header and the column it may stand for; ``index`` counts from 0, ``score`` is 0 to 100."""

    column: str
    index: int
    header: str
    score: float = 100.0


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """How the headers of one sheet were understood.

    ``columns`` maps column keys to 0-based positions and is sure; ``unsure`` waits for a person's yes;
    ``duplicates`` named a column that another header already had; ``ignored`` are headers of no use to us.
    """

    columns: dict[str, int]
    unsure: list[Guess] = []
    duplicates: list[Guess] = []
    ignored: list[str] = []
    weight_in_grams: bool = False

    @property
    def missing(self) -> list[str]:
        """The required columns that no header names for certain."""
        return [key for key in REQUIRED if key not in self.columns]


def match_headers(headers: Sequence[str]) -> Match:
    """Map headers to columns: by title or known word first, the rest by likeness as unsure."""
    claims: dict[str, list[tuple[int, int, str]]] = {}
    nameless: list[tuple[int, str]] = []
    for index, header in enumerate(headers):
        found = named(header)
        if found is not None:
            claims.setdefault(found[0], []).append((found[1], index, header))
        elif squeeze(header):
            nameless.append((index, header))
    columns: dict[str, int] = {}
    duplicates: list[Guess] = []
    unsure: list[Guess] = []
    for key, claimed in claims.items():
        claimed.sort()
        columns[key] = claimed[0][1]
        for _, index, header in claimed[1:]:
            if (
                key == "consignee_phone"
                and "alt_phone" not in claims
                and not any(g.column == "alt_phone" for g in unsure)
            ):
                unsure.append(Guess(column="alt_phone", index=index, header=header))
            else:
                duplicates.append(Guess(column=key, index=index, header=header))
    taken = columns.keys() | {guess.column for guess in unsure}
    guesses = _guess(nameless, [column.key for column in COLUMNS if column.key not in taken])
    guessed = {guess.index for guess in guesses}
    weight = columns.get("weight_kg")
    return Match(
        columns=columns,
        unsure=unsure + guesses,
        duplicates=duplicates,
        ignored=[header for index, header in nameless if index not in guessed],
        weight_in_grams=weight is not None and squeeze(headers[weight]) in IN_GRAMS,
    )


def _guess(nameless: list[tuple[int, str]], free: list[str]) -> list[Guess]:
    """The best likeness for each header, each column given once, best scores first."""
    words = [(word, key) for key in free for word in BY_KEY[key].words if len(word) > 3]
    scored: list[Guess] = []
    for index, header in nameless:
        text = squeeze(header)
        if len(text) < 4 or any(word in text for word in _SENDERS_WORDS):
            continue
        hit = process.extractOne(text, [word for word, _ in words], scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH)
        if hit is not None:
            scored.append(Guess(column=words[hit[2]][1], index=index, header=header, score=round(hit[1], 1)))
    scored.sort(key=lambda guess: (-guess.score, guess.index))
    given: set[str] = set()
    kept: list[Guess] = []
    for guess in scored:
        if guess.column not in given:
            given.add(guess.column)
            kept.append(guess)
    return sorted(kept, key=lambda guess: guess.index)
