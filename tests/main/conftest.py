"""Installations whose database holds nothing but its tables."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from icargos.engine import Cluster
from tests.conftest import ROOT


@pytest.fixture
def bare(cluster: Cluster, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of an installation whose database is migrated and empty."""
    name = f"icargos_bare_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with psycopg.connect(cluster.admin_url(), autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        admin.execute(sql.SQL("CREATE DATABASE {} OWNER icargos_owner").format(sql.Identifier(name)))
    environment = {
        **{key: value for key, value in os.environ.items() if key != "ICARGOS_AS_OWNER"},
        "ICARGOS_HOME": str(tmp_path),
        "DATABASE_URL": cluster.app_url(name),
        "DATABASE_OWNER_URL": cluster.owner_url(name),
        "PYTHONPATH": str(ROOT),
    }
    assert command(environment, "migrate").returncode == 0
    yield environment
    with psycopg.connect(cluster.admin_url(), autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def command(environment: dict[str, str], *words: str) -> "subprocess.CompletedProcess[str]":
    """One ``icargos`` command, to its end."""
    return subprocess.run(
        [sys.executable, "-m", "icargos", *words],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
