"""Facts about accounts."""

from typing import ClassVar

from icargos.ground.facts import Event


class KeyCreated(Event, frozen=True, kw_only=True):
    """Somebody made an API key; ``subject_id`` is the key."""

    kind: ClassVar[str] = "api_key.created"

    scopes: tuple[str, ...]


class KeyRevoked(Event, frozen=True, kw_only=True):
    """Somebody ended an API key."""

    kind: ClassVar[str] = "api_key.revoked"
