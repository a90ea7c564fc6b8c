"""A list of parcels as a table to take out: one statement that the database writes as it is sent."""

import json
from collections.abc import Mapping
from typing import Any

import msgspec
from django.conf import settings

from icargos.accounts.rules import Can
from icargos.consignments.queries.lists import Filters, narrowed
from icargos.kit.actor import Actor
from icargos.kit.xlsx import Cell

# The national form of a Pakistani number, with its dash, so that no sheet takes it for a figure and drops its zero.
_PHONE = """CASE WHEN {0} LIKE '+923%%' THEN '0' || substr({0}, 4, 3) || '-' || substr({0}, 7)
    WHEN {0} LIKE '+92%%' THEN '0' || substr({0}, 4, 2) || '-' || substr({0}, 6) ELSE {0} END"""
_LOCAL = "({} AT TIME ZONE said.zone)"
# Name of the column, its kind, where it comes from; in the order of the file.
_COLUMNS: tuple[tuple[str, Cell, str], ...] = (
    ("cn", Cell.TEXT, "c.cn"),
    ("order_ref", Cell.TEXT, "c.order_ref"),
    ("status", Cell.TEXT, "said.statuses ->> c.status"),
    ("status_at", Cell.MOMENT, _LOCAL.format("c.status_at")),
    ("reason", Cell.TEXT, "coalesce(said.reasons ->> c.reason, c.reason)"),
    ("attempts", Cell.NUMBER, "c.attempts"),
    ("consignee_name", Cell.TEXT, "c.consignee_name"),
    ("consignee_phone", Cell.TEXT, _PHONE.format("c.consignee_phone")),
    ("address", Cell.TEXT, "c.address"),
    ("landmark", Cell.TEXT, "c.landmark"),
    ("origin", Cell.TEXT, "o.name"),
    ("destination", Cell.TEXT, "d.name"),
    ("service", Cell.TEXT, "coalesce(said.services ->> c.service, c.service)"),
    ("pieces", Cell.NUMBER, "c.pieces"),
    ("weight", Cell.NUMBER, "trim_scale(c.weight_g / 1000.0)"),
    ("cod", Cell.MONEY, "(c.cod_paisa / 100.0)::numeric(14, 2)"),
    ("cod_state", Cell.TEXT, "coalesce(said.cod_states ->> c.cod_state, c.cod_state)"),
    ("product", Cell.TEXT, "c.product"),
    ("profile", Cell.TEXT, "p.code"),
    ("source", Cell.TEXT, "coalesce(said.sources ->> c.source, c.source)"),
    ("import", Cell.TEXT, "c.import_id::text"),
    (
        "tags",
        Cell.TEXT,
        "(SELECT string_agg(t.name, ', ' ORDER BY lower(t.name)) FROM consignments_tagging g"
        " JOIN consignments_tag t ON t.shipper_id = g.shipper_id AND t.id = g.tag_id"
        " WHERE g.shipper_id = c.shipper_id AND g.consignment_id = c.id)",
    ),
    ("labels_printed", Cell.NUMBER, "c.labels_printed"),
    ("booked_at", Cell.MOMENT, _LOCAL.format("c.booked_at")),
)
_OF_CONSIGNEES = {"consignee_name", "consignee_phone", "address", "landmark"}


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """How the codes in a file are said, each by its code."""

    statuses: Mapping[str, str]
    reasons: Mapping[str, str]
    services: Mapping[str, str]
    cod_states: Mapping[str, str]
    sources: Mapping[str, str]


class Table(msgspec.Struct, frozen=True):
    """A statement whose rows are a file's, with its parameters; names and kinds of its columns. Moments are local."""

    columns: list[tuple[str, Cell]]
    sql: str
    params: list[Any]


def table(actor: Actor, filters: Filters, words: Words) -> Table:
    """The actor's parcels that match, newest first, to be read in a transaction of the actor's own.

    Needs SEE_ORDERS. Who does not see consignees gets no name, phone and address: the columns are not there.
    """
    actor.require(Can.SEE_ORDERS)
    sees = actor.may(Can.SEE_CONSIGNEE)
    shown = [column for column in _COLUMNS if sees or column[0] not in _OF_CONSIGNEES]
    said = {name: json.dumps(dict(pairs)) for name, pairs in msgspec.structs.asdict(words).items()}
    narrow = narrowed(actor, filters)
    sql = (
        f"SELECT {', '.join(source for _name, _kind, source in shown)}"  # noqa: S608
        f" FROM (SELECT {', '.join(f'%s::jsonb AS {name}' for name in said)}, %s::text AS zone) AS said"
        f" CROSS JOIN {narrow.source}"
        " JOIN places_city o ON o.id = c.origin_id JOIN places_city d ON d.id = c.destination_id"
        " JOIN places_pickupprofile p ON p.shipper_id = c.shipper_id AND p.id = c.profile_id"
        f" WHERE {narrow.where} ORDER BY c.id DESC"
    )
    params = [*said.values(), settings.TIME_ZONE, *narrow.params]
    return Table([(name, kind) for name, kind, _source in shown], sql, params)
