"""A list's address holds its whole state. It is read here, without ever failing, and written again with a change."""

from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import urlencode

from django.http import QueryDict

_LONGEST = 100
_MOST = 60  # values of one name


class Address:
    """The address of one list: ``path`` and the parts that were asked for.

    ``names`` are the parts it knows, in the order they are written; the rest is dropped. ``paging`` are those that say
    which page is looked at: any other change begins at the first page again.
    """

    paging = ("before", "after", "n")

    def __init__(self, path: str, asked: QueryDict, names: Sequence[str]) -> None:
        self.path = path
        self._parts = {name: _read(asked, name) for name in (*names, *self.paging) if asked.get(name)}
        self._order = (*names, *self.paging)

    def all(self, name: str) -> list[str]:
        """Every value of a part, each once; empty where it is not there."""
        return list(self._parts.get(name, ()))

    def one(self, name: str) -> str:
        """The first value of a part, or nothing."""
        return next(iter(self._parts.get(name, ())), "")

    def number(self, name: str) -> int | None:
        """A part that is a whole number; None for anything else."""
        text = self.one(name)
        return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None

    def day(self, name: str) -> date | None:
        """A part that is a day, ``2026-11-23``; None for anything else."""
        try:
            return date.fromisoformat(self.one(name))
        except ValueError:
            return None

    def query(self, **changes: object) -> str:
        """What stands after the question mark, with these parts changed ("" takes one out), at the first page."""
        return urlencode(self.parts(**changes))

    def parts(self, **changes: object) -> list[tuple[str, str]]:
        """The same as name and value, for the hidden fields of a form."""
        state = {name: values for name, values in self._parts.items() if name not in self.paging}
        state |= {name: _written(value) for name, value in changes.items()}
        return [(name, value) for name in self._order for value in state.get(name, ()) if value]

    def url(self, **changes: object) -> str:
        """The list's address with these parts changed, at the first page unless they name another."""
        query = self.query(**changes)
        return f"{self.path}?{query}" if query else self.path

    def without(self, name: str, value: str) -> str:
        """The list's address with one of a part's values taken out."""
        return self.url(**{name: [one for one in self.all(name) if one != value]})


def _read(asked: QueryDict, name: str) -> list[str]:
    values = (value.replace("\x00", "").strip()[:_LONGEST] for value in asked.getlist(name)[:_MOST])
    return list(dict.fromkeys(value for value in values if value))


def _written(value: object) -> list[str]:
    if value is None:
        return []
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [str(one) for one in value]
    return [str(value)]


def pager(
    address: Address, keys: Mapping[str, int | None], *, size: int, shown: int, total: int | None, most: int
) -> dict[str, object]:
    """What ``ui/parts/pager.html`` shows of a page. ``keys``: of the pages next to it, by "before" and "after", the
    next page's first; ``total`` over ``most`` was not counted to its end.
    """
    first = max(1, address.number("n") or 1)
    (forth, onward), (back, backward) = keys.items()
    return {
        "first": first if shown else 0,
        "last": first + shown - 1 if shown else 0,
        "total": total,
        "more": total is not None and total > most,
        "most": most,
        "previous_url": address.url(**{back: backward, "n": max(1, first - size)}) if backward else "",
        "next_url": address.url(**{forth: onward, "n": first + size}) if onward else "",
    }
