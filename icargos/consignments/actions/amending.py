"""Changes of what was booked: phone, address, landmark, COD. The old and the new value are kept, and can be erased."""

from datetime import datetime

import msgspec
from django.utils.translation import gettext as _

from icargos.consignments.actions.locking import lock, unknown
from icargos.consignments.events import ConsignmentAmended
from icargos.consignments.models import Consignment, Revision
from icargos.consignments.rules import FINAL
from icargos.ground import facts
from icargos.kit.actor import Actor
from icargos.kit.errors import Conflict


class Amendment(msgspec.Struct, frozen=True, kw_only=True):
    """What shall change; an empty text and None leave the value as it is. Phone in E.164, COD in paisa."""

    consignee_phone: str = ""
    address: str = ""
    landmark: str = ""
    cod_paisa: int | None = None


def amend(actor: Actor, cn: str, amendment: Amendment, *, why: str, now: datetime) -> tuple[str, ...]:
    """Change what was booked and keep a revision of each value; returns the names of the fields that changed.

    Who may change what is the caller's rule. Runs in the caller's transaction. Raises NotFound for a number that is
    not the actor's to see, Conflict once the parcel has reached its end.
    """
    held = lock(actor, [cn])
    if cn not in held:
        raise unknown(cn)
    parcel = held[cn]
    if parcel.status in FINAL:
        raise Conflict(_("%(cn)s has reached its end: nothing of it can be changed.") % {"cn": cn})
    row = Consignment.objects.filter(id=parcel.id, shipper_id=parcel.shipper_id)
    wanted = {name: getattr(amendment, name) for name in Amendment.__struct_fields__}
    before = dict(row.values(*wanted).get())
    changes = {name: value for name, value in wanted.items() if value not in ("", None) and value != before[name]}
    if not changes:
        return ()
    Revision.objects.bulk_create(
        Revision(
            shipper_id=parcel.shipper_id,
            consignment_id=parcel.id,
            at=now,
            actor_id=actor.user_id,
            actor_name=actor.name,
            why=why,
            field=name,
            was=str(before[name]),
            becomes=str(value),
        )
        for name, value in changes.items()
    )
    cod = changes.get("cod_paisa")
    if cod is not None and parcel.cod_state in {"none", "expected"}:
        row.update(**changes, cod_state="expected" if cod else "none")
    else:
        row.update(**changes)
    fact = ConsignmentAmended(
        shipper_id=parcel.shipper_id, subject_id=parcel.id, cn=cn, fields=tuple(changes), cod_paisa=cod
    )
    facts.record(actor, [fact], now=now)
    return tuple(changes)
