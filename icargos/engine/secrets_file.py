"""The passwords of the embedded database, made once, in a file that only we can read."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from icargos.engine.errors import EngineError


@dataclass(frozen=True, slots=True)
class Secrets:
    """``ident`` names this installation; the others are the passwords of the three sign-ins."""

    ident: str
    admin: str
    owner: str
    app: str


def load_secrets(path: Path) -> Secrets:
    """Read the file, or make it with new passwords (0600) when there is none.

    Raises EngineError when it is there and cannot be understood.
    """
    try:
        return Secrets(**json.loads(path.read_text()))
    except FileNotFoundError:
        pass
    except (OSError, ValueError, TypeError) as error:
        raise EngineError(f"{path} cannot be read ({error}). It holds the database's passwords: restore it.") from error
    made = Secrets(secrets.token_hex(6), *(secrets.token_urlsafe(24) for _ in range(3)))
    write_private(path, json.dumps(asdict(made), indent=1))
    return made


def write_private(path: Path, text: str) -> None:
    """Write a file that only we can read, whole or not at all, safe against a crash half-way."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(path)
