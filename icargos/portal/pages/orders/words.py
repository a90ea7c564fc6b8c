"""How the list says the codes it shows."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icargos.consignments.queries import View, Words
from icargos.consignments.rules import LABEL, REASONS
from icargos.tariff.rules import SERVICE_LABEL

VIEWS = {
    View.TO_SHIP: gettext_lazy("To ship"),
    View.MOVING: gettext_lazy("Moving"),
    View.OUT: gettext_lazy("Out for delivery"),
    View.ATTENTION: gettext_lazy("Needs attention"),
    View.RETURNS: gettext_lazy("Returns"),
    View.COD_PENDING: gettext_lazy("COD pending"),
}
SERVICES: dict[str, str] = {code.value: label for code, label in SERVICE_LABEL.items()}
SOURCES = {
    "sheet": gettext_lazy("Sheet"),
    "form": gettext_lazy("Form"),
    "api": gettext_lazy("API"),
    "store": gettext_lazy("Store"),
}
COD = {"cod": gettext_lazy("COD"), "prepaid": gettext_lazy("Prepaid")}
COD_STATES = {
    "none": gettext_lazy("Prepaid"),
    "expected": gettext_lazy("To be collected"),
    "collected": gettext_lazy("With the rider"),
    "deposited": gettext_lazy("Deposited at the station"),
    "payable": gettext_lazy("Ready to be paid"),
    "on_statement": gettext_lazy("On a statement"),
    "paid": gettext_lazy("Paid to you"),
    "reverted": gettext_lazy("Taken back"),
    "adjusted": gettext_lazy("Adjusted"),
    "written_off": gettext_lazy("Written off"),
}
DAYS = {
    "1": gettext_lazy("Today"),
    "7": gettext_lazy("Last 7 days"),
    "30": gettext_lazy("Last 30 days"),
    "90": gettext_lazy("Last 90 days"),
}


def in_a_file() -> Words:
    """The words of a file, in the reader's language."""
    return Words(
        statuses={code.value: _(label) for code, label in LABEL.items()},
        reasons={code: _(reason.label) for code, reason in REASONS.items()} | {"": ""},
        services={code: _(label) for code, label in SERVICES.items()},
        cod_states={code: str(label) for code, label in COD_STATES.items()},
        sources={code: str(label) for code, label in SOURCES.items()},
    )
