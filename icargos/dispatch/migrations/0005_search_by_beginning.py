from django.db import migrations

PATTERN = r"'%' || replace(replace(replace(words, '\', '\\'), '%', '\%'), '_', '\_') || '%'"


def of_each_shipper(where: str) -> str:
    """The newest ids of every shipper's parcels among those ``where`` finds."""
    return (
        "(SELECT f.id FROM accounts_shipper s CROSS JOIN LATERAL (SELECT c.id FROM consignments_consignment c"
        f" WHERE c.shipper_id = s.id AND {where} ORDER BY c.id DESC LIMIT most) f)"
    )


# A number is found by its beginning. A short one fits a tenth of all parcels ever booked, so what is shown comes in the
# order of the index; the newest of them would have to be sorted out. A range, because LIKE with an argument as its
# pattern cannot use an index in a prepared plan; after a beginning come digits, which every collation puts before Z.
SEARCH = f"""
CREATE OR REPLACE FUNCTION dispatch_search(words text, phone text, number text, most integer)
RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id FROM (
        (SELECT id FROM consignments_consignment
            WHERE length(number) >= 3 AND cn >= number AND cn <= number || 'Z' AND starts_with(cn, number)
            ORDER BY cn LIMIT most)
        UNION
        {of_each_shipper("phone <> '' AND c.consignee_phone = phone")}
        UNION
        {of_each_shipper("length(words) >= 3 AND lower(c.order_ref) = words")}
        UNION
        (SELECT id FROM consignments_consignment
            WHERE length(words) >= 3 AND lower(consignee_name) LIKE {PATTERN} ORDER BY id DESC LIMIT most)
    ) AS found ORDER BY id DESC LIMIT most
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0004_posts_go_to_places")]
    operations = [migrations.RunSQL(SEARCH, migrations.RunSQL.noop)]
