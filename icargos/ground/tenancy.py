"""The second fence: each transaction takes on a database role and a tenant, and row security does the rest.

The application logs in as ``icargos_app``, which owns nothing and inherits nothing. ``acting`` opens a transaction,
takes on the role that fits the actor and names the tenant; both end with the transaction. The operations below are
for migrations: they put a table behind the fence.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, migrations, transaction

from icargos.kit.actor import Actor, Kind

ROLES = {Kind.SHIPPER: "icargos_shipper", Kind.STAFF: "icargos_staff", Kind.SYSTEM: "icargos_relay"}
_TAKE_ON = "SELECT set_config('role', %s, true), set_config('icargos.shipper', %s, true)"
_NOW = "SELECT current_setting('role'), coalesce(current_setting('icargos.shipper', true), '')"
THIS_SHIPPER = "nullif(current_setting('icargos.shipper', true), '')::bigint"


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """One transaction behind the actor's fence: all of it commits or none.

    May be nested: the inner one is a savepoint, and the outer role and tenant return when it ends.
    Raises Forbidden for a shipper's actor without a shipper.
    """
    tenant = str(actor.tenant) if actor.kind is Kind.SHIPPER else ""
    nested = connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        before = ("none", "")
        if nested:
            cursor.execute(_NOW)
            before = cursor.fetchone()
        cursor.execute(_TAKE_ON, [ROLES[actor.kind], tenant])
        yield
        if nested:
            cursor.execute(_TAKE_ON, list(before))


def fence(
    table: str,
    *,
    shipper: str = "SELECT, INSERT, UPDATE",
    staff: str = "SELECT, INSERT, UPDATE",
    relay: str = "SELECT",
    tenant_column: str = "shipper_id",
    also_for_all: bool = False,
) -> migrations.RunSQL:
    """A migration step that puts ``table`` behind row security.

    Shippers see and write only rows of the tenant named by the transaction, staff and the relay all rows, each with
    the given privileges (an empty string means none); nobody else sees any. ``also_for_all`` lets every tenant read
    the rows whose tenant column is null (published cards, public settings).
    """
    own = f"{tenant_column} = {THIS_SHIPPER}"
    read = f"({own} OR {tenant_column} IS NULL)" if also_for_all else own
    lines = [f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"]
    if shipper:
        lines += [
            f"CREATE POLICY shipper ON {table} TO icargos_shipper USING ({read}) WITH CHECK ({own})",
            f"GRANT {shipper} ON {table} TO icargos_shipper",
        ]
    for role, privileges in (("staff", staff), ("relay", relay)):
        if privileges:
            lines += [
                f"CREATE POLICY {role} ON {table} TO icargos_{role} USING (true) WITH CHECK (true)",
                f"GRANT {privileges} ON {table} TO icargos_{role}",
            ]
    return migrations.RunSQL(";\n".join(lines), migrations.RunSQL.noop)


def share(table: str, *, write: Sequence[str] = ("icargos_staff",)) -> migrations.RunSQL:
    """A migration step for a table without a tenant: every role reads it, the named roles write it."""
    lines = [f"GRANT SELECT ON {table} TO icargos_app, icargos_shipper, icargos_staff, icargos_relay"]
    lines += [f"GRANT INSERT, UPDATE, DELETE ON {table} TO {role}" for role in write]
    return migrations.RunSQL(";\n".join(lines), migrations.RunSQL.noop)


def tie(child: str, column: str, parent: str) -> migrations.RunSQL:
    """A migration step: a foreign key between two tables of one tenant, by ``(shipper_id, id)``.

    A plain foreign key is checked by the owner and so crosses tenants; this one cannot. The ORM's field is declared
    with ``db_constraint=False``. A null column is not checked.
    """
    return migrations.RunSQL(
        f"ALTER TABLE {child} ADD CONSTRAINT {child}_{column}_same_shipper FOREIGN KEY (shipper_id, {column}) "
        f"REFERENCES {parent} (shipper_id, id) DEFERRABLE INITIALLY IMMEDIATE",
        migrations.RunSQL.noop,
    )
