"""Deliveries whose proof is printed: brought about through the actions, read back from the PDF."""

import os
from io import BytesIO
from typing import Any

from PIL import Image

from icargos.consignments import actions as consignments
from icargos.consignments import queries as parcels
from icargos.consignments.actions import Move
from icargos.consignments.rules import Status
from icargos.dispatch import queries
from icargos.ground.tenancy import acting
from tests.cast import Cast
from tests.dispatch.scene import deliver, delivery, file, hours, out, picture, signature

BOOKED = {"whose", "origin_id", "consignee_name", "address", "order_ref", "proof", "cod_paisa", "product"}


def delivered(cast: Cast, **changes: Any) -> str:
    """The number of a parcel that Imran handed over with signature, photo and position."""
    plain = {
        "signature": file(signature()),
        "photos": (file(picture()),),
        "lat": 30.2,
        "lng": 71.45,
        "accuracy_m": 12.0,
    }
    booked = {name: changes.pop(name) for name in BOOKED & set(changes)}
    _run, (cn,) = out(cast, **booked)
    deliver(cast, delivery(cast, cn, **{**plain, **changes}))
    return cn


def one_of_a_kind() -> bytes:
    """A photo whose file no other test shares."""
    made = BytesIO()
    Image.frombytes("RGB", (16, 12), os.urandom(16 * 12 * 3)).resize((400, 300)).save(made, "JPEG")
    return made.getvalue()


def undo(cast: Cast, cn: str) -> None:
    """Adeel corrects a delivery that was not one."""
    adeel = cast.actor("adeel")
    back = Move(
        cn=cn,
        to=Status.RECEIVED_AT_DESTINATION,
        source="admin",
        source_event_id=f"undo-{cn}",
        occurred_at=hours(4),
    )
    with acting(adeel):
        consignments.correct(adeel, back, why="Handed to the wrong house", now=hours(4))


def move(cast: Cast, cn: str, *path: Status) -> None:
    """Scans of the desk, an hour apart, from the sixth on; no proof comes with them."""
    dawood = cast.actor("dawood")
    for n, status in enumerate(path, 6):
        step = Move(cn=cn, to=status, source="scan", source_event_id=f"{cn}-{n}", occurred_at=hours(n))
        with acting(dawood):
            consignments.move(dawood, [step], now=hours(n))


def token(cast: Cast, cn: str, *, who: str = "bilal") -> str:
    """What the QR of the parcel's printed proof carries."""
    actor = cast.actor(who)
    with acting(actor):
        proven = queries.proof(actor, parcels.one(actor, cn).id)
    assert proven is not None
    return queries.proof_token(proven.cn, proven.sha256)
