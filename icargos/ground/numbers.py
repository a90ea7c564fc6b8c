"""Consignment numbers: one counter, spread by a keyed permutation, so that neighbours tell nothing."""

from django.conf import settings
from django.db import connection

from icargos.kit import cn


def allot(count: int) -> list[str]:
    """``count`` new consignment numbers, never used before and never again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('ground_cn_counter') FROM generate_series(1, %s)", [count])
        counters = [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT value FROM ground_secret WHERE name = 'cn'")
        (key,) = cursor.fetchone()
    return cn.allot(counters, bytes(key), settings.COURIER["cn_prefix"])
