"""The parcel's cash on delivery moves along its own states. The ledger calls this when it has posted the money."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from django.db import connection
from django.utils.translation import gettext as _

from icargos.consignments.events import CodChanged
from icargos.consignments.rules import COD_MOVES, CodState
from icargos.ground import facts
from icargos.kit.actor import Actor, Kind, Stamp
from icargos.kit.errors import Conflict, Forbidden, NotFound


class CodRefused(Conflict):
    """The table of COD states does not allow the move."""

    code = "cod_refused"


class CodMoved(msgspec.Struct, frozen=True):
    """A parcel whose COD state changed just now. Paisa."""

    consignment_id: int
    shipper_id: int
    cn: str
    cod_paisa: int
    was: CodState
    becomes: CodState


_LOCK = """
SELECT id, shipper_id, cn, cod_paisa, cod_state FROM consignments_consignment
WHERE id = ANY(%s) ORDER BY id FOR UPDATE
"""


def set_cod_state(
    actor: Actor, ids: Sequence[int], state: CodState, *, now: datetime, by: Mapping[int, Stamp] | None = None
) -> list[CodMoved]:
    """Bring the COD of these parcels to ``state``, all or none; returns those that were not there already.

    Runs in the caller's transaction and locks the parcels in one order for everybody. ``by`` says who did it and when,
    parcel by parcel, where that is not the actor and now. Raises Forbidden for a shipper's actor, NotFound for an id
    that is not there, CodRefused for a move that ``COD_MOVES`` does not hold.
    """
    if actor.kind is Kind.SHIPPER:
        raise Forbidden("The courier keeps the state of your cash; you cannot change it.")
    wanted = set(ids)
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [list(wanted)])
        held = [
            CodMoved(parcel, shipper, cn, cod, CodState(was), state)
            for parcel, shipper, cn, cod, was in cursor.fetchall()
        ]
        if len(held) != len(wanted):
            raise NotFound(_("Some of these consignments are not here. Reload the list and try again."))
        moved = [one for one in held if one.was is not state]
        for one in moved:
            if state not in COD_MOVES[one.was]:
                raise CodRefused(
                    f"The COD of {one.cn} is {one.was.value}; it cannot become {state.value}.",
                    details={"cn": one.cn, "was": one.was.value, "becomes": state.value},
                )
        cursor.execute(
            "UPDATE consignments_consignment SET cod_state = %s WHERE id = ANY(%s)",
            [state.value, [one.consignment_id for one in moved]],
        )
    at_once = Stamp(actor, now)
    facts.record_each([(_fact(one), (by or {}).get(one.consignment_id, at_once)) for one in moved])
    return moved


def _fact(one: CodMoved) -> CodChanged:
    return CodChanged(
        shipper_id=one.shipper_id,
        subject_id=one.consignment_id,
        cn=one.cn,
        was=one.was.value,
        becomes=one.becomes.value,
        cod_paisa=one.cod_paisa,
    )
