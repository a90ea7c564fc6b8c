"""The columns of a list that each person chooses for themselves."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its ``name`` in what is kept, and its heading.

    ``fixed`` ones are always there; ``usual`` ones are there until a person chooses. ``css`` is the heading's class.
    """

    name: str
    label: str | Promise
    css: str = ""
    fixed: bool = False
    usual: bool = False


def chosen(columns: Sequence[Column], names: Sequence[str] | None) -> list[Column]:
    """The columns to show, in their own order: those with these names, or the usual ones; fixed ones in any case."""
    if names is None:
        return [one for one in columns if one.fixed or one.usual]
    return [one for one in columns if one.fixed or one.name in names]


def choices(columns: Sequence[Column], shown: Sequence[Column]) -> list[dict[str, object]]:
    """The ticks of the form that chooses columns."""
    return [{"value": one.name, "label": one.label, "ticked": one in shown} for one in columns if not one.fixed]
