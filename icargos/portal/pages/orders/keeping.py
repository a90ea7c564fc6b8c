"""What a person keeps of the list: views of their own as tabs, and columns."""

from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from icargos.accounts import actions
from icargos.accounts import queries as accounts
from icargos.accounts.rules import VIEW_QUERY_LENGTH, Can
from icargos.kit.actor import Actor
from icargos.kit.errors import NotFound
from icargos.portal.pages.orders.asked import asked
from icargos.portal.pages.orders.columns import LIST, columns
from icargos.ui import posted
from icargos.ui.page import AskedBy, page
from icargos.ui.toasts import toast


@page("portal", "orders-views/", name="orders_views", needs=Can.SEE_ORDERS, methods=("POST",))
def save(request: AskedBy, actor: Actor) -> HttpResponse:
    """Keep the list as it is narrowed now under a name; what comes in the address brings a deleted view back."""
    sent = request.POST if "name" in request.POST else request.GET
    query = _query(actor, sent)
    name = posted.words(sent, "name", most=100)
    view = actions.keep_view(actor, LIST, name, query)
    toast(request, _("View “%(name)s” saved") % {"name": " ".join(name.split())})
    return redirect(f"{reverse('portal:orders')}?saved={view}{f'&{query}' if query else ''}")


@page(
    "portal", "orders-views/<int:view_id>/", name="orders_view", needs=Can.SEE_ORDERS, methods=("POST",), owner="view"
)
def change(request: AskedBy, actor: Actor, view_id: int) -> HttpResponse:
    """Give one of the person's own views another name or what it shows now, or delete it."""
    view = next((one for one in accounts.kept(actor, LIST).views if one.id == view_id), None)
    if view is None:
        raise NotFound(_("There is no such view of yours. Reload the list."))
    if request.POST.get("do") == "delete":
        actions.drop_view(actor, view_id)
        again = urlencode({"name": view.name, "query": view.query})
        undo = f"{reverse('portal:orders_views')}?{again}"
        toast(request, _("View “%(name)s” deleted") % {"name": view.name}, undo=undo)
        return redirect("portal:orders")
    query = _query(actor, request.POST)
    actions.change_view(actor, view_id, name=posted.words(request.POST, "name", most=100), query=query)
    toast(request, _("View saved"))
    return redirect(f"{reverse('portal:orders')}?saved={view_id}{f'&{query}' if query else ''}")


@page("portal", "orders-columns/", name="orders_columns", needs=Can.SEE_ORDERS, methods=("POST",))
def choose(request: AskedBy, actor: Actor) -> HttpResponse:
    """Remember which columns this person wants, or go back to the usual ones."""
    wanted = set(request.POST.getlist("column"))
    names = [one.name for one in columns(actor) if one.name in wanted]
    actions.keep_columns(actor, LIST, None if request.POST.get("usual") else names)
    return redirect(asked(actor, QueryDict(request.POST.get("back", ""))).address.url())


def _query(actor: Actor, sent: QueryDict) -> str:
    """What a form says of the list, as the list itself writes it."""
    given = posted.words(sent, "query", most=2 * VIEW_QUERY_LENGTH)
    return asked(actor, QueryDict(given)).address.query(saved="")
