"""The log of imports as a file."""

from datetime import datetime

from django.utils import timezone

from icargos.booking.queries.imports import ImportFilter, Sheet, imports
from icargos.kit.actor import Actor
from icargos.kit.delimited import write_csv

_MOST = 5000
_HEADERS = (
    "id,file,sha256,bytes,state,sent by,sent at,rows,ready,warnings,errors,cells mended,booked,undone,"
    "duplicates,all or nothing,columns,values for all rows,booked by,booked at,seconds,outcome"
)


def import_log(actor: Actor, asked: ImportFilter) -> bytes:
    """The imports that match, newest first, at most 5,000, as csv for Excel; no cell starts a formula. Needs IMPORT."""
    lines = [_line(one) for one in imports(actor, asked, most=_MOST)]
    return write_csv(_HEADERS.split(","), lines)


def _line(one: Sheet) -> list[str]:
    headers = one.headers
    columns = "; ".join(f"{headers[place]} = {key}" for key, place in one.columns.items() if place < len(headers))
    given = "; ".join(f"{key} = {value}" for key, value in one.defaults.items())
    values: list[object] = [
        one.id, one.file_name, one.sha256, one.size, one.state, one.by_name, _at(one.at), one.rows, one.ready,
        one.warned, one.wrong, one.fixed, one.booked, one.undone, one.duplicates, "yes" if one.all_or_nothing else "no",
        columns, given, one.accepted_by_name, _at(one.booked_at), "" if one.seconds is None else f"{one.seconds:.1f}",
        one.why,
    ]  # fmt: skip
    return [str(value) for value in values]


def _at(moment: datetime | None) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S") if moment else ""
