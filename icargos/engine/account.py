"""The system user the database runs as. PostgreSQL refuses to run as root, and it should not see our files."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from typing import TypedDict

from icargos.engine.errors import EngineError

OWN_USER = "icargos-pg"
_FALLBACKS = ("postgres", "nobody")


class Identity(TypedDict, total=False):
    """The arguments of ``subprocess`` that start a child as another user."""

    user: int
    group: int
    extra_groups: list[int]
    umask: int


@dataclass(frozen=True, slots=True)
class Account:
    """A system user; ``is_other`` says that it is not the user we run as."""

    name: str
    uid: int
    gid: int
    is_other: bool

    def identity(self) -> Identity:
        """What to pass to ``subprocess`` so that the child runs as this user and its files are private."""
        if not self.is_other:
            return {"umask": 0o077}
        return {"user": self.uid, "group": self.gid, "extra_groups": [], "umask": 0o077}


def database_account() -> Account:
    """The user we run as; for root a user of the database's own, made when it is missing.

    Raises EngineError when we are root and the machine has no other user to use.
    """
    if os.geteuid() != 0:
        return Account(str(os.geteuid()), os.geteuid(), os.getegid(), is_other=False)
    found = _look_up(OWN_USER) or _make_user() or next(filter(None, map(_look_up, _FALLBACKS)), None)
    if found is None:
        raise EngineError(
            f"PostgreSQL does not run as root, and no other user could be used: make one with `useradd -r {OWN_USER}`."
        )
    return found


def _look_up(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(name, entry.pw_uid, entry.pw_gid, is_other=True)


def _make_user() -> Account | None:
    if shutil.which("useradd"):
        command = ["useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent"]
        command += ["--shell", "/usr/sbin/nologin", "--user-group", OWN_USER]
    elif shutil.which("adduser"):
        command = ["adduser", "-S", "-D", "-H", "-s", "/sbin/nologin", OWN_USER]
    else:
        return None
    subprocess.run(command, capture_output=True, check=False, timeout=30)
    # Looked up whatever the command said: two processes may have made the user at once.
    return _look_up(OWN_USER)
