"""Start, share, stop and recover the embedded PostgreSQL of one installation."""

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from icargos.engine import postmaster
from icargos.engine.account import Account, database_account
from icargos.engine.binaries import Binaries, find_binaries, reachable_by
from icargos.engine.errors import EngineError
from icargos.engine.leftovers import SYSTEM_ROOT, sign
from icargos.engine.roles import APP_ROLE, OWNER_ROLE, ensure_roles
from icargos.engine.secrets_file import Secrets, load_secrets, write_private

DATABASE = "icargos"
ADMIN_ROLE = "icargos_admin"
# The kernel keeps a socket's path in 108 bytes, the last one a zero.
LONGEST_SOCKET_PATH = 107
_SOCKET_FILE = ".s.PGSQL.5432"
_LOG_BYTES = 10_000_000
_START_SECONDS = 120.0
_STOP_SECONDS = 30.0

# Statements and error details carry names and phones (Django binds values on our side), so the
# server's log keeps neither.
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "120",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "maintenance_work_mem": "64MB",
    "work_mem": "8MB",
    "max_wal_size": "2GB",
    "wal_compression": "on",
    "random_page_cost": "1.1",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "synchronous_commit": "on",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
_SCRATCH_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "128MB",
    "autovacuum": "off",
}
# Servers that this process started and others still use: kept, so that they are not taken for forgotten children.
_LEFT_TO_OTHERS: list[subprocess.Popen[bytes]] = []


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running embedded server. Hold on to it while you use the database, then call ``stop()``."""

    engine: "Engine"
    version: str
    socket_dir: Path
    secrets: Secrets

    def owner_url(self, database: str = DATABASE) -> str:
        """The address for migrations: the role that owns the tables."""
        return self._url(OWNER_ROLE, self.secrets.owner, database)

    def app_url(self, database: str = DATABASE) -> str:
        """The address for the application: the role that row security binds."""
        return self._url(APP_ROLE, self.secrets.app, database)

    def admin_url(self, database: str = "postgres") -> str:
        """The superuser's address, for set-up and for tests of the server itself."""
        return self._url(ADMIN_ROLE, self.secrets.admin, database)

    def is_alive(self) -> bool:
        """Whether the server process is there and says that it is ready."""
        return self.engine.running_pid() is not None

    def stop(self) -> None:
        """Let go of the server; the last one who does stops it. Can be repeated."""
        self.engine.release()

    def _url(self, role: str, password: str, database: str) -> str:
        host = quote(str(self.socket_dir), safe="/")
        return f"postgresql://{role}:{quote(password, safe='')}@/{quote(database, safe='')}?host={host}&port=5432"


