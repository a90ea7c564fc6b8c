"""The proof that the books hold: ledger, balances, counters and parcels say the same."""

from django.db import connection

from icargos.consignments.rules import COD_OWED
from icargos.finance.rules import IN_PROCESS
from icargos.kit.actor import Actor, Kind
from icargos.kit.errors import Forbidden

# Each statement lists what is wrong; an empty answer is the proof. The first column names the thing.
_CHECKS: dict[str, str] = {
    "An account's balance is not the sum of its transfers": """
        WITH moved AS (
            SELECT debit AS account, shipper_id, amount_paisa AS paisa FROM finance_transfer
            UNION ALL SELECT credit, shipper_id, -amount_paisa FROM finance_transfer),
        ledger AS (SELECT account, shipper_id, sum(paisa) AS paisa FROM moved GROUP BY 1, 2),
        kept AS (SELECT account, shipper_id,
                sum(CASE WHEN account LIKE 'payable:%%' OR account = 'cash_over' THEN -paisa ELSE paisa END) AS paisa
            FROM finance_balance GROUP BY 1, 2)
        SELECT coalesce(l.account, k.account), coalesce(l.paisa, 0), coalesce(k.paisa, 0)
        FROM ledger l FULL JOIN kept k ON k.account = l.account AND k.shipper_id IS NOT DISTINCT FROM l.shipper_id
        WHERE coalesce(l.paisa, 0) <> coalesce(k.paisa, 0)
    """,
    "A parcel's collected COD is not what the courier owes for it": """
        WITH owed AS (
            SELECT consignment_id,
                sum(CASE WHEN credit LIKE 'payable:%%' THEN amount_paisa ELSE -amount_paisa END) AS paisa
            FROM finance_transfer WHERE credit LIKE 'payable:%%' OR debit LIKE 'payable:%%' GROUP BY 1),
        unpaid AS (SELECT id, cn, cod_paisa FROM consignments_consignment WHERE cod_state = ANY(%(owed)s))
        SELECT coalesce(u.cn, 'consignment ' || o.consignment_id), coalesce(u.cod_paisa, 0), coalesce(o.paisa, 0)
        FROM unpaid u FULL JOIN owed o ON o.consignment_id = u.id
        WHERE coalesce(u.cod_paisa, 0) <> coalesce(o.paisa, 0)
    """,
    "A rider's cash is not the COD he collected and did not hand over": """
        WITH cash AS (
            SELECT consignment_id,
                sum(CASE WHEN debit LIKE 'rider_cash:%%' THEN amount_paisa ELSE -amount_paisa END) AS paisa
            FROM finance_transfer WHERE debit LIKE 'rider_cash:%%' OR credit LIKE 'rider_cash:%%' GROUP BY 1),
        held AS (SELECT id, cn, cod_paisa FROM consignments_consignment WHERE cod_state = 'collected')
        SELECT coalesce(h.cn, 'consignment ' || c.consignment_id), coalesce(h.cod_paisa, 0), coalesce(c.paisa, 0)
        FROM held h FULL JOIN cash c ON c.consignment_id = h.id
        WHERE coalesce(h.cod_paisa, 0) <> coalesce(c.paisa, 0)
    """,
    "A delivered parcel with COD has none collected": """
        SELECT cn, cod_paisa, 0 FROM consignments_consignment
        WHERE status = 'delivered' AND cod_paisa > 0 AND cod_state IN ('none', 'expected')
    """,
    "A parcel in its shipper's hands was priced for another COD than it carries": """
        SELECT c.cn, c.cod_paisa, (f.receipt ->> 'cod_paisa')::bigint
        FROM finance_charge f JOIN consignments_consignment c ON c.id = f.consignment_id
        WHERE c.status IN ('new_booked', 'ready_for_pickup') AND c.cod_paisa <> (f.receipt ->> 'cod_paisa')::bigint
    """,
    "The counters' COD in process is not that of the parcels": """
        WITH counted AS (SELECT shipper_id, sum(cod_paisa) AS paisa FROM consignments_tally
                WHERE status = ANY(%(process)s) GROUP BY 1),
        parcels AS (SELECT shipper_id, sum(cod_paisa) AS paisa FROM consignments_consignment
                WHERE status = ANY(%(process)s) GROUP BY 1)
        SELECT 'shipper ' || coalesce(c.shipper_id, p.shipper_id), coalesce(p.paisa, 0), coalesce(c.paisa, 0)
        FROM counted c FULL JOIN parcels p ON p.shipper_id = c.shipper_id
        WHERE coalesce(c.paisa, 0) <> coalesce(p.paisa, 0)
    """,
    "The counters' number of parcels is not that of the parcels": """
        WITH counted AS (SELECT shipper_id, status, sum(n) AS n FROM consignments_tally GROUP BY 1, 2),
        parcels AS (SELECT shipper_id, status, count(*) AS n FROM consignments_consignment GROUP BY 1, 2)
        SELECT 'shipper ' || coalesce(c.shipper_id, p.shipper_id) || ' ' || coalesce(c.status, p.status),
            coalesce(p.n, 0), coalesce(c.n, 0)
        FROM counted c FULL JOIN parcels p ON p.shipper_id = c.shipper_id AND p.status = c.status
        WHERE coalesce(c.n, 0) <> coalesce(p.n, 0)
    """,
    "A parcel's last move is not its status": """
        WITH last AS (SELECT DISTINCT ON (consignment_id) consignment_id, code FROM consignments_event
            WHERE moved ORDER BY consignment_id, id DESC)
        SELECT c.cn || ': ' || c.status || ', last scan ' || coalesce(l.code, 'none'), 0, 0
        FROM consignments_consignment c LEFT JOIN last l ON l.consignment_id = c.id
        WHERE l.code IS DISTINCT FROM c.status
    """,
    "A parcel's history has a move that the table does not hold": """
        WITH steps AS (SELECT consignment_id, code,
                lag(code) OVER (PARTITION BY consignment_id ORDER BY id) AS was FROM consignments_event WHERE moved)
        SELECT 'consignment ' || s.consignment_id || ': ' || s.was || ' to ' || s.code, 0, 0
        FROM steps s WHERE s.was IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM consignments_legalmove m WHERE m.was = s.was AND m.becomes = s.code)
            AND NOT EXISTS (SELECT 1 FROM consignments_correction k
                WHERE k.consignment_id = s.consignment_id AND k.was = s.was AND k.becomes = s.code)
    """,
}
_MOST = 20


def check_books(actor: Actor) -> list[str]:
    """What does not add up, a sentence each, at most twenty of a kind; empty when the books hold. Staff only."""
    if actor.kind is Kind.SHIPPER:
        raise Forbidden("Only the courier checks all books.")
    wrong = []
    given = {"process": [s.value for s in IN_PROCESS], "owed": [s.value for s in COD_OWED]}
    with connection.cursor() as cursor:
        for what, statement in _CHECKS.items():
            cursor.execute(statement, given)
            for name, one, other in cursor.fetchmany(_MOST):
                figures = f" ({one} against {other})" if one or other else ""
                wrong.append(f"{what}: {name}{figures}.")
    return wrong
