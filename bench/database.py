"""An installation of its own for a measurement: a durable server, migrated, with the cast in it, and the front end."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from icargos.engine import Engine

ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def fresh() -> Iterator[Path]:
    """Set up Django on the new database, as the application's role; yields the folder, which is gone at the end.

    Commits are durable, as in real use. Child processes inherit the environment and so the database.
    """
    with tempfile.TemporaryDirectory(prefix="icargos-bench-") as folder:
        home = Path(folder)
        os.environ["ICARGOS_HOME"] = folder
        os.environ["ICARGOS_SECRET_KEY"] = "only-for-measuring-0123456789-0123456789-0123456789"
        os.environ["DJANGO_SETTINGS_MODULE"] = "icargos.main.settings"
        running = Engine(home).start()
        try:
            os.environ["DATABASE_URL"] = running.app_url()
            owner = {**os.environ, "ICARGOS_AS_OWNER": "1", "DATABASE_OWNER_URL": running.owner_url()}
            migrate = [sys.executable, "-W", "ignore", "-m", "django", "migrate", "-v0", "--skip-checks"]
            subprocess.run(migrate, env=owner, check=True, cwd=ROOT, timeout=300)
            subprocess.run([sys.executable, "-m", "tests.cast"], check=True, cwd=ROOT, timeout=300)
            import django

            django.setup()
            from django.db import connection

            from icargos.main import statics

            statics.collect_if_changed()
            yield home
            connection.close()
        finally:
            running.stop()
