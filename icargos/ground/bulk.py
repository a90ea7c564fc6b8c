"""Set-based writing: arrays for a handful of rows, COPY into a temporary table for many.

COPY cannot write to a table behind row security, so the rows go to a table of this transaction first and from there, in
one statement, to their place.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from operator import attrgetter
from typing import Any

import msgspec
from django.db import connection, models

MANY = 100  # from here on COPY costs less than writing the values out as arrays


def insert(
    table: str,
    columns: Mapping[str, str],
    rows: Sequence[Sequence[Any]],
    *,
    same: Mapping[str, tuple[str, Any]] | None = None,
    returning: str = "",
    conflict: str = "",
) -> list[tuple[Any, ...]]:
    """Insert the rows; ``columns`` maps each column, in the rows' order, to its PostgreSQL type.

    ``same`` gives columns whose value all rows share: name to type and value. Returns the ``returning`` columns of what
    was inserted (order not promised; name a natural key to match by). ``conflict`` is an ``ON CONFLICT`` clause. Table,
    columns and clauses come from code, never from people.
    """
    if not rows:
        return []
    same = same or {}
    names = ", ".join([*columns, *same])
    values = "".join(f", %s::{kind}" for kind, _value in same.values())
    tail = f" {conflict}" if conflict else ""
    tail += f" RETURNING {returning}" if returning else ""
    with given(columns, rows) as (source, arrays), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {', '.join(columns)}{values} FROM {source}{tail}",  # noqa: S608
            [*(value for _kind, value in same.values()), *arrays],
        )
        return cursor.fetchall() if returning else []


def create(rows: Sequence[models.Model], *, returning: str = "") -> list[tuple[Any, ...]]:
    """Insert new rows of one model, as ``insert`` does; their ids stay unknown unless they are among ``returning``."""
    if not rows:
        return []
    fields = [field for field in rows[0]._meta.concrete_fields if not field.primary_key]
    columns, values = _columns(fields), _values(fields, rows)
    return insert(connection.ops.quote_name(rows[0]._meta.db_table), columns, values, returning=returning)


def update(rows: Sequence[models.Model], names: Sequence[str]) -> None:
    """Write these fields of known rows of one model, found by their ids, in one statement."""
    if not rows:
        return
    meta = rows[0]._meta
    fields = [meta.concrete_fields[0], *(meta.get_field(name) for name in names)]
    (key, kind), *others = _columns(fields).items()
    given_columns = {f"new_{place}": kind for place, (_name, kind) in enumerate(others)}
    changes = ", ".join(f"{name} = given.{new}" for (name, _kind), new in zip(others, given_columns, strict=True))
    table = connection.ops.quote_name(meta.db_table)
    with (
        given({"row": kind, **given_columns}, _values(fields, rows)) as (source, arrays),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE {table} SET {changes} FROM {source} WHERE {table}.{key} = given.row", arrays)  # noqa: S608


def _columns(fields: Sequence[Any]) -> dict[str, str]:
    """The fields' columns with their types, in their order."""
    kinds = [field.rel_db_type(connection) if field.primary_key else field.db_type(connection) for field in fields]
    return {connection.ops.quote_name(field.column): kind for field, kind in zip(fields, kinds, strict=True)}


def _values(fields: Sequence[Any], rows: Sequence[models.Model]) -> list[Sequence[Any]]:
    """The rows' values of these fields, of which there are at least two; JSON as text."""
    values: list[Sequence[Any]] = list(map(attrgetter(*[field.attname for field in fields]), rows))
    bodies = [place for place, field in enumerate(fields) if isinstance(field, models.JSONField)]
    if not bodies:
        return values
    encode = msgspec.json.Encoder().encode
    changed = [list(row) for row in values]
    for row in changed:
        for place in bodies:
            row[place] = encode(row[place]).decode()
    return list(changed)


@contextmanager
def given(columns: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> Iterator[tuple[str, list[Any]]]:
    """The rows as something to select from: what to write after FROM, and its parameters.

    ``columns`` as for ``insert``. Must be used within a transaction, one at a time.
    """
    with connection.cursor() as cursor:
        if len(rows) < MANY:
            arrays = ", ".join(f"%s::{kind}[]" for kind in columns.values())
            values = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in columns]
            yield f"unnest({arrays}) AS given ({', '.join(columns)})", values
            return
        # A foreign key's check keeps the plan it was first given; one made while its table was almost empty reads the
        # whole table for each of these rows.
        cursor.execute("DISCARD PLANS")
        staged = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        cursor.execute(f"CREATE TEMP TABLE given ({staged}) ON COMMIT DROP")
        with cursor.copy(f"COPY given ({', '.join(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        yield "given", []
        cursor.execute("DROP TABLE given")
