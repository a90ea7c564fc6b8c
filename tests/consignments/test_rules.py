"""The status machine against the courier's rule book, pair by pair."""

import itertools

import pytest

from icargos.consignments.rules import (
    CARD,
    CUSTODY,
    FAMILY,
    FINAL,
    HUE,
    LABEL,
    MOVES,
    REASONS,
    SHIPPER_MAY,
    STATUSES_OF,
    Can,
    Custody,
    Family,
    Hue,
    Silence,
    Status,
    is_final,
    may_move,
    shortest,
)

# A second writing of the rule book, in another shape than the code's, so that a slip in either shows.
BOOK = """
new_booked: ready_for_pickup, pickup_in_progress, picked_up, received_at_office, cancelled, expired
ready_for_pickup: new_booked, pickup_in_progress, picked_up, received_at_office, cancelled, expired
pickup_in_progress: picked_up, ready_for_pickup, received_at_office, cancelled
picked_up: received_at_office, out_for_delivery, cancelled, lost, damaged
received_at_office: in_transit, out_for_delivery, received_at_destination, on_hold, misrouted, return_confirmed, lost, \
damaged
in_transit: received_at_destination, in_transit, misrouted, on_hold, return_confirmed, lost, damaged
received_at_destination: out_for_delivery, in_transit, shipper_advice_pending, reattempt_requested, on_hold, \
hold_self_collection, misrouted, return_confirmed, lost, damaged
out_for_delivery: delivered, delivery_unsuccessful, received_at_destination, out_for_delivery, lost, damaged
delivery_unsuccessful: shipper_advice_pending, reattempt_requested, out_for_delivery, on_hold, hold_self_collection, \
return_confirmed, received_at_destination, lost, damaged
shipper_advice_pending: reattempt_requested, return_confirmed, on_hold, hold_self_collection, out_for_delivery, lost, \
damaged
reattempt_requested: out_for_delivery, delivery_unsuccessful, return_confirmed, on_hold, hold_self_collection, \
shipper_advice_pending, lost, damaged
on_hold: received_at_office, received_at_destination, in_transit, out_for_delivery, reattempt_requested, \
shipper_advice_pending, return_confirmed, hold_self_collection, lost, damaged
hold_self_collection: delivered, out_for_delivery, reattempt_requested, return_confirmed, lost, damaged
misrouted: in_transit, received_at_destination, received_at_office, return_confirmed, lost, damaged
return_confirmed: return_in_transit, return_received_at_origin, reattempt_requested, lost, damaged
return_in_transit: return_received_at_origin, return_in_transit, lost, damaged
return_received_at_origin: return_out_for_delivery, returned_to_shipper, lost, damaged
return_out_for_delivery: returned_to_shipper, return_received_at_origin, lost, damaged
lost: claim_in_process, received_at_office, received_at_destination, return_received_at_origin
damaged: claim_in_process, return_confirmed, return_in_transit, out_for_delivery, delivered
claim_in_process: claim_settled, returned_to_shipper, delivered
delivered: claim_in_process
returned_to_shipper: claim_in_process
"""
LEGAL = {
    (Status(source.strip()), Status(target.strip()))
    for line in BOOK.strip().splitlines()
    for source, targets in [line.split(":")]
    for target in targets.split(",")
}


@pytest.mark.parametrize(("a", "b"), list(itertools.product(Status, Status)))
def test_every_pair_of_statuses_is_allowed_or_refused_as_the_rule_book_says(a: Status, b: Status) -> None:
    assert may_move(a, b) is ((a, b) in LEGAL)


def test_every_status_has_a_row_a_label_a_card_a_colour_and_a_holder() -> None:
    for table in (MOVES, LABEL, CARD, FAMILY, HUE, CUSTODY, SHIPPER_MAY):
        assert list(table) == list(Status)


def test_a_final_status_leads_nowhere_but_to_a_claim() -> None:
    assert {s for s in Status if is_final(s)} == FINAL
    for status in FINAL:
        assert MOVES[status] <= {Status.CLAIM_IN_PROCESS}
    assert not MOVES[Status.CANCELLED]
    assert not MOVES[Status.EXPIRED]
    assert not MOVES[Status.CLAIM_SETTLED]


def test_the_shortest_way_is_legal_and_no_other_is_shorter() -> None:
    for a, b in itertools.product(Status, Status):
        if a is b:
            assert shortest(a, b) == ()
            continue
        within = [{a}]
        while within[-1] and b not in within[-1]:
            within.append({after for status in within[-1] for after in MOVES[status]} - set().union(*within))
        if b not in within[-1]:
            with pytest.raises(ValueError, match="no way"):
                shortest(a, b)
            continue
        way = (a, *shortest(a, b))
        assert all(may_move(here, there) for here, there in itertools.pairwise(way))
        assert (way[-1], len(way)) == (b, len(within))


def test_every_unfinished_parcel_can_reach_an_end() -> None:
    for start in Status:
        seen, queue = {start}, [start]
        while queue:
            for after in MOVES[queue.pop()] - seen:
                seen.add(after)
                queue.append(after)
        assert seen & FINAL


def test_the_eight_families_share_out_all_statuses_without_overlap() -> None:
    assert len(Family) == 8
    shared = [status for family in Family for status in STATUSES_OF[family]]
    assert sorted(shared) == sorted(Status)
    assert STATUSES_OF[Family.BOOKED] == (Status.NEW_BOOKED, Status.READY_FOR_PICKUP)
    assert Status.MISROUTED in STATUSES_OF[Family.MOVING]
    assert Status.RETURNED_TO_SHIPPER in STATUSES_OF[Family.RETURNS]


def test_a_shipper_edits_only_what_is_still_in_the_shop() -> None:
    for status in Status:
        if SHIPPER_MAY[status] & {Can.EDIT, Can.EDIT_LIMITED, Can.CANCEL, Can.PRINT}:
            assert CUSTODY[status] is Custody.SHIPPER
            assert Status.CANCELLED in MOVES[status]


def test_solid_red_is_kept_for_lost_and_damaged() -> None:
    assert {s for s in Status if HUE[s] is Hue.BAD} == {Status.LOST, Status.DAMAGED}


def test_the_reasons_are_the_twenty_one_of_the_rule_book() -> None:
    assert " ".join(REASONS) == "CNA CNR WCN ICA UL CA NSC SHF RFD CNY PI ATO FDR CDO OTP NSA EBA WX VB MR DMG"
    assert {code for code, r in REASONS.items() if not r.counts} == {"NSA", "EBA", "WX", "VB", "MR", "DMG"}
    assert REASONS["RFD"].when_silent is Silence.RETURN
    assert REASONS["UL"].needs == ("address", "landmark")
