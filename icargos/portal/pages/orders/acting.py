"""What is done with many parcels of the list at once. Whatever is left out is named, with the reason."""

import hashlib
from collections.abc import Callable, Mapping, Sequence

import msgspec
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from icargos.accounts.rules import Can
from icargos.booking import actions as booking
from icargos.booking.actions import Cancelled
from icargos.consignments import actions as consignments
from icargos.consignments.rules import LABEL
from icargos.dispatch import actions as dispatch
from icargos.dispatch.actions import Advised
from icargos.ground.once import once
from icargos.kit.actor import Actor
from icargos.portal.pages.orders.asked import asked
from icargos.portal.pages.orders.chosen import chosen
from icargos.ui import posted
from icargos.ui.page import AskedBy, page
from icargos.ui.toasts import toast, warn

_NAMED = 5  # numbers that a notice spells out


@page("portal", "orders-cancel/", name="orders_cancel", needs=Can.CANCEL, methods=("POST",), owner="consignment")
def cancel(request: AskedBy, actor: Actor) -> HttpResponse:
    """Cancel those of the chosen parcels that were not handed over yet; the same form twice cancels once."""
    ids = chosen(actor, request.POST)

    def act() -> object:
        return msgspec.to_builtins(booking.cancel_those_possible(actor, ids, now=timezone.now()))

    result = msgspec.convert(_once(request, actor, "cancel", ids, act), Cancelled)
    done, kept = len(result.done), sum(len(cns) for cns in result.kept.values())
    if done:
        text = ngettext("%(n)s consignment cancelled", "%(n)s consignments cancelled", done)
        toast(request, text % {"n": f"{done:,}"})
    if kept:
        told = ngettext(
            "%(n)s of %(all)s was not cancelled: %(why)s.", "%(n)s of %(all)s were not cancelled: %(why)s.", kept
        )
        why = {_(LABEL[status]): cns for status, cns in result.kept.items()}
        warn(request, told % {"n": f"{kept:,}", "all": f"{done + kept:,}", "why": _reasons(why)})
    return _back(request, actor)


@page("portal", "orders-tag/", name="orders_tag", needs=Can.TAG, methods=("POST",), owner="consignment")
def tag(request: AskedBy, actor: Actor) -> HttpResponse:
    """Put a tag on the chosen parcels, or take it off."""
    ids = chosen(actor, request.POST)
    name = posted.words(request.POST, "tag", most=100)
    if request.POST.get("do") == "remove":
        n = consignments.untag(actor, ids, name, now=timezone.now())
        told = ngettext("“%(tag)s” taken off %(n)s parcel", "“%(tag)s” taken off %(n)s parcels", n)
    else:
        n = consignments.tag(actor, ids, name, now=timezone.now())
        told = ngettext("“%(tag)s” put on %(n)s parcel", "“%(tag)s” put on %(n)s parcels", n)
    toast(request, told % {"tag": " ".join(name.split()), "n": f"{n:,}"})
    return _back(request, actor)


@page("portal", "orders-advise/", name="orders_advise", needs=Can.ADVISE, methods=("POST",), owner="consignment")
def advise(request: AskedBy, actor: Actor) -> HttpResponse:
    """Answer those of the chosen parcels whose failed attempt waits for an answer."""
    ids = chosen(actor, request.POST)
    action = request.POST.get("action", "")
    on_date = posted.day(request.POST, "on_date") if action == "reattempt" else None
    note = posted.words(request.POST, "note")

    def act() -> object:
        key = hashlib.sha256(_key(request, ids).encode()).hexdigest()
        found = dispatch.advise_those_waiting(
            actor, ids, action, key=key, now=timezone.now(), on_date=on_date, note=note
        )
        return msgspec.to_builtins(found)

    result = msgspec.convert(_once(request, actor, "advise", ids, act), Advised)
    done, kept = len(result.done), sum(len(cns) for cns in result.kept.values())
    if done:
        toast(request, ngettext("%(n)d parcel answered", "%(n)d parcels answered", done) % {"n": done})
    none = ngettext("%(n)s waits for no answer", "%(n)s wait for no answer", result.unasked)
    left = [none % {"n": f"{result.unasked:,}"}] if result.unasked else []
    left += [_reasons(result.kept)] if kept else []
    if left:
        others = kept + result.unasked
        told = ngettext(
            "%(n)s of %(all)s was not answered: %(why)s.", "%(n)s of %(all)s were not answered: %(why)s.", others
        )
        warn(request, told % {"n": f"{others:,}", "all": f"{done + others:,}", "why": "; ".join(left)})
    return _back(request, actor)


def _once(request: AskedBy, actor: Actor, what: str, ids: Sequence[int], act: Callable[[], object]) -> object:
    """Do it, unless this page has sent the same parcels for the same before: then say what came of it."""
    key = _key(request, ids)
    result, _replayed = once(actor, f"orders-{what}", key, key[-64:], act, now=timezone.now())
    return result


def _key(request: AskedBy, ids: Sequence[int]) -> str:
    """The page's own key with the parcels it sent: after the back button it may send others."""
    sent = hashlib.sha256(repr((sorted(ids), request.POST.get("action", ""))).encode()).hexdigest()
    return f"{posted.words(request.POST, 'once', most=32)}:{sent}"


def _reasons(kept: Mapping[str, Sequence[str]]) -> str:
    """``Picked Up (IC473124829, IC473124837 and 4 more); Delivered (IC473124845)``."""
    found = []
    for why, cns in kept.items():
        named = ", ".join(cns[:_NAMED])
        if len(cns) > _NAMED:
            named = _("%(cns)s and %(n)d more") % {"cns": named, "n": len(cns) - _NAMED}
        found.append(f"{why.rstrip('.')} ({named})")
    return "; ".join(found)


def _back(request: AskedBy, actor: Actor) -> HttpResponse:
    """To the list as it was looked at, at its first page."""
    return redirect(asked(actor, QueryDict(request.POST.get("back", ""))).address.url())
