"""Consignment numbers: a two-letter prefix, a keyed permutation of one counter, a check digit.

``IC47312482 9``: eight digits until a hundred million parcels are booked, then nine, then ten; a longer
number can never equal a shorter one, so old labels stay good for ever.
"""

import re
import struct
from collections.abc import Sequence
from functools import lru_cache
from hashlib import shake_256
from operator import mul

FIRST_DIGITS = 8
_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_ROUNDS = 10
_SHAPE = re.compile(r"[A-Z]{2}[0-9]{9,18}")
_PIECE = re.compile(r"[-– ]\s*\d{1,2}\s*/\s*\d{1,2}\s*$")
_TYPED = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789", " -–.\t\x00\u00a0\u200c\u200d\u200e\u200f")


def check_digit(digits: str) -> str:
    """The UPU S10 check digit: weights 8 6 4 2 3 5 9 7, 11 - sum mod 11, 10 -> 0, 11 -> 5.

    A number longer than eight digits takes the weights round again from the right.
    """
    turns = -(-len(digits) // 8)
    weights = (_WEIGHTS * turns)[-len(digits) :]
    rest = 11 - (sum(map(mul, weights, digits.encode("ascii"))) - 48 * sum(weights)) % 11
    return "0" if rest == 10 else "5" if rest == 11 else str(rest)


def normalise(text: str) -> str:
    """What was typed or scanned, as a CN would be written: upper case, no spaces or dashes, plain digits.

    A piece's own code (``IC473124829-02/03``) stands for its consignment, whichever of a label's bars was met.
    """
    if "/" in text:
        text = _PIECE.sub("", text)
    return text.translate(_TYPED).upper()


def begins(text: str, prefix: str) -> str:
    """What a number that is being typed begins with, normalised: people read one out without its letters too."""
    number = normalise(text)
    return prefix + number if number.isdecimal() else number


def piece_code(cn: str, piece: int, pieces: int) -> str:
    """The code of one piece of several: ``IC473124829-02/03``."""
    return f"{cn}-{piece:02d}/{pieces:02d}"


def is_valid(cn: str) -> bool:
    """Whether a normalised text has the shape and the check digit of a CN. Says nothing of its existence."""
    return _SHAPE.fullmatch(cn) is not None and check_digit(cn[2:-1]) == cn[-1]


def group(cn: str) -> str:
    """For people: ``IC 4731 2482 9``; the last digit is the check."""
    digits = cn[2:-1]
    fours = [digits[i : i + 4] for i in range(0, len(digits), 4)]
    return " ".join([cn[:2], *fours, cn[-1]])


@lru_cache(maxsize=16)
def _rounds(key: bytes, digits: int) -> tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]:
    """The Feistel round functions of a key as look-up tables, one pair for each two rounds."""
    left, right = 10 ** (digits // 2), 10 ** (digits - digits // 2)

    def table(turn: int, side: bytes, size: int) -> tuple[int, ...]:
        stream = shake_256(b"icargos cn %d %d %s " % (digits, turn, side) + key).digest(4 * size)
        return struct.unpack(f"<{size}I", stream)

    return tuple((table(turn, b"l", right), table(turn, b"r", left)) for turn in range(_ROUNDS // 2))


def permute(value: int, key: bytes, digits: int = FIRST_DIGITS) -> int:
    """A keyed one-to-one shuffle of ``0 <= value < 10 ** digits`` (digits up to 12).

    A Feistel network over two halves of decimal digits, added modulo their size: exactly bijective, so no
    number is walked past and none is met twice. Ten rounds; the round functions are SHAKE-256 streams of
    the key kept as tables, which makes one number cost about a microsecond.
    """
    halves: int = 10 ** (digits - digits // 2)
    size: int = 10 ** (digits // 2)
    left, right = divmod(value, halves)
    for of_right, of_left in _rounds(key, digits):
        left = (left + of_right[right]) % size
        right = (right + of_left[left]) % halves
    return left * halves + right


def allot(counters: Sequence[int], key: bytes, prefix: str) -> list[str]:
    """The CNs of a block of counter values, in their order.

    The counter starts at 0 and is never reused; equal counters give equal numbers. Raises ValueError for
    a prefix that is not two capital letters, a negative counter or an empty key.
    """
    if len(prefix) != 2 or not (prefix.isascii() and prefix.isalpha() and prefix.isupper()):
        raise ValueError("a CN prefix is two capital letters")
    if not key:
        raise ValueError("a CN key must not be empty")
    numbers = []
    for counter in counters:
        if counter < 0:
            raise ValueError("a CN counter is never negative")
        digits, rest = FIRST_DIGITS, counter
        while rest >= 10**digits:
            rest -= 10**digits
            digits += 1
        number = str(permute(rest, key, digits)).zfill(digits)
        numbers.append(prefix + number + check_digit(number))
    return numbers
