"""The weights of a parcel's pieces as they are kept: grams in the pieces' order, ``2500,1200``; "" = not given."""

from collections.abc import Sequence


def weights(kept: str) -> tuple[int, ...]:
    """Grams of each piece; none where only the whole was weighed."""
    return tuple(int(one) for one in kept.split(",")) if kept else ()


def written(grams: Sequence[int]) -> str:
    """How the weights of pieces, in grams, are kept."""
    return ",".join(map(str, grams))


def in_kilograms(kept: str) -> str:
    """The weights as a person types them: ``2.5; 1.2``."""
    return "; ".join(f"{one / 1000:g}" for one in weights(kept))
