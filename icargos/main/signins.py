"""The demo sign-ins of this installation: a file that only we can read, and how they are shown."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from icargos.engine.secrets_file import write_private


@dataclass(frozen=True, slots=True)
class SignIn:
    """Who may sign in to the demo world, as what, and how."""

    name: str
    role: str
    email: str
    password: str


def signins_file(home: Path) -> Path:
    """Where they are kept."""
    return home / "demo-signins.json"


def write_signins(home: Path, signins: Iterable[SignIn]) -> None:
    """Put them down, readable by us alone, just before the demo world is committed; they count once confirmed."""
    write_private(_unconfirmed(home), json.dumps([asdict(one) for one in signins], indent=1, ensure_ascii=False))


def confirm_signins(home: Path) -> None:
    """The demo world is in the database: what was put down counts from now on."""
    _unconfirmed(home).replace(signins_file(home))


def settle_signins(home: Path, *, people: int) -> None:
    """After a kill between the two steps above: keep what was put down if ``people`` of the demo world exist."""
    if people and _unconfirmed(home).exists():
        confirm_signins(home)


def read_signins(home: Path) -> list[SignIn]:
    """What was kept; empty when there is no demo world here."""
    try:
        return [SignIn(**one) for one in json.loads(signins_file(home).read_text())]
    except FileNotFoundError:
        return []


def table(signins: Iterable[SignIn]) -> str:
    """One line per sign-in, in columns."""
    rows = [(one.name, one.role, one.email, one.password) for one in signins]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(4)]
    return "\n".join(
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _unconfirmed(home: Path) -> Path:
    return home / "demo-signins.unconfirmed"
