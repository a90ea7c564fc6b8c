"""Where this installation keeps its state, and which database it uses."""

import os
import secrets
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from icargos.engine import Cluster, Engine
from icargos.engine.secrets_file import write_private

_CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Installation:
    """The state folder and the embedded server, which is None when ``DATABASE_URL`` names a real one."""

    home: Path
    cluster: Cluster | None


def home_dir() -> Path:
    """The state folder: ``ICARGOS_HOME``, or ``var`` in the checkout; made (0700) when it is missing."""
    home = Path(os.environ.get("ICARGOS_HOME") or _CHECKOUT / "var").absolute()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    return home


@contextmanager
def installation() -> Iterator[Installation]:
    """Fill the environment for Django: state folder, secret key, database addresses.

    Without ``DATABASE_URL`` the embedded server is started or joined, and let go of at the end.
    Raises EngineError when it cannot be.
    """
    home = home_dir()
    os.environ["ICARGOS_HOME"] = str(home)
    if not os.environ.get("ICARGOS_SECRET_KEY"):
        os.environ["ICARGOS_SECRET_KEY"] = _secret_key(home)
    if os.environ.get("DATABASE_URL"):
        yield Installation(home, None)
        return
    cluster = Engine(home).start()
    os.environ["DATABASE_URL"] = cluster.app_url()
    os.environ["DATABASE_OWNER_URL"] = cluster.owner_url()
    try:
        yield Installation(home, cluster)
    finally:
        del os.environ["DATABASE_URL"], os.environ["DATABASE_OWNER_URL"]
        cluster.stop()


def set_up_django(*, as_owner: bool = False, environment: Mapping[str, str] | None = None) -> None:
    """Load Django in this process, signed in as the application or as the owner of the tables."""
    os.environ.update(environment or {})
    if as_owner:
        os.environ["ICARGOS_AS_OWNER"] = "1"
    import django

    from icargos.main import logs

    logs.configure()
    django.setup()


def say(text: str) -> None:
    """One line for the person at the terminal."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _secret_key(home: Path) -> str:
    path = home / "secret-key"
    if not path.exists():
        write_private(path, secrets.token_urlsafe(50))
    return path.read_text().strip()
