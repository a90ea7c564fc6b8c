"""A million parcels of forty shippers over a year, 200,000 of them Zarqa's, written by the database itself."""

from typing import Final

import psycopg

PARCELS: Final = 1_000_000
OTHERS: Final = 38
# Zarqa's part of the statuses: names that are frequent with others and unknown to it, too.
_FIRST: Final = (
    "Muhammad Ahmed Ali Hina Sana Ayesha Fatima Zainab Bilal Usman Omer Hassan Hussain Kamran Imran Sadia Nadia Rabia"
    " Iqra Maryam Umer Faisal Saad Asif Tariq Nida Amna Kiran Farah Zara Waqar Adeel Shahid Junaid Noor Mehwish Sidra"
    " Anum Rashid Khalid"
)
_LAST: Final = (
    "Khan Raza Malik Butt Sheikh Qureshi Siddiqui Javed Akhtar Iqbal Hussain Shah Anwar Mehmood Yousaf Ghani Jatoi"
    " Abbasi Chaudhry Mirza Baig Farooqi Gill Awan Dar Lodhi Niazi Rehman Saleem Tanveer"
)
_SHIPPERS = """
INSERT INTO accounts_shipper (account_no, name, default_service, cod_allowed, ntn, active, created_at)
SELECT 'X-' || lpad(n::text, 5, '0'), 'Shop ' || n, 'overnight', true, '', true, now() FROM generate_series(1, %s) n
"""
_PROFILES = """
INSERT INTO places_pickupprofile (shipper_id, code, name, phone, address, city_id, return_address, is_default, active)
SELECT s.id, '5' || lpad(s.id::text, 4, '0'), s.name, '+923000000000', 'Street 1', c.id, '', true, true
FROM accounts_shipper s, places_city c WHERE s.account_no LIKE 'X-%' AND c.name = 'Karachi'
"""
# Old parcels are delivered, returned or cancelled, young ones under way; numbers are spread as the real ones are.
_PARCELS = """
INSERT INTO consignments_consignment (
    shipper_id, cn, status, status_at, reason, attempts, custody, cod_state, service, profile_id, origin_id,
    destination_id, sort_code, order_ref, consignee_name, consignee_phone, alt_phone, consignee_email, address,
    landmark, pieces, weight_g, charged_weight_g, length_cm, width_cm, height_cm, cod_paisa, declared_value_paisa,
    product, remarks, allow_open, fragile, proof, source, import_id, booked_at, booked_by, tracking_token, label_token,
    labels_printed)
SELECT q.shipper, 'IC' || lpad((n::bigint * 7919 %% 99999989)::text, 8, '0') || n %% 10, s.status,
    g.at + interval '2 hours',
    CASE WHEN s.status IN ('delivery_unsuccessful', 'shipper_advice_pending', 'reattempt_requested', 'on_hold')
        THEN (ARRAY['CNA', 'CNR', 'ICA', 'RFD', 'CA', 'WCN', 'FDR'])[1 + n %% 7] ELSE '' END,
    0, 'shipper',
    CASE WHEN q.cod = 0 THEN 'none' WHEN s.status <> 'delivered' THEN 'expected'
        WHEN age < 8 THEN (ARRAY['collected', 'deposited', 'payable', 'on_statement'])[1 + n %% 4] ELSE 'paid' END,
    (ARRAY['overnight', 'overnight', 'overnight', 'overnight', 'overland', 'overland', 'same_day'])[1 + b %% 7],
    p.id, p.city_id, d.id, 'MUX-01', 'ZT-' || (100000 + n),
    CASE WHEN b %% 100 < 12 THEN 'Muhammad' ELSE f.words[1 + a %% 40] END || ' ' || l.words[1 + c %% 30],
    '+923' || lpad((c %% 1000000000)::text, 9, '0'), '', '',
    'House ' || a %% 999 || ', Street ' || b %% 99 || ', Block ' || c %% 20 || ', Model Town', 'Near the big mosque',
    1, 500 + 100 * (a %% 30)::int, 1000, 0, 0, 0, q.cod, 0, 'Unstitched lawn suit, 3 pc', '', false, false, 'none',
    (ARRAY['sheet', 'sheet', 'sheet', 'form', 'api'])[1 + c %% 5], CASE WHEN c %% 5 < 3 THEN n / 2000 END, g.at, 2,
    substr(md5(n::text), 1, 22), substr(md5('l' || n), 1, 22), 1
FROM (SELECT n, now() - interval '365 days' * (1 - n / %(parcels)s::numeric) AS at,
        (365 * (1 - n / %(parcels)s::numeric))::int AS age, abs(hashint8(n))::bigint AS a,
        abs(hashint8(n + 7777777))::bigint AS b, abs(hashint8(n::bigint * 31 + 5))::bigint AS c
    FROM generate_series(1, %(parcels)s) n) AS g
CROSS JOIN LATERAL (SELECT CASE WHEN a %% 5 = 0 THEN 1 ELSE 2 + (b %% 39)::int END AS shipper,
    CASE WHEN b %% 10 < 3 THEN 0 ELSE 100000 + c %% 900000 END AS cod) AS q
JOIN places_pickupprofile p ON p.shipper_id = q.shipper
JOIN (SELECT row_number() OVER (ORDER BY id) - 1 AS place, id FROM places_city) AS d
    ON d.place = CASE a %% 3 WHEN 0 THEN 0 WHEN 1 THEN b %% 8 ELSE c %% 198 END
CROSS JOIN (SELECT string_to_array(%(first)s, ' ') AS words) AS f
CROSS JOIN (SELECT string_to_array(%(last)s, ' ') AS words) AS l
CROSS JOIN LATERAL (SELECT CASE
    WHEN age > 14 THEN CASE WHEN c %% 1000 < 880 THEN 'delivered' WHEN c %% 1000 < 965 THEN 'returned_to_shipper'
        WHEN c %% 1000 < 990 THEN 'cancelled' WHEN c %% 1000 < 993 THEN 'expired' WHEN c %% 1000 < 995 THEN 'lost'
        WHEN c %% 1000 < 997 THEN 'claim_settled' ELSE 'on_hold' END
    WHEN age > 2 THEN (ARRAY['delivered', 'delivered', 'delivered', 'delivered', 'delivered', 'out_for_delivery',
        'delivery_unsuccessful', 'shipper_advice_pending', 'reattempt_requested', 'return_in_transit', 'in_transit',
        'received_at_destination', 'cancelled'])[1 + c %% 13]
    ELSE (ARRAY['new_booked', 'new_booked', 'ready_for_pickup', 'picked_up', 'received_at_office',
        'in_transit'])[1 + c %% 6] END AS status) AS s
ORDER BY n
"""
_TAGS = (
    "INSERT INTO consignments_tag (shipper_id, name) VALUES (1, 'Eid'), (1, 'Rare')",
    "INSERT INTO consignments_tagging (shipper_id, tag_id, consignment_id)"
    " SELECT 1, t.id, c.id FROM consignments_tag t JOIN consignments_consignment c ON c.shipper_id = 1"
    " AND c.id % CASE t.name WHEN 'Eid' THEN 20 ELSE 5000 END = 0",
)
_TALLY = """
INSERT INTO consignments_tally (shipper_id, day, destination_id, status, n, cod_paisa)
SELECT shipper_id, (booked_at AT TIME ZONE 'Asia/Karachi')::date, destination_id, status, count(*), sum(cod_paisa)
FROM consignments_consignment GROUP BY 1, 2, 3, 4
"""
_PLAIN_INDEXES = """
SELECT 'DROP INDEX ' || c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = 'consignments_consignment'::regclass AND NOT i.indisunique
"""


def build(owner: "psycopg.Connection[tuple[object, ...]]") -> None:
    """Write the parcels as the tables' owner, on an autocommit connection. Indexes are made again behind them."""
    owner.execute("SET maintenance_work_mem = '256MB'")
    owner.execute("SET synchronous_commit = off")
    owner.execute(_SHIPPERS, [OTHERS])
    owner.execute(_PROFILES)
    indexes = [(str(drop), str(create)) for drop, create in owner.execute(_PLAIN_INDEXES).fetchall()]
    for drop, _create in indexes:
        owner.execute(drop.encode())
    owner.execute("ALTER TABLE consignments_consignment DISABLE TRIGGER USER")
    owner.execute(_PARCELS, {"parcels": PARCELS, "first": _FIRST, "last": _LAST})
    owner.execute("ALTER TABLE consignments_consignment ENABLE TRIGGER USER")
    for _drop, create in indexes:
        owner.execute(create.encode())
    for statement in (*_TAGS, _TALLY):
        owner.execute(statement)
    for table in ("consignments_consignment", "consignments_tagging", "consignments_tally", "places_pickupprofile"):
        owner.execute(f"VACUUM ANALYZE {table}".encode())
