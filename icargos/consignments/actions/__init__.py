"""The only writer of a parcel: enter it, move it, hand it over, amend or rewrite it, tag it, count its labels."""

from icargos.consignments.actions.amending import Amendment, amend
from icargos.consignments.actions.cod import CodMoved, CodRefused, set_cod_state
from icargos.consignments.actions.entering import Draft, Entered, count_print, enter
from icargos.consignments.actions.handing import Handover, hand_over
from icargos.consignments.actions.locking import Held, known_events, lock
from icargos.consignments.actions.moving import Move, Moved, MoveRefused, after, correct, move
from icargos.consignments.actions.notes import add_note, remove_note
from icargos.consignments.actions.past import OutOfTime, record_past
from icargos.consignments.actions.rewriting import Rewrite, Rewritten, Standing, rewrite, standing
from icargos.consignments.actions.tagging import note_export, tag, untag

__all__ = [
    "Amendment",
    "CodMoved",
    "CodRefused",
    "Draft",
    "Entered",
    "Handover",
    "Held",
    "Move",
    "MoveRefused",
    "Moved",
    "OutOfTime",
    "Rewrite",
    "Rewritten",
    "Standing",
    "add_note",
    "after",
    "amend",
    "correct",
    "count_print",
    "enter",
    "hand_over",
    "known_events",
    "lock",
    "move",
    "note_export",
    "record_past",
    "remove_note",
    "rewrite",
    "set_cod_state",
    "standing",
    "tag",
    "untag",
]
