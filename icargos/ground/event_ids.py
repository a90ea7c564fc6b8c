"""The ids that pages and phones make for what they send, so that a second sending changes nothing."""

import re

from django.utils.translation import gettext as _

from icargos.kit.errors import FieldProblem, Invalid

_SHAPE = re.compile(r"[A-Za-z0-9_-]{8,48}")


def check_event_id(text: str) -> None:
    """Raise Invalid unless it has 8 to 48 letters, digits, dashes or underscores."""
    if not _SHAPE.fullmatch(text):
        told = _("This was sent without a proper id. Reload the page and try again.")
        raise Invalid(told, problems=[FieldProblem("source_event_id", "TYPE", told)])
