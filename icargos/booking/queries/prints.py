"""Reads of prints."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.booking.models import Print
from icargos.booking.rules.printing import Wanted
from icargos.kit.actor import Actor
from icargos.kit.errors import NotFound


class Printed(msgspec.Struct, frozen=True, kw_only=True):
    """A print: a draft, or waiting while the worker has it with ``done`` of ``labels`` set, then ready, or failed.

    ``times`` says the how manieth print of each parcel this is; a draft's are none.
    """

    id: int
    shipper_id: int
    by_name: str
    at: datetime
    wanted: Wanted
    base_url: str
    ids: Sequence[int]
    times: Mapping[int, int]
    labels: int
    done: int
    state: str
    file_key: str


def one_print(actor: Actor, print_id: int) -> Printed:
    """A print of the actor's shipper. Needs PRINT_LABELS; raises NotFound, also for one that is over."""
    actor.require(Can.PRINT_LABELS)
    found = Print.objects.filter(id=print_id, shipper_id=actor.tenant).first()
    if found is None:
        raise NotFound(_("This print is not here any more. Print the labels again."))
    return shown(found)


def shown(found: Print) -> Printed:
    """The row as others read it."""
    return Printed(
        id=found.id,
        shipper_id=found.shipper_id,
        by_name=found.by_name,
        at=found.at,
        wanted=Wanted(
            form=found.form,
            sorting=found.sorting,
            mask_phone=found.mask_phone,
            hide_product=found.hide_product,
            start=found.start,
        ),
        base_url=found.base_url,
        ids=found.consignment_ids,
        times=dict(zip(found.consignment_ids, found.times, strict=False)),
        labels=found.labels,
        done=found.done,
        state=found.state,
        file_key=found.file_key,
    )
