"""The database's roles: who owns the tables, who the application signs in as, and what it turns into.

``icargos_app`` owns nothing, inherits nothing and cannot pass row security; each of its transactions
takes on one of the group roles, and the policies are written for those.
"""

from typing import LiteralString

import psycopg
from psycopg import sql

OWNER_ROLE = "icargos_owner"
APP_ROLE = "icargos_app"
GROUP_ROLES = ("icargos_shipper", "icargos_staff", "icargos_relay")
_LOCK = 4_926_001


def ensure_roles(
    owner: psycopg.Connection[tuple[object, ...]], app_password: str | None, *, app: str = APP_ROLE
) -> None:
    """Make the application's role and the group roles, or bring them to what they must be; can be repeated.

    ``owner`` is a connection of a role that may create roles. ``app_password`` None leaves the password
    of an existing role as it is. Raises psycopg.errors.InsufficientPrivilege when the owner may not.
    """
    with owner.transaction():
        # Roles belong to the whole server: two migrations at once would both find one missing.
        owner.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        for group in GROUP_ROLES:
            if not _exists(owner, group):
                _run(owner, "CREATE ROLE {role} NOLOGIN NOINHERIT", role=group)
        if not _exists(owner, app):
            _run(owner, "CREATE ROLE {role} LOGIN NOINHERIT", role=app)
        if app_password is not None:
            hashed = owner.pgconn.encrypt_password(app_password.encode(), app.encode(), b"scram-sha-256").decode()
            owner.execute(
                sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(app), sql.Literal(hashed)),
            )
        for group in GROUP_ROLES:
            if not _is_member(owner, app, group):
                owner.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(group), sql.Identifier(app)))


def role_faults(app: psycopg.Connection[tuple[object, ...]]) -> list[str]:
    """What is wrong with the role this connection signed in as, one sentence each; empty when it is safe.

    The application must not be able to step over row security: no superuser, no BYPASSRLS, no owner of
    a table or of the database, no member of such a role, and no inherited rights of the group roles.
    """
    row = app.execute(
        """
        SELECT session_user, r.rolsuper, r.rolbypassrls, r.rolinherit, r.rolcreaterole,
               EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                        WHERE c.relowner = r.oid AND c.relkind IN ('r', 'p', 'v', 'm')
                          AND n.nspname NOT LIKE 'pg\\_%%'),
               EXISTS (SELECT 1 FROM pg_database d WHERE d.datname = current_database() AND d.datdba = r.oid),
               ARRAY(SELECT m.rolname::text FROM pg_roles m
                      WHERE m.oid <> r.oid AND pg_has_role(r.oid, m.oid, 'MEMBER')
                        AND (m.rolsuper OR m.rolbypassrls
                             OR m.oid = (SELECT datdba FROM pg_database WHERE datname = current_database()))),
               ARRAY(SELECT g FROM unnest(%s::text[]) g
                      WHERE NOT EXISTS (SELECT 1 FROM pg_roles x
                                         WHERE x.rolname = g AND pg_has_role(r.oid, x.oid, 'MEMBER')))
          FROM pg_roles r WHERE r.rolname = session_user
        """,
        [list(GROUP_ROLES)],
    ).fetchone()
    if row is None:
        return ["The role of DATABASE_URL cannot be read."]
    name, superuser, bypass, inherits, creates_roles, owns_tables, owns_database, strong, missing = row
    faults = {
        f"{name} is a superuser: row security does not bind it.": superuser,
        f"{name} has BYPASSRLS: row security does not bind it.": bypass,
        f"{name} may create roles.": creates_roles,
        f"{name} inherits the rights of its groups: it must be NOINHERIT.": inherits,
        f"{name} owns tables: their owner is not bound by row security.": owns_tables,
        f"{name} owns the database.": owns_database,
        f"{name} can become {', '.join(_names(strong))}, who can step over row security.": strong,
        f"{name} is not a member of {', '.join(_names(missing))}: run `icargos migrate`.": missing,
    }
    return [sentence for sentence, wrong in faults.items() if wrong]


def _names(value: object) -> list[str]:
    return [str(name) for name in value] if isinstance(value, list) else []


def _exists(connection: psycopg.Connection[tuple[object, ...]], role: str) -> bool:
    return connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone() is not None


def _is_member(connection: psycopg.Connection[tuple[object, ...]], role: str, group: str) -> bool:
    row = connection.execute(
        """SELECT 1 FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles r ON r.oid = m.member
            WHERE r.rolname = %s AND g.rolname = %s""",
        [role, group],
    ).fetchone()
    return row is not None


def _run(connection: psycopg.Connection[tuple[object, ...]], statement: LiteralString, *, role: str) -> None:
    connection.execute(sql.SQL(statement).format(role=sql.Identifier(role)))
