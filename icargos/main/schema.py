"""Whether the tables are up to date, and bringing them there."""

import os
from functools import cache
from urllib.parse import unquote, urlsplit

import psycopg
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from icargos.engine import APP_ROLE, EngineError, ensure_roles


def migrate(*, verbosity: int = 1) -> None:
    """Make the roles, apply what is missing, let the application see which migrations there are.

    This process must be signed in as the owner. Raises EngineError when the owner may not make the roles.
    """
    named = unquote(urlsplit(os.environ.get("DATABASE_URL", "")).username or "")
    password = unquote(urlsplit(os.environ.get("DATABASE_URL", "")).password or "")
    if named != APP_ROLE:
        raise EngineError(f"DATABASE_URL signs in as {named or 'nobody'}: the application's role is {APP_ROLE}.")
    try:
        with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
            known = owner.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP_ROLE]).fetchone()
            ensure_roles(owner, None if known else password)
    except psycopg.errors.InsufficientPrivilege as error:
        raise EngineError(
            "The owner of DATABASE_OWNER_URL may not make roles: give it CREATEROLE, or make the roles by hand "
            "(docs/subsystems/engine.md lists the statements)."
        ) from error
    if is_behind():
        call_command("migrate", interactive=False, verbosity=verbosity)
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT SELECT ON django_migrations TO {APP_ROLE}")


def analyse() -> None:
    """Tell the planner what the tables hold and free what was written over, where we know the owner's address.

    A database that was just filled is slow until then; in time it does so by itself.
    """
    address = os.environ.get("DATABASE_OWNER_URL")
    if address:
        with psycopg.connect(address, autocommit=True) as owner:
            owner.execute("VACUUM (ANALYZE)")


def pending() -> list[str]:
    """The migrations of the code that the database lacks, as ``app.name``.

    Raises django.db.utils.ProgrammingError or OperationalError when the database cannot say.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        applied = set(cursor.fetchall())
    return sorted(f"{app}.{name}" for app, name in _known() - applied)


def is_behind() -> bool:
    """Whether a migration is missing; also true for an empty database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")
        (exists,) = cursor.fetchone()
    return not exists or bool(pending())


@cache
def _known() -> frozenset[tuple[str, str]]:
    loader = MigrationLoader(None)
    return frozenset(loader.disk_migrations)
