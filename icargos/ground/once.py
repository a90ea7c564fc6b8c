"""Idempotency: the double click and the replayed request get the first one's answer and do nothing again."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from django.db import connection

from icargos.kit.actor import Actor
from icargos.kit.errors import Conflict


class KeyReused(Conflict):
    """The key of a request was used before, for something else."""

    code = "key_reused"


_CLAIM = """
INSERT INTO ground_once (shipper_id, scope, key, fingerprint, at) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (shipper_id, scope, key) DO NOTHING RETURNING id
"""


def once(
    actor: Actor, scope: str, key: str, fingerprint: str, act: Callable[[], Any], *, now: datetime
) -> tuple[Any, bool]:
    """Carry out ``act`` unless this shipper's ``key`` was already used in ``scope``.

    Returns ``(result, replayed)``; the result must be plain JSON. Runs in the caller's transaction: a second request
    waits until the first one commits, and does the work itself if the first one fails. Raises KeyReused when the key
    was used for something else (another fingerprint).
    """
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [actor.tenant, scope, key, fingerprint, now])
        if cursor.fetchone() is None:
            cursor.execute(
                "SELECT fingerprint, result FROM ground_once WHERE shipper_id = %s AND scope = %s AND key = %s",
                [actor.tenant, scope, key],
            )
            seen, result = cursor.fetchone()
            if seen != fingerprint:
                raise KeyReused("This was already sent with other contents. Reload the page and try again.")
            return (msgspec.json.decode(result) if isinstance(result, str) else result), True
        result = act()
        cursor.execute(
            "UPDATE ground_once SET result = %s::jsonb WHERE shipper_id = %s AND scope = %s AND key = %s",
            [msgspec.json.encode(result).decode(), actor.tenant, scope, key],
        )
    return result, False
