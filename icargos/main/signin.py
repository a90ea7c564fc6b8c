"""How allauth signs people in here: by e-mail and password, and nobody signs themselves up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedDoor(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Sign-up is closed; people are added by the courier or by an owner."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Always closed."""
        return False
