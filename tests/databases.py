"""Clones of the template, in memory where the machine has some to spare: a slow disk takes ten times longer."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from icargos.engine import Cluster

TEMPLATE = "icargos_template"
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
_MEMORY = Path("/dev/shm")
_ROOM = 1 << 30
_PLACE = sql.Identifier(f"memory_{WORKER}")


def recreate(cluster: Cluster, name: str, template: str = TEMPLATE) -> None:
    """A fresh copy of the template under the name, whoever is still connected to the last one."""
    with psycopg.connect(cluster.admin_url(), autocommit=True) as admin:
        in_memory = template == TEMPLATE and _left(admin)
        place = sql.SQL("TABLESPACE {}").format(_PLACE if in_memory else sql.Identifier("pg_default"))
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER icargos_owner STRATEGY file_copy {}").format(
                sql.Identifier(name), sql.Identifier(template), place
            )
        )


@contextmanager
def memory(cluster: Cluster) -> Iterator[None]:
    """Room in memory for this worker's clones, given back afterwards; what a killed run left there goes first."""
    with psycopg.connect(cluster.admin_url(), autocommit=True) as admin:
        _give_back(admin)
        if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM:
            folder = tempfile.mkdtemp(prefix="icargos-test-", dir=_MEMORY)
            data = cluster.engine.data_dir()
            assert data is not None
            os.chown(folder, data.stat().st_uid, data.stat().st_gid)
            admin.execute(
                sql.SQL("CREATE TABLESPACE {} OWNER icargos_owner LOCATION {}").format(_PLACE, sql.Literal(folder))
            )
    yield
    with psycopg.connect(cluster.admin_url(), autocommit=True) as admin:
        _give_back(admin)


def _left(admin: "psycopg.Connection[tuple[str, ...]]") -> str:
    """Where this worker's room in memory is; "" when it has none."""
    found = admin.execute(
        "SELECT pg_tablespace_location(oid) FROM pg_tablespace WHERE spcname = %s", [f"memory_{WORKER}"]
    ).fetchone()
    return found[0] if found else ""


def _give_back(admin: "psycopg.Connection[tuple[str, ...]]") -> None:
    folder = _left(admin)
    if not folder:
        return
    inside = "SELECT d.datname FROM pg_database d JOIN pg_tablespace t ON t.oid = d.dattablespace WHERE t.spcname = %s"
    for (name,) in admin.execute(inside, [f"memory_{WORKER}"]).fetchall():
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
    admin.execute(sql.SQL("DROP TABLESPACE {}").format(_PLACE))
    shutil.rmtree(folder, ignore_errors=True)
    # Each clone leaves its rows dead in the one catalog that all databases share, and nothing here sweeps by itself.
    admin.execute("VACUUM pg_shdepend")
