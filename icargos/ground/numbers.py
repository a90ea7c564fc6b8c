"""Consignment numbers: one counter, spread by a keyed permutation, so that neighbours tell nothing."""

from django.conf import settings
from django.db import connection

from icargos.kit import cn


def allot(count: int) -> list[str]:
    """``count`` new consignment numbers, never used before and never again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT value, ARRAY(SELECT nextval('ground_cn_counter') FROM generate_series(1, %s))"
            " FROM ground_secret WHERE name = 'cn'",
            [count],
        )
        key, counters = cursor.fetchone()
    return cn.allot(counters, bytes(key), settings.COURIER["cn_prefix"])
