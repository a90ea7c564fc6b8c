"""A real PostgreSQL for every test that asks: one migrated template with the cast in it, cloned for each test.

The tests' connection is the application's role, so that row security holds in them as it does outside.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / "var" / "test"
os.environ["ICARGOS_HOME"] = str(HOME)
os.environ["ICARGOS_SECRET_KEY"] = "only-for-tests-0123456789-0123456789-0123456789"
os.environ["DJANGO_SETTINGS_MODULE"] = "icargos.main.settings"
os.environ.pop("DATABASE_URL", None)
os.environ.pop("ICARGOS_AS_OWNER", None)

import django
import pytest

from icargos.engine import Cluster, Engine

django.setup()

from django.conf import settings
from django.db import connection
from django.test.utils import setup_test_environment

from tests import databases
from tests.cast import Cast
from tests.databases import TEMPLATE, WORKER


def _fingerprint() -> str:
    """Changes whenever the template must be built again: migrations, what they load, the cast."""
    digest = hashlib.sha256()
    patterns = ["*/migrations/*.py", "*/*.csv", "*/rules/*.py", "*/rules.py", "ground/tenancy.py"]
    sources = [path for pattern in patterns for path in (ROOT / "icargos").glob(pattern)]
    sources += [ROOT / "tests" / "cast.py"]
    for source in sorted(sources):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


# Files whose tests start whole portals: a minute or two each, so that one begun last would be waited for alone.
_LONGEST = (
    "browser/test_booking.py", "main/test_kills.py", "browser/test_life.py", "engine/test_run.py", "browser/",
    "main/test_demo.py", "house/test_routes.py", "engine/", "booking/test_hostile_corpus.py", "booking/test_killed",
    "paper/",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first; the workers take the files in this order."""

    def rank(item: pytest.Item) -> int:
        name = item.path.relative_to(ROOT / "tests").as_posix()
        return next((place for place, prefix in enumerate(_LONGEST) if name.startswith(prefix)), len(_LONGEST))

    items.sort(key=rank)


@pytest.fixture(scope="session", autouse=True)
def _environment() -> None:
    """Pages are tried without the built front end: their static files are named, not read."""
    setup_test_environment()
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """The tests' own server, shared by all workers of this run, with the template in it."""
    HOME.mkdir(parents=True, exist_ok=True)
    running = Engine.scratch(HOME).start()
    stamp = HOME / "template"
    with open(HOME / "template.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = _fingerprint()
        if not stamp.exists() or stamp.read_text() != wanted:
            stamp.unlink(missing_ok=True)
            databases.recreate(running, TEMPLATE, "template1")
            _fill(running)
            stamp.write_text(wanted)
    with databases.memory(running):
        yield running
    running.stop()


def _fill(running: Cluster) -> None:
    base = {**os.environ, "PYTHONPATH": str(ROOT)}
    owner = {**base, "ICARGOS_AS_OWNER": "1", "DATABASE_OWNER_URL": running.owner_url(TEMPLATE)}
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "-v0", "--skip-checks"],
        env=owner,
        check=True,
        cwd=ROOT,
        timeout=120,
    )
    subprocess.run(
        [sys.executable, "-m", "tests.cast"],
        env={**base, "DATABASE_URL": running.app_url(TEMPLATE)},
        check=True,
        cwd=ROOT,
        timeout=120,
    )


@pytest.fixture
def database(cluster: Cluster) -> Iterator[str]:
    """A fresh database with the cast in it, as the application's role; returns its address."""
    name = f"icargos_{WORKER}"
    connection.close()
    databases.recreate(cluster, name)
    url = cluster.app_url(name)
    from icargos.main.settings import _database

    connection.settings_dict.update(_database(url), ATOMIC_REQUESTS=False, AUTOCOMMIT=True)
    yield url
    connection.close()


@pytest.fixture
def owner_url(cluster: Cluster, database: str) -> str:
    """The address of the same database for its owner: for checks that must see past the fences."""
    return cluster.owner_url(database.rpartition("/")[0] and database.split("@/")[1].split("?")[0])


@pytest.fixture
def cast(database: str) -> Cast:
    """The people of every test: Ayesha, Bilal, Farah of shipper A, Zara of B, Dawood and Imran of the courier."""
    from tests.cast import read

    return read()
