"""Who did what with a booking, and the notes at it: parts of the consignment's page with doors of their own."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icargos.accounts.rules import Can
from icargos.booking import queries as booking
from icargos.booking.queries import Deed, Edit
from icargos.booking.rules.columns import COLUMNS
from icargos.booking.rules.documents import KINDS
from icargos.consignments import actions, queries
from icargos.consignments.queries import Parcel
from icargos.consignments.rules import pieces
from icargos.consignments.rules.papers import PAPERS, asked
from icargos.kit import phone
from icargos.kit.actor import Actor
from icargos.places import queries as places
from icargos.tariff.rules import SERVICE_LABEL, Service
from icargos.ui import wording
from icargos.ui.page import AskedBy, page
from icargos.ui.toasts import toast

_TITLE = {column.field: column.title for column in COLUMNS} | {"destination_id": "Destination City"}
_MONEY = {"cod_paisa", "declared_value_paisa"}
_PHONES = {"consignee_phone", "alt_phone"}
_DID = {
    "consignment.booked": (gettext_lazy("Booked"), "package-plus"),
    "consignment.amended": (gettext_lazy("Changed"), "pen"),
    "label.printed": (gettext_lazy("Label printed"), "printer"),
    "note.added": (gettext_lazy("Note added"), "message"),
    "note.removed": (gettext_lazy("Note deleted"), "message"),
    "document.attached": (gettext_lazy("Document attached"), "file-up"),
    "document.removed": (gettext_lazy("Document removed"), "file-text"),
}


@page("portal", "orders/<str:cn>/notes/", name="note", needs=Can.BOOK, methods=("POST",), owner="consignment")
def note(request: AskedBy, actor: Actor, cn: str) -> HttpResponse:
    """Keep a note at the parcel."""
    parcel = queries.one(actor, cn)
    actions.add_note(actor, parcel.cn, request.POST.get("note", ""), now=timezone.now())
    return redirect("portal:consignment", cn=parcel.cn)


@page(
    "portal", "orders/<str:cn>/notes/<int:note_id>/", name="note_remove", needs=Can.BOOK, methods=("POST",),
    owner="consignment",
)  # fmt: skip
def note_remove(request: AskedBy, actor: Actor, cn: str, note_id: int) -> HttpResponse:
    """Delete an own note."""
    parcel = queries.one(actor, cn)
    actions.remove_note(actor, parcel.cn, note_id, now=timezone.now())
    toast(request, _("Note deleted"))
    return redirect("portal:consignment", cn=parcel.cn)


def shown(actor: Actor, parcel: Parcel) -> dict[str, Any]:
    """The context of ``portal/parcel_story.html``: what was done, the notes, and whether the actor may add one."""
    names = _Names(actor)
    return {
        "deeds": [_deed(one, names) for one in booking.story(actor, parcel)],
        "notes": queries.notes(actor, parcel),
        "may_note": actor.may(Can.BOOK),
    }


class _Names:
    """Ids of profiles and cities as people know them, read when one is needed."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._profiles: Mapping[str, str] | None = None

    def profile(self, text: str) -> str:
        if self._profiles is None:
            self._profiles = {str(one.id): one.code for one in places.all_profiles(self._actor)}
        return self._profiles.get(text, text)

    def city(self, text: str) -> str:
        found = places.city_index(self._actor).get(int(text)) if text.isdecimal() else None
        return found.name if found else text


def _deed(one: Deed, names: _Names) -> dict[str, Any]:
    title, icon = _DID[one.kind]
    detail = ""
    if one.kind == "label.printed" and one.data.get("times", 1) > 1:
        detail = _("%(n)d times by now") % {"n": one.data["times"]}
    if one.kind == "consignment.booked" and one.data.get("import_id"):
        detail = _("by import %(n)s") % {"n": one.data["import_id"]}
    if "what" in one.data:
        detail = _(KINDS[one.data["what"]])
    price = ""
    if "was_paisa" in one.data:
        before, after = (wording.amount(one.data[key], exact=True) for key in ("was_paisa", "becomes_paisa"))
        price = _("Charges %(before)s, now %(after)s") % {"before": before, "after": after}
    return {
        "title": title,
        "icon": icon,
        "who": one.who or (_("Your account") if one.own else _("Courier")),
        "at": one.at,
        "detail": detail,
        "price": price,
        "edits": _edits(one.edits, names),
    }


def _edits(edits: Sequence[Edit], names: _Names) -> list[dict[str, str | None]]:
    return [
        {
            "title": _(_TITLE.get(edit.field, edit.field)),
            "was": _value(edit.field, edit.was, names),
            "becomes": _value(edit.field, edit.becomes, names),
        }
        for edit in edits
    ]


def _value(field: str, text: str | None, names: _Names) -> str | None:
    """A kept value as people read it; None stays None: the reader may not see it."""
    if text is None or text in {"", "None"}:
        return text if text is None else "–"
    if field in _MONEY:
        return f"Rs {wording.amount(int(text))}"
    if field in _PHONES:
        return phone.display(text)
    if field == "weight_g":
        return wording.kilos(int(text))
    if field == "piece_weights":
        return ", ".join(map(wording.kilos, pieces.weights(text)))
    if field == "signed_papers":
        return ", ".join(_(PAPERS[code]) for code in asked(text))
    if field in {"allow_open", "fragile"}:
        return _("Yes") if text == "True" else _("No")
    if field == "service" and text in set(Service):
        return _(SERVICE_LABEL[Service(text)])
    if field == "destination_id":
        return names.city(text)
    return names.profile(text) if field == "profile_id" else text