class Engine:
    """The embedded PostgreSQL of one installation, whose state lives in the folder ``home``.

    Any number of processes may start the engine of one home: they share one server.
    """

    def __init__(self, home: Path, *, name: str = "postgres", settings: dict[str, str] | None = None) -> None:
        self.home = home.absolute()
        self.name = name
        self.settings = _SETTINGS | (settings or {})
        self.log = self.home / f"{name}.log"
        self._users: int | None = None
        self._child: subprocess.Popen[bytes] | None = None

    @classmethod
    def scratch(cls, home: Path) -> "Engine":
        """A server of its own for tests beside the real one: fast, and not safe against a power cut."""
        return cls(home, name="test-postgres", settings=_SCRATCH_SETTINGS)

    def start(self) -> Cluster:
        """Start the server, or join the one that runs; make it first when there is none.

        Takes 0.5-2 s the first time, about 0.1 s later; after a crash as long as recovery takes.
        Raises EngineError with a plain sentence when it cannot be started.
        """
        account = database_account()
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._alone():
            secrets = load_secrets(self.home / f"{self.name}.json")
            base = self._base(account, secrets)
            binaries = reachable_by(account, find_binaries(), SYSTEM_ROOT)
            if account.is_other:
                SYSTEM_ROOT.mkdir(mode=0o755, parents=True, exist_ok=True)
                _private_dir(base, account)
                sign(base, self.home)
            socket_dir = self._socket_dir(account, base, secrets)
            cluster = Cluster(self, binaries.version, socket_dir, secrets)
            if not self._settled(account, base, socket_dir, secrets):
                self._initialize(account, binaries, base, secrets)
                self._launch(account, binaries, base, socket_dir, secrets)
                self._provision(cluster)
            if self._users is None:
                self._users = os.open(self.home / f"{self.name}.users", os.O_RDWR | os.O_CREAT, 0o600)
                fcntl.flock(self._users, fcntl.LOCK_SH)
        return cluster

    def running_pid(self) -> int | None:
        """The process id of this home's server when it is up; never that of a stale or foreign process."""
        if self._child is not None:
            self._child.poll()
        place = self._place()
        if place is None:
            return None
        account, data = place
        found = postmaster.read_pid_file(data)
        if found is None or found.state != "ready" or not postmaster.is_ours(found.pid, data, account.uid):
            return None
        return found.pid

    def release(self) -> None:
        """Let go of the server, and stop it when no other process holds it."""
        if self._users is None:
            return
        with self._alone():
            users, self._users = self._users, None
            try:
                # Turning our share into the whole lock works only when no other process has a share.
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if self._child is not None:
                    _LEFT_TO_OTHERS.append(self._child)
                return
            finally:
                os.close(users)
            self._shut_down()

    def erase(self) -> None:
        """Stop the server and delete its database and passwords for good."""
        place = self._place()
        if place is None:
            return
        with self._alone():
            if self._users is not None:
                os.close(self._users)
                self._users = None
            self._shut_down()
            account, data = place
            shutil.rmtree(data.parent if account.is_other else data, ignore_errors=True)
            for suffix in ("json", "log", "users"):
                (self.home / f"{self.name}.{suffix}").unlink(missing_ok=True)

    def data_dir(self) -> Path | None:
        """Where the tables are; None before the first start."""
        place = self._place()
        return place[1] if place else None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        handle = os.open(self.home / f"{self.name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _place(self) -> tuple[Account, Path] | None:
        known = self.home / f"{self.name}.json"
        if not known.exists():
            return None
        account = database_account()
        return account, self._base(account, load_secrets(known)) / self.name

    def _base(self, account: Account, secrets: Secrets) -> Path:
        # Another user cannot reach into our home, and must not be let in: its data lives outside.
        return SYSTEM_ROOT / secrets.ident if account.is_other else self.home

    def _socket_dir(self, account: Account, base: Path, secrets: Secrets) -> Path:
        named = os.environ.get("ICARGOS_SOCKET_DIR", "")
        runtime = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
        places = [Path(named)] if named else [base / f"{self.name}.s", Path(runtime) / f"icargos-{secrets.ident}"]
        for place in places:
            if len(os.fsencode(place / _SOCKET_FILE)) <= LONGEST_SOCKET_PATH:
                _private_dir(place, account)
                return place
        raise EngineError(
            f"The path {places[-1]} is too long for a socket ({LONGEST_SOCKET_PATH} bytes at most, with "
            f"{_SOCKET_FILE}): name a shorter folder by ICARGOS_SOCKET_DIR."
        )

    def _initialize(self, account: Account, binaries: Binaries, base: Path, secrets: Secrets) -> None:
        data = base / self.name
        made_by = data / "PG_VERSION"
        if made_by.exists():
            major = made_by.read_text().strip()
            if major != str(binaries.major):
                raise EngineError(
                    f"{data} was made by PostgreSQL {major}, but {binaries.folder} is {binaries.version}: name "
                    f"PostgreSQL {major} by ICARGOS_PG_BIN, or move the data over with its pg_dump."
                )
            return
        fresh = base / f"{self.name}.new"
        shutil.rmtree(fresh, ignore_errors=True)
        secret = base / f"{self.name}.pw"
        write_private(secret, secrets.admin)
        if account.is_other:
            os.chown(secret, account.uid, account.gid, follow_symlinks=False)
        command = [binaries.initdb, "-D", str(fresh), "--username", ADMIN_ROLE, "--pwfile", str(secret)]
        command += ["--auth=scram-sha-256", "--encoding=UTF8", "--no-instructions"]
        if binaries.major >= 17:
            command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        else:
            command += ["--locale=C.UTF-8"]
        if self.settings.get("fsync") == "off":
            command += ["--no-sync"]
        try:
            made = subprocess.run(
                command, capture_output=True, text=True, check=False, cwd="/", timeout=300, **account.identity()
            )
        finally:
            secret.unlink(missing_ok=True)
        if made.returncode:
            raise EngineError(f"initdb could not make {data}: {made.stderr.strip() or made.stdout.strip()}")
        # Only a finished cluster ever stands under the real name.
        fresh.rename(data)

    def _launch(self, account: Account, binaries: Binaries, base: Path, socket_dir: Path, secrets: Secrets) -> None:
        data = base / self.name
        title = f"icargos-{secrets.ident}"
        settings = self.settings | {"unix_socket_directories": str(socket_dir), "cluster_name": title}
        command = [binaries.postgres, "-D", str(data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        if self.log.exists() and self.log.stat().st_size > _LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        with open(os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "wb") as log:
            begin = log.tell()
            self._child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                # Of its own session, so that Ctrl-C in the terminal does not reach it.
                start_new_session=True,
                **account.identity(),
            )
        deadline = time.monotonic() + _START_SECONDS
        while self.running_pid() is None:
            if self._child.poll() is not None or time.monotonic() > deadline:
                with self.log.open("rb") as log:
                    log.seek(begin)
                    said = log.read().decode(errors="replace").strip().splitlines()[-6:]
                raise EngineError("PostgreSQL did not start:\n  " + "\n  ".join(said or ["it said nothing"]))
            time.sleep(0.02)

    def _settled(self, account: Account, base: Path, socket_dir: Path, secrets: Secrets) -> bool:
        """Whether a server is up, once one that starts, recovers or stops has got that far.

        When there is none, the process id that a killed one left behind is dropped. That number may by
        now be somebody else's process, or a zombie that nobody buries; PostgreSQL would refuse to start
        beside either. Both are left alone.
        """
        data, title = base / self.name, f"icargos-{secrets.ident}"
        deadline = time.monotonic() + _START_SECONDS
        while self.running_pid() is None:
            left = postmaster.read_pid_file(data)
            ours = left is not None and postmaster.is_ours(left.pid, data, account.uid)
            # The processes of a killed server outlive it for a moment; none may start beside them.
            if not ours and not postmaster.backends_of(title, account.uid):
                (data / "postmaster.pid").unlink(missing_ok=True)
                (socket_dir / f"{_SOCKET_FILE}.lock").unlink(missing_ok=True)
                return False
            if time.monotonic() > deadline:
                raise EngineError(f"The server of {data} is still starting or stopping; try again in a minute.")
            time.sleep(0.02)
        return True

    def _provision(self, cluster: Cluster) -> None:
        secrets = cluster.secrets
        with psycopg.connect(cluster.admin_url(), autocommit=True) as admin:
            hashed = admin.pgconn.encrypt_password(
                secrets.owner.encode(), OWNER_ROLE.encode(), b"scram-sha-256"
            ).decode()
            known = admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [OWNER_ROLE]).fetchone()
            verb = sql.SQL("ALTER" if known else "CREATE")
            admin.execute(
                sql.SQL("{} ROLE {} LOGIN CREATEROLE CREATEDB PASSWORD {}").format(
                    verb, sql.Identifier(OWNER_ROLE), sql.Literal(hashed)
                )
            )
            if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                admin.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER_ROLE))
                )
        with psycopg.connect(cluster.owner_url(), autocommit=True) as owner:
            ensure_roles(owner, secrets.app)

    def _shut_down(self) -> None:
        place = self._place()
        if place is None:
            return
        account, data = place
        found = postmaster.read_pid_file(data)
        if found is None:
            return
        for number, patience in ((signal.SIGINT, _STOP_SECONDS), (signal.SIGQUIT, 10.0)):
            if not postmaster.send(found.pid, number, data, account.uid):
                self._bury()
                return
            deadline = time.monotonic() + patience
            while time.monotonic() < deadline:
                if self._child is not None:
                    self._child.poll()
                if not postmaster.is_ours(found.pid, data, account.uid):
                    self._bury()
                    return
                time.sleep(0.02)
        raise EngineError(f"The server of {data} (process {found.pid}) does not stop.")

    def _bury(self) -> None:
        if self._child is not None:
            with suppress(subprocess.TimeoutExpired):
                self._child.wait(5)
            self._child = None


def _private_dir(place: Path, account: Account) -> None:
    """A folder of the account alone. Refuses one that somebody else made first: it could be a trap."""
    try:
        place.mkdir(mode=0o700)
        if account.is_other:
            os.chown(place, account.uid, account.gid)
    except FileExistsError:
        seen = place.lstat()
        if place.is_symlink() or not place.is_dir() or seen.st_uid != account.uid:
            raise EngineError(f"{place} belongs to somebody else: remove it, or name another home.") from None
        if seen.st_mode & 0o077:
            place.chmod(0o700)
    except OSError as error:
        raise EngineError(f"{place} cannot be made: {error.strerror}.") from error
