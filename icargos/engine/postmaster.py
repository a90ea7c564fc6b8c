"""One running PostgreSQL server as the operating system sees it.

A process id read from a file proves nothing: the number may have been given to somebody else's
process since. A process counts as ours only when it runs as the database's user and its own command
line names our data folder, and it is signalled through a handle taken before that was checked.
"""

import itertools
import os
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class PidFile:
    """What ``postmaster.pid`` says: the process id and the state (``starting``, ``ready``, ``stopping``...)."""

    pid: int
    state: str


def read_pid_file(data: Path) -> PidFile | None:
    """The content of ``postmaster.pid``; None when there is none, or when it is empty or damaged."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        # A negative number is how PostgreSQL marks a single-user session.
        pid = abs(int(lines[0]))
    except (OSError, ValueError, IndexError):
        return None
    return PidFile(pid, lines[7].strip() if len(lines) > 7 else "starting")


def is_ours(pid: int, data: Path, uid: int) -> bool:
    """Whether the living process ``pid`` is the server of the data folder ``data``, run by ``uid``."""
    command = command_line(pid)
    if len(command) < 3 or Path(command[0]).name != "postgres" or owner_of(pid) != uid:
        return False
    return any(flag == "-D" and value == str(data) for flag, value in itertools.pairwise(command))


def command_line(pid: int) -> list[str]:
    """The arguments of a living process; empty for a dead one and for a zombie."""
    if Path("/proc/self/cmdline").exists():
        try:
            raw = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return []
        return [part.decode(errors="replace") for part in raw.rstrip(b"\0").split(b"\0")] if raw else []
    said = subprocess.run(["ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True, check=False)
    return said.stdout.split()


def owner_of(pid: int) -> int | None:
    """The user id a living process runs as."""
    if Path("/proc/self").exists():
        try:
            return Path(f"/proc/{pid}").stat().st_uid
        except OSError:
            return None
    said = subprocess.run(["ps", "-p", str(pid), "-o", "uid="], capture_output=True, text=True, check=False)
    return int(said.stdout) if said.stdout.strip().isdigit() else None


def backends_of(cluster_name: str, uid: int) -> list[int]:
    """Processes of a server of that ``cluster_name``; PostgreSQL writes the name into their titles.

    They outlive a killed server for a moment, and no new one may start before they are gone.
    """
    if not Path("/proc/self").exists():
        return []
    title = f"postgres: {cluster_name}: "
    pids = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return [pid for pid in pids if " ".join(command_line(pid)).startswith(title) and owner_of(pid) == uid]


def send(pid: int, number: signal.Signals, data: Path, uid: int) -> bool:
    """Signal the server of ``data``; False, with nothing sent, when ``pid`` is not it."""
    if not hasattr(os, "pidfd_open"):
        if not is_ours(pid, data, uid):
            return False
        os.kill(pid, number)
        return True
    try:
        handle = os.pidfd_open(pid)
    except OSError:
        return False
    try:
        if not is_ours(pid, data, uid):
            return False
        signal.pidfd_send_signal(handle, number)
    except ProcessLookupError:
        return False
    finally:
        os.close(handle)
    return True
