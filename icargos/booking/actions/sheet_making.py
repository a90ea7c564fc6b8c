"""Whole load sheets at once: of parcels ticked in a list, of an import."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.db import connection, transaction
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.booking.actions.load_sheets import list_on, new_sheet
from icargos.booking.models import LoadSheet
from icargos.booking.queries import one_import
from icargos.booking.rules.sheets import MOST_PARCELS, SheetState
from icargos.ground.once import once
from icargos.kit.actor import Actor
from icargos.kit.errors import Conflict, NotFound
from icargos.kit.verdict import Verdict


class NothingToList(Conflict):
    """None of the parcels may go on a load sheet."""

    code = "nothing_to_list"


class MadeSheets(msgspec.Struct, frozen=True, kw_only=True):
    """The open sheets that were made, one for each pickup place and 5,000 parcels; who is on none, and why, by CN."""

    numbers: list[str]
    parcels: int
    refused: dict[str, str]


_PLACES = """
SELECT profile_id, cn FROM consignments_consignment WHERE shipper_id = %s AND id = ANY(%s) ORDER BY profile_id, id
"""
_OF_IMPORT = "SELECT id FROM consignments_consignment WHERE shipper_id = %s AND import_id = %s ORDER BY id"


@transaction.atomic
def make_sheets(actor: Actor, consignment_ids: Sequence[int], *, key: str, now: datetime) -> MadeSheets:
    """New open load sheets of these parcels, one for each pickup profile; the same ``key`` again gives the same ones.

    Parcels that may not go on a sheet stop no other. Raises Forbidden without HAND_OVER, NotFound when one is not the
    shipper's, NothingToList when none may, and then makes no sheet; KeyReused for the key of other parcels.
    """
    actor.require(Can.HAND_OVER)
    ids = sorted(set(consignment_ids))
    with connection.cursor() as cursor:
        cursor.execute(_PLACES, [actor.tenant, ids])
        found: list[tuple[int, str]] = cursor.fetchall()
    if len(found) != len(ids):
        raise NotFound(_("Some of these consignments are not here. Reload the list and try again."))
    print_ = hashlib.sha256(msgspec.json.encode(ids)).hexdigest()
    # The savepoint takes the claim on the key back when nothing could be listed: mended, it may be sent again.
    with transaction.atomic():
        made, _again = once(actor, "load_sheet.make", key, print_, lambda: _made(actor, found, now=now), now=now)
    return msgspec.convert(made, MadeSheets)


def make_sheets_of_import(actor: Actor, import_id: int, *, key: str, now: datetime) -> MadeSheets:
    """New open load sheets of the parcels that an import booked; raises as ``make_sheets``, NotFound for the import."""
    actor.require(Can.HAND_OVER)
    sheet = one_import(actor, import_id)
    with connection.cursor() as cursor:
        cursor.execute(_OF_IMPORT, [actor.tenant, sheet.id])
        ids = [row for (row,) in cursor.fetchall()]
    return make_sheets(actor, ids, key=key, now=now)


def _made(actor: Actor, found: Sequence[tuple[int, str]], *, now: datetime) -> Any:
    by_profile: dict[int, list[str]] = {}
    for profile_id, cn in found:
        by_profile.setdefault(profile_id, []).append(cn)
    numbers, refused, parcels = [], {}, 0
    for profile_id, cns in by_profile.items():
        for start in range(0, len(cns), MOST_PARCELS):
            sheet = new_sheet(actor, profile_id, now=now)
            listed = list_on(actor, sheet, cns[start : start + MOST_PARCELS], now=now)
            taken = sum(one.verdict is Verdict.MOVED for one in listed)
            refused.update({one.cn: one.message for one in listed if one.verdict is Verdict.REFUSED})
            if taken:
                parcels += taken
                numbers.append(sheet.number)
            else:
                LoadSheet.objects.filter(id=sheet.id).update(state=SheetState.DISCARDED.value)
    if not numbers:
        first = next(iter(refused.values()), _("There is no parcel to put on a load sheet."))
        raise NothingToList(first, details={"refused": refused})
    return msgspec.to_builtins(MadeSheets(numbers=numbers, parcels=parcels, refused=refused))
