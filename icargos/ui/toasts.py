"""Short notices at the foot of the page, with an undo where there is one."""

from django.contrib import messages
from django.http import HttpRequest


def toast(request: HttpRequest, text: str, *, undo: str = "") -> None:
    """Say that something was done. ``undo`` is an address of our own that takes the POST that undoes it."""
    messages.success(request, text, extra_tags=undo)


def warn(request: HttpRequest, text: str) -> None:
    """Say that something was not done; this notice stays until it is closed."""
    messages.error(request, text)
