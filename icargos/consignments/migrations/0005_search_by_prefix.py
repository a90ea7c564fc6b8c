from django.db import migrations

from icargos.ground.tenancy import THIS_SHIPPER


def mine(where: str) -> str:
    """The newest ids of this shipper's parcels among those ``where`` finds."""
    return (
        f"(SELECT id FROM consignments_consignment WHERE {where} AND shipper_id = {THIS_SHIPPER}"
        " ORDER BY id DESC LIMIT most)"
    )


# Prefixes are asked for as ranges: LIKE with an argument as its pattern cannot use an index in a prepared plan, and
# a range takes no character for a pattern. The last code point ends the range.
def starts(column: str, words: str) -> str:
    """The texts of ``column`` that start with the argument ``words``."""
    return f"{column} ~>=~ {words} AND {column} ~<~ ({words} || chr(1114111))"


PATTERN = r"'%' || replace(replace(replace(words, '\', '\\'), '%', '\%'), '_', '\_') || '%'"
SEARCH = f"""
CREATE INDEX consignments_cn_prefix ON consignments_consignment (shipper_id, cn text_pattern_ops);
CREATE OR REPLACE FUNCTION consignments_search(words text, phone text, number text, most integer)
RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id FROM (
        {mine(f"length(number) >= 3 AND {starts('cn', 'number')}")}
        UNION
        {mine("phone <> '' AND consignee_phone = phone")}
        UNION
        {mine(f"words <> '' AND {starts('lower(order_ref)', 'words')}")}
        UNION
        {mine(f"length(words) >= 3 AND lower(consignee_name) LIKE {PATTERN}")}
    ) AS found ORDER BY id DESC LIMIT most
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("consignments", "0004_revision")]
    operations = [migrations.RunSQL(SEARCH)]
