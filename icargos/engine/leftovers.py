"""Databases outside their homes (as root) whose homes are gone: found and named, never deleted by us."""

from pathlib import Path

from icargos.engine.secrets_file import write_private

SYSTEM_ROOT = Path("/var/lib/icargos")
_NOTE = "home"


def sign(base: Path, home: Path) -> None:
    """Write down which home the folder ``base`` belongs to."""
    # Not through a link that the database's user could have put there.
    write_private(base / _NOTE, f"{home}\n")


def abandoned(root: Path = SYSTEM_ROOT) -> list[tuple[Path, Path]]:
    """Folders under ``root`` with the home each was made for, where that home is gone or has another database now."""
    found = []
    for note in sorted(root.glob(f"*/{_NOTE}")) if root.is_dir() else []:
        home = Path(note.read_text().strip())
        if not any(note.parent.name in known.read_text() for known in home.glob("*postgres.json")):
            found.append((note.parent, home))
    return found
