"""The worker's side of zips of proofs: each paper is the one that its page hands out."""

from collections.abc import Sequence

from icargos.consignments.queries import Parcel
from icargos.dispatch import actions
from icargos.ground.relay import FactRow
from icargos.kit.actor import Actor
from icargos.ui.papers import epod_of


def make_proof_zips(told: Sequence[FactRow]) -> None:
    """Make the zips that were asked for. A reaction: does nothing for one that is ready."""
    actions.make_proof_zips(told, _paper)


def _paper(actor: Actor, parcel: Parcel, base_url: str) -> bytes:
    return epod_of(actor, parcel, base_url=base_url)
